package policy

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

const dateWords = `((?:\d{1,2}(?:st|nd|rd|th)?\s+)?(?:of\s+)?[A-Z][a-z]{2,8}\.?\s+(?:\d{1,2},?\s+)?\d{4}|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{4}-\d{2}(?:-\d{2})?)`

var (
	nextReview = regexp.MustCompile(`(?i:next\s+review|review\s+(?:due|by|on)|due\s+for\s+review|to\s+be\s+reviewed|review\s+date)(?i:\s*(?:date|due|by|on|in|:|-|–|\|))*\s*` + dateWords)
	reviewed   = regexp.MustCompile(`(?i:policy\s+review|last\s+review(?:ed)?|reviewed|approved|adopted)(?i:\s*(?:date|on|by\s+(?:the\s+)?(?:board|trustees)|in|:|-|–|\|))*\s*` + dateWords)
	edited     = regexp.MustCompile(`(?i:last\s+(?:edited|updated|modified|changed)|page\s+updated|date\s+of\s+issue|issued)(?i:\s*(?:on|:|-|–|\|))*\s*` + dateWords)
	owner      = regexp.MustCompile(`(?i)^(?:key\s+person|policy\s+owner|owner|document\s+owner|responsible\s+person|author)\s*[:|]\s*(.{2,80}?)[\s,;|]*(?:$|\b(?:(?:next|last|policy)\s+)?(?:review(?:ed)?(?:\s+date)?|version|approved|adopted|issued|date|status|edited|updated)\s*[:|])`)
	version    = regexp.MustCompile(`(?i)\bversion\s*(?:no\.?|number)?\s*[:|]?\s*(\d+(?:\.\d+){0,3})\b`)
	parts      = regexp.MustCompile(`\d+|[A-Za-z]+`)
)

// describe fills in owner, version and dates from what the text says of itself.
func describe(doc *Document, blocks []block) {
	for _, b := range blocks {
		if doc.NextReview == "" {
			doc.NextReview = dateIn(nextReview, b.text)
		}
		if doc.Reviewed == "" {
			doc.Reviewed = dateIn(reviewed, nextReview.ReplaceAllString(b.text, ""))
		}
		if doc.LastEdited == "" {
			doc.LastEdited = dateIn(edited, b.text)
		}
		if m := owner.FindStringSubmatch(b.text); m != nil && doc.Owner == "" {
			doc.Owner = strings.TrimSpace(m[1])
		}
		if m := version.FindStringSubmatch(b.text); m != nil && doc.Version == "" && len(b.text) < 100 {
			doc.Version = m[1]
		}
	}
}

func dateIn(pattern *regexp.Regexp, text string) string {
	m := pattern.FindStringSubmatch(text)
	if m == nil {
		return ""
	}
	return isoDate(m[1])
}

// isoDate reads a date as people in the UK write it, day before month, and returns ISO:
// a day, or a month when no day is given, or "" when it is no date.
func isoDate(text string) string {
	if _, ok := endOf(text); ok {
		return text
	}
	day, month, year := 0, time.Month(0), 0
	for _, part := range parts.FindAllString(text, -1) {
		n, err := strconv.Atoi(part)
		switch {
		case err != nil && monthOf(part) > 0:
			month = monthOf(part)
		case err != nil:
		case n > 999:
			year = n
		case day == 0 && n <= 31:
			day = n
		case month == 0 && n <= 12:
			month = time.Month(n)
		case year == 0:
			year = 2000 + n
		}
	}
	if month == 0 || year < 1900 || year > 2200 {
		return ""
	}
	if day == 0 {
		return fmt.Sprintf("%04d-%02d", year, month)
	}
	date := fmt.Sprintf("%04d-%02d-%02d", year, month, day)
	if _, err := time.Parse("2006-01-02", date); err != nil {
		return ""
	}
	return date
}

// monthOf knows months by their first three letters.
func monthOf(word string) time.Month {
	if len(word) < 3 {
		return 0
	}
	for m := time.January; m <= time.December; m++ {
		if strings.EqualFold(word[:3], m.String()[:3]) && strings.HasPrefix(strings.ToLower(m.String()), strings.ToLower(word)) {
			return m
		}
	}
	if strings.EqualFold(word, "sept") {
		return time.September
	}
	return 0
}
