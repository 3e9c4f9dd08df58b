package bot

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"shareright/internal/failpoint"
	"shareright/knowledge/words"
	"shareright/scheduler"
)

const (
	// patience is how long what is urgent waits for a way that fails for a time. Then the
	// next ways are tried as well, while the better one is tried again.
	patience = 25 * time.Second
	// leash is the same for a platform that says when it wants to be asked again.
	leash = 45 * time.Second
	// attempt is how long one try of something urgent may take, so that a platform that
	// hangs leaves time for the next within one lease.
	attempt = 8 * time.Second
	// whole is the same for what is not urgent, or takes many steps: a lease.
	whole = 30 * time.Second
	// hurry is how long a way that does not say when is left alone at most while nobody has
	// the message, for as long as restless; from then on it is rest.
	hurry    = 15 * time.Second
	rest     = time.Minute
	restless = 15 * time.Minute
	// enough is how long a way that fails is tried again once somebody else has the message.
	enough = 24 * time.Hour
)

// delivering is one post on its way.
type delivering struct {
	bot          *Bot
	org          Org
	job          scheduler.Job
	post, parent *stored
	routes       []Route
	reads        map[Address]Lang // who chose a language
	lost         []string         // who could not be reached, and how to mend it
	stuck        map[string]bool  // platforms that hang, in this walk
	trail        []Entry          // what was tried and did not work
	next         time.Duration    // after which the first of the ways that failed may work
}

// urgent says whether somebody in charge must be reached: then there is a next way, and each try is on record.
func (d *delivering) urgent() bool {
	return d.post.Class.Lane() <= scheduler.Escalation.Lane() && d.post.To.At == nil
}

// walk goes from the best way to the next until somebody has the message. A way that fails
// for a time is tried again later; what is urgent does not wait for that longer than patience.
func (d *delivering) walk(ctx context.Context) error {
	told, again, wide := false, error(nil), d.post.Wide
	on := wide // once one way has been waited for long enough, no other is waited for
	for _, route := range d.routes {
		if route = d.along(route, told); len(route) == 0 {
			continue
		}
		reached, err := d.serve(ctx, route, again != nil && !wide)
		if errors.Is(err, scheduler.ErrLost) {
			return err
		}
		told = told || reached
		again, on = cmp.Or(again, err), on || err != nil && d.late(err)
		if err != nil && !(on && d.urgent()) {
			break
		}
		if told && !d.post.To.Loud {
			break
		}
	}
	switch {
	case told && again != nil && d.bot.now().Sub(d.post.Since) > enough:
		return d.done(ctx)
	case again != nil && told:
		return d.failed(ctx, again)
	case again != nil:
		return d.soon(d.failed(ctx, again))
	case told:
		return d.done(ctx)
	}
	return d.nowhere(ctx)
}

// along is what of a route is of use now. Notice alone is for what is urgent; and once
// somebody has it, a loud post still goes to everybody of its own role, and nowhere else.
func (d *delivering) along(route Route, told bool) Route {
	return slices.DeleteFunc(slices.Clone(route), func(to Address) bool {
		return told && to.Name != string(d.post.To.Role) || d.bot.onlyNotice(to) && !d.urgent() && d.post.To.At == nil
	})
}

// late says whether the next way must be tried: the post has waited too long, or would by
// the time at which the platform wants to be asked again, or the way is known to hang.
func (d *delivering) late(err error) bool {
	var later scheduler.Later
	waited := d.bot.now().Sub(d.post.Since)
	if errors.As(err, &later) {
		return waited+later.RetryAfter() >= leash
	}
	return waited >= patience || errors.Is(err, errHangs)
}

// sooner is a failure after which the ways are gone again at a time of our own.
type sooner struct {
	error
	after time.Duration
}

func (s sooner) Unwrap() error             { return s.error }
func (s sooner) RetryAfter() time.Duration { return s.after }

// soon goes the ways again as soon as the first of them may work, while nobody has what is
// urgent. A way that wants to be left alone for longer is: its platform sees to that.
func (d *delivering) soon(err error) error {
	if !d.urgent() || errors.Is(err, scheduler.ErrLost) {
		return err
	}
	if d.next == 0 {
		d.wants(err)
	}
	return sooner{err, d.next}
}

