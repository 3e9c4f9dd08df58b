package policy

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

func lexicon(t testing.TB) *Lexicon {
	t.Helper()
	l, err := DefaultLexicon()
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// sampleLibrary holds the made-up policies of testdata.
func sampleLibrary(t testing.TB) *Library {
	t.Helper()
	var docs []Document
	for _, name := range []string{"retention.md", "devices.html", "copied.txt"} {
		data, err := os.ReadFile(filepath.Join(samples, name))
		if err != nil {
			t.Fatal(err)
		}
		doc, err := Read(name, data)
		if err != nil {
			t.Fatal(err)
		}
		docs = append(docs, doc)
	}
	return New(lexicon(t), docs...)
}

func TestSearchPutsThePassageFirstThatAnswers(t *testing.T) {
	l := sampleLibrary(t)
	tests := map[string]struct{ question, passage string }{
		"in the policy's own words":       {"how long are family files kept", "one year after we stop visiting"},
		"in words that the policy lacks":  {"committee meeting notes, hang on to them for ever?", "Board minutes | Permanently"},
		"with slips of the finger":        {"how long for accidnet bok", "Accident book | 12 years"},
		"with a brand of the same thing":  {"pen drive ok?", "Memory stick | Encrypt it always"},
		"about a time when a person left": {"personnel records after a worker leaves", "Staff files are kept for six years"},
		"about a picture":                 {"who says yes to a photo", "A parent agrees in writing"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			r := l.Search(test.question, 3)
			if len(r.Hits) == 0 || !strings.Contains(r.Hits[0].Quote, test.passage) {
				t.Errorf("%q: got %q", test.question, quotes(r))
			}
		})
	}
}

func quotes(r Result) (list []string) {
	for _, h := range r.Hits {
		list = append(list, h.Quote)
	}
	return list
}

func TestSearchDoesNotAnswerWhatNoDocumentTreats(t *testing.T) {
	l := sampleLibrary(t)
	for _, question := range []string{"who won the raffle", "what time do we open on sunday", "can you translate a letter",
		"do we pay VAT on hall hire", "qwertyuiop", "?", "", "   ", "مرحبا بالعالم"} {
		if r := l.Search(question, 3); r.Answered {
			t.Errorf("%q was answered with %.2f: %s", question, r.Sure, r.Hits[0].Quote)
		}
	}
}

func TestATopicIsAnsweredOnceADocumentTreatsIt(t *testing.T) {
	const question = "how much is the raffle licence"
	doc, err := Read("events.md", []byte("# Events\n\nA raffle licence costs £40 a year. The treasurer pays for it.\n"))
	if err != nil {
		t.Fatal(err)
	}
	if sampleLibrary(t).Search(question, 1).Answered {
		t.Error("answered before the policy was there")
	}
	if r := New(lexicon(t), doc).Search(question, 1); !r.Answered {
		t.Errorf("not answered by the policy: %.2f", r.Sure)
	}
}

func TestTheSameQuestionAlwaysGivesTheSameAnswer(t *testing.T) {
	first, second := sampleLibrary(t), sampleLibrary(t)
	for _, q := range []string{"how long do we keep files", "where does a laptop go", "can I share a photo of a child with a parent"} {
		if diff := cmp.Diff(first.Search(q, 5), second.Search(q, 5), cmpopts.IgnoreUnexported(Result{})); diff != "" {
			t.Errorf("%q: %s", q, diff)
		}
	}
}

func TestSearchTakesAnyText(t *testing.T) {
	l := sampleLibrary(t)
	rapid.Check(t, func(t *rapid.T) {
		r := l.Search(rapid.String().Draw(t, "question"), 3)
		for _, h := range r.Hits {
			if len([]rune(h.Quote)) > MaxQuote {
				t.Fatalf("a quote of %d characters", len([]rune(h.Quote)))
			}
		}
	})
}

func TestMistakesInContentAreAllToldWithTheNearestWord(t *testing.T) {
	files := fstest.MapFS{
		"words.yaml": {Data: []byte("source: own\nchecked: 2026-11-22\nlittle: a the\n")},
		"a.yaml": {Data: []byte("source: own\nchecked: 2026-11-22\ntopics:\n  - {id: photos, means: [photo]}\n" +
			"  - {id: photos, means: [film]}\n  - {id: empty}\n")},
		"b.yaml": {Data: []byte("source: own\nchecked: 2026-11-22\nquestions:\n  photo: [may we film]\n")},
		"c.yaml": {Data: []byte("topics: []\n")},
	}
	_, err := ReadLexicon(files)
	if err == nil {
		t.Fatal("no mistake was told")
	}
	for _, want := range []string{`topic "photos" is already in a.yaml`, `topic "empty" needs the words`,
		`no topic "photo"; did you mean "photos"`, "c.yaml: name the source"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not told in %v", want, err)
		}
	}
}

// bigLibrary repeats the samples under other words until it holds so many passages.
func bigLibrary(b *testing.B, passages int) []Document {
	b.Helper()
	base := sampleLibrary(b).Documents()
	var docs []Document
	for n, i := 0, 0; n < passages; i++ {
		d := base[i%len(base)]
		d.ID = fmt.Sprintf("%d-%s", i, d.ID)
		d.Passages = append([]Passage(nil), d.Passages...)
		for j := range d.Passages {
			d.Passages[j].Text += fmt.Sprintf(" Rule word%d of part%d applies to every record of the organisation.", i*7+j, i)
		}
		docs = append(docs, d)
		n += len(d.Passages)
	}
	return docs
}

func BenchmarkIndex(b *testing.B) {
	for _, n := range []int{500, 5000} {
		docs, l := bigLibrary(b, n), lexicon(b)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				New(l, docs...)
			}
		})
	}
}

func BenchmarkSearch(b *testing.B) {
	for _, n := range []int{500, 5000} {
		l := New(lexicon(b), bigLibrary(b, n)...)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				l.Search("how long do we keep the personel files of people who left", 3)
			}
		})
	}
}

func BenchmarkLexicon(b *testing.B) {
	for b.Loop() {
		lexicon(b)
	}
}
