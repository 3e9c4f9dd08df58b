package breach

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"shareright/bot"
	knowledge "shareright/knowledge/breach"
	"shareright/scheduler"
)

// Drill is a practised breach. It is a kind of record of its own, so that no register, count or export of breaches holds it.
type Drill struct {
	Cause    string       `json:"cause"`
	Called   time.Time    `json:"called"`
	By       bot.PersonID `json:"by"`
	Reported time.Time    `json:"reported,omitzero"`
	Taken    time.Time    `json:"taken,omitzero"`
	Warned   *int         `json:"warned,omitempty"`
}

// RecordKind keeps drills apart from breaches.
func (Drill) RecordKind() string { return "drill" }

// RecordIndex lets a drill erase itself after 30 days.
func (d Drill) RecordIndex() bot.Index {
	state := "open"
	if !d.Taken.IsZero() {
		state = "over"
	}
	return bot.Index{State: state, Opened: d.Called, Expires: d.Called.Add(30 * 24 * time.Hour)}
}

// drillSpeed is how many times faster a drill's clock runs: 72 hours pass in 72 minutes.
const drillSpeed = 60

// drillClock is the timer of a drill. The name is stored with pending jobs.
const drillClock = "drill.clock"

func (d Drill) clock() scheduler.Clock {
	c := scheduler.Clock{From: d.Called, Limit: knowledge.Limit / drillSpeed}
	for _, left := range knowledge.Remaining {
		c.Warn = append(c.Warn, left/drillSpeed)
	}
	return c
}

// callDrill begins a drill: somebody finds a made-up breach and reports it as they would a real one.
func (h handler) callDrill(_ context.Context, t bot.Turn, _ string) (bot.Outcome, error) {
	ref := t.NewRef("DR")
	d := Drill{Cause: "wrong_email", Called: t.Now, By: t.By.ID}
	cause, _ := h.content.Cause(d.Cause)
	m := bot.Say(t.Say("breach.drill", "ref", string(ref), "cause", cause.Label), t.Say("breach.drill-what"), t.Say("breach.drill-how")).
		With(bot.Button{Action: "drill.report", Label: t.Say("breach.button-drill"), Ref: ref, Style: bot.Primary})
	o := bot.Outcome{Save: map[bot.Ref]bot.Record{ref: d}, Reply: bot.Say(t.Say("breach.drill-called", "ref", string(ref))),
		Posts: []bot.Post{{Key: "drill/" + string(ref), To: bot.ToRole(bot.DPLead), Class: scheduler.Routine, Message: *m}}, Audit: []string{"drill.called"}}
	for _, s := range d.clock().Milestones() {
		o.Jobs = append(o.Jobs, scheduler.Job{Key: drillKey(ref, s.Left), Due: s.At, Class: scheduler.Digest, About: string(ref)})
	}
	return o, nil
}

func drillKey(ref bot.Ref, left time.Duration) scheduler.Key {
	return scheduler.Key{Kind: drillClock, Name: fmt.Sprintf("%s/%dm", ref, int(left.Minutes()))}
}

// answerDrill opens the real report form; its answers end in the drill.
func (h handler) answerDrill(ctx context.Context, t bot.Turn, ref bot.Ref) (bot.Outcome, error) {
	d, err := bot.Load[Drill](ctx, t, ref)
	if err != nil {
		return bot.Outcome{}, err
	}
	if !d.Reported.IsZero() {
		return t.Reply("breach.drill-reported-already"), nil
	}
	practice := bot.Block{Kind: bot.Para, Text: t.Say("breach.drill-form", "ref", string(ref))}
	return bot.Outcome{Ask: h.report().Begin(Breach{Drill: ref}).Saying(practice)}, nil
}

