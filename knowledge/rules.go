package knowledge

import (
	"errors"
	"fmt"
	"math/bits"
	"slices"
)

// Limits of a book. They keep a decision free of allocation, and far above what people can review.
const (
	maxTerms  = 40 // facts in one book
	maxValues = 63 // values of one fact; the last bit of a word stands for "not known"
)

// Term is one fact that rules may ask about. Its place in the list of terms is its
// place in the order of asking.
type Term[F any] struct {
	Key    string
	Values []string
	Get    func(F) string // "" means not known yet
}

// Rule is one line of an ordered decision table: it holds when every condition holds.
type Rule struct {
	ID      string
	Outcome string              // two rules with the same outcome never make each other's facts worth asking
	When    map[string][]string // fact: any of these values
	File    string              // where it was read, for mistakes
	Index   int                 // its place in that file
}

// Verdict is what a book says about some facts.
type Verdict struct {
	Rule     int      // index of the first rule that holds on what is known; -1 when none does
	Missing  []string // facts not known that could still lead to another outcome, in asking order
	Next     []string // those of Missing that matter now; the others matter only after one of these
	Possible []string // outcomes that those facts could lead to, in the order of their rules
}

// Mistake is a condition that a rule cannot mean. Rules are written by people, so it
// says where, and what was probably meant.
type Mistake struct {
	File    string
	Index   int    // the rule's place in the file
	Rule    string // its id
	Key     string // the fact, "" when the mistake is elsewhere
	Problem string
}

// Error says which rule and what is wrong with it.
func (m Mistake) Error() string {
	return fmt.Sprintf("%s: rule %q: %s", m.File, m.Rule, m.Problem)
}

type condition struct {
	term int
	mask uint64
}

// Book is a compiled decision table. It is never changed, so any number of decisions
// may be made at once.
type Book[F any] struct {
	rules []Rule
	terms []Term[F]
	conds [][]condition
	index []map[string]uint64 // value to its bit, per term
}

// Compile turns rules into a book. It refuses a fact or a value that no term has, an
// id used twice and a rule whose condition lists nothing, all mistakes at once.
func Compile[F any](rules []Rule, terms []Term[F]) (*Book[F], error) {
	if len(terms) > maxTerms {
		return nil, fmt.Errorf("a book holds at most %d facts, not %d", maxTerms, len(terms))
	}
	b := &Book[F]{rules: rules, terms: terms}
	keys := make([]string, len(terms))
	for i, t := range terms {
		if len(t.Values) > maxValues {
			return nil, fmt.Errorf("fact %q has more than %d values", t.Key, maxValues)
		}
		keys[i] = t.Key
		values := make(map[string]uint64, len(t.Values))
		for j, v := range t.Values {
			values[v] = 1 << j
		}
		b.index = append(b.index, values)
	}
	var problems []error
	seen := map[string]bool{}
	for _, r := range rules {
		if seen[r.ID] {
			problems = append(problems, Mistake{r.File, r.Index, r.ID, "", "another rule has the same id"})
		}
		seen[r.ID] = true
		conds, mistakes := b.conditions(r, keys)
		b.conds = append(b.conds, conds)
		problems = append(problems, mistakes...)
	}
	return b, errors.Join(problems...)
}

// conditions reads the conditions of one rule, in asking order.
func (b *Book[F]) conditions(r Rule, keys []string) ([]condition, []error) {
	var conds []condition
	var problems []error
	wrong := func(key, format string, args ...any) {
		problems = append(problems, Mistake{r.File, r.Index, r.ID, key, fmt.Sprintf(format, args...)})
	}
	for key, values := range r.When {
		term := slices.Index(keys, key)
		if term < 0 {
			wrong(key, "there is no question %q%s", key, DidYouMean(key, keys))
			continue
		}
		if len(values) == 0 {
			wrong(key, "%q lists no value", key)
		}
		c := condition{term: term}
		for _, v := range values {
			bit, ok := b.index[term][v]
			if !ok {
				wrong(key, "%q is no answer to %q%s", v, key, DidYouMean(v, b.terms[term].Values))
			}
			c.mask |= bit
		}
		conds = append(conds, c)
	}
	slices.SortFunc(conds, func(x, y condition) int { return x.term - y.term })
	return conds, problems
}

// Rules are the rules of the book, in order. A Verdict's Rule is an index into them.
func (b *Book[F]) Rules() []Rule { return b.rules }

// Terms are the facts of the book, in asking order.
func (b *Book[F]) Terms() []Term[F] { return b.terms }

// Decide walks the rules in order. A rule holds when all its conditions are known to
// hold; it is passed over for good when one is contradicted; otherwise it is open, and
// what it still needs may lead elsewhere. A value that the term does not list counts
// as not known.
func (b *Book[F]) Decide(f F) Verdict {
	var state [maxTerms]uint64
	for i, t := range b.terms {
		if v := t.Get(f); v != "" {
			state[i] = b.index[i][v]
		}
	}
	return b.decide(&state)
}

func (b *Book[F]) decide(state *[maxTerms]uint64) Verdict {
	var open [96]int // the first open rules; more spill to the heap
	opened := open[:0]
	held := -1
	for i, conds := range b.conds {
		holds, out := true, false
		for _, c := range conds {
			switch known := state[c.term]; {
			case known == 0:
				holds = false
			case known&c.mask == 0:
				out = true
			}
			if out {
				break
			}
		}
		switch {
		case out:
		case holds:
			held = i
		default:
			opened = append(opened, i)
		}
		if held >= 0 {
			break
		}
	}
	return b.verdict(held, opened, state)
}

// verdict gathers what the open rules above the one that holds still need. Open rules
// with the same outcome cannot change it, whatever is learnt.
func (b *Book[F]) verdict(held int, opened []int, state *[maxTerms]uint64) Verdict {
	v := Verdict{Rule: held}
	var missing, next uint64
	for _, i := range opened {
		if held >= 0 && b.rules[i].Outcome == b.rules[held].Outcome {
			continue
		}
		first := true
		for _, c := range b.conds[i] {
			if state[c.term] != 0 {
				continue
			}
			missing |= 1 << c.term
			if first {
				next |= 1 << c.term
			}
			first = false
		}
		if !slices.Contains(v.Possible, b.rules[i].Outcome) {
			v.Possible = append(v.Possible, b.rules[i].Outcome)
		}
	}
	v.Missing, v.Next = b.keys(missing), b.keys(next)
	return v
}

func (b *Book[F]) keys(set uint64) []string {
	if set == 0 {
		return nil
	}
	list := make([]string, 0, bits.OnesCount64(set))
	for ; set != 0; set &= set - 1 {
		list = append(list, b.terms[bits.TrailingZeros64(set)].Key)
	}
	return list
}
