package year

import (
	"context"

	"shareright/bot"
	"shareright/knowledge/calendar"
	"shareright/knowledge/governance"
	"shareright/scheduler"
)

// show is one task with its evidence.
func (h handler) show(_ context.Context, t bot.Turn, ref bot.Ref, item governance.Item, k Task) (bot.Outcome, error) {
	m := h.card(t, ref, item, k)
	if k.State == off {
		m = bot.Say(t.Say("year.is-off", "title", k.title(item), "reason", k.Why)).With(h.buttons(t, ref, item, k)...)
	}
	var log []string
	for _, e := range k.Done {
		log = append(log, t.Say("year.log-done", "date", e.On.Plain(), "who", e.ByName, "what", e.What))
	}
	for _, v := range k.Moved {
		log = append(log, t.Say("year.log-moved", "from", v.From.Plain(), "to", v.To.Plain(), "who", v.ByName, "reason", v.Reason))
	}
	m.List(bot.Bullets, log...)
	for _, s := range h.content.SourcesOf(item) {
		m.Sources = append(m.Sources, bot.Source{Title: s.Title, URL: s.URL, Checked: s.Checked})
	}
	return bot.Outcome{Reply: m}, nil
}

// finishing is what "Done" fills in.
type finishing struct {
	Ref  bot.Ref       `json:"ref"`
	On   calendar.Date `json:"on,omitzero"`
	What string        `json:"what"`
}

func (h handler) askDone(_ context.Context, t bot.Turn, ref bot.Ref, item governance.Item, k Task) (bot.Outcome, error) {
	note := bot.Block{Kind: bot.Para, Text: t.Say("year.ask-evidence", "evidence", item.Evidence)}
	return bot.Outcome{Ask: h.finishing().Begin(finishing{Ref: ref}).Saying(note)}, nil
}

func (h handler) finishing() bot.Form[finishing] {
	return bot.Form[finishing]{ID: "year.done", Title: "Done", Submit: "Record it", Quick: true,
		Pages: []bot.Page[finishing]{{ID: "done", Fields: []bot.Field[finishing]{
			bot.AskText("what", "What is the evidence?", func(f *finishing) *string { return &f.What }).
				Why("It shows later that it was done, and what came of it."),
			bot.AskDate("on", "On which day?", func(f *finishing) *calendar.Date { return &f.On }).Optional().Past().
				Hint("Leave empty if it was today").Why("The next time counts from it."),
		}}},
		Done: func(ctx context.Context, t bot.Turn, f finishing) (bot.Outcome, error) {
			return h.act(running(func(_ context.Context, t bot.Turn, ref bot.Ref, item governance.Item, k Task) (bot.Outcome, error) {
				return h.finished(t, ref, item, k, f)
			}))(ctx, t, f.Ref)
		}}
}

// finished keeps the evidence and counts the next time.
func (h handler) finished(t bot.Turn, ref bot.Ref, item governance.Item, k Task, f finishing) (bot.Outcome, error) {
	if f.On.IsZero() {
		f.On = t.Today()
	}
	if n := len(k.Done); n > 0 && !f.On.After(k.Done[n-1].On) {
		return t.Reply("year.done-already", "title", k.title(item), "date", k.Done[n-1].On.Plain()), nil
	}
	due, err := next(t, item, k, f.On)
	if err != nil {
		return bot.Outcome{}, err
	}
	k.Done = append(k.Done[:len(k.Done):len(k.Done)], Evidence{On: f.On, Due: k.Due, What: f.What, By: t.By.ID, ByName: t.ByName(), At: t.Now})
	k.Due, k.Told, k.Since = due, t.Today(), f.On
	line := t.Say("year.done", "title", k.title(item), "who", t.ByName(), "date", f.On.Plain())
	o := bot.Outcome{Audit: []string{"year.done"}, Reply: bot.Say(line, t.Say("year.again", "date", due.Long()))}
	k.replace(&o, line)
	o.Save = map[bot.Ref]bot.Record{ref: k}
	plan(t, ref, item, k, &o)
	return o, nil
}

// moving is what "Move it" fills in.
type moving struct {
	Ref    bot.Ref       `json:"ref"`
	To     calendar.Date `json:"to"`
	Reason string        `json:"reason"`
}

func (h handler) askMove(_ context.Context, _ bot.Turn, ref bot.Ref, _ governance.Item, _ Task) (bot.Outcome, error) {
	return bot.Outcome{Ask: h.moving().Begin(moving{Ref: ref})}, nil
}

