// Package parts lists what this program is made of: the features over what we know, the
// words that work without a database, and the limits that every form must keep to.
//
// It joins nothing and decides nothing; internal/program does the joining.
package parts

import (
	"shareright/bot"
	"shareright/bot/slack"
	"shareright/handlers"
	"shareright/internal/program"
	"shareright/knowledge/breach"
)

// All returns the parts of the real program.
func All() program.Parts {
	return program.Parts{
		Features: handlers.All(handlers.Knowledge{Breach: breach.Default()}),
		Checks:   []func(bot.View) []string{slack.Check},
	}
}
