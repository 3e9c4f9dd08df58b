package talk

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// line is one step of a conversation.
type line struct {
	number   int
	text     string
	answer   bool // begins with ">"
	killNext bool // the program dies while this step is being delivered
}

// parse drops comments and empty lines.
func parse(text string) []line {
	var lines []line
	for i, raw := range strings.Split(text, "\n") {
		raw = strings.TrimRight(raw, " \t\r")
		trimmed := strings.TrimLeft(raw, " \t")
		if trimmed == "" || strings.HasPrefix(trimmed, "#") {
			continue
		}
		rest, answer := strings.CutPrefix(trimmed, ">")
		if answer {
			trimmed = strings.TrimLeft(rest, " \t")
		}
		lines = append(lines, line{number: i + 1, text: trimmed, answer: answer})
	}
	return lines
}

var gap = regexp.MustCompile(`\t+| {2,}`)

// labelled parts "What happened?   lost" where the gap is.
func labelled(text string) (label, answer string, ok bool) {
	at := gap.FindStringIndex(text)
	if at == nil {
		return strings.TrimSpace(text), "", false
	}
	return text[:at[0]], strings.TrimSpace(text[at[1]:]), true
}

// begins says whether a label begins so, without regard to case and kind of quote.
func begins(label, with string) bool {
	with = strings.TrimRight(strings.TrimSuffix(strings.TrimSpace(with), "…"), " ")
	return with != "" && strings.HasPrefix(plain(label), plain(with))
}

// plain folds case, white space and curly quotes.
func plain(s string) string { return strings.ToLower(folded(s)) }

func folded(s string) string {
	s = strings.NewReplacer("’", "'", "‘", "'", "“", `"`, "”", `"`, "\u00a0", " ").Replace(s)
	return strings.Join(strings.Fields(s), " ")
}

// duration reads "3h", "90m", "3 days", "2w", "1 h 30 min".
func duration(text string) (time.Duration, error) {
	parts := regexp.MustCompile(`(\d+)\s*([a-z]+)`).FindAllStringSubmatch(strings.ToLower(text), -1)
	var sum time.Duration
	for _, p := range parts {
		n, err := strconv.Atoi(p[1])
		unit, ok := units[p[2]]
		if err != nil || !ok {
			return 0, fmt.Errorf("%q is not a time to wait; write 30s, 10m, 3h, 2d or 1w", text)
		}
		sum += time.Duration(n) * unit
	}
	if len(parts) == 0 {
		return 0, fmt.Errorf("%q is not a time to wait; write 30s, 10m, 3h, 2d or 1w", text)
	}
	return sum, nil
}

const day = 24 * time.Hour

var units = map[string]time.Duration{
	"s": time.Second, "sec": time.Second, "second": time.Second, "seconds": time.Second,
	"m": time.Minute, "min": time.Minute, "minute": time.Minute, "minutes": time.Minute,
	"h": time.Hour, "hour": time.Hour, "hours": time.Hour,
	"d": day, "day": day, "days": day, "w": 7 * day, "week": 7 * day, "weeks": 7 * day,
}

// moment reads a local date and time. Of the two readings in the hour that comes twice
// in autumn it is the earlier one.
func moment(text string, zone *time.Location) (time.Time, error) {
	text = strings.TrimSpace(text)
	for _, layout := range []string{"2006-01-02 15:04", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02"} {
		at, err := time.ParseInLocation(layout, text, zone)
		if err != nil {
			continue
		}
		if earlier := at.Add(-time.Hour); earlier.Format(layout) == at.Format(layout) && layout != "2006-01-02" {
			at = earlier
		}
		return at, nil
	}
	return time.Time{}, fmt.Errorf("%q is not a time; write 2026-10-23 09:15", text)
}
