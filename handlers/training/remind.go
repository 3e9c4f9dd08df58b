package training

import (
	"context"
	"errors"
	"strconv"

	"shareright/bot"
	"shareright/knowledge/calendar"
	"shareright/knowledge/reminder"
	"shareright/scheduler"
)

// The timers of training. The names are stored with pending jobs.
const (
	remindKind = "training.remind" // about one person's part
	countKind  = "training.count"  // about a refresher, for the lead
)

// The rhythm of reminders, in days.
const (
	weekly   = 7
	patience = 14 // overdue so long, the lead is told who
	starting = 30 // whoever takes on a role has so long for its training
)

func before() []int { return []int{30, 14, 1} }

// reminders is the plan of one person’s part. A policy is short and is asked for sooner.
func (p Part) reminders(on calendar.Mornings) reminder.Plan {
	days := before()
	if p.Topic == policyTopic {
		days = []int{14, 7, 1}
	}
	return reminder.Plan{Due: p.Due, Before: days, Every: weekly, Quiet: p.Quiet, On: on}
}

// unasked says that the person has not heard of it at all: what is new is told at once,
// not 30 days before it is due.
func (p Part) unasked() bool { return p.State == open && p.Version > p.Asked }

// plan puts the job of the next reminder into an outcome, or stops it. One job at a time
// stands for the whole plan, so an outage cannot pile them up.
func plan(t bot.Turn, ref bot.Ref, p Part, o *bot.Outcome) {
	key := scheduler.Key{Kind: remindKind, Name: string(ref)}
	if p.State == closed {
		o.Stop = append(o.Stop, key)
		return
	}
	if p.unasked() && t.Mornings().Open(t.Today()) {
		o.Jobs = append(o.Jobs, scheduler.Job{Key: key, Due: t.Now.Add(p.wait), Class: scheduler.Routine, About: string(ref)})
		return
	}
	next := p.reminders(t.Mornings()).Next(p.Told)
	if p.unasked() {
		next = t.Today().AddDays(1)
	}
	o.Jobs = append(o.Jobs, jobOn(t, key, ref, next))
}

func jobOn(t bot.Turn, key scheduler.Key, about bot.Ref, day calendar.Date) scheduler.Job {
	return scheduler.Job{Key: key, Due: t.Mornings().At(day, t.Org.Zone), Class: scheduler.Routine, About: string(about)}
}

// remind tells one person what is true this morning. What was missed meanwhile is in the
// same message, and a part that is done or over says nothing.
func (h handler) remind(ctx context.Context, t bot.Turn, job scheduler.Job) (bot.Outcome, error) {
	p, err := bot.Load[Part](ctx, t, t.Ref)
	if errors.Is(err, bot.ErrNotFound) {
		return bot.Outcome{}, nil
	}
	if err != nil || p.State == closed {
		return bot.Outcome{}, err
	}
	day := t.Today()
	mornings := p.reminders(t.Mornings())
	if gone, err := bot.HasLeft(ctx, t, p.Person); err != nil || gone {
		p.State = closed // whoever has left needs no reminder; the evidence stays
		return bot.Outcome{Save: map[bot.Ref]bot.Record{t.Ref: p}}, err
	}
	next, missed := mornings.Next(p.Told), mornings.Missed(p.Told, day)
	if p.unasked() {
		next, missed = day, 0
	}
	if next.After(day) || !mornings.Open(day) {
		return bot.Outcome{Jobs: []scheduler.Job{jobOn(t, job.Key, t.Ref, calendar.Latest(next, day))}}, nil
	}
	m := h.reminder(t, p, day, missed)
	p.Told, p.Asked = day, p.Version
	var o bot.Outcome
	p.replace(&o, t.Say("training.card-newer", "title", p.Title))
	card := Card{Key: "training/" + string(t.Ref) + "/" + day.String(), To: bot.ToPerson(p.Person)}
	if p.Version > 1 { // a new message, not a change of the one before
		card.Key += "/" + strconv.Itoa(p.Version)
	}
	p.Cards = []Card{card}
	o.Posts = append(o.Posts, bot.Post{Key: card.Key, To: card.To, Class: scheduler.Routine, Message: *m})
	if late := p.Due.DaysTo(day); late >= patience {
		told := bot.Say(t.Say("training.late-lead", "name", p.called(t), "title", p.Title, "days", days(t, late))).
			With(button(t, t.Ref, "done", bot.Plain))
		lead := Card{Key: card.Key + "/lead", To: bot.ToRolePrivately(bot.DPLead, p.Person)}
		p.Cards = append(p.Cards, lead)
		o.Posts = append(o.Posts, bot.Post{Key: lead.Key, To: lead.To, Class: scheduler.Routine, Message: *told})
	}
	o.Save = map[bot.Ref]bot.Record{t.Ref: p}
	plan(t, t.Ref, p, &o)
	return o, nil
}

// reminder is what one person reads this morning.
func (h handler) reminder(t bot.Turn, p Part, day calendar.Date, missed int) *bot.Message {
	m := bot.Say(headline(t, p, day))
	switch topic, known := h.content.Topic(p.Topic); {
	case p.Topic == policyTopic:
		m.Add(bot.Para, p.Where)
		if p.Changed != "" {
			m.Add(bot.Para, t.Say("training.policy-changed", "what", p.Changed))
		}
	case known:
		m.Add(bot.Para, topic.Why)
	}
	if missed > 0 {
		m.Add(bot.Para, t.Say("training.missed", "n", strconv.Itoa(missed)))
	}
	return m.With(buttons(t, t.Ref, p)...)
}

