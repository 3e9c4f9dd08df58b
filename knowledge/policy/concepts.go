package policy

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"strings"

	"shareright/knowledge"
)

// Concept is an idea that charity people and policies name with different words.
type Concept struct {
	ID    string   `yaml:"id"`
	Words []string `yaml:"words"` // words and phrases that mean it, whoever says them
	Hints []string `yaml:"hints"` // words that often mean it
}

// conceptFile is the content file of concepts.
type conceptFile struct {
	Source   string    `yaml:"source"`
	Checked  string    `yaml:"checked"`
	Concepts []Concept `yaml:"concepts"`
}

// hintShare is what a hint counts beside a word that means the concept.
const hintShare = 0.5

// member is a word or phrase of a concept, without the stem it is looked up under.
type member struct {
	concept  int32
	stems    []string // all of a phrase; nil for one word
	strength float32
}

// meant is a concept seen in a text, how surely, and which tokens showed it.
type meant struct {
	concept  int32
	strength float32
	tokens   uint64
	phrase   bool
}

// readConcepts reads concepts.yaml, when the folder has one.
func (l *Lexicon) readConcepts(files fs.FS) error {
	var f conceptFile
	if _, err := fs.Stat(files, "concepts.yaml"); err != nil {
		return nil
	}
	if err := knowledge.ReadYAML(files, "concepts.yaml", &f); err != nil {
		return err
	}
	var problems []error
	if f.Source == "" || f.Checked == "" {
		problems = append(problems, errors.New("concepts.yaml: name the source and the date it was checked"))
	}
	seen := map[string]bool{}
	for i, c := range f.Concepts {
		switch {
		case c.ID == "":
			problems = append(problems, fmt.Errorf("concepts.yaml: concept %d has no id", i+1))
		case seen[c.ID]:
			problems = append(problems, fmt.Errorf("concepts.yaml: concept %q stands there twice", c.ID))
		case len(c.Words) < 2:
			problems = append(problems, fmt.Errorf("concepts.yaml: concept %q needs two words or more", c.ID))
		}
		seen[c.ID] = true
		l.concepts = append(l.concepts, c.ID)
		l.addMembers(int32(i), c.Words, 1)
		l.addMembers(int32(i), c.Hints, hintShare)
	}
	return errors.Join(problems...)
}

func (l *Lexicon) addMembers(concept int32, list []string, strength float32) {
	for _, text := range list {
		var stems []string
		key, longest := "", 0
		for _, t := range l.read(text) {
			l.lexWords[t.word] = t.stem
			stems = appendNew(stems, t.stem)
			size := len(t.stem)
			if t.stop {
				size = 1
			}
			if size > longest {
				key, longest = t.stem, size
			}
		}
		m := member{concept: concept, strength: strength}
		if len(stems) > 1 {
			m.stems = stems
		}
		if key != "" {
			l.members[key] = append(l.members[key], m)
		}
	}
}

// conceptsIn finds the concepts whose words stand in a text, in the order of the words.
func (l *Lexicon) conceptsIn(tokens []token) []meant {
	at := make(map[string][]int, len(tokens))
	for i, t := range tokens {
		at[t.stem] = append(at[t.stem], i)
	}
	place := map[int32]int{}
	var list []meant
	for i, t := range tokens {
		if at[t.stem][0] != i {
			continue
		}
		for _, m := range l.members[t.stem] {
			var bits uint64
			if m.stems == nil {
				for _, p := range at[t.stem] {
					bits |= bit(p)
				}
			} else {
				found, ok := closeBy(m.stems, t.stem, at)
				if !ok {
					continue
				}
				bits = found
			}
			if p, ok := place[m.concept]; ok {
				list[p].strength = max(list[p].strength, m.strength)
				list[p].tokens |= bits
				continue
			}
			place[m.concept] = len(list)
			list = append(list, meant{m.concept, m.strength, bits, m.stems != nil})
		}
	}
	return list
}

// closeBy is like near, but closer: the words of a short phrase with one or two between.
func closeBy(stems []string, key string, at map[string][]int) (bits uint64, ok bool) {
	for _, s := range stems {
		if len(at[s]) == 0 {
			return 0, false
		}
	}
	for _, centre := range at[key] {
		low, high := centre, centre
		bits = bit(centre)
		for _, s := range stems {
			p := closest(at[s], centre)
			low, high = min(low, p), max(high, p)
			bits |= bit(p)
		}
		if high-low <= len(stems)+1 {
			return bits, true
		}
	}
	return 0, false
}

// readThesaurus reads thesaurus.txt, when the folder has one: a stem, a colon, and the
// stems of words that a general dictionary gives for it, nearest first.
func (l *Lexicon) readThesaurus(files fs.FS) error {
	data, err := fs.ReadFile(files, "thesaurus.txt")
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read thesaurus.txt: %w", err)
	}
	for line := range strings.Lines(string(data)) {
		if stem, others, ok := strings.Cut(strings.TrimSpace(line), ":"); ok && !strings.HasPrefix(line, "#") {
			l.thesaurus[stem] = others
		}
	}
	return nil
}

// similar returns the stems of words that a general dictionary gives for one.
func (l *Lexicon) similar(stem string) []string { return strings.Fields(l.thesaurus[stem]) }

// rarity is the usual inverse document frequency, where a passage that only stands
// near the word counts as a part of one.
func rarity(n, in float64) float64 { return math.Log(1 + (n-in+0.5)/(in+0.5)) }
