package tool

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"
)

func TestWhetherAnAppCanBeUsed(t *testing.T) {
	b := Default()
	facts := func(text string) Facts {
		f := Facts{}
		for pair := range strings.FieldsSeq(text) {
			key, value, _ := strings.Cut(pair, "=")
			f[key] = value
		}
		return f
	}
	for about, tc := range map[string]struct {
		facts string
		want  Answer
	}{
		"a map of the hall":                          {"data=none people=team sees=anyone terms=unread settings=later where=unknown watch=no", Use},
		"bookings in a system under contract":        {"data=contact people=adults sees=us terms=business settings=done where=uk watch=no", Use},
		"bookings, settings not looked at":           {"data=contact people=adults sees=us terms=business settings=later where=uk watch=no", Settings},
		"a chat group of parents on a private phone": {"data=contact people=adults sees=members terms=personal settings=done where=elsewhere watch=no", Settings},
		"terms that nobody has read":                 {"data=contact people=adults sees=us terms=unread settings=done where=uk watch=no", Ask},
		"video calls with young people":              {"data=contact people=children sees=us terms=business settings=done where=uk watch=no", Settings},
		"an app that follows where children are":     {"data=contact people=children sees=us terms=business settings=done where=uk watch=yes", DPIA},
		"an AI that sums up case notes":              {"data=safeguarding people=adults sees=us terms=business settings=done where=uk watch=yes", DPIA},
		"an open sheet with allergies of children":   {"data=special people=children sees=anyone terms=business settings=done where=uk watch=no", DPIA},
		"case notes in a private account":            {"data=safeguarding people=adults sees=us terms=personal settings=done where=uk watch=no", Ask},
		"a case system under contract":               {"data=safeguarding people=adults sees=us terms=business settings=done where=uk watch=no", Settings},
		"a game about nothing personal that listens": {"data=none people=adults sees=us terms=business settings=done where=uk watch=yes", Ask},
		"nothing is known yet":                       {"", Ask},
	} {
		if got := b.Decide(facts(tc.facts)); got.Answer != tc.want {
			t.Errorf("%s: %s by %s, want %s", about, got.Answer, got.Rule, tc.want)
		}
	}
}

func TestWhatToSetAndToAcceptFollowsFromTheAnswers(t *testing.T) {
	a := Default().Decide(Facts{"data": "contact", "people": "children", "sees": "members", "terms": "personal", "settings": "later", "where": "uk", "watch": "no"})
	all := strings.Join(append(a.Do, a.Risks...), " ")
	for _, part := range []string{"age limit", "Tell people that others", "two people", "Members can copy", "belongs to one person"} {
		if !strings.Contains(all, part) {
			t.Errorf("%q is missing: %s", part, all)
		}
	}
	if !strings.Contains(a.Wording, "change your mind") || len(a.Sources) == 0 {
		t.Error("no wording or no source")
	}
}

func TestSentencesArePlain(t *testing.T) {
	b := Default()
	check := func(text string) {
		for sentence := range strings.SplitSeq(strings.ReplaceAll(text, "\n", " "), ". ") {
			if n := len(strings.Fields(sentence)); n > 20 {
				t.Errorf("a sentence has %d words: %s", n, sentence)
			}
		}
	}
	for _, q := range b.Questions {
		check(q.Label)
		check(q.Why)
		for _, c := range q.Answers {
			check(c.Set)
			check(c.Risk)
		}
	}
	for _, r := range b.texts {
		check(r.Why)
		for _, do := range r.Do {
			check(do)
		}
	}
	check(b.wording)
}

// A change that would say yes to what must be looked at is refused, with the facts that show it.
func TestAnUnsafeChangeIsRefused(t *testing.T) {
	rules, err := os.ReadFile("rules.yaml")
	if err != nil {
		t.Fatal(err)
	}
	sources, err := os.ReadFile("sources.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct{ from, to, says string }{
		"open sheets about children":  {"{data: [special, safeguarding], people: [children], sees: [anyone]}\n    answer: dpia", "{data: [special, safeguarding], people: [children], sees: [anyone]}\n    answer: use", "needs a DPIA"},
		"a plain yes for children":    {"{people: [children]}\n    answer: settings", "{people: [children]}\n    answer: use", "never a plain yes"},
		"a question that is misspelt": {"{watch: [\"yes\"]}", "{wach: [\"yes\"]}", `did you mean "watch"?`},
		"a rule that never holds":     {"  - id: watching\n", "  - {id: again, when: {data: [none], watch: [\"no\"]}, answer: use, why: W, sources: [art28]}\n  - id: watching\n", "never holds"},
	} {
		t.Run(name, func(t *testing.T) {
			changed := strings.Replace(string(rules), tc.from, tc.to, 1)
			if changed == string(rules) {
				t.Fatal("nothing was changed")
			}
			_, err := Load(fstest.MapFS{"rules.yaml": {Data: []byte(changed)}, "sources.yaml": {Data: sources}})
			if err == nil || !strings.Contains(err.Error(), tc.says) {
				t.Errorf("got %v, want %q", err, tc.says)
			}
		})
	}
}
