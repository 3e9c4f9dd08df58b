package bot

import (
	"context"
	"errors"
	"fmt"
)

// Page runs a command that only answers, for somebody who is not in chat, and returns the
// answer. A command that would change or send something is refused, and the audit trail
// notes what was read.
func (b *Bot) Page(ctx context.Context, org Org, by Person, command, text string) (Message, error) {
	c, known := b.commands[command]
	if !known {
		return Message{}, fmt.Errorf("page %s: there is no such command", command)
	}
	var m Message
	err := b.store.Update(ctx, func(tx Tx) error {
		t := b.turn(tx, org, by)
		if !by.Has(c.Who...) {
			return errors.New(t.Say("bot.wrong-role-command", "role", t.Called(c.Who...)))
		}
		o, err := c.Run(ctx, t, text)
		switch {
		case err != nil:
			return err
		case o.Reply == nil || o.Ask != nil || len(o.Save)+len(o.Erase)+len(o.Posts)+len(o.Jobs) > 0:
			return fmt.Errorf("page %s: it does more than answer", command)
		}
		m = *o.Reply
		return t.trail(ctx, o)
	})
	return m, err
}
