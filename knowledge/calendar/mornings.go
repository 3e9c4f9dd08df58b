package calendar

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"shareright/knowledge"
)

// mornings is mornings.yaml: when reminders go out, in every nation.
type mornings struct {
	Hour         int      `yaml:"hour"`
	Days         []string `yaml:"days"`
	BankHolidays bool     `yaml:"bank_holidays"`

	open [7]bool // by weekday
}

// week is the days of the week as people write them, in their order here.
var week = []string{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}

func readMornings(files fs.FS) (mornings, error) {
	var m mornings
	if err := knowledge.ReadYAML(files, "mornings.yaml", &m); err != nil {
		return m, err
	}
	var problems []error
	if m.Hour < 0 || m.Hour > 23 {
		problems = append(problems, fmt.Errorf("mornings.yaml: the hour is %d; use a whole hour from 0 to 23", m.Hour))
	}
	if len(m.Days) == 0 {
		problems = append(problems, errors.New("mornings.yaml: there is no day on which to remind; name one at least, such as days: [tuesday]"))
	}
	for _, day := range m.Days {
		at := slices.Index(week, strings.ToLower(day))
		if at < 0 {
			problems = append(problems, fmt.Errorf("mornings.yaml: %q is no day of the week%s", day, knowledge.DidYouMean(strings.ToLower(day), week)))
			continue
		}
		m.open[(at+1)%len(week)] = true
	}
	return m, errors.Join(problems...)
}

// Mornings are when the people of one nation are reminded. The zero value is England and
// Wales on the days and at the hour that the program carries.
type Mornings struct {
	calendar *Calendar
	nation   Nation
}

// Mornings returns when the people of a nation are reminded. Without a calendar it is that of the program.
func (c *Calendar) Mornings(n Nation) Mornings { return Mornings{c, n} }

func (m Mornings) where() (*Calendar, Nation) {
	if m.calendar == nil {
		m.calendar = Default()
	}
	if m.nation == "" {
		m.nation = EnglandWales
	}
	return m.calendar, m.nation
}

// Open says whether people are reminded on a day at all.
func (m Mornings) Open(d Date) bool {
	c, n := m.where()
	if !c.mornings.open[d.Weekday()] {
		return false
	}
	return c.mornings.BankHolidays || !c.festive(n, d)
}

// festive says whether a day is a bank holiday, or one on a weekend that has its substitute on another day.
func (c *Calendar) festive(n Nation, d Date) bool {
	if _, holiday := c.HolidayOn(n, d); holiday {
		return true
	}
	return d.Weekend() && slices.ContainsFunc(c.rules, func(r rule) bool {
		return slices.Contains(r.Nations, n) && d.Year >= r.Since && r.in(d.Year) == d
	})
}

// Working says that a day is neither a weekend nor a bank holiday, whenever people are reminded.
func (m Mornings) Working(d Date) bool {
	c, n := m.where()
	return c.Working(n, d)
}

// Next is the first day on or after d on which people are reminded.
func (m Mornings) Next(d Date) Date {
	for !m.Open(d) {
		d = d.AddDays(1)
	}
	return d
}

// Last is the last day on or before d on which people are reminded.
func (m Mornings) Last(d Date) Date {
	for !m.Open(d) {
		d = d.AddDays(-1)
	}
	return d
}

// Hour is the time since midnight at which people are reminded.
func (m Mornings) Hour() time.Duration {
	c, _ := m.where()
	return time.Duration(c.mornings.Hour) * time.Hour
}

// Weekday is the first day of the week on which people are reminded. The week begins on Monday.
func (m Mornings) Weekday() time.Weekday {
	c, _ := m.where()
	for i := range len(week) {
		if day := time.Weekday((i + 1) % len(week)); c.mornings.open[day] {
			return day
		}
	}
	return time.Monday
}

// At is the hour of the reminders in a zone, on a day or else on the next on which there are any.
func (m Mornings) At(d Date, zone *time.Location) time.Time {
	return Local(m.Next(d), m.Hour(), zone).Time
}

// Nobody minds a reminder that is late by so much on its day, until the evening ends.
const (
	awake   = 9 * time.Hour
	bedtime = 22 * time.Hour
)

// Soonest is when a reminder that was missed may come: now, within some hours of the usual
// one on a day with reminders, or else at that hour on the next such day.
func (m Mornings) Soonest(now time.Time) time.Time {
	today, zone := On(now, now.Location()), now.Location()
	from := m.At(today, zone)
	until := Local(today, max(min(m.Hour()+awake, bedtime), m.Hour()+time.Hour), zone).Time
	switch {
	case now.Before(from):
		return from
	case now.Before(until):
		return now
	}
	return m.At(today.AddDays(1), zone)
}
