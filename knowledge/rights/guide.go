package rights

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"sync"

	"shareright/knowledge"
	"shareright/knowledge/calendar"
	"shareright/knowledge/letter"
)

// Guide is what the lead is told about a request: the steps to go, where to look, what may
// be kept back, how copies travel, and the letters. It decides nothing.
type Guide struct {
	Steps      []Step // A to M, in order
	Places     []Place
	Duties     []Duty
	Exemptions []Exemption
	Transfers  []Transfer
	Children   []Child
	Letters    []letter.Letter
	People     []Right // what anybody may ask of us, in plain words

	sources knowledge.Sources
}

// Step is one step of the checklist, with the parts that are ticked one by one.
type Step struct {
	ID      string   `yaml:"id"`
	Label   string   `yaml:"label"`
	Kind    StepKind `yaml:"kind"`
	Do      string   `yaml:"do"`
	Parts   []Place  `yaml:"parts"`
	Sources []string `yaml:"sources"`
}

// StepKind says what a step rests on.
type StepKind string

// The kinds of steps.
const (
	Plain    StepKind = ""         // a day, a person, and its parts
	Known    StepKind = "known"    // the log knows it
	Optional StepKind = "optional" // may be passed over
	Search   StepKind = "search"   // done when everybody asked has answered, or has been noted as silent
	Look     StepKind = "look"     // done when nothing that may be kept back is undecided
	Check    StepKind = "check"    // done when two people have looked
	Send     StepKind = "send"     // done when it is agreed how the copies travel
	Given    StepKind = "given"    // done with the answer
)

var stepKinds = []StepKind{Plain, Known, Optional, Search, Look, Check, Send, Given}

// Place is an id and what people call it.
type Place struct {
	ID    string `yaml:"id"`
	Label string `yaml:"label"`
}

// Duty is what a right asks of us.
type Duty struct {
	Right   string   `yaml:"id"`
	Law     string   `yaml:"law"`
	Now     string   `yaml:"now"`  // what must stop on the same day; empty for nothing
	Tell    bool     `yaml:"tell"` // whoever got the data from us is told, Article 19 UK GDPR
	Do      []string `yaml:"do"`
	Sources []string `yaml:"sources"`
}

// Right is what people may ask of us, as anybody should know it.
type Right struct {
	ID      string   `yaml:"id"`
	Label   string   `yaml:"label"`
	Says    string   `yaml:"says"`
	Sources []string `yaml:"sources"`
}

// Exemption is a reason in law to keep something back. Two people decide, never the program.
type Exemption struct {
	ID      string            `yaml:"id"`
	Label   string            `yaml:"label"`
	Law     string            `yaml:"law"`
	With    string            `yaml:"with"` // "dp" or "safeguarding": whose second opinion is asked for
	NotIn   []calendar.Nation `yaml:"not_in"`
	Quiet   bool              `yaml:"quiet"` // saying that something stays back could itself do harm
	Weigh   []string          `yaml:"weigh"`
	Sources []string          `yaml:"sources"`
}

// Transfer is a way for copies to reach the person.
type Transfer struct {
	ID    string `yaml:"id"`
	Label string `yaml:"label"`
	Risk  string `yaml:"risk"`
	Helps string `yaml:"helps"`
}

// Child is what a nation's law says about children who ask for themselves.
type Child struct {
	Nation  calendar.Nation `yaml:"id"`
	From    int             `yaml:"from"` // years
	Under   string          `yaml:"under"`
	Over    string          `yaml:"over"`
	Sources []string        `yaml:"sources"`
}

// LoadGuide reads the guide and reports every mistake in it.
func LoadGuide(files fs.FS) (*Guide, error) {
	g := &Guide{}
	var err error
	if g.sources, err = knowledge.ReadSources(files, "sources.yaml"); err != nil {
		return nil, err
	}
	for _, file := range []struct {
		name string
		into any
	}{
		{"steps.yaml", &g.Steps}, {"places.yaml", &g.Places}, {"duties.yaml", &g.Duties}, {"exemptions.yaml", &g.Exemptions},
		{"transfers.yaml", &g.Transfers}, {"children.yaml", &g.Children}, {"letters.yaml", &g.Letters},
		{"people.yaml", &g.People},
	} {
		if err := knowledge.ReadYAML(files, file.name, file.into); err != nil {
			return nil, err
		}
	}
	return g, errors.Join(letter.ReadBodies(files, g.Letters), g.verify())
}

