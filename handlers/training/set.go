package training

import (
	"context"
	"strconv"
	"strings"

	"shareright/bot"
	base "shareright/knowledge"
	"shareright/knowledge/calendar"
	knowledge "shareright/knowledge/training"
)

// other is the topic that an organisation names itself, and the interval that it counts itself.
const other = "other"

// draft is what the refresher form fills in.
type draft struct {
	Topic  string        `json:"topic"`
	Title  string        `json:"title,omitempty"`
	Who    string        `json:"who,omitempty"`
	One    bot.PersonID  `json:"one,omitempty"`
	Often  string        `json:"often"`
	Months *int          `json:"months,omitempty"`
	First  calendar.Date `json:"first,omitzero"`
}

// begin answers "/dp refresher …"; who is named with the command need not be named again.
func (h handler) begin(_ context.Context, t bot.Turn, text string) (bot.Outcome, error) {
	return bot.Outcome{Ask: h.refresher().Begin(draft{Who: text})}, nil
}

func refused(t bot.Turn) *bot.Outcome {
	if t.By.Has(leads()...) {
		return nil
	}
	no := t.Reply("bot.wrong-role-command", "role", t.Called(leads()...))
	return &no
}

func (h handler) refresher() bot.Form[draft] {
	return bot.Form[draft]{ID: "training.refresher", Title: "Set a refresher", Submit: "Set the refresher", Done: h.set,
		Pages: []bot.Page[draft]{
			{ID: "refresher", Fields: []bot.Field[draft]{
				bot.AskOne("topic", "What is the training?", func(d *draft) *string { return &d.Topic }, h.topics()...).
					Why("People see it in their reminder."),
				bot.AskText("who", "Who needs it?", func(d *draft) *string { return &d.Who }).Shown().
					Hint("Names, or trustees, staff, volunteers, everyone; with commas between").Optional().Why("Each person is reminded privately."),
				bot.AskPerson("one", "Or choose a person", func(d *draft) *bot.PersonID { return &d.One }).Optional().Why("They are reminded privately."),
				bot.AskOne("often", "How often?", func(d *draft) *string { return &d.Often }, intervals()...).
					Why("What people learned once fades."),
				bot.AskDate("first", "When is it due next?", func(d *draft) *calendar.Date { return &d.First }).
					Hint("With the year, for example 27 3 2027").Why("People are reminded 30, 14 and 1 days before."),
			}},
			{ID: "title", When: func(d draft) bool { return d.Topic == other || d.Topic == changeTopic }, Fields: []bot.Field[draft]{
				bot.AskText("title", "What is it called?", func(d *draft) *string { return &d.Title }).Hint("For example: photo rules at the summer fair").
					Why("People see it in their reminder."),
			}},
			{ID: "months", When: func(d draft) bool { return d.Often == other }, Fields: []bot.Field[draft]{
				bot.AskNumber("months", "Every how many months?", func(d *draft) **int { return &d.Months }).Hint("From 1 to 60").
					Why("The next date is counted from the day somebody did it."),
			}},
		},
	}
}

func (h handler) topics() []bot.Option {
	var options []bot.Option
	for _, topic := range h.content.Topics {
		options = append(options, bot.Option{Value: topic.ID, Label: topic.Label, Hint: short(topic.Why)})
	}
	return append(options, bot.Option{Value: other, Label: "Something else"})
}

// short keeps a hint within what every platform shows beside a choice.
func short(hint string) string {
	if r := []rune(hint); len(r) > 75 {
		return ""
	}
	return strings.TrimSuffix(hint, ".")
}

func intervals() []bot.Option {
	return []bot.Option{
		{Value: "12", Label: "Every year"},
		{Value: "6", Label: "Every 6 months"},
		{Value: "24", Label: "Every 2 years"},
		{Value: "36", Label: "Every 3 years"},
		{Value: "0", Label: "Once"},
		{Value: other, Label: "Another number of months"},
	}
}

// months is how often, in months; -1 when it cannot be.
func (d draft) months() int {
	if d.Often != other {
		n, err := strconv.Atoi(d.Often)
		if err != nil {
			return -1
		}
		return n
	}
	if d.Months == nil || *d.Months < 1 || *d.Months > knowledge.MaxMonths {
		return -1
	}
	return *d.Months
}

// set turns the answers into a refresher, a part for each person, and their reminders.
func (h handler) set(ctx context.Context, t bot.Turn, d draft) (bot.Outcome, error) {
	if no := refused(t); no != nil {
		return *no, nil
	}
	team, err := teamOf(ctx, t)
	if err != nil {
		return bot.Outcome{}, err
	}
	again := func(key string) (bot.Outcome, error) {
		return bot.Outcome{Ask: h.refresher().Begin(d).Saying(bot.Block{Kind: bot.Para, Text: t.Say(key)})}, nil
	}
	who := team.crowd(t, d.Who, d.One)
	switch {
	case len(who.ids) == 0:
		d.Who = ""
		return again("training.form-nobody")
	case d.months() < 0:
		d.Months = nil
		return again("training.form-months")
	case d.First.Before(t.Today()):
		d.First = calendar.Date{}
		return again("training.form-past")
	}
	topic, known := h.content.Topic(d.Topic)
	if known && (d.Topic != changeTopic || d.Title == "") {
		d.Title = topic.Label
	}
	ref := t.NewRef("TR")
	r := Refresher{Topic: d.Topic, Title: d.Title, Months: d.months(), First: d.First, Roles: who.roles, State: open, Told: t.Today(),
		Count: len(who.ids), By: t.By.ID, ByName: t.ByName(), Set: t.Now}
	o := bot.Outcome{Save: map[bot.Ref]bot.Record{}, Audit: []string{"training.set"}}
	for i, id := range who.ids {
		h.add(t, partRef(ref, i+1), r.part(t, ref, team.member(id), who.as[id], d.First), &o)
	}
	o.Save[ref] = r
	planCount(t, ref, r, d.First, &o)
	o.Reply = bot.Say(t.Say("training.set", "ref", string(ref), "title", r.Title, "date", d.First.Long()),
		t.Say("training.set-who", "n", strconv.Itoa(len(who.ids)), "names", team.names(t, who.ids)), t.Say("training.set-when"))
	if known {
		o.Reply.Sources = sources(h.content.SourcesOf(topic))
	}
	return o, nil
}

func sources(list []base.Source) []bot.Source {
	var out []bot.Source
	for _, s := range list {
		title := s.Title
		if s.Section != "" {
			title += ", " + s.Section
		}
		out = append(out, bot.Source{Title: title, URL: s.URL, Checked: s.Checked})
	}
	return out
}

func (r Refresher) part(t bot.Turn, ref bot.Ref, who bot.Member, role bot.Role, due calendar.Date) Part {
	return Part{Refresher: ref, Topic: r.Topic, Title: r.Title, Months: r.Months, Version: r.Version, Person: who.Person, Name: who.Name,
		Role: role, Due: due, Told: t.Today(), State: open, Set: t.Now}
}

// add saves a new part and plans its first reminder.
func (h handler) add(t bot.Turn, ref bot.Ref, p Part, o *bot.Outcome) {
	o.Save[ref] = p
	plan(t, ref, p, o)
}
