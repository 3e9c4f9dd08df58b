package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"shareright/knowledge/calendar"
)

// Member is somebody of the organisation: what they do there, since when and until when.
// Features ask whom a task can still reach. It is stored: fields may be added, never renamed.
type Member struct {
	Person  PersonID      `json:"person"`
	Name    string        `json:"name,omitempty"`
	Does    []Role        `json:"does,omitempty"` // roles, and what people do besides, such as "volunteer"
	Started calendar.Date `json:"started,omitzero"`
	Left    calendar.Date `json:"left,omitzero"` // their last day
}

// RecordKind names the register.
func (Member) RecordKind() string { return "member" }

// RecordIndex finds a member by their id, and by whether they have left.
func (m Member) RecordIndex() Index {
	state := "here"
	if !m.Left.IsZero() {
		state = "left"
	}
	return Index{State: state, Owner: m.Person}
}

// Gone says whether somebody has left by a day; their last day counts as gone.
func (m Member) Gone(today calendar.Date) bool { return !m.Left.IsZero() && !m.Left.After(today) }

// volunteer is what somebody does who holds no office and is not employed.
const volunteer Role = "volunteer"

// Departed is the end of what is kept about one person alone: the day they left. Whoever was never
// entered as a member, or still holds a role, has not left.
func Departed(ctx context.Context, t Turn, id PersonID) (End, error) {
	m, known, err := MemberOf(ctx, t, id)
	if err != nil || !known {
		return End{}, err
	}
	return m.Record.departed(ctx, t)
}

func (m Member) departed(_ context.Context, t Turn) (End, error) {
	if !m.Gone(t.Today()) {
		return End{}, nil
	}
	for _, holders := range t.Org.People {
		if slices.Contains(holders, m.Person) {
			return End{}, nil
		}
	}
	if len(m.Does) > 0 && !slices.ContainsFunc(m.Does, func(r Role) bool { return r != volunteer }) {
		return End{On: m.Left, As: "volunteer"}, nil
	}
	return End{On: m.Left, As: "member"}, nil
}

// Members lists everybody who was ever entered as a member, in the order of their references.
func Members(ctx context.Context, t Turn) ([]Found[Member], error) {
	return Find[Member](ctx, t, Query{Limit: everything})
}

// MemberOf finds one person's entry. Nobody entered is no error.
func MemberOf(ctx context.Context, t Turn, id PersonID) (Found[Member], bool, error) {
	found, err := Find[Member](ctx, t, Query{Owner: id, Limit: 1})
	if err != nil || len(found) == 0 {
		return Found[Member]{}, false, err
	}
	return found[0], true, nil
}

// HasLeft says whether somebody was entered as having left.
func HasLeft(ctx context.Context, t Turn, id PersonID) (bool, error) {
	m, known, err := MemberOf(ctx, t, id)
	return known && m.Record.Gone(t.Today()), err
}

// MeantAmong is the member of this name, or whoever the name stands for (see Meant).
func (t Turn) MeantAmong(members []Found[Member], name string) PersonID {
	for _, m := range members {
		if m.Record.Name != "" && strings.EqualFold(m.Record.Name, strings.TrimSpace(name)) {
			return m.Record.Person
		}
	}
	return t.Meant(name)
}

// Proof is something on record that somebody did, such as a course, with its day. It says
// nothing of how well.
type Proof struct {
	What string
	On   calendar.Date
}

// Proofs gathers from every feature what is on record that somebody did, newest first.
func (t Turn) Proofs(ctx context.Context, who PersonID) ([]Proof, error) {
	var all []Proof
	for _, f := range t.features {
		if f.Proofs == nil {
			continue
		}
		some, err := f.Proofs(ctx, t, who)
		if err != nil {
			return nil, fmt.Errorf("what is on record in %s: %w", f.Name, err)
		}
		all = append(all, some...)
	}
	slices.SortStableFunc(all, func(a, b Proof) int { return b.On.Compare(a.On) })
	return all, nil
}

// Carry does what an operator asks for at the command line as one turn of one person: all
// of it is committed, or nothing. It returns what a person would read.
func (b *Bot) Carry(ctx context.Context, id OrgID, by Person, do func(context.Context, Turn) (Outcome, error)) (*Message, error) {
	org, err := b.dir.OrgByID(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("find organisation %s: %w", id, err)
	}
	var reply *Message
	err = b.store.Update(ctx, func(tx Tx) error {
		org, err := b.dir.Now(ctx, tx, org)
		if err != nil {
			return fmt.Errorf("look up what was set up: %w", err)
		}
		t := b.turn(tx, org, by)
		o, err := do(ctx, t)
		if err != nil {
			return err
		}
		reply = o.Reply
		return b.apply(ctx, t, o)
	})
	if err == nil {
		b.o.Wake()
	}
	return reply, err
}
