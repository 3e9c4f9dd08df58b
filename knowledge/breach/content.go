package breach

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"sync"

	"shareright/knowledge"
	"shareright/knowledge/letter"
)

//go:embed *.yaml letters/*.md
var embedded embed.FS

// Content is everything the package knows, read and checked.
type Content struct {
	Regulator   string // the regulator's short name; Load sets "ICO", an organisation may set another
	Advice      Advice
	DataTypes   []DataType
	Causes      []Cause      // in the order in which charities have them
	DataKinds   []DataKind   // pick-list: what was it?
	PeopleKinds []PeopleKind // pick-list: whom is it about?
	Facts       []Fact       // questions that decide who else must hear
	Hearers     []Hearer     // who else may have to hear
	Report      []Section    // the regulator's form, in its own order
	Letters     []Letter
	Mail        []MailStep // getting back what was sent to the wrong person
	Sources     knowledge.Sources

	types        map[string]DataType
	tellingTypes []string // mildest first
}

// Grade is how much a kind of information can hurt.
type Grade int

// The grades, mildest first.
const (
	None Grade = iota
	Light
	Ordinary
	Sensitive
	Grave
)

// LossKind is what is at stake when a kind of information cannot be used.
type LossKind int

// The kinds of loss, mildest first.
const (
	LossLight    LossKind = iota // a nuisance
	LossOrdinary                 // people may miss what they are due
	LossCare                     // somebody's care or safety depends on it
)

// DataType is one kind of information and what follows when somebody gets it.
type DataType struct {
	ID      string   `yaml:"id"`
	Label   string   `yaml:"label"`
	Unnamed bool     `yaml:"unnamed"` // stands for what is not named yet; nobody may choose it
	Grade   Grade    `yaml:"grade"`
	Loss    LossKind `yaml:"loss"`
	Class   string   `yaml:"class"`   // ENISA: simple, behavioural, financial or sensitive
	DPC     int      `yaml:"dpc"`     // ENISA data processing context, 1 to 4
	EI      float64  `yaml:"ei"`      // ENISA ease of identification, 0.25 to 1
	Special bool     `yaml:"special"` // UK GDPR Article 9
	Names   bool     `yaml:"names"`   // singles somebody out
	Locates bool     `yaml:"locates"` // tells where somebody is
	Bundle  bool     `yaml:"bundle"`  // with another such kind enough to steal an identity
	AtRisk  bool     `yaml:"at_risk"` // always about somebody at risk
	Limits  `yaml:",inline"`
	Few     Few      `yaml:"few"`
	Sources []string `yaml:"sources"`
}

// Limits are the exposures from which the regulator and the people hear.
type Limits struct {
	ICO    Exposure `yaml:"ico"`
	People Exposure `yaml:"people"`
}

// Few are gentler limits for a small number of people.
type Few struct {
	UpTo   int `yaml:"up_to"` // people, inclusive
	Limits `yaml:",inline"`
}

// Advice holds the sentences of the assessment.
type Advice struct {
	Exposures []ExposureText    `yaml:"exposures"` // in the order of the ladder
	Steps     []StepText        `yaml:"steps"`     // the regulator's questions, in order
	Answers   map[string]string `yaml:"answers"`
	Advice    map[string]string `yaml:"advice"`
	Reasons   map[string]string `yaml:"reasons"`
	Overrides map[string]string `yaml:"overrides"`
	HowLong   map[Loss]string   `yaml:"how_long"`
	Bands     map[string]string `yaml:"bands"`
	Questions map[string]string `yaml:"questions"` // by attribute
	VeryMany  int               `yaml:"very_many"` // people
	Sources   []string          `yaml:"sources"`
}

// ExposureText names one step of the ladder.
type ExposureText struct {
	ID   string `yaml:"id"`
	Says string `yaml:"says"`
}

// StepText names one question of the assessment.
type StepText struct {
	ID   string `yaml:"id"`
	Asks string `yaml:"asks"`
}

// Files returns the content that comes with the program.
func Files() fs.FS { return embedded }

// Over returns files in which those of own replace those of base with the same name, so
// that an organisation can keep its own causes, contacts and letters.
func Over(own, base fs.FS) fs.FS { return layers{own, base} }

type layers struct{ own, base fs.FS }

// Open opens a file of the upper layer, or of the lower one when the upper has none.
func (l layers) Open(name string) (fs.File, error) {
	file, err := l.own.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return l.base.Open(name)
	}
	return file, err
}

// Load reads and checks the content. The error lists every mistake by file and entry.
func Load(files fs.FS) (*Content, error) {
	c := &Content{Regulator: "ICO"}
	sources, err := knowledge.ReadSources(files, "sources.yaml")
	if err != nil {
		return nil, fmt.Errorf("load breach content: %w", err)
	}
	c.Sources = sources
	for _, file := range []struct {
		name string
		into any
	}{
		{"advice.yaml", &c.Advice}, {"data_types.yaml", &c.DataTypes}, {"causes.yaml", &c.Causes},
		{"data_kinds.yaml", &c.DataKinds}, {"people_kinds.yaml", &c.PeopleKinds}, {"facts.yaml", &c.Facts},
		{"hearers.yaml", &c.Hearers}, {"report.yaml", &c.Report}, {"letters.yaml", &c.Letters}, {"mail.yaml", &c.Mail},
	} {
		if err := knowledge.ReadYAML(files, file.name, file.into); err != nil {
			return nil, fmt.Errorf("load breach content: %w", err)
		}
	}
	if err := letter.ReadBodies(files, c.Letters); err != nil {
		return nil, fmt.Errorf("load breach content: %w", err)
	}
	c.index()
	if err := c.verify(files); err != nil {
		return nil, fmt.Errorf("load breach content: %w", err)
	}
	return c, nil
}

// Default returns the content that comes with the program.
var Default = sync.OnceValue(func() *Content {
	c, err := Load(embedded)
	if err != nil {
		panic(err) // a mistake in our own files; the package's tests find it first
	}
	return c
})

// Assess weighs the facts by the content that comes with the program.
func Assess(a Attributes) Assessment { return Default().Assess(a) }
