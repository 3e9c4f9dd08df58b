package policy

import (
	"math"
	"sort"
)

// place is where a word or topic may stand, with what each counts there. The passage
// itself counts most. Headings say much about a word and little about a topic: what a
// whole chapter is about tells its passages not apart.
type place struct{ word, topic float32 }

var (
	inText    = place{1, 1}
	inLead    = place{0.25, 0.5}
	inHeading = place{0.55, 0.1}
	inBeside  = place{0.05, 0.2} // the sentences before and after
	inTitle   = place{0.08, 0.08}
)

// BM25 settings: how fast repeats stop counting, and how much length matters. Passages
// are short and of one idea, so length matters little.
const (
	saturation = 1.1
	lengthPart = 0.2
)

// Library finds passages in a set of documents. It does not change once made and is
// safe for use by several goroutines.
type Library struct {
	lexicon *Lexicon
	docs    []Document
	entries []entry
	terms   map[string]*term
	topics  []topicPosts
	longest float64 // the weight of the rarest word
	repair  *repairer
}

// entry is one passage in the index.
type entry struct {
	doc, passage int
	stems        map[string]float32 // stem → weight of the best place it stands in
	topics       map[int]float32
	tokens       int
	answers      answers
}

type term struct {
	rarity float64
	posts  []post
}

type post struct {
	entry  int32
	weight float32
}

type topicPosts struct {
	rarity float64
	posts  []post
}

// New makes a library of documents. Their order does not matter: they are kept by id.
func New(lexicon *Lexicon, docs ...Document) *Library {
	docs = append([]Document(nil), docs...)
	sort.SliceStable(docs, func(i, j int) bool { return docs[i].ID < docs[j].ID })
	l := &Library{lexicon: lexicon, docs: docs, terms: map[string]*term{}, topics: make([]topicPosts, len(lexicon.topics))}
	b := &builder{library: l, words: map[string]string{}}
	for d := range docs {
		b.document(d)
	}
	b.post()
	l.repair = newRepairer(b.words, lexicon)
	return l
}

// Documents returns the documents of the library by id.
func (l *Library) Documents() []Document { return l.docs }

// Passages returns how many passages can be found.
func (l *Library) Passages() int { return len(l.entries) }

// builder collects what New needs only while it works.
type builder struct {
	library *Library
	words   map[string]string // word → stem
	cache   map[string]seen
}

// seen is a text that was read before: headings and lead-in lines repeat.
type seen struct {
	tokens []token
	topics []found
}

func (b *builder) read(text string) seen {
	if known, ok := b.cache[text]; ok {
		return known
	}
	tokens := b.library.lexicon.read(text)
	r := seen{tokens, b.library.lexicon.topicsIn(tokens, false)}
	if b.cache == nil {
		b.cache = map[string]seen{}
	}
	b.cache[text] = r
	return r
}

func (b *builder) document(d int) {
	doc := b.library.docs[d]
	title := b.read(doc.Title)
	for i, p := range doc.Passages {
		own := b.read(p.Text)
		e := entry{doc: d, passage: i, stems: map[string]float32{}, topics: map[int]float32{}, tokens: len(own.tokens)}
		e.answers = answersIn(p.Text, own.tokens)
		for _, t := range own.tokens {
			b.words[t.word] = t.stem
		}
		e.take(own, inText)
		e.take(b.read(p.Lead), inLead)
		e.take(b.read(p.Section), inHeading)
		e.take(title, inTitle)
		for _, beside := range []int{i - 1, i + 1} {
			if beside >= 0 && beside < len(doc.Passages) && doc.Passages[beside].Group == p.Group && doc.Passages[beside].Kind == p.Kind {
				e.take(b.read(doc.Passages[beside].Text), inBeside)
			}
		}
		b.library.entries = append(b.library.entries, e)
	}
}

// take adds the words and topics of one place. The best place of a word counts, and a
// little of the others.
func (e *entry) take(r seen, at place) {
	for _, t := range r.tokens {
		if !t.stop {
			e.stems[t.stem] = more(e.stems[t.stem], at.word)
		}
	}
	for _, f := range r.topics {
		e.topics[f.topic] = more(e.topics[f.topic], at.topic*float32(f.strength))
	}
}

func more(have, add float32) float32 {
	if have == 0 {
		return add
	}
	return max(have, add) + 0.15*min(have, add)
}

// post turns the entries into posting lists with their weights worked out.
func (b *builder) post() {
	l := b.library
	average := 1.0
	for _, e := range l.entries {
		average += float64(e.tokens) / float64(len(l.entries))
	}
	n := max(float64(len(l.entries)), smallest)
	spread := make([]float64, len(l.topics))
	for i := range l.entries {
		e := &l.entries[i]
		long := 1 - lengthPart + lengthPart*float64(e.tokens)/average
		for stem, weight := range e.stems {
			t := l.terms[stem]
			if t == nil {
				t = &term{}
				l.terms[stem] = t
			}
			score := float64(weight) * (saturation + 1) / (float64(weight) + saturation*long)
			t.posts = append(t.posts, post{int32(i), float32(score)})
			t.rarity += min(1, float64(weight))
		}
		for topic, weight := range e.topics {
			l.topics[topic].posts = append(l.topics[topic].posts, post{int32(i), weight})
			spread[topic] += min(1, float64(weight))
		}
	}
	for _, t := range l.terms {
		t.rarity = rarity(n, t.rarity)
		l.longest = max(l.longest, t.rarity)
	}
	for i := range l.topics {
		if l.lexicon.topics[i].Kind == "" && !treated(l.topics[i].posts) {
			l.topics[i].posts = nil
		}
		l.topics[i].rarity = rarity(n, spread[i])
	}
}

// smallest is the number of passages that a library is taken to have at least: in one
// short policy every word would seem common.
const smallest = 300

// leastTreated is the weight that some passage must reach before a library is taken to
// treat a topic of no kind, one that data protection papers mostly leave out. A phrase of
// the people's side alone stays below it: "in the event of fire" does not make a policy
// one about events.
const leastTreated = 0.6

func treated(posts []post) bool {
	for _, p := range posts {
		if p.weight >= leastTreated {
			return true
		}
	}
	return false
}

// rarity is the usual inverse document frequency, where a passage that only stands
// near the word counts as a part of one.
func rarity(n, in float64) float64 { return math.Log(1 + (n-in+0.5)/(in+0.5)) }
