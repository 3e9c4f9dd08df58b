// Package privacy notices what a text gives away about people: phone numbers, e-mail
// addresses, postcodes, NHS and National Insurance numbers. It looks at the words and
// nothing else, here and now, so that nothing needs to leave the program to be checked.
//
// A name is only ever a guess, so it is told apart. What to do about a hint is the caller's.
package privacy

import (
	"regexp"
	"strings"
)

// Kind is what was noticed.
type Kind string

// The kinds of hint.
const (
	Phone    Kind = "phone"
	Email    Kind = "email"
	Postcode Kind = "postcode"
	NHS      Kind = "nhs_number"
	NI       Kind = "ni_number"
	Name     Kind = "name" // a guess
)

// labels are what people call each kind.
var labels = map[Kind]string{Phone: "a phone number", Email: "an e-mail address", Postcode: "a postcode",
	NHS: "an NHS number", NI: "a National Insurance number", Name: "a name"}

// Hint is one thing noticed, by its place in the text in bytes.
type Hint struct {
	Kind       Kind
	Start, End int
}

// Label is what people call it, such as "a phone number".
func (h Hint) Label() string { return labels[h.Kind] }

// pattern is how one kind is found. Where holds is not nil it has the last word.
type pattern struct {
	kind  Kind
	find  *regexp.Regexp
	holds func(string) bool
}

// What may stand within a number. Other programs put a space or a dash there at which no line
// is broken, and that is what people paste.
const (
	space = `[ \x{a0}]?`
	dash  = `[ \x{a0}\-\x{2011}\x{2013}]?`
)

var certain = []pattern{
	{Email, regexp.MustCompile(`(?i)[a-z0-9._%+\-]+@[a-z0-9\-]+(\.[a-z0-9\-]+)+`), nil},
	{NI, regexp.MustCompile(`(?i)\b[a-ceghj-pr-tw-z][a-ceghj-npr-tw-z]` + space + `\d{2}` + space + `\d{2}` + space + `\d{2}` + space + `[a-d]\b`), nationalInsurance},
	{NHS, regexp.MustCompile(`\b\d{3}` + dash + `\d{3}` + dash + `\d{4}\b`), nhsNumber},
	{Phone, regexp.MustCompile(`(?:\+44` + dash + `(?:\(0\))?|\b0|\(0)\d[\d \x{a0}\-\x{2011}\x{2013}()]{7,13}\d`), phone},
	{Postcode, regexp.MustCompile(`(?i)\b[a-z]{1,2}\d[a-z\d]?` + space + `\d[abd-hjlnp-uw-z]{2}\b`), nil},
}

var guess = pattern{Name, regexp.MustCompile(`\b(?:Mr|Mrs|Ms|Miss|Dr) [A-Z][a-z]+|\b[A-Z][a-z]{2,} [A-Z][a-z]{2,}\b`), likelyName}

// Notice lists what the text gives away, in the order of the text. It looks until there is nothing
// more: a number can touch another one, and shows as one only when that is taken away.
func Notice(text string) []Hint {
	var hints []Hint
	for before := -1; before < len(hints); {
		before = len(hints)
		for _, p := range certain {
			hints = p.between(hints, text)
		}
	}
	return guess.between(hints, text)
}

// between adds what the pattern finds in the text between the hints, which it keeps in order.
func (p pattern) between(hints []Hint, text string) []Hint {
	var all []Hint
	last := 0
	for _, h := range hints {
		all = append(p.within(all, text, last, h.Start), h)
		last = h.End
	}
	return p.within(all, text, last, len(text))
}

// within adds what the pattern finds from one place to another. What only looked like a hint is
// looked at again from its second word on, for that word can begin one.
func (p pattern) within(hints []Hint, text string, from, to int) []Hint {
	for from < to {
		at := p.find.FindStringIndex(text[from:to])
		if at == nil {
			break
		}
		start, end := from+at[0], from+at[1]
		from = end
		if p.holds == nil || p.holds(text[start:end]) {
			hints = append(hints, Hint{p.kind, start, end})
		} else if word := strings.IndexAny(text[start+1:end], " \u00a0-\u2011\u2013("); word >= 0 && p.kind != Name {
			from = start + 1 + word
		}
	}
	return hints
}

// Certain names each kind that is no guess, once, in the order of the text.
func Certain(text string) []string {
	var found []string
	for _, h := range Notice(text) {
		if h.Kind != Name && !contains(found, h.Label()) {
			found = append(found, h.Label())
		}
	}
	return found
}

// All names every kind, guesses too, once, in the order of the text.
func All(text string) []string {
	var found []string
	for _, h := range Notice(text) {
		if !contains(found, h.Label()) {
			found = append(found, h.Label())
		}
	}
	return found
}

// Blank is the text with "…" in place of each hint that is no guess, so that the rest can
// be kept. When the check itself fails, nothing is left.
func Blank(text string) (blanked string) {
	defer func() {
		if recover() != nil {
			blanked = ""
		}
	}()
	var b strings.Builder
	last := 0
	for _, h := range Notice(text) {
		if h.Kind != Name {
			b.WriteString(text[last:h.Start] + "…")
			last = h.End
		}
	}
	return b.String() + text[last:]
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// phone accepts ten or eleven digits, and twelve with the country's code. The twelve
// digits of a DBS certificate begin with 001, which no number that is dialled does.
func phone(s string) bool {
	d := digits(s)
	return len(d) >= 10 && len(d) <= 13 && !(len(d) == 12 && strings.HasPrefix(d, "001"))
}

// nhsNumber checks the last digit, modulus 11.
func nhsNumber(s string) bool {
	d := digits(s)
	sum := 0
	for i := range 9 {
		sum += int(d[i]-'0') * (10 - i)
	}
	check := 11 - sum%11
	if check == 11 {
		check = 0
	}
	return check != 10 && check == int(d[9]-'0')
}

// nationalInsurance refuses the prefixes that are never given out.
func nationalInsurance(s string) bool {
	switch strings.ToUpper(s[:2]) {
	case "BG", "GB", "KN", "NK", "NT", "TN", "ZZ":
		return false
	}
	return true
}

// notNames are pairs of capitals that charities write and that name nobody.
var notNames = []string{"Social", "Children", "Child", "Data", "Protection", "Safeguarding", "Home", "Youth", "Charity", "Police", "Council",
	"Head", "Lead", "The", "Can", "Should", "Green", "Park", "School", "Street", "Road", "North", "South", "East", "West", "Monday", "Tuesday",
	"Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "January", "February", "March", "April", "May", "June", "July", "August",
	"September", "October", "November", "December", "Office", "Act", "Service", "Services", "Care", "Adult", "Mental", "Health", "Red", "Cross"}

func likelyName(s string) bool {
	for word := range strings.FieldsSeq(s) {
		if contains(notNames, word) {
			return false
		}
	}
	return true
}
