// Package phrase finds phrases in what people type: untidy words, no capitals,
// slips of the finger, "hasn't" and "hasnt", "15yo" and "yr 9".
//
// It knows words, their stems, negation, past and supposed events, and where a clause
// ends. It leaves to its callers what a phrase means. The same words always give the
// same answer.
package phrase

import (
	_ "embed"
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
)

// Hit is one place where a phrase was found.
type Hit struct {
	ID          int // what Add returned
	First, Last int // words of the text, both included
	Negated     bool
	Fixed       int // words of the pattern that matched, a measure of how much it says
}

type element struct {
	words    []int // exact words and stems, as numbers in the vocabulary
	optional bool
	gap      int // words that may be passed over here; 0 when this is a word
}

// Set is a set of patterns. A pattern is words that follow each other:
// "a|b" is either, "a?" may be absent, "=a" is that very form and no other, ".." passes
// over a few words of the same clause, "..." over more, and "{name}" stands for a named list of words.
type Set struct {
	vocabulary map[string]int // "=word" or "stem" to a number
	sounds     []string       // whole words a slip may have been meant for
	known      map[string]bool
	lists      map[string][]string
	patterns   [][]element
	starts     map[int][]int
}

// NewSet returns an empty set with these named lists of words.
func NewSet(lists map[string][]string) *Set {
	return &Set{vocabulary: map[string]int{}, known: map[string]bool{}, lists: lists, starts: map[int][]int{}}
}

// Add adds a pattern and returns its number, counted from 0.
func (s *Set) Add(pattern string) (int, error) {
	var elements []element
	for _, part := range strings.Fields(pattern) {
		e, err := s.element(part)
		if err != nil {
			return 0, fmt.Errorf("phrase %q: %w", pattern, err)
		}
		elements = append(elements, e)
	}
	if len(elements) == 0 || elements[0].gap > 0 || elements[0].optional || elements[len(elements)-1].gap > 0 {
		return 0, fmt.Errorf("phrase %q must begin and end with a word", pattern)
	}
	id := len(s.patterns)
	s.patterns = append(s.patterns, elements)
	for _, w := range elements[0].words {
		s.starts[w] = append(s.starts[w], id)
	}
	return id, nil
}

func (s *Set) element(part string) (element, error) {
	switch part {
	case "..":
		return element{gap: Gap}, nil
	case "...":
		return element{gap: WideGap}, nil
	}
	e := element{}
	part, e.optional = strings.CutSuffix(part, "?")
	for _, w := range strings.Split(part, "|") {
		if w == "" || strings.HasPrefix(w, "..") {
			return e, fmt.Errorf("%q is no word between bars", w)
		}
		if name, ok := strings.CutPrefix(w, "{"); ok {
			list, found := s.lists[strings.TrimSuffix(name, "}")]
			if !found {
				return e, fmt.Errorf("there is no list %s", w)
			}
			for _, w := range list {
				e.words = append(e.words, s.number(w))
			}
			continue
		}
		e.words = append(e.words, s.number(w))
	}
	slices.Sort(e.words)
	return e, nil
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
		s.vocabulary[key] = n
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
