package rights

import (
	"strings"

	"shareright/bot"
	base "shareright/knowledge"
	"shareright/knowledge/calendar"
)

// authority is whether somebody may ask for another person. Proof of it moves the clock
// (ICO guidance of December 2025); a child's data belongs to the child.
func (h handler) authority() move {
	return move{id: "authority", title: "May they ask?", submit: "Record it",
		fields: []bot.Field[step]{
			pick("May they ask for this person?", "Whoever asks for another must be allowed to. A parent may not always.", mayOptions()...),
			day("When did you know?", "Where proof was needed, the clock starts on the day it came."),
			why("What shows it?", "Somebody may ask you later why you gave it."),
		},
		barred: barredFor(true, func(t bot.Turn, r Request) string {
			if r.Asker == "self" {
				return t.Say("rights.authority-self")
			}
			return ""
		}),
		apply: func(t bot.Turn, r *Request, s step) (string, string) {
			r.May = s.Pick
			if s.Pick == "no" {
				return t.Say("rights.authority-no", "date", s.On.Long(), "why", s.Why), ""
			}
			r.Authority = calendar.Date{}
			if s.Pick == "written" || s.Pick == "agrees" {
				r.Authority = s.On
			}
			return t.Say("rights.authority-yes", "what", labelOf(mayOptions(), s.Pick), "date", s.On.Long(), "why", s.Why), ""
		}}
}

func mayOptions() []bot.Option {
	return []bot.Option{
		{Value: "written", Label: "Yes, the person said so in writing"},
		{Value: "agrees", Label: "Yes, the child understands and agrees"},
		{Value: "cannot", Label: "Yes, the child cannot judge it yet"},
		{Value: "interests", Label: "Yes, it is plainly best for the child"},
		{Value: "no", Label: "No, not for this person"},
	}
}

// child is what a nation's law first assumes about the child a parent asks for.
func (h handler) child(t bot.Turn, r Request) (says string, sources []base.Source) {
	if r.Asker != "parent" || r.Age == nil {
		return "", nil
	}
	return h.guide.Competence(t.Nation(), *r.Age)
}

// fee asks for money, which is allowed for what is plainly unfounded or excessive, and for
// more copies. Articles 12(5) and 15(3) UK GDPR.
func (h handler) fee() move {
	return move{id: "fee", title: "A fee was asked for", submit: "Record it",
		fields: []bot.Field[step]{
			pick("Why may you charge?", "It is free unless the law allows a fee. Look at each case by itself.", feeGrounds()...),
			day("When did you ask for it?", "The clock waits for the fee only if you asked at once."),
			why("How did you reach that view?", "Asking again is not by itself too much. You must be able to show why."),
		},
		barred: barredFor(true, func(t bot.Turn, r Request) string {
			if !r.FeeAsked.IsZero() {
				return t.Say("rights.fee-already", "date", r.FeeAsked.Long())
			}
			return ""
		}),
		apply: func(t bot.Turn, r *Request, s step) (string, string) {
			r.FeeAsked, r.Ground = s.On, s.Pick
			return t.Say("rights.fee", "date", s.On.Long(), "ground", lowered(labelOf(feeGrounds(), s.Pick)), "why", s.Why), ""
		},
		then: h.secondEyes}
}

func feeGrounds() []bot.Option {
	return []bot.Option{{Value: "excessive", Label: "It is plainly too much"}, {Value: "unfounded", Label: "It is plainly made in bad faith"}, {Value: "copies", Label: "They want more copies"}}
}

// secondEyes tells the deputy, or whoever stands in, of a fee or a refusal, so that no one person decides it unseen.
func (h handler) secondEyes(t bot.Turn, ref bot.Ref, r Request, s step, o *bot.Outcome) {
	m := bot.Say(t.Say("rights.eyes-"+r.State, "ref", string(ref), "name", t.ByName(), "why", s.Why), t.Say("rights.eyes-more"))
	o.Posts = append(o.Posts, later(t, ref, r, "eyes", r.second(t, bot.Deputy, t.By.ID), *m.With(button(t, ref, "show", bot.Plain))))
}

func (h handler) feePaid() move {
	return move{id: "fee-paid", title: "The fee was paid", submit: "Record it",
		fields: []bot.Field[step]{day("When was it paid?", "The clock starts on that day.")},
		barred: barredFor(true, func(t bot.Turn, r Request) string {
			switch {
			case r.FeeAsked.IsZero():
				return t.Say("rights.fee-none")
			case !r.FeePaid.IsZero():
				return t.Say("rights.fee-paid-already", "date", r.FeePaid.Long())
			}
			return ""
		}),
		apply: func(t bot.Turn, r *Request, s step) (string, string) {
			if s.On.Before(r.FeeAsked) {
				return "", t.Say("rights.fee-before", "date", r.FeeAsked.Long())
			}
			r.FeePaid = s.On
			return t.Say("rights.fee-paid", "date", s.On.Long()), ""
		}}
}

