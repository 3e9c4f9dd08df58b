// Package policy reads an organisation's own policies and finds the words in them
// that answer a question.
//
// A file becomes a Document of short passages: a sentence, a bullet or a table row,
// each with the headings and the lead-in line it stands under. A Library holds
// documents and finds passages by their words and by what those words mean: the
// files in content say which words charity people use for which words in a policy.
//
// The package keeps no state, reads no clock and opens no file of its own accord. It
// leaves storing to internal/store, and what to say about a passage to knowledge/ask.
package policy

import (
	"strings"
	"time"
)

// MaxQuote is the longest passage that is ever quoted, in characters.
const MaxQuote = 600

// reviewYears is how long a document without a review date counts as current after it
// was last edited or reviewed. Two years is the interval that policies mostly name.
const reviewYears = 2

// Kind says what a passage was in its document.
type Kind string

// The kinds of passage.
const (
	Sentence Kind = "sentence"
	Bullet   Kind = "bullet"
	Row      Kind = "row"
)

// Document is one policy as it was read. Its JSON form is stable, so that it can be stored.
type Document struct {
	ID         string    `json:"id"` // the file's name
	Title      string    `json:"title"`
	Owner      string    `json:"owner,omitempty"`       // who looks after it, when it says so
	Version    string    `json:"version,omitempty"`     // as written
	Reviewed   string    `json:"reviewed,omitempty"`    // ISO date, or year and month
	NextReview string    `json:"next_review,omitempty"` // ISO date, or year and month
	LastEdited string    `json:"last_edited,omitempty"` // ISO date, or year and month
	Passages   []Passage `json:"passages"`
}

// Passage is the smallest piece that can answer: a sentence, a bullet or a table row.
type Passage struct {
	Text    string `json:"text"`              // the document's own words
	Section string `json:"section,omitempty"` // the headings above it, outermost first, joined by " > "
	Lead    string `json:"lead,omitempty"`    // the line that introduces the list or row
	Kind    Kind   `json:"kind"`
	Group   int    `json:"group"` // passages of one paragraph, list or row share it
}

// Stale says whether the document is past its review date on that day, or, when it
// names none, was last edited or reviewed more than two years before. A document
// without any date is not called stale.
func (d Document) Stale(today time.Time) bool {
	if next, ok := endOf(d.NextReview); ok {
		return today.After(next)
	}
	last := d.Reviewed
	if last == "" {
		last = d.LastEdited
	}
	if day, ok := endOf(last); ok {
		return today.After(day.AddDate(reviewYears, 0, 0))
	}
	return false
}

// Heading returns the innermost heading above the passage.
func (p Passage) Heading() string {
	if i := strings.LastIndex(p.Section, " > "); i >= 0 {
		return p.Section[i+3:]
	}
	return p.Section
}

// endOf returns the last moment of a day or month written as ISO.
func endOf(date string) (time.Time, bool) {
	if day, err := time.Parse("2006-01-02", date); err == nil {
		return day.AddDate(0, 0, 1).Add(-time.Second), true
	}
	if month, err := time.Parse("2006-01", date); err == nil {
		return month.AddDate(0, 1, 0).Add(-time.Second), true
	}
	return time.Time{}, false
}
