// Package calendar counts days as the law and people count them: months that end where
// a month ends, working days by nation, local time across clock changes, and the dates
// that people write in their own words.
//
// What a date is for (a request, a breach, a file) belongs to rights, breach and
// retention. Nothing here reads the clock: today and now are always given.
package calendar

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"time"

	"shareright/knowledge"
)

//go:embed *.yaml
var content embed.FS

// Files are the content that is built in, to be laid under an organisation's own.
func Files() fs.FS { return content }

// Nation is a part of the United Kingdom with its own bank holidays.
type Nation string

// The nations, as they are written in files and settings.
const (
	EnglandWales    Nation = "EW"
	Scotland        Nation = "S"
	NorthernIreland Nation = "NI"
)

var nationNames = map[string]Nation{
	"ew": EnglandWales, "england": EnglandWales, "wales": EnglandWales, "england and wales": EnglandWales,
	"e": EnglandWales, "w": EnglandWales, "s": Scotland, "scotland": Scotland,
	"ni": NorthernIreland, "northern ireland": NorthernIreland,
}

// ParseNation reads a nation by its code or its name in English.
func ParseNation(text string) (Nation, error) {
	n, ok := nationNames[strings.ToLower(strings.TrimSpace(text))]
	if !ok {
		return "", fmt.Errorf("nation is %q; use EW, S or NI", text)
	}
	return n, nil
}

// String is the nation's name in words.
func (n Nation) String() string {
	switch n {
	case Scotland:
		return "Scotland"
	case NorthernIreland:
		return "Northern Ireland"
	}
	return "England and Wales"
}

// Calendar knows the bank holidays of each nation.
type Calendar struct {
	from, to Date
	rules    []rule
	moved    []move
	extra    []extra
	sources  []knowledge.Source
	mornings mornings
	years    sync.Map // nationYear a nation → its []Holiday, worked out once
}

type nationYear struct {
	nation Nation
	year   int
}

// file is holidays.yaml.
type file struct {
	KnownFrom Date     `yaml:"known_from"`
	KnownTo   Date     `yaml:"known_to"`
	Sources   []string `yaml:"sources"`
	Rules     []rule   `yaml:"rules"`
	Moved     []move   `yaml:"moved"`
	Extra     []extra  `yaml:"extra"`
}

type rule struct {
	Name    string   `yaml:"name"`
	Nations []Nation `yaml:"nations"`
	Since   int      `yaml:"since"` // first year; 0 means always
	Month   int      `yaml:"month"`
	Day     int      `yaml:"day"`    // of the month; a weekend day gets a substitute
	Monday  string   `yaml:"monday"` // first or last of the month
	Easter  *int     `yaml:"easter"` // days from Easter Sunday
}

type move struct {
	Name    string   `yaml:"name"`
	Nations []Nation `yaml:"nations"`
	From    Date     `yaml:"from"`
	To      Date     `yaml:"to"`
}

type extra struct {
	Name    string   `yaml:"name"`
	Nations []Nation `yaml:"nations"`
	Date    Date     `yaml:"date"`
}

// Load reads holidays.yaml, mornings.yaml and sources.yaml and reports every mistake in them.
func Load(files fs.FS) (*Calendar, error) {
	var f file
	if err := knowledge.ReadYAML(files, "holidays.yaml", &f); err != nil {
		return nil, err
	}
	known, err := knowledge.ReadSources(files, "sources.yaml")
	if err != nil {
		return nil, err
	}
	sources, err := known.Pick(f.Sources...)
	if err != nil {
		return nil, fmt.Errorf("holidays.yaml: %w", err)
	}
	reminded, err := readMornings(files)
	if err := errors.Join(f.check(), err); err != nil {
		return nil, err
	}
	return &Calendar{from: f.KnownFrom, to: f.KnownTo, rules: f.Rules, moved: f.Moved, extra: f.Extra, sources: sources, mornings: reminded}, nil
}

func (f file) check() error {
	var problems []error
	wrong := func(format string, a ...any) { problems = append(problems, fmt.Errorf("holidays.yaml: "+format, a...)) }
	nations := func(name string, list []Nation) {
		for _, n := range list {
			if !slices.Contains([]Nation{EnglandWales, Scotland, NorthernIreland}, n) {
				wrong("%q has the nation %q; use EW, S or NI", name, string(n))
			}
		}
		if name == "" || len(list) == 0 {
			wrong("%q needs a name and at least one nation", name)
		}
	}
	if f.KnownFrom.IsZero() || f.KnownTo.IsZero() || f.KnownTo.Before(f.KnownFrom) {
		wrong("known_from and known_to must be dates, in that order")
	}
	for _, r := range f.Rules {
		nations(r.Name, r.Nations)
		if r.Easter != nil {
			continue
		}
		if _, err := New(2024, time.Month(r.Month), max(r.Day, 1)); err != nil {
			wrong("%q: %w", r.Name, err)
		}
		if (r.Day > 0) == (r.Monday != "") || r.Monday != "" && r.Monday != "first" && r.Monday != "last" {
			wrong("%q needs a day, or monday: first or last", r.Name)
		}
	}
	for _, m := range f.Moved {
		nations(m.Name, m.Nations)
		if m.From.IsZero() || m.To.IsZero() {
			wrong("%q needs the dates from and to", m.Name)
		}
	}
	for _, e := range f.Extra {
		nations(e.Name, e.Nations)
		if e.Date.IsZero() {
			wrong("%q needs a date", e.Name)
		}
	}
	return errors.Join(problems...)
}

// Default is the calendar that the program carries.
var Default = sync.OnceValue(func() *Calendar {
	c, err := Load(content)
	if err != nil {
		panic(err) // the embedded content is tested; a mistake here is a programmer's
	}
	return c
})

// Sources says where the bank holidays come from.
func (c *Calendar) Sources() []knowledge.Source { return slices.Clone(c.sources) }
