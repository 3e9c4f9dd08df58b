package discord

import (
	"strings"
	"testing"

	"shareright/bot"
	"shareright/bot/discord/discordtest"
)

func TestWhatDoesNotFitIsToldWithItsPlace(t *testing.T) {
	option := func(n int) bot.Option {
		return bot.Option{Value: strings.Repeat("v", n), Label: strings.Repeat("l", n)}
	}
	for _, c := range []struct {
		what string
		view bot.View
		want string // empty: it fits
	}{
		{"a page that fits", views()["all"], ""},
		{"check your answers", views()["check"], ""},
		{"a long title", bot.View{Form: "f", Page: "p", Title: strings.Repeat("x", 46)}, "the title has 46"},
		{"a long last button", bot.View{Submit: strings.Repeat("x", 81)}, "the last button has 81"},
		{"six questions", bot.View{Fields: make([]bot.FieldView, 6)}, "6 questions"},
		{"a label that would be cut", bot.View{Fields: []bot.FieldView{{ID: "a", Label: strings.Repeat("x", 101)}}}, "the label has 101"},
		{"a long hint", bot.View{Fields: []bot.FieldView{{ID: "a", Hint: strings.Repeat("x", 101)}}}, "the hint has 101"},
		{"a long choice", bot.View{Fields: []bot.FieldView{{ID: "a", Kind: bot.OneField, Options: []bot.Option{option(101)}}}}, "has 101"},
		{"a form id that is too long to carry", bot.View{Form: strings.Repeat("f", 90)}, "the id has"},
		{"a mark in an id", bot.View{Form: "a|b"}, "holds"},
	} {
		found := strings.Join(Check(c.view), "\n")
		if c.want == "" && found != "" || !strings.Contains(found, c.want) {
			t.Errorf("%s: found %q", c.what, found)
		}
	}
}

func TestMessagesThatDoNotFitAreTold(t *testing.T) {
	buttons := func(n int) *bot.Message {
		m := bot.Say("x")
		for range n {
			m.With(bot.Button{Action: "a", Label: "b", Style: bot.Primary})
		}
		return m
	}
	for _, c := range []struct {
		what    string
		message *bot.Message
		want    string
	}{
		{"one that fits", bot.Say("x", "y"), ""},
		{"more than five messages", bot.Say("x", strings.Repeat("word ", 2200)), "messages"},
		{"26 buttons", buttons(26), "26 buttons"},
		{"two primary buttons", buttons(2), "primary"},
		{"a long label", bot.Say("x").With(bot.Button{Action: "a", Label: strings.Repeat("l", 81)}), "81"},
		{"a reference that is too long", bot.Say("x").With(bot.Button{Action: "a", Label: "l", Ref: bot.Ref(strings.Repeat("r", 100))}), "carries"},
		{"danger without a question", bot.Say("x").With(bot.Button{Action: "a", Label: "l", Style: bot.Danger}), "dangerous"},
		{"a mark in a reference", bot.Say("x").With(bot.Button{Action: "a", Label: "l", Ref: "a|b"}), "holds"},
	} {
		found := strings.Join(CheckMessage(*c.message), "\n")
		if c.want == "" && found != "" || !strings.Contains(found, c.want) {
			t.Errorf("%s: found %q", c.what, found)
		}
	}
}

func TestCommandsThatDoNotFitAreTold(t *testing.T) {
	if found := CheckCommands(commands); len(found) > 0 {
		t.Errorf("found %v", found)
	}
	many := []bot.Command{}
	for i := range 40 {
		many = append(many, bot.Command{Under: "dp", Name: "c" + strings.Repeat("x", i%20) + string(rune('a'+i%26)), Help: "Help"})
	}
	if found := CheckCommands(many); len(found) > 0 {
		t.Errorf("what finds no room is found by typing; found %v", found)
	}
	found := strings.Join(CheckCommands([]bot.Command{{Name: "Big Words", Help: strings.Repeat("x", 101)}, {Name: "none"}}), "\n")
	for _, want := range []string{"small letters", "101", "no help"} {
		if !strings.Contains(found, want) {
			t.Errorf("%q does not speak of %q", found, want)
		}
	}
}

func TestMemoryIsSmallAndForgets(t *testing.T) {
	var m memory[int]
	now := timeAt(0)
	for i := range maxKept + 10 {
		m.keep(strings.Repeat("k", i%7)+string(rune(i)), i, timeAt(60))
	}
	if len(m.by) > maxKept || len(m.due) > maxKept {
		t.Errorf("it holds %d and %d", len(m.by), len(m.due))
	}
	m.keep("a", 7, timeAt(60))
	if v, known := m.recall("a", now); !known || v != 7 {
		t.Errorf("recalled %d, %v", v, known)
	}
	if _, known := m.recall("a", timeAt(61)); known {
		t.Error("it remembers for too long")
	}
	m.forget("a")
	if _, known := m.recall("a", now); known {
		t.Error("it does not forget")
	}
	if !m.first("once", now, 60e9) || m.first("once", now, 60e9) || !m.first("once", timeAt(61), 60e9) {
		t.Error("first is not the first")
	}
}

func TestTheFakeRefusesWhatIsDrawnWrong(t *testing.T) {
	for what, c := range map[string]struct {
		drawn any
		wrong bool
	}{
		"a message":                 {Draw(*bot.Say("Hello")), false},
		"a page":                    {DrawPage(bot.View{Title: "One", Fields: []bot.FieldView{{ID: "a", Kind: bot.TextField, Label: "A"}}}, nil), false},
		"a message that calls":      {[]any{note{Content: "Hello", Flags: noPreviews}}, true},
		"a message that is long":    {map[string]any{"of": []note{{Content: strings.Repeat("x", 2001), Flags: noPreviews, Mentions: nobody}}}, true},
		"a window with no question": {screen{Window: &modal{CustomID: "a", Title: "One", Components: []*component{}}}, true},
	} {
		if found := discordtest.Faults(c.drawn); (len(found) > 0) != c.wrong {
			t.Errorf("%s: %q", what, found)
		}
	}
}
