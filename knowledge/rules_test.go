package knowledge

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// door are the facts of a small book: may somebody come in?
type door struct{ who, hour, key string }

func doorTerms() []Term[door] {
	return []Term[door]{
		{Key: "who", Values: []string{"member", "stranger"}, Get: func(d door) string { return d.who }},
		{Key: "hour", Values: []string{"day", "night"}, Get: func(d door) string { return d.hour }},
		{Key: "key", Values: []string{"yes", "no"}, Get: func(d door) string { return d.key }},
	}
}

func doorRules() []Rule {
	return []Rule{
		{ID: "key", Outcome: "in", When: map[string][]string{"key": {"yes"}}},
		{ID: "night", Outcome: "out", When: map[string][]string{"hour": {"night"}}},
		{ID: "member", Outcome: "in", When: map[string][]string{"who": {"member"}}},
		{ID: "rest", Outcome: "out"},
	}
}

func compiled(t testing.TB, rules []Rule) *Book[door] {
	t.Helper()
	b, err := Compile(rules, doorTerms())
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestTheFirstRuleThatHoldsDecidesAndWhatCouldChangeItIsNamed(t *testing.T) {
	b := compiled(t, doorRules())
	for _, c := range []struct {
		known         door
		rule          string
		missing, next string
	}{
		{door{}, "rest", "who key", "who key"},          // night leads out as well, so the hour is not worth asking
		{door{who: "member"}, "member", "hour", "hour"}, // a key would also let them in
		{door{who: "member", hour: "day"}, "member", "", ""},
		{door{hour: "night"}, "night", "key", "key"},
		{door{key: "yes"}, "key", "", ""},
		{door{who: "stranger", hour: "day", key: "no"}, "rest", "", ""},
		{door{who: "a value nobody knows"}, "rest", "who key", "who key"},
	} {
		v := b.Decide(c.known)
		if got := b.Rules()[v.Rule].ID; got != c.rule || strings.Join(v.Missing, " ") != c.missing || strings.Join(v.Next, " ") != c.next {
			t.Errorf("%+v: rule %s, missing %v, next %v; want %s, %q, %q", c.known, got, v.Missing, v.Next, c.rule, c.missing, c.next)
		}
	}
}

func TestAMistakeInARuleSaysWhereAndWhatWasMeant(t *testing.T) {
	_, err := Compile([]Rule{
		{ID: "a", File: "rules.yaml", Index: 3, When: map[string][]string{"hur": {"day"}}},
		{ID: "a", File: "rules.yaml", Index: 4, When: map[string][]string{"hour": {"dy"}}},
		{ID: "c", File: "rules.yaml", Index: 5, When: map[string][]string{"key": {}}},
	}, doorTerms())
	for _, says := range []string{
		`rules.yaml: rule "a": there is no question "hur"; did you mean "hour"?`,
		`another rule has the same id`,
		`"dy" is no answer to "hour"; did you mean "day"?`,
		`rule "c": "key" lists no value`,
	} {
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("the mistakes leave out %s:\n%v", says, err)
		}
	}
	var m Mistake
	if !errors.As(err, &m) || m.Index != 3 || m.Key != "hur" {
		t.Errorf("the first mistake is %+v", m)
	}
}

func TestABookWithAGapNamesTheFacts(t *testing.T) {
	b := compiled(t, doorRules()[:3])
	e, gap, err := b.Gap()
	if err != nil || !gap || e["key"] == "yes" || e["hour"] == "night" || e["who"] == "member" {
		t.Errorf("gap %v at %s, %v", gap, e, err)
	}
	if _, gap, _ := compiled(t, doorRules()).Gap(); gap {
		t.Error("a complete book has a gap")
	}
}

func TestARuleThatOthersCoverIsFound(t *testing.T) {
	rules := slices.Insert(doorRules(), 3, Rule{ID: "member at day", Outcome: "in", When: map[string][]string{"who": {"member"}, "hour": {"day"}}})
	idle, err := compiled(t, rules).Unreachable()
	if err != nil || len(idle) != 1 || idle[0].ID != "member at day" {
		t.Errorf("%v, %v", idle, err)
	}
}

func TestAClaimThatDoesNotHoldIsShownWithFacts(t *testing.T) {
	b := compiled(t, doorRules())
	in := func(r Rule) bool { return r.Outcome == "in" }
	rule, e, err := b.Never(map[string][]string{"hour": {"night"}}, in)
	if err != nil || rule == nil || rule.ID != "key" || e["key"] != "yes" {
		t.Errorf("%v at %s, %v", rule, e, err)
	}
	rule, _, err = b.Never(map[string][]string{"hour": {"night"}, "key": {"no"}}, in)
	if err != nil || rule != nil {
		t.Errorf("nobody comes in at night without a key, yet %v, %v", rule, err)
	}
	if _, _, err := b.Never(map[string][]string{"hour": {"noon"}}, in); err == nil {
		t.Error("a claim about a value that is none was taken")
	}
}

func TestTooManyFactsAreRefused(t *testing.T) {
	terms := make([]Term[door], maxTerms+1)
	for i := range terms {
		terms[i] = Term[door]{Key: fmt.Sprint("fact ", i), Values: []string{"yes"}}
	}
	if _, err := Compile(nil, terms); err == nil {
		t.Error("taken")
	}
	if _, err := Compile(nil, []Term[door]{{Key: "fact", Values: make([]string, maxValues+1)}}); err == nil {
		t.Error("a fact with too many values was taken")
	}
}

// The proofs must say the same as trying every combination of facts, on any book.
func TestTheProofsAgreeWithTryingEverything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		terms := doorTerms()
		rules := make([]Rule, rapid.IntRange(1, 6).Draw(t, "rules"))
		for i := range rules {
			rules[i] = Rule{ID: fmt.Sprint(i), Outcome: rapid.SampledFrom([]string{"in", "out"}).Draw(t, "outcome"), When: map[string][]string{}}
			for _, term := range terms {
				if rapid.Bool().Draw(t, "condition") {
					rules[i].When[term.Key] = rapid.SliceOfNDistinct(rapid.SampledFrom(term.Values), 1, 2, rapid.ID[string]).Draw(t, "values")
				}
			}
		}
		b, err := Compile(rules, terms)
		if err != nil {
			t.Fatal(err)
		}
		first := map[int]bool{}
		for _, who := range []string{"", "member", "stranger"} {
			for _, hour := range []string{"", "day", "night"} {
				for _, key := range []string{"", "yes", "no"} {
					first[b.Decide(door{who, hour, key}).Rule] = true
				}
			}
		}
		if _, gap, _ := b.Gap(); gap != first[-1] {
			t.Fatalf("gap %v, by trying %v", gap, first[-1])
		}
		idle, _ := b.Unreachable()
		for i, r := range rules {
			if slices.ContainsFunc(idle, func(x Rule) bool { return x.ID == r.ID }) == first[i] {
				t.Fatalf("rule %s: reached %v, idle %v", r.ID, first[i], idle)
			}
		}
	})
}
