package rights

import (
	"slices"
	"strings"

	"shareright/bot"
	"shareright/knowledge/calendar"
	"shareright/scheduler"
)

// checks are what each of the two people looks at before copies go.
func checks() []bot.Option {
	return []bot.Option{
		{Value: "right", Label: "It is about this person and nobody else"},
		{Value: "hidden", Label: "What is blacked out cannot be read, copied or searched"},
		{Value: "letter", Label: "The letter is right and says how to complain"},
		{Value: "authority", Label: "The lead or the chair says it may go"},
	}
}

// check is one person's look at the copies. The second cannot be the person who was first.
func (h handler) check() move {
	return move{id: "final", title: "Final check", submit: "I have looked",
		fields: []bot.Field[step]{
			ticks("What have you looked at?", "Two people look, because one person’s slip is the breach.", checks()...),
			day("On which day?", "The date shows that it was before the copies went."),
		},
		may: Request.mayCheck,
		barred: barredFor(true, func(t bot.Turn, r Request) string {
			switch {
			case !r.copies():
				return t.Say("rights.not-for-this")
			case len(r.Checks) >= 2:
				return t.Say("rights.check-already")
			case len(r.Checks) == 1 && r.Checks[0].By == t.By.ID:
				return t.Say("rights.check-other")
			case len(r.undecided()) > 0:
				return t.Say("rights.step-undecided")
			}
			return ""
		}),
		apply: func(t bot.Turn, r *Request, s step) (string, string) {
			var left []string
			for _, o := range checks() {
				if !slices.Contains(s.Ticks, o.Value) {
					left = append(left, lowered(o.Label))
				}
			}
			if len(left) > 0 {
				return "", t.Say("rights.check-left", "parts", strings.Join(left, "; "))
			}
			r.Checks = append(r.Checks, Check{By: t.By.ID, ByName: t.ByName(), On: s.On})
			if len(r.Checks) == 2 {
				return t.Say("rights.check-second", "name", t.ByName(), "first", r.Checks[0].ByName), ""
			}
			return t.Say("rights.check-first", "name", t.ByName()), ""
		},
		then: func(t bot.Turn, ref bot.Ref, r Request, _ step, o *bot.Outcome) {
			if len(r.Checks) != 1 {
				return
			}
			m := bot.Say(t.Say("rights.check-ask", "ref", string(ref), "name", t.ByName()), t.Say("rights.check-how")).With(button(t, ref, "final", bot.Primary))
			o.Posts = append(o.Posts, later(t, ref, r, "check", r.second(t, bot.Deputy, t.By.ID), *m))
			if !another(t, r) {
				o.Reply.Add(bot.Para, t.Say("rights.second-nobody"))
			}
		}}
}

// later is a post beside the card, under a key that is its own for this change.
func later(t bot.Turn, ref bot.Ref, r Request, what string, to bot.Audience, m bot.Message) bot.Post {
	p := bot.Post{Key: cardKey(ref) + "/" + what + "/" + t.Now.Format("20060102T150405"), To: to, Class: scheduler.Escalation, Message: m}
	if same := r.audience(t); same.Role == to.Role && same.Private == to.Private {
		p.Under = cardKey(ref)
	}
	return p
}

// transfer is how the copies travel: as the person wants it, with the risk looked at.
func (h handler) transfer() move {
	ways := make([]bot.Option, 0, len(h.guide.Transfers))
	for _, w := range h.guide.Transfers {
		ways = append(ways, bot.Option{Value: w.ID, Label: w.Label, Hint: w.Risk})
	}
	return move{id: "transfer", title: "How it goes", submit: "Record it",
		fields: []bot.Field[step]{
			yesNo("Did you ask how they want it?", "They may have a reason, such as who opens the post at home.", "Yes", "No, not yet"),
			pick("How does it go?", "Each way has its own risk.", ways...),
			why("What could go wrong, and what do you do?", "For example: wrong address, so we check it by phone first."),
			day("On which day was that agreed?", "Each step has a day."),
		},
		barred: barredFor(true, func(t bot.Turn, r Request) string {
			if !r.copies() {
				return t.Say("rights.not-for-this")
			}
			return ""
		}),
		apply: func(t bot.Turn, r *Request, s step) (string, string) {
			if s.Yes != "yes" {
				return "", t.Say("rights.transfer-ask")
			}
			r.Transfer = &Transfer{Way: s.Pick, Risk: s.Why, On: s.On, ByName: t.ByName()}
			return t.Say("rights.transfer", "way", lowered(labelOf(ways, s.Pick)), "risk", s.Why), ""
		},
		then: func(t bot.Turn, _ bot.Ref, _ Request, s step, o *bot.Outcome) {
			if w, ok := h.guide.Transfer(s.Pick); ok {
				o.Reply.Add(bot.Para, w.Risk+" "+w.Helps)
			}
		}}
}

