package policy

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"slices"
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
	var list []meant
	for i, t := range tokens {
		members := l.members[t.stem]
		if len(members) == 0 || stands(tokens[:i], t.stem) {
			continue
		}
		for _, m := range members {
			bits, ok := uint64(0), true
			if m.stems == nil {
				bits = allOf(tokens, t.stem)
			} else if bits, ok = closeBy(tokens, m.stems, i); !ok {
				continue
			}
			list = join(list, meant{m.concept, m.strength, bits, m.stems != nil})
		}
	}
	return list
}

// join adds a concept, or what more was found of one that is there.
func join(list []meant, more meant) []meant {
	for i := range list {
		if list[i].concept == more.concept {
			list[i].strength = max(list[i].strength, more.strength)
			list[i].tokens |= more.tokens
			return list
		}
	}
	return append(list, more)
}

func stands(tokens []token, stem string) bool {
	return slices.ContainsFunc(tokens, func(t token) bool { return t.stem == stem })
}

func allOf(tokens []token, stem string) (bits uint64) {
	for i, t := range tokens {
		if t.stem == stem {
			bits |= bit(i)
		}
	}
	return bits
}

// closeBy says whether all stems of a phrase stand around some place of the stem that is
// first at a place, with one or two words between, and which tokens they are.
func closeBy(tokens []token, stems []string, first int) (bits uint64, ok bool) {
	for _, s := range stems {
		if !stands(tokens, s) {
			return 0, false
		}
	}
	key := tokens[first].stem
	for centre := first; centre < len(tokens); centre++ {
		if tokens[centre].stem != key {
			continue
		}
		low, high := centre, centre
		bits = bit(centre)
		for _, s := range stems {
			at := nearest(tokens, s, centre)
			low, high = min(low, at), max(high, at)
			bits |= bit(at)
		}
		if high-low <= len(stems)+1 {
			return bits, true
		}
	}
	return 0, false
}

// nearest returns where a stem stands nearest to a place, the earlier of two.
func nearest(tokens []token, stem string, to int) int {
	for far := range len(tokens) {
		if at := to - far; at >= 0 && tokens[at].stem == stem {
			return at
		}
		if at := to + far; at < len(tokens) && tokens[at].stem == stem {
			return at
		}
	}
	return to
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
