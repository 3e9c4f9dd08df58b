package ask

import (
	"context"
	"strings"

	"shareright/bot"
)

// word explains a word of the law or of the field; without one it lists those it knows.
func (h handler) word(_ context.Context, t bot.Turn, text string) (bot.Outcome, error) {
	term, known := h.book.Term(text)
	if !known {
		var words []string
		for _, term := range h.book.Terms() {
			words = append(words, term.Words[0])
		}
		title := t.Say("ask.words")
		if text != "" {
			title = t.Say("ask.word-unknown")
		}
		return bot.Outcome{Reply: bot.Say(title, strings.Join(words, ", "))}, nil
	}
	m := bot.Say(strings.ToUpper(term.Words[0][:1])+term.Words[0][1:], term.Says())
	from := term.From()
	m.Sources = []bot.Source{{Title: strings.TrimSuffix(from.Title+", "+from.Section, ", "), URL: from.URL, Checked: from.Checked}}
	return bot.Outcome{Reply: m}, nil
}
