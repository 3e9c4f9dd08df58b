package share

import (
	"strconv"

	"shareright/knowledge/share/phrase"
)

// Years that matter: from 12 Scotland takes a child to understand, and 13 is near it
// elsewhere; from 16 most decisions are their own; at 18 childhood ends.
const (
	teens    = 13
	sixteen  = 16
	grownUp  = 18
	mostAges = 110
)

// age reads "7 year old", "15yo", "aged 9", "girl 14" and "year 9" (a school year is about
// five years younger than the child). The first age counts, unless it is that of a partner:
// "her 27 year old boyfriend" is not about somebody of 27.
func (r *Reading) age(l *lexicon) {
	for i, w := range r.text.Words {
		n, err := strconv.Atoi(w.Norm)
		if err != nil || n > mostAges {
			continue
		}
		years := l.years(r.text.Words, i, n)
		if years < 0 || years >= grownUp && l.besides(r.text.Words, i) {
			continue
		}
		value, about := "over_18", "adult"
		if years < grownUp {
			value, about = "16_or_17", "child"
		}
		if years < sixteen {
			value = "13_to_15"
		}
		if years < teens {
			value = "under_13"
		}
		from := Understood{From: r.text.Quote(max(0, i-1), min(len(r.text.Words)-1, i+1))}
		if r.Facts.Age == "" || r.Facts.Age == "over_18" && about == "child" {
			from.Value = value
			r.Facts.Age, r.From["age"] = value, from
			if old := r.Facts.About; old == "" || old == "adult" || old == "child" {
				from.Value = about
				r.Facts.About, r.From["about"] = about, from
			}
		}
	}
}

// years is how old the number at a place says somebody is, or -1.
func (l *lexicon) years(words []phrase.Word, i, n int) int {
	norm := func(at int) string {
		if at < 0 || at >= len(words) {
			return ""
		}
		return words[at].Norm
	}
	before, next := norm(i-1), norm(i+1)
	kid := l.kids[phrase.Stem(before)] || before == "of" && l.kids[phrase.Stem(norm(i-2))]
	switch {
	case (next == "year" || next == "years") && (norm(i+2) == "old" || norm(i+2) == "olds" && l.owns(words, i+2)):
		return n
	case before == "of" && kid && n < mostAges && !l.counted[next]:
		return n // "her son of 22"
	case before == "aged" || before == "age" || before == "turned" || before == "only" && ends(words, i) && n < grownUp:
		return n
	case before == "is" && (n < 19 || ends(words, i)) && !l.counted[next]:
		return n
	case before == "year" && n >= 1 && n <= 13:
		return n + 5
	case kid && n < grownUp && !l.counted[next]:
		return n
	case i > 0 && i+1 < len(words) && words[i-1].Clause != words[i].Clause && words[i+1].Clause != words[i].Clause && n >= teens && n < 100:
		return n // "he drinks, 45, no kids"
	case i == 0 && n >= 5 && n < grownUp && (next == "and" || words[0].Clause != words[min(1, len(words)-1)].Clause):
		return n
	}
	return -1
}

// owns says whether "olds" at a place stands for "old's", as in "her 15 year olds notes": the
// thing follows. "A club for 15 year olds" is about nobody of that age.
func (l *lexicon) owns(words []phrase.Word, at int) bool {
	if at+1 >= len(words) || words[at+1].Clause != words[at].Clause {
		return false
	}
	return l.owned[phrase.Stem(words[at+1].Norm)]
}

// besides says whether the age is that of somebody's partner or friend, not of the person
// it is about.
func (l *lexicon) besides(words []phrase.Word, i int) bool {
	for at := max(0, i-3); at <= i+4 && at < len(words); at++ {
		if words[at].Clause == words[i].Clause && l.loves[phrase.Stem(words[at].Norm)] {
			return true
		}
	}
	return false
}

// few is the number of people that is still small enough to point to somebody.
const few = 10

// count reads "412 families": numbers of people, who are not named.
func (r *Reading) count(l *lexicon) {
	for i := 0; i+1 < len(r.text.Words); i++ {
		n, err := strconv.Atoi(r.text.Words[i].Norm)
		if err != nil || n < few || !l.groups[phrase.Stem(r.text.Words[i+1].Norm)] {
			continue
		}
		if f := r.Facts; f.Identifiable == "" && (f.Data == "" || f.Data == "record" || f.Data == "statistics") && f.Danger == "" && f.Harm == "" {
			at := mention{first: i, last: i + 1}
			at.value = "statistics"
			r.understand("data", at)
			at.value = "no"
			r.understand("identifiable", at)
		}
	}
}

// ends says whether a number stands at the end of what is said, so that "she is 22 and" is
// an age and "it is 40 miles" is not.
func ends(words []phrase.Word, i int) bool {
	return i+1 == len(words) || words[i+1].Clause != words[i].Clause || words[i+1].Norm == "and" || words[i+1].Norm == "with" || words[i+1].Norm == "now"
}
