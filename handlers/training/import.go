package training

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"shareright/bot"
	base "shareright/knowledge"
	"shareright/knowledge/calendar"
	"shareright/knowledge/table"
	knowledge "shareright/knowledge/training"
)

// importPeople reads who is here: person, name, does, started, left. A bad list as a whole
// is an error that says what to change.
func (h handler) importPeople(ctx context.Context, t bot.Turn, text string, keepGood bool) (bot.Outcome, int, error) {
	rows, problems, err := table.Read(text, []table.Column{{Name: "person", Also: []string{"id", "user", "member", "slack id"}, Needed: true},
		{Name: "name", Also: []string{"full name"}}, {Name: "does", Also: []string{"role", "roles"}, Needed: true},
		{Name: "started", Also: []string{"start", "joined", "since"}}, {Name: "left", Also: []string{"end", "until"}}})
	if err != nil {
		return bot.Outcome{}, 0, &listError{err}
	}
	all, err := teamOf(ctx, t)
	if err != nil {
		return bot.Outcome{}, 0, err
	}
	var members []bot.Member
	seen := map[bot.PersonID]int{}
	for _, row := range rows {
		m, problem := memberOf(t, all, row)
		if first, twice := seen[m.Person]; twice && problem == "" {
			problem = t.Say("training.row-twice", "row", strconv.Itoa(first))
		}
		if problem != "" {
			problems = append(problems, row.Wrong(problem))
			continue
		}
		seen[m.Person] = row.Number
		members = append(members, m)
	}
	if stop := halted(t, &problems, keepGood, len(members)); stop != nil {
		return *stop, len(problems), nil
	}
	o, err := h.enter(ctx, t, members, t.Say("training.people-read", "n", strconv.Itoa(len(members))))
	return withProblems(t, o, problems), len(problems), err
}

// listError is what is wrong with a list as a whole, in words.
type listError struct{ error }

// halted says that nothing was changed, where rows are bad and the good ones were not
// asked for, or there are none.
func halted(t bot.Turn, problems *[]table.Problem, keepGood bool, good int) *bot.Outcome {
	slices.SortStableFunc(*problems, func(a, b table.Problem) int { return a.Row - b.Row })
	if len(*problems) == 0 || keepGood && good > 0 {
		return nil
	}
	m := bot.Say(t.Say("training.rows-bad", "n", strconv.Itoa(len(*problems)), "good", strconv.Itoa(good)))
	return &bot.Outcome{Reply: m.List(bot.Bullets, reasons(t, *problems)...)}
}

// many is how many bad rows are named at once.
const many = 20

func reasons(t bot.Turn, problems []table.Problem) []string {
	var lines []string
	for _, p := range problems[:min(many, len(problems))] {
		lines = append(lines, p.Text)
	}
	if more := len(problems) - many; more > 0 {
		lines = append(lines, t.Say("training.names-more", "n", strconv.Itoa(more)))
	}
	return lines
}

func withProblems(t bot.Turn, o bot.Outcome, problems []table.Problem) bot.Outcome {
	if o.Reply != nil && len(problems) > 0 {
		o.Reply.Add(bot.Para, t.Say("training.rows-left", "n", strconv.Itoa(len(problems)))).List(bot.Bullets, reasons(t, problems)...)
	}
	return o
}

// memberOf reads one row, or says what is wrong with it.
func memberOf(t bot.Turn, all team, row table.Row) (m bot.Member, problem string) {
	m = bot.Member{Person: all.meant(t, row.Cells["person"]), Name: row.Cells["name"]}
	for word := range strings.FieldsFuncSeq(row.Cells["does"], func(r rune) bool { return strings.ContainsRune(",;/&+", r) }) {
		role := roleNamed(t, word)
		if role == bot.Anyone || role == everyone {
			return m, t.Say("training.row-does", "word", strings.TrimSpace(word), "near", base.DidYouMean(strings.TrimSpace(word), knowledge.Roles()))
		}
		m.Does = append(m.Does, role)
	}
	if m.Started, problem = dayIn(t, row, "started"); problem != "" {
		return m, problem
	}
	if m.Left, problem = dayIn(t, row, "left"); problem != "" {
		return m, problem
	}
	switch {
	case m.Left.After(t.Today()):
		return m, t.Say("training.row-future", "column", "left")
	case !m.Left.IsZero() && m.Left.Before(m.Started):
		return m, t.Say("training.row-order")
	}
	return m, ""
}

