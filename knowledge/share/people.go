package share

import (
	"strings"

	"shareright/knowledge/share/phrase"
)

// receives is how strongly words must say that a person asks or is told, where somebody may
// come to harm: a wrong guess there would answer about the wrong person.
const receives = 0.9

// Words that say who gets something.
var (
	toward = map[string]bool{"to": true, "with": true}
	modal  = map[string]bool{"can": true, "could": true, "should": true, "may": true, "shall": true, "let": true, "does": true, "do": true, "would": true, "if": true}
	gets   = map[string]bool{"have": true, "see": true, "know": true, "get": true, "find": true, "look": true, "read": true, "be": true, "hear": true, "keep": true, "use": true}
	source = map[string]bool{"by": true, "from": true}
	aside  = map[string]bool{"about": true, "of": true, "on": true, "regarding": true, "from": true, "by": true, "against": true, "at": true, "like": true, "in": true}
	// thoughts are words at which another thought begins, with somebody else in it.
	thoughts = map[string]bool{"where": true, "when": true, "if": true, "whether": true, "because": true, "after": true}
	us       = map[string]bool{"us": true, "me": true, "our": true}
	ours     = map[string]bool{"i": true, "we": true, "can": true, "should": true, "may": true, "to": true, "ok": true, "allowed": true, "us": true, "me": true, "just": true, "could": true, "shall": true, "do": true, "please": true, "not": true}
)

// How much it says for a person to be the one who receives that ...
const (
	weighAsks   = 2   // "the school rang"
	weighComes  = 1.2 // "the school came": it may mean something else
	weighTold   = 2   // "tell the school"
	weighOurs   = 0.8 // "can we tell the school": it is we who would do it
	weighToward = 1.2 // "to the school"
	weighNear   = 0.4 // "to" alone: "wed to her cousin"
	weighMay    = 1.5 // "can the school see it"
	weighOwner  = -1.5
	weighSays   = -2
	weighAside  = -1
	weighLate   = -0.02 // for each word before: the first of two is likelier
)

// towards says how likely a person in the sentence is the one who asks or receives, and
// whether it is by asking, or by being told.
func (l *lexicon) towards(r *Reading, h phrase.Hit) (score float64, by, given bool) {
	words := r.text.Words
	clause := words[h.First].Clause
	same := func(i int) bool { return i >= 0 && i < len(words) && words[i].Clause == clause }
	owner := words[h.Last].Possessive && !(same(h.Last+1) && l.offices[phrase.Stem(words[h.Last+1].Norm)])
	score = weighLate * float64(h.First)
	if owner {
		score += weighOwner
	}
	asks, plainly := l.asking(words, h, same)
	if owner || l.belongs(words, h.First) {
		asks, plainly = false, false
	}
	told, to := l.telling(words, h, same)
	if at := says(words, h.Last+1, same); at > 0 && !asks {
		if requests(words, at+1) {
			score += weighComes // "the landlord says she owes rent, where is she"
			asks = true
		} else {
			score += weighSays // "the council said no" is no question by the council
		}
	}
	switch {
	case plainly:
		score += weighAsks
	case asks:
		score += weighComes
	}
	if told > 0 {
		score += told
	}
	switch {
	case to && told > 0:
		score += weighToward
	case to:
		score += weighNear
	}
	may := false
	for i := h.First - 1; i >= h.First-3 && same(i); i-- {
		if modal[words[i].Norm] && same(h.Last+1) && gets[words[h.Last+1].Norm] && !may {
			score += weighMay
			may = true
		}
		switch {
		case source[words[i].Norm] && l.requested(words, i):
			score += weighAsks // "asked for by the defence", "a letter from the council"
			asks = true
		case aside[words[i].Norm] && h.First-i <= 2:
			score += weighAside
		}
	}
	r.gives = r.gives || asks || told > 0 || may
	return score, plainly && told == 0, told > 0 && !asks
}

