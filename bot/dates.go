package bot

import (
	"strings"
	"time"

	"shareright/knowledge/calendar"
)

// AskWhen asks for a date and a time in plain words. The answer is an instant; zero means not known.
func AskWhen[T any](id, label string, at func(*T) *time.Time) Field[T] {
	f := Field[T]{view: FieldView{ID: id, Kind: WhenField, Label: label}}
	f.get = func(t *T) []string { return nonEmpty(shownTime(*at(t))) }
	f.wipe = func(t *T) { *at(t) = time.Time{} }
	f.set = func(t *T, values []string, r reader) string {
		when, problem := readWhen(strings.Join(values, " "), r)
		if problem != "" {
			return problem
		}
		*at(t) = when.UTC()
		return ""
	}
	f.read = func(t *T, r reader) string { return inWords(*at(t), r.zone) }
	return f
}

// AskDate asks for a day in plain words. The zero date means not known.
func AskDate[T any](id, label string, at func(*T) *calendar.Date) Field[T] {
	f := Field[T]{view: FieldView{ID: id, Kind: DateField, Label: label}}
	f.get = func(t *T) []string {
		if at(t).IsZero() {
			return nil
		}
		return []string{at(t).String()}
	}
	f.wipe = func(t *T) { *at(t) = calendar.Date{} }
	f.set = func(t *T, values []string, r reader) string {
		day, problem := readDate(strings.Join(values, " "), r)
		if problem == "" {
			*at(t) = day
		}
		return problem
	}
	f.read = func(t *T, _ reader) string { return at(t).Long() }
	return f
}

// Past refuses an answer in the future, of a field made by AskWhen or AskDate.
func (f Field[T]) Past() Field[T] {
	set := f.set
	f.set = func(t *T, values []string, r reader) string {
		said := strings.Join(values, " ")
		if when, problem := readWhen(said, r); problem == "" && when.After(r.now) {
			return r.say("bot.problem-future")
		}
		return set(t, values, r)
	}
	return f
}

// Ahead refuses a day before today, of a field made by AskDate.
func (f Field[T]) Ahead() Field[T] {
	set := f.set
	f.set = func(t *T, values []string, r reader) string {
		if day, problem := readDate(strings.Join(values, " "), r); problem == "" && day.Before(calendar.On(r.now, r.zone)) {
			return r.say("bot.problem-past")
		}
		return set(t, values, r)
	}
	return f
}

func shownTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}

// readWhen reads a moment in plain words. A zone's name at the end ("GMT") picks between
// the two instants of a time that clocks show twice.
func readWhen(said string, r reader) (time.Time, string) {
	words := strings.Fields(said)
	zone := ""
	if n := len(words); n > 1 && (strings.EqualFold(words[n-1], "BST") || strings.EqualFold(words[n-1], "GMT")) {
		zone, said = strings.ToUpper(words[n-1]), strings.Join(words[:n-1], " ")
	}
	when, err := calendar.ParseWhen(said, r.now, r.zone)
	if err != nil {
		return time.Time{}, err.Error()
	}
	if later := when.Time.Add(time.Hour); zone != "" && name(when.Time) != zone && name(later) == zone && sameClock(when.Time, later) {
		return later, ""
	}
	return when.Time, ""
}

func name(t time.Time) string {
	zone, _ := t.Zone()
	return zone
}

func sameClock(a, b time.Time) bool { return a.Format("15:04") == b.Format("15:04") }

func readDate(said string, r reader) (calendar.Date, string) {
	day, err := calendar.ParseDate(said, calendar.On(r.now, r.zone))
	if err != nil {
		return day, err.Error()
	}
	return day, ""
}

// inWords is an instant as people write it, and as AskWhen reads it. The zone is named
// on the nights when a time on the clock comes twice.
func inWords(at time.Time, zone *time.Location) string {
	local := at.In(zone)
	text := local.Format("2 January 2006 15:04")
	if _, before := local.Add(-time.Hour).Zone(); before != offsetOf(local.Add(time.Hour)) {
		text += local.Format(" MST")
	}
	return text
}

func offsetOf(t time.Time) int {
	_, seconds := t.Zone()
	return seconds
}