func (h handler) moving() bot.Form[moving] {
	return bot.Form[moving]{ID: "year.move", Title: "Move it", Submit: "Move it", Quick: true,
		Pages: []bot.Page[moving]{{ID: "move", Fields: []bot.Field[moving]{
			bot.AskDate("to", "To which day?", func(m *moving) *calendar.Date { return &m.To }).Hint("With the year").Why("You are reminded before that day instead."),
			bot.AskText("reason", "Why not now?", func(m *moving) *string { return &m.Reason }).Why("It stays with the evidence."),
		}}},
		Done: func(ctx context.Context, t bot.Turn, m moving) (bot.Outcome, error) {
			return h.act(running(func(_ context.Context, t bot.Turn, ref bot.Ref, item governance.Item, k Task) (bot.Outcome, error) {
				return h.moved(t, ref, item, k, m)
			}))(ctx, t, m.Ref)
		}}
}

// moved gives a task another day. What has a last day by law is not moved past it.
func (h handler) moved(t bot.Turn, ref bot.Ref, item governance.Item, k Task, m moving) (bot.Outcome, error) {
	again := func(key string, fill ...string) (bot.Outcome, error) {
		m.To = calendar.Date{}
		return bot.Outcome{Ask: h.moving().Begin(m).Saying(bot.Block{Kind: bot.Para, Text: t.Say(key, fill...)})}, nil
	}
	switch {
	case !m.To.After(t.Today()):
		return again("year.move-past")
	case item.Last && m.To.After(k.Due):
		return again("year.move-last", "date", k.Due.Plain())
	case t.Today().AddYears(1).Before(m.To):
		return again("year.move-far")
	}
	k.Moved = append(k.Moved[:len(k.Moved):len(k.Moved)], Move{From: k.Due, To: m.To, Reason: m.Reason, ByName: t.ByName(), At: t.Now})
	k.Due, k.Told, k.Since = m.To, t.Today(), t.Today()
	line := t.Say("year.moved", "title", k.title(item), "date", m.To.Plain(), "who", t.ByName())
	o := bot.Outcome{Audit: []string{"year.moved"}, Reply: bot.Say(line)}
	k.replace(&o, line)
	o.Save = map[bot.Ref]bot.Record{ref: k}
	plan(t, ref, item, k, &o)
	return o, nil
}

// stopping is what "Not us" fills in.
type stopping struct {
	Ref    bot.Ref `json:"ref"`
	Reason string  `json:"reason"`
}

func (h handler) askOff(_ context.Context, t bot.Turn, ref bot.Ref, item governance.Item, _ Task) (bot.Outcome, error) {
	ask := h.stopping().Begin(stopping{Ref: ref})
	if item.Statutory {
		ask.Saying(bot.Block{Kind: bot.Para, Text: t.Say("year.off-law")})
	}
	return bot.Outcome{Ask: ask}, nil
}

func (h handler) stopping() bot.Form[stopping] {
	return bot.Form[stopping]{ID: "year.off", Title: "Not for us", Submit: "Switch it off", Quick: true,
		Pages: []bot.Page[stopping]{{ID: "off", Fields: []bot.Field[stopping]{
			bot.AskText("reason", "Why is it not for you?", func(s *stopping) *string { return &s.Reason }).
				Hint("For example: we have no moderated groups").Why("Somebody may ask in a year. The reason stays on record."),
		}}},
		Done: func(ctx context.Context, t bot.Turn, s stopping) (bot.Outcome, error) {
			return h.act(running(func(_ context.Context, t bot.Turn, ref bot.Ref, item governance.Item, k Task) (bot.Outcome, error) {
				k.State, k.Why, k.Told = off, s.Reason, t.Today()
				line := t.Say("year.off", "title", k.title(item), "who", t.ByName(), "reason", s.Reason)
				o := bot.Outcome{Audit: []string{"year.off"}, Reply: bot.Say(line).With(h.buttons(t, ref, item, k)...)}
				k.replace(&o, line)
				if item.Statutory {
					o.Posts = append(o.Posts, bot.Post{Key: "year/" + string(ref) + "/off/" + t.Today().String(), To: bot.ToRolePrivately(bot.Trustee),
						Class: scheduler.Routine, Message: *bot.Say(line, t.Say("year.off-trustee"))})
				}
				o.Save = map[bot.Ref]bot.Record{ref: k}
				plan(t, ref, item, k, &o)
				return o, nil
			}))(ctx, t, s.Ref)
		}}
}

// on takes a task up again.
func (h handler) on(_ context.Context, t bot.Turn, ref bot.Ref, item governance.Item, k Task) (bot.Outcome, error) {
	if k.State == open {
		return t.Reply("year.on-already", "title", k.title(item)), nil
	}
	k.State, k.Why, k.Told, k.Since = open, "", t.Today(), t.Today()
	if k.Due.Before(t.Today()) {
		due, err := first(t, item)
		if err != nil {
			return bot.Outcome{}, err
		}
		k.Due = due
	}
	o := bot.Outcome{Save: map[bot.Ref]bot.Record{ref: k}, Audit: []string{"year.on"}, Reply: bot.Say(t.Say("year.on", "title", k.title(item), "date", k.Due.Long()))}
	plan(t, ref, item, k, &o)
	return o, nil
}
