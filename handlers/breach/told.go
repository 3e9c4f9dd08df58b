package breach

import (
	"context"
	"fmt"
	"time"

	"shareright/bot"
	"shareright/knowledge/calendar"
	"shareright/scheduler"
)

// telling is what the form about the regulator fills in.
type telling struct {
	Ref    bot.Ref       `json:"ref"`
	At     time.Time     `json:"at,omitzero"`
	Number string        `json:"number,omitempty"`
	More   calendar.Date `json:"more,omitzero"` // when the rest is promised
}

func (h handler) askICO(_ context.Context, t bot.Turn, ref bot.Ref, b Breach) (bot.Outcome, error) {
	if !b.ICOAt.IsZero() {
		return t.Reply("breach.told-already", "ico", t.Org.ICO), nil
	}
	return bot.Outcome{Ask: h.ico().Begin(telling{Ref: ref})}, nil
}

func (h handler) ico() bot.Form[telling] {
	return bot.Form[telling]{
		ID: "breach.ico", Title: say("ico-title"), Submit: say("ico-submit"), Done: h.told,
		Pages: []bot.Page[telling]{{ID: "told", Fields: []bot.Field[telling]{
			bot.AskText("number", say("ico-number"), func(s *telling) *string { return &s.Number }).Optional().
				Why(say("ico-number-why")),
			bot.AskWhen("at", say("ico-at"), func(s *telling) *time.Time { return &s.At }).
				Hint(say("ico-at-hint")).Optional().Past().Why(say("ico-at-why")),
			bot.AskDate("more", say("ico-more"), func(s *telling) *calendar.Date { return &s.More }).
				Hint(say("ico-more-hint")).Optional().Why(say("ico-more-why")),
		}}},
	}
}

func (h handler) told(ctx context.Context, t bot.Turn, d telling) (bot.Outcome, error) {
	return h.sent(ctx, t, d.Ref, func(t bot.Turn, b Breach) bot.Outcome {
		b.ICOAt, b.ICORef = d.At, d.Number
		if b.ICOAt.IsZero() {
			b.ICOAt = t.Now
		}
		said := t.Say("breach.line-told", "name", t.ByName(), "ico", t.Org.ICO, "when", moment(t, b.ICOAt))
		if b.ICOAt.After(b.clock().End()) {
			said += " " + t.Say("breach.line-late")
		}
		line, jobs := b.promise(t, d, said)
		b.note(t, line)
		o := h.changed(t, d.Ref, b, line)
		o.Stop, o.Jobs = b.stopClock(d.Ref), jobs
		return o
	})
}

// promise keeps the day on which the rest is due to the regulator, adds it to the line, and reminds of it.
func (b *Breach) promise(t bot.Turn, d telling, line string) (string, []scheduler.Job) {
	if d.More.IsZero() {
		return line, nil
	}
	b.Phases = append(b.Phases, Phase{Promised: d.More})
	return line + " " + t.Say("breach.line-promised", "date", d.More.Long()), []scheduler.Job{phaseJob(t, d.Ref, d.More)}
}

func (h handler) askLater(_ context.Context, t bot.Turn, ref bot.Ref, b Breach) (bot.Outcome, error) {
	if b.phaseOpen() == nil {
		return t.Reply("breach.later-none", "ico", t.Org.ICO), nil
	}
	return bot.Outcome{Ask: h.later().Begin(telling{Ref: ref})}, nil
}

// later is the follow-up to a first report, Article 33(4) UK GDPR.
func (h handler) later() bot.Form[telling] {
	return bot.Form[telling]{
		ID: "breach.later", Title: say("later-title"), Submit: say("ico-submit"), Done: h.laterSent,
		Pages: []bot.Page[telling]{{ID: "sent", Fields: []bot.Field[telling]{
			bot.AskText("number", say("later-number"), func(s *telling) *string { return &s.Number }).Optional().Why(say("ico-number-why")),
			bot.AskDate("more", say("later-more"), func(s *telling) *calendar.Date { return &s.More }).
				Hint(say("ico-more-hint")).Optional().Why(say("later-more-why")),
		}}},
	}
}

func (h handler) laterSent(ctx context.Context, t bot.Turn, d telling) (bot.Outcome, error) {
	return h.sent(ctx, t, d.Ref, func(t bot.Turn, b Breach) bot.Outcome {
		p := b.phaseOpen()
		if p == nil {
			return t.Reply("breach.later-none", "ico", t.Org.ICO)
		}
		p.Sent, p.Number = t.Now, d.Number
		line, jobs := b.promise(t, d, t.Say("breach.line-later", "name", t.ByName(), "ico", t.Org.ICO))
		b.note(t, line)
		o := h.changed(t, d.Ref, b, line)
		o.Jobs = jobs
		if jobs == nil {
			o.Stop = []scheduler.Key{{Kind: phase, Name: string(d.Ref)}}
		}
		return o
	})
}

// phase reminds of what was promised to the regulator. The name is stored with pending jobs.
const phase = "breach.phase"

// phaseJob is due the last morning before the promised day, so that it is never too late.
func phaseJob(t bot.Turn, ref bot.Ref, promised calendar.Date) scheduler.Job {
	return scheduler.Job{Key: scheduler.Key{Kind: phase, Name: string(ref)}, Due: morning(t, t.Mornings().Last(promised.AddDays(-1))), Class: scheduler.Escalation, About: string(ref)}
}

func (h handler) remindPhase(t bot.Turn, b Breach, _ scheduler.Job) (bot.Outcome, error) {
	p := b.phaseOpen()
	if p == nil {
		return bot.Outcome{}, nil
	}
	key := fmt.Sprintf("breach/%s/phase/%d", t.Ref, t.Now.Unix())
	m := bot.Say(t.Say("breach.phase", "ref", string(t.Ref), "ico", t.Org.ICO, "date", p.Promised.Long())).With(h.next(t, t.Ref, b)...)
	return bot.Outcome{
		Posts: []bot.Post{{Key: key, To: b.audience(t), Under: cardKey(t.Ref), Class: scheduler.Escalation, Message: *m}},
		Jobs: []scheduler.Job{{Key: scheduler.Key{Kind: phase, Name: string(t.Ref)}, Due: morning(t, calendar.On(t.Now, t.Org.Zone).AddDays(1)),
			Class: scheduler.Escalation, About: string(t.Ref)}},
	}, nil
}

// morning is when people are reminded on a day, or else on the next on which they are. It is never past.
func morning(t bot.Turn, day calendar.Date) time.Time {
	at := t.Mornings().At(day, t.Org.Zone)
	if !at.After(t.Now) {
		return t.Mornings().At(t.Today().AddDays(1), t.Org.Zone)
	}
	return at
}
