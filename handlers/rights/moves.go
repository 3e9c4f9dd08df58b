package rights

import (
	"context"
	"slices"

	"shareright/bot"
	"shareright/knowledge/calendar"
)

// step is what somebody fills in about one thing that happened to a request.
type step struct {
	Ref   bot.Ref       `json:"ref"`
	On    calendar.Date `json:"on,omitzero"`
	To    calendar.Date `json:"to,omitzero"`
	Yes   string        `json:"yes,omitempty"`   // "yes" or "no" to the question of this step
	Pick  string        `json:"pick,omitempty"`  // one of a list
	Ticks []string      `json:"ticks,omitempty"` // any of a list
	Why   string        `json:"why,omitempty"`
	Note  string        `json:"note,omitempty"`
	Who   bot.PersonID  `json:"who,omitempty"`

	whoName string // found out when it is sent
}

// move is one thing that can happen to a request: a button, its questions, and what follows.
type move struct {
	id, title, submit string
	fields            []bot.Field[step]
	// barred gives the sentence that says why it cannot be done now, or nothing.
	barred func(t bot.Turn, r Request) string
	// apply changes the request and says so in a line; or it gives the sentence of what to change.
	apply func(t bot.Turn, r *Request, s step) (line, problem string)

	may    func(Request, bot.Person) bool                                                // who may; those who work on it when nil
	others func(ctx context.Context, t bot.Turn, ref bot.Ref, r Request) (string, error) // why other requests forbid it; nil when they do not matter
	then   func(t bot.Turn, ref bot.Ref, r Request, s step, o *bot.Outcome)              // what else follows
	early  bool                                                                          // its day may be before the request came
}

func (h handler) moves() []move {
	all := []move{h.idAsked(), h.idCame(), h.clarify(), h.clear(), h.extend(), h.authority(), h.fee(), h.feePaid(), h.closed(),
		h.files(), h.stop(), h.grant(), h.correct(), h.check(), h.transfer(), h.acknowledge(), h.enquiry(), h.update(),
		h.done(), h.gone(), h.settle(), h.outcome(), h.refuse(), h.drop(), h.died()}
	for _, s := range h.guide.Steps {
		if m, ok := h.stepMove(s); ok {
			all = append(all, m)
		}
	}
	return all
}

// ask opens the questions of a move, unless it cannot be done any more: the button may stand on an old screen.
func (h handler) ask(m move) deed {
	return func(ctx context.Context, t bot.Turn, ref bot.Ref, r Request) (bot.Outcome, error) {
		no, err := h.bars(ctx, t, ref, r, m)
		if err != nil || no != nil {
			return bot.Outcome{Reply: no}, err
		}
		return bot.Outcome{Ask: h.form(m).Begin(step{Ref: ref})}, nil
	}
}

// bars is the message that says why a move cannot be done now, or nil.
func (h handler) bars(ctx context.Context, t bot.Turn, ref bot.Ref, r Request, m move) (*bot.Message, error) {
	if no := h.bar(t, ref, r, m); no != "" {
		reply := bot.Say(no)
		if m.id == "done" && r.mayAct(t.By) && !r.over() && r.copies() { // two people must look first
			reply.With(button(t, ref, "final", bot.Primary), button(t, ref, "gone", bot.Plain))
		}
		return reply, nil
	}
	if m.others == nil {
		return nil, nil
	}
	no, err := m.others(ctx, t, ref, r)
	if err != nil || no == "" {
		return nil, err
	}
	return bot.Say(no).With(button(t, ref, "files", bot.Plain)), nil
}

