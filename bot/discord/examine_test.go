package discord

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"shareright/bot/discord/discordtest"
)

func TestExamineFindsEachMistakeInTheSetUp(t *testing.T) {
	for _, c := range []struct {
		what    string
		set     func(*Config)
		prepare func(*discordtest.Server)
		want    []string // what and fix; none: all is well
	}{
		{"all is well", nil, nil, nil},
		{"a bad token", func(c *Config) { c.Token = "other" }, nil, []string{"401", "Make a new one"}},
		{"another app's id", func(c *Config) { c.ApplicationID = "6999" }, nil, []string{"6999", "same app"}},
		{"another app's key", func(c *Config) { c.PublicKey = strings.Repeat("ab", 32) }, nil, []string{"not the key", "General Information"}},
		{"the bot is not in the server", nil, func(s *discordtest.Server) { s.Fault("guild", discordtest.Fault{Status: 403, Code: 50001}) },
			[]string{"not in the server 5000", "client_id=6000&scope=bot+applications.commands&permissions=68608"}},
		{"the gateway refuses the intents", nil, func(s *discordtest.Server) { s.Refuse = 4014 }, []string{"4014", "Intents"}},
		{"the channel cannot be seen", nil, func(s *discordtest.Server) { s.Fault("channel", discordtest.Fault{Status: 403, Code: 50001}) }, []string{"7000", "View Channel"}},
		{"the channel is gone", nil, func(s *discordtest.Server) { s.Fault("channel", discordtest.Fault{Status: 404, Code: 10003}) }, []string{"7000", "Choose another"}},
		{"the channel lets nobody write", nil, func(s *discordtest.Server) {
			s.Overwrites = []any{map[string]any{"id": discordtest.Guild, "type": 0, "allow": "0", "deny": "2048"}}
		}, []string{"may not post", "Send Messages"}},
		{"everybody reads the channel", nil, func(s *discordtest.Server) { s.Overwrites = nil }, []string{"case in the channel 7000", "@everyone"}},
		{"the lead is not in the server", nil, func(s *discordtest.Server) { s.Strangers["42"] = true }, []string{"The person 42", "invite"}},
		{"no endpoint over HTTP", func(c *Config) { c.Transport = HTTP }, nil, []string{"no interactions endpoint", "/discord/interactions"}},
		{"an endpoint beside the gateway", nil, func(s *discordtest.Server) { s.Endpoint = "https://bot.example.org/discord/interactions" }, []string{"not over the gateway", "DISCORD_TRANSPORT"}},
		{"another endpoint", func(c *Config) { c.Transport = HTTP }, func(s *discordtest.Server) { s.Endpoint = "https://old.example.org/x" }, []string{"old.example.org"}},
	} {
		s := discordtest.New(t)
		if c.prepare != nil {
			c.prepare(s)
		}
		config := settings(s)
		if c.set != nil {
			c.set(&config)
		}
		p, err := New(config)
		if err != nil {
			t.Fatal(err)
		}
		name, found := p.Examine(t.Context(), []string{discordtest.Channel}, []string{"42"})
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
		if strings.Contains(told, "discord.") && !strings.Contains(told, "discord.com") {
			t.Errorf("%s: a sentence is missing: %q", c.what, told)
		}
	}
}

func TestWhatAPersonMayDoInAChannel(t *testing.T) {
	roles := []role{{ID: "G", Allowed: "1024"}, {ID: "R", Allowed: "2048"}, {ID: "A", Allowed: "8"}}
	for _, c := range []struct {
		what       string
		mine       []string
		exceptions []exception
		want       int64
	}{
		{"what the roles give", []string{"G", "R"}, nil, 1024 | 2048},
		{"a role not held gives nothing", []string{"G"}, nil, 1024},
		{"an administrator may do everything", []string{"G", "A"}, []exception{{ID: "G", Deny: "1024"}}, -1},
		{"everybody is denied", []string{"G", "R"}, []exception{{ID: "G", Deny: "1024"}}, 2048},
		{"a role is let in again", []string{"G", "R"}, []exception{{ID: "G", Deny: "3072"}, {ID: "R", Allow: "1024"}}, 1024},
		{"the person is let in above all", []string{"G", "R"}, []exception{{ID: "me", Allow: "65536"}, {ID: "R", Deny: "65536"}}, 1024 | 2048 | 65536},
	} {
		if got := allowed(place{Guild: "G", Exceptions: c.exceptions}, roles, c.mine, "me"); got != c.want {
			t.Errorf("%s: %d, want %d", c.what, got, c.want)
		}
	}
}

func TestAClockThatIsWrongShows(t *testing.T) {
	var p Platform
	now := timeAt(0)
	p.pace.heard("k", 200, http.Header{"Date": {now.Add(-90 * time.Second).UTC().Format(http.TimeFormat)}}, now)
	if got := p.Drift(); got != 90*time.Second {
		t.Errorf("drift %v", got)
	}
}
