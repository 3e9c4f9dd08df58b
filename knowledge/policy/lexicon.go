package policy

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"sort"
	"strings"

	"shareright/knowledge"
)

//go:embed content/*.yaml
var content embed.FS

// Topic joins what charity people say with what policies say about one thing.
type Topic struct {
	ID    string   `yaml:"id"`
	Means []string `yaml:"means"` // how policies put it; a passage with one of these is about the topic
	Says  []string `yaml:"says"`  // how people put it
	Asks  []string `yaml:"asks"`  // whole questions that people ask about it
}

// topicFile is one content file of topics with where its words come from.
type topicFile struct {
	Subject string  `yaml:"subject"`
	Source  string  `yaml:"source"`
	Checked string  `yaml:"checked"`
	Topics  []Topic `yaml:"topics"`
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
	vocab     map[string]bool   // stems that occur in the lexicon
	lexWords  map[string]string // word → stem, what misspelt words may be repaired to
	stop      map[string]bool
	numbers   map[string]string
	spellings map[string]string
	stems     *stemmer
}

// phrase is a set of stems that must stand close together.
type phrase struct {
	topic int
	stems []string
	means bool // from the policies' side
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
	l := &Lexicon{phrases: map[string][]phrase{}, vocab: map[string]bool{}, lexWords: map[string]string{},
		askWeight: map[string]float64{}, askIndex: map[string][]int{}, stop: map[string]bool{}, stems: &stemmer{}}
	if err := l.readWords(files); err != nil {
		return nil, err
	}
	var problems []error
	seen := map[string]string{}
	for _, name := range names {
		if name == "words.yaml" {
			continue
		}
		problems = append(problems, l.readTopics(files, name, seen))
	}
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

func (l *Lexicon) readTopics(files fs.FS, name string, seen map[string]string) error {
	var f topicFile
	if err := knowledge.ReadYAML(files, name, &f); err != nil {
		return err
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
	}
	l.topics = append(l.topics, f.Topics...)
	return errors.Join(problems...)
}

// compile prepares the topics for look-up.
func (l *Lexicon) compile() {
	count := map[string]int{}
	var all []phrase
	for i, t := range l.topics {
		for _, text := range t.Means {
			all = append(all, phrase{i, l.content(text, true), true})
		}
		for _, text := range t.Says {
			all = append(all, phrase{i, l.content(text, true), false})
		}
		for _, text := range t.Asks {
			l.asks = append(l.asks, l.newAsk(i, text))
		}
	}
	for _, p := range all {
		for _, s := range p.stems {
			count[s]++
			l.vocab[s] = true
		}
	}
	for _, p := range all {
		if len(p.stems) == 0 {
			continue
		}
		key := p.stems[0]
		for _, s := range p.stems[1:] {
			if count[s] < count[key] {
				key = s
			}
		}
		l.phrases[key] = append(l.phrases[key], p)
	}
	l.weighAsks()
}

// content returns the stems of a text that carry meaning, each once, and takes its
// words into the vocabulary. A text of little words only keeps them all.
func (l *Lexicon) content(text string, learn bool) []string {
	var stems, little []string
	for _, t := range l.read(text) {
		if learn {
			l.lexWords[t.word] = t.stem
		}
		if t.stop {
			little = appendNew(little, t.stem)
			continue
		}
		stems = appendNew(stems, t.stem)
	}
	if len(stems) == 0 {
		return little
	}
	return stems
}

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
	for _, t := range l.read(text) {
		l.lexWords[t.word] = t.stem
		a.stems[t.stem] = true
		l.vocab[t.stem] = true
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
		for _, stem := range sorted(l.asks[i].stems) {
			l.asks[i].norm += l.askWeight[stem]
		}
	}
}

func sorted(set map[string]bool) []string {
	list := make([]string, 0, len(set))
	for s := range set {
		list = append(list, s)
	}
	sort.Strings(list)
	return list
}