func (h handler) bar(t bot.Turn, ref bot.Ref, r Request, m move) string {
	may := m.may
	if may == nil {
		may = Request.mayAct
	}
	switch {
	case !may(r, t.By):
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
		return h.act(func(ctx context.Context, t bot.Turn, ref bot.Ref, r Request) (bot.Outcome, error) {
			no, err := h.bars(ctx, t, ref, r, m)
			if err != nil || no != nil {
				return bot.Outcome{Reply: no}, err
			}
			if s.Who != "" {
				s.whoName = t.NameOf(ctx, t.Meant(string(s.Who)))
			}
			next, line, problem := h.moved(t, r, m, s)
			if problem != "" {
				again := s // nothing that was typed is lost; days are asked again
				again.On, again.To = calendar.Date{}, calendar.Date{}
				return bot.Outcome{Ask: f.Begin(again).Saying(bot.Block{Kind: bot.Para, Text: problem})}, nil
			}
			o, err := h.changed(t, ref, r, next, line)
			if err == nil && m.then != nil {
				m.then(t, ref, next, s, &o)
			}
			return o, err
		})(ctx, t, s.Ref)
	}
	return f
}

// moved is the request after a move, and the line that says so; or the sentence of what to change.
func (h handler) moved(t bot.Turn, r Request, m move, s step) (next Request, line, problem string) {
	if !m.early && !s.On.IsZero() && s.On.Before(r.Came) {
		return r, "", t.Say("rights.before-came", "date", r.Came.Long())
	}
	next = r
	next.Pauses, next.Steps, next.Kept, next.Round = slices.Clone(r.Pauses), slices.Clone(r.Steps), slices.Clone(r.Kept), slices.Clone(r.Round)
	next.Checks, next.Closed, next.Updates = slices.Clone(r.Checks), slices.Clone(r.Closed), slices.Clone(r.Updates)
	line, problem = m.apply(t, &next, s)
	if problem == "" {
		if _, err := h.due(t, next); err != nil {
			problem = err.Error() // a sentence of knowledge/rights about dates in the wrong order
		}
	}
	if problem == "" && next.over() {
		next.Keep = h.clocks.KeepUntil(next.Ended)
	}
	return next, line, problem
}

// day asks for the date of a step. It has no default: the date is the evidence.
func day(label, why string) bot.Field[step] {
	return bot.AskDate("on", label, func(s *step) *calendar.Date { return &s.On }).Hint("For example: today, or 27 3 2026").Past().Why(why)
}

func why(label, reason string) bot.Field[step] {
	return bot.AskText("why", label, func(s *step) *string { return &s.Why }).Hint("No names").Shown().Why(reason)
}

func note(label, reason string) bot.Field[step] {
	return bot.AskText("note", label, func(s *step) *string { return &s.Note }).Hint("No names").Shown().Why(reason)
}

func yesNo(label, reason, yes, no string) bot.Field[step] {
	return bot.AskOne("yes", label, func(s *step) *string { return &s.Yes },
		bot.Option{Value: "yes", Label: yes}, bot.Option{Value: "no", Label: no}).Shown().Why(reason)
}

func pick(label, reason string, options ...bot.Option) bot.Field[step] {
	return bot.AskOne("pick", label, func(s *step) *string { return &s.Pick }, options...).Shown().Why(reason)
}

func ticks(label, reason string, options ...bot.Option) bot.Field[step] {
	return bot.AskMany("ticks", label, func(s *step) *[]string { return &s.Ticks }, options...).Shown().Why(reason)
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
			pick("What did you ask for?", "Ask for the least that settles it. Two documents are seldom needed.",
				proofOptions()...),
			day("When did you ask for proof?", "Proof must be asked for without delay."),
		},
		barred: barredFor(true, func(t bot.Turn, r Request) string {
			if !r.IDAsked.IsZero() {
				return t.Say("rights.id-asked-already", "date", r.IDAsked.Long())
			}
			return ""
		}),
		apply: func(t bot.Turn, r *Request, s step) (string, string) {
			r.Doubt, r.Proof, r.IDAsked = s.Yes, s.Pick, s.On
			line := t.Say("rights.id-asked-"+s.Yes, "date", s.On.Long())
			if s.Pick == "two" {
				line += " " + t.Say("rights.id-two")
			}
			return line, ""
		}}
}

func proofOptions() []bot.Option {
	return []bot.Option{{Value: "call", Label: "A call back on the number we have"}, {Value: "known", Label: "Something only they know"},
		{Value: "paper", Label: "One document"}, {Value: "two", Label: "Two documents"}}
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