// wants takes down when a way that failed may be tried again.
func (d *delivering) wants(err error) {
	most := rest
	if d.bot.now().Sub(d.post.Since) < restless {
		most = hurry
	}
	after := backoff(d.job.Try, most)
	var later scheduler.Later
	if errors.As(err, &later) && later.RetryAfter() > 0 {
		after = later.RetryAfter()
	}
	if d.next == 0 || after < d.next {
		d.next = after
	}
}

// serve serves every address of a route. It says whether anybody has the message, and what
// should be tried again.
func (d *delivering) serve(ctx context.Context, route Route, fresh bool) (reached bool, again error) {
	for _, to := range route {
		notice := d.bot.onlyNotice(to) && d.post.Trail == "" // a checkpoint is for a mailbox, and there in full
		before := d.post.at(to)
		if before != nil && (notice || before.Edition >= d.post.Edition) {
			reached = reached || !notice
			continue
		}
		platform, ok := d.bot.platforms[to.Platform]
		if !ok {
			d.unreachable(to, "")
			continue
		}
		if d.stuck[to.Platform] || d.bot.hung.shuns(to, d.bot.o.Now()) {
			again = cmp.Or(again, fmt.Errorf("%s: %w", to.Platform, errHangs))
			d.wants(nil)
			continue
		}
		out := d.delivery(to, before)
		out.Repeat = out.Repeat && !fresh
		err := d.try(ctx, platform, out)
		var gone *Unreachable
		switch {
		case err == nil:
			reached = reached || !notice
		case errors.Is(err, scheduler.ErrLost):
			return reached, err // another process goes on from here
		case errors.As(err, &gone):
			d.unreachable(to, gone.Fix)
			d.note("post.unreachable", to)
		default:
			again = cmp.Or(again, fmt.Errorf("deliver %s to %s: %w", d.job.Name, to.Platform, err))
			d.wants(err)
			d.note("post.failed", to)
		}
	}
	return reached, again
}

// try sends to one address and remembers where the message stands then.
func (d *delivering) try(ctx context.Context, platform Platform, out Delivery) error {
	failpoint.Hit("F12")
	if err := d.held(ctx); err != nil {
		return err
	}
	most := whole
	if d.urgent() {
		most = attempt
	}
	var id MessageID
	hangs, err := d.bot.timed(ctx, out.To, most, func(in context.Context) (err error) {
		id, err = d.send(in, platform, out)
		return err
	})
	if err != nil {
		d.stuck[out.To.Platform] = hangs
		return err
	}
	failpoint.Hit("F13")
	return d.remember(ctx, sent{At: out.To, ID: id, Edition: d.post.Edition})
}

// held makes sure that the post is still ours to send: a process that stood still may find
// that another one has taken the job over and sent it.
func (d *delivering) held(ctx context.Context) error {
	return d.bot.store.View(ctx, func(tx Tx) error { return tx.Holds(ctx, d.job, d.bot.o.Now()) })
}

func (d *delivering) unreachable(to Address, fix string) {
	d.lost = append(d.lost, strings.TrimSpace(words.Say("en", "bot.unreachable", "who", called(to), "fix", fix)))
}

// note puts a try on record, without saying whose address it was.
func (d *delivering) note(what string, to Address) {
	if d.urgent() {
		d.trail = append(d.trail, Entry{At: d.bot.now(), What: what, Ref: d.post.About, Note: d.job.Name + " " + way(to)})
	}
}

// way is what the audit trail calls an address: the platform, and whether it is a channel or a role's holder.
func way(to Address) string {
	kind := "direct"
	if to.Channel != "" {
		kind = "channel"
	}
	return strings.TrimSpace(to.Platform + " " + kind + " " + to.Name)
}

func (d *delivering) delivery(to Address, before *sent) Delivery {
	out := Delivery{To: to, Message: d.post.words(d.reads[to]), Repeat: d.job.Try > 1, About: d.post.About, Trail: d.post.Trail,
		Urgent: d.post.Class.Lane() <= scheduler.Escalation.Lane(), Legal: d.post.Class == scheduler.Statutory}
	if before != nil {
		out.Edit = before.ID
	}
	if d.parent != nil {
		if top := d.parent.at(to); top != nil {
			out.Under = top.ID
		}
	}
	edition := d.post.Edition
	if d.bot.onlyNotice(to) {
		out.Chat = d.chat()
		edition = 1 // notice is given once, however often the message itself is edited
	}
	out.Closed = d.org.Picked && to.Channel != "" && d.post.To.At == nil && d.otherwise(to)
	once := sha256.Sum256(fmt.Appendf(nil, "%s|%s|%d|%+v", d.org.ID, d.job.Name, edition, to))
	out.Once = hex.EncodeToString(once[:12])
	return out
}

