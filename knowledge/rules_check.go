package knowledge

import (
	"errors"
	"fmt"
	"math/bits"
	"slices"
	"strings"
)

// maxSteps bounds the search of one proof. A book of 150 rules needs a few thousand.
const maxSteps = 2_000_000

// ErrTooLarge says that a proof was given up, so nothing was proved either way.
var ErrTooLarge = errors.New("the rules are too tangled to check; use fewer conditions in a rule")

// Example is a set of facts by name that shows a weakness of a book. A fact that is
// absent may be anything, or not known.
type Example map[string]string

// String lists the facts by name.
func (e Example) String() string {
	if len(e) == 0 {
		return "nothing known"
	}
	parts := make([]string, 0, len(e))
	for k, v := range e {
		parts = append(parts, k+"="+v)
	}
	slices.Sort(parts)
	return strings.Join(parts, " ")
}

// The proofs below are exact. A rule's conditions make a box in the space of facts (one
// axis a fact, one more point on it for "not known", which no condition contains). The
// search takes a region, and cuts away the boxes of the earlier rules one by one: where a
// box covers part of the region, the rest falls into disjoint smaller regions, one a
// condition. It ends with a point that no earlier rule takes, or with nothing, and then
// there is none. No facts are sampled and no combination is left out.

type region [maxTerms]uint64

func (b *Book[F]) everything(partial bool) region {
	var r region
	for i, t := range b.terms {
		r[i] = 1<<len(t.Values) - 1
		if partial {
			r[i] |= 1 << len(t.Values)
		}
	}
	return r
}

// within cuts a region down to a rule's box. It reports whether anything is left.
func (r *region) within(conds []condition) bool {
	for _, c := range conds {
		if r[c.term] &= c.mask; r[c.term] == 0 {
			return false
		}
	}
	return true
}

type search struct {
	boxes [][]condition
	steps int
}

// escape finds a point of the region outside every box from the given one on.
func (s *search) escape(r region, from int) (region, bool) {
	for ; from < len(s.boxes); from++ {
		if s.steps++; s.steps > maxSteps {
			return r, false
		}
		meets := true
		for _, c := range s.boxes[from] {
			meets = meets && r[c.term]&c.mask != 0
		}
		if !meets {
			continue
		}
		for _, c := range s.boxes[from] {
			if outside := r[c.term] &^ c.mask; outside != 0 {
				part := r
				part[c.term] = outside
				if found, ok := s.escape(part, from+1); ok {
					return found, true
				}
			}
			r[c.term] &= c.mask
		}
		return r, false
	}
	return r, true
}

// first finds facts in the region for which rule n is the first that holds.
func (b *Book[F]) first(n int, r region) (Example, bool, error) {
	if n < len(b.conds) && !r.within(b.conds[n]) {
		return nil, false, nil
	}
	s := search{boxes: slices.Clone(b.conds[:n])}
	// Wide boxes first: they settle most of the region at once.
	slices.SortStableFunc(s.boxes, func(x, y []condition) int { return len(x) - len(y) })
	found, ok := s.escape(r, 0)
	if s.steps > maxSteps {
		return nil, false, ErrTooLarge
	}
	if !ok {
		return nil, false, nil
	}
	return b.example(found), true, nil
}

func (b *Book[F]) example(r region) Example {
	e := Example{}
	for i, t := range b.terms {
		all := uint64(1)<<len(t.Values) - 1
		if r[i]&all != all {
			if n := bits.TrailingZeros64(r[i]); n < len(t.Values) {
				e[t.Key] = t.Values[n]
			}
		}
	}
	return e
}

// Gap finds facts, known in part or in full, on which no rule holds. There is none in a
// complete book.
func (b *Book[F]) Gap() (Example, bool, error) {
	return b.first(len(b.conds), b.everything(true))
}

// Unreachable lists the rules that can never be the first to hold, whatever the facts:
// earlier rules take all that they would.
func (b *Book[F]) Unreachable() ([]Rule, error) {
	var dead []Rule
	for i := range b.rules {
		_, ok, err := b.first(i, b.everything(true))
		if err != nil {
			return dead, fmt.Errorf("rule %q: %w", b.rules[i].ID, err)
		}
		if !ok {
			dead = append(dead, b.rules[i])
		}
	}
	return dead, nil
}

// Never looks for facts within "where", the others known or not, that end in a rule
// called bad. It returns such a rule with the facts that lead there; no rule means that
// there are none.
func (b *Book[F]) Never(where map[string][]string, bad func(Rule) bool) (*Rule, Example, error) {
	keys := make([]string, len(b.terms))
	for i, t := range b.terms {
		keys[i] = t.Key
	}
	limits, mistakes := b.conditions(Rule{ID: "claim", When: where}, keys)
	if len(mistakes) > 0 {
		return nil, nil, errors.Join(mistakes...)
	}
	for i := range b.rules {
		if !bad(b.rules[i]) {
			continue
		}
		r := b.everything(true)
		if !r.within(limits) {
			continue
		}
		e, ok, err := b.first(i, r)
		if err != nil {
			return nil, nil, fmt.Errorf("rule %q: %w", b.rules[i].ID, err)
		}
		if ok {
			return &b.rules[i], e, nil
		}
	}
	return nil, nil, nil
}