// correct puts a mistyped day right. The old day stays in the log: a correction is a new entry.
func (h handler) correct() move {
	options := []bot.Option{{Value: "came", Label: "The day it came"}, {Value: "id-asked", Label: "Identity asked"}, {Value: "id-came", Label: "Identity received"},
		{Value: "authority", Label: "Proof that they may ask"}, {Value: "fee-paid", Label: "Fee paid"}, {Value: "asked", Label: "Clarification asked"},
		{Value: "answered", Label: "Clarification received"}, {Value: "notice", Label: "Told that it takes longer"},
		{Value: "acknowledged", Label: "Complaint acknowledged"}, {Value: "stopped", Label: "It has stopped"}}
	for _, s := range h.guide.Steps {
		if _, ok := h.stepMove(s); ok {
			options = append(options, bot.Option{Value: stepID(s.ID), Label: "Step " + s.ID + ": " + lowered(s.Label)})
		}
	}
	return move{id: "correct", title: "Correct a day", submit: "Correct it", early: true,
		fields: []bot.Field[step]{
			pick("Which day was wrong?", "Only a day that was recorded can be corrected.", options...),
			day("Which day is right?", "The time is worked out again from it."),
			why("How did it come about?", "The old day stays in the log with your reason."),
		},
		barred: nothing,
		apply: func(t bot.Turn, r *Request, s step) (string, string) {
			old, problem := h.corrected(t, r, s)
			if problem != "" {
				return "", problem
			}
			return t.Say("rights.corrected", "what", lowered(labelOf(options, s.Pick)), "date", s.On.Long(), "before", old.Long(), "why", s.Why), ""
		}}
}

// corrected changes one day and returns what it was.
func (h handler) corrected(t bot.Turn, r *Request, s step) (old calendar.Date, problem string) {
	var at *calendar.Date
	switch s.Pick {
	case "came":
		at = &r.Came
	case "id-asked":
		at = &r.IDAsked
	case "id-came":
		at = &r.IDCame
	case "authority":
		at = &r.Authority
	case "fee-paid":
		at = &r.FeePaid
	case "notice":
		at = &r.Notice
	case "acknowledged":
		at = &r.Acknowledged
	case "stopped":
		at = &r.Stopped
	case "asked", "answered":
		if n := len(r.Pauses); n > 0 {
			at = &r.Pauses[n-1].Asked
			if s.Pick == "answered" {
				at = &r.Pauses[n-1].Answered
			}
		}
	default:
		if d, ok := r.step(strings.ToUpper(strings.TrimPrefix(s.Pick, "step-"))); ok {
			old, d.On, d.At = d.On, s.On, t.Now
			r.Steps = append(r.Steps, d)
			return old, h.early(t, *r, s.On)
		}
	}
	if at == nil || at.IsZero() {
		return old, t.Say("rights.correct-none")
	}
	old, *at = *at, s.On
	if s.Pick != "came" {
		return old, h.early(t, *r, s.On)
	}
	return old, ""
}

// early says that a day lies before the request.
func (h handler) early(t bot.Turn, r Request, on calendar.Date) string {
	if on.Before(r.Came) {
		return t.Say("rights.before-came", "date", r.Came.Long())
	}
	return ""
}
