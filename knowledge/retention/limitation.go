package retention

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"sync"

	"shareright/knowledge"
	"shareright/knowledge/calendar"
)

// Limits are how long somebody has to bring a claim, by nation.
type Limits struct {
	claims  []claim
	phrases calendar.Phrases
}

type claim struct {
	Kind    string            `yaml:"kind"`
	Nations []calendar.Nation `yaml:"nations"`
	From    string            `yaml:"from"`
	Adult   int               `yaml:"adult"` // time does not run below this age; 0 means age is no matter
	Years   int               `yaml:"years"`
	Sources []string          `yaml:"sources"`
	from    []knowledge.Source
}

// LoadLimits reads limitation.yaml and sources.yaml and reports every mistake in them.
func LoadLimits(files fs.FS) (*Limits, error) {
	var file struct {
		Claims    []claim          `yaml:"claims"`
		Sentences calendar.Phrases `yaml:"sentences"`
	}
	if err := knowledge.ReadYAML(files, "limitation.yaml", &file); err != nil {
		return nil, err
	}
	known, err := knowledge.ReadSources(files, "sources.yaml")
	if err != nil {
		return nil, err
	}
	var problems []error
	for i := range file.Claims {
		c := &file.Claims[i]
		if c.from, err = known.Pick(c.Sources...); err != nil || len(c.Sources) == 0 || c.Years < 1 || c.From == "" {
			problems = append(problems, errors.Join(fmt.Errorf("limitation.yaml: claim %q needs from, years and known sources", c.Kind), err))
		}
	}
	return &Limits{claims: file.Claims, phrases: file.Sentences}, errors.Join(problems...)
}

// DefaultLimits are the limits that the program carries.
var DefaultLimits = sync.OnceValue(func() *Limits {
	l, err := LoadLimits(content)
	if err != nil {
		panic(err) // the embedded content is tested; a mistake here is a programmer's
	}
	return l
})

// Until is the last day for a claim of a kind (pi_child is personal injury of a child).
// Happened is when time would start for an adult; dob is needed only where age matters.
// In England and Wales: Limitation Act 1980, sections 11 and 28.
func (l *Limits) Until(kind string, nation calendar.Nation, happened, dob calendar.Date) (calendar.Due, error) {
	c, err := l.find(kind, nation)
	if err != nil {
		return calendar.Due{}, err
	}
	if happened.IsZero() && (c.Adult == 0 || dob.IsZero()) {
		return calendar.Due{}, errors.New(l.phrases.Say("date_missing", "name", c.From))
	}
	due := calendar.Due{Sources: c.from}
	start := happened
	if c.Adult > 0 {
		if dob.IsZero() {
			return calendar.Due{}, errors.New(l.phrases.Say("dob_missing"))
		}
		if !happened.IsZero() && happened.Before(dob) {
			return calendar.Due{}, errors.New(l.phrases.Say("before_birth", "date", happened.Plain(), "dob", dob.Plain()))
		}
		if happened.IsZero() { // the injury was in childhood, so it cannot move the start
			start = dob
		}
		if adult := dob.Birthday(c.Adult); adult.After(start) {
			start = adult
			due.Steps = append(due.Steps, l.phrases.Say("adult", "dob", dob.Plain(), "age", c.Adult, "date", adult))
		}
		due.Warnings = append(due.Warnings, l.phrases.Say("abuse"))
	}
	due.Date = start.AddYears(c.Years)
	due.Steps = append(due.Steps, l.phrases.Say("years", "years", c.Years, "start", start.Plain(), "date", due.Date))
	due.Warnings = append(due.Warnings, l.phrases.Say("knowledge"))
	return due, nil
}

func (l *Limits) find(kind string, nation calendar.Nation) (claim, error) {
	var kinds []string
	for _, c := range l.claims {
		if c.Kind == kind && slices.Contains(c.Nations, nation) {
			return c, nil
		}
		kinds = append(kinds, c.Kind)
	}
	if slices.Contains(kinds, kind) {
		return claim{}, errors.New(l.phrases.Say("unknown_nation", "kind", kind, "nation", nation))
	}
	return claim{}, errors.New(l.phrases.Say("unknown_kind", "kind", kind, "near", knowledge.DidYouMean(kind, kinds)))
}
