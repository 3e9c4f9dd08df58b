package share

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"shareright/knowledge"
	"shareright/knowledge/share/phrase"
)

// What the rules leave open is answered as the questions most like it, and says so.
func TestAnOpenQuestionIsAnsweredAsThoseMostLikeIt(t *testing.T) {
	b := book(t)
	followed := 0
	for _, said := range b.precedents.said {
		r := b.Read(said)
		a := b.Decide(r.Facts)
		if a.Like == "" {
			continue
		}
		followed++
		if !a.Provisional {
			t.Errorf("%q is settled by the rules, and follows %q", said, a.Like)
		}
		if _, known := b.precedents.of[a.Like]; !known {
			t.Errorf("%q follows %q, which is no precedent", said, a.Like)
		}
		if again := b.Decide(b.Read(said).Facts); again.Like != a.Like || again.Rule != a.Rule {
			t.Errorf("%q is answered by %s and then by %s", said, a.Rule, again.Rule)
		}
		if r.Facts.Like = ""; b.Decide(r.Facts).Rule == a.Rule {
			t.Errorf("%q follows %q to the same rule", said, a.Like)
		}
	}
	if followed < 100 {
		t.Errorf("only %d questions follow another one", followed)
	}
}

// No precedent ever holds back help: whatever is learnt of a question, danger is answered by
// the rules, a worry about harm is not turned away, and what the rules settle stays settled.
func TestNoPrecedentHoldsBackHelp(t *testing.T) {
	b := book(t)
	for i, rule := range b.precedents.rules {
		said, text := b.precedents.said[i], b.texts[rule]
		for _, f := range []Facts{
			{Danger: "now"}, {Danger: "civil"}, {Danger: "now", Harm: "suicide"}, {Harm: "neglect", About: "child"},
			{Harm: "sexual", About: "child", Recipient: "police"}, {Harm: "domestic"}, {Harm: "worry"}, {},
		} {
			alone := b.Decide(f)
			f.Like, f.Instead = said, alone.Rule
			a := b.Decide(f)
			switch {
			case (f.Danger != "" || !alone.Provisional) && a.Rule != alone.Rule:
				t.Errorf("%+v is answered by %s, as %q", f, a.Rule, said)
			case text.Decision == DoNotShare && !a.StillReport && f.Harm != "" && a.Rule == text.ID && a.Rule != alone.Rule:
				t.Errorf("%+v is turned away by %s, as %q", f, a.Rule, said)
			case alone.Decision == ShareNow && a.Decision == DoNotShare:
				t.Errorf("%+v is refused by %s, as %q", f, a.Rule, said)
			}
		}
	}
}

// A precedent stands in for one rule only: when an answer changes which rule holds, it falls away.
func TestAPrecedentFallsAwayWhenMoreIsKnown(t *testing.T) {
	b := book(t)
	f := Facts{Recipient: "landlord"}
	f.Instead, f.Like = b.Decide(f).Rule, "she wants to know who told the social workers about her kids"
	if a := b.Decide(f); a.Rule != "reporter-named" || a.Like == "" {
		t.Fatalf("answered by %s, like %q", a.Rule, a.Like)
	}
	f.Consent = "given"
	if a := b.Decide(f); a.Rule != "relative-consent" || a.Like != "" {
		t.Errorf("with consent answered by %s, like %q", a.Rule, a.Like)
	}
	f.Consent, f.Like = "", "a question of an earlier release"
	if a := b.Decide(f); a.Rule != f.Instead || a.Like != "" {
		t.Errorf("an unknown precedent leads to %s", a.Rule)
	}
}

// An organisation adds questions of its own, and a slip in the name of a rule is explained.
func TestAnOrganisationAddsPrecedents(t *testing.T) {
	own := t.TempDir()
	write := func(text string) {
		if err := os.WriteFile(filepath.Join(own, "extra-precedents.yaml"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	const question = "the wassail committee fancies a copy of the apple register"
	write("- rule: reporter-namd\n  said: |\n    wassail committee fancies our apple register\n")
	if _, err := Load(knowledge.Over(os.DirFS(own), Files())); err == nil || !strings.Contains(err.Error(), "reporter-named") {
		t.Fatalf("a rule that is not there: %v", err)
	}
	write("- rule: reporter-named\n  said: |\n    wassail committee fancies our apple register\n")
	b, err := Load(knowledge.Over(os.DirFS(own), Files()))
	if err != nil {
		t.Fatal(err)
	}
	if a := b.Decide(b.Read(question).Facts); a.Rule != "reporter-named" || a.Like != "wassail committee fancies our apple register" {
		t.Errorf("answered by %s, like %q", a.Rule, a.Like)
	}
}

// Each rule that our precedents name is there, and no question stands under two.
func TestThePrecedentsNameRulesThatAreThere(t *testing.T) {
	var list []written
	if err := knowledge.ReadOne(Files(), precedentsFile, &list); err != nil {
		t.Fatal(err)
	}
	b, seen := book(t), map[string]string{}
	for _, w := range list {
		if !slices.ContainsFunc(b.texts, func(r ruleText) bool { return r.ID == w.Rule }) {
			t.Errorf("there is no rule %q", w.Rule)
		}
		for said := range strings.Lines(w.Said) {
			said = strings.TrimSpace(said)
			if before, twice := seen[said]; twice {
				t.Errorf("%q stands under %s and %s", said, before, w.Rule)
			}
			seen[said] = w.Rule
		}
	}
	if len(seen) < 2000 {
		t.Errorf("only %d questions", len(seen))
	}
}

func TestTheNearestTextsComeFirst(t *testing.T) {
	texts := []string{"the landlord wants her address", "the doctor wants his notes", "nothing like it at all"}
	l := compare(texts)
	for i, text := range texts {
		near := l.nearest(phrase.Stemmer()(text), 2)
		if len(near) == 0 || near[0].at != i || near[0].alike < 0.5 {
			t.Errorf("%q is nearest to %v", text, near)
		}
	}
	if near := l.nearest([]string{"zebra"}, 2); len(near) > 0 {
		t.Errorf("a word that none of them has is near %v", near)
	}
}

func BenchmarkNearest(b *testing.B) {
	book, err := Default()
	if err != nil {
		b.Fatal(err)
	}
	stems := strings.Fields("the landlord of one of our famili want to know if she still come here")
	l := book.precedents.index()
	for b.Loop() {
		l.nearest(stems, mostNear)
	}
}

// An answer that rests on an order, on consent or on a contract is no example for somebody who
// has told of none.
func TestWhatRestsOnATitleIsNoExampleForThoseWithoutOne(t *testing.T) {
	b := book(t)
	a := b.Decide(b.Read("contract's going to a new provider, council says hand over the live clients' files").Facts)
	if strings.Contains(a.Rule, "order") {
		t.Errorf("answered by %s, like %q", a.Rule, a.Like)
	}
	for _, said := range b.precedents.said {
		r := b.Read(said)
		a := b.Decide(r.Facts)
		if a.Like != "" && !b.entitled(r.Facts, b.precedents.rules[b.precedents.of[a.Like]]) {
			t.Errorf("%q follows %q to %s", said, a.Like, a.Rule)
		}
	}
}
