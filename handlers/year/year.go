// Package year keeps the year of a data protection lead: what comes round is told to the
// role that does it, with the button that finishes it, and leaves evidence.
//
// What comes round is in knowledge/governance, and the mornings on which people are
// reminded in knowledge/reminder. Where messages go is the engine's business.
package year

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"shareright/bot"
	"shareright/knowledge/calendar"
	"shareright/knowledge/governance"
	"shareright/scheduler"
)

// The states of a task.
const (
	open = "open"
	off  = "off" // not for this organisation, with a reason
)

// Task is something that comes round in this organisation. It is stored: fields may be
// added, never renamed.
type Task struct {
	Item  string        `json:"item"`           // of knowledge/governance
	Name  string        `json:"name,omitempty"` // where there are several
	Start calendar.Date `json:"start"`          // what a fixed schedule counts from
	Due   calendar.Date `json:"due"`
	State string        `json:"state"`
	Why   string        `json:"why,omitempty"` // it is off
	Told  calendar.Date `json:"told"`          // the last reminder, or the day of the last change
	Since calendar.Date `json:"since"`         // when this round began
	Done  []Evidence    `json:"done,omitempty"`
	Moved []Move        `json:"moved,omitempty"`

	Card   string         `json:"card,omitempty"` // the reminder that stands on screens
	CardTo []bot.Audience `json:"card_to,omitempty"`
	Set    time.Time      `json:"set"`
	By     bot.PersonID   `json:"by"`
}

// Evidence is that somebody did it.
type Evidence struct {
	On     calendar.Date `json:"on"`
	Due    calendar.Date `json:"due"`
	What   string        `json:"what"`
	By     bot.PersonID  `json:"by"`
	ByName string        `json:"by_name"`
	At     time.Time     `json:"at"`
}

// Move is that it was put off, and why.
type Move struct {
	From   calendar.Date `json:"from"`
	To     calendar.Date `json:"to"`
	Reason string        `json:"reason"`
	ByName string        `json:"by_name"`
	At     time.Time     `json:"at"`
}

// RecordKind names the register.
func (Task) RecordKind() string { return "year" }

// RecordIndex finds a task by its state and the day it is due.
func (k Task) RecordIndex() bot.Index {
	return bot.Index{State: k.State, Opened: k.Set, Due: time.Date(k.Due.Year, k.Due.Month, k.Due.Day, 0, 0, 0, 0, time.UTC)}
}

// Feature is everything this package offers.
func Feature(content *governance.Year) bot.Feature {
	h := handler{content: content}
	return bot.Feature{
		Name: "year",
		Commands: []bot.Command{
			{Under: "dp", Name: "year", Help: "See what comes round in the next twelve months", Who: readers(), Example: "/dp year", Run: h.overview},
		},
		Forms: []bot.Dialogue{h.setting(), h.finishing(), h.moving(), h.stopping()},
		Actions: []bot.Action{
			{ID: "year.start", Who: leads(), Do: h.start},
			{ID: "year.set", Who: leads(), Do: h.askSet},
			{ID: "year.show", Who: readers(), Do: h.act(h.show)},
			{ID: "year.done", Who: readers(), Do: h.act(running(h.askDone))},
			{ID: "year.move", Who: readers(), Do: h.act(running(h.askMove))},
			{ID: "year.off", Who: leads(), Do: h.act(running(h.askOff))},
			{ID: "year.on", Who: leads(), Do: h.act(h.on)},
		},
		Timers:    []bot.Timer{{Kind: remindKind, Do: h.remind}},
		Registers: []bot.Register{h.register()},
		Doings:    h.doings,
		Figures:   h.figures,
	}
}

// Check lists what of a year's schedules can never be kept.
func Check(content *governance.Year) []error {
	var problems []error
	for _, item := range content.Items {
		if _, err := scheduler.ParseSchedule(item.Spec(calendar.Date{Year: 2026, Month: 1, Day: 1}), time.UTC); err != nil {
			problems = append(problems, fmt.Errorf("year.yaml: %q: %w", item.ID, err))
		}
	}
	return problems
}

type handler struct{ content *governance.Year }

func leads() []bot.Role { return []bot.Role{bot.DPLead, bot.Deputy} }

func readers() []bot.Role {
	return []bot.Role{bot.DPLead, bot.Deputy, bot.SafeguardingLead, bot.Trustee}
}

type deed func(context.Context, bot.Turn, bot.Ref, governance.Item, Task) (bot.Outcome, error)

// act wraps what people do with one task: the lead, the deputy and whoever's role does it.
func (h handler) act(do deed) func(context.Context, bot.Turn, bot.Ref) (bot.Outcome, error) {
	return func(ctx context.Context, t bot.Turn, ref bot.Ref) (bot.Outcome, error) {
		k, err := bot.Load[Task](ctx, t, ref)
		if err != nil {
			return bot.Outcome{}, err
		}
		item, known := h.content.Item(k.Item)
		if !known {
			return t.Reply("year.gone"), nil
		}
		t.Ref = ref
		if may := append(leads(), bot.Role(item.Owner)); !t.By.Has(may...) {
			return t.Reply("bot.wrong-role", "role", t.Called(may...)), nil
		}
		return do(ctx, t, ref, item, k)
	}
}

