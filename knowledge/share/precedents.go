package share

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"shareright/knowledge"
	"shareright/knowledge/share/phrase"
)

// How precedents are weighed against the rules. Found by trying values on questions of
// authors whose other questions were no precedents; see testdata/cases/README.md.
const (
	mostNear   = 15   // how many precedents have a say
	ruleSays   = 0.4  // what the decision of the rules counts, beside all precedents together
	leastAlike = 0.25 // how much alike the nearest must be for any to have a say; 1 is the same words
	mostSay    = 0.6  // how many of their votes a decision needs
	knowsWell  = 3    // a rule of so many conditions knows a question better than any likeness
	smallDoubt = 0.15 // with fewer precedents that speak of harm, one read from the words may be none
)

// precedentsFile holds the precedents, and an organisation's own lie beside it.
const precedentsFile = "precedents.yaml"

// written is a rule and questions that it answers, one a line, as the content has them.
type written struct {
	Rule string `yaml:"rule"`
	Said string `yaml:"said"`
}

// precedents are questions that people typed, each with the rule that answers it best. Where
// the facts leave an answer open, a new question is answered as those most like it.
type precedents struct {
	said  []string
	rules []int // by precedent: index of its rule
	of    map[string]int
	index func() *likeness
}

// readPrecedents reads the questions of both files. A rule that an organisation has taken out
// takes its questions with it; its own may name no rule that is not there.
func readPrecedents(files fs.FS, texts []ruleText) (*precedents, error) {
	at, ids := map[string]int{}, make([]string, len(texts))
	for i, t := range texts {
		at[t.ID], ids[i] = i, t.ID
	}
	p := &precedents{of: map[string]int{}}
	for _, name := range []string{precedentsFile, knowledge.ExtraFor(precedentsFile)} {
		own := name != precedentsFile
		if own && !exists(files, name) {
			continue
		}
		var list []written
		if err := knowledge.ReadOne(files, name, &list); err != nil {
			return nil, err
		}
		for i, w := range list {
			rule, known := at[w.Rule]
			if !known && own {
				return nil, fmt.Errorf("%s: there is no rule %q%s%s", name, w.Rule, knowledge.DidYouMean(w.Rule, ids), knowledge.Excerpt(files, name, fmt.Sprintf("$[%d].rule", i)))
			}
			if known {
				p.add(rule, w.Said)
			}
		}
	}
	p.index = sync.OnceValue(func() *likeness { return compare(p.said) })
	return p, nil
}

// add notes questions under a rule. Of the same question twice the later one counts.
func (p *precedents) add(rule int, lines string) {
	for line := range strings.Lines(lines) {
		said := strings.TrimSpace(line)
		if said == "" {
			continue
		}
		if i, twice := p.of[said]; twice {
			p.rules[i] = rule
			continue
		}
		p.of[said] = len(p.said)
		p.said, p.rules = append(p.said, said), append(p.rules, rule)
	}
}

// liken notes in the facts which precedent stands in for the answer of the rules, if one does.
func (b *Book) liken(r *Reading) {
	v := b.rules.Decide(&r.Facts)
	rule := &b.texts[v.Rule]
	if len(v.Missing) == 0 || len(rule.When) >= knowsWell || rule.StillReport || len(b.precedents.said) == 0 {
		return // the rules know enough
	}
	stems := make([]string, len(r.text.Words))
	for i, w := range r.text.Words {
		stems[i] = phrase.Stem(w.Norm)
	}
	said, ok := b.outvoted(r.Facts, v.Rule, stems)
	if !ok {
		return
	}
	likened := r.Facts
	likened.Like, likened.Instead = said, b.texts[v.Rule].ID
	if _, holds := b.precedent(likened, v); holds {
		r.Facts = likened
	}
}

// outvoted lets the nearest precedents vote with the rules on the decision. Where another one
// wins, it is the nearest precedent of the rule that most of them speak for.
func (b *Book) outvoted(f Facts, rule int, stems []string) (said string, won bool) {
	p := b.precedents
	near := slices.DeleteFunc(p.index().nearest(stems, mostNear), func(n neighbour) bool { return !b.entitled(f, p.rules[n.at]) })
	if len(near) == 0 || near[0].alike < leastAlike {
		return "", false
	}
	var all float64
	byRule, byDecision := map[int]float64{}, map[Decision]float64{}
	for _, n := range near {
		vote := n.alike * n.alike
		all += vote
		byRule[p.rules[n.at]] += vote
		byDecision[b.texts[p.rules[n.at]].Decision] += vote
	}
	ours := b.texts[rule].Decision
	best, most := ours, byDecision[ours]/all+ruleSays
	for _, d := range decisions {
		if share := byDecision[Decision(d)] / all; share > most {
			best, most = Decision(d), share
		}
	}
	if best == ours || most < mostSay || ours == ShareNow && byDecision[ShareNow]/all > smallDoubt {
		return "", false
	}
	var chosen neighbour
	for _, n := range near {
		r := p.rules[n.at]
		if b.texts[r].Decision == best && byRule[r] > chosen.alike {
			chosen = neighbour{at: n.at, alike: byRule[r]}
		}
	}
	return p.said[chosen.at], true
}

// titles are facts that give somebody a right. What rests on one is no example for those who have not told of it.
var titles = []string{"order", "consent", "verified", "agreement", "parental"}

// entitled says whether what a rule rests on is known of a question.
func (b *Book) entitled(f Facts, rule int) bool {
	for _, fact := range titles {
		asked := b.texts[rule].When[fact]
		if (slices.Contains(asked, "yes") || slices.Contains(asked, "given")) && !slices.Contains(asked, f.Get(fact)) {
			return false
		}
	}
	return true
}

// precedent is the rule of the precedent that these facts name, where it may stand in for
// what the rules decided: their answer is still open, is that of the same rule as when the
// question was read, nobody is in danger, and no worry about harm is turned away by it.
func (b *Book) precedent(f Facts, v knowledge.Verdict) (rule int, stands bool) {
	if f.Like == "" || len(v.Missing) == 0 || b.texts[v.Rule].ID != f.Instead || f.Danger == "now" || f.Danger == "civil" {
		return 0, false
	}
	i, known := b.precedents.of[f.Like]
	if !known {
		return 0, false // of an earlier release
	}
	rule = b.precedents.rules[i]
	refuses := b.texts[rule].Decision == DoNotShare
	if refuses && b.texts[v.Rule].Decision == ShareNow {
		return 0, false
	}
	if refuses && f.Harm != "" && f.Harm != "none" && !b.texts[rule].StillReport {
		return 0, false
	}
	return rule, true
}