// closed are days on which the school does not meet. They do not count among the 15 school
// days of the Education (Pupil Information) (England) Regulations 2005.
func (h handler) closed() move {
	return move{id: "closed", title: "School is closed", submit: "Record it", early: true,
		fields: []bot.Field[step]{
			bot.AskDate("on", "First day it is closed?", func(s *step) *calendar.Date { return &s.On }).Hint("For example: 26 10 2026").Why("Days on which the school does not meet are left out."),
			bot.AskDate("to", "Last day it is closed?", func(s *step) *calendar.Date { return &s.To }).Hint("For example: 30 10 2026").Why("Days on which the school does not meet are left out."),
		},
		barred: func(t bot.Turn, r Request) string {
			if r.School != "yes" {
				return t.Say("rights.not-for-this")
			}
			return ""
		},
		apply: func(t bot.Turn, r *Request, s step) (string, string) {
			if s.To.Before(s.On) || s.On.DaysTo(s.To) > 100 {
				return "", t.Say("rights.closed-order")
			}
			r.Closed = append(r.Closed, Closed{From: s.On, To: s.To})
			return t.Say("rights.closed", "from", s.On.Long(), "to", s.To.Long()), ""
		}}
}

// files says which files the request touches. Nothing of them is destroyed while it is open.
func (h handler) files() move {
	return move{id: "files", title: "Files it touches", submit: "Record it",
		fields: []bot.Field[step]{why("Which files does it touch?", "Nothing of them is destroyed while the request is open. Give all of them, with commas between.")},
		barred: nothing,
		apply: func(t bot.Turn, r *Request, s step) (string, string) {
			var list []string
			for mark := range strings.SplitSeq(s.Why, ",") {
				if letters(mark) != "" && !sameFile(mark, r.Mark) {
					list = append(list, strings.TrimSpace(mark))
				}
			}
			if r.Mark == "" && len(list) > 0 {
				r.Mark, list = list[0], list[1:]
			}
			r.Files = list
			if len(r.marks()) == 0 {
				return "", t.Say("rights.files-none")
			}
			return t.Say("rights.files", "files", strings.Join(r.marks(), ", ")), ""
		}}
}

// stop records that marketing, or what only consent allowed, has stopped.
func (h handler) stop() move {
	return move{id: "stop", title: "It has stopped", submit: "Record it",
		fields: []bot.Field[step]{day("When did it stop?", "It had to stop on the day they asked."), why("What did you stop, and where?", "Lists, photos and posts are often in more than one place.")},
		barred: func(t bot.Turn, r Request) string {
			switch {
			case !r.atOnce():
				return t.Say("rights.not-for-this")
			case !r.Stopped.IsZero():
				return t.Say("rights.stop-already", "date", r.Stopped.Long())
			}
			return ""
		},
		apply: func(t bot.Turn, r *Request, s step) (string, string) {
			r.Stopped = s.On
			return t.Say("rights.stop", "date", s.On.Long(), "what", s.Why), ""
		}}
}

// grant is the lead's decision that data may be erased. Until then, and while another
// request touches the file, nothing of it is destroyed.
func (h handler) grant() move {
	return move{id: "grant", title: "It may be erased", submit: "Record it",
		fields: []bot.Field[step]{
			pick("Why may it be erased?", "Article 17 names when it must be erased.",
				bot.Option{Value: "needless", Label: "We need it no longer"}, bot.Option{Value: "consent", Label: "Only consent allowed it"},
				bot.Option{Value: "object", Label: "They object, and nothing weighs more"}, bot.Option{Value: "unlawful", Label: "We should not have had it"}),
			day("When did you decide?", "The date shows that nothing was erased before."),
			why("What stays, and why?", "A law, a claim or the safety of a child can mean that some of it stays."),
		},
		barred: func(t bot.Turn, r Request) string {
			switch {
			case r.Right != erase:
				return t.Say("rights.not-for-this")
			case !r.Granted.IsZero():
				return t.Say("rights.grant-already", "date", r.Granted.Long())
			}
			return ""
		},
		others: h.inTheWay,
		apply: func(t bot.Turn, r *Request, s step) (string, string) {
			r.Granted = s.On
			return t.Say("rights.grant", "date", s.On.Long(), "stays", s.Why), ""
		}}
}
