// Package digest tells each person once a week what they have to do, and the people who
// govern how things stand: one message, with references and counts and never a case.
//
// What there is to do and to count comes from the other features (see bot.Doing and
// bot.Figure). Reminders of a single thing belong to them as well.
package digest

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"shareright/bot"
	"shareright/knowledge/calendar"
	"shareright/scheduler"
)

// The timers. The names are stored with pending jobs.
const (
	sweepKind = "digest.sweep" // every morning: whose week is it?
	sendKind  = "digest.send"  // one person's message
	trailKind = "digest.trail" // once a day: the audit trail's checkpoint, to a mailbox
)

// How far a digest looks, in days, and how much it holds.
const (
	ahead   = 21
	quiet   = 6 // what somebody heard of on its own within so many days is left out
	late    = 3 // a digest that was missed is still sent so many days later
	lines   = 15
	pressed = 4  // buttons
	month   = 28 // what somebody sees who asks
)

// Habit is when somebody wants their digest. It is stored: fields may be added, never renamed.
type Habit struct {
	Day    time.Weekday  `json:"day"`
	Hour   int           `json:"hour"`
	Off    bool          `json:"off,omitempty"`
	Reason string        `json:"reason,omitempty"`
	Until  calendar.Date `json:"until,omitzero"` // put off until
	Sent   calendar.Date `json:"sent,omitzero"`
	Trail  int64         `json:"trail,omitempty"` // how long the audit trail was when its checkpoint last came with it
}

// RecordKind names the record; its reference is the person's id.
func (Habit) RecordKind() string { return "digest" }

// RecordIndex holds nothing to find it by: it is looked up by its person.
func (Habit) RecordIndex() bot.Index { return bot.Index{} }

// Feature is everything this package offers.
func Feature() bot.Feature {
	h := handler{}
	return bot.Feature{
		Name: "digest",
		Keeps: []bot.Keep{bot.KeepOf(func(ctx context.Context, t bot.Turn, ref bot.Ref, _ Habit) (bot.End, error) {
			return bot.Departed(ctx, t, bot.PersonID(ref))
		})},
		Commands: []bot.Command{
			{Under: "dp", Name: "week", Help: "See what you have to do", Example: "/dp week", Run: h.week},
			{Under: "dp", Name: "digest", Help: "Choose when your weekly list comes", Example: "/dp digest", Run: h.choose},
			{Under: "dp", Name: "report", Help: "One page of figures for trustees", Who: governors(), Hint: "[months]", Example: "/dp report 12", Run: h.report},
		},
		Forms: []bot.Dialogue{h.choosing(), h.snoozing()},
		Actions: []bot.Action{
			{ID: "digest.set", Do: func(ctx context.Context, t bot.Turn, _ bot.Ref) (bot.Outcome, error) { return h.choose(ctx, t, "") }},
			{ID: "digest.snooze", Do: h.askSnooze},
		},
		Timers: []bot.Timer{
			{Kind: sweepKind, Every: "0 6 * * *", Do: h.sweep},
			{Kind: sendKind, Do: h.send},
			{Kind: trailKind, Every: "50 5 * * *", Do: h.checkpoint},
		},
	}
}

type handler struct{}

func governors() []bot.Role { return []bot.Role{bot.DPLead, bot.Deputy, bot.Trustee} }

// habit is somebody's, or the usual one: the first morning of the week, at the hour of all reminders.
func habit(ctx context.Context, t bot.Turn, who bot.PersonID) (Habit, error) {
	h, err := bot.Load[Habit](ctx, t, bot.Ref(who))
	if errors.Is(err, bot.ErrNotFound) {
		return Habit{Day: t.Mornings().Weekday(), Hour: int(t.Mornings().Hour().Hours())}, nil
	}
	return h, err
}

// monday is the first day of a day's week.
func monday(day calendar.Date) calendar.Date {
	return day.AddDays(-(int(day.Weekday()) + 6) % 7)
}

// on is the day of this week on which the digest comes: the chosen one; where that is a
// bank holiday, the next working day of the week, or else the one before.
func (h Habit) on(m calendar.Mornings, today calendar.Date) calendar.Date {
	day := monday(today).AddDays((int(h.Day) + 6) % 7)
	if day.Weekend() {
		return day // chosen, so meant
	}
	moved := day
	for !m.Working(moved) {
		moved = moved.AddDays(1)
	}
	if monday(moved) == monday(day) {
		return moved
	}
	for !m.Working(day) {
		day = day.AddDays(-1)
	}
	return day
}

// due says whether this week's digest is to be sent today.
func (h Habit) due(m calendar.Mornings, today calendar.Date) bool {
	day := h.on(m, today)
	return !today.Before(day) && day.DaysTo(today) <= late && h.Sent.Before(monday(today))
}

