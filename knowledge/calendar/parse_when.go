package calendar

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// When is what somebody's words about a time mean.
type When struct {
	Time time.Time // of a time that clocks show twice, the earlier
	// Exact says that a time of day was given. Without one, Time is the earliest it can be.
	Exact bool
	Notes []string // sentences about each choice that was made, for the person to check
}

var (
	clockAmPm  = regexp.MustCompile(`^(\d{1,2})(?:[:.](\d{2}))?(am|pm)$`)
	clockColon = regexp.MustCompile(`^(\d{1,2}):(\d{2})(?::\d{2})?$`)
	clockDot   = regexp.MustCompile(`^(\d{1,2})\.(\d{2})$`)
	isoTime    = regexp.MustCompile(`^(\d{4}-\d{2}-\d{2})t(\d{2}:\d{2}(?::\d{2})?)$`)
	bareHour   = regexp.MustCompile(`^\d[:.]\d{2}$`) // 3:30 may be either half of the day
	spacedAmPm = regexp.MustCompile(`(\d)\s+(am|pm|a\.m\.?|p\.m\.?)(\s|$)`)
)

// parts of a day begin at these hours: the earliest that people mean by them.
var parts = map[string]int{"morning": 6, "lunchtime": 12, "afternoon": 12, "evening": 17, "tonight": 18, "night": 18}

// ParseWhen reads a moment as people write it: "yesterday 3pm", "last Tuesday at half past
// 9", "27 3 2007 15:30", "two hours ago", "this morning". A time of day with no date is the
// latest one that is not in the future. What cannot be read is a *Problem.
func ParseWhen(text string, now time.Time, zone *time.Location) (When, error) {
	words := tokens(spacedAmPm.ReplaceAllString(strings.ToLower(text), "$1$2$3"))
	if len(words) == 0 {
		return When{}, problem(Missing, "Enter when it was, for example 27 3 2007 or yesterday 3pm.")
	}
	if ago, ok := elapsed(words); ok {
		return When{Time: now.Add(-ago).In(zone), Exact: true}, nil
	}
	if m := isoTime.FindStringSubmatch(words[0]); m != nil && len(words) == 1 {
		words = m[1:]
	}
	t, rest, err := timeOfDay(words)
	if err != nil {
		return When{}, err
	}
	today := On(now, zone)
	day, note, err := today, "", error(nil)
	if len(rest) > 0 {
		day, note, err = readDate(rest, today)
	}
	if err != nil {
		return When{}, err
	}
	w := place(day.AddDays(t.days), t, zone)
	if len(rest) == 0 && w.Time.After(now) {
		w = place(day.AddDays(t.days-1), t, zone)
		w.Notes = append(w.Notes, fmt.Sprintf("Taken as %s.", day.AddDays(t.days-1).Long()))
	}
	if note != "" {
		w.Notes = append([]string{note}, w.Notes...)
	}
	return w, nil
}

// elapsed reads "just now", "half an hour ago" and "20 minutes ago".
func elapsed(words []string) (time.Duration, bool) {
	switch strings.Join(words, " ") {
	case "now", "just now", "right now":
		return 0, true
	case "half an hour ago":
		return 30 * time.Minute, true
	}
	if len(words) < 3 || words[len(words)-1] != "ago" {
		return 0, false
	}
	n, ok := count(words[0])
	if words[1] == "couple" {
		n = 2
	}
	switch unit := strings.TrimSuffix(words[len(words)-2], "s"); {
	case !ok:
	case unit == "hour" || unit == "hr":
		return time.Duration(n) * time.Hour, true
	case unit == "minute" || unit == "min":
		return time.Duration(n) * time.Minute, true
	}
	return 0, false
}

// clock is a time of day that was understood.
type clock struct {
	minutes int // since midnight
	days    int // -1 for last night
	exact   bool
	note    string
}

// timeOfDay takes the time of day out of the words and returns the others.
func timeOfDay(words []string) (clock, []string, error) {
	part := ""
	rest := make([]string, 0, len(words))
	last := ""
	days := 0
	for _, w := range words {
		if _, is := parts[w]; !is {
			rest = append(rest, w)
			last = w
			continue
		}
		part = w
		if w == "night" && last == "last" {
			days, rest = -1, rest[:len(rest)-1]
		}
	}
	for i, w := range rest {
		used, minutes, ok, err := clockAt(rest, i, part)
		if err != nil {
			return clock{}, nil, err
		}
		if !ok {
			continue
		}
		t := clock{minutes: minutes, days: days, exact: true}
		if w == "midnight" {
			t.note = "Midnight is taken as the start of that day."
		}
		if part == "" && minutes < 12*60 && bareHour.MatchString(w) {
			t.note = fmt.Sprintf("Taken as %s. Enter pm if it was later in the day.", shownClock(minutes))
		}
		if days < 0 && minutes < 12*60 { // 2 o'clock last night was this morning
			t.days = 0
		}
		rest = slices.Delete(slices.Clone(rest), i, i+used)
		return t, slices.DeleteFunc(rest, func(w string) bool { return w == "at" }), nil
	}
	rest = slices.DeleteFunc(rest, func(w string) bool { return w == "at" })
	t := clock{days: days}
	if part != "" {
		t.minutes = parts[part] * 60
		t.note = fmt.Sprintf("Taken as %s, the earliest it can be. Give the time if you know it.", shownClock(t.minutes))
	} else {
		t.note = "No time was given, so the start of the day is used. Give the time if you know it."
	}
	return t, rest, nil
}

