package training

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"shareright/bot"
	"shareright/knowledge/calendar"
	"shareright/knowledge/reminder"
	"shareright/scheduler"
)

// leadAfter is how many days after the due day the lead hears who has not had it yet.
const leadAfter = 14

// remind tells everybody whose morning has come, and the lead's channel how many. What was
// missed meanwhile is one message; who is done hears nothing.
func (h handler) remind(ctx context.Context, t bot.Turn, _ scheduler.Job) (bot.Outcome, error) {
	r, err := bot.Load[Refresher](ctx, t, t.Ref)
	if errors.Is(err, bot.ErrNotFound) {
		return bot.Outcome{}, nil
	}
	if err != nil {
		return bot.Outcome{}, err
	}
	day, n := today(t), nation(t)
	var o bot.Outcome
	told, late := 0, []string{}
	for i := range r.People {
		m := &r.People[i]
		plan := m.plan(n)
		if next := plan.Next(m.Told); next.After(day) || !reminder.Working(n, day) {
			continue
		}
		missed := plan.Missed(m.Told, day)
		m.Told = day
		told++
		o.Posts = append(o.Posts, m.card(t, r, day, missed))
		if m.Due.DaysTo(day) >= leadAfter {
			late = append(late, t.NameOf(m.ID))
		}
	}
	if told > 0 {
		o.Posts = append(o.Posts, bot.Post{Key: fmt.Sprintf("training/%s/%s", t.Ref, day), To: bot.ToRole(bot.DPLead), Class: scheduler.Routine,
			Message: *bot.Say(t.Say("training.lead", "topic", r.Topic, "n", strconv.Itoa(told))).List(bot.Bullets, lateLines(t, late)...)})
	}
	o.Save = map[bot.Ref]bot.Record{t.Ref: r}
	o.Jobs = []scheduler.Job{r.job(t, t.Ref)}
	return o, nil
}

func lateLines(t bot.Turn, names []string) []string {
	lines := make([]string, len(names))
	for i, name := range names {
		lines[i] = t.Say("training.lead-late", "name", name)
	}
	return lines
}

// card is a member's reminder, with the button that finishes it.
func (m *Member) card(t bot.Turn, r Refresher, day calendar.Date, missed int) bot.Post {
	key := fmt.Sprintf("training/%s/%s/%s", t.Ref, m.ID, day)
	m.Cards = append(m.Cards, key)
	line := "training.due"
	if m.Due.Before(day) {
		line = "training.overdue"
	}
	message := bot.Say(t.Say(line, "topic", r.Topic, "date", m.Due.Long()))
	if missed > 0 {
		message.Add(bot.Para, t.Say("training.missed", "n", strconv.Itoa(missed)))
	}
	message.With(
		bot.Button{Action: "training.done", Label: t.Say("training.button-done"), Ref: t.Ref, Style: bot.Primary},
		bot.Button{Action: "training.snooze", Label: t.Say("training.button-snooze"), Ref: t.Ref})
	return bot.Post{Key: key, To: bot.ToPerson(m.ID), Class: scheduler.Routine, Message: *message}
}

// done is the evidence that somebody had the training. The next one is counted from today.
func (h handler) done(ctx context.Context, t bot.Turn, ref bot.Ref) (bot.Outcome, error) {
	r, m, no, err := h.own(ctx, t, ref)
	if err != nil || no != nil {
		return bot.Outcome{Reply: no}, err
	}
	day := today(t)
	if n := len(m.Done); n > 0 && m.Done[n-1].On == day {
		return bot.Outcome{Reply: bot.Say(t.Say("training.done-already", "date", m.Due.Long()))}, nil
	}
	m.Done = append(m.Done, Evidence{On: day, Said: t.Now})
	m.Due, m.Told, m.Quiet, m.Why = day.AddMonths(r.Months), day, calendar.Date{}, ""
	line := t.Say("training.done", "topic", r.Topic, "date", m.Due.Long())
	o := bot.Outcome{Reply: bot.Say(line), Audit: []string{"refresher.done"}}
	for _, key := range m.Cards {
		o.Posts = append(o.Posts, bot.Post{Key: key, To: bot.ToPerson(m.ID), Class: scheduler.Cosmetic, Message: *bot.Say(line)})
	}
	m.Cards = nil
	o.Save, o.Jobs = map[bot.Ref]bot.Record{ref: r}, []scheduler.Job{r.job(t, ref)}
	return o, nil
}

