// Package retention answers how long a record is kept, and sees to it that a file is
// looked at when its time is over: destroyed by two people, kept with a reason, or held.
//
// How long each kind of record is kept is in knowledge/retention, and the mornings on
// which people are reminded in knowledge/reminder. A review holds a file's reference,
// never a name. Where messages go is the engine's business.
package retention

import (
	"context"
	"time"

	"shareright/bot"
	"shareright/knowledge/calendar"
	knowledge "shareright/knowledge/retention"
)

// The states of a review.
const (
	waiting   = "waiting"   // kept until its day
	held      = "held"      // not to be destroyed, whatever the day
	confirm   = "confirm"   // somebody says it is destroyed; a second person must confirm
	destroyed = "destroyed" // by two people
)

// Review is one file of the organisation and when it is looked at. It is stored: fields
// may be added, never renamed.
type Review struct {
	Rule     string         `json:"rule"` // of the schedule
	Kind     knowledge.Kind `json:"kind"` // of that rule, when it was set
	Category string         `json:"category"`
	File     string         `json:"file"` // a reference, never a name
	Where    string         `json:"where"`
	Owner    bot.PersonID   `json:"owner"`
	Note     string         `json:"note,omitempty"`
	Days     []Day          `json:"days,omitempty"` // what the rule counts from

	Date     calendar.Date `json:"date,omitzero"`  // as the rule says; zero where it gives none
	Until    calendar.Date `json:"until,omitzero"` // kept longer than the rule, with a reason
	Working  []string      `json:"working,omitempty"`
	Warnings []string      `json:"warnings,omitempty"`

	Consent  *Consent      `json:"consent,omitempty"` // the newest; older ones stand in the log
	Hold     *Hold         `json:"hold,omitempty"`
	Disposal *Disposal     `json:"disposal,omitempty"`
	Told     calendar.Date `json:"told"`           // the last reminder, or the day of the last change
	Quiet    calendar.Date `json:"quiet,omitzero"` // snoozed until
	Cards    []Card        `json:"cards,omitempty"`
	Waits    bool          `json:"waits,omitempty"` // its day has come, and a live request keeps it

	live []bot.Ref // open requests that touch the file, as found in this turn; never stored

	By     bot.PersonID  `json:"by"`
	ByName string        `json:"by_name"`
	Set    time.Time     `json:"set"`
	SetOn  calendar.Date `json:"set_on"` // the same day, in the organisation's time zone
	Log    []Line        `json:"log"`    // append-only: a correction is a new line
}

// Day is a date that a rule counts from.
type Day struct {
	Trigger string        `json:"trigger"`
	On      calendar.Date `json:"on,omitzero"`
}

// Consent is that the person agreed to a file being kept longer than its rule.
type Consent struct {
	Rule      string        `json:"rule"`  // the extension of the schedule
	Years     int           `json:"years"` // by all consents together
	Given     calendar.Date `json:"given"`
	Until     calendar.Date `json:"until"`
	Where     string        `json:"where"` // where the consent itself is kept
	Withdrawn calendar.Date `json:"withdrawn,omitzero"`
}

// Hold is why a file must not be destroyed.
type Hold struct {
	Why    string        `json:"why"` // allegation, claim, request, inquiry or other
	Reason string        `json:"reason"`
	Since  calendar.Date `json:"since"`
	ByName string        `json:"by_name"`
}

// Disposal is the proof that a file was destroyed: how, when, and by which two people.
type Disposal struct {
	Method    string        `json:"method"`
	Number    string        `json:"number,omitempty"` // of a contractor's certificate
	On        calendar.Date `json:"on"`
	By        bot.PersonID  `json:"by"`
	ByName    string        `json:"by_name"`
	Said      calendar.Date `json:"said"` // when the second person was asked
	Second    bot.PersonID  `json:"second,omitempty"`
	SecondAs  string        `json:"second_name,omitempty"`
	Confirmed time.Time     `json:"confirmed,omitzero"`
}

// Card is a reminder that stands on somebody's screen, so that it can be changed.
type Card struct {
	Key string       `json:"key"`
	To  bot.Audience `json:"to"`
}

// Line is one line of a review's history.
type Line struct {
	At   time.Time `json:"at"`
	Who  string    `json:"who,omitempty"`
	What string    `json:"what"`
}

// RecordKind names the register.
func (Review) RecordKind() string { return "review" }

// RecordIndex finds a review by state, by who looks after it, and by its day.
func (r Review) RecordIndex() bot.Index {
	r.live = nil // a request comes and goes without a change of the review
	index := bot.Index{State: r.state(), Owner: r.Owner, Opened: r.Set}
	if day := r.act(); !day.IsZero() {
		index.Due = time.Date(day.Year, day.Month, day.Day, 0, 0, 0, 0, time.UTC)
	}
	return index
}

func (r Review) state() string {
	switch {
	case r.Disposal != nil && !r.Disposal.Confirmed.IsZero():
		return destroyed
	case r.Hold != nil || len(r.live) > 0:
		return held
	case r.Disposal != nil:
		return confirm
	}
	return waiting
}

