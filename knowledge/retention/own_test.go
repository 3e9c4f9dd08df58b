package retention

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
)

// Each of the program's own records has a time, a reason and a source, in short sentences.
func TestEachOfOurOwnRecordsHasATimeAndAReason(t *testing.T) {
	list, err := LoadOwn(Files())
	if err != nil || len(list) != len(ownKinds) {
		t.Fatalf("%d kinds, %v", len(list), err)
	}
	for _, o := range list {
		for sentence := range strings.SplitSeq(strings.TrimRight(o.Label+". "+o.Why, "."), ". ") {
			if n := len(strings.Fields(sentence)); n > 20 {
				t.Errorf("%s: %d words: %s", o.ID, n, sentence)
			}
		}
	}
}

func TestMistakesInOurOwnTimesAreExplained(t *testing.T) {
	sources, err := fs.ReadFile(Files(), "sources.yaml")
	if err != nil {
		t.Fatal(err)
	}
	ours, err := fs.ReadFile(Files(), "own.yaml")
	if err != nil {
		t.Fatal(err)
	}
	const more = ", label: a, from: b, why: c., sources: [ukgdpr-5]}\n"
	for name, c := range map[string]struct{ text, want string }{
		"a kind that is misspelt": {string(ours) + "- {id: breech, months: 12" + more, `no kind "breech"; did you mean "breach"`},
		"a kind twice":            {string(ours) + "- {id: breach, months: 12" + more, "twice"},
		"no time":                 {strings.Replace(string(ours), "months: 900", "months: 0", 1), "0 months"},
		"a slip of the hand":      {strings.Replace(string(ours), "months: 900", "months: 90000", 1), "90000 months"},
		"a kind left out":         {"- {id: breach, months: 72" + more, `how long "near-miss" is kept`},
		"no reason":               {strings.Replace(string(ours), "why: It names nobody", "why: \"\" # ", 1), "needs a label"},
		"an unknown source":       {strings.Replace(string(ours), "sources: [ukgdpr-33,", "sources: [ukgdpr-3,", 1), "needs known sources"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := LoadOwn(fstest.MapFS{"own.yaml": {Data: []byte(c.text)}, "sources.yaml": {Data: sources}})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("it says %v, want %q", err, c.want)
			}
		})
	}
}
