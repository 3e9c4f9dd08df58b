package training

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"

	"shareright/bot"
	"shareright/scheduler"
)

// mine shows people their own training, and the lead how far each refresher is.
func (h handler) mine(ctx context.Context, t bot.Turn, _ string) (bot.Outcome, error) {
	own, err := bot.Find[Part](ctx, t, bot.Query{Owner: t.By.ID, Limit: most})
	if err != nil {
		return bot.Outcome{}, err
	}
	slices.SortStableFunc(own, func(a, b bot.Found[Part]) int { return a.Record.Due.Compare(b.Record.Due) })
	m := bot.Say(t.Say("training.mine"))
	var lines []string
	for _, f := range own {
		p := f.Record
		if p.State == closed && len(p.Done) == 0 {
			continue
		}
		lines = append(lines, p.Title+": "+state(t, p))
		if p.State == open && t.Today().DaysTo(p.Due) <= before()[0] && len(m.Buttons) < 4 {
			m.With(finishButton(t, f.Ref, p))
		}
	}
	if len(lines) == 0 {
		m.Title = t.Say("training.mine-none")
	}
	m.List(bot.Bullets, lines...)
	if t.By.Has(leads()...) {
		if err := h.overview(ctx, t, m); err != nil {
			return bot.Outcome{}, err
		}
	}
	return bot.Outcome{Reply: m}, nil
}

// finishButton does one part, among others: it names it.
func finishButton(t bot.Turn, ref bot.Ref, p Part) bot.Button {
	what := "done"
	if p.Topic == policyTopic {
		what = "read"
	}
	return bot.Button{Action: "training." + what, Label: t.Say("training.button-"+what+"-of", "title", p.Title), Ref: ref}
}

// state is how far somebody is: done, due, or waiting since.
func state(t bot.Turn, p Part) string {
	line := ""
	if n := len(p.Done); n > 0 {
		line = t.Say("training.state-done", "date", p.Done[n-1].On.Plain()) + " "
	}
	switch {
	case p.State == closed:
		return line
	case p.Due.Before(t.Today()):
		return line + t.Say("training.state-late", "date", p.Due.Plain())
	}
	return line + t.Say("training.state-due", "date", p.Due.Plain())
}

// overview adds what the lead needs: each refresher as counts, with a button for the names.
func (h handler) overview(ctx context.Context, t bot.Turn, m *bot.Message) error {
	all, err := bot.Find[Refresher](ctx, t, bot.Query{States: []string{open}})
	if err != nil {
		return err
	}
	var lines []string
	for _, f := range all {
		found, err := parts(ctx, t, f.Ref)
		if err != nil {
			return err
		}
		lines = append(lines, string(f.Ref)+" "+counted(t, f.Record, stands(found, t.Today())))
		if len(m.Buttons) < 8 {
			m.With(bot.Button{Action: "training.show", Label: string(f.Ref), Ref: f.Ref})
		}
	}
	if len(lines) == 0 {
		m.Add(bot.Para, t.Say("training.all-none"))
		return nil
	}
	m.Add(bot.Heading, t.Say("training.all")).List(bot.Bullets, lines...)
	return nil
}

// show is a refresher with its people, privately, for the lead and the deputy.
func (h handler) show(ctx context.Context, t bot.Turn, ref bot.Ref) (bot.Outcome, error) {
	r, err := bot.Load[Refresher](ctx, t, ref)
	if err != nil {
		return bot.Outcome{}, err
	}
	found, err := parts(ctx, t, ref)
	if err != nil {
		return bot.Outcome{}, err
	}
	m := bot.Say(r.Title + " (" + string(ref) + ")")
	if r.Months > 0 {
		m.Add(bot.Para, t.Say("training.every", "n", strconv.Itoa(r.Months)))
	}
	var lines []string
	for _, f := range found {
		p := f.Record
		if p.State == closed && len(p.Done) == 0 {
			continue
		}
		line := p.called(t) + ": " + state(t, p)
		if n := len(p.Snoozed); n > 0 {
			line += " " + t.Say("training.state-snoozed", "n", strconv.Itoa(n), "reason", p.Snoozed[n-1].Reason)
		}
		lines = append(lines, line)
	}
	m.List(bot.Bullets, lines...)
	if r.Topic == policyTopic {
		m.Add(bot.Para, t.Say("training.policy-where", "version", strconv.Itoa(r.Version), "where", r.Where))
		m.With(bot.Button{Action: "training.publish", Label: t.Say("training.button-version"), Ref: ref})
	}
	if r.State == open {
		stop := button(t, ref, "stop", bot.Danger)
		stop.Confirm = t.Say("training.stop-sure")
		m.With(stop)
	}
	return bot.Outcome{Reply: m, Audit: []string{"training.read"}}, nil
}

// stop ends a refresher: nobody is reminded of it any more, and the evidence stays.
func (h handler) stop(ctx context.Context, t bot.Turn, ref bot.Ref) (bot.Outcome, error) {
	r, err := bot.Load[Refresher](ctx, t, ref)
	if err != nil {
		return bot.Outcome{}, err
	}
	found, err := parts(ctx, t, ref)
	if err != nil {
		return bot.Outcome{}, err
	}
	t.Ref, r.State = ref, closed
	o := bot.Outcome{Save: map[bot.Ref]bot.Record{ref: r}, Audit: []string{"training.stopped"},
		Stop: []scheduler.Key{{Kind: countKind, Name: string(ref)}}, Reply: bot.Say(t.Say("training.stopped", "title", r.Title))}
	for _, f := range found {
		p := f.Record
		if p.State == closed {
			continue
		}
		p.State = closed
		p.replace(&o, t.Say("training.over", "title", p.Title))
		o.Save[f.Ref] = p
		plan(t, f.Ref, p, &o)
	}
	return o, nil
}

// register is the record of who was trained when, for exports.
func register() bot.Register {
	column := func(name string, value func(Part) string) bot.Column {
		return bot.Column{Name: name, Value: func(record []byte) string {
			var p Part
			if json.Unmarshal(record, &p) != nil {
				return ""
			}
			return value(p)
		}}
	}
	last := func(value func(Evidence) string) func(Part) string {
		return func(p Part) string {
			if len(p.Done) == 0 {
				return ""
			}
			return value(p.Done[len(p.Done)-1])
		}
	}
	return bot.Register{Kind: Part{}.RecordKind(), Name: "training", Title: "Training", Who: leads(), Second: true, Columns: []bot.Column{
		column("Refresher", func(p Part) string { return string(p.Refresher) }),
		column("Training", func(p Part) string { return p.Title }),
		column("Person", func(p Part) string { return string(p.Person) }),
		column("State", func(p Part) string { return p.State }),
		column("Due", func(p Part) string { return p.Due.String() }),
		column("Last done", last(func(e Evidence) string { return e.On.String() })),
		column("How", last(func(e Evidence) string { return e.How })),
		column("Version", last(func(e Evidence) string {
			if e.Of == 0 {
				return ""
			}
			return strconv.Itoa(e.Of)
		})),
		column("Times done", func(p Part) string { return strconv.Itoa(len(p.Done)) }),
		column("Times put off", func(p Part) string { return strconv.Itoa(len(p.Snoozed)) }),
	}}
}
