package slack

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestEscapedTextHoldsNoMarkOfSlack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`(<[@#!]?[a-zA-Z:/|.]{0,8}>?|[&<>]|[a-z ]){0,20}`).Draw(t, "text")
		if got := escaped(text); strings.ContainsAny(got, "<>") {
			t.Fatalf("%q", got)
		}
		if got := link(text, "https://example.org/"+text); strings.Count(got, "<") > 1 || strings.Count(got, ">") > 1 || strings.Count(got, "|") > 1 {
			t.Fatalf("%q", got)
		}
	})
}

func TestWhatSlackSendsIsReadAsThePersonSawIt(t *testing.T) {
	for _, c := range []struct{ name, sent, want string }{
		{"entities", "her diet &amp; allergies &lt;3", "her diet & allergies <3"},
		{"a mention", "ask <@U0SAM|sam> or <@U0JO>", "ask @sam or @U0JO"},
		{"a channel", "in <#C0OPS|ops>", "in #ops"},
		{"everybody", "<!channel> look", "@channel look"},
		{"a group", "<!subteam^S0X|@leads> look", "@leads look"},
		{"a link", "see <https://example.org/a?b=1&amp;c=2|this>", "see this"},
		{"a bare link", "see <https://example.org/a>", "see https://example.org/a"},
		{"an address", "mail <mailto:jo@example.org|jo@example.org>", "mail jo@example.org"},
		{"a lone bracket", "a < b", "a < b"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := unescape(c.sent); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
	if got := withoutMention("<@U0SHAREBOT>, can I share <@U0SAM|sam>'s rota?"); got != "can I share @sam's rota?" {
		t.Errorf("a mention is read as %q", got)
	}
}

func FuzzWhatSlackSendsIsRead(f *testing.F) {
	f.Add("<@U0|x> <!a^b> &amp;")
	f.Fuzz(func(t *testing.T, sent string) {
		unescape(sent)
		withoutMention(sent)
	})
}
