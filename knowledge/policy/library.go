package policy

import (
	"sort"
	"strings"
	"sync"
)

// places says where a word or idea stands, seen from a passage. The passage itself
// counts most, then the line that leads it in, the headings above it, the sentences
// beside it and the document's title.
type places uint8

const (
	inText places = 1 << iota
	inLead
	inHeading
	inBeside
	inTitle
	asHint // only a hint at the idea
)

// worth is what each place counts for finding candidates. Ranking weighs the places
// one by one; see features.go.
var worth = func() (table [64]float32) {
	for p := range table {
		for place, w := range map[places]float32{inText: 1, inLead: 0.6, inHeading: 0.5, inBeside: 0.25, inTitle: 0.08} {
			if places(p)&place != 0 {
				table[p] = more(table[p], w)
			}
		}
		if places(p)&asHint != 0 {
			table[p] *= hintShare
		}
	}
	return table
}()

// topicWorth is what each place counts for a topic. Headings say little about it: what a
// whole chapter is about does not tell its passages apart.
var topicWorth = map[places]float32{inText: 1, inLead: 0.5, inHeading: 0.1, inBeside: 0.2, inTitle: 0.08}

// Library finds passages in a set of documents. It does not change once made and is
// safe for use by several goroutines.
type Library struct {
	lexicon  *Lexicon
	docs     []Document
	entries  []entry
	terms    map[string]*term
	concepts []term
	topics   []topicPosts
	longest  float64 // the weight of the rarest word
	repair   *repairer
	newer    map[int]int // a document that is an older version → its newer one
	answered sync.Map    // topic → the entry that answers its question, or -1; see Also
}

// entry is one passage in the index.
type entry struct {
	doc, passage int
	section      int // entries under the same headings share it
	stems        map[string]places
	concepts     map[int32]places
	topics       map[int]float32
	order        []string // stems of the text's telling words, as they stand
	weight       float64  // of the text's telling words
	heading      float64  // of the innermost heading's telling words
	headWords    []string
	answers      answers
}

// term is a word or concept with the passages that have it.
type term struct {
	rarity float64
	posts  []post
}

type post struct {
	entry  int32
	places places
}

type topicPosts struct {
	rarity float64
	posts  []topicPost
}

type topicPost struct {
	entry  int32
	weight float32
}

// New makes a library of documents. Their order does not matter: they are kept by id. Of
// two versions of one policy only the newer is searched; see Older.
func New(lexicon *Lexicon, docs ...Document) *Library {
	docs = append([]Document(nil), docs...)
	sort.SliceStable(docs, func(i, j int) bool { return docs[i].ID < docs[j].ID })
	l := &Library{lexicon: lexicon, docs: docs, terms: map[string]*term{},
		concepts: make([]term, len(lexicon.concepts)), topics: make([]topicPosts, len(lexicon.topics))}
	b := &builder{library: l, words: map[string]string{}, cache: map[string]seen{}, sections: map[string]int{}}
	l.newer = olderVersions(docs)
	for d := range docs {
		if _, older := l.newer[d]; !older {
			b.document(d)
		}
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
	library  *Library
	words    map[string]string // word → stem
	cache    map[string]seen
	sections map[string]int
}

// seen is a text that was read before: headings and lead-in lines repeat.
type seen struct {
	tokens   []token
	topics   []found
	concepts []meant
}

func (b *builder) read(text string) seen {
	if known, ok := b.cache[text]; ok {
		return known
	}
	lexicon := b.library.lexicon
	tokens := lexicon.read(text)
	r := seen{tokens, lexicon.topicsIn(tokens, false), lexicon.conceptsIn(tokens)}
	b.cache[text] = r
	return r
}

func (b *builder) document(d int) {
	doc := b.library.docs[d]
	title := b.read(doc.Title)
	for i, p := range doc.Passages {
		own := b.read(p.Text)
		e := entry{doc: d, passage: i, section: b.section(doc.ID + "\x00" + p.Section),
			stems: map[string]places{}, concepts: map[int32]places{}, topics: map[int]float32{}}
		e.answers = answersIn(p, own.tokens)
		for _, t := range own.tokens {
			b.words[t.word] = t.stem
			if !t.stop {
				e.order = append(e.order, t.stem)
			}
		}
		heading := b.read(p.Heading())
		for _, t := range heading.tokens {
			if !t.stop {
				e.headWords = appendNew(e.headWords, t.stem)
			}
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

func (b *builder) section(name string) int {
	n, ok := b.sections[name]
	if !ok {
		n = len(b.sections)
		b.sections[strings.Clone(name)] = n
	}
	return n
}

// take adds the words, concepts and topics of one place.
func (e *entry) take(r seen, at places) {
	for _, t := range r.tokens {
		if !t.stop {
			e.stems[t.stem] |= at
		}
	}
	for _, m := range r.concepts {
		have, ok := e.concepts[m.concept]
		switch {
		case m.strength < 1 && !ok:
			have = asHint
		case m.strength == 1:
			have &^= asHint
		}
		e.concepts[m.concept] = have | at
	}
	for _, f := range r.topics {
		e.topics[f.topic] = more(e.topics[f.topic], topicWorth[at]*float32(f.strength))
	}
}

// more adds up what several places are worth: the best, and a little of the others.
func more(have, add float32) float32 {
	if have == 0 {
		return add
	}
	return max(have, add) + 0.15*min(have, add)
}

// post turns the entries into posting lists with their weights worked out.
func (b *builder) post() {
	l := b.library
	n := max(float64(len(l.entries)), smallest)
	spread := make([]float64, len(l.topics))
	for i := range l.entries {
		e := &l.entries[i]
		for stem, at := range e.stems {
			t := l.terms[stem]
			if t == nil {
				t = &term{}
				l.terms[stem] = t
			}
			t.add(i, at)
		}
		for concept, at := range e.concepts {
			l.concepts[concept].add(i, at)
		}
		for topic, weight := range e.topics {
			l.topics[topic].posts = append(l.topics[topic].posts, topicPost{int32(i), weight})
			spread[topic] += min(1, float64(weight))
		}
	}
	for _, t := range l.terms {
		t.rarity = rarity(n, t.rarity)
		l.longest = max(l.longest, t.rarity)
	}
	for i := range l.concepts {
		l.concepts[i].rarity = rarity(n, l.concepts[i].rarity)
	}
	for i := range l.topics {
		if l.lexicon.topics[i].Kind == "" && !treated(l.topics[i].posts) {
			l.topics[i].posts = nil
		}
		l.topics[i].rarity = rarity(n, spread[i])
	}
	for i := range l.entries {
		e := &l.entries[i]
		e.weight, e.heading = l.sum(e.order), l.sum(e.headWords)
	}
}

func (t *term) add(entry int, at places) {
	t.posts = append(t.posts, post{int32(entry), at})
	t.rarity += float64(worth[at])
}

// sum is the weight of words that stand in the library.
func (l *Library) sum(stems []string) (weight float64) {
	for _, s := range stems {
		if t := l.terms[s]; t != nil {
			weight += t.rarity
		}
	}
	return weight
}

// smallest is the number of passages that a library is taken to have at least: in one
// short policy every word would seem common.
const smallest = 300

// leastTreated is the weight that some passage must reach before a library is taken to
// treat a topic of no kind, one that data protection papers mostly leave out. A phrase of
// the people's side alone stays below it: "in the event of fire" does not make a policy
// one about events.
const leastTreated = 0.6

func treated(posts []topicPost) bool {
	for _, p := range posts {
		if p.weight >= leastTreated {
			return true
		}
	}
	return false
}
