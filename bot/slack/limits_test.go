package slack

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"shareright/bot"
	"shareright/bot/slack/slacktest"
)

func TestWhatFitsHasNoFaults(t *testing.T) {
	if found := Check(views()["view-fields"]); len(found) > 0 {
		t.Errorf("a page that fits: %v", found)
	}
	if found := CheckMessage(messages()["message-answer"]); len(found) > 0 {
		t.Errorf("a message that fits: %v", found)
	}
}

func TestWhatSlackWouldCutIsFound(t *testing.T) {
	long := func(n int) string { return strings.Repeat("é", n) }
	for _, c := range []struct {
		name string
		view bot.View
		want string
	}{
		{"a long title", bot.View{Title: long(25)}, "the title has 25 characters; Slack shows 24"},
		{"a title of 24 is no fault", bot.View{Title: long(24)}, ""},
		{"a long last button", bot.View{Submit: long(25)}, "the last button has 25"},
		{"a long choice", bot.View{Fields: []bot.FieldView{{ID: "a", Kind: bot.OneField, Options: []bot.Option{{Value: "v", Label: long(76)}}}}}, "has 76 characters; Slack shows 75"},
		{"a long value", bot.View{Fields: []bot.FieldView{{ID: "a", Kind: bot.OneField, Options: []bot.Option{{Value: long(76), Label: "l"}}}}}, "the value"},
		{"a long hint of a choice", bot.View{Fields: []bot.FieldView{{ID: "a", Kind: bot.ManyField, Options: []bot.Option{{Value: "v", Label: "l", Hint: long(76)}}}}}, "the hint of choice"},
		{"too many choices with not sure", bot.View{Fields: []bot.FieldView{{ID: "a", Kind: bot.OneField, NotSure: "Not sure", Options: make([]bot.Option, 100)}}}, "101 question"},
		{"a long label", bot.View{Fields: []bot.FieldView{{ID: "a", Kind: bot.TextField, Label: long(2001)}}}, "the label has 2001"},
		{"too many lines to check", bot.View{Check: make([]bot.CheckLine, 101)}, "Slack takes 100"},
		{"a long id", bot.View{Fields: []bot.FieldView{{ID: long(256), Kind: bot.TextField}}}, "the id has 256"},
	} {
		found := strings.Join(Check(c.view), "\n")
		if c.want == "" && found != "" || !strings.Contains(found, c.want) {
			t.Errorf("%s: found %q", c.name, found)
		}
	}
	button := func(b bot.Button) bot.Message { return *bot.Say("t").With(b) }
	for _, c := range []struct {
		name    string
		message bot.Message
		want    string
	}{
		{"a long label", button(bot.Button{Action: "a", Label: long(76)}), "the label has 76"},
		{"danger without a question", button(bot.Button{Action: "a", Label: "l", Style: bot.Danger}), "asks nothing before"},
		{"a long question", button(bot.Button{Action: "a", Label: "l", Confirm: long(301)}), "has 301"},
		{"two primary buttons", *bot.Say("t").With(bot.Button{Action: "a", Label: "l", Style: bot.Primary}, bot.Button{Action: "b", Label: "l", Style: bot.Primary}), "2 primary"},
		{"too many buttons", *bot.Say("t").With(make([]bot.Button, 26)...), "26 buttons"},
		{"too much text", *bot.Say("t", long(12_001)), "Slack shows 12000"},
		{"too many blocks", bot.Message{Title: "t", Body: slices.Repeat([]bot.Block{{Kind: bot.Para, Text: "x"}}, 50)}, "51 blocks"},
	} {
		if found := strings.Join(CheckMessage(c.message), "\n"); !strings.Contains(found, c.want) {
			t.Errorf("%s: found %q", c.name, found)
		}
	}
}

