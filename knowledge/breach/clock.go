package breach

import (
	"errors"
	"fmt"
	"time"

	"shareright/knowledge/calendar"
)

// Limit is how long there is to tell the regulator once the organisation is aware. It is
// elapsed time: nights, weekends, bank holidays and clock changes do not stop it.
// Article 33(1) UK GDPR.
const Limit = 72 * time.Hour

// Remaining are the hours left at which the people in charge are told again.
var Remaining = [...]time.Duration{48 * time.Hour, 24 * time.Hour, 12 * time.Hour, 4 * time.Hour, time.Hour}

// Deadline is the instant 72 hours after awareness, in UTC.
func Deadline(aware time.Time) time.Time { return aware.UTC().Add(Limit) }

// Milestone is a moment at which the people in charge are told what time is left.
type Milestone struct {
	Left time.Duration
	At   time.Time // UTC
}

// Milestones are the reminders of a clock, first to last.
func Milestones(aware time.Time) []Milestone {
	deadline := Deadline(aware)
	list := make([]Milestone, 0, len(Remaining))
	for _, left := range Remaining {
		list = append(list, Milestone{Left: left, At: deadline.Add(-left)})
	}
	return list
}

// Happened is what is known of when a breach happened, was noticed and was understood to
// be one. Each is absent (nil) until known.
type Happened struct {
	Aware      *calendar.Instant // reasonably certain that it is a breach
	Discovered *calendar.Instant // somebody in the organisation noticed
	Occurred   *calendar.Instant
}

// Clock is the 72-hour clock of a breach, and how it was read.
type Clock struct {
	From     time.Time // UTC
	Deadline time.Time // UTC
	// Safe and Latest are zero unless the start can be read in two ways: done by Safe it is
	// in time on either reading.
	Safe, Latest    time.Time
	Steps, Warnings []string
}

// ErrNoStart says that nothing is known of when the breach was noticed.
var ErrNoStart = errors.New("give the time you knew of the breach, as aware_at_local")

// Start reads the clock from what is known. Awareness starts it; when nobody wrote that
// down, discovery does. The occurrence does not, but a breach cannot be noticed before it
// happens, so alone it gives the earliest the deadline can be.
func Start(h Happened) (Clock, error) {
	switch {
	case h.Aware != nil:
		c := from(*h.Aware, "You knew of the breach at %s. The clock starts then.")
		if h.Discovered != nil && h.Discovered.Time.Before(h.Aware.Time) {
			c.Safe = Deadline(h.Discovered.Time)
			c.Latest = later(c.Latest, c.Deadline)
			c.Warnings = append(c.Warnings, "Somebody noticed earlier than that. If they knew it was a breach, the clock started then.")
		}
		return c.with(h), nil
	case h.Discovered != nil:
		c := from(*h.Discovered, "The breach was noticed at %s. The clock starts then, not when it happened.")
		return c.with(h), nil
	case h.Occurred != nil:
		c := from(*h.Occurred, "The breach happened at %s. Counting from then gives the earliest the deadline can be.")
		c.Safe = c.Deadline
		c.Warnings = append(c.Warnings, "The clock starts when you noticed, not when it happened. Say when that was.")
		return c, nil
	}
	return Clock{}, ErrNoStart
}

func from(start calendar.Instant, sentence string) Clock {
	c := Clock{From: start.Time.UTC(), Deadline: Deadline(start.Time)}
	c.Steps = []string{
		fmt.Sprintf(sentence, shown(start.Time)),
		fmt.Sprintf("72 hours later is %s. Nights, weekends and bank holidays count.", shown(c.Deadline.In(start.Time.Location()))),
	}
	switch start.Reading {
	case calendar.Twice:
		c.Safe, c.Latest = c.Deadline, Deadline(start.Other)
		c.Warnings = append(c.Warnings, "The clocks went back that night, so that time came twice. The earlier one is used.")
	case calendar.Never:
		c.Safe, c.Latest = Deadline(start.Other), c.Deadline
		c.Warnings = append(c.Warnings, "The clocks went forward that night and skipped that time. Check when it was.")
	}
	return c
}

// with points out times that cannot be so.
func (c Clock) with(h Happened) Clock {
	if h.Occurred != nil && h.Occurred.Time.UTC().After(c.From) {
		c.Warnings = append(c.Warnings, "It seems to have happened after you knew of it. Check both times.")
	}
	return c
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// shown is a time with its weekday and the name of its zone, because clocks change.
func shown(t time.Time) string { return t.Format("Mon 2 Jan 2006 15:04 MST") }
