package training

import (
	"context"
	"strconv"

	"shareright/bot"
	"shareright/knowledge/calendar"
	knowledge "shareright/knowledge/training"
)

// finishing is what "Done" fills in.
type finishing struct {
	Ref bot.Ref       `json:"ref"`
	On  calendar.Date `json:"on,omitzero"`
	How string        `json:"how,omitempty"`
}

func (h handler) askDone(_ context.Context, t bot.Turn, ref bot.Ref, p Part) (bot.Outcome, error) {
	if n := len(p.Done); n > 0 && p.Done[n-1].On == t.Today() && p.Topic != policyTopic {
		return t.Reply("training.done-already", "date", p.Done[n-1].On.Long()), nil
	}
	return bot.Outcome{Ask: h.finishing().Begin(finishing{Ref: ref})}, nil
}

func (h handler) finishing() bot.Form[finishing] {
	return bot.Form[finishing]{ID: "training.done", Title: "Done", Submit: "Record it", Quick: true,
		Pages: []bot.Page[finishing]{{ID: "done", Fields: []bot.Field[finishing]{
			bot.AskDate("on", "On which day?", func(f *finishing) *calendar.Date { return &f.On }).
				Hint("Leave empty if it was today").Optional().Past().Why("The date is the evidence, and the next one counts from it."),
			bot.AskText("how", "What did you do?", func(f *finishing) *string { return &f.How }).
				Hint("For example: talk at the team meeting").Optional().Why("It shows what the training was."),
		}}},
		Done: func(ctx context.Context, t bot.Turn, f finishing) (bot.Outcome, error) {
			return h.act(func(_ context.Context, t bot.Turn, ref bot.Ref, p Part) (bot.Outcome, error) {
				return h.finished(t, ref, p, f), nil
			})(ctx, t, f.Ref)
		}}
}

// finished records the evidence and counts the next date from it.
func (h handler) finished(t bot.Turn, ref bot.Ref, p Part, f finishing) bot.Outcome {
	if f.On.IsZero() {
		f.On = t.Today()
	}
	if n := len(p.Done); n > 0 && !f.On.After(p.Done[n-1].On) && p.Done[n-1].Of == p.version() {
		return t.Reply("training.done-already", "date", p.Done[n-1].On.Long())
	}
	p.Done = append(p.Done, Evidence{On: f.On, How: f.How, Of: p.version(), By: t.By.ID, ByName: t.ByName(), At: t.Now})
	p.next(t)
	line, next := t.Say("training.done", "title", p.Title, "date", f.On.Long()), t.Say("training.done-last")
	switch {
	case p.Topic == policyTopic:
		line, next = t.Say("training.policy-done", "title", p.Title, "version", strconv.Itoa(p.Version)), t.Say("training.policy-last")
	case p.State == open:
		next = t.Say("training.done-next", "date", p.Due.Long())
	}
	o := bot.Outcome{Audit: []string{"training.done"}, Reply: bot.Say(line, next)}
	p.replace(&o, line)
	o.Save = map[bot.Ref]bot.Record{ref: p}
	plan(t, ref, p, &o)
	return o
}

// version is the version of a policy; evidence of one is none of the next.
func (p Part) version() int {
	if p.Topic == policyTopic {
		return p.Version
	}
	return 0
}

// next counts the next date from the newest evidence, or ends what comes once.
func (p *Part) next(t bot.Turn) {
	on := p.Done[len(p.Done)-1].On
	p.Told, p.Quiet, p.Asked = t.Today(), calendar.Date{}, p.Version
	if p.Due = knowledge.Next(on, p.Months); p.Due.IsZero() {
		p.Due, p.State = on, closed
	}
}

// snoozing is what "Snooze" fills in.
type snoozing struct {
	Ref    bot.Ref `json:"ref"`
	Long   string  `json:"long"`
	Reason string  `json:"reason"`
}

func (h handler) askSnooze(_ context.Context, _ bot.Turn, ref bot.Ref, _ Part) (bot.Outcome, error) {
	return bot.Outcome{Ask: h.snoozing().Begin(snoozing{Ref: ref})}, nil
}

func (h handler) snoozing() bot.Form[snoozing] {
	return bot.Form[snoozing]{ID: "training.snooze", Title: "Remind me later", Submit: "Snooze", Quick: true,
		Pages: []bot.Page[snoozing]{{ID: "snooze", Fields: []bot.Field[snoozing]{
			bot.AskOne("long", "How long?", func(s *snoozing) *string { return &s.Long },
				bot.Option{Value: "week", Label: "1 week"}, bot.Option{Value: "month", Label: "1 month"}),
			bot.AskText("reason", "Why not now?", func(s *snoozing) *string { return &s.Reason }).
				Why("The lead sees it, and can make room for the training."),
		}}},
		Done: func(ctx context.Context, t bot.Turn, s snoozing) (bot.Outcome, error) {
			return h.act(func(_ context.Context, t bot.Turn, ref bot.Ref, p Part) (bot.Outcome, error) {
				p.Quiet = t.Today().AddDays(weekly)
				if s.Long == "month" {
					p.Quiet = t.Today().AddMonths(1)
				}
				p.Told = t.Today()
				p.Snoozed = append(p.Snoozed, Snooze{Until: p.Quiet, Reason: s.Reason, At: t.Now})
				line := t.Say("training.snoozed", "title", p.Title, "date", p.reminders(t.Mornings()).Next(p.Told).Long())
				o := bot.Outcome{Audit: []string{"training.snoozed"}, Reply: bot.Say(line)}
				p.replace(&o, line)
				o.Save = map[bot.Ref]bot.Record{ref: p}
				plan(t, ref, p, &o)
				return o, nil
			})(ctx, t, s.Ref)
		}}
}
