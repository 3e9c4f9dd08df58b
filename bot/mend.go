package bot

import (
	"context"
	"fmt"
	"slices"

	"shareright/internal/failpoint"
	"shareright/scheduler"
)

// A legal clock is a few rows of jobs, and a message on its way is one. When one of them is lost, by
// a slip of somebody's hand in the database or by a fault of ours, nobody would hear and nobody
// would notice. So what ought to be pending is worked out anew from the records and the posts, and
// what is not there is put back.

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
	for _, org := range orgs {
		lost := 0
		err := b.store.View(ctx, func(tx Tx) error {
			jobs, timers, err := b.lost(ctx, tx, org)
			lost = len(jobs) + len(timers)
			return err
		})
		if err == nil && lost > 0 {
			err = b.store.Update(ctx, func(tx Tx) (err error) {
				lost, err = b.mend(ctx, tx, org)
				return err
			})
		}
		if err != nil {
			return mended, fmt.Errorf("look for lost jobs of %s: %w", org.ID, err)
		}
		mended += lost
	}
	if mended > 0 {
		b.o.Wake()
	}
	return mended, nil
}

// mend puts back the jobs that an organisation has lost. The audit trail notes each.
func (b *Bot) mend(ctx context.Context, tx Tx, org Org) (int, error) {
	jobs, timers, err := b.lost(ctx, tx, org)
	if err != nil {
		return 0, err
	}
	note := func(kind, about string) error {
		b.o.Log.Warn("a job was lost and is put back", "org", org.ID, "kind", kind, "about", about)
		return tx.Append(ctx, org.ID, Entry{At: b.now(), What: "job.mended", Ref: Ref(about), Note: kind})
	}
	for _, job := range jobs {
		if err := tx.PutJob(ctx, job); err != nil {
			return 0, err
		}
		if b.timers[job.Kind].Ahead != nil {
			if err := b.lookAhead(ctx, tx, org.ID, job.About, b.now()); err != nil {
				return 0, err
			}
		}
		if err := note(job.Kind, job.About); err != nil {
			return 0, err
		}
	}
	for _, timer := range timers {
		if err := b.putNext(ctx, tx, org, timer); err != nil {
			return 0, err
		}
		if err := note(timer.Kind, ""); err != nil {
			return 0, err
		}
	}
	return len(jobs) + len(timers), nil
}

// lost lists what ought to be pending and is not: the jobs of running clocks and of urgent posts, and recurring schedules.
func (b *Bot) lost(ctx context.Context, tx Tx, org Org) (lost []scheduler.Job, timers []Timer, err error) {
	org, err = b.dir.Now(ctx, tx, org)
	if err != nil {
		return nil, nil, fmt.Errorf("look up what was set up: %w", err)
	}
	wanted, err := b.undelivered(ctx, tx, org)
	if err != nil {
		return nil, nil, err
	}
	for _, f := range b.features {
		if f.Clocks == nil {
			continue
		}
		jobs, err := f.Clocks(ctx, b.turn(tx, org, Person{}))
		if err != nil {
			return nil, nil, fmt.Errorf("the clocks of %s: %w", f.Name, err)
		}
		wanted = append(wanted, jobs...)
	}
	there := map[string][]scheduler.Job{}
	for _, job := range wanted {
		job.Org = string(org.ID)
		if _, asked := there[job.About]; !asked {
			if there[job.About], err = tx.Pending(ctx, job.Org, job.About); err != nil {
				return nil, nil, err
			}
		}
		if !slices.ContainsFunc(there[job.About], func(p scheduler.Job) bool { return p.Key == job.Key }) {
			lost = append(lost, job)
		}
	}
	timers, err = b.resting(ctx, tx, org)
	return lost, timers, err
}

// undelivered lists the jobs of urgent posts that are on their way.
func (b *Bot) undelivered(ctx context.Context, tx Tx, org Org) (jobs []scheduler.Job, err error) {
	rows, err := tx.Find(ctx, org.ID, Query{Kind: postKind, States: []string{postDue}, Limit: everything})
	if err != nil {
		return nil, fmt.Errorf("find posts on their way: %w", err)
	}
	for _, row := range rows {
		s, err := storedPost(row)
		if err != nil {
			return nil, err
		}
		jobs = append(jobs, s.job(org.ID, b.now()))
	}
	return jobs, nil
}

// resting lists the recurring schedules of which nothing is pending.
func (b *Bot) resting(ctx context.Context, tx Tx, org Org) (resting []Timer, err error) {
	for _, timer := range b.recurring() {
		if timer.Every == "" {
			continue
		}
		pending, err := tx.Pending(ctx, string(org.ID), everyAbout(timer.Kind))
		if err != nil {
			return nil, err
		}
		if len(pending) == 0 {
			resting = append(resting, timer)
		}
	}
	return resting, nil
}
