package policy

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"sort"
	"strconv"
	"strings"

	"shareright/knowledge"
)

//go:embed content/*.yaml content/*.txt
var content embed.FS

// Topic joins what charity people say with what policies say about one thing.
type Topic struct {
	ID    string   `yaml:"id"`
	Kind  string   `yaml:"kind"`  // what a question about it is, in the words of the ask command; the file's when empty
	Means []string `yaml:"means"` // how policies put it; a passage with one of these is about the topic
	Says  []string `yaml:"says"`  // how people put it
	Asks  []string `yaml:"asks"`  // whole questions that people ask about it
}

// topicFile is one content file of topics with where its words come from.
type topicFile struct {
	Subject string  `yaml:"subject"`
	Kind    string  `yaml:"kind"`
	Source  string  `yaml:"source"`
	Checked string  `yaml:"checked"`
	Topics  []Topic `yaml:"topics"`

	// Questions are more whole questions for topics of any file, by the topic's id.
	Questions map[string][]string `yaml:"questions"`
}

// wordFile is the content file of single words.
type wordFile struct {
	Source    string            `yaml:"source"`
	Checked   string            `yaml:"checked"`
	Little    string            `yaml:"little"`    // words that say nothing about the subject
	Numbers   map[string]string `yaml:"numbers"`   // number words and their digits
	Spellings map[string]string `yaml:"spellings"` // wrong or short spellings and what is meant
}

// Lexicon is everything known about words: topics, spellings and little words.
type Lexicon struct {
	topics    []Topic
	phrases   map[string][]phrase // by the stem that the phrase is looked up under
	asks      []ask
	askWeight map[string]float64 // how rare a stem is among the whole questions
	askIndex  map[string][]int
	gists     map[string][]gist  // for each stem the topics whose words hold it
	gistWords map[string]float64 // how telling a stem is of one topic among all, 0 to 1
	lexWords  map[string]string  // word → stem, what misspelt words may be repaired to
	stop      map[string]bool
	numbers   map[string]string
	spellings map[string]string
	concepts  []string            // ids
	members   map[string][]member // words of concepts, by the stem they are looked up under
	thesaurus map[string]string   // stem → stems of a general dictionary, apart by blanks
	stems     *stemmer

	cache map[string][]token // only while compiling
}

// phrase is a set of stems that must stand close together.
type phrase struct {
	topic    int
	stems    []string
	means    bool    // from the policies' side
	strength float64 // how surely it shows its topic
}

// gist says how often a stem occurs among the words of a topic, levelled off.
type gist struct {
	topic  int
	weight float64
}

// ask is one whole question of a topic.
type ask struct {
	topic int
	stems map[string]bool
	norm  float64
}

// DefaultLexicon reads the content that comes with the program.
func DefaultLexicon() (*Lexicon, error) {
	sub, err := fs.Sub(content, "content")
	if err != nil {
		return nil, fmt.Errorf("open content: %w", err)
	}
	return ReadLexicon(sub)
}

// ReadLexicon reads words.yaml and every other YAML file beside it as topics. All
// mistakes are told at once, each with its file.
func ReadLexicon(files fs.FS) (*Lexicon, error) {
	names, err := fs.Glob(files, "*.yaml")
	if err != nil {
		return nil, fmt.Errorf("list content: %w", err)
	}
	l := &Lexicon{phrases: map[string][]phrase{}, lexWords: map[string]string{},
		askWeight: map[string]float64{}, askIndex: map[string][]int{}, stop: map[string]bool{}, stems: &stemmer{},
		members: map[string][]member{}, thesaurus: map[string]string{}}
	if err := l.readWords(files); err != nil {
		return nil, err
	}
	problems := []error{l.readConcepts(files), l.readThesaurus(files)}
	seen := map[string]string{}
	more := map[string]map[string][]string{}
	for _, name := range names {
		if name == "words.yaml" || name == "concepts.yaml" {
			continue
		}
		questions, err := l.readTopics(files, name, seen)
		more[name] = questions
		problems = append(problems, err)
	}
	problems = append(problems, l.addQuestions(more))
	if err := errors.Join(problems...); err != nil {
		return nil, err
	}
	l.compile()
	return l, nil
}