// own loads a refresher and the person's own place in it.
func (h handler) own(ctx context.Context, t bot.Turn, ref bot.Ref) (Refresher, *Member, *bot.Message, error) {
	r, err := bot.Load[Refresher](ctx, t, ref)
	if err != nil {
		return r, nil, nil, err
	}
	m := r.member(t.By.ID)
	if m == nil {
		return r, nil, bot.Say(t.Say("training.not-yours")), nil
	}
	return r, m, nil, nil
}

// snooze is what the form that puts a reminder off fills in.
type snooze struct {
	Ref  bot.Ref `json:"ref"`
	Days string  `json:"days"`
	Why  string  `json:"why"`
}

func (h handler) askSnooze(ctx context.Context, t bot.Turn, ref bot.Ref) (bot.Outcome, error) {
	_, _, no, err := h.own(ctx, t, ref)
	if err != nil || no != nil {
		return bot.Outcome{Reply: no}, err
	}
	return bot.Outcome{Ask: h.snoozing().Begin(snooze{Ref: ref})}, nil
}

func (h handler) snoozing() bot.Form[snooze] {
	return bot.Form[snooze]{
		ID: "training.snooze", Title: "Not now", Submit: "Remind me later", Done: h.snoozed,
		Pages: []bot.Page[snooze]{{ID: "later", Fields: []bot.Field[snooze]{
			bot.AskOne("days", "When may I remind you?", func(s *snooze) *string { return &s.Days },
				bot.Option{Value: "7", Label: "In a week"}, bot.Option{Value: "30", Label: "In a month"}).Why("The reminder comes back then."),
			bot.AskText("why", "Why not now?", func(s *snooze) *string { return &s.Why }).
				Hint("For example: away until June").Why("The lead sees why training is late."),
		}}},
	}
}

func (h handler) snoozed(ctx context.Context, t bot.Turn, s snooze) (bot.Outcome, error) {
	r, m, no, err := h.own(ctx, t, s.Ref)
	if err != nil || no != nil {
		return bot.Outcome{Reply: no}, err
	}
	days, err := strconv.Atoi(s.Days)
	if err != nil {
		return bot.Outcome{}, err
	}
	m.Quiet, m.Why, m.Told = today(t).AddDays(days), s.Why, today(t)
	return bot.Outcome{
		Save:  map[bot.Ref]bot.Record{s.Ref: r},
		Jobs:  []scheduler.Job{r.job(t, s.Ref)},
		Reply: bot.Say(t.Say("training.snoozed", "date", m.Quiet.Long())),
		Audit: []string{"refresher.snoozed"},
	}, nil
}

// list shows people their own training; the lead and the deputy see who is due.
func (h handler) list(ctx context.Context, t bot.Turn, _ string) (bot.Outcome, error) {
	found, err := bot.Find[Refresher](ctx, t, bot.Query{})
	if err != nil {
		return bot.Outcome{}, err
	}
	lead := t.By.Has(bot.DPLead, bot.Deputy)
	var rows []string
	for _, f := range found {
		for _, m := range f.Record.People {
			row := t.Say("training.row", "topic", f.Record.Topic, "date", m.Due.Plain())
			if m.ID != t.By.ID {
				row = t.NameOf(m.ID) + ": " + row
			}
			if m.Why != "" && lead {
				row += " " + t.Say("training.row-why", "why", m.Why)
			}
			if lead || m.ID == t.By.ID {
				rows = append(rows, row)
			}
		}
	}
	if len(rows) == 0 {
		return bot.Outcome{Reply: bot.Say(t.Say("training.none"))}, nil
	}
	return bot.Outcome{Reply: bot.Say(t.Say("training.list")).List(bot.Bullets, rows...)}, nil
}
