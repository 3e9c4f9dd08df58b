package retention

import (
	"shareright/bot"
	"shareright/knowledge/calendar"
	"shareright/knowledge/reminder"
	knowledge "shareright/knowledge/retention"
	"shareright/scheduler"
)

// The rhythm of reminders, in days or months.
const (
	notice     = 30 // before the day
	weekly     = 7  // after it
	patience   = 14 // overdue so long, each lead is told in person
	holdMonths = 3  // then it is asked whether a hold is still needed
	holdDays   = 91 // and from then on so often
)

// act is the first day on which the file is to be destroyed; the last one allowed where
// the rule is a longest time. The zero date means that there is none.
func (r Review) act() calendar.Date {
	switch {
	case r.Kind == knowledge.Permanent:
		return calendar.Date{}
	case r.Kind == knowledge.Maximum:
		return r.Date
	}
	last := calendar.Latest(calendar.Latest(r.Date, r.Until), r.agreed())
	if last.IsZero() && r.Kind == knowledge.Never {
		return r.SetOn
	}
	if last.IsZero() {
		return last
	}
	return last.AddDays(1) // kept to the end of its last day
}

// earliest is the first day on which the file may be destroyed. Held and permanent
// files have none.
func (r Review) earliest() (day calendar.Date, ever bool) {
	switch {
	case r.Hold != nil || len(r.live) > 0:
		return calendar.Date{}, false
	case r.Kind == knowledge.Maximum:
		return calendar.Date{}, true // any day up to the last one allowed
	}
	day = r.act()
	return day, !day.IsZero()
}

// mayDestroy says whether the file may be destroyed on a day.
func (r Review) mayDestroy(on calendar.Date) bool {
	day, ever := r.earliest()
	return ever && !on.Before(day)
}

// reminders is the plan of a review in its state; no plan when nothing is left to do.
func (r Review) reminders(on calendar.Mornings) (p reminder.Plan, some bool) {
	r.live = nil // what a live request puts off is seen when its morning comes
	switch r.state() {
	case destroyed:
		return p, false
	case held:
		return reminder.Plan{Due: r.Hold.Since.AddMonths(holdMonths), Every: holdDays, Quiet: r.Quiet, On: on}, true
	case confirm:
		return reminder.Plan{Due: r.Disposal.Said.AddDays(weekly), Every: weekly, On: on}, true
	}
	due := r.act()
	return reminder.Plan{Due: due, Before: []int{notice}, Every: weekly, Quiet: r.Quiet, Last: r.Kind == knowledge.Maximum, On: on}, !due.IsZero()
}

// next is the morning of the next reminder; the zero date means there is none.
func (r Review) next(on calendar.Mornings) calendar.Date {
	p, some := r.reminders(on)
	if !some {
		return calendar.Date{}
	}
	return p.Next(r.Told)
}

// snoozed is the day until which a snooze puts the reminders off: never past the last day allowed.
func (r Review) snoozed(today calendar.Date, long bool) calendar.Date {
	until := today.AddDays(weekly)
	if long {
		until = today.AddMonths(1)
	}
	if r.Kind == knowledge.Maximum && until.After(r.Date) {
		if last := today.AddDays(1); last.After(r.Date) {
			return last // past it already: tomorrow
		}
		return r.Date
	}
	return until
}

// plan puts the job of the next reminder into an outcome, or stops it. One job at a time
// stands for the whole plan, so an outage cannot pile them up.
func (h handler) plan(t bot.Turn, ref bot.Ref, r Review, o *bot.Outcome) {
	key := scheduler.Key{Kind: remindKind, Name: string(ref)}
	next := r.next(t.Mornings())
	if next.IsZero() {
		o.Stop = append(o.Stop, key)
		return
	}
	o.Jobs = append(o.Jobs, scheduler.Job{Key: key, Due: t.Mornings().At(next, t.Org.Zone), Class: scheduler.Routine, About: string(ref)})
}
