package training

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"shareright/bot"
	"shareright/knowledge/calendar"
)

// people shows the lead who is here, with the ways to enter who came and who left.
func (h handler) people(ctx context.Context, t bot.Turn, _ string) (bot.Outcome, error) {
	all, err := teamOf(ctx, t)
	if err != nil {
		return bot.Outcome{}, err
	}
	m := bot.Say(t.Say("training.people", "n", strconv.Itoa(len(all.ids))))
	for _, role := range append([]bot.Role{staff, volunteer}, everyRole()...) {
		if ids := all.holders(t, role); len(ids) > 0 {
			m.List(bot.Bullets, t.Say("training.people-role", "role", roleWord(t, role), "n", strconv.Itoa(len(ids)), "names", all.names(t, ids)))
		}
	}
	if len(all.members) == 0 {
		m.Add(bot.Para, t.Say("training.people-none"))
	}
	for _, what := range []string{"join", "leave", "list"} {
		m.With(bot.Button{Action: "training." + what, Label: t.Say("training.button-" + what)})
	}
	return bot.Outcome{Reply: m, Audit: []string{"training.people-read"}}, nil
}

func roleWord(t bot.Turn, role bot.Role) string {
	if role == volunteer || role == staff || role == everyone {
		return t.Say("training.role-" + string(role))
	}
	return capital(strings.TrimPrefix(t.Called(role), "the "))
}

// arrival is what the form about somebody new fills in.
type arrival struct {
	Person  bot.PersonID  `json:"person"`
	Name    string        `json:"name,omitempty"`
	Does    []string      `json:"does"`
	Started calendar.Date `json:"started,omitzero"`
}

func (h handler) askJoin(context.Context, bot.Turn, bot.Ref) (bot.Outcome, error) {
	return bot.Outcome{Ask: h.joining().Begin(arrival{})}, nil
}

func (h handler) joining() bot.Form[arrival] {
	return bot.Form[arrival]{ID: "training.join", Title: "Somebody new", Submit: "Enter them", Done: h.joined,
		Pages: []bot.Page[arrival]{{ID: "join", Fields: []bot.Field[arrival]{
			bot.AskPerson("person", "Who is it?", func(a *arrival) *bot.PersonID { return &a.Person }).Why("Their training comes to them privately."),
			bot.AskText("name", "What are they called?", func(a *arrival) *string { return &a.Name }).Optional().
				Why("You see this name in lists of who is due."),
			bot.AskMany("does", "What do they do here?", func(a *arrival) *[]string { return &a.Does },
				bot.Option{Value: string(volunteer), Label: "Volunteer"}, bot.Option{Value: string(staff), Label: "Staff"},
				bot.Option{Value: string(bot.Trustee), Label: "Trustee"}).Why("Training differs by what people do."),
			bot.AskDate("started", "When did they start?", func(a *arrival) *calendar.Date { return &a.Started }).
				Hint("Leave empty if it is today").Optional().Why("The first training counts from this day."),
		}}},
	}
}

// joined enters somebody and brings them into every training that is for them.
func (h handler) joined(ctx context.Context, t bot.Turn, a arrival) (bot.Outcome, error) {
	if no := refused(t); no != nil {
		return *no, nil
	}
	if a.Started.IsZero() {
		a.Started = t.Today()
	}
	m := bot.Member{Person: t.Meant(string(a.Person)), Name: a.Name, Started: a.Started}
	for _, does := range a.Does {
		m.Does = append(m.Does, bot.Role(does))
	}
	return h.enter(ctx, t, []bot.Member{m}, t.Say("training.joined", "name", nameOr(t, m)))
}

func nameOr(t bot.Turn, m bot.Member) string {
	if m.Name != "" {
		return m.Name
	}
	return called(t, m.Person)
}

// departure is what the form about somebody who left fills in.
type departure struct {
	Person bot.PersonID  `json:"person"`
	Left   calendar.Date `json:"left,omitzero"`
}

func (h handler) askLeave(context.Context, bot.Turn, bot.Ref) (bot.Outcome, error) {
	return bot.Outcome{Ask: h.leaving().Begin(departure{})}, nil
}

func (h handler) leaving() bot.Form[departure] {
	return bot.Form[departure]{ID: "training.leave", Title: "Somebody left", Submit: "Enter it", Done: h.departed,
		Pages: []bot.Page[departure]{{ID: "leave", Fields: []bot.Field[departure]{
			bot.AskPerson("person", "Who is it?", func(d *departure) *bot.PersonID { return &d.Person }).Why("They get no more reminders."),
			bot.AskDate("left", "What was their last day?", func(d *departure) *calendar.Date { return &d.Left }).
				Hint("Leave empty if it is today").Optional().Past().Why("Some records are kept for years from this day."),
		}}},
	}
}