// TestTheManifestAsksForNoMoreThanIsUsed holds the app's manifest against what the code calls and hears.
func TestTheManifestAsksForNoMoreThanIsUsed(t *testing.T) {
	raw, err := os.ReadFile("../../deploy/slack/manifest.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var m struct {
		Features struct {
			Commands []struct {
				Command string `yaml:"command"`
			} `yaml:"slash_commands"`
			Shortcuts []struct {
				Type string `yaml:"type"`
				ID   string `yaml:"callback_id"`
			} `yaml:"shortcuts"`
		} `yaml:"features"`
		OAuth struct {
			Scopes struct {
				Bot []string `yaml:"bot"`
			} `yaml:"scopes"`
		} `yaml:"oauth_config"`
		Settings struct {
			Events struct {
				Bot []string `yaml:"bot_events"`
			} `yaml:"event_subscriptions"`
			Socket bool `yaml:"socket_mode_enabled"`
		} `yaml:"settings"`
	}
	if err := yaml.NewDecoder(strings.NewReader(string(raw))).Decode(&m); err != nil {
		t.Fatal(err)
	}
	if want := Scopes; !slices.Equal(m.OAuth.Scopes.Bot, want) {
		t.Errorf("the scopes are %v; the code needs %v", m.OAuth.Scopes.Bot, want)
	}
	for _, scope := range m.OAuth.Scopes.Bot {
		if !regexp.MustCompile(`- ` + scope + ` # \S+`).Match(raw) {
			t.Errorf("scope %s has no reason beside it", scope)
		}
	}
	if !m.Settings.Socket || len(m.Features.Commands) != 3 {
		t.Errorf("socket mode %v, commands %v", m.Settings.Socket, m.Features.Commands)
	}
	for _, s := range m.Features.Shortcuts {
		command, _, _ := strings.Cut("/"+strings.TrimSuffix(s.ID, messageSuffix), " ")
		known := slices.ContainsFunc(m.Features.Commands, func(c struct {
			Command string `yaml:"command"`
		}) bool {
			return c.Command == command
		})
		if !known || (s.Type == "message") != strings.HasSuffix(s.ID, messageSuffix) {
			t.Errorf("shortcut %s (%s) runs no command", s.ID, s.Type)
		}
	}
}

func TestEveryFailureHasItsSentence(t *testing.T) {
	for word, key := range fixes {
		if sentence := say(key, "where", "x", "error", word); sentence == key || strings.Contains(sentence, "{") {
			t.Errorf("%s: no sentence %s", word, key)
		}
	}
}

func TestWrongSettingsAreAllToldAtOnce(t *testing.T) {
	_, err := New(Config{Transport: "pigeon", BotToken: "secret-token"})
	for _, want := range []string{"SLACK_BOT_TOKEN", "pigeon"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not speak of %s", err, want)
		}
	}
	if err != nil && strings.Contains(err.Error(), "secret-token") {
		t.Error("the error holds a token")
	}
	_, err = New(Config{BotToken: "xoxb-1", AppToken: "xoxb-wrong", Connections: 1})
	for _, want := range []string{"SLACK_APP_TOKEN", "2 to 10"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not speak of %s", err, want)
		}
	}
	if _, err = New(Config{BotToken: "xoxb-1", Transport: HTTP}); err == nil || !strings.Contains(err.Error(), "SLACK_SIGNING_SECRET") {
		t.Errorf("%v", err)
	}
}

func TestTheFakeRefusesWhatIsDrawnWrong(t *testing.T) {
	for what, c := range map[string]struct {
		drawn any
		wrong bool
	}{
		"a message":              {Draw(*bot.Say("Hello")), false},
		"a page":                 {DrawPage(bot.View{Title: "One", Submit: "Continue", Fields: []bot.FieldView{{ID: "a", Kind: bot.TextField, Label: "A"}}}, nil), false},
		"a message without text": {map[string]any{"blocks": []any{map[string]any{"type": "divider"}}}, true},
		"a page with nothing":    {map[string]any{"view": map[string]any{"type": "modal", "blocks": []any{}}}, true},
	} {
		if found := slacktest.Faults(c.drawn); (len(found) > 0) != c.wrong {
			t.Errorf("%s: %q", what, found)
		}
	}
}
