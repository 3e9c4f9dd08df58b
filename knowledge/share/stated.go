package share

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strconv"
	"strings"

	"shareright/knowledge"
	"shareright/knowledge/share/phrase"
)

// stated is what a fact of another program's vocabulary says: "identity_checked": false.
type stated struct {
	Key  string `yaml:"key"`
	Role string `yaml:"role"` // asks, told, sends: its text names somebody; age: its number is one
	Fact string `yaml:"fact"`
	Yes  string `yaml:"yes"`
	No   string `yaml:"no"`
}

// readStated reads the words that other programs use, by each of their keys.
func readStated(files fs.FS, questions map[string]Question) (map[string]stated, error) {
	var list []stated
	if err := knowledge.ReadYAML(files, "lexicon/stated.yaml", &list); err != nil {
		return nil, err
	}
	keys := map[string]stated{}
	var problems []error
	for _, s := range list {
		for _, value := range []string{s.Yes, s.No} {
			if value != "" {
				if err := checkFact(questions, s.Fact, value); err != nil {
					problems = append(problems, fmt.Errorf("lexicon/stated.yaml: %w", err))
				}
			}
		}
		for key := range strings.SplitSeq(s.Key, ";") {
			keys[plainKey(key)] = s
		}
	}
	return keys, errors.Join(problems...)
}

// plainKey is a key without the marks that programs put between its words.
func plainKey(key string) string {
	words := strings.FieldsFunc(strings.ToLower(key), func(r rune) bool { return r == '_' || r == '-' || r == ' ' || r == '.' })
	for i, w := range words {
		words[i] = phrase.Stem(w)
	}
	return strings.Join(words, " ")
}

// ReadWith reads a question with facts that are stated beside it: by name and value as the
// questions have them, or in anybody's own words, which are read like a question's. A value
// is text, true or false, a number, or a list of these. It reports how many of them said
// anything. What is stated counts more than what was read, except that loose words never
// take back a danger or a harm. A value that a fact of ours does not have, and that says
// nothing either, is a mistake that names the nearest one.
func (b *Book) ReadWith(question string, given map[string]any) (Reading, int, error) {
	r, said := b.lexicon.hear(question), 0
	for _, key := range slices.Sorted(maps.Keys(given)) {
		ok, err := b.hearStated(&r, key, given[key])
		if err != nil {
			return r, said, err
		}
		if ok {
			said++
		}
	}
	b.lexicon.conclude(&r)
	b.liken(&r)
	return r, said, nil
}

func (b *Book) hearStated(r *Reading, key string, value any) (bool, error) {
	if text, ok := value.(string); ok && b.questions[key].has(text) {
		return true, b.state(r, key, text)
	}
	s, known := b.stated[plainKey(key)]
	switch v := value.(type) {
	case bool:
		if !known || s.Fact == "" {
			return false, nil
		}
		text := s.No
		if v {
			text = s.Yes
		}
		if text == "" {
			return false, nil
		}
		return b.loosely(r, s.Fact, text), nil
	case float64:
		if s.Role == "age" {
			return b.stateWords(r, strconv.Itoa(int(v))+" years old", "age", "about"), nil
		}
	case []any:
		said := false
		for _, one := range v {
			ok, err := b.hearStated(r, key, one)
			if err != nil {
				return false, err
			}
			said = said || ok
		}
		return said, nil
	case string:
		return b.stateText(r, key, v, s)
	}
	return false, nil
}

// stateText reads a text in the light of its key.
func (b *Book) stateText(r *Reading, key, text string, s stated) (bool, error) {
	said := false
	switch s.Role {
	case "asks":
		said = b.stateWords(r, text+" asks us", "recipient", "direction") || b.stateWords(r, "another "+text+" asks us", "recipient", "direction")
	case "told":
		said = b.stateWords(r, "tell "+text, "recipient") || b.stateWords(r, "tell another "+text, "recipient")
	case "sends":
		if said = b.stateWords(r, text+" asks us", "recipient"); said {
			return true, b.state(r, "direction", "in")
		}
	default:
		words := strings.NewReplacer("_", " ", "-", " ").Replace(text)
		if only := b.questions[key].Fact; only != "" {
			said = b.stateWords(r, words, only)
		} else {
			said = b.stateWords(r, strings.ReplaceAll(key, "_", " ")+" "+words)
		}
	}
	if q := b.questions[key]; !said && q.Fact != "" && slipped(text, q.values()) {
		return false, b.Set(&r.Facts, key, text)
	}
	return said, nil
}

// slipped says whether a value is one of ours but for a slip of the finger; anything else
// is another program's word, which is no mistake.
func slipped(text string, ours []string) bool {
	return slices.ContainsFunc(ours, func(v string) bool {
		return len(v) > 3 && knowledge.Distance(strings.ToLower(text), v) <= len(v)/4+1
	})
}

// stateWords takes over what words say about some facts, or about any when none is named.
func (b *Book) stateWords(r *Reading, words string, only ...string) bool {
	read := b.lexicon.hear(words)
	if len(only) == 0 {
		only = Keys()
	}
	said := false
	for _, fact := range only {
		if value := read.Facts.Get(fact); value != "" {
			said = b.loosely(r, fact, value) || said
		}
	}
	return said
}

// loosely notes a fact read from loose words, unless it would take back that somebody is in
// danger or may come to harm.
func (b *Book) loosely(r *Reading, fact, value string) bool {
	known := r.Facts.Get(fact)
	if fact == "danger" && known != "" && value == "no" || fact == "harm" && known != "" && (value == "none" || value == "worry") {
		return false
	}
	if fact == "consent" && value == "not_asked" && (known == "refused" || known == "withdrawn") {
		return false // "consent": false says no more than the words do
	}
	r.Facts.put(fact, value)
	r.From[fact] = Understood{Value: value}
	return true
}

func (b *Book) state(r *Reading, fact, value string) error {
	if err := b.Set(&r.Facts, fact, value); err != nil {
		return err
	}
	r.From[fact] = Understood{Value: value}
	return nil
}