// sweep finds whose digest comes today, and puts a job for each.
func (h handler) sweep(ctx context.Context, t bot.Turn, _ scheduler.Job) (bot.Outcome, error) {
	doings, err := t.Doings(ctx)
	if err != nil {
		return bot.Outcome{}, err
	}
	var o bot.Outcome
	for _, who := range people(t, doings) {
		habit, err := habit(ctx, t, who)
		if err != nil {
			return bot.Outcome{}, err
		}
		if !habit.due(t.Mornings(), t.Today()) || len(wanted(t, habit, doings, who)) == 0 {
			continue
		}
		at := calendar.Local(t.Today(), time.Duration(habit.Hour)*time.Hour, t.Org.Zone).Time
		o.Jobs = append(o.Jobs, scheduler.Job{Key: scheduler.Key{Kind: sendKind, Name: string(who)}, Due: at, Class: scheduler.Digest})
	}
	return o, nil
}

// people are all who have something to do.
func people(t bot.Turn, doings []bot.Doing) []bot.PersonID {
	var all []bot.PersonID
	for _, d := range doings {
		holders := []bot.PersonID{d.Owner}
		if d.Owner == "" {
			holders = t.Org.People[d.Role]
		}
		for _, who := range holders {
			if d.For(t, who) && !slices.Contains(all, who) {
				all = append(all, who)
			}
		}
	}
	return all
}

// wanted are somebody’s doings of the next three weeks: without what they heard of this
// week on its own, and only what the law asks for when the digest is off.
func wanted(t bot.Turn, habit Habit, doings []bot.Doing, who bot.PersonID) []bot.Doing {
	var list []bot.Doing
	for _, d := range doings {
		switch {
		case !d.For(t, who) || t.Today().DaysTo(d.Due) > ahead:
		case !d.Statutory && (habit.Off || t.Today().Before(habit.Until)):
		case !d.Statutory && !d.Told.IsZero() && d.Told.DaysTo(t.Today()) < quiet:
		default:
			list = append(list, d)
		}
	}
	return list
}

// send posts one person's digest, with what is true now.
func (h handler) send(ctx context.Context, t bot.Turn, job scheduler.Job) (bot.Outcome, error) {
	who := bot.PersonID(job.Name)
	habit, err := habit(ctx, t, who)
	if err != nil || !habit.Sent.Before(monday(t.Today())) {
		return bot.Outcome{}, err // sent meanwhile
	}
	doings, err := t.Doings(ctx)
	if err != nil {
		return bot.Outcome{}, err
	}
	list := wanted(t, habit, doings, who)
	if len(list) == 0 {
		return bot.Outcome{}, nil
	}
	habit.Sent = t.Today()
	m := listed(t, list)
	if err := h.addCheckpoint(ctx, t, m, &habit, who); err != nil {
		return bot.Outcome{}, err
	}
	m.With(bot.Button{Action: "digest.set", Label: t.Say("digest.button-set")}, bot.Button{Action: "digest.snooze", Label: t.Say("digest.button-snooze")})
	return bot.Outcome{Save: map[bot.Ref]bot.Record{bot.Ref(who): habit}, Posts: []bot.Post{{Key: "digest/" + string(who) + "/" + monday(t.Today()).String(),
		To: bot.ToPerson(who), Class: scheduler.Digest, Message: *m}}}, nil
}

// listed is what is to do: what is late first.
func listed(t bot.Turn, list []bot.Doing) *bot.Message {
	m := bot.Say(t.Say("digest.title", "n", strconv.Itoa(len(list))))
	if len(list) == 1 {
		m.Title = t.Say("digest.title-one")
	}
	var items []string
	for i, d := range list {
		if i == lines {
			items = append(items, t.Say("digest.more", "n", strconv.Itoa(len(list)-lines)))
			break
		}
		key := "digest.line"
		if d.Due.Before(t.Today()) {
			key = "digest.line-late"
		}
		items = append(items, t.Say(key, "date", d.Due.Plain(), "text", d.Text))
		if d.Button != nil && len(m.Buttons) < pressed {
			m.With(*d.Button)
		}
	}
	return m.List(bot.Bullets, items...)
}

// week answers "/dp week": what the digest would say now, and nothing left out.
func (h handler) week(ctx context.Context, t bot.Turn, _ string) (bot.Outcome, error) {
	doings, err := t.Doings(ctx)
	if err != nil {
		return bot.Outcome{}, err
	}
	var list []bot.Doing
	for _, d := range doings {
		if d.For(t, t.By.ID) && t.Today().DaysTo(d.Due) <= month {
			list = append(list, d)
		}
	}
	if len(list) == 0 {
		return t.Reply("digest.nothing"), nil
	}
	return bot.Outcome{Reply: listed(t, list)}, nil
}

