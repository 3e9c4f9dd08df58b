package rights

import (
	"strings"

	"shareright/bot"
	"shareright/knowledge/calendar"
)

// extend takes two more months. The notice counts only inside the first month, Article 12A(4) UK GDPR.
func (h handler) extend() move {
	return move{id: "extend", title: "Extend by two months", submit: "Record it",
		fields: []bot.Field[step]{
			day("When did you tell the person?", "They must hear inside the first month, with the reason."),
			why("What reason did you give?", "Only a complex request, or several from one person, may take longer."),
		},
		barred: barredFor(true, func(t bot.Turn, r Request) string {
			switch {
			case r.School == "yes":
				return t.Say("rights.not-for-this")
			case h.extended(t, r):
				return t.Say("rights.extended-already", "date", r.Notice.Long())
			}
			return ""
		}),
		apply: func(t bot.Turn, r *Request, s step) (string, string) {
			notice, err := h.clocks.ExtensionNotice(r.facts(t.Nation()))
			if err != nil {
				return "", err.Error()
			}
			r.Notice, r.Longer = s.On, s.Why
			if h.extended(t, *r) {
				return t.Say("rights.extended", "date", s.On.Long(), "why", s.Why), ""
			}
			return t.Say("rights.extended-late", "date", s.On.Long(), "last", calendar.Latest(notice.Date, notice.Latest).Long()), ""
		}}
}

// complained asks whether the person was told where to complain, as every answer must say.
func complained(label string) bot.Field[step] {
	return yesNo(label, "They may complain to us, to the regulator, and go to court.", "Yes, in the letter", "No, not yet")
}

// done is the answer to a request for copies. It goes after two people have looked.
func (h handler) done() move {
	m := h.given("done")
	m.barred = barredFor(true, func(t bot.Turn, r Request) string {
		switch {
		case !r.copies():
			return t.Say("rights.not-for-this")
		case len(r.Checks) < 2:
			return t.Say("rights.done-two")
		}
		return ""
	})
	return m
}

// gone records copies that went without the second look: the record says what happened.
func (h handler) gone() move {
	m := h.given("gone")
	m.title = "It has gone already"
	m.fields = append(m.fields, note("Why did no second person look?", "The record shows it. Next time two people look."))
	m.barred = barredFor(true, func(t bot.Turn, r Request) string {
		if !r.copies() || len(r.Checks) >= 2 {
			return t.Say("rights.not-for-this")
		}
		return ""
	})
	answer := m.apply
	m.apply = func(t bot.Turn, r *Request, s step) (string, string) {
		line, problem := answer(t, r, s)
		if problem != "" {
			return "", problem
		}
		return line + " " + t.Say("rights.gone", "why", s.Note), ""
	}
	return m
}

func (h handler) given(id string) move {
	return move{id: id, title: "Done", submit: "Record it",
		fields: []bot.Field[step]{
			day("When did they get the answer?", "The date shows that it was in time."),
			why("How was it answered?", "For example: copies by post, with the letter."),
			complained("Did you say what was kept back, and how to complain?"),
		},
		apply: func(t bot.Turn, r *Request, s step) (string, string) {
			if s.Yes != "yes" {
				return "", t.Say("rights.tell-first", "ico", t.Org.ICO)
			}
			return h.ends(t, r, s, answered, "rights.done", "how", s.Why), ""
		}}
}

// ends closes a request with its line, and notes by how many days it was late.
func (h handler) ends(t bot.Turn, r *Request, s step, state, key, name, value string) string {
	line := t.Say(key, "date", s.On.Long(), name, sentence(value)) + h.late(t, *r, s.On)
	r.LateBy = h.lateBy(t, *r, s.On)
	r.State, r.Ended, r.Result = state, s.On, value
	return line
}

