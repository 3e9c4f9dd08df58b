package main

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"shareright/internal/parts"
	"shareright/internal/racing"
	"shareright/knowledge/ask"
	"shareright/knowledge/policy"
)

// enough is the least share of a list that must be answered as it says. A rule that is
// changed may cost a line for a day; a list that fails by more is no longer kept.
const enough = 0.95

// asked answers a question as the ask command does.
func asked(t *testing.T, library *policy.Library, question string) ask.Answer {
	t.Helper()
	known, mistakes := parts.Know("")
	if len(mistakes) > 0 {
		t.Fatal(mistakes)
	}
	if library == nil {
		library = policy.New(known.Lexicon)
	}
	a, err := known.Ask.Answer(ask.Question{Text: question, Library: library, Today: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// list reads one file of requirements: tab-separated, # begins a comment.
func list(t *testing.T, name string) (rows [][]string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "requirements", name))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if row := strings.Split(strings.TrimSpace(line), "\t"); len(row) > 2 && !strings.HasPrefix(line, "#") {
			rows = append(rows, row)
		}
	}
	if len(rows) < 20 {
		t.Fatalf("%s holds only %d lines", name, len(rows))
	}
	return rows
}

// holds counts the lines that are kept, and shows the others.
func holds(t *testing.T, rows [][]string, kept func(row []string) (bool, string)) {
	t.Helper()
	good := 0
	for _, row := range rows {
		ok, said := kept(row)
		if ok {
			good++
			continue
		}
		t.Logf("%s %q is answered with\n%s", row[0], row[1], said)
	}
	if share := float64(good) / float64(len(rows)); share < enough {
		t.Errorf("%d of %d are answered (%.3f)", good, len(rows), share)
	}
}

func TestRequirementsOnSharingAreAnswered(t *testing.T) {
	if racing.On {
		t.Skip("a long walk, one turn after the other: go test without -race")
	}
	holds(t, list(t, "sharing.tsv"), func(row []string) (bool, string) {
		a := asked(t, nil, row[1])
		return a.Answered && a.Kind == ask.Share && strings.Contains(strings.ToLower(a.Text), strings.ToLower(row[2])), a.Text
	})
}

func TestRequirementsOnWordsAreAnswered(t *testing.T) {
	if racing.On {
		t.Skip("a long walk, one turn after the other: go test without -race")
	}
	holds(t, list(t, "words.tsv"), func(row []string) (bool, string) {
		a := asked(t, nil, row[1])
		return a.Answered && strings.Contains(strings.ToLower(a.Text), strings.ToLower(row[2])), a.Text
	})
}

// The lines of the policies that the requirements came from are found by questions in other words.
func TestRequirementsOnPoliciesAreQuoted(t *testing.T) {
	if racing.On {
		t.Skip("a long walk, one turn after the other: go test without -race")
	}
	files, err := filepath.Glob("../shared/seeds/*.txt")
	if err != nil || len(files) == 0 {
		t.Skip("the documents that the requirements came from are not here")
	}
	lines, docs := map[string][]string{}, []policy.Document{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := policy.Read(filepath.Base(file), text)
		if err != nil {
			t.Fatal(err)
		}
		docs = append(docs, doc)
		lines[filepath.Base(file)[:3]] = strings.Split(string(text), "\n")
	}
	known, _ := parts.Know("")
	library := policy.New(known.Lexicon, docs...)
	holds(t, list(t, "policies.tsv"), func(row []string) (bool, string) {
		n, err := strconv.Atoi(row[3])
		if err != nil {
			t.Fatal(err)
		}
		a := asked(t, library, row[1])
		said := ""
		for _, q := range a.Quotes {
			said += q.Passage + "\n"
			if strings.HasPrefix(q.Source, row[2]) && same(q.Passage, lines[row[2]][n-1]) {
				return true, ""
			}
		}
		return false, said
	})
}

// same says whether one text holds nearly all words of the other.
func same(passage, line string) bool {
	words := func(s string) map[string]bool {
		set := map[string]bool{}
		for _, w := range strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
			set[w] = true
		}
		return set
	}
	a, b := words(passage), words(line)
	both := 0
	for w := range a {
		if b[w] {
			both++
		}
	}
	least := min(len(a), len(b))
	return least > 0 && float64(both)/float64(least) > 0.8
}
