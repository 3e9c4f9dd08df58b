package share

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"shareright/knowledge"
)

// Officials is the checklist for somebody official at the door or on the phone.
type Officials struct {
	Checked string         `yaml:"checked"`
	Sources []string       `yaml:"sources"`
	Who     []string       `yaml:"who"` // recipients, in the words of the rules
	Steps   []OfficialStep `yaml:"steps"`
	Words   []string       `yaml:"words"` // what one can say to them
	Never   []string       `yaml:"never"`
}

// OfficialStep is one thing to check. A step with a fact is done when that fact is "yes".
type OfficialStep struct {
	ID   string   `yaml:"id"`
	Fact string   `yaml:"fact,omitempty"`
	Open []string `yaml:"open,omitempty"` // values of the fact for which it stays open; "no" and not known when absent
	Done string   `yaml:"done,omitempty"`
	Todo string   `yaml:"todo"`
}

func readOfficials(files fs.FS, questions map[string]Question, sources knowledge.Sources) (*Officials, error) {
	o := &Officials{}
	if err := knowledge.ReadYAML(files, "officials.yaml", o); err != nil {
		return nil, err
	}
	problems := []error{cited("officials.yaml", o.Checked, o.Sources, sources)}
	for _, who := range o.Who {
		if err := checkFact(questions, "recipient", who); err != nil {
			problems = append(problems, fmt.Errorf("officials.yaml: %w", err))
		}
	}
	for _, s := range o.Steps {
		if s.Todo == "" {
			problems = append(problems, fmt.Errorf("officials.yaml: step %q needs a sentence to do", s.ID))
		}
		if _, ok := questions[s.Fact]; s.Fact != "" && !ok {
			problems = append(problems, fmt.Errorf("officials.yaml: step %q: there is no fact %q%s", s.ID, s.Fact, knowledge.DidYouMean(s.Fact, Keys())))
		}
	}
	return o, errors.Join(problems...)
}

// Officials returns the checklist for officials.
func (b *Book) Officials() *Officials { return b.officials }

// Has says whether a recipient is one of them.
func (o *Officials) Has(recipient string) bool { return slices.Contains(o.Who, recipient) }

// Left parts the checklist into what is done and what is still to do, on these facts and
// with these other steps done by id.
func (o *Officials) Left(f Facts, other ...string) (done, todo []string) {
	for _, s := range o.Steps {
		open := s.Open
		if open == nil {
			open = []string{"no", ""}
		}
		finished := slices.Contains(other, s.ID) || s.Fact != "" && !slices.Contains(open, f.Get(s.Fact))
		switch {
		case !finished:
			todo = append(todo, s.Todo)
		case s.Done != "":
			done = append(done, s.Done)
		}
	}
	return done, todo
}
