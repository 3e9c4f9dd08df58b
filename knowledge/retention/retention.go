// Package retention knows how long each kind of record is kept: a schedule that is data,
// the State Pension ages and time limits it leans on, and the places where policy and
// law disagree.
//
// It never errs on destroying early: several periods end with the latest, a missing date
// is asked for and never guessed. It leaves the ledger of files, holds that last, and
// proof of disposal to handlers/retention. Nothing here reads the clock.
package retention

import (
	"embed"
	"slices"
	"sync"

	"shareright/knowledge"
	"shareright/knowledge/calendar"
)

//go:embed *.yaml
var content embed.FS

// Kind says how a rule ends.
type Kind string

// The kinds of rule. A rule with no kind is After.
const (
	After     Kind = "after"     // kept for a period after something happened
	Maximum   Kind = "maximum"   // kept no longer than a period
	Permanent Kind = "permanent" // kept for ever
	Never     Kind = "never"     // not kept at all
	Extension Kind = "extension" // another rule's date and some years, by consent
	Local     Kind = "local"     // as the organisation decided in writing
)

// Rule is one line of a schedule.
type Rule struct {
	Name       string      `yaml:"rule"`
	Rows       []string    `yaml:"rows"`
	Category   string      `yaml:"category"`
	Called     []string    `yaml:"called"` // what people call such a record
	Says       string      `yaml:"says"`   // the rule in one plain sentence
	Kind       Kind        `yaml:"kind"`
	Keep       []Span      `yaml:"keep"` // the latest end wins
	ExtraYears int         `yaml:"extra_years"`
	Of         []string    `yaml:"of"`        // for an extension: the rules it can extend in the ledger
	Renewable  bool        `yaml:"renewable"` // for an extension: each consent may be followed by another
	Exceptions []Exception `yaml:"exceptions"`
	Differs    []string    `yaml:"differs"` // ids of differences
	Notes      []string    `yaml:"notes"`
	Disposal   string      `yaml:"disposal"`
	Section    string      `yaml:"section"` // where in the schedule's source
}

// Span is one period: so many years and months, until an age, or until State Pension age.
type Span struct {
	From     []string `yaml:"from"` // triggers; the latest that is known starts it
	Years    int      `yaml:"years"`
	Months   int      `yaml:"months"`
	Age      int      `yaml:"age"`
	Pension  bool     `yaml:"pension"`
	Optional bool     `yaml:"optional"` // left out when its trigger is not known
}

// Exception sends a record to another rule.
type Exception struct {
	When string `yaml:"when"`
	Use  string `yaml:"use"`
}

// Difference is a place where policy and law, or two parts of a policy, do not agree.
type Difference struct {
	ID      string   `yaml:"id"`
	Mark    string   `yaml:"mark"`
	Warn    []string `yaml:"warn"`
	Sources []string `yaml:"sources"`
	from    []knowledge.Source
}

// Schedule is a retention schedule that was read and checked.
type Schedule struct {
	Title       string
	Checked     string // ISO date
	rules       []Rule
	byName      map[string]int
	triggers    map[string]string
	source      knowledge.Source
	differences map[string]Difference
	phrases     calendar.Phrases
	pensions    *Pensions
	index       []called
	rarity      map[string]float64
}

// Default is the schedule that the program carries.
var Default = sync.OnceValue(func() *Schedule {
	s, err := Load(content, DefaultPensions())
	if err != nil {
		panic(err) // the embedded content is tested; a mistake here is a programmer's
	}
	return s
})

// Rules are the rules of the schedule, in its order.
func (s *Schedule) Rules() []Rule { return append([]Rule(nil), s.rules...) }

// Rule finds a rule by its name. An unknown name is an error that names the nearest.
func (s *Schedule) Rule(name string) (Rule, error) {
	i, ok := s.byName[name]
	if !ok {
		return Rule{}, s.unknown(name)
	}
	return s.rules[i], nil
}

// ExtensionOf is the rule by which consent keeps such a record longer; false where the
// schedule has none.
func (s *Schedule) ExtensionOf(name string) (Rule, bool) {
	i := slices.IndexFunc(s.rules, func(r Rule) bool { return r.Kind == Extension && slices.Contains(r.Of, name) })
	if i < 0 {
		return Rule{}, false
	}
	return s.rules[i], true
}

// Label is what a trigger is in words: "the day the person left".
func (s *Schedule) Label(trigger string) string { return s.triggers[trigger] }

// Sources are where a rule comes from, with the sources of what it differs from.
func (s *Schedule) Sources(r Rule) []knowledge.Source {
	own := s.source
	own.Section = r.Section
	list := []knowledge.Source{own}
	seen := map[string]bool{own.ID: true}
	for _, id := range r.Differs {
		for _, src := range s.differences[id].from {
			if !seen[src.ID] {
				list = append(list, src)
			}
			seen[src.ID] = true
		}
	}
	return list
}

// Differences are the disagreements that somebody who applies the rule must know of.
func (s *Schedule) Differences(r Rule) []Difference {
	list := make([]Difference, 0, len(r.Differs))
	for _, id := range r.Differs {
		list = append(list, s.differences[id])
	}
	return list
}

// Triggers are the names of the dates that start a period, in alphabetical order.
func (s *Schedule) Triggers() []string { return sortedKeys(s.triggers) }
