// Package training sees to it that people know what they need: refreshers that come round,
// policies to read, questions of two minutes. Each person is asked in private, the lead
// reads counts, and what is done leaves evidence with a date.
//
// What people are trained in is in knowledge/training, and the mornings on which they are
// reminded in knowledge/reminder. Where messages go is the engine's business.
package training

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"shareright/bot"
	breaches "shareright/knowledge/breach"
	"shareright/knowledge/calendar"
	knowledge "shareright/knowledge/training"
)

// The states of a refresher and of one person's part in it.
const (
	open   = "open"
	closed = "closed"
)

// Refresher is something that people are trained in again and again. It is stored:
// fields may be added, never renamed.
type Refresher struct {
	Topic  string        `json:"topic"` // of knowledge/training, or "other"
	Title  string        `json:"title"`
	Months int           `json:"months"` // between two times; 0 means once
	First  calendar.Date `json:"first"`
	Roles  []bot.Role    `json:"roles,omitempty"` // whoever holds one of these now
	State  string        `json:"state"`
	Told   calendar.Date `json:"told"`  // the last count for the lead
	Count  int           `json:"count"` // how many people were ever in it

	Version int    `json:"version,omitempty"` // of a policy to read; 1 for what is told at once
	Where   string `json:"where,omitempty"`   // where the policy can be read
	Changed string `json:"changed,omitempty"` // what is new in this version

	By     bot.PersonID `json:"by"`
	ByName string       `json:"by_name"`
	Set    time.Time    `json:"set"`
}

// RecordKind names the register.
func (Refresher) RecordKind() string { return "refresher" }

// RecordIndex finds a refresher by its state.
func (r Refresher) RecordIndex() bot.Index {
	return bot.Index{State: r.State, Opened: r.Set}
}

// Part is one person's part in a refresher. It is stored: fields may be added, never renamed.
type Part struct {
	Refresher bot.Ref       `json:"refresher"`
	Topic     string        `json:"topic"`
	Title     string        `json:"title"`
	Months    int           `json:"months"`
	Person    bot.PersonID  `json:"person"`
	Name      string        `json:"name,omitempty"` // as they were called when they last pressed a button
	Role      bot.Role      `json:"role,omitempty"` // in it for this role, and only while they hold it
	Due       calendar.Date `json:"due"`
	Told      calendar.Date `json:"told"`           // the last reminder, or the day of the last change
	Quiet     calendar.Date `json:"quiet,omitzero"` // snoozed until
	State     string        `json:"state"`
	Done      []Evidence    `json:"done,omitempty"` // oldest first
	Snoozed   []Snooze      `json:"snoozed,omitempty"`
	Cards     []Card        `json:"cards,omitempty"`
	Set       time.Time     `json:"set"`

	Version int    `json:"version,omitempty"` // as the refresher’s
	Asked   int    `json:"asked,omitempty"`   // the version that the person was told of at once
	Where   string `json:"where,omitempty"`
	Changed string `json:"changed,omitempty"`

	wait time.Duration // before the first message, so that many do not leave at the same moment
}

// Evidence is that somebody did the training.
type Evidence struct {
	On     calendar.Date `json:"on"`
	How    string        `json:"how,omitempty"`
	Of     int           `json:"of,omitempty"` // the version of the policy
	By     bot.PersonID  `json:"by"`           // who said so
	ByName string        `json:"by_name"`
	At     time.Time     `json:"at"`
}

// Snooze is a reminder that was put off, and why.
type Snooze struct {
	Until  calendar.Date `json:"until"`
	Reason string        `json:"reason"`
	At     time.Time     `json:"at"`
}

// Card is a reminder that stands on somebody's screen, so that it can be changed.
type Card struct {
	Key string       `json:"key"`
	To  bot.Audience `json:"to"`
}

// RecordKind names the register.
func (Part) RecordKind() string { return "training" }

// RecordIndex finds a part by its person, its state and the day it is due.
func (p Part) RecordIndex() bot.Index {
	return bot.Index{State: p.State, Owner: p.Person, Opened: p.Set, Due: time.Date(p.Due.Year, p.Due.Month, p.Due.Day, 0, 0, 0, 0, time.UTC)}
}

// The topics that are treated differently. The names are those of knowledge/training.
const (
	policyTopic    = "policy"    // a policy to read; no topic of the content
	inductionTopic = "induction" // for whoever is new
	changeTopic    = "change"    // the law or a policy has changed
	quizTopic      = "quiz"      // questions of two minutes; no topic of the content
)

