package retention

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"shareright/knowledge"
	"shareright/knowledge/calendar"
)

// Load reads a schedule: schedule.yaml, every rules-*.yaml, differences.yaml,
// sentences.yaml and sources.yaml. It reports every mistake, with the nearest known word.
func Load(files fs.FS, pensions *Pensions) (*Schedule, error) {
	var file struct {
		Title    string            `yaml:"title"`
		Checked  string            `yaml:"checked"`
		Source   string            `yaml:"source"`
		Triggers map[string]string `yaml:"triggers"`
	}
	if err := knowledge.ReadYAML(files, "schedule.yaml", &file); err != nil {
		return nil, err
	}
	rules, err := readRules(files)
	if err != nil {
		return nil, err
	}
	var differences []Difference
	if err := knowledge.ReadYAML(files, "differences.yaml", &differences); err != nil {
		return nil, err
	}
	var phrases calendar.Phrases
	if err := knowledge.ReadYAML(files, "sentences.yaml", &phrases); err != nil {
		return nil, err
	}
	sources, err := knowledge.ReadSources(files, "sources.yaml")
	if err != nil {
		return nil, err
	}
	own, err := sources.Pick(file.Source)
	if err != nil {
		return nil, fmt.Errorf("schedule.yaml: %w", err)
	}
	s := &Schedule{
		Title: file.Title, Checked: file.Checked, rules: rules, byName: map[string]int{}, triggers: file.Triggers,
		source: own[0], differences: map[string]Difference{}, phrases: phrases, pensions: pensions,
	}
	var problems []error
	for _, d := range differences {
		if d.from, err = sources.Pick(d.Sources...); err != nil || len(d.Warn) == 0 {
			problems = append(problems, errors.Join(fmt.Errorf("differences.yaml: %q needs warnings and known sources", d.ID), err))
		}
		s.differences[d.ID] = d
	}
	if s.Title == "" || s.Checked == "" {
		problems = append(problems, errors.New("schedule.yaml: the schedule needs a title and the date it was checked"))
	}
	problems = append(problems, s.checkRules()...)
	s.index, s.rarity = index(s.rules)
	return s, errors.Join(problems...)
}

func readRules(files fs.FS) ([]Rule, error) {
	names, err := fs.Glob(files, "rules-*.yaml")
	if err != nil {
		return nil, fmt.Errorf("list rules: %w", err)
	}
	if len(names) == 0 {
		return nil, errors.New("there is no file rules-*.yaml, so the schedule has no rules")
	}
	var rules []Rule
	for _, name := range names {
		var part []Rule
		if err := knowledge.ReadYAML(files, name, &part); err != nil {
			return nil, err
		}
		rules = append(rules, part...)
	}
	return rules, nil
}

func (s *Schedule) checkRules() []error {
	var problems []error
	for i := range s.rules {
		r := &s.rules[i]
		if r.Kind == "" {
			r.Kind = After
		}
		if _, twice := s.byName[r.Name]; twice {
			problems = append(problems, fmt.Errorf("rules: %q stands there twice", r.Name))
		}
		s.byName[r.Name] = i
	}
	for _, r := range s.rules {
		for _, problem := range s.checkRule(r) {
			problems = append(problems, fmt.Errorf("rules: %q: %s", r.Name, problem))
		}
	}
	return problems
}

func (s *Schedule) checkRule(r Rule) (problems []string) {
	wrong := func(format string, a ...any) { problems = append(problems, fmt.Sprintf(format, a...)) }
	if r.Name == "" || r.Category == "" || r.Says == "" || r.Section == "" || r.Disposal == "" {
		wrong("it needs a rule name, category, says, disposal and section")
	}
	kinds := []string{string(After), string(Maximum), string(Permanent), string(Never), string(Extension), string(Local)}
	if !slices.Contains(kinds, string(r.Kind)) {
		wrong("there is no kind %q%s", r.Kind, knowledge.DidYouMean(string(r.Kind), kinds))
	}
	if dated := r.Kind == After || r.Kind == Maximum; dated && !slices.ContainsFunc(r.Keep, func(k Span) bool { return !k.Optional }) {
		wrong("a rule of the kind %q needs a period to keep", r.Kind)
	}
	if (r.Kind == Permanent || r.Kind == Local || r.Kind == Extension) && len(r.Keep) > 0 {
		wrong("a rule of the kind %q has no period of its own", r.Kind)
	}
	if r.Kind == Extension && r.ExtraYears < 1 {
		wrong("an extension needs extra_years, the most that consent can add")
	}
	if r.Kind != Extension && (len(r.Of) > 0 || r.Renewable) {
		wrong("only an extension has of and renewable")
	}
	for _, name := range r.Of {
		if i, known := s.byName[name]; !known || s.rules[i].Kind != After {
			wrong("it extends %q, which is no rule with an end%s", name, knowledge.DidYouMean(name, sortedKeys(s.byName)))
		}
	}
	for _, k := range r.Keep {
		if k.Years < 0 || k.Months < 0 || k.Age < 0 || len(k.From) == 0 {
			wrong("a period needs a trigger and no negative number")
		}
		if k.Age > 0 && (k.Years > 0 || k.Months > 0) || k.Pension && (k.Age > 0 || k.Years > 0 || k.Months > 0) {
			wrong("a period is either years and months, an age, or State Pension age")
		}
		for _, t := range k.From {
			if _, known := s.triggers[t]; !known {
				wrong("there is no trigger %q%s", t, knowledge.DidYouMean(t, sortedKeys(s.triggers)))
			}
		}
	}
	for _, e := range r.Exceptions {
		if _, known := s.byName[e.Use]; !known {
			wrong("the exception uses the rule %q, which is not there%s", e.Use, knowledge.DidYouMean(e.Use, sortedKeys(s.byName)))
		}
	}
	for _, id := range r.Differs {
		if _, known := s.differences[id]; !known {
			wrong("there is no difference %q%s", id, knowledge.DidYouMean(id, sortedKeys(s.differences)))
		}
	}
	return problems
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// unknown explains that there is no such rule: the nearest name, or the nearest categories.
func (s *Schedule) unknown(name string) error {
	near := knowledge.DidYouMean(name, sortedKeys(s.byName))
	if near == "" {
		var like []string
		for i, m := range s.Find(strings.ReplaceAll(name, "_", " ")) {
			if i < 3 {
				like = append(like, m.Rule.Name)
			}
		}
		if len(like) > 0 {
			near = "; the nearest are " + strings.Join(like, ", ")
		}
	}
	return errors.New(s.phrases.Say("unknown_rule", "rule", name, "near", near))
}
