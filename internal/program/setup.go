package program

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"time"

	"shareright/bot"
)

// setupLife is how long a code for the set-up in chat works.
const setupLife = 24 * time.Hour

// OfferSetup makes a code with which somebody may begin the set-up in chat. It is empty
// where somebody is in charge already: then they begin it.
func (p *Program) OfferSetup(ctx context.Context) (code string, err error) {
	orgs, err := p.Directory.Orgs(ctx)
	if err != nil || len(orgs) == 0 {
		return "", err
	}
	err = p.Store.Update(ctx, func(tx bot.Tx) error {
		code = ""
		org, err := p.Directory.Now(ctx, tx, orgs[0])
		if err != nil {
			return err
		}
		for _, role := range []bot.Role{bot.DPLead, bot.Deputy, bot.Trustee} {
			if len(org.People[role]) > 0 {
				return nil
			}
		}
		code = rand.Text()[:12]
		c := bot.SetupCode{Until: time.Now().Add(setupLife)}
		body, err := json.Marshal(c)
		if err != nil {
			return fmt.Errorf("make a code: %w", err)
		}
		return tx.Put(ctx, org.ID, bot.Row{Kind: c.RecordKind(), Ref: code, Index: c.RecordIndex(), Body: body})
	})
	return code, err
}
