package breach

import (
	"context"

	"shareright/bot"
	"shareright/scheduler"
)

// ack takes the breach on. A second press says who has it already.
func (h handler) ack(_ context.Context, t bot.Turn, ref bot.Ref, b Breach) (bot.Outcome, error) {
	switch {
	case b.over():
		return t.Reply("breach.closed-already", "ref", string(ref)), nil
	case b.Holder == t.By.ID && !b.counts(t):
		return t.Reply("breach.yours-already"), nil
	case b.Holder != "" && b.counts(t):
		return h.alsoSeen(t, ref, b), nil
	case b.Holder != "" && b.Handing != bot.Anyone && t.By.Has(b.Handing):
	case b.Holder != "":
		return t.Reply("breach.taken-already", "name", b.HolderName), nil
	}
	b.Holder, b.HolderName, b.HeldAt, b.Chased, b.Handing = t.By.ID, t.ByName(), t.Now, 0, bot.Anyone
	b.see(t)
	if b.State == open {
		b.State = held
	}
	b.note(t, t.Say("breach.log-taken"))
	line, left := t.Say("breach.line-taken", "name", b.HolderName), b.clock().Left(t.Now)
	next := decay(left)
	if missing := b.unseen(t); len(missing) > 0 {
		line += " " + t.Say("breach.line-unseen", "who", calledAll(t, missing))
		next = patience(left)
	}
	o := h.changed(t, ref, b, line)
	o.Jobs = []scheduler.Job{chaseJob(ref, t.Now.Add(next))}
	return o, nil
}

// still renews an acknowledgement.
func (h handler) still(ctx context.Context, t bot.Turn, ref bot.Ref, b Breach) (bot.Outcome, error) {
	if b.Holder == "" {
		return h.ack(ctx, t, ref, b)
	}
	if b.Holder != t.By.ID {
		return t.Reply("breach.taken-already", "name", b.HolderName), nil
	}
	b.HeldAt = t.Now
	b.see(t)
	b.note(t, t.Say("breach.log-still"))
	o := h.changed(t, ref, b, t.Say("breach.line-still", "name", b.HolderName))
	o.Jobs = []scheduler.Job{chaseJob(ref, t.Now.Add(decay(b.clock().Left(t.Now))))}
	return o, nil
}

// changed saves a breach, edits its card and says so in the thread.
func (h handler) changed(t bot.Turn, ref bot.Ref, b Breach, line string) bot.Outcome {
	return bot.Outcome{
		Save:  map[bot.Ref]bot.Record{ref: b},
		Posts: []bot.Post{b.card(h, t, ref), b.line(t, ref, line)},
		Reply: bot.Say(line).With(h.next(t, ref, b)...),
	}
}

// deciding is what the decision form fills in.
type deciding struct {
	Ref     bot.Ref `json:"ref"`
	ICO     string  `json:"ico"`
	People  string  `json:"people"`
	Reason  string  `json:"reason"`
	Advised string  `json:"advised"`
}

func (h handler) askDecision(_ context.Context, t bot.Turn, ref bot.Ref, b Breach) (bot.Outcome, error) {
	if b.over() {
		return t.Reply("breach.closed-already", "ref", string(ref)), nil
	}
	a := h.content.Assess(h.attributes(b))
	advised := adviceLine(t, a)
	note := []bot.Block{{Kind: bot.Para, Text: t.Say("breach.decide-advice", "advice", advised)}, {Kind: bot.Bullets, Items: a.Reasons}}
	return bot.Outcome{Ask: h.decision().Begin(deciding{Ref: ref, Advised: advised}).Saying(note...)}, nil
}

func (h handler) decision() bot.Form[deciding] {
	yesNo := []bot.Option{{Value: "yes", Label: "Yes"}, {Value: "no", Label: "No"}}
	return bot.Form[deciding]{
		ID: "breach.decision", Title: "Decide", Submit: "Record the decision", Done: h.decided,
		Pages: []bot.Page[deciding]{{ID: "decide", Fields: []bot.Field[deciding]{
			bot.AskOne("ico", "Tell the regulator?", func(d *deciding) *string { return &d.ICO }, yesNo...).
				Why("Tell them unless a risk to people is unlikely (Article 33)."),
			bot.AskOne("people", "Tell the people affected?", func(d *deciding) *string { return &d.People }, yesNo...).
				Why("Tell them when the risk to them is likely to be high (Article 34)."),
			bot.AskStory("reason", "Why?", func(d *deciding) *string { return &d.Reason }).
				Hint("Write your reason, whichever way you decide").Why("The law asks for a written record of every breach (Article 33(5))."),
		}}},
	}
}

func (h handler) decided(ctx context.Context, t bot.Turn, d deciding) (bot.Outcome, error) {
	return h.sent(ctx, t, d.Ref, func(t bot.Turn, b Breach) bot.Outcome {
		ref := d.Ref
		if b.over() {
			return t.Reply("breach.closed-already", "ref", string(ref))
		}
		b.Decision = &Decision{ICO: d.ICO, People: d.People, Reason: d.Reason, Advised: d.Advised, By: t.By.ID, ByName: t.ByName(), At: t.Now}
		b.State = decided
		if b.Holder == "" {
			b.Holder, b.HolderName = t.By.ID, t.ByName()
		}
		b.HeldAt = t.Now
		b.addTask(t, "meeting", 7)
		line := t.Say("breach.line-decided", "name", t.ByName(), "ico", t.Say("breach.answer-"+d.ICO), "people", t.Say("breach.answer-"+d.People))
		if a := h.content.Assess(h.attributes(b)); a.NotifyICO && d.ICO == "no" || a.NotifyIndividuals && d.People == "no" {
			line += " " + t.Say("breach.line-differs", "advice", d.Advised)
		}
		b.note(t, line)
		o := h.changed(t, ref, b, line)
		if b.running() {
			o.Jobs = b.jobs(ref, t.Now)
			o.Jobs[len(o.Jobs)-1] = chaseJob(ref, t.Now.Add(decay(b.clock().Left(t.Now))))
		} else {
			o.Stop = b.stopClock(ref)
		}
		o.Jobs = append(o.Jobs, b.taskJobs(ref, t)...)
		return o
	})
}
