// Package setup leads whoever installs the bot to the point where an alert arrives: who
// holds which role, where alerts go, and a test alert that must be acknowledged. It also
// lets people say that somebody on one platform is the same person as on another.
//
// What the configuration says counts more than what was chosen in chat; joining the two is
// the directory's part.
package setup

import (
	"context"
	"errors"
	"strings"
	"time"

	"shareright/bot"
	"shareright/knowledge/words"
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

type handler struct{}

// say is a sentence for a label that is there from the start.
func (handler) say(key string) string { return words.Say("en", "setup."+key) }

// Feature is everything this package offers.
func Feature() bot.Feature {
	h := handler{}
	return bot.Feature{Name: "setup",
		Commands: []bot.Command{
			{Under: "dp", Name: "setup", Help: h.say("help-setup"), Hint: h.say("hint-setup"), Example: "/dp setup", Run: h.begin},
			{Under: "dp", Name: "link", Help: h.say("help-link"), Hint: h.say("hint-link"), Example: h.say("example-link"), Run: link},
		},
		Forms: []bot.Dialogue{h.form()},
		Actions: []bot.Action{
			{ID: "setup.ack", Who: inCharge(), Do: h.acknowledge},
			{ID: "setup.again", Who: inCharge(), Do: h.again},
			{ID: "setup.change", Who: inCharge(), Do: h.change},
			{ID: "setup.agree", Do: h.agree}, // somebody who is put in charge may be asked too
			{ID: "setup.refuse", Do: h.refuse},
		},
		Timers: []bot.Timer{{Kind: chaseKind, Do: h.chase}, {Kind: secondKind, Do: h.silent}},
	}
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
