package rights

import (
	"fmt"

	"shareright/bot"
	"shareright/knowledge/calendar"
	"shareright/scheduler"
)

func cardKey(ref bot.Ref) string { return "rights/" + string(ref) }

// title is the one line everybody sees: what is asked for, until when, who has it.
func (h handler) title(t bot.Turn, ref bot.Ref, r Request) string {
	what := lowered(labelOf(rightOptions(), r.Right))
	if r.over() {
		return t.Say("rights.title-"+r.State, "ref", string(ref), "what", what, "date", r.Ended.Plain())
	}
	key := "rights.title"
	if r.Right == complaint && !r.Acknowledged.IsZero() {
		key = "rights.title-acknowledged"
	}
	line := t.Say(key, "ref", string(ref), "what", what, "date", r.Next.Long(), "left", h.left(t, r))
	if r.Holder != "" {
		line = t.Say("rights.title-held", "line", line, "name", r.HolderName)
	}
	return line
}

// left is the time that remains: days left, late by days, or that the clock stands still.
func (h handler) left(t bot.Turn, r Request) string {
	if since, yes := h.stopped(t, r); yes {
		return t.Say("rights.left-stopped", "date", since.Plain())
	}
	switch left := t.Today().DaysTo(r.Next); {
	case left < 0:
		return t.Say("rights.left-late", "days", days(t, -left))
	case left == 0:
		return t.Say("rights.left-today")
	default:
		return t.Say("rights.left", "days", days(t, left))
	}
}

// card is the post that stands for the request in the lead's channel; every change edits it.
func (h handler) card(t bot.Turn, ref bot.Ref, r Request) bot.Post {
	m := bot.Say(h.title(t, ref, r)).List(bot.Pairs, h.rows(t, r)...)
	if r.Holder == "" && !r.over() {
		m.Add(bot.Para, t.Say("rights.next-"+kind(r)))
		if t.Org.School && r.Asker == "parent" && r.Right == access {
			m.Add(bot.Para, t.Say("rights.next-school"))
		}
	}
	m.With(h.buttons(t, ref, r, true)...)
	return bot.Post{Key: cardKey(ref), To: bot.ToRole(bot.DPLead), Class: scheduler.Escalation, Message: *m}
}

func kind(r Request) string {
	if r.Right == complaint {
		return "complaint"
	}
	return "request"
}

func (h handler) rows(t bot.Turn, r Request) []string {
	rows := []string{
		t.Say("rights.row-asker"), labelOf(askerOptions(), r.Asker),
		t.Say("rights.row-came"), labelOf(howOptions(), r.How) + ", " + r.Came.Long(),
		t.Say("rights.row-by"), r.ByName,
	}
	if r.Mark != "" {
		rows = append(rows, t.Say("rights.row-mark"), r.Mark)
	}
	if due, err := h.due(t, r); err == nil && !r.over() && due.Latest.After(due.Date) {
		rows = append(rows, t.Say("rights.row-safe"), due.Date.Long(), t.Say("rights.row-latest"), due.Latest.Long())
	}
	if h.extended(t, r) {
		rows = append(rows, t.Say("rights.row-longer"), r.Notice.Long())
	}
	if !r.Acknowledged.IsZero() {
		rows = append(rows, t.Say("rights.row-acknowledged"), r.Acknowledged.Long())
	}
	return rows
}

// buttons are what can happen next. The card has a button for the details, the details have none.
func (h handler) buttons(t bot.Turn, ref bot.Ref, r Request, details bool) []bot.Button {
	var list []bot.Button
	add := func(when bool, what string) {
		if when {
			list = append(list, bot.Button{Action: "rights." + what, Label: t.Say("rights.button-" + what), Ref: ref})
		}
	}
	request := r.Right != complaint
	if !r.over() {
		add(r.Holder == "", "ack")
		add(!request && r.Acknowledged.IsZero(), "acknowledge")
		add(request && r.IDAsked.IsZero(), "id-asked")
		add(request && !r.IDAsked.IsZero() && r.IDCame.IsZero(), "id-came")
		add(request && r.waiting() == nil, "clarify")
		add(request && r.waiting() != nil, "clear")
		add(request && !h.extended(t, r), "extend")
		add(request, "done")
		add(!request, "outcome")
		add(request, "refuse")
	}
	add(details, "show")
	if len(list) > 0 && !r.over() {
		list[0].Style = bot.Primary
	}
	for i := range list {
		if list[i].Action == "rights.outcome" {
			list[i].Action = "rights.done" // the same act under the name that fits a complaint
		}
	}
	return list
}

// changed works the date out again, saves the request, edits its card, says so in the
// thread and makes its reminder anew. What is new to know about the date is in the reply.
func (h handler) changed(t bot.Turn, ref bot.Ref, before, r Request, line string) (bot.Outcome, error) {
	old, err := h.due(t, before)
	if err != nil {
		return bot.Outcome{}, err
	}
	due, err := h.due(t, r)
	if err != nil {
		return bot.Outcome{}, err
	}
	r.note(t, line)
	reply, thread := bot.Say(line), line
	if !r.over() {
		moved := due.Date != r.Next
		r.Next = due.Date
		if moved && !h.waits(t, r) {
			thread += " " + t.Say("rights.moved", "date", due.Date.Long())
		}
		reply.Add(bot.Para, h.dates(t, r, due))
		reply.List(bot.Bullets, fresh(old.Warnings, due.Warnings)...)
	}
	o := bot.Outcome{Save: map[bot.Ref]bot.Record{ref: r}, Reply: reply, Audit: []string{"rights.changed"}, Posts: []bot.Post{
		h.card(t, ref, r),
		{Key: fmt.Sprintf("%s/line/%d", cardKey(ref), len(r.Log)), To: bot.ToRole(bot.DPLead), Under: cardKey(ref),
			Class: scheduler.Escalation, Message: *bot.Say(thread)},
	}}
	h.plan(t, ref, r, &o)
	return o, nil
}

// dates says until when to answer, and the later reading of the law where there is one.
func (h handler) dates(t bot.Turn, r Request, due calendar.Due) string {
	if r.Right == complaint && !r.Acknowledged.IsZero() {
		return t.Say("rights.complaint-again", "date", due.Date.Long())
	}
	if due.Latest.After(due.Date) {
		return t.Say("rights.answer-two", "date", due.Date.Long(), "latest", due.Latest.Long())
	}
	return t.Say("rights.answer-by", "date", due.Date.Long())
}

// fresh are the warnings that were not there before.
func fresh(before, now []string) []string {
	seen := map[string]bool{}
	for _, w := range before {
		seen[w] = true
	}
	var list []string
	for _, w := range now {
		if !seen[w] {
			seen[w] = true
			list = append(list, w)
		}
	}
	return list
}
