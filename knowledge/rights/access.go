package rights

import (
	"slices"

	"shareright/knowledge/calendar"
)

// Request is what happened to a request for somebody's own information. Every date but
// Received may be absent.
type Request struct {
	Received calendar.Date
	Nation   calendar.Nation

	ID         Need          // was proof of identity needed?
	IDAsked    calendar.Date // the day it was asked for
	IDReceived calendar.Date

	Authority calendar.Date // proof came that somebody may act for the person
	Fee       calendar.Date // a fee that could be charged was paid

	Extended bool
	Notice   calendar.Date // the person was told of the extension

	Clarifications []Pause
}

// Need says whether there was real doubt who the person is, so that proof was reasonably
// asked for. Article 12(6) UK GDPR.
type Need int

// What is known of the need for proof of identity.
const (
	NeedNotSaid Need = iota
	Needed
	NotNeeded
)

// Pause is a question to the person about what they want. Answered is zero while it is open.
type Pause struct{ Asked, Answered calendar.Date }

// Access is the day by which a request must be answered. Article 12A UK GDPR.
func (c *Clocks) Access(r Request) (calendar.Due, error) {
	var due calendar.Due
	if err := c.check(r); err != nil {
		return due, err
	}
	due.Sources = slices.Clone(c.periods[access].from)
	start := c.relevant(&due, r)
	safeDays, latestDays, err := c.pauses(&due, r, start)
	if err != nil {
		return calendar.Due{}, err
	}
	months := c.periods[access].Months
	if r.Extended && c.extends(&due, r, start, latestDays) {
		months = c.periods[extended].Months
		due.Sources = append(due.Sources, c.periods[extended].from...)
	}
	month := start.AddMonths(months)
	c.step(&due, "months", "months", plural(months, "month"), "start", start, "date", month)
	c.pausedEnd(&due, month, safeDays, latestDays, r.Nation)
	c.undecided(&due, r)
	return due, nil
}

// ExtensionNotice is the day by which the person must be told that the answer will take
// longer, and why. Article 12A(4) UK GDPR.
func (c *Clocks) ExtensionNotice(r Request) (calendar.Due, error) {
	var due calendar.Due
	if err := c.check(r); err != nil {
		return due, err
	}
	due.Sources = slices.Clone(c.periods[notice].from)
	start := c.relevant(&due, r)
	safeDays, latestDays, err := c.pauses(&due, r, start)
	if err != nil {
		return calendar.Due{}, err
	}
	month := start.AddMonths(c.periods[notice].Months)
	c.step(&due, "months", "months", plural(c.periods[notice].Months, "month"), "start", start, "date", month)
	c.pausedEnd(&due, month, safeDays, latestDays, r.Nation)
	if last := month.AddDays(safeDays); last != due.Date {
		due.Safe, due.Latest = c.holidays.LastWorkingDay(r.Nation, last), calendar.Latest(due.Date, due.Latest)
		c.warn(&due, "notice_weekend", "safe", due.Safe)
	}
	return due, nil
}

func (c *Clocks) check(r Request) error {
	if r.Received.IsZero() {
		return c.problem("received_missing")
	}
	if r.Nation == "" {
		return c.problem("nation_missing")
	}
	return nil
}

// relevant is the day the month runs from: the latest of what the law names.
// Article 12A(2) UK GDPR; for an agent's authority, ICO guidance of December 2025.
func (c *Clocks) relevant(due *calendar.Due, r Request) calendar.Date {
	start := r.Received
	c.step(due, "received", "date", r.Received)
	later := func(d calendar.Date, sentence string) {
		if d.After(start) {
			start = d
			c.step(due, sentence, "date", d)
		}
	}
	firstEnd := c.holidays.NextWorkingDay(r.Nation, r.Received.AddMonths(c.periods[access].Months))
	switch {
	case r.ID != Needed && !r.IDReceived.IsZero():
		c.warn(due, "id_not_needed", "date", r.Received)
	case r.ID == Needed && r.IDAsked.After(firstEnd):
		c.warn(due, "id_asked_too_late", "date", firstEnd)
	case r.ID == Needed && r.IDReceived.IsZero():
		c.warn(due, "id_awaited", "date", r.Received)
	case r.ID == Needed:
		later(r.IDReceived, "id_received")
		if !r.IDAsked.IsZero() && r.Received.DaysTo(r.IDAsked) > promptDays {
			c.warn(due, "id_asked_slowly")
		}
	}
	later(r.Authority, "authority_received")
	later(r.Fee, "fee_paid")
	if !r.Fee.IsZero() {
		c.warn(due, "fee_rare")
	}
	return start
}

