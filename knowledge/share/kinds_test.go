package share

import (
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// Each kind of plain question is understood in many words, and not one sentence: nobody gets
// an answer that an honest adviser could not give, and most get the best one.
func TestEachKindOfPlainQuestionIsUnderstoodInManyWords(t *testing.T) {
	text, err := os.ReadFile("../../testdata/share/kinds.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var kinds []struct {
		Kind, Want, Said string
		Also             []string
	}
	if err := yaml.Unmarshal(text, &kinds); err != nil {
		t.Fatal(err)
	}
	b, best, all := book(t), 0, 0
	for _, k := range kinds {
		for said := range strings.Lines(k.Said) {
			said = strings.TrimSpace(said)
			a := b.Decide(b.lexicon.read(said).Facts) // by the rules alone: these sentences are precedents too
			all++
			switch got := string(a.Decision); {
			case got == k.Want:
				best++
			case !slices.Contains(k.Also, got):
				t.Errorf("%s: %q is answered %s by rule %s, want %s", k.Kind, said, got, a.Rule, k.Want)
			}
		}
	}
	if share := float64(best) / float64(all); all < 350 || share < 0.85 {
		t.Errorf("%d of %d have the best answer (%.3f)", best, all, share)
	}
}

// What a rule says of the LADO, of barring or of parental responsibility is another in another
// nation, and the answer says so.
func TestAnAnswerNamesWhatIsAnotherInAnotherNation(t *testing.T) {
	b := book(t)
	for _, c := range []struct {
		facts Facts
		says  []string
	}{
		{Facts{Danger: "no", Harm: "staff", About: "child"}, []string{"Scotland has no LADO", "In Wales", "Northern Ireland has no LADO"}},
		{Facts{Danger: "no", Harm: "none", Recipient: "dbs"}, []string{"Disclosure Scotland", "AccessNI"}},
		{Facts{Danger: "no", Harm: "neglect", About: "child"}, []string{"social work team", "Gateway team"}},
		{Facts{Danger: "no", Harm: "none", Recipient: "separated_parent"}, []string{"1 December 2003", "4 May 2006", "15 April 2002"}},
	} {
		a := b.Decide(c.facts)
		for _, want := range c.says {
			if !strings.Contains(strings.Join(a.Parts.Ask, " "), want) {
				t.Errorf("rule %s for %v does not say %q: %q", a.Rule, a.Nation, want, a.Parts.Ask)
			}
		}
	}
	names, err := fs.Glob(Files(), "rules/*.yaml")
	if err != nil || len(names) == 0 {
		t.Fatalf("no rules: %v", err)
	}
	for _, name := range names {
		text, err := fs.ReadFile(Files(), name)
		if err != nil {
			t.Fatal(err)
		}
		if rules, nations := strings.Count(string(text), "- id: "), strings.Count(string(text), "\n  nation: "); rules != nations {
			t.Errorf("%s: %d rules, and %d say for which nation", name, rules, nations)
		}
	}
	for _, rule := range b.texts {
		if first := rule.parts.Do; slices.Contains(rule.Nation, "uk") && (strings.Contains(first, "LADO") || strings.Contains(first, "MASH") || strings.Contains(first, "DBS")) {
			t.Errorf("rule %s sends people to an office of one nation, and says uk: %s", rule.ID, first)
		}
	}
}
