package calendar

import (
	"fmt"
	"strings"
	"time"
)

// Reading says how many instants a time on the clock can mean.
type Reading int

// A wall clock shows most times once, an hour twice in autumn, and an hour never in spring.
const (
	Once Reading = iota
	Twice
	Never
)

// Instant is what a time on a wall clock means.
type Instant struct {
	// Time is the instant; of a time shown twice, the earlier. Of a time never shown, it is
	// read from a clock that was not put forward.
	Time time.Time
	// Other is the second instant of a time shown twice, or the earlier reading of a time
	// never shown (a clock put forward too soon); otherwise it is Time.
	Other   time.Time
	Reading Reading
}

// Local finds the instant at which clocks in the zone show this day and time of day.
func Local(d Date, sinceMidnight time.Duration, zone *time.Location) Instant {
	wall := time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC).Add(sinceMidnight)
	before, after := offset(wall.Add(-24*time.Hour), zone), offset(wall.Add(24*time.Hour), zone)
	first, second := wall.Add(-before), wall.Add(-after)
	isFirst, isSecond := offset(first, zone) == before, offset(second, zone) == after
	switch {
	case first.Equal(second), isFirst && !isSecond:
		return Instant{first.In(zone), first.In(zone), Once}
	case isSecond && !isFirst:
		return Instant{second.In(zone), second.In(zone), Once}
	case isFirst: // both
		return Instant{first.In(zone), second.In(zone), Twice}
	}
	return Instant{first.In(zone), second.In(zone), Never}
}

func offset(t time.Time, zone *time.Location) time.Duration {
	_, seconds := t.In(zone).Zone()
	return time.Duration(seconds) * time.Second
}

// localForms are the ways a program may write a time on a wall clock.
var localForms = []string{"2006-01-02T15:04:05.999999999", "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02 15:04"}

// ParseLocal reads "2026-11-22T00:30:00 Europe/London": a time on a wall clock and its zone.
// Without a zone it is usual. With an offset (RFC 3339) it is one exact instant.
func ParseLocal(text string, usual *time.Location) (Instant, error) {
	text = strings.TrimSpace(text)
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return Instant{t.In(usual), t.In(usual), Once}, nil
	}
	clock, zone := text, usual
	if i := strings.LastIndexByte(text, ' '); i > 0 && strings.ContainsAny(text[i+1:], "/UGZ") {
		named, err := time.LoadLocation(text[i+1:])
		if err != nil {
			return Instant{}, fmt.Errorf("there is no time zone %q; write it like Europe/London", text[i+1:])
		}
		clock, zone = strings.TrimSpace(text[:i]), named
	}
	for _, form := range localForms {
		if wall, err := time.Parse(form, clock); err == nil {
			midnight := time.Date(wall.Year(), wall.Month(), wall.Day(), 0, 0, 0, 0, time.UTC)
			return Local(On(wall, time.UTC), wall.Sub(midnight), zone), nil
		}
	}
	return Instant{}, fmt.Errorf("%q is not a time; write it like 2026-11-22T00:30:00 Europe/London", text)
}
