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
		return reminder.Plan{Due: since.AddDays(weekly), Every: weekly, On: t.Mornings()}
	}
	if r.Right == complaint && !r.Acknowledged.IsZero() {
		return reminder.Plan{Due: r.Next, Every: inquiry, On: t.Mornings()}
	}
	if r.atOnce() && r.Stopped.IsZero() { // every working morning until it has stopped
		return reminder.Plan{Due: calendar.On(r.Logged, t.Org.Zone), Every: 1, On: t.Mornings()}
	}
	before := []int{14, 7, 3, 1}
	if r.Holder == "" { // nobody has it: asked again every few days from the start
		for left := 14 + unheld; left < 14+unheld*unheldTimes; left += unheld {
			before = append(before, left)
		}
	}
	return reminder.Plan{Due: r.Next, Before: before, Every: 1, Last: true, On: t.Mornings()}
}

// unheld is after how many days it is asked again who takes a request, and how many times at most.
const (
	unheld      = 3
	unheldTimes = 30
)

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
		Due: t.Mornings().At(h.reminders(t, r).Next(r.Told), t.Org.Zone)}
}

// ahead is who hears of the limit when the program itself cannot speak.
func (handler) ahead(ctx context.Context, t bot.Turn) (bot.Audience, bool, error) {
	r, err := bot.Load[Request](ctx, t, t.Ref)
	if errors.Is(err, bot.ErrNotFound) {
		return bot.Audience{}, false, nil
	}
	return r.audience(t), err == nil && !r.over(), err
}

// running lists the reminder that ought to be pending for every request that is open.
func (h handler) running(ctx context.Context, t bot.Turn) ([]scheduler.Job, error) {
	found, err := bot.Find[Request](ctx, t, bot.Query{States: []string{open}})
	if err != nil {
		return nil, err
	}
	var jobs []scheduler.Job
	for _, f := range found {
		jobs = append(jobs, h.job(t, f.Ref, f.Record))
	}
	return jobs, nil
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
	for _, to := range h.whom(t, r) {
		post := bot.Post{Key: cardKey(t.Ref) + "/" + now.String() + "/" + string(to.Role), To: to, Under: cardKey(t.Ref), Class: scheduler.Statutory, Message: *m}
		o.Posts = append(o.Posts, post)
	}
	return o, nil
}

// whom are those who hear of it: who has it in hand; the deputy when time is short or nobody
// takes it; a trustee when it is late and nobody has it. Nobody it is about is among them.
func (h handler) whom(t bot.Turn, r Request) []bot.Audience {
	whom := []bot.Audience{r.audience(t)}
	add := func(role bot.Role) {
		if role != r.About && role != whom[0].Role {
			whom = append(whom, r.around(t, role))
		}
	}
	left := t.Today().DaysTo(r.Next)
	untaken := r.Holder == "" && calendar.On(r.Logged, t.Org.Zone).DaysTo(t.Today()) > unheld
	if (left <= near || untaken) && !h.waits(t, r) {
		add(bot.Deputy)
	}
	if left < 0 && r.Holder == "" && !h.waits(t, r) {
		add(bot.Trustee)
	}
	return whom
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
		return bot.Say(t.Say("rights.remind-complaint", "ref", ref, "date", r.heard().Long()), t.Say("rights.complaint-next"))
	}
	if r.atOnce() && r.Stopped.IsZero() {
		return bot.Say(t.Say("rights.remind-stop", "ref", ref), t.Say("rights.remind-stop-now"))
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
	m.Add(bot.Para, h.waitingFor(t, r))
	if r.copies() {
		m.Add(bot.Para, h.nextLine(t, r))
	}
	return m
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
