// Package rights logs what people ask about their own information, brings it to the data
// protection lead with the day it must be answered by, and follows it to the answer.
//
// How the law counts that day is in knowledge/rights, and the mornings of reminders are in
// knowledge/reminder. What is found, and which part of it may be given out, stays with people.
package rights

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"shareright/bot"
	"shareright/handlers/exports"
	base "shareright/knowledge"
	"shareright/knowledge/calendar"
	knowledge "shareright/knowledge/rights"
)

// Feature is everything this package offers, over the periods that the law sets and the
// guide for the lead.
func Feature(clocks *knowledge.Clocks, guide *knowledge.Guide) bot.Feature {
	h := handler{clocks: clocks, guide: guide}
	f := bot.Feature{
		Name:    "rights",
		Doings:  h.doings,
		Figures: h.figures,
		Clocks:  h.running,
		Commands: []bot.Command{
			{Under: "dp", Name: "request", Help: "Log that somebody asked about their own information, or complained", Example: "/dp request", Run: h.begin},
			{Under: "dp", Name: "requests", Help: "See the open requests, the next due first", Hint: "[a year for its figures, or export]",
				Example: "/dp requests 2026", Who: h.who(), Run: h.list},
			{Under: "dp", Name: "rights", Help: "See what people may ask about their own information", Example: "/dp rights", Run: h.explain},
		},
		Forms:   []bot.Dialogue{h.intake(), h.asking(), h.foundForm(), h.keeping()},
		Actions: h.actions(),
		Timers:  []bot.Timer{{Kind: remindKind, Do: h.remind, Ahead: h.ahead}, {Kind: roundKind, Do: h.chase}, {Kind: nudgeKind, Do: h.nudge}},
		Holds: func(ctx context.Context, t bot.Turn, ref bot.Ref) (bool, error) {
			live, err := Holding(ctx, t, string(ref))
			return len(live) > 0, err
		},
		Registers: []bot.Register{register()},
		Papers:    []bot.Papers{{Kind: Request{}.RecordKind(), IDs: h.paperIDs(), Who: h.who(), Make: h.makePaper}},
	}
	for _, m := range h.moves() {
		f.Forms = append(f.Forms, h.form(m))
		f.Actions = append(f.Actions, bot.Action{ID: "rights." + m.id, Who: h.who(), Do: h.act(h.ask(m))})
	}
	return f
}

// actions are the buttons beside the moves. Their ids are stored in messages, so they are stable.
func (h handler) actions() []bot.Action {
	all := []bot.Action{
		{ID: "rights.more-asked", Do: h.act(h.alsoAsked)}, // whoever logged it
	}
	for id, do := range map[string]deed{
		"rights.ack": h.ack, "rights.show": h.show, "rights.more": h.more, "rights.checklist": h.checklist, "rights.searches": h.searches,
		"rights.holder": h.askHolder, "rights.kept": h.keptList, "rights.keep": h.askKeep, "rights.papers": h.papers,
	} {
		all = append(all, bot.Action{ID: id, Who: h.who(), Do: h.act(mine(do))})
	}
	for id, do := range map[string]partDeed{
		"rights.paper": h.paper, "rights.pdf": h.pdf, "rights.join": h.join, "rights.keep-back": h.keepBack,
	} {
		all = append(all, bot.Action{ID: id, Who: h.who(), Do: h.actOn(func(ctx context.Context, t bot.Turn, ref bot.Ref, r Request, part string) (bot.Outcome, error) {
			return mine(func(ctx context.Context, t bot.Turn, ref bot.Ref, r Request) (bot.Outcome, error) {
				return do(ctx, t, ref, r, part)
			})(ctx, t, ref, r)
		})})
	}
	for id, do := range map[string]partDeed{ // each of them says who may
		"rights.hold": h.holderAnswers, "rights.hold-change": h.holderChanges, "rights.agree": h.decides("yes"), "rights.against": h.decides("no"),
	} {
		all = append(all, bot.Action{ID: id, Do: h.actOn(do)})
	}
	return all
}

type handler struct {
	clocks *knowledge.Clocks
	guide  *knowledge.Guide
}

func leads() []bot.Role { return []bot.Role{bot.DPLead, bot.Deputy} }

// who may press at all. The trustee works on what is about the lead, and is a second pair of eyes.
func (handler) who() []bot.Role { return []bot.Role{bot.DPLead, bot.Deputy, bot.Trustee} }

// deed is a button of one request.
type deed func(context.Context, bot.Turn, bot.Ref, Request) (bot.Outcome, error)

// partDeed is a button of one part of a request: a holder, a paper.
type partDeed func(ctx context.Context, t bot.Turn, ref bot.Ref, r Request, part string) (bot.Outcome, error)

// act wraps a button of one request. For whom it is about, it does not exist.
func (h handler) act(do deed) func(context.Context, bot.Turn, bot.Ref) (bot.Outcome, error) {
	return func(ctx context.Context, t bot.Turn, ref bot.Ref) (bot.Outcome, error) {
		r, err := bot.Load[Request](ctx, t, ref)
		if err != nil {
			return bot.Outcome{}, err
		}
		if r.hidden(t.By) {
			return bot.Outcome{}, fmt.Errorf("request %s: %w", ref, bot.ErrNotFound)
		}
		t.Ref = ref
		return do(ctx, t, ref, r)
	}
}

