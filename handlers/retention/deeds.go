package retention

import (
	"context"

	"shareright/bot"
	"shareright/knowledge/calendar"
)

// keeping is what "Keep it" fills in.
type keeping struct {
	Ref    bot.Ref       `json:"ref"`
	Until  calendar.Date `json:"until,omitzero"`
	Reason string        `json:"reason"`
}

func (h handler) askKeep(_ context.Context, t bot.Turn, ref bot.Ref, r Review) (bot.Outcome, error) {
	if !r.keepable() {
		return bot.Outcome{Reply: bot.Say(t.Say("retention.keep-no"), h.when(t, r)).With(buttonFor(t, ref, "hold", bot.Primary))}, nil
	}
	return bot.Outcome{Ask: h.keeping().Begin(keeping{Ref: ref})}, nil
}

func (h handler) keeping() bot.Form[keeping] {
	return bot.Form[keeping]{ID: "retention.keep", Title: "Keep it longer", Submit: "Keep it",
		Pages: []bot.Page[keeping]{{ID: "keep", Fields: []bot.Field[keeping]{
			bot.AskDate("until", "Until when?", func(k *keeping) *calendar.Date { return &k.Until }).Hint("For example 27 3 2031").
				Why("Nothing is kept without an end."),
			bot.AskStory("reason", "Why is it still needed?", func(k *keeping) *string { return &k.Reason }).Hint("Leave out names").
				Why("The law lets you keep only what you still need (Article 5(1)(e))."),
		}}},
		Done: func(ctx context.Context, t bot.Turn, k keeping) (bot.Outcome, error) {
			return h.act(open(func(_ context.Context, t bot.Turn, ref bot.Ref, r Review) (bot.Outcome, error) {
				if !r.keepable() {
					return t.Reply("retention.keep-no"), nil
				}
				if !k.Until.After(t.Today()) || k.Until.Before(r.act()) {
					from := calendar.Latest(r.act(), t.Today().AddDays(1))
					note := bot.Block{Kind: bot.Para, Text: t.Say("retention.keep-early", "date", from.Long())}
					return bot.Outcome{Ask: h.keeping().Begin(keeping{Ref: ref, Reason: k.Reason}).Saying(note)}, nil
				}
				r.Until, r.Quiet, r.Disposal = k.Until, calendar.Date{}, nil
				line := t.Say("retention.line-kept", "name", t.ByName(), "date", k.Until.Long())
				r.note(t, line+" "+k.Reason)
				return audited(h.changed(t, ref, r, line), "retention.kept"), nil
			}))(ctx, t, k.Ref)
		}}
}

// holding is what "Put on hold" fills in.
type holding struct {
	Ref    bot.Ref `json:"ref"`
	Why    string  `json:"why"`
	Reason string  `json:"reason"`
}

func (h handler) askHold(_ context.Context, t bot.Turn, ref bot.Ref, r Review) (bot.Outcome, error) {
	if r.Hold != nil {
		return t.Reply("retention.held-already", "file", r.File), nil
	}
	return bot.Outcome{Ask: h.holding().Begin(holding{Ref: ref})}, nil
}

func (h handler) holding() bot.Form[holding] {
	return bot.Form[holding]{ID: "retention.hold", Title: "Put it on hold", Submit: "Put on hold",
		Pages: []bot.Page[holding]{{ID: "hold", Fields: []bot.Field[holding]{
			bot.AskOne("why", "Why must it wait?", func(a *holding) *string { return &a.Why }, waits(false)...).
				Why("Each reason ends in its own way."),
			bot.AskStory("reason", "Say more", func(a *holding) *string { return &a.Reason }).Hint("Leave out names").
				Why("Whoever lifts the hold needs to know when it is over."),
		}}},
		Done: func(ctx context.Context, t bot.Turn, a holding) (bot.Outcome, error) {
			return h.act(open(func(_ context.Context, t bot.Turn, ref bot.Ref, r Review) (bot.Outcome, error) {
				if r.Hold != nil {
					return t.Reply("retention.held-already", "file", r.File), nil
				}
				r.Hold = &Hold{Why: a.Why, Reason: a.Reason, Since: t.Today(), ByName: t.ByName()}
				r.Disposal, r.Quiet = nil, calendar.Date{}
				line := t.Say("retention.line-held", "name", t.ByName(), "why", t.Say("retention.why-"+a.Why))
				r.note(t, line)
				return audited(h.changed(t, ref, r, line), "retention.held"), nil
			}))(ctx, t, a.Ref)
		}}
}

// lifting is what "Lift the hold" fills in.
type lifting struct {
	Ref    bot.Ref `json:"ref"`
	Reason string  `json:"reason"`
}

func (h handler) askLift(_ context.Context, t bot.Turn, ref bot.Ref, r Review) (bot.Outcome, error) {
	if r.Hold == nil {
		return t.Reply("retention.held-not", "file", r.File), nil
	}
	note := bot.Block{Kind: bot.Para, Text: t.Say("retention.lift-note", "why", t.Say("retention.why-"+r.Hold.Why), "name", r.Hold.ByName)}
	return bot.Outcome{Ask: h.lifting().Begin(lifting{Ref: ref}).Saying(note)}, nil
}