// promptDays is how soon proof of identity should be asked for before we remark on it.
// The law has no figure; the ICO says promptly.
const promptDays = 7

// pauses counts the days on which the clock stood still: by the careful reading, and by
// the words of the law (first and last day both left out). Article 12A(5) UK GDPR.
func (c *Clocks) pauses(due *calendar.Due, r Request, start calendar.Date) (safe, latest int, err error) {
	list := slices.Clone(r.Clarifications)
	slices.SortFunc(list, func(a, b Pause) int { return a.Asked.Compare(b.Asked) })
	var end calendar.Date // of the last pause counted; overlapping days count once
	for _, p := range list {
		switch {
		case p.Asked.IsZero():
			return 0, 0, c.problem("asked_missing")
		case p.Asked.Before(r.Received):
			return 0, 0, c.problem("asked_before_request", "asked", p.Asked.Plain(), "received", r.Received.Plain())
		case !p.Answered.IsZero() && p.Answered.Before(p.Asked):
			return 0, 0, c.problem("answered_before_asked", "asked", p.Asked.Plain(), "answered", p.Answered.Plain())
		case p.Asked.After(c.holidays.NextWorkingDay(r.Nation, start.AddMonths(c.periods[access].Months).AddDays(latest))):
			c.warn(due, "asked_too_late", "date", p.Asked)
			continue
		case p.Answered.IsZero():
			c.warn(due, "clock_stopped", "date", p.Asked)
			continue
		}
		from := calendar.Latest(calendar.Latest(p.Asked, start), end)
		if p.Answered.Before(from) {
			continue
		}
		both := from.DaysTo(p.Answered)
		safe += both
		latest += both
		if from != end { // a day that ends one pause and begins the next is left out once
			latest++
		}
		end = p.Answered
		c.step(due, "paused", "asked", p.Asked, "answered", p.Answered, "days", plural(both, "day"))
		c.warn(due, "clarify_only_if_needed")
		due.Sources = append(due.Sources, c.periods[clarify].from...)
	}
	return safe, latest, nil
}

// extends says whether an extension has effect: the person must be told, with reasons,
// inside the first month. Article 12A(4) UK GDPR.
func (c *Clocks) extends(due *calendar.Due, r Request, start calendar.Date, pausedDays int) bool {
	month := start.AddMonths(c.periods[notice].Months).AddDays(pausedDays)
	last := c.holidays.NextWorkingDay(r.Nation, month)
	switch {
	case r.Notice.After(last):
		c.warn(due, "notice_late", "notice", r.Notice, "last", last)
		return false
	case r.Notice.After(month):
		c.warn(due, "notice_after_month", "notice", r.Notice, "month", month)
	case r.Notice.IsZero():
		c.warn(due, "notice_needed", "last", c.holidays.LastWorkingDay(r.Nation, month))
	default:
		c.step(due, "notice_in_time", "notice", r.Notice)
	}
	c.warn(due, "extend_only_if_complex")
	return true
}

// pausedEnd puts the days of a pause behind the end of the month. The careful date is the
// one to work to; the later stands beside it where the two differ.
func (c *Clocks) pausedEnd(due *calendar.Due, month calendar.Date, safeDays, latestDays int, nation calendar.Nation) {
	safe := month.AddDays(safeDays)
	if safeDays > 0 {
		c.step(due, "add_pause", "days", plural(safeDays, "day"), "date", safe)
	}
	due.Date = c.end(due, safe, nation)
	if latest := c.holidays.NextWorkingDay(nation, month.AddDays(latestDays)); latest != due.Date {
		due.Safe, due.Latest = due.Date, latest
		c.warn(due, "two_readings", "latest", due.Latest)
	}
}

// undecided shows both dates where proof of identity came but nobody said whether it was needed.
func (c *Clocks) undecided(due *calendar.Due, r Request) {
	if r.ID != NeedNotSaid || r.IDReceived.IsZero() {
		return
	}
	needed := r
	needed.ID = Needed
	if other, err := c.Access(needed); err == nil && other.Date.After(due.Date) {
		due.Safe, due.Latest = due.Date, calendar.Latest(due.Latest, other.Date)
	}
}