// actOn is act for a button about a part of a request: its reference is "SAR-7K3Q/part".
func (h handler) actOn(do partDeed) func(context.Context, bot.Turn, bot.Ref) (bot.Outcome, error) {
	return func(ctx context.Context, t bot.Turn, whole bot.Ref) (bot.Outcome, error) {
		ref, part, _ := strings.Cut(string(whole), "/")
		return h.act(func(ctx context.Context, t bot.Turn, ref bot.Ref, r Request) (bot.Outcome, error) {
			return do(ctx, t, ref, r, part)
		})(ctx, t, bot.Ref(ref))
	}
}

// mine lets only those who work on a request go on.
func mine(do deed) deed {
	return func(ctx context.Context, t bot.Turn, ref bot.Ref, r Request) (bot.Outcome, error) {
		if !r.mayAct(t.By) {
			return t.Reply("bot.wrong-role", "role", t.Called(leads()...)), nil
		}
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

// list shows what is open, by the day it is due, or the figures of a year.
func (h handler) list(ctx context.Context, t bot.Turn, text string) (bot.Outcome, error) {
	if year, err := strconv.Atoi(strings.TrimSpace(text)); err == nil {
		return h.year(ctx, t, year)
	}
	if format, yes := strings.CutPrefix(strings.ToLower(text), "export"); yes && t.By.Has(leads()...) {
		return exports.Ask(ctx, t, register(), format)
	}
	found, err := visible(ctx, t, open)
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

// explain says what people may ask of us, for anybody who wants to know.
func (h handler) explain(_ context.Context, t bot.Turn, _ string) (bot.Outcome, error) {
	m := bot.Say(t.Say("rights.people"), t.Say("rights.people-now"))
	var rows []string
	var cited []base.Source
	for _, p := range h.guide.People {
		rows = append(rows, p.Label, p.Says)
		cited = append(cited, h.guide.Sources(p.Sources)...)
	}
	m.List(bot.Pairs, rows...).With(bot.Button{Action: "bot.run", Label: t.Say("rights.button-log"), Ref: "dp request", Style: bot.Primary})
	m.Sources = sourcesOf(cited)
	return bot.Outcome{Reply: m}, nil
}

// visible are the requests that somebody works on. What is about them is not there, and not counted.
func visible(ctx context.Context, t bot.Turn, states ...string) ([]bot.Found[Request], error) {
	found, err := bot.Find[Request](ctx, t, bot.Query{States: states})
	return slices.DeleteFunc(found, func(f bot.Found[Request]) bool { return !f.Record.mayAct(t.By) }), err
}

// show is one request with what the right asks of us, the working of its date and everything that was done.
func (h handler) show(_ context.Context, t bot.Turn, ref bot.Ref, r Request) (bot.Outcome, error) {
	m := h.whole(t, ref, r)
	return bot.Outcome{Reply: m.With(h.buttons(t, ref, r, false)...).With(h.further(t, ref, r)...), Audit: []string{"rights.read"}}, nil
}

func (h handler) whole(t bot.Turn, ref bot.Ref, r Request) *bot.Message {
	m := bot.Say(h.title(t, ref, r)).List(bot.Pairs, append(h.rows(t, r), h.moreRows(t, r)...)...)
	var cited []base.Source
	if duty, ok := h.guide.Duty(r.Right); ok && !r.over() {
		m.Add(bot.Heading, t.Say("rights.duty", "law", duty.Law)).List(bot.Bullets, duty.Do...)
		cited = append(cited, h.guide.Sources(duty.Sources)...)
	}
	if says, from := h.child(t, r); says != "" && !r.over() {
		m.Add(bot.Para, says)
		cited = append(cited, from...)
	}
	if due, err := h.due(t, r); err == nil && !r.over() {
		m.Add(bot.Heading, t.Say("rights.working")).List(bot.Bullets, due.Steps...).List(bot.Bullets, due.Warnings...)
		cited = append(cited, due.Sources...)
	}
	lines := make([]string, 0, len(r.Log))
	for _, l := range r.Log {
		lines = append(lines, calendar.On(l.At, t.Org.Zone).Plain()+", "+l.Who+": "+l.What)
	}
	m.Add(bot.Heading, t.Say("rights.log")).List(bot.Bullets, lines...)
	if !r.Keep.IsZero() {
		m.Add(bot.SmallLine, t.Say("rights.keep-until", "date", r.Keep.Long()))
	}
	m.Sources = sourcesOf(cited)
	return m
}

// sourcesOf are sources as a message shows them, each once.
func sourcesOf(cited []base.Source) []bot.Source {
	var list []bot.Source
	for _, s := range cited {
		source := bot.Source{Title: strings.TrimSuffix(s.Title+", "+s.Section, ", "), URL: s.URL, Checked: s.Checked}
		if !slices.Contains(list, source) {
			list = append(list, source)
		}
	}
	return list
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