// clockAt reads a time of day that begins at word i: how many words it takes, and the
// minutes since midnight.
func clockAt(words []string, i int, part string) (used, minutes int, ok bool, err error) {
	w := words[i]
	next := func(k int) string {
		if i+k < len(words) {
			return words[i+k]
		}
		return ""
	}
	switch w {
	case "noon", "midday":
		return 1, 12 * 60, true, nil
	case "midnight":
		return 1, 0, true, nil
	case "half", "quarter":
		offset := map[string]int{"half past": 30, "quarter past": 15, "quarter to": -15}[w+" "+next(1)]
		if offset == 0 {
			return 0, 0, false, nil
		}
		hour := strings.TrimSuffix(strings.TrimSuffix(next(2), "am"), "pm")
		base, err := hourIn(hour, part, next(2))
		return 3, base + offset, err == nil, err
	case "at":
		if n, isNumber := count(next(1)); isNumber && n <= 24 && next(2) != "oclock" && !isMonthOrNumber(next(2)) {
			base, err := hourIn(next(1), part, "")
			return 2, base, err == nil, err
		}
	}
	if next(1) == "oclock" {
		base, err := hourIn(w, part, "")
		return 2, base, err == nil, err
	}
	if alone := part != "" && numbers.MatchString(w) && !isMonthOrNumber(next(1)) && (i == 0 || !isMonthOrNumber(words[i-1])); alone {
		base, err := hourIn(w, part, "") // 9 in the morning
		return 1, base, err == nil, err
	}
	return digital(w, part)
}

func isMonthOrNumber(word string) bool {
	_, isMonth := month(word)
	return isMonth || numbers.MatchString(word)
}

// digital reads 3pm, 3.30pm, 15:30 and 15.30.
func digital(w, part string) (used, minutes int, ok bool, err error) {
	m := clockAmPm.FindStringSubmatch(w)
	if m == nil {
		if m = clockColon.FindStringSubmatch(w); m == nil {
			if m = clockDot.FindStringSubmatch(w); m == nil {
				return 0, 0, false, nil
			}
		}
		m = append(m[:3:3], "")
	}
	hour, _ := strconv.Atoi(m[1])
	minute, _ := strconv.Atoi(m[2])
	if hour > 24 || minute > 59 || hour == 24 && minute > 0 || m[3] != "" && (hour < 1 || hour > 12) {
		if m[3] == "" && !strings.Contains(w, ":") {
			return 0, 0, false, nil // 27.03 is a day
		}
		return 0, 0, false, problem(Impossible, fmt.Sprintf("There is no time %q. Enter it like 3:30pm or 15:30.", w))
	}
	switch {
	case m[3] == "pm" && hour < 12, m[3] == "" && hour < 12 && later12(part, hour):
		hour += 12
	case m[3] == "am" && hour == 12:
		hour = 0
	}
	return 1, hour*60 + minute, true, nil
}

// later12 says that a part of the day puts an hour after noon: 3 in the afternoon, 9 at night.
func later12(part string, hour int) bool {
	switch part {
	case "afternoon", "lunchtime", "evening":
		return hour < 12 && hour > 0
	case "night", "tonight":
		return hour >= 6 && hour < 12
	}
	return false
}

// hourIn reads an hour given alone, in minutes. From 1 to 12 it needs a part of the day.
func hourIn(word, part, whole string) (int, error) {
	n, ok := count(word)
	if !ok || n > 24 {
		return 0, problem(Impossible, fmt.Sprintf("There is no time %q. Enter it like 3:30pm or 15:30.", word))
	}
	switch {
	case strings.HasSuffix(whole, "pm") && n < 12, later12(part, n):
		n += 12
	case strings.HasSuffix(whole, "pm"), n == 0 || n > 12:
	case strings.HasSuffix(whole, "am"), part == "morning", part == "night" && n < 6:
		n %= 12
	default:
		return 0, problem(Unclear, fmt.Sprintf("Was that %d in the morning or in the afternoon? Enter %dam or %dpm.", n, n, n))
	}
	return n * 60, nil
}

func place(day Date, t clock, zone *time.Location) When {
	in := Local(day, time.Duration(t.minutes)*time.Minute, zone)
	w := When{Time: in.Time, Exact: t.exact}
	if t.note != "" {
		w.Notes = append(w.Notes, t.note)
	}
	switch in.Reading {
	case Twice:
		w.Notes = append(w.Notes, "The clocks went back that night, so that time came twice. The earlier one is used.")
	case Never:
		w.Notes = append(w.Notes, "The clocks went forward that night and skipped that time. Check when it was.")
	}
	return w
}

func shownClock(minutes int) string {
	return time.Date(2000, 1, 1, 0, minutes, 0, 0, time.UTC).Format("3:04pm")
}
