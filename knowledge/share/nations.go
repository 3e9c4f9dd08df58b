package share

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"shareright/knowledge"
)

// nations are the parts of the United Kingdom in the order in which answers name them. "uk"
// stands for all four.
var nations = []string{"england", "wales", "scotland", "northern-ireland"}

const wholeUK = "uk"

// differences are what differs by nation, by topic: sentences, and by the nations they are
// for ("england wales").
type differences map[string]map[string]string

// readNations reads what differs by nation.
func readNations(files fs.FS) (differences, error) {
	t := differences{}
	if err := knowledge.ReadYAML(files, "nations.yaml", &t); err != nil {
		return nil, err
	}
	var problems []error
	for topic, says := range t {
		for among := range says {
			if _, err := nationsIn(among); err != nil {
				problems = append(problems, fmt.Errorf("nations.yaml: %s: %w", topic, err))
			}
		}
	}
	return t, errors.Join(problems...)
}

// readCalled reads what is called something else in one nation.
func readCalled(files fs.FS) (differences, error) {
	called := differences{}
	if err := knowledge.ReadYAML(files, "called.yaml", &called); err != nil {
		return nil, err
	}
	var problems []error
	for name, by := range called {
		for nation, other := range by {
			if !slices.Contains(nations, nation) {
				problems = append(problems, fmt.Errorf("called.yaml: %s: %q is no nation%s", name, nation, knowledge.DidYouMean(nation, nations)))
			}
			if name == "" || other == "" {
				problems = append(problems, fmt.Errorf("called.yaml: %q is called %q in %s; write both names", name, other, nation))
			}
		}
	}
	return called, errors.Join(problems...)
}

// nationsIn reads one or more nations with blanks between them.
func nationsIn(text string) ([]string, error) {
	among := strings.Fields(text)
	for _, n := range among {
		if !slices.Contains(nations, n) {
			return nil, fmt.Errorf("%q is no nation%s", n, knowledge.DidYouMean(n, nations))
		}
	}
	if len(among) == 0 {
		return nil, errors.New("no nation is named")
	}
	return among, nil
}

// byNation checks for which nations a rule is written, and adds what another nation does
// otherwise to whom to ask.
func (t *ruleText) byNation(all differences, local localWords) error {
	if len(t.Nation) == 0 {
		t.Nation = oneOrMore{wholeUK} // an organisation's own rule holds wherever it works
	}
	var problems []error
	for _, n := range t.Nation {
		if n != wholeUK && !slices.Contains(nations, n) {
			problems = append(problems, fmt.Errorf("%q is no nation%s", n, knowledge.DidYouMean(n, append([]string{wholeUK}, nations...))))
		}
	}
	uk := slices.Contains(t.Nation, wholeUK)
	says, known := all[t.Elsewhere]
	switch {
	case uk && len(t.Nation) > 1:
		problems = append(problems, errors.New("nation: uk is all of them, so it stands alone"))
	case uk && t.Elsewhere != "":
		problems = append(problems, errors.New("nation: uk has nothing that is another elsewhere; list the nations"))
	case t.Elsewhere != "" && !known:
		problems = append(problems, fmt.Errorf("nations.yaml has no topic %q", t.Elsewhere))
	}
	for _, n := range nations {
		for _, among := range slices.Sorted(maps.Keys(says)) {
			if its, err := nationsIn(among); err == nil && its[0] == n && common(its, t.Nation) {
				t.parts.Ask = append(t.parts.Ask, says[among])
				local[says[among]] = []piece{{its, says[among]}}
			}
		}
	}
	return errors.Join(problems...)
}

// piece is a part of what a rule says: for some nations only, or for all where none is named.
type piece struct {
	nations []string
	text    string
}

// localWords are the texts of a book that do not say the same in every nation, by the whole text.
type localWords map[string][]piece

// marked is what is said in some nations only: "{scotland: From 12 a child is taken to understand.}"
var marked = regexp.MustCompile(`\{([^{}:]*):([^{}]*)\}`)

// take reads the marks in a text, keeps what it says by nation, and returns all of it without them.
func (l localWords) take(said string) (string, error) {
	var pieces []piece
	var problems []error
	at := 0
	for _, m := range marked.FindAllStringSubmatchIndex(said, -1) {
		among, err := nationsIn(said[m[2]:m[3]])
		text := strings.TrimSpace(said[m[4]:m[5]])
		if err == nil && (text == "" || !strings.ContainsAny(text[len(text)-1:], ".!?")) {
			err = fmt.Errorf("{%s} must hold whole sentences", said[m[0]+1:m[1]-1])
		}
		problems = append(problems, err)
		pieces = append(pieces, piece{text: said[at:m[0]]}, piece{among, text})
		at = m[1]
	}
	if strings.ContainsAny(marked.ReplaceAllString(said, ""), "{}") {
		problems = append(problems, fmt.Errorf("%q has a brace that does not close, or names no nation; write {scotland: A sentence.}", said))
	}
	if at == 0 {
		return said, errors.Join(problems...)
	}
	pieces = append(pieces, piece{text: said[at:]})
	whole := joined(pieces, nil)
	l[whole] = pieces
	return whole, errors.Join(problems...)
}

// joined is what pieces say in some nations, or in all where none is named.
func joined(pieces []piece, in []string) string {
	var b strings.Builder
	for _, p := range pieces {
		if len(p.nations) == 0 || len(in) == 0 || common(p.nations, in) {
			b.WriteString(p.text)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// named are the names of each nation in place of ours, also where a sentence begins with one.
func (called differences) named() map[string]*strings.Replacer {
	pairs := map[string][]string{}
	for _, name := range slices.Sorted(maps.Keys(called)) {
		for nation, other := range called[name] {
			pairs[nation] = append(pairs[nation], name, other, capital(name), capital(other))
		}
	}
	names := map[string]*strings.Replacer{}
	for nation, all := range pairs {
		names[nation] = strings.NewReplacer(all...)
	}
	return names
}

func capital(name string) string {
	first, size := utf8.DecodeRuneInString(name)
	return string(unicode.ToUpper(first)) + name[size:]
}

// common says whether two lists have a nation in common.
func common(a, b []string) bool {
	return slices.ContainsFunc(a, func(n string) bool { return slices.Contains(b, n) })
}

// In is an answer as an organisation that works in some nations reads it: without the words
// that are for others, and with the names that its only nation has. Where no nation is known,
// it says all of them.
func (b *Book) In(a Answer, in ...string) Answer {
	if len(in) == 0 {
		return a
	}
	var names *strings.Replacer
	if len(in) == 1 {
		names = b.names[in[0]]
	}
	one := func(said string) string {
		if pieces, differs := b.local[said]; differs {
			said = joined(pieces, in)
		}
		if names != nil {
			said = names.Replace(said)
		}
		return said
	}
	says := func(list []string) []string {
		var left []string
		for _, said := range list {
			if said = one(said); said != "" {
				left = append(left, said)
			}
		}
		return left
	}
	p := a.Parts
	a.Parts = Parts{Do: one(p.Do), Why: says(p.Why), Share: says(p.Share), LeaveOut: says(p.LeaveOut),
		How: says(p.How), Tell: says(p.Tell), Record: says(p.Record), Ask: says(p.Ask)}
	return a
}
