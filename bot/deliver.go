package bot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"shareright/internal/failpoint"
	"shareright/knowledge/words"
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
	if job.Kind == deliverKind {
		return b.deliver(ctx, org, job)
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
		outcome, err := timer.Do(ctx, t, job)
		if err != nil {
			return fmt.Errorf("timer %s: %w", job.Kind, err)
		}
		if err := b.apply(ctx, t, outcome); err != nil {
			return err
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

// missed says what becomes of a job whose time passed while the program was down: it
// waits for the next working morning, is dropped, or goes ahead at once.
func (b *Bot) missed(org Org, job scheduler.Job) (wait time.Time, drop bool) {
	now := b.o.Now()
	late := now.Sub(job.Due)
	switch {
	case late <= Late || job.Try > 1:
		return time.Time{}, false
	case job.Class == scheduler.Cosmetic:
		return time.Time{}, true
	case job.Class == scheduler.Digest && late > 24*time.Hour:
		return time.Time{}, true
	case job.Class == scheduler.Routine || job.Class == scheduler.Digest:
		if morning := nextWorkingMorning(now.In(org.Zone)); morning.After(now) {
			return morning, false
		}
	}
	return time.Time{}, false
}

// Working hours, in the organisation's time zone: routine messages that were missed wait for them.
const (
	workStarts = 9
	workEnds   = 18
)

func nextWorkingMorning(now time.Time) time.Time {
	weekday := func(t time.Time) bool { return t.Weekday() != time.Saturday && t.Weekday() != time.Sunday }
	if weekday(now) && now.Hour() >= workStarts && now.Hour() < workEnds {
		return now
	}
	y, m, d := now.Date()
	at := time.Date(y, m, d, workStarts, 0, 0, 0, now.Location())
	for !at.After(now) || !weekday(at) {
		d++
		at = time.Date(y, m, d, workStarts, 0, 0, 0, now.Location())
	}
	return at
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
		return err
	})
	if errors.Is(err, ErrNotFound) || err == nil && post.Class == scheduler.Cosmetic && job.Try > 1 {
		return b.store.Update(ctx, func(tx Tx) error { return tx.FinishJob(ctx, job) })
	}
	if err != nil {
		return fmt.Errorf("find post %s: %w", job.Name, err)
	}
	d := delivering{bot: b, org: org, job: job, post: post, parent: parent}
	for _, route := range routes {
		reached, err := d.along(ctx, route)
		if err != nil {
			return err
		}
		if reached {
			return d.done(ctx)
		}
	}
	return d.nowhere(ctx)
}

func (b *Bot) routes(ctx context.Context, tx Tx, org Org, to Audience) ([]Route, error) {
	if to.At != nil {
		return []Route{{*to.At}}, nil
	}
	return b.dir.Routes(ctx, tx, org, to)
}

// delivering is one post on its way.
type delivering struct {
	bot          *Bot
	org          Org
	job          scheduler.Job
	post, parent *stored
	lost         []string // who could not be reached, and how to mend it
}

// along serves every address of a route and says whether anybody was reached.
func (d *delivering) along(ctx context.Context, route Route) (reached bool, err error) {
	for _, to := range route {
		before := d.post.at(to)
		if before != nil && before.Edition >= d.post.Edition {
			reached = true
			continue
		}
		platform, ok := d.bot.platforms[to.Platform]
		if !ok {
			d.lost = append(d.lost, strings.TrimSpace(words.Say("en", "bot.unreachable", "who", called(to), "fix", "")))
			continue
		}
		failpoint.Hit("F12")
		id, err := d.send(ctx, platform, d.delivery(to, before))
		var gone *Unreachable
		if errors.As(err, &gone) {
			d.lost = append(d.lost, strings.TrimSpace(words.Say("en", "bot.unreachable", "who", called(to), "fix", gone.Fix)))
			continue
		}
		if err != nil {
			return reached, fmt.Errorf("deliver %s to %s: %w", d.job.Name, to.Platform, err)
		}
		failpoint.Hit("F13")
		if err := d.remember(ctx, sent{At: to, ID: id, Edition: d.post.Edition}); err != nil {
			return reached, err
		}
		reached = true
	}
	return reached, nil
}

