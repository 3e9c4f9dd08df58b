package policy

import (
	"math"
	"slices"
	"sort"
	"strings"
)

// How a question's topics are found, and what counts for choosing candidates.
const (
	topicWeight  = 2.6  // a topic against a word
	phraseShare  = 0.8  // a topic found by a phrase
	askShare     = 1.25 // a topic found by a whole question that is like this one
	askFrom      = 0.3
	gistShare    = 1.5 // a topic whose words cover much of the question
	gistFrom     = 0.15
	mostTopics   = 10
	conceptShare = 0.7  // the same idea in other words, against the word itself
	similarShare = 0.35 // a general dictionary's near word
	shortlist    = 80   // passages that are looked at closely
	maxWords     = 64   // words of a question that are read
	maxAsked     = 2000 // bytes of a question that are read
	unknown      = 0.55 // weight of a word that no document holds, as a share of the rarest that one does
)

// Hit is a passage that may answer, with the words to quote.
type Hit struct {
	Document Document
	Section  string
	Quote    string // the document's own words, at most MaxQuote characters
	Passage  int    // index of the passage in the document
	Score    float64
	Cover    float64 // share of the question's meaning that the passage matches, 0 to 1
	Text     string  // the one passage in the quote that answers
	Differs  bool    // it names another length of time for what the first hit is about
}

// Result is what was found for a question, best first.
type Result struct {
	Hits     []Hit
	Sure     float64  // how sure it is that the first hit answers, 0 to 1
	Answered bool     // Sure is high enough to give an answer
	Topics   []string // ids of the topics that the question is about, strongest first
	// Elsewhere says that the question belongs most of all to a matter that no document
	// treats and that lies outside data protection, such as room hire.
	Elsewhere bool
	Kind      string // what the strongest topic makes the question; empty when it has none

	entries []int // of the hits
	near    []int // topics that the question is clearly about
}

// asking is a question as it was understood.
type asking struct {
	units    []unit
	concepts []bool // by number
	topics   []found
	want     answers
	total    float64 // weight of all units
	chore    bool    // it asks for a fact of the day or how to do a chore

	elsewhere uint64 // tokens that speak of a matter that no document treats
}

// unit is one thing that a question says: a word, or a phrase of little words that
// together mean something.
type unit struct {
	stem     string
	weight   float64
	known    bool
	bit      uint64
	concepts []meant
	similar  []string
}

// Search finds the passages that answer a question, at most limit of them.
func (l *Library) Search(question string, limit int) Result {
	q := l.understand(question)
	var result Result
	for _, f := range q.topics {
		topic := l.lexicon.topics[f.topic]
		result.Topics = append(result.Topics, topic.ID)
		if f.strength >= leastNear {
			result.near = append(result.near, f.topic)
		}
		if result.Kind == "" {
			result.Kind = topic.Kind
		}
	}
	result.Elsewhere = l.elsewhere(&q)
	if ranked := l.rank(&q); len(ranked) > 0 {
		result.Sure = l.sureness(&q, ranked)
		if at := l.conflict(&q, ranked); at > 0 {
			other := ranked[at]
			other.differs = true
			ranked = slices.Insert(slices.Delete(ranked, at, at+1), 1, other)
		}
		result.Hits, result.entries = l.quote(ranked, limit)
		result.Answered = result.Sure >= sureEnough
	}
	return result
}

func (l *Library) understand(question string) asking {
	if len(question) > maxAsked {
		question = strings.ToValidUTF8(question[:maxAsked], "")
	}
	tokens := l.lexicon.read(question)
	tokens = tokens[:min(len(tokens), maxWords)]
	q := asking{want: wanted(question), chore: isChore(question), concepts: make([]bool, len(l.concepts))}
	for i, t := range tokens {
		known := t.stop || l.repair.isKnown(t.stem)
		if !known {
			if stem, ok := l.repair.repair(t.word, t.stem); ok {
				tokens[i].stem, known = stem, true
			}
		}
		if !t.stop {
			q.units = append(q.units, unit{stem: tokens[i].stem, known: known, bit: bit(i), similar: l.lexicon.similar(tokens[i].stem)})
		}
	}
	for _, m := range l.lexicon.conceptsIn(tokens) {
		q.concepts[m.concept] = true
		q.mean(m)
	}
	for i := range q.units {
		q.units[i].weight = l.weigh(&q.units[i])
		q.total += q.units[i].weight
	}
	q.total = math.Max(q.total, 1e-9)
	q.topics = l.topicsOf(tokens)
	for _, f := range l.lexicon.topicsIn(tokens, true) {
		if l.lexicon.topics[f.topic].Kind == "" && len(l.topics[f.topic].posts) == 0 {
			q.elsewhere |= f.tokens
		}
	}
	return q
}

// mean gives a concept to the words that showed it. A phrase of little words only
// becomes a unit of its own.
func (q *asking) mean(m meant) {
	given := false
	for i := range q.units {
		if q.units[i].bit&m.tokens != 0 {
			q.units[i].concepts = append(q.units[i].concepts, m)
			given = true
		}
	}
	if !given && m.phrase {
		q.units = append(q.units, unit{known: true, bit: m.tokens, concepts: []meant{m}})
	}
}

