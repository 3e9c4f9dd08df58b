package phrase

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Word is one word of a text, tidied.
type Word struct {
	Norm       string // lower case, no apostrophe, contraction opened, slip repaired
	Start, End int    // bytes of the text it came from
	Clause     int    // words of one clause have the same number
	Sentence   int
	Possessive bool // "dad's"
	Repaired   bool

	name        bool // typed like a short name: "Ivan"
	exact, stem int  // numbers in the vocabulary of the set, 0 when it has neither
}

// Text is what somebody typed, as words. Times and moods are filled in by Mark.
type Text struct {
	Raw   string
	Words []Word
}

// Quote is what the person typed for these words, both included.
func (t Text) Quote(first, last int) string {
	if first < 0 || last >= len(t.Words) || first > last {
		return ""
	}
	return t.Raw[t.Words[first].Start:t.Words[last].End]
}

// maxWords is how much of a text is read: a question, not a book.
const maxWords = 400

// opened are contractions as people type them, with or without the apostrophe.
var opened = map[string]string{
	"cant": "can not", "wont": "will not", "dont": "do not", "doesnt": "does not", "didnt": "did not",
	"hasnt": "has not", "havent": "have not", "hadnt": "had not", "isnt": "is not", "arent": "are not",
	"wasnt": "was not", "werent": "were not", "couldnt": "could not", "shouldnt": "should not",
	"wouldnt": "would not", "mustnt": "must not", "aint": "is not", "neednt": "need not", "cannot": "can not",
	"im": "i am", "ive": "i have", "id": "id", "ill": "ill", "hes": "he is", "shes": "she is", "thats": "that is",
	"whos": "who is", "whats": "what is", "theres": "there is", "theyre": "they are", "theyve": "they have",
	"weve": "we have", "youve": "you have", "youre": "you are", "theyd": "they would", "itll": "it will",
	"gonna": "going to", "wanna": "want to", "gotta": "got to", "dunno": "do not know", "wannabe": "wannabe",
	"w/o": "without", "w/out": "without", "pls": "please", "plz": "please", "thru": "through", "cuz": "because",
	"cos": "because", "coz": "because", "tel": "phone", "info": "information", "infos": "information",
	"ppl": "people", "msg": "message", "msgs": "messages", "yo": "years old", "y/o": "years old", "yos": "years old", "yo's": "years old", "y/o's": "years old",
	"yr": "year", "yrs": "years", "abt": "about", "pic": "photo", "pics": "photos", "vol": "volunteer", "vols": "volunteers",
	"rn": "right now", "asap": "urgently", "w": "w", "u": "you", "ur": "your", "r": "are", "btw": "btw", "bf": "boyfriend", "gf": "girlfriend",
	"od'd": "overdosed", "oded": "overdosed", "od'ed": "overdosed", "od": "overdose", "odd": "odd", "od'ing": "overdosing",
	"a&e": "ae", "b/c": "because", "s/w": "sw", "h/v": "hv", "sar's": "sar", "goin": "going", "tho": "though", "bday": "birthday",
	"aloud": "allowed", "alowed": "allowed", "preggers": "pregnant", "preggo": "pregnant", "hubby": "husband", "hubbie": "husband",
	"em": "them", "n": "and", "wi": "with", "da": "dad", "mams": "mums", "msging": "messaging", "msged": "messaged", "txt": "text",
	"txted": "texted", "txting": "texting", "kno": "know", "wot": "what", "wats": "what is", "wat": "what", "somat": "something",
	"summat": "something", "sommat": "something", "sumthing": "something", "smth": "something", "owt": "anything", "nowt": "nothing",
	"nuffin": "nothing", "innit": "is it not", "sis": "sister", "bro": "brother", "bros": "brothers", "y'all": "you all", "atm": "now",
	"wk": "week", "wks": "weeks", "hrs": "hours", "mins": "minutes", "appt": "appointment", "adress": "address", "addres": "address",
	"fone": "phone", "fb": "facebook", "insta": "instagram", "snap": "snapchat", "wa": "whatsapp", "watsapp": "whatsapp", "wattsapp": "whatsapp", "whatsap": "whatsapp",
	"sch": "school", "skool": "school", "hosp": "hospital", "gona": "going to", "tryna": "trying to", "lemme": "let me", "gimme": "give me",
	"shud": "should", "cud": "could", "wud": "would", "b4": "before", "2nite": "tonight", "tonite": "tonight", "nite": "night", "defo": "definitely", "prob": "probably", "probs": "probably",
	"incl": "including", "excl": "excluding", "mgr": "manager", "dept": "department", "approx": "about", "parnt": "parent",
	"referal": "referral", "refferal": "referral", "saftey": "safety", "safegaurding": "safeguarding", "soshul": "social", "coppers": "police", "mh": "mental health", "ld": "learning disability",
}