// otherwise says whether somebody can have the message elsewhere in chat: a channel that
// everybody reads is better than nobody at all. One that stands in the settings was chosen by
// whoever runs the bot, who is warned of it; one that was picked in chat may be a slip of the hand.
func (d *delivering) otherwise(than Address) bool {
	return slices.ContainsFunc(slices.Concat(d.routes...), func(to Address) bool { return to != than && !d.bot.onlyNotice(to) })
}

// chat is where the message waits in chat: the channel and the messages of the role it is for.
func (d *delivering) chat() []Waiting {
	var places []Waiting
	for _, route := range d.routes {
		for _, to := range route {
			platform, ok := d.bot.platforms[to.Platform]
			if !ok || to.Name != string(d.post.To.Role) || d.bot.onlyNotice(to) {
				continue
			}
			at := Waiting{Platform: to.Platform, Channel: to.Channel != ""}
			if linker, can := able[Linker](platform); can {
				at.Link = linker.Link(to)
			}
			if !slices.Contains(places, at) {
				places = append(places, at)
			}
		}
	}
	return places
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
		if d.urgent() {
			e := Entry{At: d.bot.now(), What: "post.sent", Ref: now.About, Note: d.job.Name + " " + way(s.At)}
			if err := tx.Append(ctx, d.org.ID, e); err != nil {
				return fmt.Errorf("append to the audit trail: %w", err)
			}
		}
		return now.put(ctx, tx, d.org.ID)
	})
}

// record appends what did not work to the audit trail.
func (d *delivering) record(ctx context.Context, tx Tx) error {
	for _, e := range d.trail {
		if err := tx.Append(ctx, d.org.ID, e); err != nil {
			return fmt.Errorf("append to the audit trail: %w", err)
		}
	}
	return nil
}

// failed puts on record what was tried, and gives the job back with the reason.
func (d *delivering) failed(ctx context.Context, why error) error {
	if !d.urgent() {
		return why
	}
	err := d.bot.store.Update(context.WithoutCancel(ctx), func(tx Tx) error {
		if now, err := readPost(ctx, tx, d.org.ID, d.job.Name); err == nil && !now.Wide && d.late(why) && now.Edition == d.post.Edition {
			now.Wide = true
			if err := now.put(ctx, tx, d.org.ID); err != nil {
				return err
			}
		}
		return d.record(ctx, tx)
	})
	return errors.Join(why, err)
}

// done finishes the job. Who could not be reached on the way is told to the lead, with how to mend it.
func (d *delivering) done(ctx context.Context) error {
	failpoint.Hit("F14")
	return d.bot.store.Update(ctx, func(tx Tx) error {
		if err := d.bot.finishPost(ctx, tx, d.job, d.post); err != nil {
			return err
		}
		if err := d.record(ctx, tx); err != nil {
			return err
		}
		return d.complain(ctx, tx)
	})
}

// nowhere is reached when no route worked. What must arrive is tried again; the rest is noted and ends.
func (d *delivering) nowhere(ctx context.Context) error {
	if d.urgent() {
		return d.soon(d.failed(ctx, fmt.Errorf("post %s reached nobody: %v", d.job.Name, d.lost)))
	}
	return d.bot.store.Update(ctx, func(tx Tx) error {
		if err := d.bot.finishPost(ctx, tx, d.job, d.post); err != nil {
			return err
		}
		t := d.bot.turn(tx, d.org, Person{})
		return tx.Append(ctx, d.org.ID, Entry{At: t.Now, What: "post.undelivered", Ref: Ref(d.job.About), Note: d.job.Name})
	})
}

// complainPrefix marks the posts that say that another post did not arrive, so that these are not complained about in turn.
const complainPrefix = "unreachable/"

func (d *delivering) complain(ctx context.Context, tx Tx) error {
	if len(d.lost) == 0 || strings.HasPrefix(d.job.Name, complainPrefix) {
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
