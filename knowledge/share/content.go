package share

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"unicode"
	"unicode/utf8"

	"shareright/knowledge"
)

// Question asks for a fact that nobody has told us.
type Question struct {
	Fact    string   `yaml:"fact"`
	Label   string   `yaml:"label"`
	Why     string   `yaml:"why"`
	Options []Option `yaml:"options"`
}

// Option is one answer to a question.
type Option struct {
	Value string `yaml:"value"`
	Label string `yaml:"label"`
	More  bool   `yaml:"more,omitempty"` // understood from words, but too rare to list on a screen
}

func (q Question) values() []string {
	values := make([]string, len(q.Options))
	for i, o := range q.Options {
		values[i] = o.Value
	}
	return values
}

func (q Question) has(value string) bool {
	for _, o := range q.Options {
		if o.Value == value {
			return true
		}
	}
	return false
}

// Common are the answers to show on a screen, at most 24.
func (q Question) Common() []Option {
	var common []Option
	for _, o := range q.Options {
		if !o.More {
			common = append(common, o)
		}
	}
	return common
}

// oneOrMore is a list that may be written as a single value.
type oneOrMore []string

// UnmarshalYAML accepts one value or a list of them.
func (l *oneOrMore) UnmarshalYAML(unmarshal func(any) error) error {
	var many []string
	if unmarshal(&many) == nil {
		*l = many
		return nil
	}
	var one string
	if err := unmarshal(&one); err != nil {
		return err
	}
	*l = oneOrMore{one}
	return nil
}

// ruleText is one rule as it is written in a content file.
type ruleText struct {
	ID          string               `yaml:"id"`
	When        map[string]oneOrMore `yaml:"when"`
	Decision    Decision             `yaml:"decision"`
	StillReport bool                 `yaml:"still_report,omitempty"`
	Nation      oneOrMore            `yaml:"nation"`
	Elsewhere   string               `yaml:"elsewhere,omitempty"` // what differs by nation: one of nations.yaml
	Basis       []string             `yaml:"basis,omitempty"`
	Do          string               `yaml:"do"`
	Why         oneOrMore            `yaml:"why,omitempty"`
	Share       oneOrMore            `yaml:"share,omitempty"`
	LeaveOut    oneOrMore            `yaml:"leave_out,omitempty"`
	How         oneOrMore            `yaml:"how,omitempty"`
	Tell        oneOrMore            `yaml:"tell,omitempty"`
	Record      oneOrMore            `yaml:"record,omitempty"`
	Ask         oneOrMore            `yaml:"ask,omitempty"`
	Escalate    []string             `yaml:"escalate,omitempty"`
	Sources     []string             `yaml:"sources"`

	parts   Parts
	picked  []knowledge.Source
	checked string
	version string // changes whenever anything of the rule changes
}

var decisions = []string{string(ShareNow), string(Share), string(WithSafeguards), string(AskLead), string(DoNotShare)}

var roles = []string{"safeguarding_lead", "dp_lead", "deputy", "trustee"}

var bases = []string{
	"consent", "contract", "legal_obligation", "vital_interests", "public_task", "legitimate_interests",
	"recognised_legitimate_interest:safeguarding", "recognised_legitimate_interest:crime", "recognised_legitimate_interest:emergency",
	"recognised_legitimate_interest:public_task_request", "recognised_legitimate_interest:security",
	"art9_vital", "art9_explicit_consent", "art9_legal_claims", "art9_health_care", "sch1_para10", "sch1_para18", "sch1_para19",
	"household_exemption", "anonymised", "pecr_soft_opt_in",
}

func readQuestions(files fs.FS) (map[string]Question, error) {
	var list []Question
	if err := knowledge.ReadYAML(files, "questions.yaml", &list); err != nil {
		return nil, err
	}
	questions := map[string]Question{}
	var problems []error
	for _, q := range list {
		if !(&Facts{}).put(q.Fact, "") {
			problems = append(problems, fmt.Errorf("questions.yaml: there is no fact %q%s", q.Fact, knowledge.DidYouMean(q.Fact, Keys())))
		}
		questions[q.Fact] = q
	}
	for _, key := range Keys() {
		if len(questions[key].Options) == 0 {
			problems = append(problems, fmt.Errorf("questions.yaml: nothing asks for %q", key))
		}
	}
	return questions, errors.Join(problems...)
}

// terms are the facts of the rules, in asking order.
func (b *Book) terms() []knowledge.Term[*Facts] {
	terms := make([]knowledge.Term[*Facts], len(fields))
	for i, f := range fields {
		terms[i] = knowledge.Term[*Facts]{Key: f.key, Values: b.questions[f.key].values(), Get: func(x *Facts) string { return *f.at(x) }}
	}
	return terms
}

