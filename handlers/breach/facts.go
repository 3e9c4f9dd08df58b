package breach

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"shareright/bot"
	knowledge "shareright/knowledge/breach"
	"shareright/scheduler"
)

// changing is what the form about the facts fills in: the breach as it should read.
type changing struct {
	Ref bot.Ref `json:"ref"`
	Breach
}

func (h handler) askFacts(_ context.Context, t bot.Turn, ref bot.Ref, b Breach) (bot.Outcome, error) {
	if b.over() {
		return t.Reply("breach.closed-already", "ref", string(ref)), nil
	}
	known := Breach{People: b.People, Data: b.Data, Whom: b.Whom, Back: b.Back, Locked: b.Locked, Who: b.Who, Meant: b.Meant, Copied: b.Copied, Spare: b.Spare, Loss: b.Loss}
	return bot.Outcome{Ask: h.facts().Begin(changing{Ref: ref, Breach: known})}, nil
}

// facts asks for everything that the advice rests on, with what is known already filled in.
func (h handler) facts() bot.Form[changing] {
	yesNo := []bot.Option{{Value: "yes", Label: "Yes"}, {Value: "no", Label: "No"}}
	ask := func(id, label string, at func(*changing) *string, why string) bot.Field[changing] {
		return bot.AskOne(id, label, at, yesNo...).NotSure("Not yet known").Optional().Shown().Why(why)
	}
	return bot.Form[changing]{
		ID: "breach.facts", Title: "Update the facts", Submit: "Save the facts", Done: h.factsChanged,
		Pages: []bot.Page[changing]{
			{ID: "what", Title: "What and whom", Fields: []bot.Field[changing]{
				bot.AskNumber("people", "How many people could it affect?", func(c *changing) **int { return &c.People }).
					NotSure("Not yet known").Optional().Shown().Why("A large number weighs more."),
				bot.AskMany("data", "What information was it?", func(c *changing) *[]string { return &c.Data }, h.dataKinds()...).
					NotSure("Not yet known").Optional().Shown().Why("Some information can hurt people more than other information."),
				bot.AskMany("whom", "Whom is it about?", func(c *changing) *[]string { return &c.Whom }, h.peopleKinds()...).
					NotSure("Not yet known").Optional().Shown().Why("Children and adults at risk need more care."),
				ask("back", "Is it back, or stopped?", func(c *changing) *string { return &c.Back }, "What is back in safe hands weighs less."),
				ask("locked", "Was it locked with a password or code?", func(c *changing) *string { return &c.Locked }, "What nobody can read weighs less."),
			}},
			{ID: "who", Title: "Who has it", Fields: []bot.Field[changing]{
				bot.AskOne("who", "Who has it now?", func(c *changing) *string { return &c.Who },
					bot.Option{Value: string(knowledge.NoneKnown), Label: "Nobody that we know of"}, bot.Option{Value: string(knowledge.KnownTrusted), Label: "Somebody we know and trust"},
					bot.Option{Value: string(knowledge.KnownUntrusted), Label: "Somebody we know, outside"}, bot.Option{Value: string(knowledge.KnownMany), Label: "Many people we know"},
					bot.Option{Value: string(knowledge.KnownHostile), Label: "Somebody who may do harm"}, bot.Option{Value: string(knowledge.UnknownMany), Label: "Strangers"}).
					NotSure("Not yet known").Optional().Shown().Why("It decides how likely harm is."),
				ask("meant", "Did somebody do it on purpose?", func(c *changing) *string { return &c.Meant }, "Somebody who meant it may mean harm."),
				ask("copied", "Was a copy taken out?", func(c *changing) *string { return &c.Copied }, "A copy cannot be called back."),
				ask("spare", "Is there another copy that works?", func(c *changing) *string { return &c.Spare }, "Without one, people may miss what they need."),
				bot.AskOne("loss", "How long could it not be used?", func(c *changing) *string { return &c.Loss },
					bot.Option{Value: string(knowledge.NoLoss), Label: "Not at all"}, bot.Option{Value: string(knowledge.LostMinutes), Label: "Minutes"},
					bot.Option{Value: string(knowledge.LostHours), Label: "Hours"}, bot.Option{Value: string(knowledge.LostDays), Label: "Days"},
					bot.Option{Value: string(knowledge.LostForGood), Label: "It is gone for good"}).
					NotSure("Not yet known").Optional().Shown().Why("Care may depend on it."),
			}},
		},
	}
}

