package retention

import (
	"context"
	"slices"
	"strings"

	"shareright/bot"
	base "shareright/knowledge"
	"shareright/knowledge/calendar"
	"shareright/scheduler"
)

// ending is what "Destroyed" fills in.
type ending struct {
	Ref    bot.Ref       `json:"ref"`
	Method string        `json:"method"`
	On     calendar.Date `json:"on,omitzero"`
	Number string        `json:"number,omitempty"`
}

func (h handler) askDestroyed(_ context.Context, t bot.Turn, ref bot.Ref, r Review) (bot.Outcome, error) {
	if no := h.notYet(t, ref, r, t.Today()); no != nil {
		return *no, nil
	}
	asking := h.destroying().Begin(ending{Ref: ref})
	if rule, err := h.schedule.Rule(r.Rule); err == nil {
		asking.Saying(bot.Block{Kind: bot.Para, Text: t.Say("retention.how-policy", "how", rule.Disposal)})
	}
	return bot.Outcome{Ask: asking}, nil
}

// notYet is what stands against destroying a file: a hold, always; then its day.
func (h handler) notYet(t bot.Turn, ref bot.Ref, r Review, on calendar.Date) *bot.Outcome {
	r = h.refreshed(r, t.Today())
	switch {
	case len(r.live) > 0:
		return &bot.Outcome{Reply: bot.Say(t.Say("retention.no-live", "file", r.File), r.liveLine(t)),
			Audit: []string{"retention.refused"}}
	case r.Hold != nil:
		m := bot.Say(t.Say("retention.no-held", "file", r.File, "why", t.Say("retention.why-"+r.Hold.Why)), t.Say("retention.no-held-more"))
		return &bot.Outcome{Reply: m.With(buttons(t, ref, r)...), Audit: []string{"retention.refused"}}
	case !r.mayDestroy(on):
		return &bot.Outcome{Reply: bot.Say(t.Say("retention.no-early", "file", r.File), h.when(t, r), t.Say("retention.no-early-breach")),
			Audit: []string{"retention.refused"}}
	}
	return nil
}

// liveLine names the open requests that keep a file, as far as they may be named.
func (r Review) liveLine(t bot.Turn) string {
	var named []string
	for _, ref := range r.live {
		if ref != "" {
			named = append(named, string(ref))
		}
	}
	if len(named) == 0 {
		return t.Say("retention.live-unnamed")
	}
	return t.Say("retention.live", "refs", strings.Join(named, ", "))
}

// methods are the ways to destroy a record.
func methods() []bot.Option {
	return []bot.Option{
		{Value: "shredded", Label: "Shredded"},
		{Value: "burned", Label: "Burned"},
		{Value: "deleted", Label: "Deleted, copies and bin too", Also: []string{"deleted", "wiped", "overwritten"}},
		{Value: "contractor", Label: "By a contractor who gave a certificate", Also: []string{"contractor"}},
		{Value: "returned", Label: "Given back to the person"},
	}
}

func (h handler) destroying() bot.Form[ending] {
	return bot.Form[ending]{ID: "retention.destroyed", Title: "Destroyed", Submit: "Record it", Done: h.disposed,
		Pages: []bot.Page[ending]{{ID: "how", Fields: []bot.Field[ending]{
			bot.AskOne("method", "How was it destroyed?", func(e *ending) *string { return &e.Method }, methods()...).
				Why("The record of it is your proof."),
			bot.AskText("number", "Number of the contractor’s certificate", func(e *ending) *string { return &e.Number }).Optional().
				Why("It leads to the contractor’s own record."),
			bot.AskDate("on", "On which day?", func(e *ending) *calendar.Date { return &e.On }).
				Hint("Leave empty if it was today").Optional().Past().Why("It shows that nothing was destroyed too early."),
		}}},
	}
}

// disposed records how a file was destroyed, and asks a second person to confirm.
func (h handler) disposed(ctx context.Context, t bot.Turn, e ending) (bot.Outcome, error) {
	return h.act(open(func(ctx context.Context, t bot.Turn, ref bot.Ref, r Review) (bot.Outcome, error) {
		if e.On.IsZero() {
			e.On = t.Today()
		}
		if no := h.notYet(t, ref, r, e.On); no != nil {
			return *no, nil
		}
		r.Disposal = &Disposal{Method: e.Method, Number: e.Number, On: e.On, By: t.By.ID, ByName: t.ByName(), Said: t.Today()}
		r.Quiet = calendar.Date{}
		line := t.Say("retention.line-destroyed", "name", t.ByName(), "how", t.Say("retention.how-"+e.Method), "date", e.On.Plain())
		r.note(t, line)
		o := audited(h.changed(t, ref, r, line), "retention.destroyed")
		r = o.Save[ref].(Review)
		m := bot.Say(t.Say("retention.second", "name", t.ByName(), "file", r.File), t.Say("retention.second-more"))
		m.Body = append(m.Body, h.facts(ctx, t, ref, r))
		r.posted(&o, key(ref)+"/second/"+t.Now.Format("20060102150405"), *m.With(buttons(t, ref, r)...), bot.ToRolePrivately(bot.DPLead, t.By.ID))
		o.Save[ref] = r
		o.Reply = bot.Say(line, t.Say("retention.second-asked"))
		if !another(t.Org, t.By.ID) {
			o.Reply.Add(bot.Para, t.Say("retention.second-nobody"))
		}
		return o, nil
	}))(ctx, t, e.Ref)
}

