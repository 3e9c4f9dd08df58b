package policy

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

// samples holds made-up policies in every format, and what is read from them.
const samples = "../../testdata/policy"

func TestReadKeepsHeadingsLeadInsAndRows(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(samples, "*.*"))
	if err != nil || len(files) < 3 {
		t.Fatalf("found %d samples, %v", len(files), err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, ".golden") {
			continue
		}
		t.Run(filepath.Base(file), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			doc, err := Read(file, data)
			if err != nil {
				t.Fatal(err)
			}
			got, err := json.MarshalIndent(doc, "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			golden := file + ".golden"
			if *update {
				if err := os.WriteFile(golden, append(got, '\n'), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)+"\n"); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestReadDOCX(t *testing.T) {
	doc, err := Read("leave.docx", docx(t, `<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t>Keeping records</w:t></w:r></w:p>
<w:p><w:r><w:t>Files are kept for two years.</w:t></w:r><w:del><w:r><w:t> Struck out.</w:t></w:r></w:del></w:p>
<w:p><w:pPr><w:numPr/></w:pPr><w:r><w:t>Lock them away</w:t></w:r></w:p>
<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Minutes</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>Permanently</w:t></w:r></w:p></w:tc></w:tr></w:tbl>`))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range doc.Passages {
		got = append(got, fmt.Sprintf("%s/%s/%s", p.Kind, p.Section, p.Text))
	}
	want := []string{"sentence/Keeping records/Files are kept for two years.", "bullet/Keeping records/Lock them away",
		"row/Keeping records/Minutes | Permanently"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func docx(t *testing.T, body string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(w, `<w:document xmlns:w="x"><w:body>%s</w:body></w:document>`, body)
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestReadPDF(t *testing.T) {
	page := fpdf.New("P", "mm", "A4", "")
	page.AddPage()
	page.SetFont("Helvetica", "", 12)
	for _, line := range []string{"Keeping files", "Family files are kept for one year after we stop visiting. They", "are then shredded."} {
		page.Cell(0, 6, line)
		page.Ln(8)
	}
	var b bytes.Buffer
	if err := page.Output(&b); err != nil {
		t.Fatal(err)
	}
	doc, err := Read("files.pdf", b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range doc.Passages {
		got = append(got, p.Section+"/"+p.Text)
	}
	want := []string{"Keeping files/Family files are kept for one year after we stop visiting.", "Keeping files/They are then shredded."}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestReadRefusesWhatItCannotRead(t *testing.T) {
	tests := map[string]struct {
		name string
		data []byte
		want error
	}{
		"a picture":                  {"scan.png", []byte("x"), ErrFormat},
		"an empty file":              {"empty.txt", nil, ErrNoText},
		"marks without words":        {"marks.md", []byte("---\n***\n"), ErrNoText},
		"a DOCX that is no archive":  {"bad.docx", []byte("not a zip"), errNotWord},
		"a PDF that is damaged":      {"bad.pdf", []byte("%PDF-1.4 nothing"), errLocked},
		"text beyond the limit":      {"big.txt", bytes.Repeat([]byte("word "), maxText/5+10), errTooMuch},
		"a DOCX that unpacks to GBs": {"bomb.docx", docx(t, "<w:p><w:r><w:t>"+strings.Repeat("a ", maxText)+"</w:t></w:r></w:p>"), errTooMuch},
		"a DOCX nested without end":  {"deep.docx", docx(t, strings.Repeat("<w:p>", 5000)), errNotWord},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if _, err := Read(test.name, test.data); !errors.Is(err, test.want) {
				t.Errorf("got %v, want %v", err, test.want)
			}
		})
	}
}

func TestNoPassageIsLongerThanMayBeQuoted(t *testing.T) {
	doc, err := Read("long.txt", []byte(strings.Repeat("several words without a full stop ", 200)))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range doc.Passages {
		if n := len([]rune(p.Text)); n > MaxQuote {
			t.Errorf("a passage has %d characters", n)
		}
	}
}

func TestDatesAreReadDayBeforeMonth(t *testing.T) {
	for text, want := range map[string]string{
		"Next review: May 2025": "2025-05", "Next review date 3/4/2025": "2025-04-03",
		"to be reviewed by 1st September 2026": "2026-09-01", "Review due: 2027-01-31": "2027-01-31",
		"Next review: soon": "", "Next review: 31/02/2025": "",
	} {
		if got := dateIn(nextReview, text); got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
}

func TestADocumentIsStaleOnceItsReviewHasPassed(t *testing.T) {
	day := func(s string) time.Time {
		d, err := time.Parse(time.DateOnly, s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	tests := map[string]struct {
		doc   Document
		today string
		want  bool
	}{
		"on the last day of the month it is not":   {Document{NextReview: "2025-05"}, "2025-05-31", false},
		"on the day after it is":                   {Document{NextReview: "2025-05"}, "2025-06-01", true},
		"edited less than two years ago it is not": {Document{LastEdited: "2024-06-01"}, "2026-06-01", false},
		"edited more than two years ago it is":     {Document{LastEdited: "2024-06-01"}, "2026-06-02", true},
		"without a date nobody can say":            {Document{}, "2026-06-02", false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := test.doc.Stale(day(test.today)); got != test.want {
				t.Errorf("got %v", got)
			}
		})
	}
}

func FuzzReadNeverFails(f *testing.F) {
	f.Add(".md", []byte("# A\n- b\n| c | d |\n"))
	f.Add(".html", []byte("<h1>A<table><tr><td>b<li>c"))
	f.Add(".txt", []byte("1.2 Head\n• x · y · z\nA | b |\n|\n"))
	f.Fuzz(func(t *testing.T, ending string, data []byte) {
		if ending != ".md" && ending != ".html" && ending != ".txt" {
			return
		}
		doc, err := Read("x"+ending, data)
		if err != nil {
			return
		}
		for _, p := range doc.Passages {
			if len([]rune(p.Text)) > MaxQuote || p.Text == "" {
				t.Errorf("passage of %d characters", len([]rune(p.Text)))
			}
		}
	})
}

// Markdown runs lines on that stand one under the other.
func TestWhatAPolicySaysOfItselfMayRunOn(t *testing.T) {
	for text, want := range map[string]Document{
		"Owner: Sam Reed\nLast reviewed: June 2024\nNext review: May 2025": {Owner: "Sam Reed", Reviewed: "2024-06", NextReview: "2025-05"},
		"Next review: May 2025\nLast reviewed: June 2024":                  {Reviewed: "2024-06", NextReview: "2025-05"},
		"Owner: the trustees, Version: 2.1":                                {Owner: "the trustees", Version: "2.1"},
		"Document owner: Updates team":                                     {Owner: "Updates team"},
		"Review date: 3 March 2027":                                        {NextReview: "2027-03-03"},
	} {
		doc, err := Read("a.md", []byte("# Rules\n\n"+text+"\n\nLock the door at night.\n"))
		if err != nil {
			t.Fatal(err)
		}
		got := Document{Owner: doc.Owner, Version: doc.Version, Reviewed: doc.Reviewed, NextReview: doc.NextReview}
		if got.Owner != want.Owner || got.Version != want.Version || got.Reviewed != want.Reviewed || got.NextReview != want.NextReview {
			t.Errorf("%q: got %+v", text, got)
		}
	}
}