// factsChanged weighs the advice again and says what is different.
func (h handler) factsChanged(ctx context.Context, t bot.Turn, c changing) (bot.Outcome, error) {
	return h.sent(ctx, t, c.Ref, func(t bot.Turn, b Breach) bot.Outcome {
		if b.over() {
			return t.Reply("breach.closed-already", "ref", string(c.Ref))
		}
		before, was := h.advice(t, b), h.factLines(t, b)
		b.People, b.Data, b.Whom, b.Back, b.Locked = c.People, c.Data, c.Whom, c.Back, c.Locked
		b.Who, b.Meant, b.Copied, b.Spare, b.Loss = c.Who, c.Meant, c.Copied, c.Spare, c.Loss
		var changes []string
		for i, is := range h.factLines(t, b) {
			if is != was[i] {
				changes = append(changes, is)
			}
		}
		if len(changes) == 0 {
			return t.Reply("breach.facts-same")
		}
		line := t.Say("breach.line-facts", "name", t.ByName(), "facts", strings.Join(changes, "; "))
		after := h.advice(t, b)
		if after != before {
			line += " " + t.Say("breach.line-advice", "advice", after)
			if b.Decision != nil {
				line += " " + t.Say("breach.line-look-again")
			}
		}
		to, high := h.highRisk(t, b)
		b.note(t, line)
		o := h.changed(t, c.Ref, b, line)
		if high && b.ReviewBy == bot.Anyone {
			b.ReviewBy = to.Role
			o.Save[c.Ref] = b
			o.Posts = append(o.Posts, h.reviewPost(t, c.Ref, b, to))
		}
		return o
	})
}

// factLines are the facts of the assessment as people read them, always in the same order.
func (h handler) factLines(t bot.Turn, b Breach) []string {
	line := func(key, value string) string {
		if value == "" {
			value = t.Say("breach.unknown")
		}
		return t.Say("breach.fact-"+key) + ": " + value
	}
	choice := func(key, prefix, value string) string {
		if value == "" {
			return line(key, "")
		}
		return line(key, t.Say(prefix+value))
	}
	return []string{line("people", b.people(t)), line("data", labels(h.dataKinds(), b.Data)), line("whom", labels(h.peopleKinds(), b.Whom)),
		choice("back", "breach.answer-", b.Back), choice("locked", "breach.answer-", b.Locked), choice("who", "breach.who-", b.Who),
		choice("meant", "breach.answer-", b.Meant), choice("copied", "breach.answer-", b.Copied), choice("spare", "breach.answer-", b.Spare),
		choice("loss", "breach.loss-", b.Loss)}
}

// correcting is what the form about awareness fills in.
type correcting struct {
	Ref    bot.Ref   `json:"ref"`
	Aware  time.Time `json:"aware,omitzero"`
	Reason string    `json:"reason"`
}

func (h handler) askAware(_ context.Context, t bot.Turn, ref bot.Ref, _ Breach) (bot.Outcome, error) {
	return bot.Outcome{Ask: h.awareness().Begin(correcting{Ref: ref})}, nil
}

func (h handler) awareness() bot.Form[correcting] {
	return bot.Form[correcting]{
		ID: "breach.aware", Title: "When we knew", Submit: "Correct the time", Done: h.awareCorrected,
		Pages: []bot.Page[correcting]{{ID: "aware", Fields: []bot.Field[correcting]{
			bot.AskWhen("aware", "When did the organisation know?", func(c *correcting) *time.Time { return &c.Aware }).
				Hint("For example 27 3 2026 3pm. A volunteer counts").Past().Why("The 72 hours begin then (Article 33)."),
			bot.AskText("reason", "Why is the time corrected?", func(c *correcting) *string { return &c.Reason }).
				Why("The old time stays in the record, with your reason."),
		}}},
	}
}

// awareCorrected moves the clock. The time before stays in the timeline.
func (h handler) awareCorrected(ctx context.Context, t bot.Turn, c correcting) (bot.Outcome, error) {
	return h.sent(ctx, t, c.Ref, func(t bot.Turn, b Breach) bot.Outcome {
		line := t.Say("breach.line-aware", "name", t.ByName(), "from", moment(t, b.Aware), "to", moment(t, c.Aware), "reason", c.Reason)
		if zone, twice := doubled(c.Aware, t.Org.Zone); twice {
			line += " " + t.Say("breach.line-twice", "zone", zone)
		}
		stop := b.stopClock(c.Ref)
		b.moveClock(t, c.Aware)
		b.note(t, line)
		o := h.changed(t, c.Ref, b, line)
		if b.running() {
			o.Stop, o.Jobs = stop, b.jobs(c.Ref, t.Now)
		}
		return o
	})
}

// moveClock sets awareness, and counts what has passed on the new clock as told.
func (b *Breach) moveClock(t bot.Turn, aware time.Time) {
	b.Aware, b.Warned = aware, nil
	for _, m := range b.clock().Milestones() {
		if hours := int(m.Left.Hours()); !m.At.After(t.Now) && m.Left > 0 {
			b.Warned = &hours
		}
	}
}

// doubled says whether the clock on the wall shows this time twice, and which of the two it is.
func doubled(at time.Time, zone *time.Location) (name string, twice bool) {
	local := at.In(zone)
	name, _ = local.Zone()
	wall := local.Format(time.DateTime)
	return name, at.Add(time.Hour).In(zone).Format(time.DateTime) == wall || at.Add(-time.Hour).In(zone).Format(time.DateTime) == wall
}

