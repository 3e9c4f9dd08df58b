// Package reminder plans the mornings on which people are reminded of one thing to do:
// some days before it is due, on the day, and every week until it is done.
//
// It only counts days. Who is told, in which words and how belongs to the features; a
// legal clock that runs through nights and weekends belongs to scheduler.
package reminder

import (
	"slices"
	"time"

	"shareright/knowledge/calendar"
)

// hour is when a working morning begins, in the organisation's time zone.
const hour = 9 * time.Hour

// Plan is one thing to do and when people are reminded of it. A reminder that falls on a
// weekend or a bank holiday waits for the next working day, unless any day will do.
type Plan struct {
	Due    calendar.Date
	Before []int         // days before Due on which it is told
	Every  int           // days between reminders from Due on; 0 means no more
	Quiet  calendar.Date // put off: nothing before this day, and a reminder on it; may be zero
	Last   bool          // Due is the last day allowed: its reminder comes forward, never after
	AnyDay bool          // weekends and bank holidays are as good as other days
	Nation calendar.Nation
}

// Next is the first morning after a day on which somebody is reminded. The zero Date
// means there is none.
func (p Plan) Next(after calendar.Date) calendar.Date {
	for day := range p.mornings(after) {
		return day
	}
	return calendar.Date{}
}

// Missed counts the mornings after one day and before another: those that nobody was
// reminded on, when the last reminder was on told and the next is today.
func (p Plan) Missed(told, today calendar.Date) int {
	missed := 0
	for day := range p.mornings(told) {
		if !day.Before(today) {
			break
		}
		missed++
	}
	return missed
}

// mornings are all mornings of the plan after a day, each once, earliest first.
func (p Plan) mornings(after calendar.Date) func(yield func(calendar.Date) bool) {
	return func(yield func(calendar.Date) bool) {
		last := after
		give := func(day calendar.Date) bool {
			if !day.After(last) || day.Before(p.Quiet) {
				return true
			}
			last = day
			return yield(day)
		}
		early := p.early()
		for _, day := range early {
			if !give(day) {
				return
			}
		}
		if p.Every <= 0 {
			return
		}
		first := 0
		if after.After(p.Due) { // far behind: begin near the day, a week early for the holidays
			first = max(0, p.Due.DaysTo(after)/p.Every-7/p.Every-1)
		}
		for n := first; ; n++ {
			if day := p.working(p.Due.AddDays(n * p.Every)); (n > 0 || !p.Last) && !give(day) {
				return
			}
		}
	}
}

// early are the mornings before and on the due day, and the one that it was put off to.
func (p Plan) early() []calendar.Date {
	days := make([]calendar.Date, 0, len(p.Before)+2)
	for _, n := range p.Before {
		days = append(days, p.working(p.Due.AddDays(-n)))
	}
	if p.Last && !p.AnyDay {
		days = append(days, calendar.Default().LastWorkingDay(p.Nation, p.Due))
	} else {
		days = append(days, p.working(p.Due))
	}
	if !p.Quiet.IsZero() {
		days = append(days, p.working(p.Quiet))
	}
	slices.SortFunc(days, calendar.Date.Compare)
	return days
}

func (p Plan) working(day calendar.Date) calendar.Date {
	if p.AnyDay {
		return day
	}
	return calendar.Default().NextWorkingDay(p.Nation, day)
}

// Working says whether people are reminded on a day in a nation at all.
func Working(nation calendar.Nation, day calendar.Date) bool {
	return calendar.Default().Working(nation, day)
}

// Morning is 9am of a day in a time zone, or of the next working day.
func Morning(nation calendar.Nation, day calendar.Date, zone *time.Location) time.Time {
	return calendar.Local(calendar.Default().NextWorkingDay(nation, day), hour, zone).Time
}

// Open says whether people are reminded on a day: on any day where that is meant,
// otherwise on working days of the nation.
func (p Plan) Open(day calendar.Date) bool { return p.AnyDay || Working(p.Nation, day) }

// At is 9am of a day in a time zone: of that very day where any day will do, otherwise of
// the next working day.
func (p Plan) At(day calendar.Date, zone *time.Location) time.Time {
	return calendar.Local(p.working(day), hour, zone).Time
}
