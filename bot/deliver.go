package bot

import (
	"context"
	"errors"
	"fmt"
	"time"

	"shareright/internal/failpoint"
	"shareright/scheduler"
)

// Late is how far behind a job may be before it counts as missed while the program was down.
const Late = 10 * time.Minute

// Work does one due job: it delivers a post, or asks the feature whose timer it is. It is a scheduler.Worker.
func (b *Bot) Work(ctx context.Context, job scheduler.Job) error {
	org, err := b.dir.OrgByID(ctx, OrgID(job.Org))
	if err != nil {
		return fmt.Errorf("find organisation %s: %w", job.Org, err)
	}
	if wait, drop := b.missed(org, job); drop || !wait.IsZero() {
		return b.putOff(ctx, org, job, wait, drop)
	}
	if errand, is := b.errands()[job.Kind]; is {
		return errand(ctx, org, job)
	}
	timer, ok := b.timers[job.Kind]
	if !ok {
		return fmt.Errorf("no feature has a timer %q", job.Kind)
	}
	err = b.store.Update(ctx, func(tx Tx) error {
		if err := tx.FinishJob(ctx, job); err != nil {
			return err
		}
		org, err := b.dir.Now(ctx, tx, org)
		if err != nil {
			return fmt.Errorf("look up what was set up: %w", err)
		}
		t := b.turn(tx, org, Person{})
		t.Ref = Ref(job.About)
		failpoint.Hit("F17")
		outcome, err := t.decided(func(t Turn) (Outcome, error) { return timer.Do(ctx, t, job) })
		if err != nil {
			return fmt.Errorf("timer %s: %w", job.Kind, err)
		}
		if err := b.apply(ctx, t, outcome); err != nil {
			return err
		}
		if timer.Ahead != nil {
			if err := b.lookAhead(ctx, tx, org.ID, job.About, t.Now); err != nil {
				return err
			}
		}
		if timer.Every != "" {
			return b.putNext(ctx, tx, org, timer)
		}
		return nil
	})
	if err == nil {
		b.o.Wake()
	}
	return err
}

// errands are the jobs of the engine's own. They speak with platforms, so none runs in one transaction.
func (b *Bot) errands() map[string]func(context.Context, Org, scheduler.Job) error {
	return map[string]func(context.Context, Org, scheduler.Job) error{deliverKind: b.deliver, aheadKind: b.ahead, rollKind: b.rollcall}
}

// missed says what becomes of a job whose time passed while the program was down: it
// waits for the next morning of reminders, is dropped, or goes ahead at once. What lies ready
// with a platform is looked at whenever it can be: nobody is disturbed by it.
func (b *Bot) missed(org Org, job scheduler.Job) (wait time.Time, drop bool) {
	now := b.o.Now()
	late := now.Sub(job.Due)
	switch {
	case late <= Late || job.Try > 1 || job.Kind == aheadKind:
		return time.Time{}, false
	case job.Class == scheduler.Cosmetic:
		return time.Time{}, true
	case job.Class == scheduler.Digest && late > 24*time.Hour:
		return time.Time{}, true
	case job.Class == scheduler.Routine || job.Class == scheduler.Digest:
		if morning := b.o.Calendar.Mornings(org.nation()).Soonest(now.In(org.Zone)); morning.After(now) {
			return morning, false
		}
	}
	return time.Time{}, false
}

func (b *Bot) putOff(ctx context.Context, org Org, job scheduler.Job, until time.Time, drop bool) error {
	return b.store.Update(ctx, func(tx Tx) error {
		if err := tx.FinishJob(ctx, job); err != nil {
			return err
		}
		if timer, ok := b.timers[job.Kind]; ok && drop && timer.Every != "" {
			return b.putNext(ctx, tx, org, timer)
		}
		if drop {
			return nil
		}
		job.Due = until
		return tx.PutJob(ctx, job)
	})
}

// deliver sends one post to everybody it is for, and remembers each place it reached.
func (b *Bot) deliver(ctx context.Context, org Org, job scheduler.Job) error {
	var post, parent *stored
	var routes []Route
	var reads map[Address]Lang
	err := b.store.View(ctx, func(tx Tx) (err error) {
		if post, err = readPost(ctx, tx, org.ID, job.Name); err != nil {
			return err
		}
		if post.Under != "" {
			if parent, err = readPost(ctx, tx, org.ID, post.Under); errors.Is(err, ErrNotFound) {
				err = nil
			}
		}
		if err == nil {
			org, err = b.dir.Now(ctx, tx, org)
		}
		if err == nil {
			routes, err = b.routes(ctx, tx, org, post.To)
		}
		if err == nil && len(post.In) > 0 {
			reads, err = b.readers(ctx, tx, org, routes)
		}
		return err
	})
	if errors.Is(err, ErrNotFound) || err == nil && post.Class == scheduler.Cosmetic && job.Try > 1 {
		return b.store.Update(ctx, func(tx Tx) error { return b.finishPost(ctx, tx, job, post) })
	}
	if err != nil {
		return fmt.Errorf("find post %s: %w", job.Name, err)
	}
	d := delivering{bot: b, org: org, job: job, post: post, parent: parent, routes: routes, reads: reads, stuck: map[string]bool{}}
	err = d.walk(ctx)
	if err != nil && !errors.Is(err, scheduler.ErrLost) {
		return d.unlessChanged(ctx, err)
	}
	return err
}

// finishPost ends the work on one edition of a post. One that was put meanwhile is delivered next:
// not before, for it is an edit of a message whose id was not known yet.
func (b *Bot) finishPost(ctx context.Context, tx Tx, job scheduler.Job, done *stored) error {
	if err := tx.FinishJob(ctx, job); err != nil || done == nil {
		return err
	}
	now, err := readPost(ctx, tx, OrgID(job.Org), job.Name)
	switch {
	case errors.Is(err, ErrNotFound):
		return nil
	case err != nil:
		return fmt.Errorf("find post %s: %w", job.Name, err)
	case now.Edition != done.Edition:
		return tx.PutJob(ctx, now.job(OrgID(job.Org), b.now()))
	case now.row.State == postDue:
		now.row.State = ""
		return now.put(ctx, tx, OrgID(job.Org))
	}
	return nil
}

// unlessChanged gives back a failure, unless the post was changed meanwhile: the new edition does not wait as the old one would.
func (d *delivering) unlessChanged(ctx context.Context, why error) error {
	changed := false
	err := d.bot.store.Update(context.WithoutCancel(ctx), func(tx Tx) error {
		now, err := readPost(ctx, tx, d.org.ID, d.job.Name)
		if changed = err == nil && now.Edition != d.post.Edition; changed {
			return d.bot.finishPost(ctx, tx, d.job, d.post)
		}
		return err
	})
	if changed && err == nil {
		d.bot.o.Wake()
		return nil
	}
	return why
}

func (b *Bot) routes(ctx context.Context, tx Tx, org Org, to Audience) ([]Route, error) {
	if to.At != nil {
		return []Route{{*to.At}}, nil
	}
	return b.dir.Routes(ctx, tx, org, to)
}