// handed is what the form about handing over fills in.
type handed struct {
	Ref bot.Ref  `json:"ref"`
	To  bot.Role `json:"to"`
}

func (h handler) askHand(_ context.Context, t bot.Turn, ref bot.Ref, b Breach) (bot.Outcome, error) {
	if b.Holder != t.By.ID {
		return t.Reply("breach.hand-not-yours"), nil
	}
	return bot.Outcome{Ask: h.handing().Begin(handed{Ref: ref})}, nil
}

func (h handler) handing() bot.Form[handed] {
	return bot.Form[handed]{
		ID: "breach.hand", Title: "Hand over", Submit: "Ask them", Quick: true, Done: h.handedOver,
		Pages: []bot.Page[handed]{{ID: "to", Fields: []bot.Field[handed]{
			bot.AskOne("to", "Who should take it over?", func(x *handed) *bot.Role { return &x.To },
				bot.Option{Value: string(bot.DPLead), Label: "The data protection lead"}, bot.Option{Value: string(bot.Deputy), Label: "The deputy"},
				bot.Option{Value: string(bot.Trustee), Label: "A trustee"}).Why("It stays yours until they press the button."),
		}}},
	}
}

// handedOver asks somebody else. The breach stays with its holder until they take it, so that it is never nobody's.
func (h handler) handedOver(ctx context.Context, t bot.Turn, x handed) (bot.Outcome, error) {
	return h.sent(ctx, t, x.Ref, func(t bot.Turn, b Breach) bot.Outcome {
		if b.Holder != t.By.ID || x.To == b.About {
			return t.Reply("breach.hand-not-yours")
		}
		b.Handing = x.To
		line := t.Say("breach.line-hand", "name", t.ByName(), "who", t.Called(x.To))
		b.note(t, line)
		o := h.changed(t, x.Ref, b, line)
		m := bot.Say(t.Say("breach.hand", "ref", string(x.Ref), "name", t.ByName()), b.title(t, x.Ref)).
			With(bot.Button{Action: "breach.ack", Label: t.Say("breach.button-ack"), Ref: x.Ref, Style: bot.Primary})
		o.Posts = append(o.Posts, bot.Post{Key: fmt.Sprintf("breach/%s/hand/%d", x.Ref, len(b.Log)), To: b.round(t, x.To), Class: scheduler.Escalation, Message: *m})
		return o
	})
}

// sameAs lists open breaches that may be the same event: the same message, or the same cause within a day.
// A report that goes round somebody is never compared with one that does not.
func (b Breach) sameAs(ctx context.Context, t bot.Turn) ([]bot.Ref, error) {
	found, err := bot.Find[Breach](ctx, t, bot.Query{States: []string{open, held, decided}})
	if err != nil {
		return nil, err
	}
	var like []bot.Ref
	for _, f := range found {
		o := f.Record
		near := o.Cause == b.Cause && o.Cause != unclear && b.event().Sub(o.event()).Abs() <= 24*time.Hour
		if o.About == b.About && (near || b.Link != "" && b.Link == o.Link) {
			like = append(like, f.Ref)
		}
	}
	return like, nil
}

// event is the best known time of what happened.
func (b Breach) event() time.Time {
	for _, at := range []time.Time{b.Happened, b.Found} {
		if !at.IsZero() {
			return at
		}
	}
	return b.Aware
}

// join puts a second report of one event to the first. The earlier awareness counts; both timelines are kept.
func (h handler) join(ctx context.Context, t bot.Turn, ref bot.Ref, b Breach, part string) (bot.Outcome, error) {
	first := bot.Ref(part)
	whole, err := bot.Load[Breach](ctx, t, first)
	switch {
	case errors.Is(err, bot.ErrNotFound) || err == nil && (whole.hidden(t.By) || whole.About != b.About):
		return t.Reply("bot.unknown-button"), nil
	case err != nil:
		return bot.Outcome{}, err
	case b.over() || whole.over():
		return t.Reply("breach.closed-already", "ref", string(ref)), nil
	}
	line := t.Say("breach.line-joined", "name", t.ByName(), "ref", string(ref), "first", string(first))
	b.State, b.JoinedTo = joined, first
	stop := append(b.stopClock(ref), scheduler.Key{Kind: recipients, Name: string(ref)})
	b.note(t, line)
	whole.note(t, line)
	o := h.changed(t, ref, b, line)
	if b.Aware.Before(whole.Aware) && whole.running() {
		stop = append(stop, whole.stopClock(first)...)
		whole.moveClock(t, b.Aware)
		o.Jobs = whole.jobs(first, t.Now)
	}
	o.Stop = stop
	o.Save[first] = whole
	o.Posts = append(o.Posts, whole.card(h, t, first), whole.line(t, first, line))
	return o, nil
}
