// Package phrase finds phrases in what people type: untidy words, no capitals,
// slips of the finger, "hasn't" and "hasnt", "15yo" and "yr 9".
//
// It knows words, their stems, negation, past and supposed events, and where a clause
// ends. It leaves to its callers what a phrase means. The same words always give the
// same answer.
package phrase

import (
	_ "embed"
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/english"
)

// common is what English words look like, sorted: a word in it is never "repaired".
//
//go:embed common.txt
var common string

// Gap is how many words a ".." in a pattern may pass over; "..." passes over WideGap.
const (
	Gap     = 4
	WideGap = 9
	Near    = 11 // how many words apart the parts of "a & b" may stand, in one sentence
)

// Hit is one place where a phrase was found.
type Hit struct {
	ID          int // what Add returned
	First, Last int // words of the text, both included
	Core        int // the last word of the pattern's first part: what "a & b" is about
	Negated     bool
	Fixed       int // words of the pattern that matched, a measure of how much it says
}

type element struct {
	words    []int // exact words and stems, as numbers in the vocabulary, sorted
	several  [][]element
	optional bool
	gap      int // words that may be passed over here; 0 when this is a word
}

// part is words that follow each other. The parts of one pattern stand near each other, in
// any order.
type part []element

// Set is a set of patterns. A pattern is words that follow each other:
// "a|b" is either, "a?" may be absent, "=a" is that very form and no other, "a_b" is two
// words that count as one choice, ".." passes over a few words of the same clause, "..."
// over more, "{name}" stands for a named list of words, and "a & b" finds a and b near each
// other in one sentence, whichever comes first.
type Set struct {
	vocabulary map[string]int // "=word" or "stem" to a number
	spelled    map[int]string // a number back to a word that has it
	sounds     []string       // whole words a slip may have been meant for
	known      map[string]bool
	names      map[string]bool // words that are no slips for others, nor ordinary words
	lists      map[string][]string
	patterns   [][]part
	starts     map[int][]int
	written    []string // the patterns as they were written
	exactly    bool     // the pattern being added is one of exact words
	chosen     map[choice]element
}

// choice is one word of a pattern as it is written, and whether it stands for itself only.
// The same words stand in hundreds of patterns, and are taken apart once.
type choice struct {
	written string
	exactly bool
}

// NewSet returns an empty set with these named lists of words.
func NewSet(lists map[string][]string) *Set {
	return &Set{vocabulary: map[string]int{}, known: map[string]bool{}, names: map[string]bool{}, spelled: map[int]string{}, lists: lists, starts: map[int][]int{}, chosen: map[choice]element{}}
}

// Keep names words that are never repaired, and that are no ordinary words either: what people
// are called. It returns the set.
func (s *Set) Keep(names []string) *Set {
	for _, name := range names {
		s.names[name] = true
	}
	return s
}

// AddExact adds a pattern whose words stand for themselves and their "s" form only: "box"
// is "box" and "boxes", not "boxing".
func (s *Set) AddExact(pattern string) (int, error) {
	s.exactly = true
	defer func() { s.exactly = false }()
	return s.Add(pattern)
}

// Add adds a pattern and returns its number, counted from 0. Its words match in any form:
// "ask" is also "asked" and "asking".
func (s *Set) Add(pattern string) (int, error) {
	var parts []part
	for _, words := range strings.Split(pattern, " & ") {
		p, err := s.part(words)
		if err != nil {
			return 0, fmt.Errorf("phrase %q: %w", pattern, err)
		}
		parts = append(parts, p)
	}
	id := len(s.patterns)
	s.patterns, s.written = append(s.patterns, parts), append(s.written, pattern)
	for _, w := range parts[0][0].first() {
		if of := s.starts[w]; len(of) == 0 || of[len(of)-1] != id {
			s.starts[w] = append(of, id)
		}
	}
	return id, nil
}

func (s *Set) part(words string) (part, error) {
	var p part
	for _, word := range strings.Fields(words) {
		e, err := s.element(word)
		if err != nil {
			return nil, err
		}
		p = append(p, e)
	}
	if len(p) == 0 || p[0].gap > 0 || p[0].optional || p[len(p)-1].gap > 0 {
		return nil, errors.New("it must begin and end with a word")
	}
	return p, nil
}

// first are the words that an element may begin with.
func (e element) first() []int {
	words := slices.Clone(e.words)
	for _, choice := range e.several {
		words = append(words, choice[0].words...)
	}
	return words
}

