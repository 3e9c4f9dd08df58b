package registers

import (
	"strings"
	"testing"
	"testing/fstest"
)

func TestTheContentIsWholeAndPlain(t *testing.T) {
	c := Default()
	for _, r := range c.Registers {
		if len(c.SourcesOf(r)) == 0 {
			t.Errorf("%s has no source", r.ID)
		}
		texts := []string{r.About}
		for _, f := range r.Fields() {
			texts = append(texts, f.Label, f.Hint, f.Why)
			if strings.HasSuffix(f.Hint, ".") {
				t.Errorf("%s, %s: a hint ends without a full stop", r.ID, f.ID)
			}
		}
		for _, text := range texts {
			for sentence := range strings.SplitSeq(text, ". ") {
				if n := len(strings.Fields(sentence)); n > 20 {
					t.Errorf("%s: a sentence has %d words: %s", r.ID, n, sentence)
				}
			}
		}
	}
}

// What the record of processing must hold is listed in Article 30(1)(b) to (g). The
// name of the controller (a) is in the organisation's settings.
func TestTheRecordOfProcessingHoldsWhatArticle30AsksFor(t *testing.T) {
	r, _ := Default().Register("processing")
	for _, id := range []string{"purpose", "subjects", "data", "recipients", "abroad", "keep", "security"} {
		if _, there := r.Field(id); !there {
			t.Errorf("there is no field %q", id)
		}
	}
}

func TestEveryMistakeIsToldWithItsPlace(t *testing.T) {
	sources := "- {id: a, title: A, checked: \"2026-11-22\"}\n"
	line := func(more string) string {
		return "- {id: x, title: X, form: X, prefix: XX, about: A, name: what, sources: [a], " + more + "}\n"
	}
	pages := "pages: [{id: p, title: P, fields: [{id: what, kind: text, label: L, why: W}]}]"
	for name, tc := range map[string]struct{ content, says string }{
		"an unknown source":   {"- {id: x, title: X, form: X, prefix: XX, about: A, name: what, sources: [b], " + pages + "}", `no source "b"`},
		"the same prefix":     {line(pages) + line(pages), "twice"},
		"no such kind":        {line(strings.Replace(pages, "text", "txt", 1)), `no kind "txt"`},
		"a back that is text": {line(pages + ", back: what"), "which is a text"},
		"a name not there":    {strings.Replace(line(pages), "name: what", "name: whot", 1), `did you mean "what"?`},
		"a label too long":    {line(strings.Replace(pages, "label: L", "label: "+strings.Repeat("l", 46), 1)), "45 fit"},
		"a choice of none":    {line(strings.Replace(pages, "kind: text", "kind: one", 1)), "options belong"},
		"an unknown key":      {line("lable: x, " + pages), "lable"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Load(fstest.MapFS{"registers.yaml": {Data: []byte(tc.content)}, "sources.yaml": {Data: []byte(sources)}})
			if err == nil || !strings.Contains(err.Error(), tc.says) {
				t.Errorf("got %v, want %q", err, tc.says)
			}
		})
	}
}
