package registers

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"shareright/bot"
	"shareright/knowledge/calendar"
	knowledge "shareright/knowledge/registers"
	"shareright/knowledge/reminder"
	"shareright/scheduler"
)

// remindKind is the timer of the next reminder. It is stored with pending jobs.
const remindKind = "registers.remind"

// The rhythm of reminders, in days.
const (
	again    = 14 // after the day, every two weeks
	patience = 14 // what somebody else has had for so long past its day, the lead hears of
)

func before() []int { return []int{30, 1} }

func (e Entry) reminders(on calendar.Mornings) reminder.Plan {
	return reminder.Plan{Due: e.Review, Before: before(), Every: again, Quiet: e.Quiet, On: on}
}

// plan puts the job of the next reminder, or stops it when there is none.
func plan(t bot.Turn, ref bot.Ref, e Entry, o *bot.Outcome) {
	key := scheduler.Key{Kind: remindKind, Name: string(ref)}
	if e.State == closed || e.Review.IsZero() {
		o.Stop = append(o.Stop, key)
		return
	}
	next := e.reminders(t.Mornings()).Next(e.Told)
	o.Jobs = append(o.Jobs, scheduler.Job{Key: key, Due: t.Mornings().At(next, t.Org.Zone), Class: scheduler.Routine, About: string(ref)})
}

// remind says what is true this morning; a reminder whose reason has gone says nothing.
func (h handler) remind(ctx context.Context, t bot.Turn, job scheduler.Job) (bot.Outcome, error) {
	ref := bot.Ref(job.Name)
	e, err := bot.Load[Entry](ctx, t, ref)
	if errors.Is(err, bot.ErrNotFound) {
		return bot.Outcome{}, nil
	}
	r, known := h.content.Register(e.Register)
	if err != nil || e.State == closed || e.Review.IsZero() || !known {
		return bot.Outcome{}, err
	}
	t.Ref = ref
	day := t.Today()
	if next := e.reminders(t.Mornings()).Next(e.Told); next.After(day) || !t.Mornings().Open(day) {
		var o bot.Outcome
		plan(t, ref, e, &o)
		return o, nil
	}
	var o bot.Outcome
	e.replace(&o, t.Say("registers.card-newer", "name", e.name(r)))
	e.Told = day
	m := bot.Say(h.headline(t, r, e, when(e.Review, day)), t.Say("registers.row-register", "register", r.Title, "ref", string(ref)))
	m.With(h.buttons(t, ref, r, e)...)
	e.Card, e.CardTo = "registers/"+string(ref)+"/"+day.String(), e.whom(t, r, day)
	for i, to := range e.CardTo {
		o.Posts = append(o.Posts, bot.Post{Key: cardKey(e.Card, i), To: to, Class: scheduler.Routine, Message: *m})
	}
	o.Save = map[bot.Ref]bot.Record{ref: e}
	plan(t, ref, e, &o)
	return o, nil
}

func cardKey(card string, i int) string { return card + "/" + strconv.Itoa(i) }

func when(due, day calendar.Date) string {
	switch left := day.DaysTo(due); {
	case left > 0:
		return "soon"
	case left < 0:
		return "late"
	}
	return "today"
}

// headline is the most important thing about a line now.
func (h handler) headline(t bot.Turn, r knowledge.Register, e Entry, when string) string {
	kind := "review"
	if r.Back != "" {
		kind = r.ID
	}
	return t.Say("registers."+when+"-"+kind, "name", e.name(r), "date", e.Review.Plain(), "who", e.ByName)
}

// whom are those to tell: the lead, or whoever has the thing; when it is long overdue, the lead too.
func (e Entry) whom(t bot.Turn, r knowledge.Register, day calendar.Date) []bot.Audience {
	if !r.Anyone || slices.Contains(t.Org.People[bot.DPLead], e.By) {
		return []bot.Audience{bot.ToRolePrivately(bot.DPLead)}
	}
	whom := []bot.Audience{bot.ToPerson(e.By)}
	if e.Review.DaysTo(day) >= patience {
		whom = append(whom, bot.ToRolePrivately(bot.DPLead))
	}
	return whom
}

// replace takes the buttons off the reminder that stands on a screen.
func (e *Entry) replace(o *bot.Outcome, line string) {
	for i, to := range e.CardTo {
		o.Posts = append(o.Posts, bot.Post{Key: cardKey(e.Card, i), To: to, Class: scheduler.Cosmetic, Message: *bot.Say(line)})
	}
	e.Card, e.CardTo = "", nil
}

