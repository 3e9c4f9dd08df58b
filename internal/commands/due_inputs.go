package commands

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"shareright/knowledge"
	"shareright/knowledge/calendar"
)

// inputs reads the inputs of one line by name and collects what cannot be read, so that
// all mistakes of a line are told at once.
type inputs struct {
	books    dueBooks
	values   map[string]json.RawMessage
	today    calendar.Date
	zone     *time.Location
	problems []error
}

func (in *inputs) has(name string) bool {
	value, ok := in.values[name]
	return ok && string(value) != "null" && string(value) != `""`
}

func (in *inputs) wrong(name, format string, a ...any) {
	in.problems = append(in.problems, fmt.Errorf("%s: %s", name, fmt.Sprintf(format, a...)))
}

func (in *inputs) text(name string) string {
	if !in.has(name) {
		return ""
	}
	var text string
	if json.Unmarshal(in.values[name], &text) != nil {
		in.wrong(name, "write it as text in quotation marks")
	}
	return strings.TrimSpace(text)
}

func (in *inputs) texts(name string) []string {
	if !in.has(name) {
		return nil
	}
	var list []string
	if json.Unmarshal(in.values[name], &list) == nil {
		return list
	}
	if one := in.text(name); one != "" {
		return []string{one}
	}
	return nil
}

// number is a whole number; 0 means that it is not there, so 0 itself is a mistake.
func (in *inputs) number(name string) int {
	if !in.has(name) {
		return 0
	}
	var n int
	if json.Unmarshal(in.values[name], &n) != nil || n == 0 {
		in.wrong(name, "write a whole number, not 0")
	}
	return n
}

func (in *inputs) nation(usual calendar.Nation) calendar.Nation {
	text := in.text("nation")
	if text == "" {
		return usual
	}
	nation, err := calendar.ParseNation(text)
	if err != nil {
		in.wrong("nation", "%s", err)
	}
	return nation
}

func (in *inputs) date(name string) calendar.Date {
	text := in.text(name)
	if text == "" {
		return calendar.Date{}
	}
	return in.readDate(name, text)
}

// readDate reads an ISO date; of a time, the date that it is at home.
func (in *inputs) readDate(name, text string) calendar.Date {
	date, err := calendar.ParseISO(text)
	if err == nil {
		return date
	}
	if len(text) > len("2006-01-02") {
		if instant, err := calendar.ParseLocal(text, in.zone); err == nil {
			return calendar.On(instant.Time, in.zone)
		}
	}
	in.wrong(name, "%s", err)
	return calendar.Date{}
}

// mostDays is how many days a range in a list may span: no school closes for longer.
const mostDays = 400

// dates is a list of dates, or one. An entry may be a range: "2026-10-26/2026-10-30".
func (in *inputs) dates(name string) []calendar.Date {
	var list []calendar.Date
	for _, text := range in.texts(name) {
		first, last, isRange := strings.Cut(text, "/")
		from := in.readDate(name, first)
		if !isRange {
			list = append(list, from)
			continue
		}
		to := in.readDate(name, last)
		if from.IsZero() || to.IsZero() || to.Before(from) || from.DaysTo(to) > mostDays {
			in.wrong(name, "%q is not a range; write it like 2026-10-26/2026-10-30", text)
			continue
		}
		for d := from; !d.After(to); d = d.AddDays(1) {
			list = append(list, d)
		}
	}
	return slices.DeleteFunc(list, calendar.Date.IsZero)
}

// dateOrBool reads an input that is either yes or no, or the day on which it happened.
func (in *inputs) dateOrBool(name string) (bool, calendar.Date) {
	if !in.has(name) {
		return false, calendar.Date{}
	}
	var yes bool
	if json.Unmarshal(in.values[name], &yes) == nil {
		return yes, calendar.Date{}
	}
	d := in.date(name)
	return !d.IsZero(), d
}

func (in *inputs) instant(name string) *calendar.Instant {
	text := in.text(name)
	if text == "" {
		return nil
	}
	instant, err := calendar.ParseLocal(text, in.zone)
	if err != nil {
		in.wrong(name, "%s", err)
		return nil
	}
	return &instant
}

// unread names the inputs that this kind of question does not know.
func (in *inputs) unread(known []string) []string {
	var list []string
	for name := range in.values {
		if !slices.Contains(known, name) {
			near := knowledge.DidYouMean(name, known)
			if near == "" {
				near = "."
			}
			list = append(list, fmt.Sprintf("The input %q was not used%s", name, near))
		}
	}
	slices.Sort(list)
	return list
}
