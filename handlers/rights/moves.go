package rights

import (
	"context"
	"slices"

	"shareright/bot"
	"shareright/knowledge/calendar"
)

// step is what the lead fills in about one thing that happened to a request.
type step struct {
	Ref bot.Ref       `json:"ref"`
	On  calendar.Date `json:"on,omitzero"`
	Yes string        `json:"yes,omitempty"` // "yes" or "no" to the question of this step
	Why string        `json:"why,omitempty"`
}

// move is one thing that can happen to a request: a button, its questions, and what follows.
type move struct {
	id, title, submit string
	fields            []bot.Field[step]
	// barred gives the sentence that says why it cannot be done now, or nothing.
	barred func(t bot.Turn, r Request) string
	// apply changes the request and says so in a line; or it gives the sentence of what to change.
	apply func(t bot.Turn, r *Request, s step) (line, problem string)
}

func (h handler) moves() []move {
	return []move{h.idAsked(), h.idCame(), h.clarify(), h.clear(), h.extend(), h.acknowledge(), h.done(), h.refuse()}
}

// ask opens the questions of a move, unless it cannot be done any more: the button may stand on an old screen.
func (h handler) ask(m move) deed {
	return func(_ context.Context, t bot.Turn, ref bot.Ref, r Request) (bot.Outcome, error) {
		if no := h.bar(t, ref, r, m); no != "" {
			return bot.Outcome{Reply: bot.Say(no)}, nil
		}
		return bot.Outcome{Ask: h.form(m).Begin(step{Ref: ref})}, nil
	}
}

func (h handler) bar(t bot.Turn, ref bot.Ref, r Request, m move) string {
	switch {
	case !t.By.Has(leads()...):
		return t.Say("bot.wrong-role", "role", t.Called(leads()...))
	case r.over():
		return t.Say("rights.over-already", "ref", string(ref))
	}
	return m.barred(t, r)
}

// form asks the questions of a move. The role and the state are looked at again when it is sent.
func (h handler) form(m move) bot.Form[step] {
	f := bot.Form[step]{ID: "rights." + m.id, Title: m.title, Submit: m.submit, Quick: true, Pages: []bot.Page[step]{{ID: m.id, Fields: m.fields}}}
	f.Done = func(ctx context.Context, t bot.Turn, s step) (bot.Outcome, error) {
		return h.act(func(_ context.Context, t bot.Turn, ref bot.Ref, r Request) (bot.Outcome, error) {
			if no := h.bar(t, ref, r, m); no != "" {
				return bot.Outcome{Reply: bot.Say(no)}, nil
			}
			again := func(problem string) bot.Outcome {
				return bot.Outcome{Ask: f.Begin(step{Ref: ref, Why: s.Why}).Saying(bot.Block{Kind: bot.Para, Text: problem})}
			}
			if s.On.Before(r.Came) {
				return again(t.Say("rights.before-came", "date", r.Came.Long())), nil
			}
			before := r
			r.Pauses = slices.Clone(r.Pauses)
			line, problem := m.apply(t, &r, s)
			if problem == "" {
				if _, err := h.due(t, r); err != nil {
					problem = err.Error() // a sentence of knowledge/rights about dates in the wrong order
				}
			}
			if problem != "" {
				return again(problem), nil
			}
			return h.changed(t, ref, before, r, line)
		})(ctx, t, s.Ref)
	}
	return f
}

// day asks for the date of a step. It has no default: the date is the evidence.
func day(label, why string) bot.Field[step] {
	return bot.AskDate("on", label, func(s *step) *calendar.Date { return &s.On }).Hint("For example: today, or 27 3 2026").Past().Why(why)
}

func why(label, reason string) bot.Field[step] {
	return bot.AskText("why", label, func(s *step) *string { return &s.Why }).Hint("No names").Shown().Why(reason)
}

