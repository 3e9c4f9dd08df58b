// Package training sees to refreshers: who is due for which training, and when. People are
// reminded before the day, on it and after it, and the press of a button is the evidence.
//
// On which mornings people are reminded is in knowledge/reminder. Where messages go is
// the engine's business.
package training

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"shareright/bot"
	"shareright/knowledge/calendar"
	"shareright/knowledge/reminder"
	"shareright/scheduler"
)

// remindKind is the timer of a refresher. It is stored with pending jobs.
const remindKind = "training.remind"

// Refresher is one training that people repeat. It is stored: fields may be added, never renamed.
type Refresher struct {
	Topic  string       `json:"topic"`
	Months int          `json:"months"` // how often
	People []Member     `json:"people"`
	By     bot.PersonID `json:"by"`
	Set    time.Time    `json:"set"`
}

// Member is one person of a refresher, and how far they are.
type Member struct {
	ID    bot.PersonID  `json:"id"`
	Due   calendar.Date `json:"due"`
	Told  calendar.Date `json:"told"`           // the last reminder, or the day it was set
	Quiet calendar.Date `json:"quiet,omitzero"` // put off until
	Why   string        `json:"why,omitempty"`  // why it was put off
	Done  []Evidence    `json:"done,omitempty"` // append-only
	Cards []string      `json:"cards,omitempty"`
}

// Evidence is that somebody had the training.
type Evidence struct {
	On   calendar.Date `json:"on"`
	Said time.Time     `json:"said"` // when they said so
}

// RecordKind names the register.
func (Refresher) RecordKind() string { return "refresher" }

// RecordIndex finds a refresher by the first day somebody is due.
func (r Refresher) RecordIndex() bot.Index {
	index := bot.Index{State: "running", Owner: r.By, Opened: r.Set}
	for _, m := range r.People {
		at := time.Date(m.Due.Year, m.Due.Month, m.Due.Day, 0, 0, 0, 0, time.UTC)
		if index.Due.IsZero() || at.Before(index.Due) {
			index.Due = at
		}
	}
	return index
}

func (r *Refresher) member(id bot.PersonID) *Member {
	i := slices.IndexFunc(r.People, func(m Member) bool { return m.ID == id })
	if i < 0 {
		return nil
	}
	return &r.People[i]
}

// Feature is everything this package offers.
func Feature() bot.Feature {
	h := handler{}
	return bot.Feature{
		Name: "training",
		Commands: []bot.Command{
			{Under: "dp", Name: "training", Help: "See your training, and who is due", Run: h.list},
			{Under: "dp", Name: "refresher", Help: "Set a refresher for people", Example: "/dp refresher", Who: bot.DPLead, Run: h.begin},
		},
		Forms: []bot.Dialogue{h.setting(), h.snoozing()},
		Actions: []bot.Action{
			{ID: "training.done", Do: h.done},
			{ID: "training.snooze", Do: h.askSnooze},
		},
		Timers: []bot.Timer{{Kind: remindKind, Do: h.remind}},
	}
}

type handler struct{}

func today(t bot.Turn) calendar.Date { return calendar.On(t.Now, t.Org.Zone) }

func nation(t bot.Turn) calendar.Nation {
	if n, err := calendar.ParseNation(t.Org.Nation); err == nil {
		return n
	}
	return calendar.EnglandWales
}

// plan are the mornings on which a member is reminded: 30, 14 and 1 days before, on the day, then weekly.
func (m Member) plan(n calendar.Nation) reminder.Plan {
	return reminder.Plan{Due: m.Due, Before: []int{30, 14, 1}, Every: 7, Quiet: m.Quiet, Nation: n}
}

// job is the next morning on which anybody is reminded.
func (r Refresher) job(t bot.Turn, ref bot.Ref) scheduler.Job {
	n := nation(t)
	var next calendar.Date
	for _, m := range r.People {
		if day := m.plan(n).Next(m.Told); next.IsZero() || day.Before(next) {
			next = day
		}
	}
	if day := today(t); !next.After(day) { // missed, or just put off: not twice on one day
		next = day.AddDays(1)
	}
	return scheduler.Job{Key: scheduler.Key{Kind: remindKind, Name: string(ref)}, Due: reminder.Morning(n, next, t.Org.Zone),
		Class: scheduler.Routine, About: string(ref)}
}

// setting is what the form for a refresher fills in.
type setting struct {
	Topic string        `json:"topic"`
	Who   string        `json:"who"`
	Often string        `json:"often"`
	First calendar.Date `json:"first,omitzero"`
}

func (h handler) begin(context.Context, bot.Turn, string) (bot.Outcome, error) {
	return bot.Outcome{Ask: h.setting().Begin(setting{})}, nil
}

func (h handler) setting() bot.Form[setting] {
	return bot.Form[setting]{
		ID: "training.set", Title: "Set a refresher", Submit: "Set it", Done: h.set,
		Pages: []bot.Page[setting]{{ID: "refresher", Fields: []bot.Field[setting]{
			bot.AskText("topic", "What is the training?", func(s *setting) *string { return &s.Topic }).
				Hint("For example: sharing information safely").Why("People see it in their reminder."),
			bot.AskText("who", "Who needs it?", func(s *setting) *string { return &s.Who }).
				Hint("Names or member ids, with commas between them; “me” is you").Why("Each person is reminded privately."),
			bot.AskOne("often", "How often?", func(s *setting) *string { return &s.Often },
				bot.Option{Value: "6", Label: "Every 6 months"}, bot.Option{Value: "12", Label: "Every year"},
				bot.Option{Value: "24", Label: "Every 2 years"}, bot.Option{Value: "36", Label: "Every 3 years"}).
				Why("Regular refreshers keep people sure of what they do."),
			bot.AskDate("first", "When is it due next?", func(s *setting) *calendar.Date { return &s.First }).
				Hint("For example 27 3 2027").Why("Reminders begin 30 days before."),
		}}},
	}
}

func (h handler) set(_ context.Context, t bot.Turn, s setting) (bot.Outcome, error) {
	ref := t.NewRef("TR")
	months, err := strconv.Atoi(s.Often)
	if err != nil {
		return bot.Outcome{}, err
	}
	r := Refresher{Topic: s.Topic, Months: months, By: t.By.ID, Set: t.Now}
	var names []string
	for _, named := range strings.FieldsFunc(s.Who, func(c rune) bool { return c == ',' || c == ';' || c == '\n' }) {
		if named = strings.TrimSpace(named); named == "" {
			continue
		}
		if id := t.Meant(named); r.member(id) == nil {
			r.People = append(r.People, Member{ID: id, Due: s.First, Told: today(t)})
			names = append(names, t.NameOf(id))
		}
	}
	if len(r.People) == 0 {
		return bot.Outcome{Reply: bot.Say(t.Say("training.nobody"))}, nil
	}
	return bot.Outcome{
		Save: map[bot.Ref]bot.Record{ref: r},
		Jobs: []scheduler.Job{r.job(t, ref)},
		Reply: bot.Say(t.Say("training.set", "ref", string(ref), "topic", r.Topic)).List(bot.Pairs,
			t.Say("training.row-who"), strings.Join(names, ", "), t.Say("training.row-due"), s.First.Long()),
		Audit: []string{"refresher.set"},
	}, nil
}
