// Package handlers lists the features of the bot. What each one does is in its folder.
package handlers

import (
	"shareright/bot"
	"shareright/handlers/breach"
	breaches "shareright/knowledge/breach"
)

// Knowledge is what the features know: the content that is built in, or an organisation's own over it.
type Knowledge struct {
	Breach *breaches.Content
}

// All returns every feature. Plain messages are offered to them in this order.
func All(k Knowledge) []bot.Feature {
	return []bot.Feature{
		breach.Feature(k.Breach),
	}
}