// dayIn reads the day in a cell; an empty cell is no day.
func dayIn(t bot.Turn, row table.Row, column string) (calendar.Date, string) {
	if row.Cells[column] == "" {
		return calendar.Date{}, ""
	}
	day, err := calendar.ParseDate(row.Cells[column], t.Today())
	if err != nil {
		return day, column + ": " + err.Error()
	}
	return day, ""
}

// importTraining reads what people have done: person, training, done, how.
func (h handler) importTraining(ctx context.Context, t bot.Turn, text string, keepGood bool) (bot.Outcome, int, error) {
	rows, problems, err := table.Read(text, []table.Column{{Name: "person", Also: []string{"id", "user", "member"}, Needed: true},
		{Name: "training", Also: []string{"course", "topic"}, Needed: true}, {Name: "done", Also: []string{"last done", "date", "on"}, Needed: true}, {Name: "how"}})
	if err != nil {
		return bot.Outcome{}, 0, &listError{err}
	}
	all, err := teamOf(ctx, t)
	if err != nil {
		return bot.Outcome{}, 0, err
	}
	o, good := bot.Outcome{Save: map[bot.Ref]bot.Record{}, Audit: []string{"training.imported"}}, 0
	for _, row := range rows {
		problem, err := h.take(ctx, t, all, row, &o)
		if err != nil {
			return bot.Outcome{}, 0, err
		}
		if problem != "" {
			problems = append(problems, row.Wrong(problem))
			continue
		}
		good++
	}
	if stop := halted(t, &problems, keepGood, good); stop != nil {
		return *stop, len(problems), nil
	}
	o.Reply = bot.Say(t.Say("training.done-read", "n", strconv.Itoa(good)))
	return withProblems(t, o, problems), len(problems), nil
}

// take puts one row’s evidence where it belongs: to the person’s open part of that
// training, or beside it where there is none.
func (h handler) take(ctx context.Context, t bot.Turn, all team, row table.Row, o *bot.Outcome) (problem string, err error) {
	who := all.member(all.meant(t, row.Cells["person"]))
	on, problem := dayIn(t, row, "done")
	switch {
	case problem != "":
		return problem, nil
	case on.After(t.Today()):
		return t.Say("training.row-future", "column", "done"), nil
	}
	own, err := bot.Find[Part](ctx, t, bot.Query{Owner: who.Person, Limit: most})
	if err != nil {
		return "", err
	}
	for i, f := range own { // an earlier row may have changed it
		if now, changed := o.Save[f.Ref].(Part); changed {
			own[i].Record = now
		}
	}
	topic := h.topicNamed(row.Cells["training"])
	proof := Evidence{On: on, How: row.Cells["how"], By: t.By.ID, ByName: t.ByName(), At: t.Now}
	at := slices.IndexFunc(own, func(f bot.Found[Part]) bool {
		p := f.Record
		return p.State == open && p.Topic != policyTopic && (topic.ID != "" && p.Topic == topic.ID || strings.EqualFold(p.Title, row.Cells["training"]))
	})
	if at < 0 {
		title := topic.Label
		if title == "" {
			title = row.Cells["training"]
		}
		if slices.ContainsFunc(own, func(f bot.Found[Part]) bool { return f.Record.Title == title && f.Record.has(on) }) {
			return t.Say("training.done-already", "date", on.Long()), nil
		}
		o.Save[t.NewRef("TR")] = Part{Topic: topic.ID, Title: title, Person: who.Person, Name: who.Name, State: closed, Due: on, Told: t.Today(), Set: t.Now, Done: []Evidence{proof}}
		return "", nil
	}
	p := own[at].Record
	if n := len(p.Done); n > 0 && !on.After(p.Done[n-1].On) {
		return t.Say("training.done-already", "date", p.Done[n-1].On.Long()), nil
	}
	p.Done = append(slices.Clip(p.Done), proof)
	p.next(t)
	o.Save[own[at].Ref] = p
	plan(t, own[at].Ref, p, o)
	return "", nil
}

