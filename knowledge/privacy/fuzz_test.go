package privacy

import (
	"strings"
	"testing"
)

// What is blanked holds no number and no address any more, and hints lie within the text.
func FuzzBlankLeavesNothingCertain(f *testing.F) {
	f.Add("ring 07700 900123 or jo@example.org, SW1A 1AA, NHS 943 476 5919, QQ 12 34 56 C")
	f.Add("+44 (0)7700 900123 0044 7700 900123")
	f.Fuzz(func(t *testing.T, text string) {
		for _, h := range Notice(text) {
			if h.Start < 0 || h.End > len(text) || h.Start >= h.End {
				t.Fatalf("a hint at %d to %d of %d", h.Start, h.End, len(text))
			}
		}
		if got := Blank(text); len(Certain(got)) > 0 && !strings.Contains(got, "…") {
			t.Fatalf("%q still holds %v", got, Certain(got))
		}
	})
}
