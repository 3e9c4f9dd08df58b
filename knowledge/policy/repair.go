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
			if len(stem) >= 5 && r.words[stem] == "" {
				r.words[stem] = stem // so that other forms of a known word are found
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

// repair returns the stem of the known word nearest to a word, or else to its stem: one slip in a word of four to six
// letters, two in a longer one. The first letter must be right: people seldom get it wrong.
func (r *repairer) repair(word, stem string) (meant string, ok bool) {
	if len(word) < 4 || len(word) > 20 {
		return "", false
	}
	limit := 1
	if len(word) > 6 {
		limit = 2
	}
	best, cost := "", 2*limit+2
	for _, try := range sounds(word) {
		for _, candidate := range r.start[try[0]] {
			if abs(len(candidate)-len(try)) > limit || unlike(try, candidate, limit) {
				continue
			}
			d := knowledge.Distance(try, candidate)
			if d > limit {
				continue
			}
			c := 2 * d
			if len(candidate) <= len(try) {
				c++ // a letter left out is likelier than one put in or swapped
			}
			if c < cost {
				best, cost = candidate, c
			}
		}
	}
	if best == "" && stem != word && len(stem) >= 5 {
		return r.repair(stem, stem)
	}
	return r.words[best], best != ""
}

// sounds returns a word as written and, when it may begin with the wrong letter, as it sounds.
func sounds(word string) []string {
	switch word[0] {
	case 'f':
		return []string{word, "ph" + word[1:]}
	case 'k':
		return []string{word, "c" + word[1:]}
	case 's':
		return []string{word, "c" + word[1:]}
	case 'n':
		return []string{word, "kn" + word[1:]}
	case 'r':
		return []string{word, "wr" + word[1:]}
	}
	return []string{word}
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
