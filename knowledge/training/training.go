// Package training knows what people are trained in and how often, the questions that take
// two minutes, and the changes of the law that people need to hear of. All of it is
// content, each piece with its reason and its sources.
//
// Who was trained when, and who is reminded, belongs to handlers/training. Nothing here
// reads the clock.
package training

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"sync"
	"unicode/utf8"

	"shareright/knowledge"
	"shareright/knowledge/calendar"
)

//go:embed *.yaml
var content embed.FS

// maxLabel is how many characters of a label fit on a choice, on every platform.
const maxLabel = 75

// Topic is something to be trained in.
type Topic struct {
	ID      string   `yaml:"id"`
	Label   string   `yaml:"label"`
	Why     string   `yaml:"why"`
	Months  int      `yaml:"months"` // how often; 0 means once
	Within  int      `yaml:"within"` // days in which somebody new has it done; 0 means StartingDays
	Roles   []string `yaml:"roles"`  // who needs it; none means everybody
	Sources []string `yaml:"sources"`
}

// Content is the topics that were read and checked.
type Content struct {
	Topics   []Topic
	Cards    []Card
	Changes  []Change
	sources  knowledge.Sources
	subjects map[string]string
	seasons  map[string][]int
}

// Change is a change of the law that people need to hear of.
type Change struct {
	ID      string   `yaml:"id"`
	From    string   `yaml:"from"` // the day it holds, as 2026-06-19
	Title   string   `yaml:"title"`
	Means   string   `yaml:"means"`
	Sources []string `yaml:"sources"`
}

// Holds says whether the change holds on a day.
func (c Change) Holds(today calendar.Date) bool {
	from, err := calendar.ParseISO(c.From)
	return err == nil && !today.Before(from)
}

// What people do in an organisation, beside the roles that hold a duty.
const (
	Volunteer = "volunteer"
	Staff     = "staff"
)

// StartingDays is how many days somebody new has for their training, as a rule.
const StartingDays = 30

// roles are those that a topic or a card can be for.
var roles = []string{Volunteer, Staff, "dp-lead", "deputy", "safeguarding-lead", "trustee"}

// Roles are what people can do in an organisation, as far as training differs by it.
func Roles() []string { return slices.Clone(roles) }

// Load reads topics.yaml, cards-*.yaml with their subjects and seasons, changes.yaml and
// sources.yaml, and reports every mistake in them.
func Load(files fs.FS) (*Content, error) {
	c := &Content{}
	if err := knowledge.ReadYAML(files, "topics.yaml", &c.Topics); err != nil {
		return nil, err
	}
	if err := c.readCards(files); err != nil {
		return nil, err
	}
	if err := knowledge.ReadYAML(files, "changes.yaml", &c.Changes); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var err error
	if c.sources, err = knowledge.ReadSources(files, "sources.yaml"); err != nil {
		return nil, err
	}
	problems := []error{c.checkCards(), c.checkChanges()}
	wrong := func(id, format string, a ...any) {
		problems = append(problems, fmt.Errorf("topics.yaml: %q: %s", id, fmt.Sprintf(format, a...)))
	}
	seen := map[string]bool{}
	for _, topic := range c.Topics {
		switch {
		case topic.ID == "" || topic.Label == "" || topic.Why == "" || len(topic.Sources) == 0:
			wrong(topic.ID, "it needs an id, a label, why and sources")
		case seen[topic.ID]:
			wrong(topic.ID, "it stands there twice")
		case topic.Within < 0 || topic.Within > 365:
			wrong(topic.ID, "within is %d; use 1 to 365 days, or leave it out", topic.Within)
		case topic.Months < 0 || topic.Months > MaxMonths:
			wrong(topic.ID, "months is %d; use 0 for once, or 1 to %d", topic.Months, MaxMonths)
		case utf8.RuneCountInString(topic.Label) > maxLabel:
			wrong(topic.ID, "the label has more than %d characters", maxLabel)
		}
		seen[topic.ID] = true
		for _, role := range topic.Roles {
			if !slices.Contains(roles, role) {
				wrong(topic.ID, "there is no role %q%s", role, knowledge.DidYouMean(role, roles))
			}
		}
		if _, err := c.sources.Pick(topic.Sources...); err != nil {
			wrong(topic.ID, "%s", err)
		}
	}
	return c, errors.Join(problems...)
}

func (c *Content) checkChanges() error {
	var problems []error
	for _, change := range c.Changes {
		_, from := calendar.ParseISO(change.From)
		_, sources := c.sources.Pick(change.Sources...)
		if change.ID == "" || change.Title == "" || change.Means == "" || len(change.Sources) == 0 {
			problems = append(problems, fmt.Errorf("changes.yaml: %q needs an id, a title, means and sources", change.ID))
		}
		if err := errors.Join(from, sources); err != nil {
			problems = append(problems, fmt.Errorf("changes.yaml: %q: %w", change.ID, err))
		}
	}
	return errors.Join(problems...)
}

// Default is the content that the program carries.
var Default = sync.OnceValue(func() *Content {
	c, err := Load(content)
	if err != nil {
		panic(err) // the embedded content is tested; a mistake here is a programmer's
	}
	return c
})

// Topic finds a topic by its id.
func (c *Content) Topic(id string) (Topic, bool) {
	i := slices.IndexFunc(c.Topics, func(t Topic) bool { return t.ID == id })
	if i < 0 {
		return Topic{}, false
	}
	return c.Topics[i], true
}

// SourcesOfChange lists where a change of the law stands.
func (c *Content) SourcesOfChange(change Change) []knowledge.Source {
	list, err := c.sources.Pick(change.Sources...)
	if err != nil {
		return nil // a change that Load did not check
	}
	return list
}

// Days is how long somebody new has for the training.
func (t Topic) Days() int {
	if t.Within == 0 {
		return StartingDays
	}
	return t.Within
}

// SourcesOf lists where a topic comes from.
func (c *Content) SourcesOf(t Topic) []knowledge.Source {
	list, err := c.sources.Pick(t.Sources...)
	if err != nil {
		return nil // a topic that Load did not check
	}
	return list
}

// MaxMonths is the longest time between two trainings, in months: five years.
const MaxMonths = 60

// Next is the day on which somebody who was trained on a day is due again: the same day
// of a later month, or its last day. The zero date means never: it was once and for all.
func Next(done calendar.Date, months int) calendar.Date {
	if months <= 0 {
		return calendar.Date{}
	}
	return done.AddMonths(months)
}
