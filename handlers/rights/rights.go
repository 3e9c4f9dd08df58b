// Package rights logs what people ask about their own information, brings it to the data
// protection lead with the day it must be answered by, and follows it to the answer.
//
// How the law counts that day is in knowledge/rights, and the mornings of reminders are in
// knowledge/reminder. What is found, and which part of it may be given out, stays with people.
package rights

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"shareright/bot"
	"shareright/knowledge/calendar"
	knowledge "shareright/knowledge/rights"
)

// Feature is everything this package offers, over the periods that the law sets.
func Feature(clocks *knowledge.Clocks) bot.Feature {
	h := handler{clocks: clocks}
	f := bot.Feature{
		Name:    "rights",
		Doings:  h.doings,
		Figures: h.figures,
		Commands: []bot.Command{
			{Under: "dp", Name: "request", Help: "Log that somebody asked about their own information, or complained", Example: "/dp request", Run: h.begin},
			{Under: "dp", Name: "requests", Help: "See the open requests, the next due first", Example: "/dp requests", Who: leads(), Run: h.list},
		},
		Forms: []bot.Dialogue{h.intake()},
		Actions: []bot.Action{
			{ID: "rights.ack", Who: leads(), Do: h.act(h.ack)},
			{ID: "rights.show", Who: leads(), Do: h.act(h.show)},
		},
		Timers:    []bot.Timer{{Kind: remindKind, Do: h.remind}},
		Registers: []bot.Register{register()},
	}
	for _, m := range h.moves() {
		f.Forms = append(f.Forms, h.form(m))
		f.Actions = append(f.Actions, bot.Action{ID: "rights." + m.id, Who: leads(), Do: h.act(h.ask(m))})
	}
	return f
}

type handler struct{ clocks *knowledge.Clocks }

func leads() []bot.Role { return []bot.Role{bot.DPLead, bot.Deputy} }

type deed func(context.Context, bot.Turn, bot.Ref, Request) (bot.Outcome, error)

// act wraps a button of one request.
func (h handler) act(do deed) func(context.Context, bot.Turn, bot.Ref) (bot.Outcome, error) {
	return func(ctx context.Context, t bot.Turn, ref bot.Ref) (bot.Outcome, error) {
		r, err := bot.Load[Request](ctx, t, ref)
		if err != nil {
			return bot.Outcome{}, err
		}
		t.Ref = ref
		return do(ctx, t, ref, r)
	}
}

// ack says who has the request in hand. A second press is told who that is.
func (h handler) ack(_ context.Context, t bot.Turn, ref bot.Ref, r Request) (bot.Outcome, error) {
	switch {
	case r.over():
		return t.Reply("rights.over-already", "ref", string(ref)), nil
	case r.Holder == t.By.ID:
		return t.Reply("rights.yours-already", "ref", string(ref)), nil
	case r.Holder != "":
		return t.Reply("rights.taken-already", "name", r.HolderName), nil
	}
	before := r
	r.Holder, r.HolderName = t.By.ID, t.ByName()
	return h.changed(t, ref, before, r, t.Say("rights.taken", "name", r.HolderName))
}

// list shows the lead what is open, by the day it is due.
func (h handler) list(ctx context.Context, t bot.Turn, _ string) (bot.Outcome, error) {
	found, err := bot.Find[Request](ctx, t, bot.Query{States: []string{open}})
	if err != nil {
		return bot.Outcome{}, err
	}
	if len(found) == 0 {
		return t.Reply("rights.list-none"), nil
	}
	slices.SortStableFunc(found, func(a, b bot.Found[Request]) int { return a.Record.Next.Compare(b.Record.Next) })
	m := bot.Say(t.Say("rights.list"))
	lines := make([]string, 0, len(found))
	for _, f := range found {
		lines = append(lines, h.title(t, f.Ref, f.Record))
		if len(m.Buttons) < 8 {
			m.With(bot.Button{Action: "rights.show", Label: string(f.Ref), Ref: f.Ref})
		}
	}
	return bot.Outcome{Reply: m.List(bot.Bullets, lines...), Audit: []string{"rights.read"}}, nil
}

// show is one request with the working of its date and everything that was done.
func (h handler) show(_ context.Context, t bot.Turn, ref bot.Ref, r Request) (bot.Outcome, error) {
	m := bot.Say(h.title(t, ref, r)).List(bot.Pairs, h.rows(t, r)...)
	if due, err := h.due(t, r); err == nil && !r.over() {
		m.Add(bot.Heading, t.Say("rights.working")).List(bot.Bullets, due.Steps...).List(bot.Bullets, due.Warnings...)
		for _, s := range due.Sources {
			m.Sources = append(m.Sources, bot.Source{Title: s.Title, URL: s.URL, Checked: s.Checked})
		}
	}
	lines := make([]string, 0, len(r.Log))
	for _, l := range r.Log {
		lines = append(lines, calendar.On(l.At, t.Org.Zone).Plain()+", "+l.Who+": "+l.What)
	}
	m.Add(bot.Heading, t.Say("rights.log")).List(bot.Bullets, lines...)
	return bot.Outcome{Reply: m.With(h.buttons(t, ref, r, false)...), Audit: []string{"rights.read"}}, nil
}

func days(t bot.Turn, n int) string {
	if n == 1 {
		return t.Say("rights.day")
	}
	return t.Say("rights.days", "n", strconv.Itoa(n))
}

func labelOf(options []bot.Option, value string) string {
	for _, o := range options {
		if o.Value == value {
			return o.Label
		}
	}
	return value
}

func lowered(s string) string {
	if s == "" {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}