// another says whether somebody else holds a role that may confirm.
func another(org bot.Org, than bot.PersonID) bool {
	for _, role := range seconds() {
		if slices.ContainsFunc(org.People[role], func(id bot.PersonID) bool { return id != than }) {
			return true
		}
	}
	return false
}

// answered loads a file that waits for a second person, or says why this person's press changes nothing.
func (h handler) answered(ctx context.Context, t bot.Turn, ref bot.Ref) (Review, *bot.Outcome, error) {
	r, err := h.load(ctx, t, ref)
	if err != nil {
		return r, nil, err
	}
	var no bot.Outcome
	switch r.state() {
	case destroyed:
		no = t.Reply("retention.destroyed-already", "file", r.File)
	case held:
		return r, h.notYet(t, ref, r, t.Today()), nil
	case waiting:
		no = t.Reply("retention.second-over", "file", r.File)
	default:
		return r, nil, nil
	}
	return r, &no, nil
}

// confirmed is the second person's yes. Whoever said so first cannot give it.
func (h handler) confirmed(ctx context.Context, t bot.Turn, ref bot.Ref) (bot.Outcome, error) {
	r, no, err := h.answered(ctx, t, ref)
	switch {
	case err != nil:
		return bot.Outcome{}, err
	case no != nil:
		return *no, nil
	case r.Disposal.By == t.By.ID:
		return t.Reply("retention.second-other"), nil
	}
	if no := h.notYet(t, ref, r, r.Disposal.On); no != nil {
		return *no, nil
	}
	t.Ref = ref
	proofOf := *r.Disposal
	proofOf.Second, proofOf.SecondAs, proofOf.Confirmed = t.By.ID, t.ByName(), t.Now
	r.Disposal = &proofOf
	line := t.Say("retention.line-confirmed", "name", t.ByName())
	r.note(t, line)
	o := audited(h.changed(t, ref, r, line), "retention.confirmed")
	certificate := h.certificate(t, ref, r).With(buttonFor(t, ref, "pdf", bot.Plain))
	o.Reply = certificate
	whom := []bot.Audience{bot.ToRole(bot.DPLead)}
	if !slices.Contains(t.Org.People[bot.DPLead], r.Disposal.By) {
		whom = append(whom, bot.ToPerson(r.Disposal.By))
	}
	for i, to := range whom {
		o.Posts = append(o.Posts, bot.Post{Key: key(ref) + "/certificate/" + string(rune('1'+i)), To: to, Class: scheduler.Routine, Message: *certificate})
	}
	return o, nil
}

// denied is the second person's no: the file waits again, and whoever said it was destroyed is told.
func (h handler) denied(ctx context.Context, t bot.Turn, ref bot.Ref) (bot.Outcome, error) {
	r, no, err := h.answered(ctx, t, ref)
	if err != nil {
		return bot.Outcome{}, err
	}
	if no != nil {
		return *no, nil
	}
	t.Ref = ref
	first := r.Disposal.By
	r.Disposal = nil
	line := t.Say("retention.line-denied", "name", t.ByName())
	r.note(t, line)
	o := audited(h.changed(t, ref, r, line), "retention.denied")
	if first != t.By.ID {
		o.Posts = append(o.Posts, bot.Post{Key: key(ref) + "/denied/" + t.Now.Format("20060102150405"), To: bot.ToPerson(first), Class: scheduler.Routine,
			Message: *bot.Say(t.Say("retention.denied", "file", r.File, "name", t.ByName())).With(buttons(t, ref, r)...)})
	}
	return o, nil
}

// proof is what a certificate of destruction says.
func proof(t bot.Turn, r Review) bot.Block {
	d := r.Disposal
	items := []string{t.Say("retention.row-kind"), r.Category, t.Say("retention.row-how"), t.Say("retention.how-" + d.Method),
		t.Say("retention.row-on"), d.On.Plain(), t.Say("retention.row-by"), d.ByName, t.Say("retention.row-second"), d.SecondAs}
	if d.Number != "" {
		items = append(items, t.Say("retention.row-number"), d.Number)
	}
	if last := r.act(); !last.IsZero() && r.keepable() {
		items = append(items, t.Say("retention.row-kept"), last.AddDays(-1).Plain())
	}
	return bot.Block{Kind: bot.Pairs, Items: items}
}

func (h handler) sourcesOf(r Review) []base.Source {
	rule, err := h.schedule.Rule(r.Rule)
	if err != nil {
		return nil
	}
	return h.schedule.Sources(rule)
}
