package calendar

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// ParseDate reads a day as people in the UK write it: "27 3 2007", "27/03/07", "27 March",
// "yesterday", "last Tuesday", "3 weeks ago", "2007-03-27"; month and day names in English
// or Welsh. A day without a year is the latest one that is not in the future. What cannot
// be read is a *Problem.
func ParseDate(text string, today Date) (Date, error) {
	d, _, err := readDate(tokens(text), today)
	return d, err
}

var (
	ordinal   = regexp.MustCompile(`\b(\d{1,2})(st|nd|rd|th|af|ail|il|ydd|fed|eg|ain)\b`)
	numbers   = regexp.MustCompile(`^\d{1,4}$`)
	separated = regexp.MustCompile(`^\d{1,4}([/.\-])\d{1,2}([/.\-])\d{1,4}$`)
	twoParts  = regexp.MustCompile(`^(\d{1,2})[/\-](\d{1,2})$`)
	joined    = regexp.MustCompile(`^(\d{1,2})[\-/.]?([a-z]{3,})[\-/.]?(\d{4}|\d{2})?$`)
)

var filler = map[string]bool{"on": true, "the": true, "of": true, "about": true, "around": true, "roughly": true, "approximately": true,
	"approx": true, "this": true, "in": true, "maybe": true, "perhaps": true, "sometime": true, "it": true, "was": true, "early": true, "late": true,
	"i": true, "think": true, "or": true, "so": true, "since": true}

// tokens are the words of a date, without ordinals, commas and words that add nothing.
func tokens(text string) []string {
	text = strings.ToLower(strings.NewReplacer("’", "'", ",", " ", "\u00a0", " ", "a.m.", "am", "p.m.", "pm", "o'clock", "oclock").Replace(text))
	text = ordinal.ReplaceAllString(text, "$1")
	var list []string
	for w := range strings.FieldsSeq(text) {
		w = strings.TrimRight(w, ".;!?")
		if w != "" && !filler[w] {
			list = append(list, w)
		}
	}
	return list
}

var months = map[string]time.Month{
	"january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6, "july": 7, "august": 8, "september": 9,
	"sept": 9, "october": 10, "november": 11, "december": 12,
	"ionawr": 1, "chwefror": 2, "mawrth": 3, "ebrill": 4, "mai": 5, "mehefin": 6, "gorffennaf": 7, "awst": 8, "medi": 9,
	"hydref": 10, "tachwedd": 11, "rhagfyr": 12,
}

var weekdays = map[string]time.Weekday{
	"sunday": 0, "monday": 1, "tuesday": 2, "tues": 2, "wednesday": 3, "weds": 3, "thursday": 4, "thurs": 4, "thur": 4, "friday": 5, "saturday": 6,
	"sun": 0, "mon": 1, "tue": 2, "wed": 3, "thu": 4, "fri": 5, "sat": 6,
}

var welshWeekdays = map[string]time.Weekday{"sul": 0, "llun": 1, "mawrth": 2, "mercher": 3, "iau": 4, "gwener": 5, "sadwrn": 6}

