package slack

import (
	"slices"
	"strings"
	"testing"

	"shareright/bot/slack/slacktest"
)

func TestExamineFindsEachMistakeInTheSetUp(t *testing.T) {
	place := func(key string, value any) func(*slacktest.Server) {
		return func(s *slacktest.Server) { s.Places = map[string]map[string]any{"C0LEADS": {key: value}} }
	}
	for _, c := range []struct {
		what    string
		set     func(*Config)
		prepare func(*slacktest.Server)
		want    []string // what and fix; none: all is well
	}{
		{"all is well", nil, nil, nil},
		{"more than is needed is no mistake", nil, func(s *slacktest.Server) { s.Scopes = append(slices.Clone(Scopes), "files:write") }, nil},
		{"a token that was revoked", func(c *Config) { c.BotToken = "xoxb-other" }, nil, []string{"SLACK_BOT_TOKEN", "Install the app again"}},
		{"another app token", func(c *Config) { c.AppToken = "xapp-other" }, nil, []string{"SLACK_APP_TOKEN", "connections:write", "invalid_auth"}},
		{"an older manifest", nil, func(s *slacktest.Server) {
			s.Scopes = []string{"commands", "chat:write", "app_mentions:read", "im:history"}
		},
			[]string{"lacks permissions: im:write, groups:read", "manifest"}},
		{"a channel that is not there, or that the bot was not asked into", nil, place("error", "channel_not_found"), []string{"C0LEADS", "Choose another one, or invite me"}},
		{"an archived channel", nil, place("is_archived", true), []string{"C0LEADS", "archived"}},
		{"a channel that the bot has left", nil, place("is_member", false), []string{"C0LEADS", "/invite"}},
		{"a public channel, where the app may see it", nil, place("is_private", false), []string{"C0LEADS", "not private"}},
		{"a public channel, where it may not", nil, place("error", "missing_scope"), []string{"C0LEADS", "not private"}},
		{"a channel shared with another organisation", nil, place("is_ext_shared", true), []string{"C0LEADS", "shared with another"}},
		{"a channel about to be shared", nil, place("is_pending_ext_shared", true), []string{"C0LEADS", "shared with another"}},
		{"a lead who has left", nil, func(s *slacktest.Server) { s.Gone = map[string]string{"U0SAM": "user_disabled"} }, []string{"U0SAM", "choose somebody else"}},
		{"Slack is out of order", nil, func(s *slacktest.Server) { s.Fault("auth.test", slacktest.Fault{Status: 500, Error: "internal_error"}) }, []string{"SLACK_BOT_TOKEN", "try again"}},
	} {
		s := slacktest.New(t)
		s.Scopes = Scopes
		if c.prepare != nil {
			c.prepare(s)
		}
		config := Config{BotToken: slacktest.BotToken, AppToken: slacktest.AppToken, APIURL: s.URL()}
		if c.set != nil {
			c.set(&config)
		}
		p, err := New(config)
		if err != nil {
			t.Fatal(err)
		}
		_, name, found := p.Examine(t.Context(), []string{"C0LEADS"}, []string{"U0SAM"})
		var told string
		for _, f := range found {
			told += f.What + " → " + f.Fix + "\n"
		}
		for _, want := range c.want {
			if !strings.Contains(told, want) {
				t.Errorf("%s: told %q, want %q", c.what, told, want)
			}
		}
		if len(c.want) == 0 && (len(found) > 0 || name != "shareright") || len(c.want) > 0 && len(found) != 1 {
			t.Errorf("%s: %q found %q", c.what, name, told)
		}
		if strings.Contains(told, "slack.") {
			t.Errorf("%s: a sentence is missing: %q", c.what, told)
		}
	}
}