func (h handler) lifting() bot.Form[lifting] {
	return bot.Form[lifting]{ID: "retention.lift", Title: "Lift the hold", Submit: "Lift the hold", Quick: true,
		Pages: []bot.Page[lifting]{{ID: "lift", Fields: []bot.Field[lifting]{
			bot.AskStory("reason", "Why is the hold over?", func(l *lifting) *string { return &l.Reason }).Hint("Leave out names").
				Why("After this the file may be destroyed, so the reason is kept."),
		}}},
		Done: func(ctx context.Context, t bot.Turn, l lifting) (bot.Outcome, error) {
			if no := refused(t); no != nil {
				return *no, nil
			}
			return h.act(open(func(_ context.Context, t bot.Turn, ref bot.Ref, r Review) (bot.Outcome, error) {
				if r.Hold == nil {
					return t.Reply("retention.held-not", "file", r.File), nil
				}
				r.Hold, r.Quiet = nil, calendar.Date{}
				line := t.Say("retention.line-lifted", "name", t.ByName())
				r.note(t, line+" "+l.Reason)
				o := audited(h.changed(t, ref, r, line), "retention.lifted")
				o.Reply.Add(bot.Para, h.when(t, r)).With(buttons(t, ref, r)...)
				return o, nil
			}))(ctx, t, l.Ref)
		}}
}

// snoozing is what "Snooze" fills in.
type snoozing struct {
	Ref    bot.Ref `json:"ref"`
	Long   string  `json:"long"`
	Reason string  `json:"reason"`
}

func (h handler) askSnooze(_ context.Context, _ bot.Turn, ref bot.Ref, _ Review) (bot.Outcome, error) {
	return bot.Outcome{Ask: h.snoozing().Begin(snoozing{Ref: ref})}, nil
}

func (h handler) snoozing() bot.Form[snoozing] {
	return bot.Form[snoozing]{ID: "retention.snooze", Title: "Remind me later", Submit: "Snooze", Quick: true,
		Pages: []bot.Page[snoozing]{{ID: "snooze", Fields: []bot.Field[snoozing]{
			bot.AskOne("long", "How long?", func(s *snoozing) *string { return &s.Long },
				bot.Option{Value: "week", Label: "1 week"}, bot.Option{Value: "month", Label: "1 month"}),
			bot.AskText("reason", "Why not now?", func(s *snoozing) *string { return &s.Reason }).Hint("Leave out names").
				Why("Next time it is clear what stood in the way."),
		}}},
		Done: func(ctx context.Context, t bot.Turn, s snoozing) (bot.Outcome, error) {
			return h.act(open(func(_ context.Context, t bot.Turn, ref bot.Ref, r Review) (bot.Outcome, error) {
				r.Quiet = r.snoozed(t.Today(), s.Long == "month")
				line := t.Say("retention.line-snoozed", "name", t.ByName(), "date", r.Quiet.Long())
				r.note(t, line+" "+s.Reason)
				return audited(h.changed(t, ref, r, line), "retention.snoozed"), nil
			}))(ctx, t, s.Ref)
		}}
}

// passing is what "Not mine" fills in.
type passing struct {
	Ref bot.Ref      `json:"ref"`
	To  bot.PersonID `json:"to,omitempty"`
}

func (h handler) askPass(_ context.Context, _ bot.Turn, ref bot.Ref, _ Review) (bot.Outcome, error) {
	return bot.Outcome{Ask: h.passing().Begin(passing{Ref: ref})}, nil
}

func (h handler) passing() bot.Form[passing] {
	return bot.Form[passing]{ID: "retention.pass", Title: "Not mine", Submit: "Pass it on", Quick: true,
		Pages: []bot.Page[passing]{{ID: "pass", Fields: []bot.Field[passing]{
			bot.AskPerson("to", "Who looks after it?", func(p *passing) *bot.PersonID { return &p.To }).
				Hint("Leave empty for the data protection lead").Optional().Why("Every file needs somebody who looks after it."),
		}}},
		Done: func(ctx context.Context, t bot.Turn, p passing) (bot.Outcome, error) {
			return h.act(open(func(ctx context.Context, t bot.Turn, ref bot.Ref, r Review) (bot.Outcome, error) {
				to := t.Meant(string(p.To))
				if to == r.Owner {
					return t.Reply("retention.pass-same", "name", t.NameOf(ctx, to)), nil
				}
				r.Owner = to
				line := t.Say("retention.line-passed", "name", t.ByName(), "to", t.NameOf(ctx, to))
				r.note(t, line)
				o := audited(h.changed(t, ref, r, line), "retention.passed")
				m := bot.Say(t.Say("retention.yours", "name", t.ByName(), "file", r.File), h.when(t, r))
				now := o.Save[ref].(Review)
				now.posted(&o, key(ref)+"/passed/"+t.Now.Format("20060102150405"), *m.With(buttons(t, ref, r)...), bot.ToPerson(to))
				o.Save[ref] = now
				return o, nil
			}))(ctx, t, p.Ref)
		}}
}

func audited(o bot.Outcome, what string) bot.Outcome {
	o.Audit = append(o.Audit, what)
	return o
}
