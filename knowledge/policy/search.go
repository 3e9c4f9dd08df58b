package policy

import (
	"math"
	"sort"
	"strings"
	"unicode/utf8"
)

// How much each sort of evidence counts. The values were found by trying one after the
// other on the development questions (275 that the reference documents answer), and then
// rounded towards the middle of the range in which the ranking hardly changes.
const (
	topicWeight = 2.6  // a topic against a word
	phraseShare = 0.8  // a topic found by a phrase
	askShare    = 1.25 // a topic found by a whole question that is like this one
	askFrom     = 0.3
	gistShare   = 1.5 // a topic whose words cover much of the question
	gistFrom    = 0.15
	mostTopics  = 10
	coverPart   = 0.95 // share of the score that hangs on how much of the question is matched
	coverTopic  = 0.15 // least weight with which a passage's topic covers the topic's words
	coverAside  = 0.25 // what a word covers at least that stands beside the passage only
	sortBonus   = 0.15 // the passage holds the sort of answer that the question wants
	shortlist   = 60   // passages that are looked at closely
	maxWords    = 64   // words of a question that are read
	maxAsked    = 2000 // bytes of a question that are read
	unknown     = 0.55 // weight of a word that no document holds, as a share of the rarest that one does
)

// What is quoted along with the passage that answers.
const (
	mergeShare = 0.25 // a neighbour this near in score
	shortQuote = 450  // a paragraph or list of up to this many characters, whole
	leadQuote  = 160  // a lead-in line of up to this many characters
)

// Hit is a passage that may answer, with the words to quote.
type Hit struct {
	Document Document
	Section  string
	Quote    string // the document's own words, at most MaxQuote characters
	Passage  int    // index of the passage in the document
	Score    float64
	Cover    float64 // share of the question's meaning that the passage matches, 0 to 1
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
}

// asking is a question as it was understood.
type asking struct {
	words  []asked
	topics []found
	want   answers
	total  float64 // weight of all words
}

// asked is one word of the question.
type asked struct {
	stem   string
	weight float64
	known  bool
	bit    uint64
}

