// Package training knows what people are trained in and how often: topics as content,
// each with its reason and its sources.
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
	Roles   []string `yaml:"roles"`  // who needs it; none means everybody
	Sources []string `yaml:"sources"`
}

// Content is the topics that were read and checked.
type Content struct {
	Topics  []Topic
	sources knowledge.Sources
}

// roles are those that a topic can be for.
var roles = []string{"dp-lead", "deputy", "safeguarding-lead", "trustee"}

// Load reads topics.yaml and sources.yaml and reports every mistake in them.
func Load(files fs.FS) (*Content, error) {
	c := &Content{}
	if err := knowledge.ReadYAML(files, "topics.yaml", &c.Topics); err != nil {
		return nil, err
	}
	var err error
	if c.sources, err = knowledge.ReadSources(files, "sources.yaml"); err != nil {
		return nil, err
	}
	var problems []error
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