func (h handler) drillReported(ctx context.Context, t bot.Turn, b Breach) (bot.Outcome, error) {
	d, err := bot.Load[Drill](ctx, t, b.Drill)
	if err != nil {
		return bot.Outcome{}, err
	}
	if !d.Reported.IsZero() {
		return t.Reply("breach.drill-reported-already"), nil
	}
	d.Reported = t.Now
	m := bot.Say(t.Say("breach.drill-card", "ref", string(b.Drill), "left", minutes(d.clock().Left(t.Now)))).
		With(bot.Button{Action: "drill.ack", Label: t.Say("breach.button-ack"), Ref: b.Drill, Style: bot.Primary})
	receipt := bot.Say(t.Say("breach.drill-receipt", "ref", string(b.Drill)))
	if cause, ok := h.content.Cause(b.Cause); ok {
		receipt.Add(bot.Heading, t.Say("breach.receipt-now")).List(bot.Steps, cause.Now...)
	}
	return bot.Outcome{Save: map[bot.Ref]bot.Record{b.Drill: d}, Reply: receipt,
		Posts: []bot.Post{{Key: "drill/" + string(b.Drill), To: bot.ToRole(bot.DPLead), Class: scheduler.Routine, Message: *m}}}, nil
}

// ackDrill ends the drill with its score.
func (h handler) ackDrill(ctx context.Context, t bot.Turn, ref bot.Ref) (bot.Outcome, error) {
	d, err := bot.Load[Drill](ctx, t, ref)
	if err != nil {
		return bot.Outcome{}, err
	}
	if d.Reported.IsZero() || !d.Taken.IsZero() {
		return t.Reply("breach.drill-over"), nil
	}
	d.Taken = t.Now
	return h.drillOver(t, ref, d), nil
}

func (h handler) drillOver(t bot.Turn, ref bot.Ref, d Drill) bot.Outcome {
	var toReport, toTake time.Duration = -1, -1
	if !d.Reported.IsZero() {
		toReport = d.Reported.Sub(d.Called)
	}
	if !d.Taken.IsZero() {
		toTake = d.Taken.Sub(d.Reported)
	}
	m := bot.Say(t.Say("breach.drill-score", "ref", string(ref), "score", strconv.Itoa(drillScore(toReport)+drillScore(toTake))),
		t.Say("breach.drill-times", "report", shownMinutes(t, toReport), "ack", shownMinutes(t, toTake)), t.Say("breach.drill-nothing"))
	o := bot.Outcome{Save: map[bot.Ref]bot.Record{ref: d}, Reply: m,
		Posts: []bot.Post{{Key: "drill/" + string(ref), To: bot.ToRole(bot.DPLead), Class: scheduler.Routine, Message: *m}}}
	for _, s := range d.clock().Milestones() {
		o.Stop = append(o.Stop, drillKey(ref, s.Left))
	}
	return o
}

// drillScore is 0 to 5 points for a time on the fast clock; -1 means that it never happened.
func drillScore(took time.Duration) int {
	if took < 0 {
		return 0
	}
	for i, limit := range []time.Duration{4 * time.Minute, 8 * time.Minute, 16 * time.Minute, 32 * time.Minute, 72 * time.Minute} {
		if took <= limit {
			return 5 - i
		}
	}
	return 0
}

func minutes(d time.Duration) string { return strconv.Itoa(int(d.Round(time.Minute) / time.Minute)) }

func shownMinutes(t bot.Turn, d time.Duration) string {
	if d < 0 {
		return t.Say("breach.drill-never")
	}
	return t.Say("breach.left-minutes-took", "n", minutes(d))
}

func (h handler) drillMilestone(ctx context.Context, t bot.Turn, _ scheduler.Job) (bot.Outcome, error) {
	d, err := bot.Load[Drill](ctx, t, t.Ref)
	if errors.Is(err, bot.ErrNotFound) {
		return bot.Outcome{}, nil
	}
	if err != nil || !d.Taken.IsZero() {
		return bot.Outcome{}, err
	}
	left := d.clock().Left(t.Now)
	if left <= 0 {
		o := h.drillOver(t, t.Ref, d)
		o.Reply = nil
		return o, nil
	}
	now := int(left.Minutes())
	if d.Warned != nil && *d.Warned <= now {
		return bot.Outcome{}, nil
	}
	d.Warned = &now
	m := bot.Say(t.Say("breach.drill-left", "ref", string(t.Ref), "left", minutes(left)))
	return bot.Outcome{Save: map[bot.Ref]bot.Record{t.Ref: d}, Posts: []bot.Post{{Key: fmt.Sprintf("drill/%s/%d", t.Ref, now), To: bot.ToRole(bot.DPLead),
		Under: "drill/" + string(t.Ref), Class: scheduler.Routine, Message: *m}}}, nil
}