func (l *Lexicon) readWords(files fs.FS) error {
	var w wordFile
	if err := knowledge.ReadYAML(files, "words.yaml", &w); err != nil {
		return err
	}
	if w.Source == "" || w.Checked == "" {
		return errors.New("words.yaml: name the source and the date it was checked")
	}
	for _, word := range strings.Fields(w.Little) {
		l.stop[word] = true
	}
	l.numbers, l.spellings = w.Numbers, w.Spellings
	return nil
}

func (l *Lexicon) readTopics(files fs.FS, name string, seen map[string]string) (map[string][]string, error) {
	var f topicFile
	if err := knowledge.ReadYAML(files, name, &f); err != nil {
		return nil, err
	}
	var problems []error
	if f.Source == "" || f.Checked == "" {
		problems = append(problems, fmt.Errorf("%s: name the source and the date it was checked", name))
	}
	for i, t := range f.Topics {
		switch {
		case t.ID == "":
			problems = append(problems, fmt.Errorf("%s: topic %d has no id", name, i+1))
		case seen[t.ID] != "":
			problems = append(problems, fmt.Errorf("%s: topic %q is already in %s", name, t.ID, seen[t.ID]))
		case len(t.Means) == 0:
			problems = append(problems, fmt.Errorf("%s: topic %q needs the words that policies use, under means", name, t.ID))
		}
		seen[t.ID] = name
		if t.Kind == "" {
			f.Topics[i].Kind = f.Kind
		}
	}
	l.topics = append(l.topics, f.Topics...)
	return f.Questions, errors.Join(problems...)
}

// addQuestions gives each topic the questions that other files list under its id.
func (l *Lexicon) addQuestions(more map[string]map[string][]string) error {
	at := map[string]int{}
	ids := make([]string, len(l.topics))
	for i, t := range l.topics {
		at[t.ID], ids[i] = i, t.ID
	}
	var problems []error
	for _, name := range sortedKeys(more) {
		for _, id := range sortedKeys(more[name]) {
			i, ok := at[id]
			if !ok {
				problems = append(problems, fmt.Errorf("%s: there is no topic %q%s", name, id, knowledge.DidYouMean(id, ids)))
				continue
			}
			l.topics[i].Asks = append(l.topics[i].Asks, more[name][id]...)
		}
	}
	return errors.Join(problems...)
}

// compile prepares the topics for look-up.
func (l *Lexicon) compile() {
	l.cache = map[string][]token{}
	l.gists, l.gistWords = map[string][]gist{}, map[string]float64{}
	count := map[string]int{}
	var all []phrase
	for i, t := range l.topics {
		for _, text := range t.Means {
			all = append(all, phrase{topic: i, stems: l.phraseStems(text), means: true})
		}
		for _, text := range t.Says {
			all = append(all, phrase{topic: i, stems: l.phraseStems(text)})
		}
		for _, text := range t.Asks {
			l.asks = append(l.asks, l.newAsk(i, text))
		}
		l.takeGist(i, t)
	}
	for stem, topics := range l.gists {
		l.gistWords[stem] = math.Log(1+float64(len(l.topics))/float64(len(topics))) / math.Log(1+float64(len(l.topics)))
		if l.stop[stem] {
			l.gistWords[stem] *= littleShare
		}
	}
	for i, p := range all {
		for _, s := range p.stems {
			count[s]++
			all[i].strength += l.gistWords[s]
		}
		all[i].strength = math.Min(phraseMost, phraseLeast+phraseSlope*all[i].strength)
	}
	for _, p := range all {
		key := p.stems[0]
		for _, s := range p.stems[1:] {
			if count[s] < count[key] {
				key = s
			}
		}
		l.phrases[key] = append(l.phrases[key], p)
	}
	l.weighAsks()
	l.cache = nil
}

// once reads a text of the content; each stands in several lists while they are compiled.
func (l *Lexicon) once(text string) []token {
	if l.cache == nil {
		return l.read(text)
	}
	tokens, ok := l.cache[text]
	if !ok {
		tokens = l.read(text)
		l.cache[text] = tokens
	}
	return tokens
}

// How surely a phrase shows its topic grows with how telling its words are. One
// telling word alone gives less than two.
const (
	phraseLeast = 0.25
	phraseSlope = 0.6
	phraseMost  = 1.3
	littleShare = 0.3 // what a little word such as "who" is worth beside a telling one
)

