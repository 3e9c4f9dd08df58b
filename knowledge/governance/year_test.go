package governance

import (
	"strings"
	"testing"
	"testing/fstest"
)

func TestTheYearIsWholeAndPlain(t *testing.T) {
	y := DefaultYear()
	for _, item := range y.Items {
		if len(y.SourcesOf(item)) == 0 {
			t.Errorf("%s has no source", item.ID)
		}
		for _, text := range append([]string{item.Why, item.Evidence}, item.Do...) {
			for sentence := range strings.SplitSeq(text, ". ") {
				if n := len(strings.Fields(sentence)); n > 20 {
					t.Errorf("%s: a sentence has %d words: %s", item.ID, n, sentence)
				}
			}
		}
	}
}

// What an organisation's year must hold, as the documents and the law ask for it.
func TestTheYearHoldsWhatIsAskedFor(t *testing.T) {
	for _, id := range []string{"ico-fee", "policy-review", "board-report", "processing-record", "data-walk", "agreements", "dpia-reviews",
		"consents", "equipment", "backup", "moderators", "passwords", "devices", "complaints"} {
		if _, there := DefaultYear().Item(id); !there {
			t.Errorf("there is no item %q", id)
		}
	}
}

func TestEveryMistakeInTheYearIsTold(t *testing.T) {
	sources := "- {id: a, title: A, checked: \"2026-11-22\"}\n"
	good := `- {id: x, title: X, when: "every year from {start}", after: done, first: 10, owner: dp-lead, why: W, do: [D], evidence: E, sources: [a]}` + "\n"
	for name, tc := range map[string]struct{ from, to, says string }{
		"a role that is misspelt": {"dp-lead", "dp-leed", `did you mean "dp-lead"?`},
		"an unknown source":       {"[a]", "[b]", `no source "b"`},
		"a day far off":           {"first: 10", "first: 400", "1 to 366"},
		"counting from nothing":   {"after: done", "after: never", "done or fixed"},
		"done without a start":    {"every year from {start}", "0 9 7 9 *", "needs {start}"},
		"an unknown key":          {"why: W", "wy: W", "wy"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := LoadYear(fstest.MapFS{"year.yaml": {Data: []byte(strings.Replace(good, tc.from, tc.to, 1))}, "sources.yaml": {Data: []byte(sources)}})
			if err == nil || !strings.Contains(err.Error(), tc.says) {
				t.Errorf("got %v, want %q", err, tc.says)
			}
		})
	}
	if _, err := LoadYear(fstest.MapFS{"year.yaml": {Data: []byte(good + good)}, "sources.yaml": {Data: []byte(sources)}}); err == nil || !strings.Contains(err.Error(), "twice") {
		t.Errorf("the same id twice: %v", err)
	}
}
