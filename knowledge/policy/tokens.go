package policy

import (
	"strings"
	"sync"
	"unicode"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/english"
)

// token is one word of a text: as written in small letters, its stem, and whether it
// is one of the little words that say nothing about the subject.
type token struct {
	word string
	stem string
	stop bool
}

// stemmer remembers stems, because a corpus repeats its words. It is safe for use by several goroutines.
type stemmer struct {
	known sync.Map // word → stem
}

func (s *stemmer) stem(word string) string {
	if known, ok := s.known.Load(word); ok {
		return known.(string)
	}
	env := snowballstem.NewEnv(word)
	english.Stem(env)
	stem := env.Current()
	if len(word) < 30 {
		s.known.Store(word, stem)
	}
	return stem
}

// fold are spellings that are one to the eye but not to the machine.
var fold = strings.NewReplacer("’", "'", "‘", "'", "–", " ", "—", " ", "n't", " not", "cannot", "can not",
	"e-mail", "email", "&", " and ", "'s ", " ")

// words cuts a text into words and numbers, in small letters, without punctuation.
func words(text string) []string {
	text = strings.ToLower(text)
	if strings.ContainsAny(text, "’‘–—&'-") || strings.Contains(text, "cannot") {
		text = fold.Replace(text)
	}
	return strings.FieldsFunc(text, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '\''
	})
}

// read cuts a text into tokens. Number words become digits, so that "six years" and "6 years" are one.
func (l *Lexicon) read(text string) []token {
	fields := words(text)
	tokens := make([]token, 0, len(fields))
	for _, field := range fields {
		if t, ok := l.compiling[field]; ok {
			tokens = append(tokens, t)
			continue
		}
		w := strings.ReplaceAll(field, "'", "")
		if w == "" {
			continue
		}
		if len(w) > 40 {
			w = strings.ToValidUTF8(w[:40], "")
		}
		if digit, ok := l.numbers[w]; ok {
			w = digit
		}
		if other, ok := l.spellings[w]; ok {
			w = other
		}
		t := token{word: w, stem: l.stems.stem(w), stop: l.stop[w]}
		if l.compiling != nil {
			l.compiling[field] = t
		}
		tokens = append(tokens, t)
	}
	return tokens
}