// asking says whether a person is followed by a word for asking, or is named with one:
// "man on the phone". Plainly leaves out words that may mean something else.
func (l *lexicon) asking(words []phrase.Word, h phrase.Hit, same func(int) bool) (asks, plainly bool) {
	for i := h.First; i <= h.Last && h.Last > h.First; i++ {
		if l.asks[phrase.Stem(words[i].Norm)] {
			return true, true
		}
	}
	reach := 6
	if same(h.Last + 1) {
		switch words[h.Last+1].Norm {
		case "of":
			reach = 10 // "the mum of a 19 year old trainee phoned"
		case "who", "whos", "that", "from", "at", "with", "in", "has", "had", "is", "not":
			reach = 10 // "dad who moved out wants", "father has an order against him and wants"
		}
	}
	for i := h.Last + 1; i <= h.Last+reach && same(i); i++ {
		if stem := phrase.Stem(words[i].Norm); l.asks[stem] && words[i-1].Norm != "not" && words[i-1].Norm != "without" && !elsewhere(words, i+1) && !(l.nouns[words[i].Norm] && !same(i+1)) {
			asks = true
			if !l.comes[stem] {
				return true, true
			}
		}
		if l.gives[phrase.Stem(words[i].Norm)] && i > h.Last+2 || thoughts[words[i].Norm] {
			break // "told me that ..., can I tell": another thought has begun
		}
	}
	return asks, false
}

// telling says how strongly a person follows a word for giving, and whether "to" or "with"
// stands between.
func (l *lexicon) telling(words []phrase.Word, h phrase.Hit, same func(int) bool) (told float64, to bool) {
	for i := h.First; i <= h.Last && h.Last > h.First; i++ {
		if l.gives[phrase.Stem(words[i].Norm)] {
			return weighTold, false // "post it online"
		}
	}
	for i := h.First - 1; i >= h.First-8 && same(i); i-- {
		if toward[words[i].Norm] && h.First-i <= 3 {
			to = true
		}
		stem := phrase.Stem(words[i].Norm)
		if !l.gives[stem] || toUs(words, i) || bidden(words, i+1) || !to && (h.First-i > 3 || l.handsTo[stem]) {
			continue
		}
		told = weighTold
		if i == 0 || ours[words[i-1].Norm] || words[i-1].Clause != words[i].Clause {
			told += weighOurs
		}
		break
	}
	return told, to
}

// toUs says whether it is we who are given something: "told us", "told our leader". What
// we would do is not: "tell our insurer".
func toUs(words []phrase.Word, at int) bool {
	if words[at+1].Norm == "our" && (at == 0 || ours[words[at-1].Norm]) {
		return false
	}
	return us[words[at+1].Norm]
}

// requested says whether something was asked for, or sent, shortly before a word.
func (l *lexicon) requested(words []phrase.Word, at int) bool {
	for i := at - 1; i >= 0 && i >= at-3 && words[i].Clause == words[at].Clause; i-- {
		if stem := phrase.Stem(words[i].Norm); l.asks[stem] || l.papers[stem] {
			return true
		}
	}
	return false
}

// belongs says whether a person only tells whose mum, boss or friend is meant: "the mum of
// a trainee".
func (l *lexicon) belongs(words []phrase.Word, at int) bool {
	for i := at - 1; i > 0 && i >= at-8 && words[i].Clause == words[at].Clause; i-- {
		if stem := phrase.Stem(words[i].Norm); l.asks[stem] || l.gives[stem] {
			return false
		}
		if words[i].Norm == "of" {
			before := words[i-1].Norm
			return before != "one" && before != "some" && before != "any" && before != "two" && before != "all"
		}
	}
	return false
}

// bidden says whether somebody else is told to do something: "told him to tell the school".
func bidden(words []phrase.Word, at int) bool {
	return at < len(words) && (words[at].Norm == "him" || words[at].Norm == "her" || words[at].Norm == "them") && at+1 < len(words) && words[at+1].Norm == "to"
}

// elsewhere says whether it is not we who are asked: "wants her to send pictures".
func elsewhere(words []phrase.Word, at int) bool {
	if at+1 >= len(words) || words[at+1].Clause != words[at].Clause {
		return false
	}
	switch words[at].Norm {
	case "her", "him", "them":
		return words[at+1].Norm == "to" || words[at+1].Norm == "for" || strings.HasSuffix(words[at+1].Norm, "ed")
	}
	return false
}

// says finds a word at a place that reports what somebody said or knows; 0 is none.
func says(words []phrase.Word, at int, same func(int) bool) int {
	for i := at; i <= at+1 && same(i); i++ {
		switch words[i].Norm {
		case "be", "been", "being", "get", "gets":
			return 0 // "be told"
		case "said", "says", "knows", "thinks", "told":
			return i
		}
	}
	return 0
}

// requests says whether what is said asks something of us.
func requests(words []phrase.Word, at int) bool {
	for i := at; i < len(words) && i < at+12; i++ {
		switch words[i].Norm {
		case "where", "which", "must", "what":
			return true
		}
	}
	return false
}
