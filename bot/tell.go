package bot

import (
	"context"
	"fmt"
)

// Tell posts a message of the program's own to the same audience of every organisation,
// such as a mistake in the settings to each lead. The key is the post's: told again under
// the same key, it is not told twice.
func (b *Bot) Tell(ctx context.Context, p Post) error {
	orgs, err := b.dir.Orgs(ctx)
	if err != nil {
		return fmt.Errorf("list organisations: %w", err)
	}
	for _, org := range orgs {
		err := b.store.Update(ctx, func(tx Tx) error {
			if _, err := readPost(ctx, tx, org.ID, p.Key); err == nil {
				return nil
			}
			t := b.turn(tx, org, Person{})
			return t.post(ctx, p, t.Now)
		})
		if err != nil {
			return fmt.Errorf("tell %s: %w", org.ID, err)
		}
	}
	b.o.Wake()
	return nil
}
