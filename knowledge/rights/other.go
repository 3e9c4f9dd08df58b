package rights

import (
	"fmt"
	"slices"

	"shareright/knowledge/calendar"
)

// SchoolRequest is a parent's written request to see a pupil's record.
type SchoolRequest struct {
	Written calendar.Date // the day the school got it
	Closed  []calendar.Date
	Nation  calendar.Nation
}

// EducationRecord is the day by which a maintained school must show the record: 15 school
// days, the first being the school day after the request came. Education (Pupil
// Information) (England) Regulations 2005, regulation 5.
func (c *Clocks) EducationRecord(r SchoolRequest) (calendar.Due, error) {
	due := calendar.Due{Sources: c.periods[education].from}
	if r.Written.IsZero() {
		return calendar.Due{}, c.problem("written_missing")
	}
	if r.Nation == "" {
		r.Nation = calendar.EnglandWales
	}
	day, skipped := r.Written, 0
	for left := c.periods[education].Days; left > 0; {
		day = day.AddDays(1)
		switch {
		case slices.Contains(r.Closed, day):
			skipped++
		case c.holidays.Working(r.Nation, day):
			left--
		}
	}
	due.Date = day
	c.step(&due, "school_received", "date", r.Written)
	c.step(&due, "school_days", "days", c.periods[education].Days, "date", day)
	if skipped > 0 {
		c.step(&due, "school_closed", "days", plural(skipped, "day"))
	} else {
		c.warn(&due, "school_holidays_unknown")
	}
	if !c.holidays.Known(day) {
		c.warn(&due, "calendar_unknown", "year", c.holidays.KnownTo().Year)
	}
	c.warn(&due, "school_who")
	return due, nil
}

// ComplaintAcknowledgement is the day by which a data protection complaint must be
// acknowledged: 30 days from the day after it came. Section 164A Data Protection Act 2018.
func (c *Clocks) ComplaintAcknowledgement(received calendar.Date, nation calendar.Nation) (calendar.Due, error) {
	if err := c.check(Request{Received: received, Nation: nation}); err != nil {
		return calendar.Due{}, err
	}
	p := c.periods[complaint]
	due := calendar.Due{Sources: p.from}
	last := received.AddDays(p.Days)
	c.step(&due, "complaint_received", "date", received)
	c.step(&due, "complaint_days", "days", p.Days, "date", last)
	due.Date = c.end(&due, last, nation)
	if received.Before(p.Since) {
		c.warn(&due, "complaint_before_law", "date", p.Since.Plain())
	}
	c.warn(&due, "complaint_look_now")
	return due, nil
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
