package parts

import (
	"strings"
	"testing"
	"time"

	"shareright/bot"
)

// A report begun in one program is finished in another by the same person, once the two
// accounts are linked with a code; somebody without the code gets nothing.
func TestADialogueIsResumedOnAnotherPlatform(t *testing.T) {
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	p := open(t, now, "slack:U0SAM")
	do := func(platform, user string, deed bot.Deed) bot.Response {
		t.Helper()
		r, err := p.Bot.Handle(t.Context(), bot.Event{Platform: platform, User: user, What: deed})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	first := do("slack", "U0JO", bot.Ran{Command: "breach"})
	do("slack", "U0JO", bot.Left{Session: first.Show.Session, Seq: first.Show.Seq, Answers: map[string][]string{"cause": {"lost"}, "story": {"on the bus"}}})

	if r := do("terminal", "jo", bot.Resumed{Session: first.Show.Session}); r.Show != nil {
		t.Fatal("a stranger opened the dialogue")
	}
	code := strings.TrimSuffix(strings.Fields(do("slack", "U0JO", bot.Ran{Command: "dp", Text: "link"}).Reply.Title)[3], ".")
	if r := do("terminal", "max", bot.Ran{Command: "dp", Text: "link WRONGCODE2"}); !strings.Contains(r.Reply.Title, "does not work") {
		t.Errorf("a wrong code: %q", r.Reply.Title)
	}
	if r := do("terminal", "jo", bot.Ran{Command: "dp", Text: "link " + strings.ToLower(code)}); !strings.Contains(r.Reply.Title, "one person") {
		t.Fatalf("linking: %q", r.Reply.Title)
	}
	if r := do("terminal", "max", bot.Ran{Command: "dp", Text: "link " + code}); !strings.Contains(r.Reply.Title, "does not work") {
		t.Errorf("a code works twice: %q", r.Reply.Title)
	}
	offer := do("terminal", "jo", bot.Ran{Command: "breach"})
	if offer.Reply == nil || len(offer.Reply.Buttons) == 0 {
		t.Fatalf("the dialogue is not offered: %+v", offer)
	}
	on := do("terminal", "jo", bot.Pressed{Action: offer.Reply.Buttons[0].Action, Ref: offer.Reply.Buttons[0].Ref})
	story := ""
	for _, f := range on.Show.Fields {
		if f.ID == "story" {
			story = strings.Join(f.Value, "")
		}
	}
	if story != "on the bus" {
		t.Errorf("the draft is gone: %+v", on.Show.Fields)
	}
}