// readRules reads the rule files in the order of their names.
func readRules(files fs.FS, sources knowledge.Sources, local localWords) ([]knowledge.Rule, []ruleText, error) {
	phrases := map[string]string{}
	if err := knowledge.ReadYAML(files, "phrases.yaml", &phrases); err != nil {
		return nil, nil, err
	}
	nations, err := readNations(files)
	if err != nil {
		return nil, nil, err
	}
	names, err := fs.Glob(files, "rules/*.yaml")
	if err != nil {
		return nil, nil, err
	}
	var rules []knowledge.Rule
	var texts []ruleText
	var problems []error
	take := func(name, adds string) {
		list, err := readRuleFile(files, name, phrases, nations, local, sources)
		problems = append(problems, err)
		for _, r := range list {
			if at := slices.IndexFunc(rules, func(o knowledge.Rule) bool { return o.ID == r.rule.ID && o.File == adds }); at >= 0 && r.rule.ID != "" {
				rules[at], texts[at] = r.rule, r.text
				continue
			}
			rules, texts = append(rules, r.rule), append(texts, r.text)
		}
	}
	for _, name := range names {
		take(name, "")
		if extra := knowledge.ExtraFor(name); exists(files, extra) {
			take(extra, name)
		}
	}
	if len(rules) == 0 || len(rules[len(rules)-1].When) > 0 {
		problems = append(problems, errors.New("rules: the last rule must hold whatever the facts (when: {})"))
	}
	return rules, texts, errors.Join(problems...)
}

// writtenRule is a rule of one file, for the table and with its sentences.
type writtenRule struct {
	rule knowledge.Rule
	text ruleText
}

func readRuleFile(files fs.FS, name string, phrases map[string]string, nations differences, local localWords, sources knowledge.Sources) ([]writtenRule, error) {
	var list []ruleText
	if err := knowledge.ReadOne(files, name, &list); err != nil {
		return nil, err
	}
	var rules []writtenRule
	var problems []error
	for i, t := range list {
		if err := errors.Join(t.complete(phrases, local, sources), t.byNation(nations, local)); err != nil {
			problems = append(problems, fmt.Errorf("%s: rule %q: %w%s", name, t.ID, err, knowledge.Excerpt(files, name, fmt.Sprintf("$[%d].id", i))))
		}
		when := make(map[string][]string, len(t.When))
		for k, v := range t.When {
			when[k] = v
		}
		t.version = fmt.Sprintf("%x", sha256.Sum256(fmt.Append(nil, t)))[:8]
		rules = append(rules, writtenRule{knowledge.Rule{ID: t.ID, Outcome: string(t.Decision), When: when, File: name, Index: i}, t})
	}
	return rules, errors.Join(problems...)
}

func exists(files fs.FS, name string) bool {
	_, err := fs.Stat(files, name)
	return err == nil
}

var reference = regexp.MustCompile(`@[a-z0-9-]+`)

// complete checks a rule's vocabulary and fills in sentences and sources.
func (t *ruleText) complete(phrases map[string]string, local localWords, sources knowledge.Sources) error {
	var problems []error
	known := func(what, value string, among []string) {
		for _, k := range among {
			if k == value {
				return
			}
		}
		problems = append(problems, fmt.Errorf("%q is no %s%s", value, what, knowledge.DidYouMean(value, among)))
	}
	known("decision", string(t.Decision), decisions)
	for _, b := range t.Basis {
		known("basis", b, bases)
	}
	for _, r := range t.Escalate {
		known("role", r, roles)
	}
	spoken := func(s string) string {
		said := reference.ReplaceAllStringFunc(s, func(at string) string {
			sentence, ok := phrases[at[1:]]
			if !ok {
				names := make([]string, 0, len(phrases))
				for n := range phrases {
					names = append(names, n)
				}
				problems = append(problems, fmt.Errorf("there is no phrase %q%s", at[1:], knowledge.DidYouMean(at[1:], names)))
			}
			return sentence
		})
		whole, err := local.take(said)
		problems = append(problems, err)
		return whole
	}
	all := func(list []string) []string {
		spokenList := make([]string, 0, len(list))
		for _, s := range list {
			said := spoken(s)
			if first, _ := utf8.DecodeRuneInString(said); unicode.IsLower(first) {
				problems = append(problems, fmt.Errorf("%q begins in the middle of a sentence; a comma outside quotes cut it in two, so put the whole in quotes", said))
			}
			spokenList = append(spokenList, said)
		}
		return spokenList
	}
	t.parts = Parts{
		Do: spoken(t.Do), Why: all(t.Why), Share: all(t.Share), LeaveOut: all(t.LeaveOut),
		How: all(t.How), Tell: all(t.Tell), Record: all(t.Record), Ask: all(t.Ask),
	}
	for _, n := range nations {
		if pieces, differs := local[t.parts.Do]; differs && joined(pieces, []string{n}) == "" {
			problems = append(problems, fmt.Errorf("the first line (do) says nothing in %s", n))
		}
	}
	picked, err := sources.Pick(t.Sources...)
	if err != nil {
		problems = append(problems, err)
	}
	if t.ID == "" || t.Do == "" || len(t.Sources) == 0 {
		problems = append(problems, errors.New("a rule needs an id, a first line (do) and a source"))
	}
	t.picked = picked
	for _, s := range picked {
		if t.checked == "" || s.Checked < t.checked {
			t.checked = s.Checked
		}
	}
	return errors.Join(problems...)
}

// annotate adds to mistakes in rules the lines of the file where they stand.
func annotate(files fs.FS, err error) error {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return err
	}
	var shown []error
	for _, e := range joined.Unwrap() {
		var m knowledge.Mistake
		if errors.As(e, &m) {
			e = fmt.Errorf("%w%s", e, excerpt(files, m))
		}
		shown = append(shown, e)
	}
	return errors.Join(shown...)
}

func excerpt(files fs.FS, m knowledge.Mistake) string {
	place := fmt.Sprintf("$[%d].id", m.Index)
	if m.Key != "" {
		place = fmt.Sprintf("$[%d].when.%s", m.Index, m.Key)
	}
	return knowledge.Excerpt(files, m.File, place)
}
