package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"shareright/scheduler"
)

// aheadEvery looks over everything that lies ready: at the start, and daily. What the
// platforms keep and nobody knows of is taken back, for a stale message would frighten
// people. Then each record with a clock is looked at for itself.
func (b *Bot) aheadEvery(ctx context.Context, org Org, job scheduler.Job) error {
	_, _, places, err := b.knownAhead(ctx, org)
	if err != nil {
		return err
	}
	there := map[Address][]Kept{}
	for _, at := range places {
		holder, can := able[Holder](b.platforms[at.Platform])
		if !can {
			continue
		}
		all, err := b.holdingAt(ctx, holder, at)
		if gone := new(Unreachable); errors.As(err, &gone) {
			continue
		}
		if err != nil {
			return fmt.Errorf("what %s keeps for us: %w", at.Platform, err)
		}
		there[at] = all
	}
	// What is left there from now on is in no list; what is in a list was meant before.
	known, abouts, _, err := b.knownAhead(ctx, org)
	if err != nil {
		return err
	}
	if err := b.takeOrphans(ctx, there, known); err != nil {
		return err
	}
	return b.store.Update(ctx, func(tx Tx) error {
		if err := tx.FinishJob(ctx, job); err != nil {
			return err
		}
		for _, about := range abouts {
			if err := b.lookAhead(ctx, tx, org.ID, about, b.now()); err != nil {
				return err
			}
		}
		return b.lookAhead(ctx, tx, org.ID, everyOne, b.now().Add(24*time.Hour))
	})
}

// takeOrphans takes back what nobody knows of.
func (b *Bot) takeOrphans(ctx context.Context, there map[Address][]Kept, known []held) error {
	for at, all := range there {
		holder, _ := able[Holder](b.platforms[at.Platform])
		for _, k := range all {
			if slices.ContainsFunc(known, func(h held) bool { return h.is(k) }) {
				continue
			}
			err := b.unlessHung(ctx, at, attempt, func(ctx context.Context) error { return holder.Unhold(ctx, at, k.ID) })
			if err != nil {
				return fmt.Errorf("take back what nobody knows of from %s: %w", at.Platform, err)
			}
			b.o.Log.Info("took back a message that was left with a platform and forgotten", "platform", at.Platform)
		}
	}
	return nil
}

// knownAhead is everything that is known to lie ready, for any organisation: several may share
// a platform. abouts are this organisation's records with a clock or a message, places
// where its messages may lie.
func (b *Bot) knownAhead(ctx context.Context, org Org) (known []held, abouts []string, places []Address, err error) {
	orgs, err := b.dir.Orgs(ctx)
	if err != nil {
		return nil, nil, nil, fmt.Errorf("list organisations: %w", err)
	}
	err = b.store.View(ctx, func(tx Tx) error {
		known, abouts, places = nil, nil, nil
		for _, other := range orgs {
			some, err := kept(ctx, tx, other.ID, Query{})
			if err != nil {
				return err
			}
			known = append(known, some...)
			if other.ID == org.ID {
				for _, h := range some {
					abouts = append(abouts, h.row.State)
					places = append(places, Address{Platform: h.To.Platform, Workspace: h.To.Workspace})
				}
			}
		}
		jobs, err := tx.Pending(ctx, string(org.ID), "")
		if err != nil {
			return err
		}
		for _, job := range jobs {
			if b.timers[job.Kind].Ahead != nil {
				abouts = append(abouts, job.About)
			}
		}
		now, err := b.dir.Now(ctx, tx, org)
		if err != nil {
			return err
		}
		routes, err := b.dir.Routes(ctx, tx, now, ToRole(DPLead))
		for _, to := range slices.Concat(routes...) {
			places = append(places, Address{Platform: to.Platform, Workspace: to.Workspace})
		}
		return err
	})
	slices.Sort(abouts)
	slices.SortFunc(places, func(a, b Address) int {
		return cmp.Or(cmp.Compare(a.Platform, b.Platform), cmp.Compare(a.Workspace, b.Workspace))
	})
	return known, slices.Compact(abouts), slices.Compact(places), err
}
