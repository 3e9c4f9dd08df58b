package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"shareright/internal/failpoint"
	"shareright/knowledge/words"
	"shareright/scheduler"
)

// For each legal clock that runs, a message lies ready on a platform that can keep one. The
// platform posts it by itself a little after the moment at which this program would have
// spoken. The program takes it back as soon as it has spoken itself. So the people in charge
// hear of the limit even when the machine is gone for good.

const (
	aheadKind = "bot.ahead" // stored with jobs; the job's name is a record's reference, or every
	aheadRow  = "ahead"     // stored; one row a message that is kept, under the clock's key
	everyOne  = "*"

	// grace is how long after its own moment the program's silence counts as a failure.
	grace = 10 * time.Minute
	// soonest and farthest are the times from now that a platform takes a message for.
	soonest  = 2 * time.Minute
	farthest = 119 * 24 * time.Hour
	// moved is by how much a platform may move a message that it has no room for at its time.
	moved = 15 * time.Minute
	// lookBack is when it is looked again whether the program's own message has arrived.
	lookBack = time.Minute
)

// held is a message that a platform keeps. It is stored: fields may be added, never renamed.
type held struct {
	To Address   `json:"to"`
	ID MessageID `json:"id,omitempty"` // empty while it is not known whether the platform has it
	At time.Time `json:"at"`

	row Row
}

// is says whether a message that a platform keeps is this one.
func (h held) is(k Kept) bool {
	if h.ID != "" {
		return h.ID == k.ID
	}
	late := k.At.Sub(h.At)
	return late >= 0 && late <= moved && strings.Contains(k.Text, h.row.State)
}

// holding says whether any platform can keep messages; otherwise nothing of this file happens.
func (b *Bot) holding() bool {
	for _, p := range b.platforms {
		if _, can := able[Holder](p); can {
			return !b.o.Simulated
		}
	}
	return false
}

// lookAhead has the kept messages of a record brought in line with its clocks. Nobody waits for
// that as for an urgent message, which it must not stand in the way of.
func (b *Bot) lookAhead(ctx context.Context, tx Tx, org OrgID, about string, due time.Time) error {
	if about == "" || !b.holding() {
		return nil
	}
	return tx.PutJob(ctx, scheduler.Job{Key: scheduler.Key{Org: string(org), Kind: aheadKind, Name: about}, Due: due,
		Class: scheduler.Routine, About: aheadKind})
}

// clocksOf names the records whose legal clocks an outcome starts or stops.
func (b *Bot) clocksOf(t Turn, o Outcome) []string {
	var all []string
	for _, job := range o.Jobs {
		if b.timers[job.Kind].Ahead != nil && !slices.Contains(all, job.About) {
			all = append(all, job.About)
		}
	}
	for _, key := range o.Stop {
		about := string(t.Ref)
		if about == "" {
			about = string(o.only())
		}
		if b.timers[key.Kind].Ahead != nil && !slices.Contains(all, about) {
			all = append(all, about)
		}
	}
	return all
}

// wanted is a message that should lie ready.
type wanted struct {
	key   string
	about string
	at    time.Time
	ways  []Address
}

// ahead brings the kept messages in line with the clocks that run. Where that fails it is tried
// again soon: a message that is not taken back in time would frighten people.
func (b *Bot) ahead(ctx context.Context, org Org, job scheduler.Job) error {
	look := b.aheadOf
	if job.Name == everyOne {
		look = b.aheadEvery
	}
	return atMost(job, rest, look(ctx, org, job))
}

