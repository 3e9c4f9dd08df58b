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
		if problem == "" {
			*at(t) = when.UTC()
		}
		return problem
	}
	f.read = func(t *T, r reader) string { return at(t).In(r.zone).Format("Monday 2 January 2006, 15:04") }
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

func shownTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}

func readWhen(said string, r reader) (time.Time, string) {
	instant, err := calendar.ParseLocal(said, r.zone)
	if err != nil {
		return time.Time{}, err.Error()
	}
	return instant.Time, ""
}

func readDate(said string, _ reader) (calendar.Date, string) {
	day, err := calendar.ParseISO(said)
	if err != nil {
		return day, err.Error()
	}
	return day, ""
}