// Search finds the passages that answer a question, at most limit of them.
func (l *Library) Search(question string, limit int) Result {
	q := l.understand(question)
	var result Result
	for _, f := range q.topics {
		topic := l.lexicon.topics[f.topic]
		result.Topics = append(result.Topics, topic.ID)
		if result.Kind == "" {
			result.Kind = topic.Kind
		}
	}
	result.Elsewhere = l.elsewhere(q)
	if ranked := l.rank(q); len(ranked) > 0 {
		result.Hits = l.quote(ranked, limit)
		result.Sure = l.sureness(q, ranked[0])
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
	q := asking{want: wanted(question)}
	for i, t := range tokens {
		known := t.stop || l.repair.isKnown(t.stem)
		if !known {
			if stem, ok := l.repair.repair(t.word); ok {
				tokens[i].stem, known = stem, true
			}
		}
		if t.stop {
			continue
		}
		w := asked{stem: tokens[i].stem, known: known, bit: bit(i), weight: unknown * l.longest}
		if term := l.terms[w.stem]; term != nil {
			w.weight = term.rarity
		}
		q.words = append(q.words, w)
		q.total += w.weight
	}
	q.topics = l.topicsOf(tokens)
	return q
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
	for i := len(list) - 1; i >= 0; i-- { // the strongest comes last: the others are measured by it
		list[i].strength *= list[i].strength / list[0].strength
	}
	return list
}

// scored is a passage with its score while ranking.
type scored struct {
	entry int
	score float64
	cover float64
}

func (l *Library) rank(q asking) []scored {
	scores := make([]float64, len(l.entries))
	for _, w := range q.words {
		if t := l.terms[w.stem]; t != nil {
			for _, p := range t.posts {
				scores[p.entry] += t.rarity * float64(p.weight)
			}
		}
	}
	for _, f := range q.topics {
		t := l.topics[f.topic]
		for _, p := range t.posts {
			scores[p.entry] += topicWeight * t.rarity * f.strength * float64(p.weight)
		}
	}
	list := top(scores, shortlist)
	for i := range list {
		e := &l.entries[list[i].entry]
		list[i].cover = l.cover(q, e)
		list[i].score *= 1 - coverPart + coverPart*list[i].cover
		if q.want&e.answers != 0 {
			list[i].score *= 1 + sortBonus
		}
	}
	sort.SliceStable(list, func(i, j int) bool { return before(list[i], list[j]) })
	return list
}

func before(a, b scored) bool {
	if math.Abs(a.score-b.score) > 1e-9 {
		return a.score > b.score
	}
	return a.entry < b.entry
}

// top returns the entries with the highest scores above zero, best first.
func top(scores []float64, n int) []scored {
	var list []scored
	for i, s := range scores {
		if s > 0 {
			list = append(list, scored{entry: i, score: s})
		}
	}
	sort.Slice(list, func(i, j int) bool { return before(list[i], list[j]) })
	return list[:min(n, len(list))]
}

// cover is the share of the question's weight that a passage matches, by the word
// itself or by a topic that the word belongs to.
func (l *Library) cover(q asking, e *entry) float64 {
	if q.total == 0 {
		return 1
	}
	var byTopic uint64
	for _, f := range q.topics {
		if float64(e.topics[f.topic]) >= coverTopic {
			byTopic |= f.tokens
		}
	}
	covered := 0.0
	for _, w := range q.words {
		switch weight := e.stems[w.stem]; {
		case byTopic&w.bit != 0:
			covered += w.weight
		case weight > 0:
			covered += w.weight * math.Min(1, coverAside+(1-coverAside)*float64(weight))
		}
	}
	return covered / q.total
}

// quote turns ranked passages into quotes. A passage is quoted with its lead-in line
// and with neighbours of the same paragraph or list that score nearly as well.
func (l *Library) quote(ranked []scored, limit int) []Hit {
	score := map[int]float64{}
	for _, r := range ranked {
		score[r.entry] = r.score
	}
	taken := map[int]bool{}
	var hits []Hit
	for _, r := range ranked {
		if len(hits) == limit {
			break
		}
		if taken[r.entry] {
			continue
		}
		first, last := l.stretch(r.entry, score)
		for i := first; i <= last; i++ {
			taken[i] = true
		}
		e := l.entries[r.entry]
		doc := l.docs[e.doc]
		hits = append(hits, Hit{Document: doc, Section: doc.Passages[e.passage].Section, Quote: l.words(first, last),
			Passage: e.passage, Score: r.score, Cover: r.cover})
	}
	return hits
}

// stretch returns the first and last entry that are quoted together.
func (l *Library) stretch(at int, score map[int]float64) (first, last int) {
	start, end := l.group(at)
	if utf8.RuneCountInString(l.words(start, end)) <= shortQuote {
		return start, end
	}
	first, last = at, at
	for first > start && score[first-1] >= mergeShare*score[at] && l.fits(first-1, last) {
		first--
	}
	for last < end && score[last+1] >= mergeShare*score[at] && l.fits(first, last+1) {
		last++
	}
	return first, last
}

func (l *Library) fits(first, last int) bool {
	return utf8.RuneCountInString(l.words(first, last)) <= MaxQuote
}

// group returns the first and last entry of the paragraph, list or row around one.
func (l *Library) group(at int) (first, last int) {
	same := func(i int) bool {
		return i >= 0 && i < len(l.entries) && l.entries[i].doc == l.entries[at].doc &&
			l.passage(i).Group == l.passage(at).Group
	}
	first, last = at, at
	for same(first - 1) {
		first--
	}
	for same(last + 1) {
		last++
	}
	return first, last
}

func (l *Library) passage(i int) Passage {
	return l.docs[l.entries[i].doc].Passages[l.entries[i].passage]
}

// words joins passages as they stood: sentences run on, bullets and rows get a line each.
func (l *Library) words(first, last int) string {
	var b strings.Builder
	p := l.passage(first)
	if p.Kind == Bullet && p.Lead != "" && utf8.RuneCountInString(p.Lead) <= leadQuote && utf8.RuneCountInString(p.Lead+p.Text) < MaxQuote-4 {
		b.WriteString(p.Lead + "\n- ")
	}
	b.WriteString(p.Text)
	for i := first + 1; i <= last; i++ {
		p := l.passage(i)
		switch p.Kind {
		case Bullet:
			b.WriteString("\n- ")
		case Row:
			b.WriteString("\n")
		default:
			b.WriteByte(' ')
		}
		b.WriteString(p.Text)
	}
	return b.String()
}
