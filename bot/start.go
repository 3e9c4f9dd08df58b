package bot

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"shareright/scheduler"
)

// Start puts the first occurrence of every recurring schedule of every organisation.
// What is pending already stays, so a restart misses and repeats nothing.
func (b *Bot) Start(ctx context.Context) error {
	orgs, err := b.dir.Orgs(ctx)
	if err != nil {
		return fmt.Errorf("list organisations: %w", err)
	}
	for _, org := range orgs {
		err := b.store.Update(ctx, func(tx Tx) error {
			timers, err := b.resting(ctx, tx, org)
			if err != nil {
				return err
			}
			for _, timer := range timers {
				if err := b.putNext(ctx, tx, org, timer); err != nil {
					return err
				}
			}
			return b.lookAhead(ctx, tx, org.ID, everyOne, b.now())
		})
		if err != nil {
			return fmt.Errorf("start schedules of %s: %w", org.ID, err)
		}
	}
	b.o.Wake()
	return nil
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

// recurring are the schedules of the features and the engine's own.
func (b *Bot) recurring() []Timer {
	all := slices.Collect(maps.Values(b.timers))
	for _, p := range b.platforms {
		if _, can := able[Prober](p); can && !b.o.Simulated {
			return append(all, Timer{Kind: rollKind, Every: rollEvery})
		}
	}
	return all
}

func everyAbout(kind string) string { return "every/" + kind }

func (b *Bot) putNext(ctx context.Context, tx Tx, org Org, timer Timer) error {
	job, err := b.nextOf(org, timer)
	if err != nil {
		return err
	}
	return tx.PutJob(ctx, job)
}

// nextOf is the next occurrence of a recurring schedule.
func (b *Bot) nextOf(org Org, timer Timer) (scheduler.Job, error) {
	schedule, err := scheduler.ParseSchedule(timer.Every, org.Zone)
	if err != nil {
		return scheduler.Job{}, err
	}
	return scheduler.Job{Key: scheduler.Key{Org: string(org.ID), Kind: timer.Kind, Name: "every"},
		Due: schedule.Next(b.o.Now()), Class: scheduler.Routine, About: everyAbout(timer.Kind)}, nil
}