// Read tidies a text into words and repairs slips towards the words of the set. Only a
// word that is no ordinary English word, and that the set does not know, is repaired.
func (s *Set) Read(raw string) Text {
	t := Text{Raw: raw}
	clause, sentence := 0, 0
	for i := 0; i < len(raw) && len(t.Words) < maxWords; {
		r, size := utf8.DecodeRuneInString(raw[i:])
		if !wordRune(r) {
			switch r {
			case '.', '!', '?', '\n':
				clause++
				sentence++
			case ',', ';', ':', '(', ')', '–', '—':
				clause++
			case '-':
				if i > 0 && raw[i-1] == ' ' {
					clause++
				}
			}
			i += size
			continue
		}
		end := wordEnd(raw, i)
		s.enter(&t, raw[i:end], Word{Start: i, End: end, Clause: clause, Sentence: sentence})
		i = end
	}
	for i := range t.Words {
		w := &t.Words[i]
		if i > 0 && breaks[w.Norm] {
			for j := i; j < len(t.Words); j++ {
				t.Words[j].Clause += 1000
			}
		}
	}
	return t
}

// breaks are words at which a new thought begins, so that "no" does not reach past them.
var breaks = map[string]bool{"but": true, "because": true, "although": true, "though": true, "however": true, "so": true, "while": true, "whereas": true}

func wordRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || r == utf8.RuneError
}

// wordEnd finds where a word ends: apostrophes, "&" and "/" inside a word belong to it,
// and a dotted initialism ("h.v.") is one word.
func wordEnd(raw string, i int) int {
	start := i
	digits := raw[i] >= '0' && raw[i] <= '9'
	for i < len(raw) {
		r, size := utf8.DecodeRuneInString(raw[i:])
		if digits && unicode.IsLetter(r) {
			break // "15yo": the number, then the rest
		}
		if wordRune(r) {
			i += size
			continue
		}
		next, _ := utf8.DecodeRuneInString(raw[i+size:])
		joins := r == '\'' || r == '’' || r == '‘' || (r == '&' || r == '/') && i-start <= 2 || r == '.' && dotted(raw[start:i])
		if !joins || i+size >= len(raw) || !unicode.IsLetter(next) {
			break
		}
		i += size
	}
	return i
}

// dotted says whether this is the beginning of "h.v" or "p.c.s".
func dotted(s string) bool {
	return len(s)%2 == 1 && (len(s) == 1 || s[len(s)-2] == '.')
}

// enter adds one typed word as one or more tidy words.
func (s *Set) enter(t *Text, typed string, w Word) {
	words, owner := tidy(typed)
	w.Possessive = owner
	for _, part := range words {
		w.Norm, w.name = part, named(typed)
		w.exact, w.stem, w.Repaired = 0, 0, false
		s.resolve(&w)
		t.Words = append(t.Words, w)
	}
}

// spell is how a word of a pattern stands in a text that was read.
func spell(word string) []string {
	var words []string
	for i := 0; i < len(word); {
		if r, size := utf8.DecodeRuneInString(word[i:]); !wordRune(r) {
			i += size
			continue
		}
		end := wordEnd(word, i)
		opened, _ := tidy(word[i:end])
		words = append(words, opened...)
		i = end
	}
	return words
}

// Stemmer returns a function that gives the stems of a text's words, tidied as Read does and
// with no slip repaired. It remembers the stem of each word, for the many texts of one caller.
func Stemmer() func(text string) []string {
	known := map[string]string{}
	return func(text string) []string {
		words := spell(text)
		for i, w := range words {
			stem, ok := known[w]
			if !ok {
				stem = Stem(w)
				known[w] = stem
			}
			words[i] = stem
		}
		return words
	}
}

