package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"shareright/internal/failpoint"
	"shareright/knowledge/calendar"
)

// Records that have ended are kept for a time and then erased, so that none stays because nobody
// thought of it. A feature says when a record of its own has ended. How long such a record is kept
// after that day is content. What is still open has no end, and neither has what somebody asked for.

// Keep finds the end of the records of one kind.
type Keep struct {
	Kind  string
	Ended func(ctx context.Context, t Turn, row Row) (End, error)
}

// End is the day on which a record ended. The zero End says that it has not.
type End struct {
	On calendar.Date
	As string // what it is kept as, where the records of a kind are kept for different times; the kind when empty
}

// KeepOf finds the end of records of one type.
func KeepOf[R Record](ended func(ctx context.Context, t Turn, ref Ref, r R) (End, error)) Keep {
	var none R
	return Keep{Kind: none.RecordKind(), Ended: func(ctx context.Context, t Turn, row Row) (End, error) {
		var r R
		if err := json.Unmarshal(row.Body, &r); err != nil {
			t.spoilt(fmt.Errorf("read %s: %w", row.Ref, err))
			return End{}, nil
		}
		return ended(ctx, t, Ref(row.Ref), r)
	}}
}

// KeptUntil is the day on which a record of this kind that has ended erases itself; zero for never.
func (t Turn) KeptUntil(kind string, end End) calendar.Date {
	if end.As != "" {
		kind = end.As
	}
	if months := t.kept[kind]; months > 0 && !end.On.IsZero() {
		return end.On.AddMonths(months)
	}
	return calendar.Date{}
}

// expireBatch is how many records are erased in one transaction, so that nobody waits long behind it.
const expireBatch = 100

// keeps are the kinds whose records come to an end: the features' in their order, then the engine's own.
func (b *Bot) keeps() (all []Keep) {
	for _, f := range b.features {
		all = append(all, f.Keeps...)
	}
	return append(all,
		Keep{Kind: SpeakerKind, Ended: func(ctx context.Context, t Turn, row Row) (End, error) { return Departed(ctx, t, PersonID(row.Ref)) }},
		Keep{Kind: AliasKind, Ended: func(ctx context.Context, t Turn, row Row) (End, error) { return Departed(ctx, t, row.Owner) }},
		KeepOf(func(ctx context.Context, t Turn, _ Ref, m Member) (End, error) { return m.departed(ctx, t) })) // last: the others ask it
}

// Expire erases the records whose time is over, and says how many. It is called every hour and looks
// once a day: the time of all that has ended is counted in days.
func (b *Bot) Expire(ctx context.Context) (erased int, err error) {
	orgs, err := b.dir.Orgs(ctx)
	if err != nil {
		return 0, fmt.Errorf("list organisations: %w", err)
	}
	var failed []error
	for _, org := range orgs {
		today := calendar.On(b.now(), org.Zone)
		if last, seen := b.expired.Load(org.ID); seen && last == today {
			continue
		}
		n, err := b.expireOrg(ctx, org)
		erased += n
		if err != nil {
			failed = append(failed, fmt.Errorf("erase what has ended in %s: %w", org.ID, err))
			continue
		}
		b.expired.Store(org.ID, today)
	}
	return erased, errors.Join(failed...)
}

// expireOrg does it for one organisation, kind by kind. What fails for one kind fails for no other.
func (b *Bot) expireOrg(ctx context.Context, org Org) (erased int, err error) {
	var failed []error
	for _, k := range b.keeps() {
		for {
			failpoint.Hit("F23")
			n, more, err := b.expireSome(ctx, org, k)
			erased += n
			if err != nil {
				failed = append(failed, err)
			}
			if err != nil || !more {
				break
			}
		}
	}
	return erased, errors.Join(failed...)
}

// expireSome erases one batch of a kind. What changed meanwhile is looked at again before it goes.
func (b *Bot) expireSome(ctx context.Context, org Org, k Keep) (erased int, more bool, err error) {
	var over []Ref
	err = b.store.View(ctx, func(tx Tx) error {
		over = nil
		rows, err := tx.Find(ctx, org.ID, Query{Kind: k.Kind, Limit: everything, Spoilt: b.unread(org)})
		if err != nil {
			return err
		}
		t, err := b.expiring(ctx, tx, org)
		for _, row := range rows {
			if err != nil || len(over) == expireBatch {
				break
			}
			var is bool
			if is, err = b.over(ctx, t, k, row); is {
				over = append(over, Ref(row.Ref))
			}
		}
		return err
	})
	if err != nil || len(over) == 0 {
		return 0, false, err
	}
	err = b.store.Update(ctx, func(tx Tx) error {
		erased = 0
		t, err := b.expiring(ctx, tx, org)
		for _, ref := range over {
			if err != nil {
				break
			}
			var gone bool
			if gone, err = b.expireOne(ctx, t, k, ref); gone {
				erased++
			}
		}
		return err
	})
	if err != nil {
		erased = 0
	}
	return erased, erased > 0 && len(over) == expireBatch, err
}

// expiring is the turn in which nobody acts.
func (b *Bot) expiring(ctx context.Context, tx Tx, org Org) (Turn, error) {
	org, err := b.dir.Now(ctx, tx, org)
	if err != nil {
		return Turn{}, fmt.Errorf("look up what was set up: %w", err)
	}
	t := b.turn(tx, org, Person{})
	t.spoilt = b.unread(org)
	return t, nil
}

// unread notes a record that cannot be read. It stays, and stands in the way of no other.
func (b *Bot) unread(org Org) func(error) {
	return func(err error) { b.o.Log.Error("a record cannot be read, so it is kept", "org", org.ID, "error", err) }
}

// over says whether a record's time is over, and nothing holds it.
func (b *Bot) over(ctx context.Context, t Turn, k Keep, row Row) (bool, error) {
	end, err := k.Ended(ctx, t, row)
	if err != nil {
		return false, fmt.Errorf("the end of %s: %w", row.Ref, err)
	}
	if until := t.KeptUntil(k.Kind, end); until.IsZero() || until.After(t.Today()) {
		return false, nil
	}
	for _, f := range b.features {
		if f.Holds == nil {
			continue
		}
		if held, err := f.Holds(ctx, t, Ref(row.Ref)); held || err != nil {
			return false, err
		}
	}
	return true, nil
}

// expireOne erases one record with what is planned about it. The audit trail says that it was there.
func (b *Bot) expireOne(ctx context.Context, t Turn, k Keep, ref Ref) (gone bool, err error) {
	row, err := t.tx.Get(ctx, t.Org.ID, k.Kind, string(ref))
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if is, err := b.over(ctx, t, k, row); !is || err != nil {
		return false, err
	}
	if err := t.tx.Erase(ctx, t.Org.ID, k.Kind, string(ref)); err != nil {
		return false, err
	}
	jobs, err := t.tx.Pending(ctx, string(t.Org.ID), string(ref))
	if err != nil {
		return false, err
	}
	for _, job := range jobs {
		if err := t.tx.StopJob(ctx, job.Key); err != nil {
			return false, err
		}
	}
	return true, t.tx.Append(ctx, t.Org.ID, Entry{At: t.Now, What: k.Kind + ".expired", Ref: ref})
}
