// Package setup lets people tell the bot about themselves: here, that somebody on one
// platform is the same person as somebody on another, so that a dialogue begun in one can
// be finished in the other.
//
// Roles and channels are settings of the organisation and belong to config.
package setup

import (
	"context"
	"errors"
	"strings"
	"time"

	"shareright/bot"
)

// codeLife is how long a code to link two accounts works.
const codeLife = 10 * time.Minute

// code waits for the other account. It is stored: fields may be added, never renamed.
type code struct {
	Person bot.PersonID `json:"person"`
	Until  time.Time    `json:"until"`
}

// RecordKind names the rows of codes.
func (code) RecordKind() string { return "linkcode" }

// RecordIndex lets a code erase itself.
func (c code) RecordIndex() bot.Index { return bot.Index{Owner: c.Person, Expires: c.Until} }

// Feature is everything this package offers.
func Feature() bot.Feature {
	return bot.Feature{Name: "setup", Commands: []bot.Command{
		{Under: "dp", Name: "link", Help: "Use one account for you on two platforms", Hint: "[code]", Example: "/dp link, then /dp link CODE on the other platform", Run: link},
	}}
}

// link gives a code on one platform and takes it on the other.
func link(ctx context.Context, t bot.Turn, typed string) (bot.Outcome, error) {
	typed = strings.ToUpper(strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' {
			return -1
		}
		return r
	}, typed))
	if typed == "" {
		ref := t.NewSecret()
		c := code{Person: t.By.ID, Until: t.Now.Add(codeLife)}
		return bot.Outcome{Save: map[bot.Ref]bot.Record{ref: c},
			Reply: bot.Say(t.Say("setup.code", "code", string(ref)), t.Say("setup.code-more"))}, nil
	}
	c, err := bot.Load[code](ctx, t, bot.Ref(typed))
	switch {
	case errors.Is(err, bot.ErrNotFound) || err == nil && !c.Until.After(t.Now):
		return bot.Outcome{Reply: bot.Say(t.Say("setup.no-code"))}, nil
	case err != nil:
		return bot.Outcome{}, err
	case c.Person == t.By.ID:
		return bot.Outcome{Reply: bot.Say(t.Say("setup.same"))}, nil
	}
	return bot.Outcome{
		Save:  map[bot.Ref]bot.Record{bot.Ref(t.By.ID): bot.Alias{Person: c.Person}},
		Erase: []bot.Erased{{Kind: c.RecordKind(), Ref: bot.Ref(typed)}},
		Reply: bot.Say(t.Say("setup.linked"), t.Say("setup.linked-more")),
		Audit: []string{"person.linked"},
	}, nil
}
