package breach

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"shareright/bot"
	"shareright/scheduler"
)

// The timers of a breach. The names are stored with pending jobs.
const (
	milestone = "breach.milestone"
	chase     = "breach.chase"
)

// firstChase is how long a new breach may wait before somebody else is asked as well.
const firstChase = 4 * time.Hour

// jobs are all milestones of the clock that are still to come, and the first chase.
func (b Breach) jobs(ref bot.Ref, now time.Time) []scheduler.Job {
	var jobs []scheduler.Job
	for _, m := range b.clock().Milestones() {
		if m.At.After(now) {
			jobs = append(jobs, scheduler.Job{Key: milestoneKey(ref, m.Left), Due: m.At, Class: scheduler.Statutory, About: string(ref)})
		}
	}
	if len(jobs) == 0 { // reported after the 72 hours: say so at once
		jobs = append(jobs, scheduler.Job{Key: milestoneKey(ref, 0), Due: now, Class: scheduler.Statutory, About: string(ref)})
	}
	return append(jobs, chaseJob(ref, now.Add(firstChase)))
}

func milestoneKey(ref bot.Ref, left time.Duration) scheduler.Key {
	return scheduler.Key{Kind: milestone, Name: fmt.Sprintf("%s/%dh", ref, int(left.Hours()))}
}

func chaseJob(ref bot.Ref, due time.Time) scheduler.Job {
	return scheduler.Job{Key: scheduler.Key{Kind: chase, Name: string(ref)}, Due: due, Class: scheduler.Escalation, About: string(ref)}
}

// stopClock names every job of the breach, so that a finished one is never chased.
func (b Breach) stopClock(ref bot.Ref) []scheduler.Key {
	keys := []scheduler.Key{{Kind: chase, Name: string(ref)}}
	for _, m := range b.clock().Milestones() {
		keys = append(keys, milestoneKey(ref, m.Left))
	}
	return keys
}

// about wraps a clock of one breach: where the breach is erased, there is nothing left to say.
func about(do func(bot.Turn, Breach, scheduler.Job) (bot.Outcome, error)) func(context.Context, bot.Turn, scheduler.Job) (bot.Outcome, error) {
	return func(ctx context.Context, t bot.Turn, job scheduler.Job) (bot.Outcome, error) {
		b, err := bot.Load[Breach](ctx, t, t.Ref)
		if errors.Is(err, bot.ErrNotFound) {
			return bot.Outcome{}, nil
		}
		if err != nil {
			return bot.Outcome{}, err
		}
		return do(t, b, job)
	}
}

// milestone tells what is still true. After an outage one message names everything
// that was missed; the jobs behind it then find nothing left to say.
func (h handler) milestone(t bot.Turn, b Breach, _ scheduler.Job) (bot.Outcome, error) {
	if !b.running() {
		return bot.Outcome{}, nil
	}
	now, missed := b.passed(t.Now)
	if now < 0 || b.Warned != nil && *b.Warned <= now {
		return bot.Outcome{}, nil
	}
	b.Warned = &now
	m := bot.Say(b.title(t, t.Ref))
	if left := b.clock().Left(t.Now); left <= 0 {
		m = bot.Say(t.Say("breach.over", "ref", string(t.Ref), "people", b.people(t)), t.Say("breach.over-now"), t.Say("breach.over-reasons"))
	}
	if len(missed) > 0 {
		m.Add(bot.Para, t.Say("breach.missed", "hours", strings.Join(missed, ", ")))
	}
	m.With(h.next(t, t.Ref, b)...)
	o := bot.Outcome{Save: map[bot.Ref]bot.Record{t.Ref: b}, Posts: []bot.Post{b.card(h, t, t.Ref)}}
	if missing := b.unseen(t); b.Holder != "" && len(missing) > 0 {
		m.Add(bot.Para, t.Say("breach.line-unseen", "who", calledAll(t, missing))).
			With(bot.Button{Action: "breach.ack", Label: t.Say("breach.button-ack"), Ref: t.Ref})
		o.Jobs = []scheduler.Job{chaseJob(t.Ref, t.Now.Add(patience(b.clock().Left(t.Now))))}
	}
	for _, to := range b.warnWhom(t) {
		to.Loud = b.Holder == ""
		key := fmt.Sprintf("breach/%s/%dh/%s", t.Ref, now, to.Role)
		o.Posts = append(o.Posts, bot.Post{Key: key, To: to, Under: cardKey(t.Ref), Class: scheduler.Statutory, Message: *m})
	}
	return o, nil
}

// ahead is who hears of the limit when the program itself cannot speak.
func (handler) ahead(ctx context.Context, t bot.Turn) (bot.Audience, bool, error) {
	b, err := bot.Load[Breach](ctx, t, t.Ref)
	if errors.Is(err, bot.ErrNotFound) {
		return bot.Audience{}, false, nil
	}
	return b.audience(t), err == nil && b.running(), err
}