func headline(t bot.Turn, p Part, day calendar.Date) string {
	switch {
	case p.unasked() && p.Topic == policyTopic && len(p.Done) > 0:
		return t.Say("training.policy-again", "title", p.Title, "version", strconv.Itoa(p.Version), "date", p.Due.Long())
	case p.unasked() && p.Topic == policyTopic:
		return t.Say("training.policy-ask", "title", p.Title, "date", p.Due.Long())
	case p.unasked():
		return t.Say("training.new-ask", "title", p.Title, "date", p.Due.Long())
	}
	switch left := day.DaysTo(p.Due); {
	case left > 0:
		return t.Say("training.remind-soon", "title", p.Title, "days", days(t, left), "date", p.Due.Long())
	case left < 0:
		return t.Say("training.remind-late", "title", p.Title, "days", days(t, -left))
	}
	return t.Say("training.remind-due", "title", p.Title)
}

func days(t bot.Turn, n int) string {
	if n == 1 {
		return t.Say("training.day")
	}
	return t.Say("training.days", "n", strconv.Itoa(n))
}

func button(t bot.Turn, ref bot.Ref, what string, style bot.Style) bot.Button {
	return bot.Button{Action: "training." + what, Label: t.Say("training.button-" + what), Ref: ref, Style: style}
}

func buttons(t bot.Turn, ref bot.Ref, p Part) []bot.Button {
	finish := "done"
	if p.Topic == policyTopic {
		finish = "read"
	}
	return []bot.Button{button(t, ref, finish, bot.Primary), button(t, ref, "snooze", bot.Plain)}
}

// replace takes the buttons off the cards that stand, because they were used or are old.
func (p *Part) replace(o *bot.Outcome, line string) {
	for _, card := range p.Cards {
		o.Posts = append(o.Posts, bot.Post{Key: card.Key, To: card.To, Class: scheduler.Cosmetic, Message: *bot.Say(line)})
	}
	p.Cards = nil
}

// standing is how far a refresher is.
type standing struct {
	all, todo, late int
	earliest        calendar.Date // the next day that somebody is due; zero when nobody is
}

func stands(found []bot.Found[Part], day calendar.Date) standing {
	var s standing
	for _, f := range found {
		p := f.Record
		if p.State == closed && len(p.Done) == 0 {
			continue // no longer in it
		}
		s.all++
		if p.State == closed {
			continue
		}
		if day.DaysTo(p.Due) <= before()[0] {
			s.todo++
		}
		if p.Due.Before(day) {
			s.late++
		}
		if s.earliest.IsZero() || p.Due.Before(s.earliest) {
			s.earliest = p.Due
		}
	}
	return s
}

// planCount puts the job of the next count for the lead into an outcome, or stops it.
func planCount(t bot.Turn, ref bot.Ref, r Refresher, earliest calendar.Date, o *bot.Outcome) {
	key := scheduler.Key{Kind: countKind, Name: string(ref)}
	if r.State == closed || earliest.IsZero() {
		o.Stop = append(o.Stop, key)
		return
	}
	mornings := reminder.Plan{Due: earliest, Before: before(), Every: weekly, On: t.Mornings()}
	o.Jobs = append(o.Jobs, jobOn(t, key, ref, mornings.Next(r.Told)))
}

// count tells the lead's channel how many have done it, without names. It first brings in
// whoever holds a role of the refresher now, and leaves out who no longer does.
func (h handler) count(ctx context.Context, t bot.Turn, job scheduler.Job) (bot.Outcome, error) {
	r, err := bot.Load[Refresher](ctx, t, t.Ref)
	if errors.Is(err, bot.ErrNotFound) {
		return bot.Outcome{}, nil
	}
	if err != nil || r.State == closed {
		return bot.Outcome{}, err
	}
	found, err := parts(ctx, t, t.Ref)
	if err != nil {
		return bot.Outcome{}, err
	}
	day := t.Today()
	o := bot.Outcome{Save: map[bot.Ref]bot.Record{}}
	team, err := teamOf(ctx, t)
	if err != nil {
		return bot.Outcome{}, err
	}
	found = h.join(t, team, &r, found, &o)
	now := stands(found, day)
	mornings := reminder.Plan{Due: now.earliest, Before: before(), Every: weekly, On: t.Mornings()}
	next := mornings.Next(r.Told)
	switch {
	case now.earliest.IsZero(): // everybody has done it, and it comes once
	case next.After(day) || !mornings.Open(day):
		o.Jobs = append(o.Jobs, jobOn(t, job.Key, t.Ref, calendar.Latest(next, day)))
	default:
		r.Told = day
		o.Posts = append(o.Posts, bot.Post{Key: "training/" + string(t.Ref) + "/" + day.String(), To: bot.ToRole(bot.DPLead), Class: scheduler.Routine,
			Message: *bot.Say(counted(t, r, now)).With(button(t, t.Ref, "show", bot.Plain))})
		planCount(t, t.Ref, r, now.earliest, &o)
	}
	o.Save[t.Ref] = r
	return o, nil
}

func counted(t bot.Turn, r Refresher, s standing) string {
	return t.Say("training.count", "title", r.Title, "todo", strconv.Itoa(s.todo), "all", strconv.Itoa(s.all), "late", strconv.Itoa(s.late))
}
