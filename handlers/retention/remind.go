package retention

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"shareright/bot"
	"shareright/knowledge/calendar"
	knowledge "shareright/knowledge/retention"
	"shareright/scheduler"
)

// remindKind is the timer of the next reminder. It is stored with pending jobs.
const remindKind = "retention.remind"

// remind says what is true this morning. What was missed meanwhile is in the same
// message, and a reminder whose reason has gone says nothing.
func (h handler) remind(ctx context.Context, t bot.Turn, _ scheduler.Job) (bot.Outcome, error) {
	r, err := h.load(ctx, t, t.Ref)
	if errors.Is(err, bot.ErrNotFound) {
		return bot.Outcome{}, nil
	}
	if err != nil {
		return bot.Outcome{}, err
	}
	day, on := t.Today(), t.Mornings()
	left, err := h.inherited(ctx, t, &r)
	if err != nil {
		return bot.Outcome{}, err
	}
	if r.state() == waiting {
		r = h.refreshed(r, day)
	}
	plan, some := r.reminders(on)
	if !some {
		return bot.Outcome{}, nil
	}
	if next := plan.Next(r.Told); next.After(day) || !on.Open(day) {
		at := on.At(calendar.Latest(next, day), t.Org.Zone)
		job := scheduler.Job{Key: scheduler.Key{Kind: remindKind, Name: string(t.Ref)}, Due: at, Class: scheduler.Routine, About: string(t.Ref)}
		return bot.Outcome{Jobs: []scheduler.Job{job}}, nil
	}
	if len(r.live) > 0 && r.Hold == nil {
		return h.kept(t, r, day), nil
	}
	missed, waited := plan.Missed(r.Told, day), r.Waits
	r.Told, r.Waits = day, false
	m := bot.Say(h.headline(t, r, day))
	if waited {
		m.Add(bot.Para, t.Say("retention.live-over"))
	} else if missed > 0 {
		m.Add(bot.Para, t.Say("retention.missed", "n", strconv.Itoa(missed)))
	}
	if left != "" {
		m.Add(bot.Para, left)
	}
	m.Body = append(m.Body, h.facts(ctx, t, t.Ref, r))
	m.With(buttons(t, t.Ref, r)...)
	var o bot.Outcome
	for _, card := range r.Cards { // only the newest keeps its buttons
		o.Posts = append(o.Posts, bot.Post{Key: card.Key, To: card.To, Class: scheduler.Cosmetic, Message: *bot.Say(t.Say("retention.card-newer", "file", r.File))})
	}
	r.posted(&o, key(t.Ref)+"/"+day.String(), *m, r.whom(t, day)...)
	o.Save = map[bot.Ref]bot.Record{t.Ref: r}
	h.plan(t, t.Ref, r, &o)
	return o, nil
}

// kept is the morning of a file that a live request keeps: it is said once, and looked at
// again each working morning until the request is over.
func (h handler) kept(t bot.Turn, r Review, day calendar.Date) bot.Outcome {
	o := bot.Outcome{Jobs: []scheduler.Job{{Key: scheduler.Key{Kind: remindKind, Name: string(t.Ref)}, Class: scheduler.Routine, About: string(t.Ref),
		Due: t.Mornings().At(day.AddDays(1), t.Org.Zone)}}}
	if r.Waits {
		return o
	}
	m := bot.Say(t.Say("retention.remind-live", "file", r.File), r.liveLine(t))
	r.posted(&o, key(t.Ref)+"/live/"+day.String(), *m, bot.ToRole(bot.DPLead))
	r.Waits = true
	o.Save = map[bot.Ref]bot.Record{t.Ref: r}
	return o
}

// inherited gives the file of somebody who has left to the lead, and says so.
func (h handler) inherited(ctx context.Context, t bot.Turn, r *Review) (line string, err error) {
	gone, err := bot.HasLeft(ctx, t, r.Owner)
	if err != nil || !gone {
		return "", err
	}
	line = t.Say("retention.owner-left", "name", t.NameOf(ctx, r.Owner))
	r.Owner = t.Meant("")
	r.Log = append(r.Log, Line{At: t.Now, What: line})
	return line, nil
}

// headline is the most important thing about the file this morning.
func (h handler) headline(t bot.Turn, r Review, day calendar.Date) string {
	switch r.state() {
	case held:
		return t.Say("retention.remind-held", "file", r.File)
	case confirm:
		return t.Say("retention.remind-confirm", "file", r.File, "name", r.Disposal.ByName)
	}
	switch left := day.DaysTo(r.act()); {
	case left > 0 && r.act() == r.agreed().AddDays(1):
		return t.Say("retention.remind-consent", "file", r.File, "days", days(t, left))
	case left > 0 && r.Kind == knowledge.Maximum:
		return t.Say("retention.remind-latest", "file", r.File, "days", days(t, left))
	case left > 0:
		return t.Say("retention.remind-soon", "file", r.File, "days", days(t, left))
	case left < 0:
		return t.Say("retention.remind-late", "file", r.File, "days", days(t, -left))
	}
	return t.Say("retention.remind-due", "file", r.File)
}

func days(t bot.Turn, n int) string {
	if n == 1 {
		return t.Say("retention.day")
	}
	return t.Say("retention.days", "n", strconv.Itoa(n))
}

// whom are those to tell: the lead's channel and whoever looks after the file. When it
// has waited for two weeks each lead is told in person; where the lead is the one who
// looks after it, the deputy.
func (r Review) whom(t bot.Turn, day calendar.Date) []bot.Audience {
	isLead := slices.Contains(t.Org.People[bot.DPLead], r.Owner)
	switch r.state() {
	case held:
		return []bot.Audience{bot.ToRole(bot.DPLead)}
	case confirm:
		return []bot.Audience{bot.ToRolePrivately(bot.DPLead, r.Disposal.By)}
	}
	whom := []bot.Audience{bot.ToRole(bot.DPLead)}
	late := r.act().DaysTo(day) >= patience
	if late {
		whom[0] = bot.ToRolePrivately(bot.DPLead)
	}
	switch {
	case !isLead:
		whom = append(whom, bot.ToPerson(r.Owner))
	case late && len(t.Org.People[bot.Deputy]) > 0:
		whom = append(whom, bot.ToRole(bot.Deputy))
	}
	return whom
}
