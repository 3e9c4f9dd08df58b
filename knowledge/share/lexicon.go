package share

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"shareright/knowledge"
	"shareright/knowledge/share/phrase"
)

// entry is what some phrases say: one value of one fact.
type entry struct {
	Fact     string  `yaml:"fact"`
	Value    string  `yaml:"value"`
	Weight   float64 `yaml:"weight"`
	Negated  string  `yaml:"negated"`  // what a "no" before the words makes of them
	Past     string  `yaml:"past"`     // "drop": words about long ago do not count
	Exact    bool    `yaml:"exact"`    // words stand for themselves, not for all their forms
	Receives bool    `yaml:"receives"` // the words themselves say that this is who gets it
	Phrases  string  `yaml:"phrases"`  // separated by ";" or line ends
}

// implication is what some facts also say, for facts that are still unknown.
type implication struct {
	When   map[string]oneOrMore `yaml:"when"`
	Not    []string             `yaml:"unknown"` // facts that must not be known
	Unless map[string]oneOrMore `yaml:"unless"`
	Then   map[string]string    `yaml:"then"`
	Words  string               `yaml:"words"`
}

// Marks of the lexicon that are no facts: when it happened, and names that are not people who ask.
const (
	markTime   = "time"
	markNobody = "nobody"
	markIntent = "intent"
)

// lexicon finds facts in words.
type lexicon struct {
	set     *phrase.Set
	entries []entry
	of      []int // by phrase number: its entry
	implies []implication
	asks    map[string]bool // stems of words for asking
	gives   map[string]bool // stems of words for giving
	papers  map[string]bool // stems of words for what a request comes as
	offices map[string]bool // stems of words for those who act for somebody: "the LADO's office"
	handsTo map[string]bool // of those for giving, the ones that need a "to": "pass it to"
	comes   map[string]bool // of those for asking, the ones that may mean something else: "came", "knows"
	kids    map[string]bool // stems of words for a child
	groups  map[string]bool // stems of words for many people: "412 families"
	loves   map[string]bool // stems of words for a partner
	nouns   map[string]bool // of those for asking, the ones that at the end are a thing: "our emails"
	owned   map[string]bool // stems of words for what is somebody's: "her 15 year olds notes"
	counted map[string]bool // words that follow a number which is no age: "12 miles"
}

// lexiconFiles are read in this order; a phrase may stand in several.
var lexiconFiles = []string{"lexicon/recipients.yaml", "lexicon/harm.yaml", "lexicon/signs.yaml", "lexicon/facts.yaml", "lexicon/asked.yaml", "lexicon/plainer.yaml", "lexicon/times.yaml", "lexicon/intents.yaml"}

func readLexicon(files fs.FS, questions map[string]Question) (*lexicon, error) {
	lists, err := readLists(files)
	if err != nil {
		return nil, err
	}
	l := &lexicon{set: phrase.NewSet(lists).Keep(lists["names"]), asks: stems(lists["asks"]), gives: stems(lists["gives"]), papers: stems(lists["papers"]), offices: stems(lists["offices"]),
		comes: stems(lists["comes"]), handsTo: stems(lists["handsto"]), kids: stems(lists["child"]), groups: stems(lists["groups"]), loves: stems(lists["love"]), owned: stems(lists["owned"]), counted: wordSet(lists["counted"]), nouns: wordSet(lists["nouns"])}
	var problems []error
	for _, file := range lexiconFiles {
		for _, name := range []string{file, knowledge.ExtraFor(file)} {
			if name != file && !exists(files, name) {
				continue
			}
			var entries []entry
			if err := knowledge.ReadOne(files, name, &entries); err != nil {
				return nil, err
			}
			for i, e := range entries {
				if err := l.add(e, questions); err != nil {
					problems = append(problems, fmt.Errorf("%s: %w%s", name, err, knowledge.Excerpt(files, name, fmt.Sprintf("$[%d].fact", i))))
				}
			}
		}
	}
	if err := knowledge.ReadYAML(files, "implies.yaml", &l.implies); err != nil {
		return nil, err
	}
	for _, i := range l.implies {
		for fact, value := range i.Then {
			if err := checkFact(questions, fact, value); err != nil {
				problems = append(problems, fmt.Errorf("implies.yaml: %w", err))
			}
		}
		for _, fact := range i.Not {
			if _, ok := questions[fact]; !ok {
				problems = append(problems, fmt.Errorf("implies.yaml: there is no fact %q%s", fact, knowledge.DidYouMean(fact, Keys())))
			}
		}
	}
	return l, errors.Join(problems...)
}

