package program

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strconv"

	"shareright/bot"
	"shareright/knowledge/words"
	"shareright/scheduler"
)

// mostShown is how many mistakes one message shows.
const mostShown = 5

// TellMistakes tells each lead, once for the same mistakes, that the organisation's own
// content is not used and why. Without mistakes it does nothing.
func (p *Program) TellMistakes(ctx context.Context, mistakes []error) error {
	if len(mistakes) == 0 {
		return nil
	}
	say := func(key string, fill ...string) string { return words.Say("en", "program."+key, fill...) }
	m := bot.Say(say("content-broken", "count", strconv.Itoa(len(mistakes))), say("content-broken-safe"), say("content-broken-do"))
	for _, mistake := range mistakes[:min(mostShown, len(mistakes))] {
		m.Add(bot.Quote, mistake.Error())
	}
	sum := sha256.Sum256([]byte(errors.Join(mistakes...).Error()))
	return p.Bot.Tell(ctx, bot.Post{Key: "content/" + hex.EncodeToString(sum[:6]), To: bot.ToRole(bot.DPLead), Class: scheduler.Escalation, Message: *m})
}
