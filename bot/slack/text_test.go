package slack

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestTextIsCutAfterASentenceOrAWord(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"what fits stays", "Short.", "Short."},
		{"a sentence in the second half ends it", "Call them now. Then write it up in full.", "Call them now. …"},
		{"without a sentence a word ends it", "Call the safeguarding lead at once", "Call the safeguarding…"},
		{"without a word a letter ends it", strings.Repeat("x", 40), strings.Repeat("x", 24) + "…"},
		{"an accent stays with its letter", strings.Repeat("e\u0301", 20), strings.Repeat("e\u0301", 12) + "…"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := cut(c.text, 25); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestCutTextIsNeverLongerThanAsked(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text, most := rapid.String().Draw(t, "text"), rapid.IntRange(1, 50).Draw(t, "most")
		got := cut(text, most)
		if n := utf8.RuneCountInString(got); n > most {
			t.Fatalf("%d characters", n)
		}
		if utf8.ValidString(text) && !utf8.ValidString(got) {
			t.Fatal("cut inside a character")
		}
	})
}

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
