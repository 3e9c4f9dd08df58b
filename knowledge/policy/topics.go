package policy

import (
	"math"
	"sort"
)

// peopleShare is what a phrase of the people's side counts when a policy uses it.
const peopleShare = 0.25

// slack is how many other words may stand among the words of a phrase.
const slack = 3

// minAsk is how alike a question must be to one of the lexicon's whole questions
// before it counts: below it, agreement is chance.
const minAsk = 0.45

// found is a topic seen in a text, how surely, and which tokens showed it.
type found struct {
	topic    int
	strength float64
	tokens   uint64 // bit i stands for token i; a question's first 64 words count
}

// topicsIn finds the topics whose phrases stand in a text. A phrase of the policies'
// side counts fully and one of the people's side in part, when the text is a policy;
// in a question both count the same.
func (l *Lexicon) topicsIn(tokens []token, question bool) []found {
	at := make(map[string][]int, len(tokens))
	for i, t := range tokens {
		at[t.stem] = append(at[t.stem], i)
	}
	best := map[int]found{}
	seen := map[string]bool{}
	for _, t := range tokens {
		if seen[t.stem] {
			continue
		}
		seen[t.stem] = true
		for _, p := range l.phrases[t.stem] {
			bits, ok := near(p.stems, t.stem, at)
			if !ok {
				continue
			}
			strength := p.strength
			if !p.means && !question {
				strength *= peopleShare
			}
			f := best[p.topic]
			f.topic = p.topic
			f.strength = math.Max(f.strength, strength)
			f.tokens |= bits
			best[p.topic] = f
		}
	}
	list := make([]found, 0, len(best))
	for _, f := range best {
		list = append(list, f)
	}
	sort.Slice(list, func(i, j int) bool { return list[i].topic < list[j].topic })
	return list
}

// near says whether all stems stand within a short stretch around one place of the
// key stem, and which tokens they are.
func near(stems []string, key string, at map[string][]int) (bits uint64, ok bool) {
	for _, s := range stems {
		if len(at[s]) == 0 {
			return 0, false
		}
	}
	for _, centre := range at[key] {
		low, high := centre, centre
		bits = bit(centre)
		for _, s := range stems {
			place := closest(at[s], centre)
			low, high = min(low, place), max(high, place)
			bits |= bit(place)
		}
		if high-low < max(len(stems)+slack, 2*len(stems)) {
			return bits, true
		}
	}
	return 0, false
}

func bit(i int) uint64 {
	if i > 63 {
		return 0
	}
	return 1 << i
}

func closest(places []int, to int) int {
	best := places[0]
	for _, p := range places[1:] {
		if abs(p-to) < abs(best-to) {
			best = p
		}
	}
	return best
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}

// asked finds the topics whose whole questions are like this one: the weight of the
// words in common against the weight of all words of both.
func (l *Lexicon) asked(tokens []token) []found {
	mine := map[string]uint64{}
	for i, t := range tokens {
		mine[t.stem] |= bit(i)
	}
	stems := make([]string, 0, len(mine))
	total := 0.0
	unknown := math.Log(1 + float64(len(l.asks)+1))
	for stem := range mine {
		stems = append(stems, stem)
	}
	sort.Strings(stems)
	common := map[int]float64{}
	for _, stem := range stems {
		w, ok := l.askWeight[stem]
		if !ok {
			w = unknown * 0.6
			if l.stop[stem] {
				w = 0.3
			}
		}
		total += w
		for _, a := range l.askIndex[stem] {
			common[a] += w
		}
	}
	best := map[int]found{}
	for a, weight := range common {
		like := weight / math.Sqrt(total*l.asks[a].norm)
		topic := l.asks[a].topic
		if like < minAsk || like <= best[topic].strength {
			continue
		}
		f := found{topic: topic, strength: like}
		for stem := range l.asks[a].stems {
			f.tokens |= mine[stem]
		}
		best[topic] = f
	}
	list := make([]found, 0, len(best))
	for _, f := range best {
		list = append(list, f)
	}
	sort.Slice(list, func(i, j int) bool { return list[i].topic < list[j].topic })
	return list
}

// minGist is the share of a question's weight that a topic's words must cover to count.
const minGist = 0.3

// gistsOf finds the topics whose words, taken together, cover most of the question. It
// catches what no phrase foresaw.
func (l *Lexicon) gistsOf(tokens []token) []found {
	ideas := make([][]string, len(tokens))
	for _, m := range l.conceptsIn(tokens) {
		for i := range tokens {
			if m.tokens&bit(i) != 0 && m.strength == 1 {
				ideas[i] = append(ideas[i], conceptKey(m.concept))
			}
		}
	}
	total := 0.0
	covers := make([]found, len(l.topics))
	best := make([]float64, len(l.topics))
	seen := map[string]bool{}
	for i, t := range tokens {
		if seen[t.stem] {
			continue
		}
		seen[t.stem] = true
		weight, known := l.gistWords[t.stem]
		if !known {
			if weight = 0.7; t.stop {
				weight = 0.1
			}
		}
		total += weight
		for _, topic := range l.gistOf(t.stem, ideas[i], best) {
			covers[topic].strength += min(weight, best[topic])
			if !t.stop {
				covers[topic].tokens |= bit(i)
			}
			best[topic] = 0
		}
	}
	var list []found
	for topic, f := range covers {
		if f.strength /= total; f.strength >= minGist {
			f.topic = topic
			list = append(list, f)
		}
	}
	return list
}

// ideaShare is what an idea among a topic's words counts beside the word itself.
const ideaShare = 0.7

// gistOf notes in best, which is all zero, how strongly one word of a question points to
// each topic, by itself or by its ideas. It returns the topics that it points to, each once.
func (l *Lexicon) gistOf(stem string, ideas []string, best []float64) (topics []int) {
	note := func(key string, share float64) {
		weight := share * l.gistWords[key]
		for _, g := range l.gists[key] {
			if best[g.topic] == 0 {
				topics = append(topics, g.topic)
			}
			best[g.topic] = max(best[g.topic], weight*g.weight)
		}
	}
	note(stem, 1)
	for _, idea := range ideas {
		note(idea, ideaShare)
	}
	return topics
}