func (d *delivering) delivery(to Address, before *sent) Delivery {
	out := Delivery{To: to, Message: d.post.Message, Repeat: d.job.Try > 1, Urgent: d.post.Class.Lane() <= scheduler.Escalation.Lane()}
	if before != nil {
		out.Edit = before.ID
	}
	if d.parent != nil {
		if top := d.parent.at(to); top != nil {
			out.Under = top.ID
		}
	}
	once := sha256.Sum256(fmt.Appendf(nil, "%s|%s|%d|%+v", d.org.ID, d.job.Name, d.post.Edition, to))
	out.Once = hex.EncodeToString(once[:12])
	return out
}

// remember stores the id of a message that has arrived, beside what others stored meanwhile.
func (d *delivering) remember(ctx context.Context, s sent) error {
	return d.bot.store.Update(ctx, func(tx Tx) error {
		now, err := readPost(ctx, tx, d.org.ID, d.job.Name)
		if err != nil {
			return fmt.Errorf("find post %s: %w", d.job.Name, err)
		}
		if old := now.at(s.At); old != nil {
			*old = s
		} else {
			now.Sent = append(now.Sent, s)
		}
		return now.put(ctx, tx, d.org.ID)
	})
}

// done finishes the job. Who could not be reached on the way is told to the lead, with how to mend it.
func (d *delivering) done(ctx context.Context) error {
	failpoint.Hit("F14")
	return d.bot.store.Update(ctx, func(tx Tx) error {
		if err := tx.FinishJob(ctx, d.job); err != nil {
			return err
		}
		return d.complain(ctx, tx)
	})
}

// nowhere is reached when no route worked. What must arrive is tried again; the rest is noted and ends.
func (d *delivering) nowhere(ctx context.Context) error {
	if d.post.Class.Lane() <= scheduler.Escalation.Lane() && d.post.To.At == nil {
		return fmt.Errorf("post %s reached nobody: %v", d.job.Name, d.lost)
	}
	return d.bot.store.Update(ctx, func(tx Tx) error {
		if err := tx.FinishJob(ctx, d.job); err != nil {
			return err
		}
		t := d.bot.turn(tx, d.org, Person{})
		return tx.Append(ctx, d.org.ID, Entry{At: t.Now, What: "post.undelivered", Ref: Ref(d.job.About), Note: d.job.Name})
	})
}

// complainPrefix marks the posts that say that another post did not arrive, so that these are not complained about in turn.
const complainPrefix = "unreachable/"

func (d *delivering) complain(ctx context.Context, tx Tx) error {
	if len(d.lost) == 0 || len(d.job.Name) > len(complainPrefix) && d.job.Name[:len(complainPrefix)] == complainPrefix {
		return nil
	}
	t := d.bot.turn(tx, d.org, Person{})
	m := Say(d.lost[0], d.lost[1:]...)
	told := sha256.Sum256([]byte(strings.Join(d.lost, "|")))
	key := complainPrefix + t.Today().String() + "/" + hex.EncodeToString(told[:6]) // once a day for the same people
	if _, err := readPost(ctx, tx, d.org.ID, key); !errors.Is(err, ErrNotFound) {
		return err
	}
	return t.post(ctx, Post{Key: key, To: Audience{Role: DPLead, Private: true, Not: d.post.To.Not}, Class: scheduler.Escalation, Message: *m}, t.Now)
}

func called(a Address) string {
	switch {
	case words.Has("bot.role-" + a.Name):
		return words.Say("en", "bot.role-"+a.Name)
	case a.Name != "":
		return a.Name
	case a.Channel != "":
		return "the channel " + a.Channel
	}
	return a.User
}
