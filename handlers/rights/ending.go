package rights

import (
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
			if h.extended(t, r) {
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

// acknowledge is the answer "we have your complaint": within 30 days, section 164A Data Protection Act 2018.
func (h handler) acknowledge() move {
	return move{id: "acknowledge", title: "Complaint acknowledged", submit: "Record it",
		fields: []bot.Field[step]{day("When did you tell them that you have it?", "The law gives 30 days from the day after it came.")},
		barred: barredFor(false, func(t bot.Turn, r Request) string {
			if !r.Acknowledged.IsZero() {
				return t.Say("rights.acknowledged-already", "date", r.Acknowledged.Long())
			}
			return ""
		}),
		apply: func(t bot.Turn, r *Request, s step) (string, string) {
			line := t.Say("rights.acknowledged", "date", s.On.Long()) + h.late(t, *r, s.On)
			r.Acknowledged = s.On
			return line, ""
		}}
}

func (h handler) done() move {
	return move{id: "done", title: "Done", submit: "Record it",
		fields: []bot.Field[step]{
			day("When did they get the answer?", "The date shows that it was in time."),
			why("How was it answered?", "For example: copies by post, or put right and told by letter."),
		},
		barred: nothing,
		apply: func(t bot.Turn, r *Request, s step) (string, string) {
			if s.On.Before(r.Acknowledged) {
				return "", t.Say("rights.before-acknowledged", "date", r.Acknowledged.Long())
			}
			line := t.Say("rights.done", "date", s.On.Long(), "how", s.Why)
			if r.Right != complaint || r.Acknowledged.IsZero() { // one message may acknowledge and answer
				line += h.late(t, *r, s.On)
			}
			if r.Right == complaint && r.Acknowledged.IsZero() {
				r.Acknowledged = s.On
			}
			r.State, r.Ended, r.Result = answered, s.On, s.Why
			return line, ""
		}}
}

// refuse needs a reason, and that the person was told where to complain.
func (h handler) refuse() move {
	return move{id: "refuse", title: "Refuse", submit: "Record it",
		fields: []bot.Field[step]{
			why("What is the reason?", "Only an unfounded or excessive request, or an exemption in law, may be refused."),
			yesNo("Did you tell them how to complain?", "They may complain to us, to the regulator, and go to court.", "Yes, in the refusal", "No, not yet"),
			day("When did you tell them?", "They must hear inside the time for an answer."),
		},
		barred: barredFor(true, nothing),
		apply: func(t bot.Turn, r *Request, s step) (string, string) {
			if s.Yes != "yes" {
				return "", t.Say("rights.refuse-tell", "ico", t.Org.ICO)
			}
			line := t.Say("rights.refuse", "date", s.On.Long(), "why", s.Why) + h.late(t, *r, s.On)
			r.State, r.Ended, r.Result = refused, s.On, s.Why
			return line, ""
		}}
}

// late adds by how many days something was too late, on the more generous reading of the law.
func (h handler) late(t bot.Turn, r Request, on calendar.Date) string {
	due, err := h.due(t, r)
	if err != nil {
		return ""
	}
	if _, stopped := h.stopped(t, r); stopped {
		return ""
	}
	last := calendar.Latest(due.Date, due.Latest)
	if !on.After(last) {
		return ""
	}
	return " " + t.Say("rights.was-late", "days", days(t, last.DaysTo(on)), "last", last.Long())
}
