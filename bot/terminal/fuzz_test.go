package terminal

import (
	"strings"
	"testing"
)

// Nothing that is shown steers the window or turns the reading direction.
func FuzzNothingSteersTheWindow(f *testing.F) {
	f.Add("\x1b[2J\x1b]0;title\a\u202eabc\u2066\x00\r\x7f\u009b31m")
	f.Fuzz(func(t *testing.T, text string) {
		if got := harmless(text); strings.ContainsAny(got, "\x1b\a\b\r\x00\x7f\u009b\u202e\u2066") {
			t.Fatalf("%q", got)
		}
	})
}
