package policy

import (
	"math"
	"sort"
	"strings"
	"unicode/utf8"
)

// How much each sort of evidence counts. Found by trying values on the development
// questions under testdata; the ranking is flat around them.
const (
	shortlist    = 60   // passages that are looked at closely
	maxWords     = 64   // words of a question that are read
	mergeShare   = 0.5  // a neighbour this near in score is quoted along
	shortQuote   = 320  // a paragraph or list up to this many characters is quoted whole
	leadQuote    = 160  // longest lead-in line that is quoted with its bullet
	unknownShare = 0.55 // weight of a word that nobody knows, as a share of the rarest known one
)

// P is tuned.
var P = struct {
	Word, Topic, Cover, Bonus, Phrase, Ask, AskFrom, Gist, GistFrom, Sharp float64
	Most                                                                   int
	CoverTopic, CoverBase, Merge                                           float64
	Short                                                                  float64
}{1, 2.3, 0.75, 0.18, 1, 1, 0.3, 2.2, 0.1, 1, 10, 0.15, 0.4, 0.3, 400}

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
	Kind     string   // what the strongest topic makes the question; empty when it has none
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
	if ranked := l.rank(q); len(ranked) > 0 {
		result.Hits = l.quote(ranked, limit)
		result.Sure = l.sureness(q, ranked[0])
		result.Answered = result.Sure >= sureEnough
	}
	return result
}

func (l *Library) understand(question string) asking {
	if len(question) > 2000 {
		question = strings.ToValidUTF8(question[:2000], "")
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
		w := asked{stem: tokens[i].stem, known: known, bit: bit(i), weight: unknownShare * l.longest}
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
	add(l.lexicon.topicsIn(tokens, true), P.Phrase, 0)
	add(l.lexicon.asked(tokens), P.Ask, P.AskFrom)
	add(l.lexicon.gistsOf(tokens), P.Gist, P.GistFrom)
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
	list = list[:min(len(list), P.Most)]
	for i := len(list) - 1; i >= 0; i-- {
		list[i].strength *= math.Pow(list[i].strength/list[0].strength, P.Sharp)
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
				scores[p.entry] += P.Word * t.rarity * float64(p.weight)
			}
		}
	}
	for _, f := range q.topics {
		t := l.topics[f.topic]
		for _, p := range t.posts {
			scores[p.entry] += P.Topic * t.rarity * f.strength * float64(p.weight)
		}
	}
	list := top(scores, shortlist)
	for i := range list {
		e := &l.entries[list[i].entry]
		list[i].cover = l.cover(q, e)
		list[i].score *= 1 - P.Cover + P.Cover*list[i].cover
		if q.want&e.answers != 0 {
			list[i].score *= 1 + P.Bonus
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
		if float64(e.topics[f.topic]) >= P.CoverTopic {
			byTopic |= f.tokens
		}
	}
	covered := 0.0
	for _, w := range q.words {
		switch weight := e.stems[w.stem]; {
		case byTopic&w.bit != 0:
			covered += w.weight
		case weight > 0:
			covered += w.weight * math.Min(1, P.CoverBase+(1-P.CoverBase)*float64(weight))
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
	if utf8.RuneCountInString(l.words(start, end)) <= int(P.Short) {
		return start, end
	}
	first, last = at, at
	for first > start && score[first-1] >= P.Merge*score[at] && l.fits(first-1, last) {
		first--
	}
	for last < end && score[last+1] >= P.Merge*score[at] && l.fits(first, last+1) {
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
