// Package handlers lists the features of the bot. What each one does is in its folder.
package handlers

import (
	"context"

	"shareright/bot"
	"shareright/handlers/ask"
	"shareright/handlers/breach"
	"shareright/handlers/digest"
	"shareright/handlers/exports"
	"shareright/handlers/home"
	"shareright/handlers/registers"
	"shareright/handlers/retention"
	"shareright/handlers/rights"
	"shareright/handlers/setup"
	"shareright/handlers/share"
	"shareright/handlers/training"
	"shareright/handlers/year"
	answers "shareright/knowledge/ask"
	breaches "shareright/knowledge/breach"
	"shareright/knowledge/calendar"
	"shareright/knowledge/governance"
	"shareright/knowledge/policy"
	"shareright/knowledge/privacy"
	lists "shareright/knowledge/registers"
	keeping "shareright/knowledge/retention"
	clocks "shareright/knowledge/rights"
	sharing "shareright/knowledge/share"
	"shareright/knowledge/tool"
	learning "shareright/knowledge/training"
)

// Knowledge is what the features know: the content that is built in, or an organisation's own over it.
type Knowledge struct {
	Breach  *breaches.Content
	Share   *sharing.Book
	Ask     *answers.Book
	Lexicon *policy.Lexicon

	Retention *keeping.Schedule
	Training  *learning.Content
	Registers *lists.Content
	Tools     *tool.Book
	Year      *governance.Year
	Clocks    *clocks.Clocks
	Rights    *clocks.Guide
	Calendar  *calendar.Calendar
	Kept      []keeping.Own // how long the bot's own records are kept
}

// All returns every feature. Plain messages are offered to them in this order: what
// clearly asks about sharing first, what is about nothing in particular last.
func All(k Knowledge) []bot.Feature {
	shelf := ask.NewShelf(k.Lexicon)
	passages := func(ctx context.Context, t bot.Turn, question string) ([]bot.Block, error) {
		return shelf.Passages(ctx, t, question, k.Ask)
	}
	kind := func(text string) answers.Kind { return answers.Kind(k.Share.Intent(text).Kind) }
	return []bot.Feature{
		share.Feature(k.Share, passages, privacy.All),
		breach.Feature(k.Breach),
		retention.Feature(k.Retention, rights.Holding),
		rights.Feature(k.Clocks, k.Rights),
		training.Feature(k.Training, k.Breach),
		registers.Feature(k.Registers, k.Tools),
		year.Feature(k.Year),
		digest.Feature(),
		exports.Feature(),
		home.Feature(),
		setup.Feature(),
		ask.Feature(k.Ask, shelf, kind),
		share.Last(k.Share, passages, privacy.All),
	}
}
