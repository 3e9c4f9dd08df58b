package phrase

import (
	"slices"
)

// negators turn what follows in the same clause around. "Not sure" is not among them: it
// takes the statement away, which Unsure says.
var negators = map[string]bool{"no": true, "not": true, "never": true, "without": true, "none": true, "nobody": true, "nothing": true, "nor": true, "neither": true, "non": true, "lacks": true, "lacking": true, "zero": true}

// reach is how many words a negator turns around.
const reach = 4

// Find lists every place where a pattern of the set stands, in the order of the text.
func (s *Set) Find(t Text) []Hit {
	var hits []Hit
	for i, w := range t.Words {
		from := len(hits)
		for _, n := range [2]int{w.exact, w.stem} {
			if n == 0 {
				continue
			}
			for _, id := range s.starts[n] {
				last, fixed := match(t, s.patterns[id][0], i)
				if last < 0 {
					continue
				}
				h := Hit{ID: id, First: i, Last: last, Core: last, Fixed: fixed, Negated: negated(t, i)}
				if h.join(t, s.patterns[id][1:]) && !slices.Contains(hits[from:], h) {
					hits = append(hits, h)
				}
			}
		}
	}
	return hits
}

// join looks for the other parts of a pattern near its first one, and widens the hit to them.
func (h *Hit) join(t Text, others []part) bool {
	anchor, end := h.First, h.Last
	for _, p := range others {
		found := false
		for away := 1; away <= Near && !found; away++ {
			for _, at := range [2]int{end + away, anchor - away} {
				if at < 0 || at >= len(t.Words) || t.Words[at].Sentence != t.Words[anchor].Sentence || absent(t, at) {
					continue
				}
				last, fixed := match(t, p, at)
				if last < 0 || at < anchor && last >= anchor {
					continue
				}
				h.First, h.Last, h.Fixed, found = min(h.First, at), max(h.Last, last), h.Fixed+fixed, true
				break
			}
		}
		if !found {
			return false
		}
	}
	return true
}

// absent says whether "no" or "without" stands before a word: "no kids".
func absent(t Text, at int) bool {
	return at > 0 && (t.Words[at-1].Norm == "no" || t.Words[at-1].Norm == "without")
}

// match tries words that follow each other at one place. It returns the last word, or -1.
func match(t Text, p []element, at int) (last, fixed int) {
	if len(p) == 0 {
		return at - 1, 0
	}
	e := p[0]
	if e.gap > 0 {
		for skip := 0; skip <= e.gap && at+skip < len(t.Words); skip++ {
			if at > 0 && t.Words[at+skip].Clause != t.Words[at-1].Clause {
				break
			}
			if last, n := match(t, p[1:], at+skip); last >= 0 {
				return last, n
			}
		}
		return -1, 0
	}
	for _, choice := range e.several {
		if end, n := match(t, choice, at); end >= 0 {
			if last, m := match(t, p[1:], end+1); last >= 0 {
				return last, n + m
			}
		}
	}
	if at < len(t.Words) && e.is(t.Words[at]) {
		if last, n := match(t, p[1:], at+1); last >= 0 {
			return last, n + 1
		}
	}
	if e.optional {
		return match(t, p[1:], at)
	}
	return -1, 0
}

// is says whether a word is one of the element's single words.
func (e element) is(w Word) bool {
	if w.stem != 0 {
		if _, ok := slices.BinarySearch(e.words, w.stem); ok {
			return true
		}
	}
	if w.exact != 0 {
		_, ok := slices.BinarySearch(e.words, w.exact)
		return ok
	}
	return false
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