// verify explains what does not fit together.
func (g *Guide) verify() error {
	var problems []error
	say := func(format string, a ...any) { problems = append(problems, fmt.Errorf(format, a...)) }
	from := func(where string, ids []string) {
		if _, err := g.sources.Pick(ids...); err != nil || len(ids) == 0 {
			say("%s needs a source: %w", where, err)
		}
	}
	letters := ""
	for _, s := range g.Steps {
		letters += s.ID
		if !slices.Contains(stepKinds, s.Kind) {
			say("steps.yaml: step %s has the kind %q; kinds are %q", s.ID, s.Kind, stepKinds)
		}
		if s.Label == "" || s.Do == "" {
			say("steps.yaml: step %s needs a label and what to do", s.ID)
		}
		from("steps.yaml: step "+s.ID, s.Sources)
	}
	if letters != "ABCDEFGHIJKLM" {
		say("steps.yaml: the steps are A to M in order, not %s", letters)
	}
	for _, right := range []string{"access", "rectify", "erase", "restrict", "port", "object", "withdraw", "automated", "complaint"} {
		if _, ok := g.Duty(right); !ok {
			say("duties.yaml: nothing says what %s asks of us", right)
		}
	}
	for _, id := range []string{"others", "harm"} { // these have questions of their own
		if _, ok := g.Exemption(id); !ok {
			say("exemptions.yaml: %q is missing; the form asks questions of its own for it", id)
		}
	}
	for _, d := range g.Duties {
		from("duties.yaml: "+d.Right, d.Sources)
	}
	for _, e := range g.Exemptions {
		if e.With != "dp" && e.With != "safeguarding" {
			say(`exemptions.yaml: %s: with is "dp" or "safeguarding", not %q`, e.ID, e.With)
		}
		from("exemptions.yaml: "+e.ID, e.Sources)
	}
	for _, c := range g.Children {
		from("children.yaml: "+string(c.Nation), c.Sources)
	}
	for _, p := range g.People {
		if p.Label == "" || p.Says == "" {
			say("people.yaml: %s needs a label and what it says", p.ID)
		}
		from("people.yaml: "+p.ID, p.Sources)
	}
	for _, l := range g.Letters {
		from("letters.yaml: "+l.ID, l.Sources)
	}
	return errors.Join(problems...)
}

// DefaultGuide is what the program carries.
var DefaultGuide = sync.OnceValue(func() *Guide {
	g, err := LoadGuide(content)
	if err != nil {
		panic(err) // the embedded content is tested; a mistake here is a programmer's
	}
	return g
})

// Sources are the sources with these ids, as the content names them.
func (g *Guide) Sources(ids []string) []knowledge.Source {
	list, err := g.sources.Pick(ids...)
	if err != nil {
		return nil // checked when the guide was read
	}
	return list
}

// Duty is what a right asks of us.
func (g *Guide) Duty(right string) (Duty, bool) {
	return find(g.Duties, func(d Duty) bool { return d.Right == right })
}

// Step is one step by its letter.
func (g *Guide) Step(id string) (Step, bool) {
	return find(g.Steps, func(s Step) bool { return s.ID == id })
}

// Exemption is a reason to keep something back, by its id.
func (g *Guide) Exemption(id string) (Exemption, bool) {
	return find(g.Exemptions, func(e Exemption) bool { return e.ID == id })
}

// Transfer is a way for copies to reach the person, by its id.
func (g *Guide) Transfer(id string) (Transfer, bool) {
	return find(g.Transfers, func(t Transfer) bool { return t.ID == id })
}

// Competence says in a sentence what a nation's law first assumes about a child of this
// age who could ask for themselves. It decides nothing: every child is looked at.
// Section 208 Data Protection Act 2018 in Scotland; ICO guidance elsewhere.
func (g *Guide) Competence(n calendar.Nation, years int) (says string, sources []knowledge.Source) {
	c, ok := find(g.Children, func(c Child) bool { return c.Nation == n })
	switch {
	case !ok:
		return "", nil
	case years < c.From:
		return c.Under, g.Sources(c.Sources)
	}
	return c.Over, g.Sources(c.Sources)
}

func find[T any](list []T, is func(T) bool) (T, bool) {
	at := slices.IndexFunc(list, is)
	if at < 0 {
		var none T
		return none, false
	}
	return list[at], true
}