var counts = map[string]int{"a": 1, "an": 1, "one": 1, "two": 2, "couple": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
	"eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12}

func month(word string) (time.Month, bool) {
	if m, ok := months[word]; ok {
		return m, true
	}
	if len(word) == 3 {
		for m := time.January; m <= time.December; m++ {
			if strings.ToLower(m.String()[:3]) == word {
				return m, true
			}
		}
	}
	return 0, false
}

func count(word string) (int, bool) {
	if n, ok := counts[word]; ok {
		return n, true
	}
	n, err := strconv.Atoi(word)
	return n, err == nil && n >= 0 && n < 10000
}

const dateExample = "for example 27 3 2007"

// readDate reads the words of a day. The note is a sentence when a choice was made.
func readDate(words []string, today Date) (Date, string, error) {
	if len(words) == 0 {
		return Date{}, "", problem(Missing, "Enter a date, "+dateExample+".")
	}
	if d, ok, err := relative(words, today); ok || err != nil {
		return d, "", err
	}
	if d, note, ok := weekday(words, today); ok {
		return d, note, nil
	}
	words = dropWeekday(words)
	if len(words) == 1 {
		words = split(words[0])
	}
	if len(words) == 1 {
		return Date{}, "", partial(words[0])
	}
	return absolute(words, today)
}

// relative reads yesterday, tomorrow, and so many days, weeks, months or years ago.
func relative(words []string, today Date) (Date, bool, error) {
	switch strings.Join(words, " ") {
	case "today", "heddiw", "now":
		return today, true, nil
	case "yesterday", "ddoe", "day yesterday":
		return today.AddDays(-1), true, nil
	case "tomorrow", "yfory":
		return today.AddDays(1), true, nil
	case "day before yesterday", "echdoe":
		return today.AddDays(-2), true, nil
	case "last week", "last month", "last year", "other day", "recently", "weekend", "last weekend":
		return Date{}, false, problem(Unclear, "Which day was that? Enter the date, "+dateExample+".")
	case "fortnight ago", "a fortnight ago":
		return today.AddDays(-14), true, nil
	}
	if len(words) < 3 || words[len(words)-1] != "ago" {
		return Date{}, false, nil
	}
	n, ok := count(words[0])
	if words[0] == "a" && words[1] == "couple" {
		n = 2
	}
	if !ok || n > 1500 {
		return Date{}, false, nil
	}
	switch strings.TrimSuffix(words[len(words)-2], "s") {
	case "day":
		return today.AddDays(-n), true, nil
	case "week":
		return today.AddDays(-7 * n), true, nil
	case "fortnight":
		return today.AddDays(-14 * n), true, nil
	case "month":
		return today.AddMonths(-n), true, nil
	case "year":
		return today.AddYears(-n), true, nil
	}
	return Date{}, false, nil
}

// weekday reads "Tuesday", "last Tuesday" and "next Tuesday", and says which day it took.
func weekday(words []string, today Date) (Date, string, bool) {
	which := ""
	if words[0] == "last" || words[0] == "next" || words[0] == "dydd" {
		which, words = words[0], words[1:]
	}
	if len(words) == 2 && (words[1] == "last" || words[1] == "next" || words[1] == "diwethaf") {
		which, words = strings.Replace(words[1], "diwethaf", "last", 1), words[:1]
	}
	if len(words) != 1 {
		return Date{}, "", false
	}
	day, ok := weekdays[words[0]]
	if welsh, isWelsh := welshWeekdays[words[0]]; isWelsh && (which == "dydd" || words[0] != "mawrth") {
		day, ok = welsh, true
	}
	if !ok {
		return Date{}, "", false
	}
	back := (int(today.Weekday()-day) + 7) % 7
	d := today.AddDays(-back)
	switch {
	case which == "next":
		d = d.AddDays(7)
	case which == "last" && back == 0:
		d = d.AddDays(-7)
	}
	return d, fmt.Sprintf("Taken as %s.", d.Long()), true
}

// dropWeekday leaves "Tuesday" out of "Tuesday 27 March": the number decides.
func dropWeekday(words []string) []string {
	if len(words) > 1 && words[0] == "dydd" {
		return words[2:]
	}
	if _, is := weekdays[words[0]]; is && len(words) > 1 {
		return words[1:]
	}
	return words
}

// split takes apart 27/03/2007, 27-Mar-07, 27march and 27/3.
func split(word string) []string {
	if separated.MatchString(word) {
		return strings.FieldsFunc(word, func(r rune) bool { return r == '/' || r == '.' || r == '-' })
	}
	if m := twoParts.FindStringSubmatch(word); m != nil {
		return m[1:]
	}
	if m := joined.FindStringSubmatch(word); m != nil {
		if m[3] == "" {
			return m[1:3]
		}
		return m[1:]
	}
	return []string{word}
}

func partial(word string) error {
	if _, ok := month(word); ok {
		return problem(Missing, "The date must include a day, "+dateExample+".")
	}
	if n, ok := count(word); ok && n >= 1000 {
		return problem(Missing, "The date must include a day and a month, "+dateExample+".")
	}
	if numbers.MatchString(word) {
		return problem(Missing, "The date must include a month, "+dateExample+".")
	}
	return notRead()
}

func notRead() error {
	return problem(Impossible, "That could not be read as a date. Enter it in numbers, "+dateExample+".")
}

// absolute reads day, month and perhaps year, in the UK's order.
func absolute(words []string, today Date) (Date, string, error) {
	if len(words) > 3 {
		return Date{}, "", notRead()
	}
	if _, ok := month(words[0]); ok { // March 27
		words = append([]string{words[1], words[0]}, words[2:]...)
		if n, ok := count(words[0]); ok && n > 31 {
			return Date{}, "", problem(Missing, "The date must include a day, "+dateExample+".")
		}
	}
	if len(words) == 3 && len(words[0]) == 4 { // 2007-03-27
		words = []string{words[2], words[1], words[0]}
	}
	day, err := strconv.Atoi(words[0])
	if err != nil {
		return Date{}, "", notRead()
	}
	m, named := month(words[1])
	if !named {
		n, err := strconv.Atoi(words[1])
		if err != nil {
			return Date{}, "", notRead()
		}
		m = time.Month(n)
	}
	if len(words) == 2 {
		return withoutYear(day, m, today)
	}
	year, err := yearOf(words[2], today)
	if err != nil {
		return Date{}, "", err
	}
	if m > 12 && day <= 12 {
		return Date{}, "", monthFirst(day, m, year)
	}
	d, err := New(year, m, day)
	if err != nil {
		return Date{}, "", impossible(err)
	}
	return d, "", nil
}

func withoutYear(day int, m time.Month, today Date) (Date, string, error) {
	if m > 12 && day <= 12 {
		return Date{}, "", monthFirst(day, m, today.Year)
	}
	if m < 1 || m > 12 {
		return Date{}, "", problem(Impossible, fmt.Sprintf("There is no month %d. Months go from 1 to 12.", int(m)))
	}
	for year := today.Year; year > today.Year-9; year-- { // 29 February may be 8 years back
		if d, err := New(year, m, day); err == nil && !d.After(today) {
			return d, fmt.Sprintf("Taken as %s.", d.Long()), nil
		}
	}
	return Date{}, "", problem(Impossible, fmt.Sprintf("There is no %d %s.", day, m))
}

// monthFirst asks back when only the American order makes a date.
func monthFirst(day int, m time.Month, year int) error {
	if d, err := New(year, time.Month(day), int(m)); err == nil {
		return problem(Unclear, fmt.Sprintf("There is no month %d. Did you mean %s?", int(m), d.Plain()))
	}
	return problem(Impossible, fmt.Sprintf("There is no month %d. Months go from 1 to 12.", int(m)))
}

// yearOf reads a year of four digits, or of two as the nearest one that is at most ten
// years ahead. One digit is a question.
func yearOf(word string, today Date) (int, error) {
	if !numbers.MatchString(word) {
		return 0, notRead()
	}
	n, _ := strconv.Atoi(word)
	switch len(word) {
	case 4:
		return n, nil
	case 2:
		year := today.Year/100*100 + n
		if year > today.Year+10 {
			year -= 100
		}
		return year, nil
	}
	return 0, problem(Unclear, "Which year is that? Enter all four digits of the year, "+dateExample+".")
}