// passed returns the latest milestone reached, in hours left, and the earlier ones that
// nobody was told of. It returns -1 when none is reached.
func (b Breach) passed(now time.Time) (latest int, missed []string) {
	latest = -1
	for _, m := range b.clock().Milestones() {
		if m.At.After(now) {
			break
		}
		hours := int(m.Left.Hours())
		if latest >= 0 && latest != hours {
			missed = append(missed, strconv.Itoa(latest)+"h")
		}
		latest = hours
		if b.Warned != nil && *b.Warned <= hours {
			missed = nil
		}
	}
	if b.Warned != nil && len(missed) > 0 && missed[0] == strconv.Itoa(*b.Warned)+"h" {
		missed = missed[1:]
	}
	return latest, missed
}

// warnWhom widens as the time runs out: the lead, then the deputy, then the trustee.
func (b Breach) warnWhom(t bot.Turn) []bot.Audience {
	whom := []bot.Audience{b.audience(t)}
	left := b.clock().Left(t.Now)
	if left <= 12*time.Hour && b.About != bot.Deputy {
		whom = append(whom, b.round(t, bot.Deputy))
	}
	if left <= 4*time.Hour && b.About != bot.Trustee {
		whom = append(whom, b.round(t, bot.Trustee))
	}
	return distinct(whom)
}

// decay is how long an acknowledgement is believed; shorter as time runs out.
func decay(left time.Duration) time.Duration {
	switch {
	case left > 24*time.Hour:
		return 24 * time.Hour
	case left > 12*time.Hour:
		return 8 * time.Hour
	case left > 4*time.Hour:
		return 3 * time.Hour
	}
	return time.Hour
}

// patience is how long an unanswered question waits before the next person is asked.
func patience(left time.Duration) time.Duration {
	switch {
	case left > 24*time.Hour:
		return 4 * time.Hour
	case left > 4*time.Hour:
		return 2 * time.Hour
	}
	return 30 * time.Minute
}

// chase asks again where nobody has the breach, or where the person who took it has been silent.
func (h handler) chase(t bot.Turn, b Breach, _ scheduler.Job) (bot.Outcome, error) {
	if !b.running() {
		return bot.Outcome{}, nil
	}
	left := b.clock().Left(t.Now)
	due := b.HeldAt.Add(decay(left))
	if missing := b.unseen(t); b.Holder != "" && left <= lastHours && len(missing) > 0 && t.Now.Before(due) {
		return h.askBoth(t, b, left, missing), nil
	}
	switch {
	case b.Holder != "" && t.Now.Before(due):
		return bot.Outcome{Jobs: []scheduler.Job{chaseJob(t.Ref, due)}}, nil
	case b.Holder != "" && b.AskedAt.Before(b.HeldAt):
		b.AskedAt = t.Now
		m := bot.Say(t.Say("breach.still", "ref", string(t.Ref), "name", b.HolderName, "left", remaining(t, left))).
			With(bot.Button{Action: "breach.still", Label: t.Say("breach.button-still"), Ref: t.Ref, Style: bot.Primary})
		return h.chased(t, b, left, m, b.audience(t)), nil
	case b.Holder != "":
		b.note(t, t.Say("breach.log-silent", "name", b.HolderName))
		b.Holder, b.HolderName = "", ""
		if b.State == held {
			b.State = open
		}
	}
	b.Chased++
	m := bot.Say(t.Say("breach.nobody", "ref", string(t.Ref), "people", b.people(t), "left", remaining(t, left))).With(h.next(t, t.Ref, b)...)
	whom := []bot.Audience{b.audience(t), b.round(t, bot.Deputy)}
	if b.Chased > 1 {
		whom = append(whom, b.round(t, bot.Trustee))
	}
	return h.chased(t, b, left, m, whom...), nil
}

func (h handler) chased(t bot.Turn, b Breach, left time.Duration, m *bot.Message, whom ...bot.Audience) bot.Outcome {
	o := bot.Outcome{Save: map[bot.Ref]bot.Record{t.Ref: b}, Posts: []bot.Post{b.card(h, t, t.Ref)},
		Jobs: []scheduler.Job{chaseJob(t.Ref, t.Now.Add(patience(left)))}}
	for _, to := range distinct(whom) {
		to.Loud = b.Holder == ""
		key := fmt.Sprintf("breach/%s/chase/%d/%s", t.Ref, t.Now.Unix(), to.Role)
		o.Posts = append(o.Posts, bot.Post{Key: key, To: to, Under: cardKey(t.Ref), Class: scheduler.Escalation, Message: *m})
	}
	return o
}

// audience is who has the breach in hand: the data protection lead, or somebody else where the report is about the lead.
func (b Breach) audience(t bot.Turn) bot.Audience {
	if b.About == bot.DPLead {
		return b.round(t, bot.Trustee)
	}
	return b.round(t, bot.DPLead)
}

// round is a role, reached privately and round the people the report is about.
func (b Breach) round(t bot.Turn, role bot.Role) bot.Audience {
	if b.About == bot.Anyone {
		return bot.ToRole(role)
	}
	return bot.ToRolePrivately(role, t.Org.People[b.About]...)
}

func distinct(all []bot.Audience) []bot.Audience {
	var out []bot.Audience
	seen := map[bot.Role]bool{}
	for _, a := range all {
		if !seen[a.Role] {
			seen[a.Role] = true
			out = append(out, a)
		}
	}
	return out
}
