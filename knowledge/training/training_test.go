package training

import (
	"strings"
	"testing"
	"testing/fstest"

	"shareright/knowledge/calendar"
)

func TestTheContentIsWhole(t *testing.T) {
	c, err := Load(content)
	if err != nil {
		t.Fatal(err)
	}
	for _, topic := range c.Topics {
		if len(c.SourcesOf(topic)) == 0 {
			t.Errorf("%s has no source", topic.ID)
		}
		for sentence := range strings.SplitSeq(topic.Why, ". ") {
			if n := len(strings.Fields(sentence)); n > 20 {
				t.Errorf("%s: a sentence has %d words: %s", topic.ID, n, sentence)
			}
		}
	}
}

func TestEveryMistakeIsToldWithItsTopic(t *testing.T) {
	sources := "- {id: a, title: A, checked: \"2026-11-22\"}\n"
	good := "- {id: x, label: X, why: Because, months: 12, sources: [a]}\n"
	for name, tc := range map[string]struct{ topics, says string }{
		"a role that is misspelt": {"- {id: y, label: Y, why: W, months: 1, roles: [trustees], sources: [a]}", `did you mean "trustee"?`},
		"an unknown source":       {"- {id: y, label: Y, why: W, months: 1, sources: [b]}", `there is no source "b"`},
		"the same id twice":       {"- {id: x, label: Y, why: W, months: 1, sources: [a]}", "stands there twice"},
		"no reason":               {"- {id: y, label: Y, months: 1, sources: [a]}", "it needs"},
		"too far apart":           {"- {id: y, label: Y, why: W, months: 61, sources: [a]}", "1 to 60"},
		"an unknown key":          {"- {id: y, lable: Y, why: W, months: 1, sources: [a]}", "lable"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Load(fstest.MapFS{"topics.yaml": {Data: []byte(good + tc.topics)}, "sources.yaml": {Data: []byte(sources)}})
			if err == nil || !strings.Contains(err.Error(), tc.says) {
				t.Errorf("got %v, want %q", err, tc.says)
			}
		})
	}
}

func TestMonthsEndWhereAMonthEnds(t *testing.T) {
	for done, tc := range map[string]struct {
		months int
		want   string
	}{
		"2027-01-31": {1, "2027-02-28"},
		"2028-02-29": {12, "2029-02-28"},
		"2026-11-23": {24, "2028-11-23"},
		"2026-08-31": {6, "2027-02-28"},
		"2026-12-01": {0, ""},
	} {
		d, err := calendar.ParseISO(done)
		if err != nil {
			t.Fatal(err)
		}
		if got := Next(d, tc.months).String(); got != tc.want {
			t.Errorf("%s and %d months: %s, want %s", done, tc.months, got, tc.want)
		}
	}
}