func (r *Review) note(t bot.Turn, what string) {
	r.Log = append(r.Log, Line{At: t.Now, Who: t.ByName(), What: what})
}

// mine says whether somebody may act on the file: who looks after it, the lead and the deputy.
func (r Review) mine(p bot.Person) bool {
	return p.ID == r.Owner || p.Has(bot.DPLead, bot.Deputy)
}

// Live names the open requests that touch a file: somebody asked to see or change what we
// hold. An empty reference is one that must not be named here. Nothing of the file is
// destroyed until they are over.
type Live func(ctx context.Context, t bot.Turn, file string) ([]bot.Ref, error)

// Feature is everything this package offers, over the schedule and the requests that are open.
func Feature(schedule *knowledge.Schedule, live Live) bot.Feature {
	h := handler{schedule: schedule, live: live}
	return bot.Feature{
		Name:    "retention",
		Doings:  h.doings,
		Figures: h.figures,
		Commands: []bot.Command{
			{Under: "dp", Name: "retention", Help: "Ask how long a record is kept", Hint: "[kind of record]",
				Example: "/dp retention how long do we keep volunteer files?", Run: h.ask, Suggest: h.suggest},
			{Under: "dp", Name: "review", Help: "Be reminded to destroy a file", Who: leads(), Hint: "[kind of record]",
				Example: "/dp review volunteer file", Run: h.begin, Suggest: h.suggest},
			{Under: "dp", Name: "reviews", Help: "See which files are due next", Example: "/dp reviews", Run: h.list},
		},
		Forms: []bot.Dialogue{h.which(), h.reckon(), h.review(), h.keeping(), h.holding(), h.lifting(), h.snoozing(), h.passing(), h.destroying(),
			h.consenting(), h.pasted().Form()},
		Actions: append(h.pasted().Actions(), []bot.Action{
			{ID: "retention.all", Do: h.all},
			{ID: "retention.rule", Do: h.showRule},
			{ID: "retention.date", Do: h.askDates},
			{ID: "retention.set", Who: leads(), Do: h.askReview},
			{ID: "retention.show", Do: h.act(h.show)},
			{ID: "retention.destroyed", Do: h.act(open(h.askDestroyed))},
			{ID: "retention.keep", Do: h.act(open(h.askKeep))},
			{ID: "retention.hold", Do: h.act(open(h.askHold))},
			{ID: "retention.lift", Who: leads(), Do: h.act(open(h.askLift))},
			{ID: "retention.snooze", Do: h.act(open(h.askSnooze))},
			{ID: "retention.pass", Do: h.act(open(h.askPass))},
			{ID: "retention.consent", Who: leads(), Do: h.act(open(h.askConsent))},
			{ID: "retention.withdraw", Who: leads(), Do: h.act(open(h.withdrawn))},
			{ID: "retention.pdf", Who: seconds(), Do: h.pdf},
			{ID: "retention.confirm", Who: seconds(), Do: h.confirmed},
			{ID: "retention.deny", Who: seconds(), Do: h.denied},
		}...),
		Timers:    []bot.Timer{{Kind: remindKind, Do: h.remind}},
		Keeps:     keeps(),
		Registers: []bot.Register{register()},
		Intakes:   []bot.Intake{{Name: "ledger", Do: h.importLedger}},
		Papers:    []bot.Papers{{Kind: Review{}.RecordKind(), IDs: []string{certificateID}, Who: seconds(), Make: h.paper}},
		Hears:     h.hears,
	}
}

type handler struct {
	schedule *knowledge.Schedule
	live     Live
}

// load reads a review with the open requests that touch its file.
func (h handler) load(ctx context.Context, t bot.Turn, ref bot.Ref) (Review, error) {
	r, err := bot.Load[Review](ctx, t, ref)
	if err != nil {
		return r, err
	}
	r.live, err = h.live(ctx, t, r.File)
	return r, err
}

func leads() []bot.Role { return []bot.Role{bot.DPLead, bot.Deputy} }

// seconds are those who may confirm that a file is destroyed.
func seconds() []bot.Role { return []bot.Role{bot.DPLead, bot.Deputy, bot.Trustee} }

type doing func(context.Context, bot.Turn, bot.Ref, Review) (bot.Outcome, error)

// act wraps what people do with one file: who may, and not after its end.
func (h handler) act(do doing) func(context.Context, bot.Turn, bot.Ref) (bot.Outcome, error) {
	return func(ctx context.Context, t bot.Turn, ref bot.Ref) (bot.Outcome, error) {
		r, err := h.load(ctx, t, ref)
		if err != nil {
			return bot.Outcome{}, err
		}
		t.Ref = ref
		if !r.mine(t.By) {
			return t.Reply("retention.not-yours"), nil
		}
		return do(ctx, t, ref, r)
	}
}

// open wraps act for what makes no sense once a file is destroyed.
func open(do doing) doing {
	return func(ctx context.Context, t bot.Turn, ref bot.Ref, r Review) (bot.Outcome, error) {
		if r.state() == destroyed {
			return t.Reply("retention.destroyed-already", "file", r.File), nil
		}
		return do(ctx, t, ref, r)
	}
}
