// Package rights works out when a person's request must be answered: access to their
// information, its extension and pauses, a pupil's record, and a complaint.
//
// It leaves the case itself (who asked, what was found, which letter) to
// handlers/rights, and bank holidays to calendar. Periods and sentences are content:
// clocks.yaml. Nothing here reads the clock.
package rights

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"sync"

	"shareright/knowledge"
	"shareright/knowledge/calendar"
)

//go:embed *.yaml letters/*.md
var content embed.FS

// Files are the content that is built in, to be laid under an organisation's own.
func Files() fs.FS { return content }

// Clocks are the legal periods, the sentences that explain them, and the bank holidays.
type Clocks struct {
	periods  map[string]period
	phrases  calendar.Phrases
	holidays *calendar.Calendar
}

// period is one limit set by law.
type period struct {
	ID      string        `yaml:"id"`
	Months  int           `yaml:"months"`
	Days    int           `yaml:"days"`
	Since   calendar.Date `yaml:"since"` // in force from this day; zero means before any date of ours
	Sources []string      `yaml:"sources"`
	from    []knowledge.Source
}

// The periods that clocks.yaml must hold.
const (
	access    = "access"
	extended  = "access_extended"
	notice    = "extension_notice"
	clarify   = "clarification"
	education = "education_record"
	complaint = "complaint_acknowledgement"
	keep      = "request_file"
)

// Load reads clocks.yaml and sources.yaml and reports every mistake in them.
func Load(files fs.FS, holidays *calendar.Calendar) (*Clocks, error) {
	var file struct {
		Periods   []period         `yaml:"periods"`
		Sentences calendar.Phrases `yaml:"sentences"`
	}
	if err := knowledge.ReadYAML(files, "clocks.yaml", &file); err != nil {
		return nil, err
	}
	sources, err := knowledge.ReadSources(files, "sources.yaml")
	if err != nil {
		return nil, err
	}
	c := &Clocks{periods: map[string]period{}, phrases: file.Sentences, holidays: holidays}
	var problems []error
	for _, p := range file.Periods {
		if p.from, err = sources.Pick(p.Sources...); err != nil {
			problems = append(problems, fmt.Errorf("clocks.yaml: period %q: %w", p.ID, err))
		}
		if len(p.Sources) == 0 || p.Months < 0 || p.Days < 0 {
			problems = append(problems, fmt.Errorf("clocks.yaml: period %q needs a source, and no negative length", p.ID))
		}
		c.periods[p.ID] = p
	}
	for _, id := range []string{access, extended, notice, clarify, education, complaint, keep} {
		if _, ok := c.periods[id]; !ok {
			problems = append(problems, fmt.Errorf("clocks.yaml: the period %q is missing", id))
		}
	}
	return c, errors.Join(problems...)
}

// Default is what the program carries.
var Default = sync.OnceValue(func() *Clocks {
	c, err := Load(content, calendar.Default())
	if err != nil {
		panic(err) // the embedded content is tested; a mistake here is a programmer's
	}
	return c
})

// NextWorkingDay is the day itself, or the next one that is no weekend or bank holiday.
func (c *Clocks) NextWorkingDay(nation calendar.Nation, day calendar.Date) calendar.Date {
	return c.holidays.NextWorkingDay(nation, day)
}

// end is the last day of a period that begins on a day, moved to a working day of the
// nation, and says so in the working.
func (c *Clocks) end(due *calendar.Due, last calendar.Date, nation calendar.Nation) calendar.Date {
	working := c.holidays.NextWorkingDay(nation, last)
	if working != last {
		due.Steps = append(due.Steps, c.moved(last, working, nation))
	}
	if !c.holidays.Known(working) {
		c.warn(due, "calendar_unknown", "year", c.holidays.KnownTo().Year)
	}
	return working
}

func (c *Clocks) moved(last, working calendar.Date, nation calendar.Nation) string {
	if h, ok := c.holidays.HolidayOn(nation, last); ok {
		return c.phrases.Say("moved_holiday", "date", last, "holiday", h.Name, "nation", nation, "working", working)
	}
	return c.phrases.Say("moved_weekend", "date", last, "working", working)
}

func (c *Clocks) step(due *calendar.Due, name string, pairs ...any) {
	due.Steps = append(due.Steps, c.phrases.Say(name, pairs...))
}

func (c *Clocks) warn(due *calendar.Due, name string, pairs ...any) {
	due.Warnings = append(due.Warnings, c.phrases.Say(name, pairs...))
}

func (c *Clocks) problem(name string, pairs ...any) error {
	return errors.New(c.phrases.Say(name, pairs...))
}

// KeepUntil is the day on which the record of a request that ended erases itself. No law
// sets it: Article 5(1)(e) UK GDPR asks for a time, and this one is ours.
func (c *Clocks) KeepUntil(ended calendar.Date) calendar.Date {
	return ended.AddMonths(c.periods[keep].Months)
}