// running wraps what makes no sense for a task that is off.
func running(do deed) deed {
	return func(ctx context.Context, t bot.Turn, ref bot.Ref, item governance.Item, k Task) (bot.Outcome, error) {
		if k.State == off {
			return t.Reply("year.is-off", "title", k.title(item), "reason", k.Why), nil
		}
		return do(ctx, t, ref, item, k)
	}
}

// title is what people call the task.
func (k Task) title(item governance.Item) string {
	if k.Name != "" {
		return item.Title + ": " + k.Name
	}
	return item.Title
}

// next is the first time after a day on which the task was done, or would have been.
func next(t bot.Turn, item governance.Item, k Task, done calendar.Date) (calendar.Date, error) {
	start := k.Start
	if start.IsZero() { // nobody has said since when: from now on, then
		start = done
	}
	after := calendar.Latest(done, k.Due)
	if item.After == governance.Done {
		start, after = done, done
	}
	s, err := scheduler.ParseSchedule(item.Spec(start), t.Org.Zone)
	if err != nil {
		return calendar.Date{}, fmt.Errorf("year: %q: %w", item.ID, err)
	}
	return calendar.On(s.Next(calendar.Local(after.AddDays(1), 0, t.Org.Zone).Time.Add(-time.Second)), t.Org.Zone), nil
}

// first is when a task is due that nobody gave a day for.
func first(t bot.Turn, item governance.Item) (calendar.Date, error) {
	day := t.Today().AddDays(item.First)
	if item.After == governance.Done || item.Spec(day) != item.When {
		return day, nil
	}
	s, err := scheduler.ParseSchedule(item.When, t.Org.Zone)
	if err != nil {
		return day, fmt.Errorf("year: %q: %w", item.ID, err)
	}
	return calendar.On(s.Next(t.Now), t.Org.Zone), nil
}

// tasks lists the tasks of the organisation, oldest first.
func tasks(ctx context.Context, t bot.Turn, states ...string) ([]bot.Found[Task], error) {
	return bot.Find[Task](ctx, t, bot.Query{States: states})
}

// doings tells the digest what is due soon, or late.
func (h handler) doings(ctx context.Context, t bot.Turn) ([]bot.Doing, error) {
	found, err := tasks(ctx, t, open)
	if err != nil {
		return nil, err
	}
	var all []bot.Doing
	for _, f := range found {
		item, known := h.content.Item(f.Record.Item)
		if !known || t.Today().DaysTo(f.Record.Due) > soon {
			continue
		}
		all = append(all, bot.Doing{Role: h.owner(t, item), Text: f.Record.title(item), Due: f.Record.Due, Told: f.Record.Told, Ref: f.Ref,
			Statutory: item.Statutory, Button: &bot.Button{Action: "year.show", Label: f.Record.title(item), Ref: f.Ref}})
	}
	return all, nil
}

// figures counts what was done in some days, and what is late at their end.
func (h handler) figures(ctx context.Context, t bot.Turn, span bot.Span) ([]bot.Figure, error) {
	found, err := tasks(ctx, t)
	if err != nil {
		return nil, err
	}
	done, inTime, late := 0, 0, 0
	for _, f := range found {
		for _, e := range f.Record.Done {
			if span.Has(e.On) {
				done++
				if !e.On.After(e.Due) {
					inTime++
				}
			}
		}
		if f.Record.State == open && f.Record.Due.Before(span.To) {
			late++
		}
	}
	part := t.Say("year.figures")
	return []bot.Figure{
		{Part: part, Label: t.Say("year.figure-in-time"), Count: inTime, Of: done},
		{Part: part, Label: t.Say("year.figure-late"), Count: late},
	}, nil
}

// register is the evidence of the year, for exports.
func (h handler) register() bot.Register {
	column := func(name string, value func(Task) string) bot.Column {
		return bot.Column{Name: name, Value: func(record []byte) string {
			var k Task
			if json.Unmarshal(record, &k) != nil {
				return ""
			}
			return value(k)
		}}
	}
	last := func(value func(Evidence) string) func(Task) string {
		return func(k Task) string {
			if len(k.Done) == 0 {
				return ""
			}
			return value(k.Done[len(k.Done)-1])
		}
	}
	return bot.Register{Kind: Task{}.RecordKind(), Name: "year", Title: "The year", Who: readers(), Columns: []bot.Column{
		column("Task", func(k Task) string {
			item, known := h.content.Item(k.Item)
			if !known {
				return k.Item
			}
			return k.title(item)
		}),
		column("State", func(k Task) string { return k.State }),
		column("Why it is off", func(k Task) string { return k.Why }),
		column("Due", func(k Task) string { return k.Due.String() }),
		column("Last done", last(func(e Evidence) string { return e.On.String() })),
		column("Evidence", last(func(e Evidence) string { return e.What })),
		column("By", last(func(e Evidence) string { return e.ByName })),
		column("Times done", func(k Task) string { return strconv.Itoa(len(k.Done)) }),
		column("Times put off", func(k Task) string { return strconv.Itoa(len(k.Moved)) }),
	}}
}

var errNoItem = errors.New("there is no such item in the year")