func (s *Set) element(written string) (element, error) {
	switch written {
	case "..":
		return element{gap: Gap}, nil
	case "...":
		return element{gap: WideGap}, nil
	}
	e := element{}
	written, e.optional = strings.CutSuffix(written, "?")
	for w := range strings.SplitSeq(written, "|") {
		if w == "" || strings.HasPrefix(w, "..") {
			return e, fmt.Errorf("%q is no word between bars", w)
		}
		if strings.Contains(w, "?") {
			return e, fmt.Errorf("%q: the question mark stands after all choices, as in \"a|b?\"", w)
		}
		name, ok := strings.CutPrefix(w, "{")
		if !ok {
			e.choose(s, w)
			continue
		}
		list, found := s.lists[strings.TrimSuffix(name, "}")]
		if !found {
			return e, fmt.Errorf("there is no list %s", w)
		}
		for _, w := range list {
			e.choose(s, w)
		}
	}
	slices.Sort(e.words)
	return e, nil
}

// choose adds one choice to an element: a word, several joined by "_", or a word that
// reading opens ("doesnt"), as what it is opened to.
func (e *element) choose(s *Set, w string) {
	one, known := s.chosen[choice{w, s.exactly}]
	if !known {
		one = s.choice(w)
		s.chosen[choice{w, s.exactly}] = one
	}
	e.words, e.several = append(e.words, one.words...), append(e.several, one.several...)
}

// choice is an element of one choice; an empty one when nothing of the word remains.
func (s *Set) choice(w string) element {
	var words []string
	w, exact := strings.CutPrefix(w, "=")
	for part := range strings.SplitSeq(w, "_") {
		words = append(words, spell(part)...)
	}
	if len(words) == 0 {
		return element{}
	}
	var parts []element
	for _, word := range words {
		if exact || s.exactly {
			word = "=" + word
		}
		parts = append(parts, element{words: []int{s.number(word)}})
	}
	if s.exactly && !exact {
		last := &parts[len(parts)-1]
		last.words = append(last.words, s.number("="+words[len(words)-1]+"s"), s.number("="+words[len(words)-1]+"es"))
		slices.Sort(last.words)
	}
	if len(parts) == 1 {
		return element{words: parts[0].words}
	}
	return element{several: [][]element{parts}}
}

// Dead lists the patterns that no text can hold, as they were written: reading changes their
// words, or their parts shut each other out. Each pattern is tried on the plainest text that
// it describes.
func (s *Set) Dead() []string {
	var dead []string
	for id, parts := range s.patterns {
		var words []string
		for _, p := range parts {
			for _, e := range p {
				words = append(words, s.example(e)...)
			}
		}
		found := false
		for _, h := range s.Find(s.Read(strings.Join(words, " "))) {
			found = found || h.ID == id
		}
		if !found {
			dead = append(dead, s.written[id])
		}
	}
	return dead
}

// example is the first choice of an element, in words.
func (s *Set) example(e element) []string {
	switch {
	case e.gap > 0 || e.optional:
		return nil
	case len(e.words) > 0:
		return []string{s.spelled[e.words[0]]}
	}
	var words []string
	for _, w := range e.several[0] {
		words = append(words, s.spelled[w.words[0]])
	}
	return words
}

// number enters a word into the vocabulary. Forms that the text's own tidying would
// change ("o'clock", "7yo") must be written as the tidying leaves them.
func (s *Set) number(w string) int {
	key := w
	if exact, ok := strings.CutPrefix(w, "="); ok {
		s.learn(exact)
	} else {
		s.learn(w)
		key = Stem(w)
	}
	n, ok := s.vocabulary[key]
	if !ok {
		n = len(s.vocabulary) + 1
		s.vocabulary[key], s.spelled[n] = n, strings.TrimPrefix(w, "=")
	}
	return n
}

func (s *Set) learn(w string) {
	if !s.known[w] {
		s.known[w] = true
		if len(w) >= 4 {
			s.sounds = append(s.sounds, w)
		}
	}
}

// Stem is the stem of an English word, in lower case.
func Stem(w string) string {
	if len(w) < 3 {
		return w
	}
	env := snowballstem.NewEnv(w)
	english.Stem(env)
	return env.Current()
}

// isCommon says whether this is an ordinary English word.
func isCommon(w string) bool {
	at := sort.Search(len(common), func(i int) bool {
		// the line that holds byte i
		start := strings.LastIndexByte(common[:i], '\n') + 1
		end := strings.IndexByte(common[start:], '\n')
		if end < 0 {
			end = len(common) - start
		}
		return common[start:start+end] >= w
	})
	start := strings.LastIndexByte(common[:min(at, len(common))], '\n') + 1
	return strings.HasPrefix(common[start:], w+"\n")
}

// Written is a pattern as it was added, for those who want to see why words were read so.
func (s *Set) Written(id int) string { return s.written[id] }
