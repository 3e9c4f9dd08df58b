package rights

import (
	"context"
	"errors"
	"strconv"

	"shareright/bot"
	"shareright/knowledge/calendar"
	"shareright/knowledge/reminder"
	"shareright/scheduler"
)

// remindKind is stored with pending jobs.
const remindKind = "rights.remind"

// weekly is how often, in days, the lead is asked whether the answer to a question has come.
const weekly = 7

// near is from how many days left the deputy hears of it as well.
const near = 1

// reminders are the mornings on which the lead hears of a request. A reminder never waits
// until after the last day. While the clock stands still, only the question is asked after.
func (h handler) reminders(t bot.Turn, r Request) reminder.Plan {
	if since, yes := h.stopped(t, r); yes {
		return reminder.Plan{Due: since.AddDays(weekly), Every: weekly, Nation: t.Nation()}
	}
	if r.Right == complaint && !r.Acknowledged.IsZero() {
		return reminder.Plan{Due: r.Next, Every: inquiry, Nation: t.Nation()}
	}
	return reminder.Plan{Due: r.Next, Before: []int{14, 7, 3, 1}, Every: 1, Last: true, Nation: t.Nation()}
}

// plan puts the next reminder into an outcome in place of the one before, or stops it. One
// job at a time stands for the whole plan, so an outage cannot pile them up.
func (h handler) plan(t bot.Turn, ref bot.Ref, r Request, o *bot.Outcome) {
	key := scheduler.Key{Kind: remindKind, Name: string(ref)}
	if r.over() {
		o.Stop = append(o.Stop, key)
		return
	}
	o.Jobs = append(o.Jobs, h.job(t, ref, r))
}

func (h handler) job(t bot.Turn, ref bot.Ref, r Request) scheduler.Job {
	return scheduler.Job{Key: scheduler.Key{Kind: remindKind, Name: string(ref)}, Class: scheduler.Statutory, About: string(ref),
		Due: reminder.Morning(t.Nation(), h.reminders(t, r).Next(r.Told), t.Org.Zone)}
}

// remind tells the lead what is true this morning. What was missed meanwhile is in the same message.
func (h handler) remind(ctx context.Context, t bot.Turn, _ scheduler.Job) (bot.Outcome, error) {
	r, err := bot.Load[Request](ctx, t, t.Ref)
	if errors.Is(err, bot.ErrNotFound) {
		return bot.Outcome{}, nil
	}
	if err != nil || r.over() {
		return bot.Outcome{}, err
	}
	now, mornings := t.Today(), h.reminders(t, r)
	if mornings.Next(r.Told).After(now) {
		return bot.Outcome{Jobs: []scheduler.Job{h.job(t, t.Ref, r)}}, nil
	}
	missed := mornings.Missed(r.Told, now)
	r.Told = now
	m := h.reminded(t, r)
	if missed > 0 {
		m.Add(bot.Para, t.Say("rights.missed", "n", strconv.Itoa(missed)))
	}
	m.With(h.buttons(t, t.Ref, r, true)...)
	o := bot.Outcome{Save: map[bot.Ref]bot.Record{t.Ref: r}, Posts: []bot.Post{h.card(t, t.Ref, r)}, Jobs: []scheduler.Job{h.job(t, t.Ref, r)}}
	whom := []bot.Role{bot.DPLead}
	if now.DaysTo(r.Next) <= near && !h.waits(t, r) {
		whom = append(whom, bot.Deputy)
	}
	for _, role := range whom {
		o.Posts = append(o.Posts, bot.Post{Key: cardKey(t.Ref) + "/" + now.String() + "/" + string(role), To: bot.ToRole(role), Under: cardKey(t.Ref),
			Class: scheduler.Statutory, Message: *m})
	}
	return o, nil
}

// waits says that no day of the law is near: the clock stands still, or a complaint is being looked into.
func (h handler) waits(t bot.Turn, r Request) bool {
	_, stopped := h.stopped(t, r)
	return stopped || r.Right == complaint && !r.Acknowledged.IsZero()
}

func (h handler) reminded(t bot.Turn, r Request) *bot.Message {
	ref := string(t.Ref)
	if since, yes := h.stopped(t, r); yes {
		return bot.Say(t.Say("rights.remind-stopped", "ref", ref, "date", since.Long()), t.Say("rights.remind-stopped-now"))
	}
	if h.waits(t, r) {
		return bot.Say(t.Say("rights.remind-complaint", "ref", ref, "date", r.Acknowledged.Long()), t.Say("rights.complaint-next"))
	}
	left := t.Today().DaysTo(r.Next)
	m := bot.Say("")
	switch {
	case left > 0:
		m.Title = t.Say("rights.remind-soon-"+kind(r), "ref", ref, "days", days(t, left), "date", r.Next.Long())
	case left == 0:
		m.Title = t.Say("rights.remind-today-"+kind(r), "ref", ref)
	default:
		m.Title = t.Say("rights.remind-late", "ref", ref, "days", days(t, -left))
	}
	if due, err := h.due(t, r); err == nil && due.Latest.After(due.Date) {
		m.Add(bot.Para, h.dates(t, r, due))
	}
	if left < 0 {
		m.Add(bot.Para, t.Say("rights.remind-late-"+kind(r)))
	}
	return m.Add(bot.Para, h.waitingFor(t, r))
}

// waitingFor is the next step in words.
func (h handler) waitingFor(t bot.Turn, r Request) string {
	switch {
	case r.Holder == "":
		return t.Say("rights.remind-nobody")
	case r.Doubt == "yes" && r.IDCame == (calendar.Date{}):
		return t.Say("rights.remind-identity")
	}
	return t.Say("rights.remind-held", "name", r.HolderName)
}
