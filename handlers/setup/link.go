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
	"fmt"
	"slices"
	"strings"
	"time"

	"shareright/bot"
	"shareright/knowledge/words"
	"shareright/scheduler"
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
			{ID: "setup.unlink", Do: unlink}, // for the person themselves, and for those in charge
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
	o := bot.Outcome{
		Save:  map[bot.Ref]bot.Record{bot.Ref(t.By.ID): bot.Alias{Person: c.Person}},
		Erase: []bot.Erased{{Kind: c.RecordKind(), Ref: bot.Ref(typed)}},
		Reply: bot.Say(t.Say("setup.linked"), t.Say("setup.linked-more")),
		Audit: []string{"person.linked"},
	}
	m := bot.Say(t.Say("setup.link-told", "one", account(ctx, t, c.Person), "two", account(ctx, t, t.By.ID)),
		t.Say("setup.link-means"), t.Say("setup.link-undo")).
		With(bot.Button{Action: "setup.unlink", Label: t.Say("setup.button-unlink"), Ref: bot.Ref(t.By.ID)})
	o.Posts = toldOfLink(t, "linked", c.Person, t.By.ID, *m)
	return o, nil
}

// toldOfLink tells both accounts, and somebody else in charge where one of the two is: whoever
// was talked out of a code must hear of it, and so must whoever answers for the roles.
func toldOfLink(t bot.Turn, what string, person, other bot.PersonID, m bot.Message) []bot.Post {
	key := fmt.Sprintf("setup/%s/%s/%d/", what, other, t.Now.UnixMilli())
	post := func(name string, to bot.Audience) bot.Post {
		return bot.Post{Key: key + name, To: to, Class: scheduler.Escalation, Message: m}
	}
	posts := []bot.Post{post("one", bot.ToPerson(person)), post("two", bot.ToPerson(other))}
	here := func(id bot.PersonID) bool { return id == person || id == other }
	charged := false
	for _, role := range everyRole() {
		charged = charged || slices.ContainsFunc(t.Org.People[role], here)
	}
	if charged && slices.ContainsFunc(others(t, t.Org.People), func(id bot.PersonID) bool { return !here(id) }) {
		posts = append(posts, post("charge", bot.ToRolePrivately(bot.DPLead, person, other)))
	}
	return posts
}

// account is what somebody is called, and where.
func account(ctx context.Context, t bot.Turn, id bot.PersonID) string {
	platform, _, _ := strings.Cut(string(id), ":")
	if words.Has("mail.on-" + platform) {
		platform = t.Say("mail.on-" + platform)
	}
	return t.Say("setup.account", "name", t.KnownName(ctx, id), "platform", platform)
}

// unlink takes two accounts apart again. Both are told, as when they were joined.
func unlink(ctx context.Context, t bot.Turn, ref bot.Ref) (bot.Outcome, error) {
	a, err := bot.Load[bot.Alias](ctx, t, ref)
	switch {
	case errors.Is(err, bot.ErrNotFound):
		return t.Reply("setup.unlinked-before"), nil
	case err != nil:
		return bot.Outcome{}, err
	case t.By.ID != a.Person && !t.By.Has(inCharge()...):
		return t.Reply("bot.wrong-role", "role", t.Called(inCharge()...)), nil
	}
	other := bot.PersonID(ref)
	m := bot.Say(t.Say("setup.unlinked", "one", account(ctx, t, a.Person), "two", account(ctx, t, other)), t.Say("setup.unlinked-more"))
	return bot.Outcome{
		Erase: []bot.Erased{{Kind: a.RecordKind(), Ref: ref}},
		Posts: toldOfLink(t, "unlinked", a.Person, other, *m),
		Reply: m,
		Audit: []string{"person.unlinked"},
	}, nil
}
