package config

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// Problem is one mistake in the configuration.
type Problem struct {
	File  string // empty for the environment
	Line  int    // 0 where there is none
	Key   string // the setting or the variable
	Value string // what is there; never a secret
	What  string // what is wrong with it
	Do    string // what to do about it
}

// String is the problem as one line: place, setting, value, what is wrong, what to do.
func (p Problem) String() string {
	var b strings.Builder
	if p.File != "" {
		b.WriteString(p.File)
		if p.Line > 0 {
			b.WriteString(":" + strconv.Itoa(p.Line))
		}
		b.WriteString(": ")
	}
	b.WriteString(p.Key)
	if p.Value != "" {
		b.WriteString(": " + strconv.Quote(shorten(p.Value)))
	}
	b.WriteString(" " + p.What)
	if p.Do != "" {
		b.WriteString("; " + p.Do)
	}
	return b.String()
}

// Problems is every mistake found, as one error.
type Problems []Problem

// Error lists the problems, one a line.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

func (ps Problems) sorted() Problems {
	slices.SortStableFunc(ps, func(a, b Problem) int { return cmp.Compare(a.Line, b.Line) })
	return ps
}

func shorten(value string) string {
	if r := []rune(value); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return value
}

// nearest names the known word that was probably meant, or lists them all when there are few.
func nearest(word string, known []string) string {
	best, least := "", len(word)/3+2
	for _, k := range known {
		if d := distance(strings.ToLower(word), strings.ToLower(k)); d < least {
			best, least = k, d
		}
	}
	switch {
	case best != "":
		return "did you mean " + best + "?"
	case len(known) > 0 && len(known) <= 12:
		return "use one of: " + strings.Join(known, ", ")
	}
	return "take it out"
}

// distance counts the letters to add, drop or change to make b from a.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		corner := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			corner, row[j] = row[j], min(row[j]+1, row[j-1]+1, corner+cost)
		}
	}
	return row[len(b)]
}