// departed ends somebody’s reminders. The evidence of what they did stays.
func (h handler) departed(ctx context.Context, t bot.Turn, d departure) (bot.Outcome, error) {
	if no := refused(t); no != nil {
		return *no, nil
	}
	all, err := teamOf(ctx, t)
	if err != nil {
		return bot.Outcome{}, err
	}
	m := all.member(all.meant(t, string(d.Person)))
	if m.Left = d.Left; m.Left.IsZero() {
		m.Left = t.Today()
	}
	return h.enter(ctx, t, []bot.Member{m}, t.Say("training.left", "name", nameOr(t, m), "date", m.Left.Long()))
}

// enter saves members and brings every open training in line with who is here now.
func (h handler) enter(ctx context.Context, t bot.Turn, members []bot.Member, line string) (bot.Outcome, error) {
	found, err := bot.Members(ctx, t)
	if err != nil {
		return bot.Outcome{}, err
	}
	o := bot.Outcome{Save: map[bot.Ref]bot.Record{}, Audit: []string{"training.people"}}
	at := map[bot.PersonID]int{}
	for i, f := range found {
		at[f.Record.Person] = i
	}
	for _, m := range members {
		i, known := at[m.Person]
		if !known {
			i = len(found)
			found = append(found, bot.Found[bot.Member]{Ref: t.NewRef("PE")})
			at[m.Person] = i
		}
		found[i].Record = merged(found[i].Record, m)
		o.Save[found[i].Ref] = found[i].Record
	}
	began, err := h.settle(ctx, t, newTeam(t, found), &o)
	if err != nil {
		return bot.Outcome{}, err
	}
	o.Reply = bot.Say(line)
	if began > 0 {
		o.Reply.Add(bot.Para, t.Say("training.joined-asks", "n", strconv.Itoa(began)))
	}
	return o, nil
}

// merged keeps what was known where the new entry says nothing.
func merged(old, now bot.Member) bot.Member {
	if now.Name == "" {
		now.Name = old.Name
	}
	if len(now.Does) == 0 {
		now.Does = old.Does
	}
	if now.Started.IsZero() {
		now.Started = old.Started
	}
	return now
}

// settle brings every open training in line with who is here, and sets the first training
// for new people where nobody has set it. It returns how many parts began.
func (h handler) settle(ctx context.Context, t bot.Turn, all team, o *bot.Outcome) (began int, err error) {
	found, err := bot.Find[Refresher](ctx, t, bot.Query{Limit: most})
	if err != nil {
		return 0, err
	}
	if r, needed := h.induction(t, all, found); needed {
		found = append(found, bot.Found[Refresher]{Ref: t.NewRef("TR"), Record: r})
	}
	for _, f := range found {
		if f.Record.State != open {
			continue
		}
		now, r := t, f.Record
		now.Ref = f.Ref
		had, err := parts(ctx, t, f.Ref)
		if err != nil {
			return 0, err
		}
		before, count := len(o.Save), r.Count
		have := h.join(now, all, &r, had, o)
		if began += r.Count - count; len(o.Save) > before {
			o.Save[f.Ref] = r
			planCount(now, f.Ref, r, stands(have, t.Today()).earliest, o)
		}
	}
	return began, nil
}

// induction is the first training for new people. It is set when the first new person is
// entered; a lead who has stopped it is not asked twice.
func (h handler) induction(t bot.Turn, all team, found []bot.Found[Refresher]) (Refresher, bool) {
	topic, known := h.content.Topic(inductionTopic)
	if !known || slices.ContainsFunc(found, func(f bot.Found[Refresher]) bool { return f.Record.Topic == inductionTopic }) {
		return Refresher{}, false
	}
	r := Refresher{Topic: topic.ID, Title: topic.Label, First: t.Today().AddDays(-starting), Roles: []bot.Role{everyone}, State: open, Told: t.Today(),
		Version: 1, By: t.By.ID, ByName: t.ByName(), Set: t.Now}
	return r, slices.ContainsFunc(all.ids, func(id bot.PersonID) bool { return h.wants(r, all.member(id)) })
}

// people is the register of who is here, for exports. Its columns can be read in again.
func people() bot.Register {
	return bot.Register{Kind: bot.Member{}.RecordKind(), Name: "people", Title: "People", Who: leads(), Second: true, Columns: []bot.Column{
		bot.ColumnOf("Person", func(m bot.Member) string { return string(m.Person) }),
		bot.ColumnOf("Name", func(m bot.Member) string { return m.Name }),
		bot.ColumnOf("Does", func(m bot.Member) string { return roleWords(m.Does) }),
		bot.ColumnOf("Started", func(m bot.Member) string { return m.Started.String() }),
		bot.ColumnOf("Left", func(m bot.Member) string { return m.Left.String() }),
	}}
}
