package bot

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"shareright/knowledge/calendar"
)

// Doing is one thing that somebody has to do by a day. Features tell theirs, and the
// weekly digest and the home page read them; a Doing holds references, never a case.
type Doing struct {
	Owner     PersonID // who does it; empty when Role does
	Role      Role
	Text      string // one short line, without the day
	Due       calendar.Date
	Told      calendar.Date // when the owner last heard of it; zero when never
	Ref       Ref
	Statutory bool       // the law asks for it: nobody can switch it off
	Not       []PersonID // never told to these people: the record is about them
	Button    *Button    // what does it, or shows it
}

// Figure is one number for the people who govern: a count, never a case.
type Figure struct {
	Part  string // a heading, such as "Breaches"
	Label string
	Count int
	Of    int  // the whole that Count is a part of; 0 where there is none
	Small bool // a count of people or cases, which small numbers could point at
}

// Span is the days that figures are about, both included.
type Span struct{ From, To calendar.Date }

// Has says whether a day is in the span.
func (s Span) Has(day calendar.Date) bool { return !day.Before(s.From) && !day.After(s.To) }

// Doings gathers what everybody has to do from every feature, earliest first.
func (t Turn) Doings(ctx context.Context) ([]Doing, error) {
	var all []Doing
	for _, f := range t.features {
		if f.Doings == nil {
			continue
		}
		some, err := f.Doings(ctx, t)
		if err != nil {
			return nil, fmt.Errorf("what is to do in %s: %w", f.Name, err)
		}
		all = append(all, some...)
	}
	slices.SortStableFunc(all, func(a, b Doing) int { return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.Text, b.Text)) })
	return all, nil
}

// For says whether a doing is this person's, by name or by a role they hold now.
func (d Doing) For(t Turn, who PersonID) bool {
	if slices.Contains(d.Not, who) {
		return false
	}
	return d.Owner == who || d.Owner == "" && slices.Contains(t.Org.People[d.Role], who)
}

// Figures gathers the numbers of every feature, in the order of the features.
func (t Turn) Figures(ctx context.Context, span Span) ([]Figure, error) {
	var all []Figure
	for _, f := range t.features {
		if f.Figures == nil {
			continue
		}
		some, err := f.Figures(ctx, t, span)
		if err != nil {
			return nil, fmt.Errorf("the figures of %s: %w", f.Name, err)
		}
		all = append(all, some...)
	}
	return all, nil
}
