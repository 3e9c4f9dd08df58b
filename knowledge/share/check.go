package share

import (
	"errors"
	"fmt"
	"slices"

	"shareright/knowledge"
)

// Check proves what the rule book must hold, over every combination of facts: each ends in
// an outcome; no rule is idle; danger to somebody always ends in sharing now; and where
// somebody may come to harm, no answer ends without sending the worry to those who can help.
// And every phrase of the lexicon can be found in some text.
func (b *Book) Check() error {
	var problems []error
	if e, gap, err := b.rules.Gap(); err != nil {
		return err
	} else if gap {
		problems = append(problems, fmt.Errorf("no rule answers these facts: %s", e))
	}
	idle, err := b.rules.Unreachable()
	if err != nil {
		return err
	}
	for _, r := range idle {
		problems = append(problems, fmt.Errorf("%s: rule %q never holds, because rules before it take all its facts", r.File, r.ID))
	}
	never := func(claim string, where map[string][]string, bad func(ruleText) bool) error {
		rule, e, err := b.rules.Never(where, func(r knowledge.Rule) bool { return bad(b.text(r.ID)) })
		if err == nil && rule != nil {
			problems = append(problems, fmt.Errorf("%s: rule %q: %s, yet these facts lead there: %s", rule.File, rule.ID, claim, e))
		}
		return err
	}
	err = never("somebody in danger is always helped at once", map[string][]string{"danger": {"now", "civil"}},
		func(t ruleText) bool { return t.Decision != ShareNow || slices.Contains(t.Basis, "consent") })
	if err == nil {
		err = never("a worry about harm is never turned away", map[string][]string{"harm": b.harms()},
			func(t ruleText) bool { return t.Decision == DoNotShare && !t.StillReport })
	}
	for _, p := range b.lexicon.set.Dead() {
		problems = append(problems, fmt.Errorf("lexicon: no text can hold the phrase %q; try it as people would type it", p))
	}
	return errors.Join(append(problems, err)...)
}

func (b *Book) text(id string) ruleText {
	return b.texts[slices.IndexFunc(b.texts, func(t ruleText) bool { return t.ID == id })]
}

// harms are the values of "harm" that mean somebody may come to harm.
func (b *Book) harms() []string {
	return slices.DeleteFunc(b.questions["harm"].values(), func(v string) bool { return v == "none" })
}
