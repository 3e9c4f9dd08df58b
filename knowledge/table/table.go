// Package table reads lists that people keep in a spreadsheet: comma, semicolon or tab
// between the cells, names of columns in the first row. Every row that cannot be read is
// named by its number and its reason.
//
// What the cells mean belongs to whoever asks. Nothing is stored here.
package table

import (
	"embed"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"sync"

	"shareright/knowledge"
	"shareright/knowledge/calendar"
)

//go:embed sentences.yaml
var content embed.FS

var phrases = sync.OnceValue(func() calendar.Phrases {
	var p calendar.Phrases
	if err := knowledge.ReadYAML(content, "sentences.yaml", &p); err != nil {
		panic(err) // the embedded content is tested; a mistake here is a programmer's
	}
	return p
})

// Column is a column to read. Others in the list are passed over.
type Column struct {
	Name   string
	Also   []string // other names people give it
	Needed bool     // a row without it is a problem
}

// Row is one row. Cells are by the names of the columns, without spaces around them.
type Row struct {
	Number int // as a spreadsheet counts: the first row holds the names
	Cells  map[string]string
}

// Problem is a row that was left out, and why, in words.
type Problem struct {
	Row  int
	Text string
}

// Wrong is the problem of a row, for the reason.
func (r Row) Wrong(reason string) Problem {
	return Problem{Row: r.Number, Text: phrases().Say("row", "row", r.Number, "problem", reason)}
}

// MaxRows is the most rows of one list.
const MaxRows = 50_000

// Read reads a list. The error is a sentence about the whole of it; problems are about single rows.
func Read(text string, columns []Column) (rows []Row, problems []Problem, err error) {
	text = strings.TrimPrefix(strings.ReplaceAll(text, "\u00a0", " "), "\ufeff")
	reader := csv.NewReader(strings.NewReader(text))
	reader.Comma, reader.FieldsPerRecord, reader.TrimLeadingSpace = comma(text), -1, true
	head, err := reader.Read()
	if err != nil {
		return nil, nil, errors.New(phrases().Say("empty"))
	}
	at, err := places(head, columns)
	if err != nil {
		return nil, nil, err
	}
	for {
		cells, err := reader.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		var slip *csv.ParseError
		if errors.As(err, &slip) {
			problems = append(problems, Problem{Row: slip.StartLine, Text: phrases().Say("unreadable", "row", slip.StartLine)})
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		line, _ := reader.FieldPos(0)
		row := Row{Number: line, Cells: map[string]string{}}
		if problem := row.fill(cells, len(head), at, columns); problem != "" {
			problems = append(problems, Problem{Row: line, Text: problem})
		} else if len(row.Cells) > 0 {
			rows = append(rows, row)
		}
		if len(rows)+len(problems) > MaxRows {
			return nil, nil, errors.New(phrases().Say("too_long", "most", MaxRows))
		}
	}
	if len(rows)+len(problems) == 0 {
		return nil, nil, errors.New(phrases().Say("empty"))
	}
	return rows, problems, nil
}

// fill puts the cells into the row. A row of empty cells stays empty and is no problem.
func (r *Row) fill(cells []string, wide int, at map[string]int, columns []Column) (problem string) {
	for wide < len(cells) && strings.TrimSpace(cells[len(cells)-1]) == "" {
		cells = cells[:len(cells)-1]
	}
	if len(cells) > wide {
		return phrases().Say("wide", "row", r.Number, "cells", len(cells), "columns", wide)
	}
	for _, c := range columns {
		if i, there := at[c.Name]; there && i < len(cells) {
			if cell := unguarded(strings.TrimSpace(cells[i])); cell != "" {
				r.Cells[c.Name] = cell
			}
		}
	}
	for _, c := range columns {
		if c.Needed && r.Cells[c.Name] == "" && len(r.Cells) > 0 {
			return phrases().Say("cell_missing", "row", r.Number, "column", c.Name)
		}
	}
	return ""
}

// unguarded takes off the mark that an export puts before what a spreadsheet would run as a formula.
func unguarded(cell string) string {
	if rest, guarded := strings.CutPrefix(cell, "'"); guarded && strings.IndexAny(rest, "=+-@＝＋－＠") == 0 {
		return rest
	}
	return cell
}

// comma is what stands between the cells: what the first row has most of.
func comma(text string) rune {
	first, _, _ := strings.Cut(text, "\n")
	best, most := ',', 0
	for _, c := range ",;\t" {
		if n := strings.Count(first, string(c)); n > most {
			best, most = c, n
		}
	}
	return best
}

// places finds the columns in the first row.
func places(head []string, columns []Column) (map[string]int, error) {
	at := map[string]int{}
	var missing []string
	for _, c := range columns {
		i := slices.IndexFunc(head, func(cell string) bool {
			return slices.ContainsFunc(append([]string{c.Name}, c.Also...), func(name string) bool { return plain(name) == plain(cell) })
		})
		if i >= 0 {
			at[c.Name] = i
		} else if c.Needed {
			missing = append(missing, c.Name)
		}
	}
	switch len(missing) {
	case 0:
		return at, nil
	case 1:
		return nil, errors.New(phrases().Say("no_column", "name", missing[0]))
	}
	return nil, errors.New(phrases().Say("no_columns", "names", strings.Join(missing, ", ")))
}

func plain(name string) string {
	return strings.Join(strings.Fields(strings.NewReplacer("_", " ", "-", " ", ":", " ").Replace(strings.ToLower(name))), " ")
}
