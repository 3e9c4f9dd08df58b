package bot_test

import (
	"context"
	"testing"

	"shareright/bot"
)

// People are called by the name that their platform tells, never by a number.
func TestPeopleAreCalledByNameAndNeverByANumber(t *testing.T) {
	w := newWorld(t, bot.Feature{Name: "toy", Commands: []bot.Command{{Name: "who", Help: "See what somebody is called",
		Run: func(ctx context.Context, t bot.Turn, text string) (bot.Outcome, error) {
			return bot.Outcome{Reply: bot.Say(t.NameOf(ctx, bot.PersonID(text)), t.KnownName(ctx, bot.PersonID(text)))}, nil
		}}}})
	do := func(user, name, text string) *bot.Message {
		t.Helper()
		r, err := w.bot.Handle(t.Context(), bot.Event{Platform: "desk", User: user, UserName: name, What: bot.Ran{Command: "who", Text: text}})
		if err != nil {
			t.Fatal(err)
		}
		return r.Reply
	}
	do("U0JO1", "Jo Miller", "")
	do("sam", "Sam Lee", "")
	do("U0MO2", "", "")
	for who, want := range map[string][2]string{
		"desk:U0JO1":  {"Jo Miller", "Jo Miller"},
		"desk:sam":    {"the data protection lead", "Sam Lee"},
		"desk:dee":    {"the deputy", "the deputy"},
		"desk:U0MO2":  {"somebody", "somebody"}, // has been here, and the platform told no name
		"desk:U0NEW3": {"somebody", "somebody"},
		"desk:ann":    {"Ann", "Ann"},
	} {
		if m := do("U0MO2", "", who); m.Title != want[0] || len(m.Body) != 1 || m.Body[0].Text != want[1] {
			t.Errorf("%s is called %q, by name %+v; want %q", who, m.Title, m.Body, want)
		}
	}
}