func (p Part) has(on calendar.Date) bool {
	return slices.ContainsFunc(p.Done, func(e Evidence) bool { return e.On == on })
}

// topicNamed is the topic of this id or label; none when it is the organisation’s own.
func (h handler) topicNamed(name string) knowledge.Topic {
	for _, topic := range h.content.Topics {
		if strings.EqualFold(topic.ID, name) || strings.EqualFold(topic.Label, name) {
			return topic
		}
	}
	return knowledge.Topic{}
}

// pasting is what the form about a list fills in.
type pasting struct {
	List string `json:"list"`
}

// askList opens the form for a list: empty, or with the one that has rows to mend.
func (h handler) askList(ctx context.Context, t bot.Turn, ref bot.Ref) (bot.Outcome, error) {
	old, err := bot.Load[bot.Pasted](ctx, t, ref)
	if err != nil && !errors.Is(err, bot.ErrNotFound) {
		return bot.Outcome{}, err
	}
	return bot.Outcome{Ask: h.listing().Begin(pasting{List: old.Text})}, nil
}

func (h handler) listing() bot.Form[pasting] {
	return bot.Form[pasting]{ID: "training.list", Title: "A list of people", Submit: "Read the list", Quick: true,
		Pages: []bot.Page[pasting]{{ID: "list", Fields: []bot.Field[pasting]{
			bot.AskStory("list", "Paste the list", func(p *pasting) *string { return &p.List }).Shown().
				Hint("First row: person, name, does, started, left").Why("Long lists go faster with shareright import people FILE."),
		}}},
		Done: func(ctx context.Context, t bot.Turn, p pasting) (bot.Outcome, error) { return h.listed(ctx, t, p.List) }}
}

// listed reads a list. One with bad rows changes nothing and waits until somebody decides.
func (h handler) listed(ctx context.Context, t bot.Turn, text string) (bot.Outcome, error) {
	if no := refused(t); no != nil {
		return *no, nil
	}
	o, bad, err := h.importPeople(ctx, t, text, false)
	var whole *listError
	if errors.As(err, &whole) {
		o.Reply = bot.Say(whole.Error())
	} else if err != nil || bad == 0 {
		return o, err
	}
	ref := t.NewSecret()
	o.Save = map[bot.Ref]bot.Record{ref: bot.Pasted{Text: text, Set: t.Now}}
	if whole == nil {
		o.Reply.With(bot.Button{Action: "training.list-good", Label: t.Say("training.button-good"), Ref: ref})
	}
	o.Reply.With(bot.Button{Action: "training.list", Label: t.Say("training.button-mend"), Ref: ref})
	return o, nil
}

// takeGood takes the good rows of a list that waits.
func (h handler) takeGood(ctx context.Context, t bot.Turn, ref bot.Ref) (bot.Outcome, error) {
	list, err := bot.Load[bot.Pasted](ctx, t, ref)
	if errors.Is(err, bot.ErrNotFound) {
		return t.Reply("training.list-gone"), nil
	}
	if err != nil {
		return bot.Outcome{}, err
	}
	o, _, err := h.importPeople(ctx, t, list.Text, true)
	o.Erase = append(o.Erase, bot.Erased{Kind: list.RecordKind(), Ref: ref})
	return o, err
}
