package calendar

import (
	"slices"
	"time"
)

// Holiday is one bank holiday.
type Holiday struct {
	Date       Date
	Name       string
	Substitute bool // the day itself fell on a weekend
}

// Holidays lists a nation's bank holidays of a year by date. Beyond Known they follow the
// usual rules and lack any day not yet proclaimed.
func (c *Calendar) Holidays(n Nation, year int) []Holiday { return slices.Clone(c.holidays(n, year)) }

// holidays is Holidays without a copy: nobody may change what it returns.
func (c *Calendar) holidays(n Nation, year int) []Holiday {
	key := nationYear{n, year}
	if known, ok := c.years.Load(key); ok {
		return known.([]Holiday)
	}
	list := c.workedOut(n, year)
	c.years.Store(key, list)
	return list
}

func (c *Calendar) workedOut(n Nation, year int) []Holiday {
	var found, weekend []Holiday
	for _, r := range c.rules {
		if !slices.Contains(r.Nations, n) || year < r.Since {
			continue
		}
		h := Holiday{Date: c.moveFor(n, r.in(year)), Name: r.Name}
		if r.Day > 0 && h.Date.Weekend() {
			weekend = append(weekend, h)
			continue
		}
		found = append(found, h)
	}
	for _, e := range c.extra {
		if e.Date.Year == year && slices.Contains(e.Nations, n) {
			found = append(found, Holiday{Date: e.Date, Name: e.Name})
		}
	}
	slices.SortFunc(weekend, func(a, b Holiday) int { return a.Date.Compare(b.Date) })
	for _, h := range weekend {
		day := h.Date
		for day.Weekend() || slices.ContainsFunc(found, func(o Holiday) bool { return o.Date == day }) {
			day = day.AddDays(1)
		}
		found = append(found, Holiday{Date: day, Name: h.Name, Substitute: true})
	}
	slices.SortFunc(found, func(a, b Holiday) int { return a.Date.Compare(b.Date) })
	return found
}

func (c *Calendar) moveFor(n Nation, d Date) Date {
	for _, m := range c.moved {
		if m.From == d && slices.Contains(m.Nations, n) {
			return m.To
		}
	}
	return d
}

// in is the day the rule names in a year, before any move or substitute.
func (r rule) in(year int) Date {
	switch {
	case r.Easter != nil:
		return easter(year).AddDays(*r.Easter)
	case r.Day > 0:
		return Date{year, time.Month(r.Month), r.Day}
	case r.Monday == "first":
		d := Date{year, time.Month(r.Month), 1}
		return d.AddDays((int(time.Monday-d.Weekday()) + 7) % 7)
	}
	d := Date{year, time.Month(r.Month), daysIn(year, time.Month(r.Month))}
	return d.AddDays(-((int(d.Weekday()-time.Monday) + 7) % 7))
}

// easter is Easter Sunday of the Gregorian calendar (the anonymous algorithm of 1876).
func easter(year int) Date {
	a, b, c := year%19, year/100, year%100
	h := (19*a + b - b/4 - (b-(b+8)/25+1)/3 + 15) % 30
	l := (32 + 2*(b%4) + 2*(c/4) - h - c%4) % 7
	m := (a + 11*h + 22*l) / 451
	n := h + l - 7*m + 114
	return Date{year, time.Month(n / 31), n%31 + 1}
}

// HolidayOn is the bank holiday on a day, if it is one.
func (c *Calendar) HolidayOn(n Nation, d Date) (Holiday, bool) {
	// A substitute never leaves its year: the last fixed day is 26 December.
	for _, h := range c.holidays(n, d.Year) {
		if h.Date == d {
			return h, true
		}
	}
	return Holiday{}, false
}

// Working says that a day is neither a weekend nor a bank holiday in the nation.
func (c *Calendar) Working(n Nation, d Date) bool {
	if d.Weekend() {
		return false
	}
	_, holiday := c.HolidayOn(n, d)
	return !holiday
}

// NextWorkingDay is the first working day on or after d.
func (c *Calendar) NextWorkingDay(n Nation, d Date) Date {
	for !c.Working(n, d) {
		d = d.AddDays(1)
	}
	return d
}

// LastWorkingDay is the last working day on or before d.
func (c *Calendar) LastWorkingDay(n Nation, d Date) Date {
	for !c.Working(n, d) {
		d = d.AddDays(-1)
	}
	return d
}

// Known says that the bank holidays of d have been published. For another day they are
// only what the usual rules give, and whoever shows the date must say so.
func (c *Calendar) Known(d Date) bool { return !d.Before(c.from) && !d.After(c.to) }

// KnownTo is the last day for which bank holidays have been published.
func (c *Calendar) KnownTo() Date { return c.to }
