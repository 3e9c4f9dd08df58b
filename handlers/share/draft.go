package share

import (
	"context"
	"strings"

	"shareright/bot"
	knowledge "shareright/knowledge/share"
)

// writing is what the form for a message fills in.
type writing struct {
	Ref     bot.Ref  `json:"ref"`
	Kind    string   `json:"kind"` // of reader
	Items   []string `json:"items"`
	Channel string   `json:"channel"`
}

// draft asks what the reader needs, with what they mostly need ticked already.
func (h handler) draft(_ context.Context, t bot.Turn, ref bot.Ref, q question) (bot.Outcome, error) {
	kind := h.book.Reader(q.Facts, h.decide(t, q.Facts))
	ticked := kind.Suggests
	if len(q.Minimum) > 0 {
		ticked = q.Minimum
	}
	return bot.Outcome{Ask: h.drafting().Begin(writing{Ref: ref, Kind: kind.ID, Items: ticked})}, nil
}

// drafting has one list a kind of reader; only the one that fits is shown.
func (h handler) drafting() bot.Form[writing] {
	drafts := h.book.Drafts()
	page := bot.Page[writing]{ID: "needs", Intro: say("draft-intro-tick-only-what")}
	for _, kind := range drafts.Kinds() {
		var offers []bot.Option
		for _, item := range drafts.Items(kind.Offers) {
			offers = append(offers, bot.Option{Value: item.ID, Label: item.Label})
		}
		page.Fields = append(page.Fields, bot.AskMany("needs-"+kind.ID, say("draft-label-what-do-they"), func(w *writing) *[]string { return &w.Items }, offers...).
			Hint(kind.Label).Why(say("draft-why-the-law-lets")).
			Shown().When(func(w writing) bool { return w.Kind == kind.ID }))
	}
	var ways []bot.Option
	for _, c := range drafts.Channels() {
		ways = append(ways, bot.Option{Value: c.ID, Label: c.Label})
	}
	page.Fields = append(page.Fields, bot.AskOne("channel", say("draft-label-how-will-you"), func(w *writing) *string { return &w.Channel }, ways...).
		Why(say("draft-why-some-ways-are-not")))
	return bot.Form[writing]{ID: "share.draft", Title: say("draft-title-draft-a-message"), Submit: say("draft-submit-draft-it"), Quick: true, Done: h.drafted, Pages: []bot.Page[writing]{page}}
}

// drafted shows the message to copy. It remembers what was ticked, for the receipt.
func (h handler) drafted(ctx context.Context, t bot.Turn, w writing) (bot.Outcome, error) {
	return h.withQuestion(func(_ context.Context, t bot.Turn, ref bot.Ref, q question) (bot.Outcome, error) {
		q.Minimum = w.Items
		d := h.book.Drafts().Write(w.Kind, w.Items, w.Channel)
		m := bot.Say(t.Say("share.draft-title"))
		m.Add(bot.Heading, d.Channel.Label).List(bot.Bullets, d.Channel.Says...)
		if len(d.Better) > 0 {
			m.List(bot.Bullets, t.Say("share.draft-better", "ways", waysOf(d.Better)))
		}
		m.Add(bot.Heading, t.Say("share.draft-message")).Add(bot.Quote, h.letter(t, d))
		m.Add(bot.Heading, t.Say("share.part-leave-out")).List(bot.Bullets, d.Kind.LeaveOut...)
		m.Add(bot.SmallLine, t.Say("share.draft-yours"))
		m.With(bot.Button{Action: "share.keep", Label: t.Say("share.button-keep"), Ref: ref, Style: bot.Primary},
			bot.Button{Action: "share.draft", Label: t.Say("share.button-draft-again"), Ref: ref})
		return bot.Outcome{Reply: m, Save: map[bot.Ref]bot.Record{ref: q}}, nil
	})(ctx, t, w.Ref)
}

// letter is the message itself: what can be checked and what is a view stand apart.
func (h handler) letter(t bot.Turn, d knowledge.Draft) string {
	lines := []string{t.Say("share.letter-subject"), t.Say("share.letter-to"), t.Say("share.letter-from", "organisation", t.Org.Name), t.Say("share.letter-why"), ""}
	if len(d.Facts) > 0 {
		lines = append(append(lines, t.Say("share.letter-facts")), d.Facts...)
	}
	if len(d.Opinions) > 0 {
		lines = append(append(lines, "", t.Say("share.letter-opinions")), d.Opinions...)
	}
	return strings.Join(append(lines, "", t.Say("share.letter-told"), t.Say("share.letter-safe")), "\n")
}

func waysOf(channels []knowledge.Channel) string {
	var labels []string
	for _, c := range channels {
		labels = append(labels, strings.ToLower(c.Label[:1])+c.Label[1:])
	}
	return strings.Join(labels, ", ")
}

// ticked names what was ticked, in words.
func (h handler) ticked(ids []string) string {
	var labels []string
	for _, item := range h.book.Drafts().Items(ids) {
		labels = append(labels, item.Label)
	}
	return strings.Join(labels, "; ")
}
