package training

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"shareright/bot"
	"shareright/handlers/lists"
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
		return bot.Outcome{}, 0, lists.Unreadable(err)
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
	if stop, halted := lists.Halted(t, problems, keepGood, len(members)); halted {
		return stop, len(problems), nil
	}
	o, err := h.enter(ctx, t, members, t.Say("training.people-read", "n", strconv.Itoa(len(members))))
	lists.NameLeftOut(t, o.Reply, problems)
	return o, len(problems), err
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
		return bot.Outcome{}, 0, lists.Unreadable(err)
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
	if stop, halted := lists.Halted(t, problems, keepGood, good); halted {
		return stop, len(problems), nil
	}
	o.Reply = bot.Say(t.Say("training.done-read", "n", strconv.Itoa(good)))
	lists.NameLeftOut(t, o.Reply, problems)
	return o, len(problems), nil
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

// pasted is who is here, as somebody pastes it.
func (h handler) pasted() lists.List {
	return lists.List{ID: "training.list", Title: "A list of people", Columns: "First row: person, name, does, started, left",
		Why: "Long lists go faster with shareright import people FILE.", Who: leads(), Read: h.importPeople}
}