func yesNo(label, reason, yes, no string) bot.Field[step] {
	return bot.AskOne("yes", label, func(s *step) *string { return &s.Yes },
		bot.Option{Value: "yes", Label: yes}, bot.Option{Value: "no", Label: no}).Why(reason)
}

// barredFor bars a move from complaints, or from everything else.
func barredFor(complaints bool, more func(bot.Turn, Request) string) func(bot.Turn, Request) string {
	return func(t bot.Turn, r Request) string {
		if (r.Right == complaint) == complaints {
			return t.Say("rights.not-for-this")
		}
		return more(t, r)
	}
}

func nothing(bot.Turn, Request) string { return "" }

func (h handler) idAsked() move {
	return move{id: "id-asked", title: "Identity asked", submit: "Record it",
		fields: []bot.Field[step]{
			yesNo("Was there real doubt who they are?", "Only then does the clock wait for the proof.", "Yes, we could not tell", "No, we know them"),
			day("When did you ask for proof?", "Proof must be asked for without delay."),
		},
		barred: barredFor(true, func(t bot.Turn, r Request) string {
			if !r.IDAsked.IsZero() {
				return t.Say("rights.id-asked-already", "date", r.IDAsked.Long())
			}
			return ""
		}),
		apply: func(t bot.Turn, r *Request, s step) (string, string) {
			r.Doubt, r.IDAsked = s.Yes, s.On
			return t.Say("rights.id-asked-"+s.Yes, "date", s.On.Long()), ""
		}}
}

func (h handler) idCame() move {
	return move{id: "id-came", title: "Identity received", submit: "Record it",
		fields: []bot.Field[step]{day("When did the proof come?", "If there was real doubt, the clock starts on that day.")},
		barred: barredFor(true, func(t bot.Turn, r Request) string {
			switch {
			case r.IDAsked.IsZero():
				return t.Say("rights.id-not-asked")
			case !r.IDCame.IsZero():
				return t.Say("rights.id-came-already", "date", r.IDCame.Long())
			}
			return ""
		}),
		apply: func(t bot.Turn, r *Request, s step) (string, string) {
			if s.On.Before(r.IDAsked) {
				return "", t.Say("rights.id-before-asked", "date", r.IDAsked.Long())
			}
			r.IDCame = s.On
			return t.Say("rights.id-came", "date", s.On.Long()), ""
		}}
}

func (h handler) clarify() move {
	return move{id: "clarify", title: "Clarification asked", submit: "Record it",
		fields: []bot.Field[step]{
			day("When did you ask them?", "The clock stands still from that day, until they answer."),
			why("Why must you know?", "A question stops the clock only if you hold a lot and truly need the answer."),
		},
		barred: barredFor(true, func(t bot.Turn, r Request) string {
			if p := r.waiting(); p != nil {
				return t.Say("rights.clarify-already", "date", p.Asked.Long())
			}
			return ""
		}),
		apply: func(t bot.Turn, r *Request, s step) (string, string) {
			if n := len(r.Pauses); n > 0 && s.On.Before(r.Pauses[n-1].Answered) {
				return "", t.Say("rights.clarify-overlap", "date", r.Pauses[n-1].Answered.Long())
			}
			r.Pauses = append(r.Pauses, Pause{Asked: s.On, Reason: s.Why})
			return t.Say("rights.clarify", "date", s.On.Long(), "why", s.Why), ""
		}}
}

func (h handler) clear() move {
	return move{id: "clear", title: "Clarification received", submit: "Record it",
		fields: []bot.Field[step]{day("When did they answer?", "The clock runs on from that day.")},
		barred: barredFor(true, func(t bot.Turn, r Request) string {
			if r.waiting() == nil {
				return t.Say("rights.clear-none")
			}
			return ""
		}),
		apply: func(t bot.Turn, r *Request, s step) (string, string) {
			r.waiting().Answered = s.On
			return t.Say("rights.clear", "date", s.On.Long()), ""
		}}
}
