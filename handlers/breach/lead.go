package breach

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"shareright/bot"
	"shareright/scheduler"
)

// ack takes the breach on. A second press says who has it already.
func (h handler) ack(_ context.Context, t bot.Turn, ref bot.Ref, b Breach) (bot.Outcome, error) {
	switch {
	case b.State == closed:
		return said(t, "breach.closed-already", "ref", string(ref)), nil
	case b.Holder == t.By.ID:
		return said(t, "breach.yours-already"), nil
	case b.Holder != "":
		return said(t, "breach.taken-already", "name", b.HolderName), nil
	}
	b.Holder, b.HolderName, b.HeldAt, b.Chased = t.By.ID, name(t), t.Now, 0
	if b.State == open {
		b.State = held
	}
	b.note(t, t.Say("breach.log-taken"))
	o := h.changed(t, ref, b, t.Say("breach.line-taken", "name", b.HolderName))
	o.Jobs = []scheduler.Job{chaseJob(ref, t.Now.Add(decay(b.clock().Left(t.Now))))}
	return o, nil
}

// still renews an acknowledgement.
func (h handler) still(ctx context.Context, t bot.Turn, ref bot.Ref, b Breach) (bot.Outcome, error) {
	if b.Holder == "" {
		return h.ack(ctx, t, ref, b)
	}
	if b.Holder != t.By.ID {
		return said(t, "breach.taken-already", "name", b.HolderName), nil
	}
	b.HeldAt = t.Now
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
	if b.State == closed {
		return said(t, "breach.closed-already", "ref", string(ref)), nil
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
	t.Ref = d.Ref
	return h.act(func(_ context.Context, t bot.Turn, ref bot.Ref, b Breach) (bot.Outcome, error) {
		if no := h.mayAct(t); no != nil {
			return *no, nil
		}
		b.Decision = &Decision{ICO: d.ICO, People: d.People, Reason: d.Reason, Advised: d.Advised, By: t.By.ID, ByName: name(t), At: t.Now}
		b.State = decided
		if b.Holder == "" {
			b.Holder, b.HolderName = t.By.ID, name(t)
		}
		b.HeldAt = t.Now
		line := t.Say("breach.line-decided", "name", name(t), "ico", t.Say("breach.answer-"+d.ICO), "people", t.Say("breach.answer-"+d.People))
		b.note(t, line)
		o := h.changed(t, ref, b, line)
		if b.running() {
			o.Jobs = b.jobs(ref, t.Now)
			o.Jobs[len(o.Jobs)-1] = chaseJob(ref, t.Now.Add(decay(b.clock().Left(t.Now))))
		} else {
			o.Stop = b.stopClock(ref)
		}
		return o, nil
	})(ctx, t, d.Ref)
}

// mayAct checks the role again when a form is sent: it may have been drawn before the role was lost.
func (h handler) mayAct(t bot.Turn) *bot.Outcome {
	if t.By.Has(h.who()...) {
		return nil
	}
	no := said(t, "bot.wrong-role", "role", t.Called(h.who()...))
	return &no
}

// telling is what the form about the regulator fills in.
type telling struct {
	Ref    bot.Ref   `json:"ref"`
	At     time.Time `json:"at,omitzero"`
	Number string    `json:"number,omitempty"`
}

func (h handler) askICO(_ context.Context, _ bot.Turn, ref bot.Ref, _ Breach) (bot.Outcome, error) {
	return bot.Outcome{Ask: h.ico().Begin(telling{Ref: ref})}, nil
}

func (h handler) ico() bot.Form[telling] {
	return bot.Form[telling]{
		ID: "breach.ico", Title: "The regulator knows", Submit: "Save", Done: h.told,
		Pages: []bot.Page[telling]{{ID: "told", Fields: []bot.Field[telling]{
			bot.AskText("number", "Their reference", func(d *telling) *string { return &d.Number }).Optional().
				Why("You need it for a follow-up report."),
			bot.AskWhen("at", "When did you tell them?", func(d *telling) *time.Time { return &d.At }).
				Hint("Leave empty if it was just now").Optional().Past().Why("It shows whether the 72 hours were kept."),
		}}},
	}
}

func (h handler) told(ctx context.Context, t bot.Turn, d telling) (bot.Outcome, error) {
	return h.act(func(_ context.Context, t bot.Turn, ref bot.Ref, b Breach) (bot.Outcome, error) {
		if no := h.mayAct(t); no != nil {
			return *no, nil
		}
		b.ICOAt, b.ICORef = d.At, d.Number
		if b.ICOAt.IsZero() {
			b.ICOAt = t.Now
		}
		line := t.Say("breach.line-told", "name", name(t), "ico", t.Org.ICO, "when", moment(t, b.ICOAt))
		if b.ICOAt.After(b.clock().End()) {
			line += " " + t.Say("breach.line-late")
		}
		b.note(t, line)
		o := h.changed(t, ref, b, line)
		o.Stop = b.stopClock(ref)
		return o, nil
	})(ctx, t, d.Ref)
}

// ends is what the closing form fills in.
type ends struct {
	Ref     bot.Ref `json:"ref"`
	Lessons string  `json:"lessons"`
}

func (h handler) askEnding(_ context.Context, t bot.Turn, ref bot.Ref, b Breach) (bot.Outcome, error) {
	switch {
	case b.State == closed:
		return said(t, "breach.closed-already", "ref", string(ref)), nil
	case b.Decision == nil:
		return said(t, "breach.close-undecided"), nil
	case b.running():
		return said(t, "breach.close-untold", "ico", t.Org.ICO), nil
	}
	return bot.Outcome{Ask: h.ending().Begin(ends{Ref: ref})}, nil
}

func (h handler) ending() bot.Form[ends] {
	return bot.Form[ends]{
		ID: "breach.ending", Title: "Close the breach", Submit: "Close it", Done: h.closed,
		Pages: []bot.Page[ends]{{ID: "lessons", Fields: []bot.Field[ends]{
			bot.AskStory("lessons", "What will you do differently?", func(e *ends) *string { return &e.Lessons }).
				Why("A breach that changes nothing happens again. Trustees see lessons, never names."),
		}}},
	}
}

func (h handler) closed(ctx context.Context, t bot.Turn, e ends) (bot.Outcome, error) {
	return h.act(func(ctx context.Context, t bot.Turn, ref bot.Ref, b Breach) (bot.Outcome, error) {
		if no := h.mayAct(t); no != nil {
			return *no, nil
		}
		if b.State == closed || b.Decision == nil || b.running() {
			return h.askEnding(ctx, t, ref, b)
		}
		b.State, b.ClosedAt, b.Lessons = closed, t.Now, e.Lessons
		line := t.Say("breach.line-closed", "name", name(t))
		b.note(t, line)
		o := h.changed(t, ref, b, line)
		o.Stop = b.stopClock(ref)
		o.Posts = append(o.Posts, bot.Post{Key: cardKey(ref) + "/closed", To: bot.ToPerson(b.By), Class: scheduler.Routine,
			Message: *bot.Say(t.Say("breach.reporter-closed", "ref", string(ref)))})
		return o, nil
	})(ctx, t, e.Ref)
}

// show is the whole record, privately, for those who may act on it.
func (h handler) show(_ context.Context, t bot.Turn, ref bot.Ref, b Breach) (bot.Outcome, error) {
	cause, _ := h.content.Cause(b.Cause)
	a := h.content.Assess(h.attributes(b))
	unknown := t.Say("bot.none-given")
	or := func(s string) string {
		if s == "" {
			return unknown
		}
		return s
	}
	at := func(when time.Time) string {
		if when.IsZero() {
			return unknown
		}
		return moment(t, when)
	}
	m := bot.Say(b.title(t, ref)).List(bot.Pairs,
		t.Say("breach.row-cause"), or(cause.Label), t.Say("breach.row-story"), or(b.Story),
		t.Say("breach.row-data"), or(labels(h.dataKinds(), b.Data)), t.Say("breach.row-whom"), or(labels(h.peopleKinds(), b.Whom)),
		t.Say("breach.row-happened"), at(b.Happened), t.Say("breach.row-found"), at(b.Found),
		t.Say("breach.row-reported"), at(b.Reported), t.Say("breach.row-by"), or(b.ByName),
		t.Say("breach.row-due"), moment(t, b.clock().End()), t.Say("breach.row-advice"), adviceLine(t, a))
	m.List(bot.Bullets, a.Reasons...)
	if d := b.Decision; d != nil {
		m.List(bot.Pairs, t.Say("breach.row-decision"), t.Say("breach.line-decided", "name", d.ByName, "ico", t.Say("breach.answer-"+d.ICO), "people", t.Say("breach.answer-"+d.People)),
			t.Say("breach.row-reason"), d.Reason)
	}
	var log []string
	for _, l := range b.Log {
		log = append(log, strings.TrimSpace(moment(t, l.At)+" — "+l.Who+": "+l.What))
	}
	m.Add(bot.Heading, t.Say("breach.row-log")).List(bot.Bullets, log...)
	return bot.Outcome{Reply: m.With(h.next(t, ref, b)[:min(2, len(h.next(t, ref, b)))]...), Audit: []string{"breach.read"}}, nil
}

func said(t bot.Turn, key string, fill ...string) bot.Outcome {
	return bot.Outcome{Reply: bot.Say(t.Say(key, fill...))}
}

func name(t bot.Turn) string {
	if t.By.Name != "" {
		return t.By.Name
	}
	return string(t.By.ID)
}

// register is the list of breaches for exports: the record of Article 33(5), without names of the people affected.
func register() bot.Register {
	column := func(name string, value func(Breach) string) bot.Column {
		return bot.Column{Name: name, Value: func(record []byte) string {
			var b Breach
			if json.Unmarshal(record, &b) != nil {
				return ""
			}
			return value(b)
		}}
	}
	return bot.Register{Kind: Breach{}.RecordKind(), Title: "Breaches", Who: []bot.Role{bot.DPLead, bot.Deputy}, Columns: []bot.Column{
		column("State", func(b Breach) string { return b.State }),
		column("Cause", func(b Breach) string { return b.Cause }),
		column("Reported", func(b Breach) string { return b.Reported.Format(time.RFC3339) }),
		column("Aware", func(b Breach) string { return b.Aware.Format(time.RFC3339) }),
		column("Closed", func(b Breach) string {
			if b.ClosedAt.IsZero() {
				return ""
			}
			return b.ClosedAt.Format(time.RFC3339)
		}),
	}}
}
