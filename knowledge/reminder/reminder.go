// Package reminder plans the mornings on which people are reminded of one thing to do:
// some days before it is due, on the day, and every week until it is done.
//
// It only counts days. On which days of the week and at what hour people are reminded is
// content of knowledge/calendar. Who is told, in which words and how belongs to the features;
// a legal clock that runs through nights and weekends belongs to scheduler.
package reminder

import (
	"slices"
	"time"

	"shareright/knowledge/calendar"
)

// Plan is one thing to do and when people are reminded of it. A reminder that falls on a
// weekend or a bank holiday waits for the next morning on which there are any, unless any day will do.
type Plan struct {
	Due    calendar.Date
	Before []int         // days before Due on which it is told
	Every  int           // days between reminders from Due on; 0 means no more
	Quiet  calendar.Date // put off: nothing before this day, and a reminder on it; may be zero
	Last   bool          // Due is the last day allowed: its reminder comes forward, never after
	AnyDay bool          // weekends and bank holidays are as good as other days
	On     calendar.Mornings
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
		if after.After(p.Due) { // far behind: begin near the day, three weeks early for one day a week and the holidays
			first = max(0, p.Due.DaysTo(after)/p.Every-21/p.Every-1)
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
		days = append(days, p.On.Last(p.Due))
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
	return p.On.Next(day)
}

// Open says whether people are reminded on a day: on any day where that is meant,
// otherwise on those of the calendar.
func (p Plan) Open(day calendar.Date) bool { return p.AnyDay || p.On.Open(day) }

// At is the hour of the reminders of a day in a time zone: of that very day where any day
// will do, otherwise of the next on which there are any.
func (p Plan) At(day calendar.Date, zone *time.Location) time.Time {
	return calendar.Local(p.working(day), p.On.Hour(), zone).Time
}
