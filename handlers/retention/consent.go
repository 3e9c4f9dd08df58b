package retention

import (
	"context"
	"strconv"

	"shareright/bot"
	"shareright/knowledge/calendar"
)

// agreed is the last day that consent keeps the file to; the zero date without consent.
func (r Review) agreed() calendar.Date {
	if r.Consent == nil || !r.Consent.Withdrawn.IsZero() {
		return calendar.Date{}
	}
	return r.Consent.Until
}

// consent is what "Kept with consent" fills in.
type consent struct {
	Ref   bot.Ref       `json:"ref"`
	Years *int          `json:"years,omitempty"`
	Given calendar.Date `json:"given,omitzero"`
	Where string        `json:"where"`
}

func (h handler) askConsent(_ context.Context, t bot.Turn, ref bot.Ref, r Review) (bot.Outcome, error) {
	most, problem := h.mostYears(t, r)
	if problem != "" {
		return bot.Outcome{Reply: bot.Say(problem, h.when(t, r))}, nil
	}
	rule, _ := h.schedule.ExtensionOf(r.Rule)
	note := bot.Block{Kind: bot.Para, Text: t.Say("retention.consent-note", "says", rule.Says, "most", strconv.Itoa(most))}
	return bot.Outcome{Ask: h.consenting().Begin(consent{Ref: ref}).Saying(note)}, nil
}

// mostYears is how many years the next consent may add, or why it may add none.
func (h handler) mostYears(t bot.Turn, r Review) (most int, problem string) {
	rule, known := h.schedule.ExtensionOf(r.Rule)
	if !known {
		return 0, t.Say("retention.consent-no", "category", r.Category)
	}
	most = rule.ExtraYears
	if r.Consent != nil && !rule.Renewable {
		most -= r.Consent.Years
	}
	if most < 1 {
		return 0, t.Say("retention.consent-used", "most", strconv.Itoa(rule.ExtraYears))
	}
	return most, ""
}

func (h handler) consenting() bot.Form[consent] {
	return bot.Form[consent]{ID: "retention.consent", Title: "Kept with consent", Submit: "Keep it",
		Pages: []bot.Page[consent]{{ID: "consent", Fields: []bot.Field[consent]{
			bot.AskNumber("years", "How many years longer?", func(c *consent) **int { return &c.Years }).
				Why("The person agrees to a time, not to for ever."),
			bot.AskDate("given", "When did they agree?", func(c *consent) *calendar.Date { return &c.Given }).Past().
				Why("Consent must be shown, and has to be renewed."),
			bot.AskText("where", "Where is their consent kept?", func(c *consent) *string { return &c.Where }).
				Hint("The place, not the person’s name").Why("Without it nobody can show that they agreed."),
		}}},
		Done: h.consented}
}

// consented keeps a file longer, within what the schedule allows.
func (h handler) consented(ctx context.Context, t bot.Turn, c consent) (bot.Outcome, error) {
	if no := refused(t); no != nil {
		return *no, nil
	}
	return h.act(open(func(_ context.Context, t bot.Turn, ref bot.Ref, r Review) (bot.Outcome, error) {
		most, problem := h.mostYears(t, r)
		if problem != "" {
			return bot.Outcome{Reply: bot.Say(problem, h.when(t, r))}, nil
		}
		if c.Years == nil || *c.Years < 1 || *c.Years > most {
			c.Years = nil
			note := bot.Block{Kind: bot.Para, Text: t.Say("retention.consent-most", "most", strconv.Itoa(most))}
			return bot.Outcome{Ask: h.consenting().Begin(c).Saying(note)}, nil
		}
		rule, _ := h.schedule.ExtensionOf(r.Rule)
		from, years := r.Date, *c.Years
		if r.Consent != nil {
			years += r.Consent.Years
			from = calendar.Latest(r.Date, r.agreed())
		}
		r.Consent = &Consent{Rule: rule.Name, Years: years, Given: c.Given, Until: from.AddYears(*c.Years), Where: c.Where}
		r.Quiet, r.Disposal = calendar.Date{}, nil
		line := t.Say("retention.line-consent", "name", t.ByName(), "date", r.Consent.Until.Long(), "given", c.Given.Plain())
		r.note(t, line)
		o := audited(h.changed(t, ref, r, line), "retention.consent")
		o.Reply.Add(bot.Para, t.Say("retention.consent-renew"))
		return o, nil
	}))(ctx, t, c.Ref)
}

// withdrawn takes a consent back: the rule's own date counts again, at once.
func (h handler) withdrawn(_ context.Context, t bot.Turn, ref bot.Ref, r Review) (bot.Outcome, error) {
	if r.agreed().IsZero() {
		return t.Reply("retention.withdraw-none", "file", r.File), nil
	}
	ended := *r.Consent
	ended.Withdrawn = t.Today()
	r.Consent = &ended
	line := t.Say("retention.line-withdrawn", "name", t.ByName())
	r.note(t, line)
	o := audited(h.changed(t, ref, r, line), "retention.withdrawn")
	o.Reply.Add(bot.Para, h.when(t, r)).With(buttons(t, ref, r)...)
	return o, nil
}