// plainWeight is how much an entry counts that says nothing about it.
const plainWeight = 2

// readLists reads the named lists of words. A list may take in another one: "{parent} uncle".
func readLists(files fs.FS) (map[string][]string, error) {
	named := map[string]string{}
	for _, name := range []string{"lexicon/lists.yaml", "lexicon/classes.yaml", "lexicon/names.yaml"} {
		var more map[string]string
		if err := knowledge.ReadYAML(files, name, &more); err != nil {
			return nil, err
		}
		maps.Copy(named, more)
	}
	lists := map[string][]string{}
	var problems []error
	var list func(name string, depth int) []string
	list = func(name string, depth int) []string {
		var words []string
		for w := range strings.FieldsSeq(named[name]) {
			other, ok := strings.CutPrefix(w, "{")
			if !ok {
				words = append(words, w)
				continue
			}
			other = strings.TrimSuffix(other, "}")
			if _, known := named[other]; !known || depth > len(named) {
				problems = append(problems, fmt.Errorf("list %s: there is no list %s, or it holds itself", name, w))
				continue
			}
			words = append(words, list(other, depth+1)...)
		}
		return words
	}
	for _, name := range slices.Sorted(maps.Keys(named)) {
		lists[name] = list(name, 0)
	}
	return lists, errors.Join(problems...)
}

func (l *lexicon) add(e entry, questions map[string]Question) error {
	if e.Fact != markTime && e.Fact != markNobody && e.Fact != markIntent {
		for _, value := range []string{e.Value, e.Negated} {
			if value == "" {
				continue
			}
			if err := checkFact(questions, e.Fact, value); err != nil {
				return err
			}
		}
	}
	if e.Weight == 0 {
		e.Weight = plainWeight
	}
	at := len(l.entries)
	l.entries = append(l.entries, e)
	for _, p := range strings.FieldsFunc(e.Phrases, func(r rune) bool { return r == ';' || r == '\n' }) {
		if p = strings.TrimSpace(p); p == "" {
			continue
		}
		add := l.set.Add
		if e.Exact {
			add = l.set.AddExact
		}
		if _, err := add(p); err != nil {
			return fmt.Errorf("%s %s: %w", e.Fact, e.Value, err)
		}
		l.of = append(l.of, at)
	}
	return nil
}

// checkFact refuses a misspelt fact or value and names the nearest one.
func checkFact(questions map[string]Question, fact, value string) error {
	q, ok := questions[fact]
	if !ok {
		return fmt.Errorf("there is no fact %q%s", fact, knowledge.DidYouMean(fact, Keys()))
	}
	if !q.has(value) {
		return fmt.Errorf("%q is no value of %q%s", value, fact, knowledge.DidYouMean(value, q.values()))
	}
	return nil
}

func wordSet(list []string) map[string]bool {
	set := make(map[string]bool, len(list))
	for _, w := range list {
		set[w] = true
	}
	return set
}

func stems(words []string) map[string]bool {
	set := map[string]bool{}
	for _, w := range words {
		set[phrase.Stem(strings.TrimPrefix(w, "="))] = true
	}
	return set
}

// also says whether an implication holds on some facts.
func (i implication) holds(f Facts) bool {
	for fact, values := range i.When {
		if !values.has(f.Get(fact)) {
			return false
		}
	}
	for _, fact := range i.Not {
		if f.Get(fact) != "" {
			return false
		}
	}
	for fact, values := range i.Unless {
		if values.has(f.Get(fact)) {
			return false
		}
	}
	return true
}

func (l oneOrMore) has(value string) bool {
	for _, v := range l {
		if v == value && value != "" {
			return true
		}
	}
	return false
}
