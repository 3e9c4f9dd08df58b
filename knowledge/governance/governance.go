// Package governance knows what comes round in the year of a data protection lead. It
// works out when a policy must be looked at again, and lists what to do each time.
//
// Reminding people belongs to the scheduler and handlers; dates belong to calendar.
package governance

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"sync"

	"shareright/knowledge"
	"shareright/knowledge/calendar"
)

//go:embed *.yaml
var content embed.FS

// Reviews is how often policies are looked at again, with the sentences that explain it.
type Reviews struct {
	years   int
	phrases calendar.Phrases
	sources []knowledge.Source
}

// longest is the most years between two reviews that is read as meant.
const longest = 25

// Load reads reviews.yaml and sources.yaml and reports every mistake in them.
func Load(files fs.FS) (*Reviews, error) {
	var file struct {
		EveryYears int              `yaml:"every_years"`
		Sources    []string         `yaml:"sources"`
		Sentences  calendar.Phrases `yaml:"sentences"`
	}
	if err := knowledge.ReadYAML(files, "reviews.yaml", &file); err != nil {
		return nil, err
	}
	known, err := knowledge.ReadSources(files, "sources.yaml")
	if err != nil {
		return nil, err
	}
	sources, err := known.Pick(file.Sources...)
	if err != nil {
		return nil, fmt.Errorf("reviews.yaml: %w", err)
	}
	if file.EveryYears < 1 || file.EveryYears > longest {
		return nil, fmt.Errorf("reviews.yaml: every_years is %d; use 1 to %d", file.EveryYears, longest)
	}
	return &Reviews{years: file.EveryYears, phrases: file.Sentences, sources: sources}, nil
}

// Default is what the program carries.
var Default = sync.OnceValue(func() *Reviews {
	r, err := Load(content)
	if err != nil {
		panic(err) // the embedded content is tested; a mistake here is a programmer's
	}
	return r
})

// Next is the day on which a policy last reviewed on a day must be reviewed again. No
// interval (0 years) means the usual one. Today may be zero; otherwise a review that has
// lapsed is said to have.
func (r *Reviews) Next(last calendar.Date, years int, today calendar.Date) (calendar.Due, error) {
	due := calendar.Due{Sources: r.sources}
	if last.IsZero() {
		return calendar.Due{}, errors.New(r.phrases.Say("last_missing"))
	}
	if years == 0 {
		years = r.years
		due.Warnings = append(due.Warnings, r.phrases.Say("usual_interval", "years", years))
	}
	if years < 1 || years > longest {
		return calendar.Due{}, errors.New(r.phrases.Say("interval_odd", "years", years, "most", longest))
	}
	due.Date = last.AddYears(years)
	due.Steps = []string{r.phrases.Say("counted", "years", years, "last", last, "date", due.Date)}
	if !today.IsZero() && due.Date.Before(today) {
		due.Warnings = append(due.Warnings, r.phrases.Say("lapsed", "date", due.Date.Plain()))
	}
	return due, nil
}

// Files is the content that is built in, to lay an organisation's own files over.
func Files() fs.FS { return content }
