package privacy

import (
	"strings"
	"testing"
)

// What is blanked holds no number and no address any more, whatever word stands in the blanks
// for whoever reads it. And hints lie within the text.
func FuzzBlankLeavesNothingCertain(f *testing.F) {
	f.Add("ring 07700 900123 or jo@example.org, SW1A 1AA, NHS 943 476 5919, QQ 12 34 56 C")
	f.Add("+44 (0)7700 900123 0044 7700 900123")
	f.Add("000 07700 900123 and 0000 943 476 5919, +447700900123SW1A 1AA, jo@example.org@example.org")
	f.Fuzz(func(t *testing.T, text string) {
		for _, h := range Notice(text) {
			if h.Start < 0 || h.End > len(text) || h.Start >= h.End {
				t.Fatalf("a hint at %d to %d of %d", h.Start, h.End, len(text))
			}
		}
		got := Blank(text)
		for _, blank := range []string{"…", " something "} {
			if left := Certain(strings.ReplaceAll(got, "…", blank)); len(left) > 0 {
				t.Fatalf("%q becomes %q, and with %q in its blanks still holds %v", text, got, blank, left)
			}
		}
	})
}
