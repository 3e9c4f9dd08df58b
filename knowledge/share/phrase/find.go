package phrase

import (
	"slices"
)

// negators turn what follows in the same clause around. "Not sure" is not among them: it
// takes the statement away, which Unsure says.
var negators = map[string]bool{"no": true, "not": true, "never": true, "without": true, "none": true, "nobody": true, "nor": true, "neither": true, "non": true, "lacks": true, "lacking": true, "zero": true}

// reach is how many words a negator turns around.
const reach = 4

// Find lists every place where a pattern of the set stands, in the order of the text.
func (s *Set) Find(t Text) []Hit {
	var hits []Hit
	for i, w := range t.Words {
		for _, n := range [2]int{w.exact, w.stem} {
			if n == 0 {
				continue
			}
			for _, id := range s.starts[n] {
				if last, fixed := s.match(t, s.patterns[id], i); last >= 0 {
					h := Hit{ID: id, First: i, Last: last, Fixed: fixed, Negated: negated(t, i)}
					if !slices.Contains(hits, h) {
						hits = append(hits, h)
					}
				}
			}
		}
	}
	return hits
}

// match tries a pattern at a word. It returns the last word, or -1.
func (s *Set) match(t Text, pattern []element, at int) (last, fixed int) {
	if len(pattern) == 0 {
		return at - 1, 0
	}
	e := pattern[0]
	if e.gap > 0 {
		for skip := 0; skip <= e.gap && at+skip < len(t.Words); skip++ {
			if at > 0 && t.Words[at+skip].Clause != t.Words[at-1].Clause {
				break
			}
			if last, n := s.match(t, pattern[1:], at+skip); last >= 0 {
				return last, n
			}
		}
		return -1, 0
	}
	if at < len(t.Words) {
		w := t.Words[at]
		if w.stem != 0 && slices.Contains(e.words, w.stem) || w.exact != 0 && slices.Contains(e.words, w.exact) {
			if last, n := s.match(t, pattern[1:], at+1); last >= 0 {
				return last, n + 1
			}
		}
	}
	if e.optional {
		return s.match(t, pattern[1:], at)
	}
	return -1, 0
}

// negated says whether a "no" or "not" shortly before a word turns it around.
func negated(t Text, at int) bool {
	for i := at - 1; i >= 0 && i >= at-reach && t.Words[i].Clause == t.Words[at].Clause; i-- {
		if !negators[t.Words[i].Norm] {
			continue
		}
		next := t.Words[i+1].Norm
		// "not only", "no doubt", "no idea", "why not", "or not" turn nothing around.
		if next == "only" || next == "doubt" || next == "idea" || next == "just" || next == "sure" || next == "matter" || next == "longer" {
			return next == "longer"
		}
		if i > 0 && (t.Words[i-1].Norm == "or" || t.Words[i-1].Norm == "why") {
			return false
		}
		return true
	}
	return false
}
