package rights

import (
	"shareright/bot"
	"shareright/knowledge/calendar"
)

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
			r.AckLate = h.lateBy(t, *r, s.On)
			line := t.Say("rights.acknowledged", "date", s.On.Long()) + h.late(t, *r, s.On)
			r.Acknowledged = s.On
			return line, ""
		}}
}

// enquiry begins on receipt and not after the acknowledgement, section 164A(3).
func (h handler) enquiry() move {
	return move{id: "enquiry", title: "Enquiry begun", submit: "Record it",
		fields: []bot.Field[step]{day("When did you begin to look into it?", "It begins when the complaint comes, not when you have written back."),
			why("What do you look into?", "It keeps the enquiry to the point.")},
		barred: barredFor(false, func(t bot.Turn, r Request) string {
			if !r.Enquiry.IsZero() {
				return t.Say("rights.enquiry-already", "date", r.Enquiry.Long())
			}
			return ""
		}),
		apply: func(t bot.Turn, r *Request, s step) (string, string) {
			r.Enquiry = s.On
			return t.Say("rights.enquiry", "date", s.On.Long(), "what", s.Why), ""
		}}
}

// update is a word to the person on how it goes.
func (h handler) update() move {
	return move{id: "update", title: "Told how it goes", submit: "Record it",
		fields: []bot.Field[step]{day("When did you tell them?", "The law asks you to keep them informed."), why("What did you tell them?", "The next message goes on from there.")},
		barred: barredFor(false, nothing),
		apply: func(t bot.Turn, r *Request, s step) (string, string) {
			r.Updates = append(r.Updates, s.On)
			line := t.Say("rights.update", "date", s.On.Long(), "what", sentence(s.Why))
			if r.Acknowledged.IsZero() { // one message may do both
				r.AckLate = h.lateBy(t, *r, s.On)
				line += " " + t.Say("rights.both-acknowledged") + h.late(t, *r, s.On)
				r.Acknowledged = s.On
			}
			return line, ""
		}}
}

// outcome ends a complaint: what was found, and what will change. It may acknowledge too.
func (h handler) outcome() move {
	return move{id: "outcome", title: "Outcome sent", submit: "Record it",
		fields: []bot.Field[step]{
			day("When did they get the answer?", "The date shows how long it took."),
			pick("Were they right?", "Trustees see the count, never the case.",
				bot.Option{Value: "yes", Label: "Yes"}, bot.Option{Value: "part", Label: "In part"}, bot.Option{Value: "no", Label: "No"}),
			why("How was it answered?", "For example: a letter, or a talk and then a letter."),
			note("What will you do differently?", "A complaint that changes nothing comes again."),
		},
		barred: barredFor(false, nothing),
		apply: func(t bot.Turn, r *Request, s step) (string, string) {
			if s.On.Before(r.Acknowledged) {
				return "", t.Say("rights.before-acknowledged", "date", r.Acknowledged.Long())
			}
			line := t.Say("rights.done", "date", s.On.Long(), "how", sentence(s.Why))
			if r.Acknowledged.IsZero() {
				r.AckLate = h.lateBy(t, *r, s.On)
				line += " " + t.Say("rights.both-acknowledged") + h.late(t, *r, s.On)
				r.Acknowledged = s.On
			}
			r.State, r.Ended, r.Result, r.Upheld, r.Lesson = answered, s.On, s.Why, s.Pick, s.Note
			return line + " " + t.Say("rights.lesson", "what", s.Note), ""
		}}
}

// heard is the last day on which the person heard how their complaint goes.
func (r Request) heard() calendar.Date {
	last := r.Acknowledged
	for _, d := range r.Updates {
		last = calendar.Latest(last, d)
	}
	return last
}
