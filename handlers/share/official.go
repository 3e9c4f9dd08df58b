package share

import (
	"context"

	"shareright/bot"
	knowledge "shareright/knowledge/share"
)

// visit is what the form about somebody official fills in.
type visit struct {
	Ref      bot.Ref         `json:"ref,omitempty"`
	Facts    knowledge.Facts `json:"facts"`
	Danger   string          `json:"danger"`
	Who      string          `json:"who"`
	Verified string          `json:"verified"`
	Written  string          `json:"written"`
	Order    string          `json:"order"`
	Exact    string          `json:"exact"`
}

// door opens the officials' door by command.
func (h handler) door(_ context.Context, _ bot.Turn, _ string) (bot.Outcome, error) {
	return bot.Outcome{Ask: h.official().Begin(visit{})}, nil
}

// atTheDoor opens it from an answer, with what is known.
func (h handler) atTheDoor(_ context.Context, _ bot.Turn, ref bot.Ref, q question) (bot.Outcome, error) {
	f := q.Facts
	return bot.Outcome{Ask: h.official().Begin(visit{Ref: ref, Facts: f, Who: f.Recipient, Verified: f.Verified, Written: f.Written, Order: f.Order})}, nil
}

// official asks what decides, danger first: it takes two minutes, on the phone or at the door.
func (h handler) official() bot.Form[visit] {
	yesNo := []bot.Option{{Value: "yes", Label: say("official-choice-yes")}, {Value: "no", Label: say("official-choice-no")}}
	ask := func(fact string, at func(*visit) *string) bot.Field[visit] {
		q := h.book.Question(fact)
		return bot.AskOne(fact, q.Label, at, options(q)...).Why(q.Why).NotSure()
	}
	var who []bot.Option
	for _, o := range h.book.Question("recipient").Options {
		if h.book.Officials().Has(o.Value) {
			who = append(who, bot.Option{Value: o.Value, Label: o.Label})
		}
	}
	return bot.Form[visit]{
		ID: "share.official", Title: say("official-title-an-official-asks"), Submit: say("official-submit-what-do-i"), Quick: true, Done: h.visited,
		Pages: []bot.Page[visit]{
			{ID: "danger", Fields: []bot.Field[visit]{ask("danger", func(v *visit) *string { return &v.Danger })}},
			{ID: "official", When: func(v visit) bool { return v.Danger != "now" && v.Danger != "civil" }, Fields: []bot.Field[visit]{
				bot.AskOne("who", say("official-label-who-is-it"), func(v *visit) *string { return &v.Who }, who...).Why(say("official-why-each-has-other")),
				ask("verified", func(v *visit) *string { return &v.Verified }),
				ask("written", func(v *visit) *string { return &v.Written }),
				ask("order", func(v *visit) *string { return &v.Order }),
				bot.AskOne("exact", say("official-label-do-you-know"), func(v *visit) *string { return &v.Exact }, yesNo...).
					Why(say("official-why-you-may-share-only")).NotSure(),
			}},
		},
	}
}

// visited decides on what was checked, and lists what is still to do.
func (h handler) visited(ctx context.Context, t bot.Turn, v visit) (bot.Outcome, error) {
	ref, q := v.Ref, question{Facts: v.Facts, Owner: t.By.ID, Name: t.ByName(), At: t.Now}
	if ref == "" {
		ref = t.NewRef("Q")
	} else if old, err := bot.Load[question](ctx, t, ref); err == nil && old.Owner == t.By.ID {
		q = old
	}
	for fact, value := range map[string]string{"danger": v.Danger, "recipient": v.Who, "verified": v.Verified, "written": v.Written, "order": v.Order} {
		if value == "" {
			continue
		}
		if err := h.book.Set(&q.Facts, fact, value); err != nil {
			return bot.Outcome{}, err
		}
	}
	q.Asked = knowledge.MostQuestions // the check was the questions
	return h.answer(ctx, t, ref, q, extra{checklist: h.checklist(t, q.Facts, v.Exact == "yes")})
}

// checklist is what is done, what is to do, and what to say.
func (h handler) checklist(t bot.Turn, f knowledge.Facts, exact bool) []bot.Block {
	var other []string
	if exact {
		other = append(other, "exact")
	}
	done, todo := h.book.Officials().Left(f, other...)
	m := &bot.Message{}
	if len(todo) > 0 {
		m.Add(bot.Heading, t.Say("share.official-todo")).List(bot.Steps, todo...)
	}
	if len(done) > 0 {
		m.Add(bot.Heading, t.Say("share.official-done")).List(bot.Bullets, done...)
	}
	m.Add(bot.Heading, t.Say("share.official-say")).List(bot.Bullets, h.book.Officials().Words...)
	m.Add(bot.Heading, t.Say("share.official-never")).List(bot.Bullets, h.book.Officials().Never...)
	return m.Body
}
