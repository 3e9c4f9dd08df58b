package bot

import (
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// clean makes a person's text safe to store and show: composed letters, no control
// characters but line ends, no marks that turn the reading direction, no invisible
// letters, no space at the ends.
func clean(said string) string {
	said = norm.NFC.String(strings.ToValidUTF8(said, "\uFFFD"))
	said = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r == '\u00a0':
			return ' '
		case unicode.IsControl(r), r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069',
			r == '\u200b', r == '\u200e', r == '\u200f', r == '\ufeff', r == '\u2060':
			return -1
		}
		return r
	}, said)
	return strings.TrimSpace(said)
}

func nonEmpty(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

// wholeNumber understands "12", "1,200", "about 40" and "forty or so".
func wholeNumber(said string, r reader) (int, string) {
	digits := ""
	for _, word := range strings.FieldsFunc(strings.ToLower(said), func(c rune) bool { return unicode.IsSpace(c) || c == '-' || c == '~' || c == '+' }) {
		word = strings.ReplaceAll(strings.Trim(word, ".,?!()"), ",", "")
		if n, ok := numberWords[word]; ok {
			word = strconv.Itoa(n)
		}
		if word == "" || strings.Trim(word, "0123456789") != "" {
			if strings.ContainsAny(word, "0123456789") {
				return 0, r.say("bot.problem-number")
			}
			continue
		}
		if digits != "" {
			return 0, r.say("bot.problem-number") // "10 or 12", "forty five": two numbers are not one
		}
		digits = word
	}
	if digits == "" || strings.HasPrefix(strings.TrimSpace(said), "-") {
		return 0, r.say("bot.problem-number")
	}
	n, err := strconv.Atoi(digits)
	if err != nil || n > 100_000_000 {
		return 0, r.say("bot.problem-number-large")
	}
	return n, ""
}

var numberWords = map[string]int{
	"none": 0, "nobody": 0, "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
	"eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "dozen": 12, "fifteen": 15, "twenty": 20,
	"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100,
}

// choose finds the option meant: its value, its label, or the one whose value or label begins so.
func choose(options []Option, said string) (Option, bool) {
	said = fold(said)
	var begins []Option
	for _, o := range options {
		value, label := fold(o.Value), fold(o.Label)
		if said == value || said == label {
			return o, true
		}
		for _, also := range o.Also {
			if said == fold(also) {
				return o, true
			}
		}
		if strings.HasPrefix(label, said) || strings.HasPrefix(value, said) {
			begins = append(begins, o)
		}
	}
	if len(begins) == 1 {
		return begins[0], true
	}
	if n, err := strconv.Atoi(said); err == nil && n >= 1 && n <= len(options) {
		return options[n-1], true
	}
	return Option{}, false
}

// separate splits "health, contact" into its choices, unless a choice itself holds a comma.
func separate(options []Option, values []string) []string {
	var out []string
	for _, value := range values {
		if _, ok := choose(options, value); ok {
			out = append(out, value)
			continue
		}
		for part := range strings.SplitSeq(value, ",") {
			out = append(out, nonEmpty(strings.TrimSpace(part))...)
		}
	}
	return out
}

func fold(s string) string {
	s = strings.ToLower(strings.TrimSpace(norm.NFKC.String(s)))
	s = strings.NewReplacer("’", "'", "_", " ").Replace(s)
	return strings.TrimRight(s, ".?!…")
}

func labelOf(options []Option, value string) string {
	for _, o := range options {
		if o.Value == value {
			return o.Label
		}
	}
	return value
}

// manyOptions is how many choices can be named in one sentence.
const manyOptions = 6

// notAChoice says what may be chosen: all of a short list, or what comes near in a long one.
func (r reader) notAChoice(options []Option, said string) string {
	answer := short(said)
	var near []string
	for _, o := range options {
		if len(options) <= manyOptions || len(said) > 2 && len(near) < manyOptions && strings.Contains(fold(o.Label+" "+strings.Join(o.Also, " ")), fold(said)) {
			near = append(near, o.Label)
		}
	}
	if len(near) == 0 {
		return r.say("bot.problem-list", "answer", answer)
	}
	return r.say("bot.problem-choice", "answer", answer, "options", strings.Join(near, "; "))
}
