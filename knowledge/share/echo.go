package share

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// left stands for words that are not said again.
const left = "…"

// Echo is the person's own words for a fact as they may be said again: ordinary words, and
// no word that may be a name. What cannot be told to be ordinary is left out, so that the
// check fails closed. It is empty when nothing is left, or the fact was not read from words.
func (b *Book) Echo(r Reading, fact string) string {
	from := r.From[fact].From
	start := strings.Index(r.text.Raw, from)
	if from == "" || start < 0 {
		return ""
	}
	var said []string
	before := -1
	for i, w := range r.text.Words {
		if w.Start < start || w.End > start+len(from) || w.Start == before {
			continue // "hasn't" is two words and one place
		}
		before = w.Start
		typed := r.text.Raw[w.Start:w.End]
		switch {
		case !b.lexicon.set.Ordinary(w) && !small(typed) || i > 0 && named(typed):
			if len(said) == 0 || said[len(said)-1] != left {
				said = append(said, left)
			}
		case w.Repaired:
			said = append(said, w.Norm)
		default:
			said = append(said, typed)
		}
	}
	if len(said) == 1 && said[0] == left {
		return ""
	}
	return strings.Join(said, " ")
}

// small says whether a word is a number that tells of nobody, such as an age.
func small(typed string) bool {
	return len(typed) <= 2 && strings.Trim(typed, "0123456789") == ""
}

// named says whether a word is written like a name: one capital, then small letters.
func named(typed string) bool {
	first, size := utf8.DecodeRuneInString(typed)
	rest := typed[size:]
	return unicode.IsUpper(first) && rest != "" && strings.IndexFunc(rest, unicode.IsLower) >= 0
}