// filler are the words that no phrase needs to be recognised.
var filler = map[string]bool{"a": true, "an": true, "the": true, "is": true, "are": true, "to": true, "of": true,
	"it": true, "in": true, "and": true, "or": true, "be": true, "do": true, "was": true, "that": true}

// phraseStems returns the stems that must be there for a phrase to be recognised, each
// once. Little words are left out unless fewer than two telling ones would remain:
// "tell people why" is more than "people".
func (l *Lexicon) phraseStems(text string) []string {
	var telling, most, every []string
	for _, t := range l.once(text) {
		every = appendNew(every, t.stem)
		if !filler[t.word] {
			most = appendNew(most, t.stem)
		}
		if !t.stop {
			telling = appendNew(telling, t.stem)
		}
	}
	switch {
	case len(telling) >= 2 || len(most) == len(telling) && len(telling) > 0:
		return telling
	case len(most) > 0:
		return most
	}
	return every
}

// takeGist collects the words of a topic, and learns them as words that exist. What people say and ask counts fully; what
// policies say counts less, because those words are matched in the passages themselves.
func (l *Lexicon) takeGist(topic int, t Topic) {
	weights := map[string]float64{}
	for part, texts := range [][]string{t.Says, t.Asks, t.Means} {
		for _, text := range texts {
			for stem := range l.stemSet(text) {
				weights[stem] += []float64{1, 1, 0.7}[part]
			}
		}
	}
	for _, stem := range sortedKeys(weights) {
		w := weights[stem]
		l.gists[stem] = append(l.gists[stem], gist{topic, w / (w + 1)})
	}
}

func (l *Lexicon) stemSet(text string) map[string]bool {
	set := map[string]bool{}
	tokens := l.once(text)
	for _, t := range tokens {
		l.lexWords[t.word] = t.stem
		set[t.stem] = true
	}
	for _, m := range l.conceptsIn(tokens) {
		if m.strength == 1 {
			set[conceptKey(m.concept)] = true
		}
	}
	return set
}

// conceptKey is under what a concept stands among stems.
func conceptKey(concept int32) string { return "#" + strconv.Itoa(int(concept)) }

func appendNew(list []string, s string) []string {
	for _, have := range list {
		if have == s {
			return list
		}
	}
	return append(list, s)
}

func (l *Lexicon) newAsk(topic int, text string) ask {
	a := ask{topic: topic, stems: map[string]bool{}}
	for _, t := range l.once(text) {
		l.lexWords[t.word] = t.stem
		a.stems[t.stem] = true
	}
	for stem := range a.stems {
		l.askIndex[stem] = append(l.askIndex[stem], len(l.asks))
	}
	return a
}

// weighAsks gives each stem the weight of its rarity among the whole questions, so
// that "how long" counts a little and "shredder" a lot.
func (l *Lexicon) weighAsks() {
	n := float64(len(l.asks) + 1)
	for stem, in := range l.askIndex {
		l.askWeight[stem] = math.Log(1 + n/float64(len(in)))
		if l.stop[stem] {
			l.askWeight[stem] *= 0.4
		}
	}
	for i := range l.asks {
		for _, stem := range sortedKeys(l.asks[i].stems) {
			l.asks[i].norm += l.askWeight[stem]
		}
	}
}

func sortedKeys[V any](set map[string]V) []string {
	list := make([]string, 0, len(set))
	for s := range set {
		list = append(list, s)
	}
	sort.Strings(list)
	return list
}

// Wording is a text that was read once, to be compared with many phrases.
type Wording struct {
	lexicon *Lexicon
	at      map[string][]int // stem → places
}

// Wording reads a text.
func (l *Lexicon) Wording(text string) Wording {
	at := map[string][]int{}
	for i, t := range l.read(text) {
		at[t.stem] = append(at[t.stem], i)
	}
	return Wording{l, at}
}

// Mentions says whether the words of a phrase stand close together in the text, in any
// form of the words and whatever little words are between.
func (w Wording) Mentions(phrase string) bool {
	stems := w.lexicon.phraseStems(phrase)
	if len(stems) == 0 {
		return false
	}
	_, ok := near(stems, stems[0], w.at)
	return ok
}
