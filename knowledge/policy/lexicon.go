package policy

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"sort"
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
	// Also is one whole question a topic, to be offered under an answer.
	Also map[string]string `yaml:"also"`
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
	also      map[string]string   // a topic's id → what people also ask about it
	thesaurus map[string]string   // stem → stems of a general dictionary, apart by blanks
	stems     *stemmer

	cache     map[string][]token // only while compiling: what each text and each word was read as
	compiling map[string]token
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
		members: map[string][]member{}, thesaurus: map[string]string{}, also: map[string]string{}}
	if err := l.readWords(files); err != nil {
		return nil, err
	}
	l.compiling = map[string]token{}
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
	problems = append(problems, l.addQuestions(more), l.checkAlso())
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
	return f.Questions, errors.Join(append(problems, l.readAlso(name, f.Also))...)
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