// Feature is everything this package offers, over the topics and cards, and over the causes
// of breaches, each of which names the subject that would have helped.
func Feature(content *knowledge.Content, causes *breaches.Content) bot.Feature {
	h := handler{content: content, causes: causes}
	return bot.Feature{
		Name:    "training",
		Doings:  h.doings,
		Figures: h.figures,
		Commands: []bot.Command{
			{Under: "dp", Name: "training", Help: "See your training, and when it is due", Example: "/dp training", Home: bot.HomeShown, Run: h.mine},
			{Under: "dp", Name: "quiz", Help: "Answer a question of two minutes", Example: "/dp quiz", Run: h.quiz},
			{Under: "dp", Name: "read", Help: "See which policies to read, or ask people to read one", Hint: "[policy]", Example: "/dp read", Run: h.policies},
			{Under: "dp", Name: "refresher", Help: "Set training that comes round again", Who: leads(), Hint: "[names]",
				Example: "/dp refresher", Run: h.begin},
			{Under: "dp", Name: "people", Help: "See who is here, and enter who came or left", Who: leads(), Example: "/dp people", Run: h.people},
		},
		Forms: []bot.Dialogue{h.refresher(), h.finishing(), h.snoozing(), h.publishing(), h.quizForm(), h.joining(), h.leaving(), h.pasted().Form()},
		Actions: append(h.pasted().Actions(), []bot.Action{
			{ID: "training.done", Do: h.act(h.askDone)},
			{ID: "training.read", Do: h.act(h.read)},
			{ID: "training.snooze", Do: h.act(h.askSnooze)},
			{ID: "training.show", Who: leads(), Do: h.show},
			{ID: "training.stop", Who: leads(), Do: h.stop},
			{ID: "training.publish", Who: leads(), Do: h.askPublish},
			{ID: "training.change", Who: leads(), Do: h.trainOnPolicy},
			{ID: "training.law", Who: leads(), Do: h.trainOnLaw},
			{ID: "training.join", Who: leads(), Do: h.askJoin},
			{ID: "training.leave", Who: leads(), Do: h.askLeave},
			{ID: "training.try", Do: h.try},
			{ID: "training.answer", Do: h.answer},
			{ID: "training.suggest", Who: leads(), Do: h.askQuiz},
			{ID: "training.quiz-stop", Who: leads(), Do: h.stopQuiz},
			{ID: "training.quiz-show", Who: leads(), Do: h.showQuiz},
		}...),
		Timers: []bot.Timer{
			{Kind: remindKind, Do: h.remind},
			{Kind: countKind, Do: h.count},
			{Kind: sendKind, Do: h.send},
			{Kind: resultKind, Do: h.result},
			{Kind: lawKind, Every: "0 0 * * 1", Do: h.law},
			{Kind: lawTellKind, Do: h.tellLaw},
		},
		Keeps:     keeps(),
		Registers: []bot.Register{register(), people()},
		Intakes:   []bot.Intake{{Name: "people", Do: h.importPeople}, {Name: "training", Do: h.importTraining}},
		Proofs:    proofs,
	}
}

type handler struct {
	content *knowledge.Content
	causes  *breaches.Content
}

func leads() []bot.Role { return []bot.Role{bot.DPLead, bot.Deputy} }

func everyRole() []bot.Role {
	return []bot.Role{bot.DPLead, bot.Deputy, bot.SafeguardingLead, bot.Trustee}
}

type doing func(context.Context, bot.Turn, bot.Ref, Part) (bot.Outcome, error)

// act wraps what somebody does with their own part; the lead and the deputy may do it for them.
func (h handler) act(do doing) func(context.Context, bot.Turn, bot.Ref) (bot.Outcome, error) {
	return func(ctx context.Context, t bot.Turn, ref bot.Ref) (bot.Outcome, error) {
		p, err := bot.Load[Part](ctx, t, ref)
		if err != nil {
			return bot.Outcome{}, err
		}
		t.Ref = ref
		if p.Person == t.By.ID && t.By.Name != "" {
			p.Name = t.By.Name
		}
		switch {
		case p.Person != t.By.ID && !t.By.Has(leads()...):
			return t.Reply("training.not-yours"), nil
		case p.State == closed:
			return t.Reply("training.over", "title", p.Title), nil
		}
		return do(ctx, t, ref, p)
	}
}

// parts lists everybody's part in a refresher, oldest first.
func parts(ctx context.Context, t bot.Turn, ref bot.Ref) ([]bot.Found[Part], error) {
	return bot.Find[Part](ctx, t, bot.Query{Refs: string(ref) + "-", Limit: most})
}

// most is more people than an organisation has: a list is never cut short in silence.
const most = 1_000_000

func partRef(ref bot.Ref, n int) bot.Ref { return bot.Ref(fmt.Sprintf("%s-%d", ref, n)) }

// called is what the lead calls somebody: a role, or a name where the id holds one.
func called(t bot.Turn, id bot.PersonID) string {
	for _, role := range everyRole() {
		if holders := t.Org.People[role]; len(holders) == 1 && slices.Contains(holders, id) {
			return capital(t.Called(role))
		}
	}
	_, text, _ := strings.Cut(string(id), ":")
	return capital(text)
}

func (p Part) called(t bot.Turn) string {
	if p.Name != "" {
		return p.Name
	}
	return called(t, p.Person)
}

func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