// marks makes every apostrophe the same one, and drops full stops.
var marks = strings.NewReplacer("’", "'", "‘", "'", ".", "")

// plain says that a word is of small letters only, as most are.
func plain(word string) bool {
	for i := range len(word) {
		if word[i] < 'a' || word[i] > 'z' {
			return false
		}
	}
	return true
}

// tidy is one typed word as the words it stands for, in lower case, and whether it says
// that something belongs to somebody ("dad's").
func tidy(typed string) (words []string, owner bool) {
	if plain(typed) && opened[typed] == "" {
		return []string{typed}, false
	}
	n := marks.Replace(strings.ToLower(norm.NFKC.String(typed)))
	if whole, ok := opened[n]; ok {
		n = whole
	} else if base, ok := strings.CutSuffix(n, "n't"); ok {
		n = base + " not"
		if base == "ca" || base == "wo" {
			n = map[string]string{"ca": "can", "wo": "will"}[base] + " not"
		}
	} else if base, ok := strings.CutSuffix(n, "'s"); ok {
		if n = base; pronouns[base] {
			n += " is"
		} else {
			owner = true
		}
	} else if at := strings.IndexByte(n, '\''); at > 0 {
		if owner = n[at:] == "'"; contracted[n[at:]] != "" {
			n = n[:at] + " " + contracted[n[at:]]
		}
	}
	n = strings.ReplaceAll(n, "'", "")
	return strings.FieldsFunc(n, func(r rune) bool { return r == ' ' || r == '/' || r == '-' }), owner
}

var pronouns = map[string]bool{"he": true, "she": true, "it": true, "who": true, "that": true, "there": true, "what": true, "where": true, "here": true, "someone": true, "somebody": true, "everyone": true}

var contracted = map[string]string{"'re": "are", "'ve": "have", "'ll": "will", "'m": "am", "'d": "would"}

// resolve looks a word up, and repairs it when it must be a slip.
func (s *Set) resolve(w *Word) {
	w.exact, w.stem = s.vocabulary["="+w.Norm], s.vocabulary[Stem(w.Norm)]
	if w.exact != 0 || w.stem != 0 || len(w.Norm) < 4 || s.known[w.Norm] || isCommon(w.Norm) || s.names[w.Norm] || s.names[strings.TrimSuffix(w.Norm, "s")] {
		return
	}
	if better := s.nearest(w.Norm); better != "" && !(w.name && len(better) == len(w.Norm) && !swapped(w.Norm, better)) {
		w.Norm, w.Repaired = better, true
		w.exact, w.stem = s.vocabulary["="+better], s.vocabulary[Stem(better)]
	}
}

// named says whether a short word was typed as names are, with one capital in front. "Ivan" is
// no slip for "Iran".
func named(typed string) bool {
	typed, _, _ = strings.Cut(marks.Replace(typed), "'")
	return len(typed) > 0 && len(typed) <= 5 && typed[0] >= 'A' && typed[0] <= 'Z' && plain(typed[1:])
}

// swapped says whether two words have the same letters in another order: "Gilr" is a slip
// whatever its capital.
func swapped(a, b string) bool {
	x, y := []byte(a), []byte(b)
	slices.Sort(x)
	slices.Sort(y)
	return slices.Equal(x, y)
}

// nearest finds the word of the set that a slip was meant for: one slip in a short word,
// two in a long one, the first letter right or swapped with the second. Of two equally
// near the first in the set wins.
func (s *Set) nearest(w string) string {
	limit := 1
	if len(w) >= 8 {
		limit = 2
	}
	best, distance := "", limit+1
	for _, k := range s.sounds {
		if len(k) > len(w)+limit || len(w) > len(k)+limit || k[0] != w[0] && (k[0] != w[1] || k[1] != w[0]) {
			continue
		}
		if d := within(w, k, distance-1); d < distance {
			best, distance = k, d
		}
	}
	return best
}

// within counts slips between two words of plain letters, and stops counting above the limit.
func within(a, b string, limit int) int {
	var rows [3][40]int
	if len(b) >= 40 || limit < 0 {
		return limit + 1
	}
	before, last, row := &rows[0], &rows[1], &rows[2]
	for j := range len(b) + 1 {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		low := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
			low = min(low, row[j])
		}
		if low > limit {
			return limit + 1
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