// settle answers every other right. Whoever got the data from us is told, Article 19 UK GDPR.
func (h handler) settle() move {
	return move{id: "settle", title: "Done", submit: "Record it",
		fields: []bot.Field[step]{
			day("When did they get the answer?", "The date shows that it was in time."),
			why("How was it answered?", "For example: put right, and told by letter."),
			pick("Were those we gave it to told?", "Whoever got it from us must hear of the change, where that is possible (Article 19).",
				bot.Option{Value: "told", Label: "Yes, all of them"}, bot.Option{Value: "nobody", Label: "We gave it to nobody"}, bot.Option{Value: "cannot", Label: "No, that cannot be done"}),
		},
		barred: barredFor(true, func(t bot.Turn, r Request) string {
			if r.copies() {
				return t.Say("rights.not-for-this")
			}
			return ""
		}),
		others: h.inTheWay,
		apply: func(t bot.Turn, r *Request, s step) (string, string) {
			r.Passed = s.Pick
			if r.atOnce() && r.Stopped.IsZero() {
				r.Stopped = s.On
			}
			return h.ends(t, r, s, answered, "rights.done", "how", s.Why), ""
		}}
}

// refuse needs a ground in law, a reason, and that the person was told where to complain. Article 12(4) and (5) UK GDPR.
func (h handler) refuse() move {
	return move{id: "refuse", title: "Refuse", submit: "Record it",
		fields: []bot.Field[step]{
			pick("On what ground?", "Look at each case by itself. Asking again is not by itself too much.", refusalGrounds()...),
			why("What is the reason?", "Only an unfounded or excessive request, or an exemption in law, may be refused."),
			complained("Did you tell them how to complain?"),
			day("When did you tell them?", "They must hear inside the time for an answer."),
		},
		barred: barredFor(true, func(t bot.Turn, r Request) string {
			if r.Right == object && r.Marketing == "yes" || r.Right == withdraw {
				return t.Say("rights.refuse-never")
			}
			return ""
		}),
		apply: func(t bot.Turn, r *Request, s step) (string, string) {
			if s.Yes != "yes" {
				return "", t.Say("rights.refuse-tell", "ico", t.Org.ICO)
			}
			r.Ground = s.Pick
			return h.ends(t, r, s, refused, "rights.refuse", "why", s.Why), ""
		},
		then: h.secondEyes}
}

func refusalGrounds() []bot.Option {
	return []bot.Option{
		{Value: "excessive", Label: "It is plainly too much"}, {Value: "unfounded", Label: "It is plainly made in bad faith"},
		{Value: "exempt", Label: "The law lets us keep all of it back"}, {Value: "may-not", Label: "They may not ask for this person"},
		{Value: "must-keep", Label: "The law makes us keep or use it"},
	}
}

// drop is when the person takes the request back.
func (h handler) drop() move {
	return move{id: "drop", title: "They took it back", submit: "Record it",
		fields: []bot.Field[step]{day("When did they take it back?", "From then on no time runs."), why("How did they say so?", "It must be their own wish.")},
		barred: nothing,
		apply: func(t bot.Turn, r *Request, s step) (string, string) {
			r.State, r.Ended, r.Result = dropped, s.On, s.Why
			return t.Say("rights.drop", "date", s.On.Long(), "how", s.Why), ""
		}}
}

// died ends the request: the UK GDPR is about living people.
func (h handler) died() move {
	return move{id: "died", title: "The person has died", submit: "Record it",
		fields: []bot.Field[step]{day("When did you hear of it?", "The right ends with the person.")},
		barred: nothing,
		apply: func(t bot.Turn, r *Request, s step) (string, string) {
			r.State, r.Ended = lapsed, s.On
			return t.Say("rights.died", "date", s.On.Long()), ""
		}}
}

// lateBy is by how many days something was too late, on the more generous reading of the law; 0 when it was in time.
func (h handler) lateBy(t bot.Turn, r Request, on calendar.Date) int {
	due, err := h.due(t, r)
	if err != nil {
		return 0
	}
	if _, stopped := h.stopped(t, r); stopped {
		return 0
	}
	return max(0, calendar.Latest(due.Date, due.Latest).DaysTo(on))
}

// late says so in a sentence.
func (h handler) late(t bot.Turn, r Request, on calendar.Date) string {
	by := h.lateBy(t, r, on)
	if by == 0 {
		return ""
	}
	return " " + t.Say("rights.was-late", "days", days(t, by), "last", on.AddDays(-by).Long())
}

// sentence is what somebody typed, with a full stop where they left it out.
func sentence(s string) string {
	if s = strings.TrimSpace(s); s == "" || strings.ContainsAny(s[len(s)-1:], ".?!") {
		return s
	}
	return s + "."
}
