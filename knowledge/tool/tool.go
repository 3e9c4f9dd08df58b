// Package tool decides whether an organisation can use an app: what goes into it, who uses
// it, who sees it, on which terms, with which settings, and where it is kept.
//
// It is a table of rules in rules.yaml, read and proved like the rules of sharing. The
// dialogue and the register belong to handlers/registers.
package tool

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"sync"

	"shareright/knowledge"
)

//go:embed *.yaml
var content embed.FS

// Answer is what somebody who wants to use a tool is told.
type Answer string

// The answers, from yes to careful.
const (
	Use      Answer = "use"
	Settings Answer = "settings" // yes, with these settings
	Ask      Answer = "ask"      // the lead decides first
	DPIA     Answer = "dpia"     // only after a data protection impact assessment
)

// Facts are what is known about a tool, by question. Missing ones are not known.
type Facts map[string]string

// Question is one thing that is asked about a tool.
type Question struct {
	ID      string   `yaml:"id"`
	Label   string   `yaml:"label"`
	Hint    string   `yaml:"hint"`
	Why     string   `yaml:"why"`
	Answers []Choice `yaml:"answers"`
}

// Choice is one answer to a question.
type Choice struct {
	ID    string `yaml:"id"`
	Label string `yaml:"label"`
	Set   string `yaml:"set"`  // what to set or agree when this holds; may be empty
	Risk  string `yaml:"risk"` // what remains even so; may be empty
}

// Advice is the answer for some facts, with its reasons.
type Advice struct {
	Rule    string
	Answer  Answer
	Why     string
	Do      []string // what to set or agree before it is used
	Risks   []string // what somebody must accept
	Wording string   // to adapt when asking people for consent; may be empty
	Sources []knowledge.Source
}

// Book is the questions and rules that were read and checked.
type Book struct {
	Questions []Question
	rules     *knowledge.Book[Facts]
	texts     map[string]ruleText
	wording   string
	sources   knowledge.Sources
}

type ruleText struct {
	ID      string              `yaml:"id"`
	When    map[string][]string `yaml:"when"`
	Answer  Answer              `yaml:"answer"`
	Why     string              `yaml:"why"`
	Do      []string            `yaml:"do"`
	Sources []string            `yaml:"sources"`
}

// Load reads rules.yaml and sources.yaml and reports every mistake in them.
func Load(files fs.FS) (*Book, error) {
	var file struct {
		Questions []Question `yaml:"questions"`
		Rules     []ruleText `yaml:"rules"`
		Wording   string     `yaml:"wording"`
	}
	if err := knowledge.ReadYAML(files, "rules.yaml", &file); err != nil {
		return nil, err
	}
	sources, err := knowledge.ReadSources(files, "sources.yaml")
	if err != nil {
		return nil, err
	}
	b := &Book{Questions: file.Questions, texts: map[string]ruleText{}, wording: file.Wording, sources: sources}
	var rules []knowledge.Rule
	var problems []error
	for i, r := range file.Rules {
		b.texts[r.ID] = r
		rules = append(rules, knowledge.Rule{ID: r.ID, Outcome: r.ID, When: r.When, File: "rules.yaml", Index: i})
		if !slices.Contains([]Answer{Use, Settings, Ask, DPIA}, r.Answer) || r.Why == "" || len(r.Sources) == 0 {
			problems = append(problems, fmt.Errorf("rules.yaml: rule %q: it needs why, sources, and an answer: use, settings, ask or dpia", r.ID))
		}
		if _, err := sources.Pick(r.Sources...); err != nil {
			problems = append(problems, fmt.Errorf("rules.yaml: rule %q: %w", r.ID, err))
		}
	}
	b.rules, err = knowledge.Compile(rules, b.terms())
	if problems = append(problems, err); errors.Join(problems...) != nil {
		return nil, errors.Join(problems...)
	}
	return b, b.Check()
}

func (b *Book) terms() []knowledge.Term[Facts] {
	var terms []knowledge.Term[Facts]
	for _, q := range b.Questions {
		var values []string
		for _, c := range q.Answers {
			values = append(values, c.ID)
		}
		terms = append(terms, knowledge.Term[Facts]{Key: q.ID, Values: values, Get: func(f Facts) string { return f[q.ID] }})
	}
	return terms
}

// Default is what the program carries.
var Default = sync.OnceValue(func() *Book {
	b, err := Load(content)
	if err != nil {
		panic(err) // the embedded content is tested; a mistake here is a programmer's
	}
	return b
})

// Check proves over every combination of facts: each ends in an answer; no rule is idle;
// and sensitive data about children that strangers can see never ends in a plain yes, nor
// does anything that nobody has looked into.
func (b *Book) Check() error {
	var problems []error
	if e, gap, err := b.rules.Gap(); err != nil {
		return err
	} else if gap {
		problems = append(problems, fmt.Errorf("no rule answers these facts: %s", e))
	}
	idle, err := b.rules.Unreachable()
	for _, r := range idle {
		problems = append(problems, fmt.Errorf("rule %q never holds, because rules before it take all its facts", r.ID))
	}
	problems = append(problems, err)
	never := func(claim string, where map[string][]string, answers ...Answer) {
		rule, e, err := b.rules.Never(where, func(r knowledge.Rule) bool { return slices.Contains(answers, b.texts[r.ID].Answer) })
		if err == nil && rule != nil {
			err = fmt.Errorf("rule %q: %s, yet these facts lead there: %s", rule.ID, claim, e)
		}
		problems = append(problems, err)
	}
	sensitive := []string{"special", "safeguarding"}
	never("sensitive data about children that strangers can see needs a DPIA",
		map[string][]string{"data": sensitive, "people": {"children"}, "sees": {"anyone"}}, Use, Settings, Ask)
	never("children's own use is never a plain yes", map[string][]string{"people": {"children"}, "data": {"contact", "special", "safeguarding"}}, Use)
	never("terms that nobody has read are never a plain yes", map[string][]string{"terms": {"unread"}, "data": {"contact", "special", "safeguarding"}}, Use, Settings)
	return errors.Join(problems...)
}

// Decide answers for some facts; what is not known counts as the careful answer does.
func (b *Book) Decide(f Facts) Advice {
	v := b.rules.Decide(f)
	r := b.texts[b.rules.Rules()[v.Rule].ID]
	a := Advice{Rule: r.ID, Answer: r.Answer, Why: r.Why, Do: slices.Clone(r.Do)}
	for _, q := range b.Questions {
		i := slices.IndexFunc(q.Answers, func(c Choice) bool { return c.ID == f[q.ID] })
		if i < 0 {
			continue
		}
		if c := q.Answers[i]; c.Set != "" {
			a.Do = append(a.Do, c.Set)
		}
		if c := q.Answers[i]; c.Risk != "" {
			a.Risks = append(a.Risks, c.Risk)
		}
	}
	if f["data"] != "none" {
		a.Wording = b.wording
	}
	if sources, err := b.sources.Pick(r.Sources...); err == nil {
		a.Sources = sources
	}
	return a
}

// Files is the content that is built in, to lay an organisation's own files over.
func Files() fs.FS { return content }
