package rights

import (
	"context"
	"slices"
	"strings"

	"shareright/bot"
	"shareright/knowledge/calendar"
	knowledge "shareright/knowledge/rights"
)

// stepMove is the form of a step that is ticked off by hand. The others follow from the log.
func (h handler) stepMove(s knowledge.Step) (move, bool) {
	switch s.Kind {
	case knowledge.Known, knowledge.Check, knowledge.Send, knowledge.Given:
		return move{}, false
	}
	m := move{id: stepID(s.ID), title: "Step " + s.ID, submit: "Record it", fields: []bot.Field[step]{
		day("On which day?", s.Do),
		bot.AskPerson("who", "Who did it?", func(s *step) *bot.PersonID { return &s.Who }).Hint("Leave empty if it was you").Optional().Shown().Why("Each step has a person."),
	}}
	if s.Kind == knowledge.Optional {
		m.fields = append([]bot.Field[step]{yesNo("Was it needed?", s.Do, "Yes, it was done", "No, not this time")}, m.fields...)
	}
	if len(s.Parts) > 0 {
		m.fields = append(m.fields, ticks("What is done?", s.Do, placeOptions(s.Parts)...).Optional(),
			note("If not all, why?", "What is left out needs a reason.").Optional())
	}
	m.barred = barredFor(true, func(t bot.Turn, r Request) string { return h.stepBarred(t, r, s) })
	m.apply = func(t bot.Turn, r *Request, given step) (string, string) { return h.stepDone(t, r, s, given) }
	m.then = func(t bot.Turn, ref bot.Ref, r Request, _ step, o *bot.Outcome) {
		o.Reply.Add(bot.Para, h.nextLine(t, r)).With(button(t, ref, "checklist", bot.Primary))
	}
	return m, true
}

// stepID is the id of a step's form and button. It is stored, so it is stable.
func stepID(letter string) string { return "step-" + strings.ToLower(letter) }

func placeOptions(list []knowledge.Place) []bot.Option {
	options := make([]bot.Option, 0, len(list))
	for _, p := range list {
		options = append(options, bot.Option{Value: p.ID, Label: p.Label})
	}
	return options
}

// stepBarred says what must happen before a step, or nothing.
func (h handler) stepBarred(t bot.Turn, r Request, s knowledge.Step) string {
	switch {
	case !r.copies():
		return t.Say("rights.not-for-this")
	case s.Kind == knowledge.Search && len(r.Round) == 0:
		return t.Say("rights.step-nobody")
	case s.Kind == knowledge.Search && len(r.unanswered()) > 0:
		return t.Say("rights.step-waiting", "names", strings.Join(r.names(r.unanswered()), ", "))
	case s.Kind == knowledge.Look && len(r.undecided()) > 0:
		return t.Say("rights.step-undecided")
	}
	return ""
}

func (h handler) stepDone(t bot.Turn, r *Request, s knowledge.Step, given step) (line, problem string) {
	d := Done{Step: s.ID, On: given.On, By: t.By.ID, ByName: t.ByName(), Parts: given.Ticks, Note: given.Note, At: t.Now}
	if given.Who != "" {
		d.By = t.Meant(string(given.Who))
		d.ByName = given.whoName
	}
	if s.Kind == knowledge.Optional && given.Yes == "no" {
		d.Passed = true
	}
	if left := h.leftOut(s, d); len(left) > 0 && strings.TrimSpace(given.Note) == "" {
		return "", t.Say("rights.step-parts", "parts", strings.Join(left, "; "))
	}
	before, again := r.step(s.ID)
	r.Steps = append(r.Steps, d)
	switch {
	case again:
		return t.Say("rights.step-again", "step", s.ID, "label", lowered(s.Label), "date", d.On.Long(), "before", before.On.Long()), ""
	case d.Passed:
		return t.Say("rights.step-passed", "step", s.ID, "label", lowered(s.Label)), ""
	}
	return t.Say("rights.step-done", "step", s.ID, "label", lowered(s.Label), "date", d.On.Long(), "name", d.ByName), ""
}

// leftOut are the parts of a step that were not ticked.
func (h handler) leftOut(s knowledge.Step, d Done) []string {
	var left []string
	for _, p := range s.Parts {
		if !slices.Contains(d.Parts, p.ID) && !d.Passed {
			left = append(left, lowered(p.Label))
		}
	}
	return left
}

// step is the last entry of a step.
func (r Request) step(letter string) (Done, bool) {
	for i := len(r.Steps) - 1; i >= 0; i-- {
		if r.Steps[i].Step == letter {
			return r.Steps[i], true
		}
	}
	return Done{}, false
}