// reviewed records that somebody looked at the line, or that the thing is back.
func (h handler) reviewed(_ context.Context, t bot.Turn, ref bot.Ref, r knowledge.Register, e Entry) (bot.Outcome, error) {
	var o bot.Outcome
	e.Told, e.Quiet = t.Today(), calendar.Date{}
	line := t.Say("registers.done-review", "name", e.name(r), "who", t.ByName())
	switch {
	case r.ID == "signed-out":
		e.State, line = closed, t.Say("registers.done-back", "name", e.name(r), "who", t.ByName())
	case r.ID == "dbs": // nothing of it stays but that it was there
		e.State, line = closed, t.Say("registers.done-dbs", "name", e.name(r), "who", t.ByName())
		e.Text, e.Days = map[string]string{r.Name: e.Text[r.Name]}, nil
	case r.Back != "":
		return bot.Outcome{Ask: h.form(r).Begin(e.draft(ref)).Saying(bot.Block{Kind: bot.Para, Text: t.Say("registers.renew")})}, nil
	default:
		e.Review = e.next(r, t.Today())
	}
	e.note(t, line)
	e.replace(&o, line)
	o.Reply = bot.Say(line)
	if e.State == open {
		o.Reply.Add(bot.Para, t.Say("registers.remind-on", "date", e.Review.Long()))
	}
	o.Save, o.Audit = map[bot.Ref]bot.Record{ref: e}, []string{"registers.reviewed"}
	plan(t, ref, e, &o)
	return o, nil
}

// putting is what "Later" and "Retire" fill in.
type putting struct {
	Ref    bot.Ref `json:"ref"`
	Long   string  `json:"long,omitempty"`
	Reason string  `json:"reason"`
}

func (h handler) askLater(_ context.Context, _ bot.Turn, ref bot.Ref, _ knowledge.Register, _ Entry) (bot.Outcome, error) {
	return bot.Outcome{Ask: h.later().Begin(putting{Ref: ref})}, nil
}

func (h handler) later() bot.Form[putting] {
	return bot.Form[putting]{ID: "registers.later", Title: "Remind me later", Submit: "Remind me later", Quick: true,
		Pages: []bot.Page[putting]{{ID: "later", Fields: []bot.Field[putting]{
			bot.AskOne("long", "How long?", func(p *putting) *string { return &p.Long },
				bot.Option{Value: "week", Label: "1 week"}, bot.Option{Value: "month", Label: "1 month"}).Why("You are reminded again then."),
			bot.AskText("reason", "Why not now?", func(p *putting) *string { return &p.Reason }).Why("It stays with the line, so that others understand."),
		}}},
		Done: func(ctx context.Context, t bot.Turn, p putting) (bot.Outcome, error) {
			return h.act(living(func(_ context.Context, t bot.Turn, ref bot.Ref, r knowledge.Register, e Entry) (bot.Outcome, error) {
				var o bot.Outcome
				e.Quiet, e.Told = t.Today().AddDays(7), t.Today()
				if p.Long == "month" {
					e.Quiet = t.Today().AddMonths(1)
				}
				line := t.Say("registers.put-off", "name", e.name(r), "date", e.reminders(t.Mornings()).Next(e.Told).Long())
				e.note(t, t.Say("registers.log-later", "reason", p.Reason))
				e.replace(&o, line)
				o.Reply, o.Save, o.Audit = bot.Say(line), map[bot.Ref]bot.Record{ref: e}, []string{"registers.later"}
				plan(t, ref, e, &o)
				return o, nil
			}))(ctx, t, p.Ref)
		}}
}

func (h handler) askRetire(_ context.Context, _ bot.Turn, ref bot.Ref, _ knowledge.Register, _ Entry) (bot.Outcome, error) {
	return bot.Outcome{Ask: h.retiring().Begin(putting{Ref: ref})}, nil
}

// retiring closes a line: it is not reminded of any more, and stays in the register.
func (h handler) retiring() bot.Form[putting] {
	return bot.Form[putting]{ID: "registers.retire", Title: "Close a line", Submit: "Close it", Quick: true,
		Pages: []bot.Page[putting]{{ID: "retire", Fields: []bot.Field[putting]{
			bot.AskText("reason", "Why is it over?", func(p *putting) *string { return &p.Reason }).
				Hint("For example: consent taken back, contract ended").Why("The line stays in the register with this reason."),
		}}},
		Done: func(ctx context.Context, t bot.Turn, p putting) (bot.Outcome, error) {
			return h.act(living(func(_ context.Context, t bot.Turn, ref bot.Ref, r knowledge.Register, e Entry) (bot.Outcome, error) {
				var o bot.Outcome
				e.State = closed
				line := t.Say("registers.retired", "name", e.name(r), "who", t.ByName())
				e.note(t, t.Say("registers.log-retired", "reason", p.Reason))
				e.replace(&o, line)
				o.Reply, o.Save, o.Audit = bot.Say(line), map[bot.Ref]bot.Record{ref: e}, []string{"registers.retired"}
				if r.ID == "consents" {
					o.Reply.Add(bot.Para, t.Say("registers.consent-over"))
				}
				plan(t, ref, e, &o)
				return o, nil
			}))(ctx, t, p.Ref)
		}}
}
