package bot

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
			if got := Cut(c.text, 25); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestCutTextIsNeverLongerThanAsked(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text, most := rapid.String().Draw(t, "text"), rapid.IntRange(1, 50).Draw(t, "most")
		got := Cut(text, most)
		if n := utf8.RuneCountInString(got); n > most {
			t.Fatalf("%d characters", n)
		}
		if utf8.ValidString(text) && !utf8.ValidString(got) {
			t.Fatal("cut inside a character")
		}
	})
}