// entry is what the log knows of a step, whichever way it is done.
func (h handler) entry(t bot.Turn, r Request, s knowledge.Step) (Done, bool) {
	switch {
	case s.ID == "A":
		return Done{On: r.Came, ByName: r.ByName}, true
	case s.ID == "B":
		return Done{On: calendar.On(r.Logged, t.Org.Zone), ByName: r.ByName}, true
	case s.Kind == knowledge.Check && len(r.Checks) >= 2:
		return Done{On: r.Checks[1].On, ByName: r.Checks[0].ByName + ", " + r.Checks[1].ByName}, true
	case s.Kind == knowledge.Send && r.Transfer != nil:
		return Done{On: r.Transfer.On, ByName: r.Transfer.ByName, Note: r.Transfer.Risk}, true
	case s.Kind == knowledge.Given && r.State == answered:
		return Done{On: r.Ended, ByName: r.HolderName, Note: r.Result}, true
	}
	return r.step(s.ID)
}

// missing are the steps still to do, in order; what may be passed over is not missing.
func (h handler) missing(t bot.Turn, r Request) []knowledge.Step {
	var list []knowledge.Step
	for _, s := range h.guide.Steps {
		if _, done := h.entry(t, r, s); !done && s.Kind != knowledge.Optional {
			list = append(list, s)
		}
	}
	return list
}

// nextLine says what comes next, and whose turn it is.
func (h handler) nextLine(t bot.Turn, r Request) string {
	left := h.missing(t, r)
	if len(left) == 0 {
		return t.Say("rights.steps-all")
	}
	who := r.HolderName
	switch s := left[0]; {
	case s.Kind == knowledge.Search && len(r.unanswered()) > 0:
		who = strings.Join(r.names(r.unanswered()), ", ")
	case s.Kind == knowledge.Check && len(r.Checks) == 1, s.Kind == knowledge.Look && len(r.undecided()) > 0:
		who = t.Say("rights.second-person")
	case who == "":
		who = t.Say("rights.nobody-yet")
	}
	return t.Say("rights.steps-next", "step", left[0].ID, "label", lowered(left[0].Label), "who", who)
}

// checklist shows the steps A to M with day and person, what is missing, and who is next.
func (h handler) checklist(_ context.Context, t bot.Turn, ref bot.Ref, r Request) (bot.Outcome, error) {
	if !r.copies() {
		return t.Reply("rights.not-for-this"), nil
	}
	m := h.steps(t, ref, r)
	if !r.over() {
		shown := 0
		for _, s := range h.guide.Steps {
			if _, done := h.entry(t, r, s); done || shown == 4 {
				continue
			}
			if b, ok := h.stepButton(t, ref, r, s); ok {
				m.With(b)
				shown++
			}
		}
		m.With(button(t, ref, "searches", bot.Plain), button(t, ref, "kept", bot.Plain), button(t, ref, "correct", bot.Plain))
	}
	return bot.Outcome{Reply: m.With(button(t, ref, "papers", bot.Plain)), Audit: []string{"rights.read"}}, nil
}

// stepButton is the button that does a step: its own form, or the place where it is done.
func (h handler) stepButton(t bot.Turn, ref bot.Ref, r Request, s knowledge.Step) (bot.Button, bool) {
	does := map[knowledge.StepKind]string{knowledge.Check: "final", knowledge.Send: "transfer", knowledge.Given: "done"}[s.Kind]
	switch {
	case s.Kind == knowledge.Search && len(r.Round) == 0:
		does = "holder"
	case s.Kind == knowledge.Known:
		return bot.Button{}, false
	case does == "":
		does = stepID(s.ID)
	}
	return bot.Button{Action: "rights." + does, Label: t.Say("rights.step-button", "step", s.ID, "label", lowered(s.Label)), Ref: ref}, true
}

// steps is the checklist as a message: one line a step.
func (h handler) steps(t bot.Turn, ref bot.Ref, r Request) *bot.Message {
	m := bot.Say(t.Say("rights.steps", "ref", string(ref)))
	if !r.over() {
		m.Add(bot.Para, h.nextLine(t, r))
	}
	var rows []string
	for _, s := range h.guide.Steps {
		d, done := h.entry(t, r, s)
		value := t.Say("rights.step-open")
		switch {
		case done && d.Passed:
			value = t.Say("rights.step-not-needed")
		case done:
			value = d.On.Plain() + ", " + d.ByName
			if left := h.leftOut(s, d); len(left) > 0 {
				value += ". " + t.Say("rights.step-left", "parts", strings.Join(left, "; "), "why", d.Note)
			}
		case s.Kind == knowledge.Optional:
			value = t.Say("rights.step-optional")
		}
		rows = append(rows, s.ID+". "+s.Label, value)
	}
	m.List(bot.Pairs, rows...)
	if lines := h.searchLines(t, r); len(lines) > 0 {
		m.Add(bot.Heading, t.Say("rights.searches-log")).List(bot.Bullets, lines...)
	}
	if lines := h.keptLines(t, r); len(lines) > 0 {
		m.Add(bot.Heading, t.Say("rights.kept-log")).List(bot.Bullets, lines...)
	}
	return m
}
