package policy

import (
	"sort"

	"shareright/knowledge"
)

// repairer finds the word that was meant by one that nobody knows.
type repairer struct {
	words map[string]string   // word → stem
	start map[byte][]string   // words by first letter, in order
	known map[string]struct{} // stems
}

func newRepairer(corpus map[string]string, lexicon *Lexicon) *repairer {
	r := &repairer{words: map[string]string{}, start: map[byte][]string{}, known: map[string]struct{}{}}
	for _, list := range []map[string]string{corpus, lexicon.lexWords} {
		for word, stem := range list {
			r.known[stem] = struct{}{}
			if len(word) >= 4 {
				r.words[word] = stem
			}
		}
	}
	for word := range r.words {
		r.start[word[0]] = append(r.start[word[0]], word)
	}
	for _, list := range r.start {
		sort.Strings(list)
	}
	return r
}

// isKnown says whether a stem stands in the library or the lexicon.
func (r *repairer) isKnown(stem string) bool {
	_, ok := r.known[stem]
	return ok
}

// repair returns the stem of the nearest known word: one slip in a word of four to six
// letters, two in a longer one. The first letter must be right: people seldom get it wrong.
func (r *repairer) repair(word string) (stem string, ok bool) {
	if len(word) < 4 || len(word) > 20 {
		return "", false
	}
	limit := 1
	if len(word) > 6 {
		limit = 2
	}
	best, distance := "", limit+1
	for _, candidate := range r.start[word[0]] {
		if abs(len(candidate)-len(word)) > limit || unlike(word, candidate, limit) {
			continue
		}
		if d := knowledge.Distance(word, candidate); d < distance {
			best, distance = candidate, d
		}
	}
	if best == "" {
		return "", false
	}
	return r.words[best], true
}

// unlike says that two words have too few letters in common for the distance to be worth working out.
func unlike(a, b string, limit int) bool {
	var count [256]int8
	for i := range len(a) {
		count[a[i]]++
	}
	for i := range len(b) {
		count[b[i]]--
	}
	differ := 0
	for _, c := range count {
		differ += abs(int(c))
	}
	return differ > 2*limit
}
