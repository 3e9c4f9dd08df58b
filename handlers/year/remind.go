package year

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"shareright/bot"
	"shareright/knowledge/calendar"
	"shareright/knowledge/governance"
	"shareright/knowledge/reminder"
	"shareright/scheduler"
)

// remindKind is the timer of the next reminder. It is stored with pending jobs.
const remindKind = "year.remind"

// The rhythm of reminders, in days.
const (
	soon     = 30
	weekly   = 7
	patience = 14 // so long late, the next person up hears of it
)

// reminders are 30 and 7 days before; what comes round quickly has fewer, so that none
// comes in the first two thirds of its time.
func (k Task) reminders(item governance.Item, on calendar.Mornings) reminder.Plan {
	var before []int
	for _, days := range []int{soon, weekly} {
		if 3*days <= k.Since.DaysTo(k.Due) {
			before = append(before, days)
		}
	}
	return reminder.Plan{Due: k.Due, Before: before, Every: weekly, Last: item.Last, AnyDay: item.AnyDay, On: on}
}

// plan puts the job of the next reminder, or stops it.
func plan(t bot.Turn, ref bot.Ref, item governance.Item, k Task, o *bot.Outcome) {
	key := scheduler.Key{Kind: remindKind, Name: string(ref)}
	if k.State != open {
		o.Stop = append(o.Stop, key)
		return
	}
	p := k.reminders(item, t.Mornings())
	o.Jobs = append(o.Jobs, scheduler.Job{Key: key, Due: p.At(p.Next(k.Told), t.Org.Zone), Class: scheduler.Routine, About: string(ref)})
}

// remind says what is true this morning; a reminder whose reason has gone says nothing.
func (h handler) remind(ctx context.Context, t bot.Turn, job scheduler.Job) (bot.Outcome, error) {
	ref := bot.Ref(job.Name)
	k, err := bot.Load[Task](ctx, t, ref)
	if errors.Is(err, bot.ErrNotFound) {
		return bot.Outcome{}, nil
	}
	item, known := h.content.Item(k.Item)
	if err != nil || !known || k.State != open {
		return bot.Outcome{}, err
	}
	t.Ref = ref
	var o bot.Outcome
	day, p := t.Today(), k.reminders(item, t.Mornings())
	if p.Next(k.Told).After(day) || !p.Open(day) {
		plan(t, ref, item, k, &o)
		return o, nil
	}
	missed := p.Missed(k.Told, day)
	k.replace(&o, t.Say("year.card-newer", "title", k.title(item)))
	k.Told = day
	m := h.card(t, ref, item, k)
	if missed > 0 {
		m.Add(bot.SmallLine, t.Say("year.missed", "n", strconv.Itoa(missed)))
	}
	k.Card, k.CardTo = "year/"+string(ref)+"/"+day.String(), h.whom(t, item, k, day)
	for i, to := range k.CardTo {
		o.Posts = append(o.Posts, bot.Post{Key: cardKey(k.Card, i), To: to, Class: scheduler.Routine, Message: *m})
	}
	o.Save = map[bot.Ref]bot.Record{ref: k}
	plan(t, ref, item, k, &o)
	return o, nil
}

func cardKey(card string, i int) string { return card + "/" + strconv.Itoa(i) }

// owner is the role that does it: the item's, or the lead where nobody holds that.
func (h handler) owner(t bot.Turn, item governance.Item) bot.Role {
	if role := bot.Role(item.Owner); len(t.Org.People[role]) > 0 {
		return role
	}
	return bot.DPLead
}

// whom are those to tell: who does it, after two weeks the lead, and after four a trustee;
// what is the lead's own goes to a trustee after two.
func (h handler) whom(t bot.Turn, item governance.Item, k Task, day calendar.Date) []bot.Audience {
	roles := []bot.Role{h.owner(t, item)}
	for _, up := range []bot.Role{bot.DPLead, bot.Trustee} {
		if !slices.Contains(roles, up) {
			roles = append(roles, up)
		}
	}
	steps := 1
	if late := k.Due.DaysTo(day); late >= patience {
		steps = min(len(roles), 1+late/patience)
	}
	var whom []bot.Audience
	for _, role := range roles[:steps] {
		whom = append(whom, bot.ToRolePrivately(role))
	}
	return whom
}

// card is a reminder: what is due, what to do, and the buttons that finish it.
func (h handler) card(t bot.Turn, ref bot.Ref, item governance.Item, k Task) *bot.Message {
	key := "year.today"
	switch left := t.Today().DaysTo(k.Due); {
	case left > 0:
		key = "year.soon"
	case left < 0:
		key = "year.late"
	}
	m := bot.Say(t.Say(key, "title", k.title(item), "date", k.Due.Plain()), item.Why).List(bot.Steps, item.Do...)
	return m.With(h.buttons(t, ref, item, k)...)
}

func (h handler) buttons(t bot.Turn, ref bot.Ref, item governance.Item, k Task) []bot.Button {
	button := func(what string, style bot.Style) bot.Button {
		return bot.Button{Action: "year." + what, Label: t.Say("year.button-" + what), Ref: ref, Style: style}
	}
	if k.State == off {
		return []bot.Button{button("on", bot.Primary)}
	}
	return []bot.Button{button("done", bot.Primary), button("move", bot.Plain), button("off", bot.Plain)}
}

// replace takes the buttons off the reminder that stands on screens.
func (k *Task) replace(o *bot.Outcome, line string) {
	for i, to := range k.CardTo {
		o.Posts = append(o.Posts, bot.Post{Key: cardKey(k.Card, i), To: to, Class: scheduler.Cosmetic, Message: *bot.Say(line)})
	}
	k.Card, k.CardTo = "", nil
}