// aheadOf does it for one record.
func (b *Bot) aheadOf(ctx context.Context, org Org, job scheduler.Job) error {
	var want []wanted
	var have []held
	unsaid := false // the program's own message is still on its way
	err := b.store.View(ctx, func(tx Tx) (err error) {
		if want, unsaid, err = b.wantedAhead(ctx, tx, org, job.Name); err == nil {
			have, err = kept(ctx, tx, org.ID, Query{States: []string{job.Name}})
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("what should lie ready for %s: %w", job.Name, err)
	}
	for _, h := range have {
		i := slices.IndexFunc(want, func(w wanted) bool { return w.key == h.row.Ref && w.at.Equal(h.At) && slices.Contains(w.ways, h.To) })
		if i >= 0 && h.ID != "" {
			want = slices.Delete(want, i, i+1)
			continue
		}
		if i < 0 && unsaid {
			continue
		}
		if err := b.takeBack(ctx, org, job, h); err != nil {
			return err
		}
	}
	for _, w := range want {
		if now := b.now(); w.at.Before(now.Add(soonest)) || w.at.After(now.Add(farthest)) {
			continue // too late for a platform to take it; or too early, and the daily look is in time
		}
		if err := b.lay(ctx, org, job, w); err != nil {
			return err
		}
	}
	return b.store.Update(ctx, func(tx Tx) error {
		if err := tx.FinishJob(ctx, job); err != nil || !unsaid {
			return err
		}
		return b.lookAhead(ctx, tx, org.ID, job.Name, b.now().Add(lookBack))
	})
}

// wantedAhead lists the messages that should lie ready for a record. unsaid says that a
// statutory message about it has not arrived yet.
func (b *Bot) wantedAhead(ctx context.Context, tx Tx, org Org, about string) (want []wanted, unsaid bool, err error) {
	if org, err = b.dir.Now(ctx, tx, org); err != nil {
		return nil, false, err
	}
	jobs, err := tx.Pending(ctx, string(org.ID), about)
	if err != nil {
		return nil, false, err
	}
	t := b.turn(tx, org, Person{})
	t.Ref = Ref(about)
	for _, job := range jobs {
		if job.Kind == deliverKind && job.Class == scheduler.Statutory {
			unsaid = true
		}
		at := job.Due.Add(grace).Truncate(time.Second)
		ask := b.timers[job.Kind].Ahead
		if ask == nil || job.Class != scheduler.Statutory {
			continue
		}
		to, yes, err := ask(ctx, t)
		if err != nil {
			return nil, false, err
		}
		if !yes {
			continue
		}
		w := wanted{key: job.Kind + "/" + job.Name, about: about, at: at}
		routes, err := b.routes(ctx, tx, org, to)
		if err != nil {
			return nil, false, err
		}
		for _, way := range slices.Concat(routes...) {
			if _, can := able[Holder](b.platforms[way.Platform]); can {
				w.ways = append(w.ways, way)
			}
		}
		want = append(want, w)
	}
	return want, unsaid, nil
}

func kept(ctx context.Context, tx Tx, org OrgID, q Query) ([]held, error) {
	q.Kind, q.Limit = aheadRow, everything
	rows, err := tx.Find(ctx, org, q)
	if err != nil {
		return nil, err
	}
	all := make([]held, len(rows))
	for i, row := range rows {
		all[i].row = row
		if err := json.Unmarshal(row.Body, &all[i]); err != nil {
			return nil, fmt.Errorf("read what lies ready for %s: %w", row.Ref, err)
		}
	}
	return all, nil
}

// lay leaves one message with the first platform that takes it. What is meant to be there
// is stored before, and where it is after; between the two only the platform knows. Who has
// lost the job meanwhile takes the message back: another looks at the record anew.
func (b *Bot) lay(ctx context.Context, org Org, job scheduler.Job, w wanted) error {
	for _, to := range w.ways {
		if b.hung.shuns(to, b.o.Now()) {
			return fmt.Errorf("leave a message about %s with %s: %w", w.about, to.Platform, errHangs)
		}
		holder, _ := able[Holder](b.platforms[to.Platform])
		h := held{To: to, At: w.at, row: Row{Kind: aheadRow, Ref: w.key, Index: Index{State: w.about, Due: w.at}}}
		if err := b.putHeld(ctx, job, h); err != nil {
			return err
		}
		_, err := b.timed(ctx, to, attempt, func(ctx context.Context) (err error) {
			h.ID, err = holder.Hold(ctx, to, ready(w.about), w.at)
			return err
		})
		var gone *Unreachable
		if errors.As(err, &gone) {
			if err := b.dropHeld(ctx, job, w.key); err != nil {
				return err
			}
			continue
		}
		if err != nil {
			return fmt.Errorf("leave a message about %s with %s: %w", w.about, to.Platform, err)
		}
		failpoint.Hit("F15")
		if err = b.putHeld(ctx, job, h); errors.Is(err, scheduler.ErrLost) {
			err = errors.Join(err, holder.Unhold(ctx, to, h.ID))
		}
		return err
	}
	return nil
}

// ready is what lies ready. It gives nothing away but the reference.
func ready(about string) Message {
	say := func(key string) string { return words.Say("en", "bot.ahead-"+key, "ref", about) }
	return *Say(say("title"), say("why"), say("do"), say("mend"))
}

// takeBack takes one message back, wherever it stands.
func (b *Bot) takeBack(ctx context.Context, org Org, job scheduler.Job, h held) error {
	holder, can := able[Holder](b.platforms[h.To.Platform])
	if !can {
		return b.dropHeld(ctx, job, h.row.Ref) // the platform is not in use any more
	}
	ids := []MessageID{h.ID}
	if h.ID == "" {
		all, err := b.holdingAt(ctx, holder, h.To)
		if err != nil {
			return b.unlessGone(ctx, job, h, err)
		}
		ids = nil
		for _, k := range all {
			if h.is(k) {
				ids = append(ids, k.ID)
			}
		}
		if err := b.store.View(ctx, func(tx Tx) error { return tx.Holds(ctx, job, b.o.Now()) }); err != nil {
			return err // what was found may be what another has left there since
		}
	}
	failpoint.Hit("F16")
	for _, id := range ids {
		err := b.unlessHung(ctx, h.To, attempt, func(ctx context.Context) error { return holder.Unhold(ctx, h.To, id) })
		if err != nil {
			return b.unlessGone(ctx, job, h, err)
		}
	}
	return b.dropHeld(ctx, job, h.row.Ref)
}

// holdingAt lists what a platform keeps in a workspace, which may be many pages.
func (b *Bot) holdingAt(ctx context.Context, holder Holder, at Address) (all []Kept, err error) {
	err = b.unlessHung(ctx, at, whole, func(ctx context.Context) (err error) {
		all, err = holder.Holding(ctx, at.Workspace)
		return err
	})
	return all, err
}

// unlessGone gives up where nothing can be done any more: the app was removed, and its messages with it.
func (b *Bot) unlessGone(ctx context.Context, job scheduler.Job, h held, err error) error {
	if gone := new(Unreachable); errors.As(err, &gone) {
		return b.dropHeld(ctx, job, h.row.Ref)
	}
	return fmt.Errorf("take back a message from %s: %w", h.To.Platform, err)
}

// putHeld stores where a message lies, for as long as the job is ours.
func (b *Bot) putHeld(ctx context.Context, job scheduler.Job, h held) error {
	org := OrgID(job.Org)
	body, err := json.Marshal(h)
	if err != nil {
		return fmt.Errorf("store what lies ready: %w", err)
	}
	return b.store.Update(ctx, func(tx Tx) error {
		if err := tx.Holds(ctx, job, b.o.Now()); err != nil {
			return err
		}
		row := h.row
		old, err := tx.Get(ctx, org, aheadRow, row.Ref)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
		row.Version, row.Body = old.Version, body
		return tx.Put(ctx, org, row)
	})
}

func (b *Bot) dropHeld(ctx context.Context, job scheduler.Job, ref string) error {
	return b.store.Update(ctx, func(tx Tx) error {
		if err := tx.Holds(ctx, job, b.o.Now()); err != nil {
			return err
		}
		return tx.Erase(ctx, OrgID(job.Org), aheadRow, ref)
	})
}
