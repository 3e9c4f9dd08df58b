package ask

import (
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"strings"

	"shareright/knowledge"
)

// Term is a word of the law or of the field, explained.
type Term struct {
	Words   []string `yaml:"words"` // the names people use; the first is shown
	Means   []string `yaml:"means"` // plain sentences, the most important first
	Source  string   `yaml:"source"`
	Section string   `yaml:"section,omitempty"` // where in the source, when its own entry is wider
	from    knowledge.Source
}

// Says is the explanation as people read it.
func (t Term) Says() string { return strings.Join(t.Means, " ") }

// From is where the explanation rests.
func (t Term) From() knowledge.Source { return t.from }

func (b *Book) readTerms(files fs.FS, sources knowledge.Sources) error {
	var file struct {
		Checked string `yaml:"checked"`
		Terms   []Term `yaml:"terms"`
	}
	if err := knowledge.ReadYAML(files, "terms.yaml", &file); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // a small book explains nothing
		}
		return err
	}
	var problems []error
	if file.Checked == "" {
		problems = append(problems, errors.New("terms.yaml: name the date it was checked"))
	}
	b.byWord = map[string]int{}
	for _, t := range file.Terms {
		if len(t.Words) == 0 || len(t.Means) == 0 {
			problems = append(problems, fmt.Errorf("terms.yaml: %q needs words and what they mean", strings.Join(t.Words, ", ")))
			continue
		}
		picked, err := sources.Pick(t.Source)
		if err != nil {
			problems = append(problems, fmt.Errorf("terms.yaml: %q: %w", t.Words[0], err))
			continue
		}
		if t.from = picked[0]; t.Section != "" {
			t.from.Section = t.Section
		}
		for _, word := range t.Words {
			b.byWord[plainWord(word)] = len(b.terms) // a later entry, such as an organisation's own, takes the word
		}
		b.terms = append(b.terms, t)
	}
	return errors.Join(problems...)
}

var (
	// whatIs is a question that asks for nothing but the meaning of a word.
	whatIs = regexp.MustCompile(`(?i)^\s*(?:so |ok |hi |please |can you |could you |tell me )*(?:what do you mean by|what is meant by|what counts as|what(?:'s|’s|s| is| are| was)?|define|explain|(?:the )?meaning of|(?:the )?definition of)\s+(?:meant by\s+)?(.+?)(?:\s+(?:mean|means|stand for|please))?\s*[?.!]*\s*$`)
	does   = regexp.MustCompile(`(?i)^(?:does|do|is|are)\s+`)
	little = regexp.MustCompile(`(?i)^(?:(?:a|an|the|our|my|this|that)\s+)+`)
	inLaw  = regexp.MustCompile(`(?i)\s+(?:in (?:data protection|gdpr|law|plain english)|under (?:the )?(?:uk )?gdpr)$`)
)

func plainWord(s string) string {
	s = strings.NewReplacer("’", "", "'", "", "-", " ", "“", "", "”", "", `"`, "").Replace(strings.ToLower(s))
	return strings.Join(strings.Fields(s), " ")
}

// Meaning finds the term that a question asks the meaning of. Only a question about nothing
// else counts: "what is a LADO?", not "what is the LADO's number?".
func (b *Book) Meaning(question string) (Term, bool) {
	m := whatIs.FindStringSubmatch(question)
	if m == nil {
		return Term{}, false
	}
	return b.Term(does.ReplaceAllString(m[1], ""))
}

// Term finds a term by one of its words, with or without an article.
func (b *Book) Term(word string) (Term, bool) {
	word = inLaw.ReplaceAllString(strings.TrimSpace(word), "")
	for _, name := range []string{word, little.ReplaceAllString(word, "")} {
		if at, ok := b.byWord[plainWord(name)]; ok {
			return b.terms[at], true
		}
	}
	return Term{}, false
}

// Terms are all terms, in the order of the content.
func (b *Book) Terms() []Term { return b.terms }

// explained puts the meaning of a word above what the policies say of it.
func (b *Book) explained(a Answer, t Term) Answer {
	where := t.from.Title
	if t.from.Section != "" {
		where += ", " + t.from.Section
	}
	means := lines(t.Says(), "("+where+")")
	if a.Answered {
		means = lines(means, "", a.Text)
	}
	a.Kind, a.Text, a.Answered, a.Topic = Policy, means, true, ""
	if len(a.Quotes) < maxQuotes {
		a.Quotes = append(a.Quotes, legal(t.from))
	}
	return a
}