// weigh is how telling a unit is: how rare the word or its ideas are in the library.
func (l *Library) weigh(u *unit) float64 {
	idea := 0.0
	for _, m := range u.concepts {
		if c := &l.concepts[m.concept]; len(c.posts) > 0 {
			idea = math.Max(idea, c.rarity*float64(m.strength))
		}
	}
	term := l.terms[u.stem]
	switch {
	case term != nil && idea > 0:
		return (term.rarity + idea) / 2
	case term != nil:
		return term.rarity
	case idea > 0:
		return idea
	}
	return unknown * l.longest
}

// topicsOf finds the topics of a question in three ways and adds them up: phrases that
// stand in it, whole questions that are like it, and words that together point one way.
func (l *Library) topicsOf(tokens []token) []found {
	sum := map[int]found{}
	add := func(list []found, weight, from float64) {
		for _, f := range list {
			have := sum[f.topic]
			have.topic = f.topic
			have.strength += weight * (f.strength - from)
			have.tokens |= f.tokens
			sum[f.topic] = have
		}
	}
	add(l.lexicon.topicsIn(tokens, true), phraseShare, 0)
	add(l.lexicon.asked(tokens), askShare, askFrom)
	add(l.lexicon.gistsOf(tokens), gistShare, gistFrom)
	list := make([]found, 0, len(sum))
	for _, f := range sum {
		list = append(list, f)
	}
	sort.Slice(list, func(i, j int) bool {
		if list[i].strength != list[j].strength {
			return list[i].strength > list[j].strength
		}
		return list[i].topic < list[j].topic
	})
	list = list[:min(len(list), mostTopics)]
	strongest := map[bool]float64{} // of topics outside data protection and of the others
	for _, f := range list {
		outside := l.lexicon.topics[f.topic].Kind == ""
		strongest[outside] = max(strongest[outside], f.strength)
	}
	for i, f := range list {
		list[i].strength *= f.strength / strongest[l.lexicon.topics[f.topic].Kind == ""]
	}
	return list
}

// scored is a passage with its score while ranking.
type scored struct {
	entry int
	score float64
	why   evidence

	differs bool // it contradicts the best
}

func (l *Library) rank(q *asking) []scored {
	list := top(l.candidates(q), shortlist)
	best, second := map[int]scored{}, map[int]scored{}
	for i := range list {
		list[i].why = l.evidence(q, list[i].entry)
		s := l.entries[list[i].entry].section
		if list[i].score = list[i].why.score(&ranking); list[i].score > best[s].score {
			best[s], second[s] = list[i], best[s]
		} else if list[i].score > second[s].score {
			second[s] = list[i]
		}
	}
	for i := range list {
		s := l.entries[list[i].entry].section
		other := best[s]
		if other.entry == list[i].entry {
			other = second[s]
		}
		list[i].why[sectionFinds] = other.score / 10
		list[i].score += ranking[sectionFinds] * other.score / 10
	}
	sort.SliceStable(list, func(i, j int) bool { return before(list[i], list[j]) })
	return list
}

// candidates scores every passage roughly: by words, by ideas, by near words and by topics.
func (l *Library) candidates(q *asking) []float64 {
	scores := make([]float64, len(l.entries))
	best := make([]float32, len(l.entries))
	var touched []int32
	mark := func(posts []post, share float32) {
		for _, p := range posts {
			w := share * worth[p.places]
			if best[p.entry] == 0 {
				touched = append(touched, p.entry)
			}
			best[p.entry] = max(best[p.entry], w)
		}
	}
	for i := range q.units {
		u := &q.units[i]
		touched = touched[:0]
		if t := l.terms[u.stem]; t != nil {
			mark(t.posts, 1)
		}
		for _, m := range u.concepts {
			mark(l.concepts[m.concept].posts, conceptShare*m.strength)
		}
		for _, s := range u.similar {
			if t := l.terms[s]; t != nil {
				mark(t.posts, similarShare)
			}
		}
		for _, e := range touched {
			scores[e] += u.weight * float64(best[e])
			best[e] = 0
		}
	}
	for _, f := range q.topics {
		t := l.topics[f.topic]
		for _, p := range t.posts {
			scores[p.entry] += topicWeight * t.rarity * f.strength * float64(p.weight)
		}
	}
	return scores
}

func before(a, b scored) bool {
	if math.Abs(a.score-b.score) > 1e-9 {
		return a.score > b.score
	}
	return a.entry < b.entry
}

// top returns the entries with the highest scores above zero, at most n, best first.
func top(scores []float64, n int) []scored {
	best := make([]candidate, 0, n+1)
	for i, s := range scores {
		c := candidate{i, s}
		if s <= 0 || len(best) == n && !c.before(best[n-1]) {
			continue
		}
		at := sort.Search(len(best), func(k int) bool { return c.before(best[k]) })
		best = slices.Insert(best, at, c)[:min(n, len(best)+1)]
	}
	list := make([]scored, len(best))
	for i, c := range best {
		list[i] = scored{entry: c.entry, score: c.score}
	}
	return list
}

// candidate is a passage that may answer, with its rough score.
type candidate struct {
	entry int
	score float64
}

func (c candidate) before(d candidate) bool {
	return c.score > d.score || c.score == d.score && c.entry < d.entry
}
