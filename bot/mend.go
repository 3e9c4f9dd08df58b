package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"shareright/internal/failpoint"
	"shareright/knowledge/words"
	"shareright/scheduler"
)

// A legal clock is a few rows of jobs, and a message on its way is one. When one of them is lost, or
// its time is moved, by a slip of somebody's hand in the database or by a fault of ours, nobody would
// hear and nobody would notice. So what ought to be pending is worked out anew from the records and
// the posts, and what is not there in time is put back. A record that cannot be read stands in the
// way of no other; whoever leads is told.

const (
	// slip is how much later than it ought to be a job may be due.
	slip = 2 * time.Minute
	// tried is the same for one that was tried, or that is moved on purpose, as a chase is: no
	// platform asks for more patience, and nobody is believed for longer.
	tried = 24*time.Hour + slip
	// rested is the same for a recurring schedule: what was missed at night waits for a working
	// morning, which may come after a weekend and holidays.
	rested = 7 * 24 * time.Hour

	spoiltPrefix = "spoilt/" // stored: one post a day that says that a record cannot be read
)

// ought lists jobs that should be pending.
type ought func(ctx context.Context, t Turn) ([]scheduler.Job, error)

// oughts are the places from which that is worked out: posts that are on their way, running clocks, recurring schedules.
func (b *Bot) oughts() []ought {
	all := []ought{b.undelivered, b.schedules}
	for _, f := range b.features {
		if f.Clocks != nil {
			all = append(all, f.Clocks)
		}
	}
	return all
}

// Mend puts back what running clocks, urgent posts and recurring schedules have lost, and says how many jobs
// those were. It is called every few minutes, by no job: a lost job would not notice that it is lost.
func (b *Bot) Mend(ctx context.Context) (mended int, err error) {
	if failpoint.Mutant("clock-apart") {
		return 0, nil // that fault loses jobs, and is to be found by itself
	}
	orgs, err := b.dir.Orgs(ctx)
	if err != nil {
		return 0, fmt.Errorf("list organisations: %w", err)
	}
	var failed []error
	for _, org := range orgs {
		n, err := b.mendOrg(ctx, org)
		mended += n
		if err != nil {
			failed = append(failed, fmt.Errorf("look for lost jobs of %s: %w", org.ID, err))
		}
	}
	if mended > 0 || len(failed) > 0 {
		b.o.Wake()
	}
	return mended, errors.Join(failed...)
}

// mendOrg does it for one organisation, each place by itself.
func (b *Bot) mendOrg(ctx context.Context, org Org) (mended int, err error) {
	var failed, spoilt []error
	for _, list := range b.oughts() {
		var lost []scheduler.Job
		var bad []error
		err := b.store.View(ctx, func(tx Tx) (err error) {
			lost, bad, err = b.lost(ctx, tx, org, list)
			return err
		})
		spoilt = append(spoilt, bad...)
		if err == nil && len(lost) > 0 {
			err = b.store.Update(ctx, func(tx Tx) (err error) {
				if lost, _, err = b.lost(ctx, tx, org, list); err != nil {
					return err
				}
				return b.putBack(ctx, tx, org, lost)
			})
		}
		if err != nil {
			failed = append(failed, err)
			continue
		}
		mended += len(lost)
	}
	if len(spoilt) > 0 {
		failed = append(failed, b.tellSpoilt(ctx, org))
	}
	return mended, errors.Join(append(failed, spoilt...)...)
}

// putBack puts jobs back. The audit trail notes each.
func (b *Bot) putBack(ctx context.Context, tx Tx, org Org, lost []scheduler.Job) error {
	for _, job := range lost {
		if err := tx.PutJob(ctx, job); err != nil {
			return err
		}
		if b.timers[job.Kind].Ahead != nil {
			if err := b.lookAhead(ctx, tx, org.ID, job.About, b.now()); err != nil {
				return err
			}
		}
		about := job.About
		if about == everyAbout(job.Kind) {
			about = "" // a schedule is about no record
		}
		b.o.Log.Warn("a job was lost and is put back", "org", org.ID, "kind", job.Kind, "about", about)
		if err := tx.Append(ctx, org.ID, Entry{At: b.now(), What: "job.mended", Ref: Ref(about), Note: job.Kind}); err != nil {
			return err
		}
	}
	return nil
}

// lost lists what ought to be pending and is not, or much too late, and what could not be read on the way.
func (b *Bot) lost(ctx context.Context, tx Tx, org Org, list ought) (lost []scheduler.Job, spoilt []error, err error) {
	org, err = b.dir.Now(ctx, tx, org)
	if err != nil {
		return nil, nil, fmt.Errorf("look up what was set up: %w", err)
	}
	t := b.turn(tx, org, Person{})
	t.spoilt = func(err error) { spoilt = append(spoilt, err) }
	wanted, err := list(ctx, t)
	if err != nil {
		return nil, spoilt, err
	}
	there := map[string][]scheduler.Job{}
	for _, job := range wanted {
		job.Org = string(org.ID)
		if _, asked := there[job.About]; !asked {
			if there[job.About], err = tx.Pending(ctx, job.Org, job.About); err != nil {
				return nil, spoilt, err
			}
		}
		if !slices.ContainsFunc(there[job.About], func(p scheduler.Job) bool { return p.Key == job.Key && inTime(p, job) }) {
			lost = append(lost, job)
		}
	}
	return lost, spoilt, nil
}

// inTime says whether a pending job is due about when it ought to be.
func inTime(pending, wanted scheduler.Job) bool {
	late := slip
	switch {
	case wanted.Class == scheduler.Routine:
		late = rested
	case pending.Try > 0, wanted.Class != scheduler.Statutory && wanted.Kind != deliverKind:
		late = tried
	}
	return pending.Due.Sub(wanted.Due) <= late
}

// undelivered lists the jobs of urgent posts that are on their way.
func (b *Bot) undelivered(ctx context.Context, t Turn) (jobs []scheduler.Job, err error) {
	rows, err := t.tx.Find(ctx, t.Org.ID, Query{Kind: postKind, States: []string{postDue}, Limit: everything, Spoilt: t.spoilt})
	if err != nil {
		return nil, fmt.Errorf("find posts on their way: %w", err)
	}
	for _, row := range rows {
		s, err := storedPost(row)
		if err != nil {
			t.spoilt(err)
			continue
		}
		jobs = append(jobs, s.job(t.Org.ID, t.Now))
	}
	return jobs, nil
}

// schedules lists the next occurrence of each recurring schedule.
func (b *Bot) schedules(_ context.Context, t Turn) (jobs []scheduler.Job, err error) {
	for _, timer := range b.recurring() {
		if timer.Every == "" {
			continue
		}
		job, err := b.nextOf(t.Org, timer)
		if err != nil {
			return nil, err
		}
		jobs = append(jobs, job)
	}
	return jobs, nil
}

// tellSpoilt tells the lead, once a day, that a record cannot be read. Which one is not said: it may
// be about the lead. It stands in the log.
func (b *Bot) tellSpoilt(ctx context.Context, org Org) error {
	return b.store.Update(ctx, func(tx Tx) error {
		t := b.turn(tx, org, Person{})
		key := spoiltPrefix + t.Today().String()
		if _, err := readPost(ctx, tx, org.ID, key); !errors.Is(err, ErrNotFound) {
			return err
		}
		say := func(what string) string { return words.Say("en", "bot.spoilt-"+what) }
		return t.post(ctx, Post{Key: key, To: ToRolePrivately(DPLead), Class: scheduler.Escalation, Message: *Say(say("title"), say("note"), say("do"))}, t.Now)
	})
}
