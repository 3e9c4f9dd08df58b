package share

import (
	"context"

	"shareright/bot"
	knowledge "shareright/knowledge/share"
)

// practise answers a question that is only asked to learn. Nothing is kept, nobody is told,
// and the answer says on top and at the end that it is practice.
func (h handler) practise(ctx context.Context, t bot.Turn, text string) (bot.Outcome, error) {
	if text == "" {
		return bot.Outcome{Reply: bot.Say(t.Say("share.practice-empty"), t.Say("share.practice-example"))}, nil
	}
	q, x, err := h.read(ctx, t, text)
	if err != nil {
		return bot.Outcome{}, err
	}
	x.practice = true
	return h.answer(ctx, t, "", q, x)
}

// practiceMessage is an answer without buttons, so with the law already unfolded, and with
// the questions that would be asked: a form would have to be kept until it is answered.
func (h handler) practiceMessage(t bot.Turn, a knowledge.Answer, q question, x extra) *bot.Message {
	m := h.body(t, a, q, x)
	m.Body = append([]bot.Block{{Kind: bot.Para, Text: m.Title}}, m.Body...)
	m.Title = t.Say("share.practice-title")
	if a.Decision == knowledge.ShareNow {
		m.Body = append([]bot.Block{{Kind: bot.Para, Text: t.Say("share.practice-real")}}, m.Body...)
	}
	if next := h.next(a, q); len(next) > 0 {
		var labels []string
		for _, fact := range next {
			labels = append(labels, h.book.Question(fact).Label)
		}
		m.Add(bot.Heading, t.Say("share.practice-asks")).List(bot.Bullets, labels...)
	}
	m.Add(bot.Heading, t.Say("share.law"))
	return h.unfold(t, m, a).Add(bot.Para, t.Say("share.practice-line"))
}