// choice is what "/dp digest" fills in.
type choice struct {
	Day    string `json:"day"`
	Hour   string `json:"hour,omitempty"`
	Reason string `json:"reason,omitempty"`
}

const never = "never"

func (h handler) choose(ctx context.Context, t bot.Turn, _ string) (bot.Outcome, error) {
	now, err := habit(ctx, t, t.By.ID)
	if err != nil {
		return bot.Outcome{}, err
	}
	note := t.Say("digest.now", "day", now.Day.String(), "hour", strconv.Itoa(now.Hour))
	if now.Off {
		note = t.Say("digest.now-off")
	}
	return bot.Outcome{Ask: h.choosing().Begin(choice{}).Saying(bot.Block{Kind: bot.Para, Text: note})}, nil
}

func (h handler) choosing() bot.Form[choice] {
	var days []bot.Option
	for i := range 7 {
		day := time.Weekday((i + 1) % 7)
		days = append(days, bot.Option{Value: strings.ToLower(day.String()), Label: day.String()})
	}
	days = append(days, bot.Option{Value: never, Label: "Only what the law asks for"})
	var hours []bot.Option
	for _, hour := range []int{8, 9, 12, 16, 18, 20} {
		hours = append(hours, bot.Option{Value: strconv.Itoa(hour), Label: strconv.Itoa(hour) + ":00"})
	}
	return bot.Form[choice]{ID: "digest.set", Title: "Your weekly list", Submit: "Save it", Quick: true, Done: h.chosen,
		Pages: []bot.Page[choice]{{ID: "day", Fields: []bot.Field[choice]{
			bot.AskOne("day", "On which day?", func(c *choice) *string { return &c.Day }, days...).Why("The list comes once a week, and only when something is to do."),
			bot.AskOne("hour", "At what time?", func(c *choice) *string { return &c.Hour }, hours...).Optional().Why("A list that comes when you have time gets done."),
			bot.AskText("reason", "If only what the law asks for: why?", func(c *choice) *string { return &c.Reason }).Optional().
				Why("The data protection lead may find somebody else to do the rest."),
		}}}}
}

func (h handler) chosen(ctx context.Context, t bot.Turn, c choice) (bot.Outcome, error) {
	now, err := habit(ctx, t, t.By.ID)
	if err != nil {
		return bot.Outcome{}, err
	}
	if c.Day == never && c.Reason == "" {
		c.Day = ""
		return bot.Outcome{Ask: h.choosing().Begin(c).Saying(bot.Block{Kind: bot.Para, Text: t.Say("digest.why")})}, nil
	}
	now.Off, now.Reason = c.Day == never, c.Reason
	for i := range 7 {
		if day := time.Weekday(i); strings.EqualFold(day.String(), c.Day) {
			now.Day = day
		}
	}
	if hour, err := strconv.Atoi(c.Hour); err == nil {
		now.Hour = hour
	}
	line := t.Say("digest.set", "day", now.Day.String(), "hour", strconv.Itoa(now.Hour))
	if now.Off {
		line = t.Say("digest.off")
	}
	return bot.Outcome{Save: map[bot.Ref]bot.Record{bot.Ref(t.By.ID): now}, Audit: []string{"digest.set"}, Reply: bot.Say(line)}, nil
}

// snoozing is "Not this week", which asks why.
type snooze struct {
	Reason string `json:"reason"`
}

func (h handler) askSnooze(context.Context, bot.Turn, bot.Ref) (bot.Outcome, error) {
	return bot.Outcome{Ask: h.snoozing().Begin(snooze{})}, nil
}

func (h handler) snoozing() bot.Form[snooze] {
	return bot.Form[snooze]{ID: "digest.snooze", Title: "Not this week", Submit: "Skip a week", Quick: true,
		Pages: []bot.Page[snooze]{{ID: "why", Fields: []bot.Field[snooze]{
			bot.AskText("reason", "Why not this week?", func(s *snooze) *string { return &s.Reason }).Why("If it happens often, somebody else may do it."),
		}}},
		Done: func(ctx context.Context, t bot.Turn, s snooze) (bot.Outcome, error) {
			now, err := habit(ctx, t, t.By.ID)
			if err != nil {
				return bot.Outcome{}, err
			}
			now.Until, now.Reason = monday(t.Today()).AddDays(14), s.Reason
			return bot.Outcome{Save: map[bot.Ref]bot.Record{bot.Ref(t.By.ID): now}, Audit: []string{"digest.snoozed"},
				Reply: bot.Say(t.Say("digest.snoozed", "date", now.Until.Plain()))}, nil
		}}
}
