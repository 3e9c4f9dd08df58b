package policy

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The measuring and fitting tools read policies and reference questions from outside.
var (
	policiesDir = flag.String("policies", "", "folder with the policies to measure and fit on")
	caseFiles   = flag.String("cases", "", "files with reference questions, separated by commas")
	showMisses  = flag.Bool("misses", false, "print each question that falls short")
)

// reference is one question with the words that its answer must hold.
type reference struct {
	ID       string `json:"id"`
	Question string `json:"question"`
	File     string `json:"expected_seed_file"`
	Snippet  string `json:"expected_passage_snippet"`
	InScope  bool   `json:"in_scope"`
}

func references(t testing.TB, files string) (list []reference) {
	t.Helper()
	for _, name := range strings.Split(files, ",") {
		file, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		for lines := bufio.NewScanner(file); lines.Scan(); {
			var r reference
			if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			list = append(list, r)
		}
		file.Close()
	}
	return list
}

func readFolder(t testing.TB, dir string) (docs []Document) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if !CanRead(name) {
			continue
		}
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := Read(name, data)
		if err != nil {
			t.Fatal(err)
		}
		docs = append(docs, doc)
	}
	return docs
}

// alike makes two spellings of the same words equal.
func alike(text string) string {
	return strings.Join(strings.Fields(strings.ToLower(strings.NewReplacer("’", "'", "‘", "'", "–", "-", "—", "-", "\u00a0", " ").Replace(text))), " ")
}

func (r reference) answeredBy(quote string) bool {
	return r.Snippet != "" && strings.Contains(alike(quote), alike(r.Snippet))
}

// measured counts how a library does on reference questions.
type measured struct{ in, first, third, declinedIn, out, declinedOut int }

func (m measured) String() string {
	share := func(n, of int) float64 { return float64(n) / float64(max(of, 1)) }
	return fmt.Sprintf("first %.3f, in three %.3f, declined in scope %.3f of %d, out of scope %.3f of %d",
		share(m.first, m.in), share(m.third, m.in), share(m.declinedIn, m.in), m.in, share(m.declinedOut, m.out), m.out)
}

func measure(t testing.TB, l *Library, list []reference) (m measured) {
	t.Helper()
	for _, r := range list {
		found := l.Search(r.Question, 3)
		if !r.InScope {
			m.out++
			if !found.Answered {
				m.declinedOut++
			} else if *showMisses {
				t.Logf("%s %q is answered: %.2f %s", r.ID, r.Question, found.Sure, found.Hits[0].Quote)
			}
			continue
		}
		m.in++
		rank := 0
		for i, h := range found.Hits {
			if rank == 0 && r.answeredBy(h.Quote) {
				rank = i + 1
			}
		}
		if rank == 1 {
			m.first++
		}
		if rank > 0 {
			m.third++
		}
		if !found.Answered {
			m.declinedIn++
		}
		if *showMisses && rank != 1 {
			got := ""
			if len(found.Hits) > 0 {
				got = found.Hits[0].Quote
			}
			t.Logf("%s rank %d sure %.2f: %s\n   want %s\n   got  %.150q", r.ID, rank, found.Sure, r.Question, r.Snippet, got)
		}
	}
	return m
}

func TestMeasure(t *testing.T) {
	if *policiesDir == "" {
		t.Skip("give -policies and -cases")
	}
	l := New(lexicon(t), readFolder(t, *policiesDir)...)
	for _, name := range strings.Split(*caseFiles, ",") {
		t.Logf("%s: %v", filepath.Base(name), measure(t, l, references(t, name)))
	}
}
