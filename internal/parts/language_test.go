package parts

import (
	"slices"
	"strings"
	"testing"

	"shareright/knowledge/words"
)

func TestWhatALanguageLacksIsANoteAndNoMistake(t *testing.T) {
	own := folder(t, map[string]string{"words/xx/bot.yaml": "language-name: Xixa\ncontinue: Zon\n", "words/zz/bot.yaml": "continue: Zun\n"})
	if mistakes := Content(own); len(mistakes) > 0 {
		t.Fatal(mistakes)
	}
	advice := Advice(own)
	has := func(parts ...string) bool {
		return slices.ContainsFunc(advice, func(a string) bool {
			return !slices.ContainsFunc(parts, func(p string) bool { return !strings.Contains(a, p) })
		})
	}
	if !has("words/xx/home.yaml lacks", "by due") || !has("words/xx/bot.yaml lacks") || has("words/xx/bot.yaml", "continue") {
		t.Errorf("what xx lacks: %q", advice)
	}
	if !has("words/zz does not name its language") || has("words/xx does not name") || has("words/en") {
		t.Errorf("who names itself: %q", advice)
	}
}

func TestALanguageIsOfferedByItsOwnName(t *testing.T) {
	own := folder(t, map[string]string{"words/xx/bot.yaml": "language-name: Xixa\n", "words/zz/bot.yaml": "continue: Zun\n"})
	t.Cleanup(func() { words.Use(nil) })
	if p := Over(own); len(p.Mistakes) > 0 {
		t.Fatal(p.Mistakes)
	}
	if got := words.Languages(); !slices.Equal(got, []words.Language{{Code: "en", Name: "English"}, {Code: "xx", Name: "Xixa"}}) {
		t.Errorf("people choose from %v", got)
	}
}
