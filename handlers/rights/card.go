package rights

import (
	"fmt"
	"strconv"
	"strings"

	"shareright/bot"
	"shareright/knowledge/calendar"
	"shareright/scheduler"
)

func cardKey(ref bot.Ref) string { return "rights/" + string(ref) }

// title is the one line everybody sees: what is asked for, until when, who has it.
func (h handler) title(t bot.Turn, ref bot.Ref, r Request) string {
	what := lowered(labelOf(rightOptions(), r.Right))
	if r.over() {
		return t.Say("rights.title-"+r.State, "ref", string(ref), "what", what, "date", r.Ended.Plain(), "other", string(r.Same))
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
		if t.Org.School && r.Asker == "parent" && r.Right == access && r.School != "yes" {
			m.Add(bot.Para, t.Say("rights.next-school"))
		}
		if r.Asker == "parent" {
			m.Add(bot.Para, t.Say("rights.next-parent"))
		}
		if len(r.marks()) == 0 && r.copies() {
			m.Add(bot.Para, t.Say("rights.next-files"))
		}
	}
	if duty, ok := h.guide.Duty(r.Right); ok && r.atOnce() && r.Stopped.IsZero() && !r.over() {
		m.Add(bot.Para, duty.Now)
	}
	m.With(h.buttons(t, ref, r, true)...)
	return bot.Post{Key: cardKey(ref), To: r.audience(t), Class: scheduler.Escalation, Message: *m}
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

// moreRows are what only the details show.
func (h handler) moreRows(t bot.Turn, r Request) []string {
	var rows []string
	row := func(key, value string) {
		if value != "" {
			rows = append(rows, t.Say("rights.row-"+key), value)
		}
	}
	if len(r.Files) > 0 {
		row("files", strings.Join(r.marks(), ", "))
	}
	if r.Age != nil {
		row("age", strconv.Itoa(*r.Age))
	}
	row("may", labelOf(mayOptions(), r.May))
	if !r.FeeAsked.IsZero() {
		row("fee", r.FeeAsked.Long())
	}
	if !r.Stopped.IsZero() {
		row("stopped", r.Stopped.Long())
	}
	if !r.Granted.IsZero() {
		row("granted", r.Granted.Long())
	}
	if r.copies() && !r.over() {
		row("step", h.nextLine(t, r))
	}
	if !r.Enquiry.IsZero() {
		row("enquiry", r.Enquiry.Long())
	}
	if r.Passed != "" {
		row("passed", t.Say("rights.passed-"+r.Passed))
	}
	return rows
}

func button(t bot.Turn, ref bot.Ref, what string, style bot.Style) bot.Button {
	return bot.Button{Action: "rights." + what, Label: t.Say("rights.button-" + what), Ref: ref, Style: style}
}

// buttons are what can happen next. The card has a button for the details, the details have none.
func (h handler) buttons(t bot.Turn, ref bot.Ref, r Request, details bool) []bot.Button {
	var list []bot.Button
	add := func(when bool, what string) {
		if when {
			list = append(list, button(t, ref, what, bot.Plain))
		}
	}
	request := r.Right != complaint
	if !r.over() {
		add(r.Holder == "", "ack")
		add(r.atOnce() && r.Stopped.IsZero(), "stop")
		add(!request && r.Acknowledged.IsZero(), "acknowledge")
		add(!request && r.Enquiry.IsZero(), "enquiry")
		add(!request, "update")
		add(request && r.IDAsked.IsZero(), "id-asked")
		add(request && !r.IDAsked.IsZero() && r.IDCame.IsZero(), "id-came")
		add(request && r.waiting() == nil, "clarify")
		add(request && r.waiting() != nil, "clear")
		add(request && r.School != "yes" && !h.extended(t, r), "extend")
		add(r.copies(), "done")
		add(request && !r.copies(), "settle")
		add(!request, "outcome")
		add(request, "refuse")
	}
	add(details, "show")
	if len(list) > 0 && !r.over() {
		list[0].Style = bot.Primary
	}
	return list
}

// further are what the details lead to.
func (h handler) further(t bot.Turn, ref bot.Ref, r Request) []bot.Button {
	var list []bot.Button
	if r.copies() {
		list = append(list, button(t, ref, "checklist", bot.Plain), button(t, ref, "kept", bot.Plain))
	}
	list = append(list, button(t, ref, "searches", bot.Plain), button(t, ref, "papers", bot.Plain))
	if !r.over() {
		list = append(list, button(t, ref, "more", bot.Plain))
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
		{Key: fmt.Sprintf("%s/line/%d", cardKey(ref), len(r.Log)), To: r.audience(t), Under: cardKey(ref),
			Class: scheduler.Escalation, Message: *bot.Say(thread)},
	}}
	h.plan(t, ref, r, &o)
	if r.over() {
		reply.Add(bot.SmallLine, t.Say("rights.keep-until", "date", r.Keep.Long()))
		o.Stop = append(o.Stop, scheduler.Key{Kind: roundKind, Name: string(ref)})
		for _, i := range r.unanswered() {
			o.Posts = append(o.Posts, h.question(t, ref, r, i))
		}
	}
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
