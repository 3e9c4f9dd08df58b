package discord

import (
	"errors"
	"strings"
	"testing"
	"time"

	"shareright/bot"
	"shareright/bot/discord/discordtest"
)

func timeAt(seconds int) time.Time { return time.Unix(1_800_000_000+int64(seconds), 0) }

func TestCommandsAreSetOnlyWhenTheyChange(t *testing.T) {
	s, p := sender(t)
	for range 3 {
		if err := p.setCommands(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(s.Calls("commands")); n != 2 {
		t.Errorf("set %d times; once for the server and once for direct messages is enough", n)
	}
	p.config.Commands = append(p.config.Commands[:len(p.config.Commands):len(p.config.Commands)], bot.Command{Under: "dp", Name: "drill", Help: "Practise"})
	if err := p.setCommands(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := len(s.Calls("commands")); n != 4 {
		t.Errorf("set %d times after a change", n)
	}
}

func TestNothingIsAskedAgainBeforeItIsTime(t *testing.T) {
	s, p := sender(t)
	s.Fault("read-commands", discordtest.Fault{Status: 429, RetryAfter: 30})
	s.Fault("gateway", discordtest.Fault{Status: 429, RetryAfter: 30})
	for range 3 {
		if err := p.setCommands(t.Context()); retryAfter(err) < 29*time.Second {
			t.Errorf("told %v", err)
		}
		_, err := p.gateway.dial(t.Context())
		if wait := p.gateway.pause(0, false, err); wait < 29*time.Second {
			t.Errorf("the gateway is asked again after %v", wait)
		}
	}
	if reads, asks := len(s.Calls("read-commands")), len(s.Calls("gateway")); reads != 1 || asks != 1 {
		t.Errorf("%d and %d calls", reads, asks)
	}
}

func TestTheServerHasTheMenusAndDirectMessagesDoNot(t *testing.T) {
	s, p := sender(t)
	if err := p.setCommands(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, c := range s.Calls("commands") {
		inGuild, menus := strings.Contains(c.Path, "/guilds/"), 0
		for _, cmd := range c.List {
			m := cmd.(map[string]any)
			if m["type"] == 3.0 {
				menus++
			}
			contexts, _ := m["contexts"].([]any)
			if inGuild && contexts != nil || !inGuild && (len(contexts) != 1 || contexts[0] != 1.0) {
				t.Errorf("%s: /%v is for %v", c.Path, m["name"], contexts)
			}
			if names, _ := m["name_localizations"].(map[string]any); names["en-GB"] != m["name"] || names["en-US"] != m["name"] {
				t.Errorf("/%v has the names %v", m["name"], names)
			}
		}
		if want := map[bool]int{true: 2, false: 0}[inGuild]; menus != want {
			t.Errorf("%s: %d menus, want %d", c.Path, menus, want)
		}
	}
}

func TestWithoutAServerTheyAreSetEverywhere(t *testing.T) {
	s := discordtest.New(t)
	c := settings(s)
	c.GuildID, c.ApplicationID = "", "6001"
	p, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.setCommands(t.Context()); err != nil {
		t.Fatal(err)
	}
	calls := s.Calls("commands")
	if len(calls) != 1 || calls[0].Path != "/applications/6001/commands" || len(s.Calls("app")) != 0 {
		t.Errorf("set by %v", calls)
	}
}

func TestACommandForSomeIsHiddenFromTheRest(t *testing.T) {
	drawn := drawCommands([]bot.Command{{Name: "shred", Help: "Destroy", Who: []bot.Role{bot.DPLead}}, {Name: "breach", Help: "Report"}})
	if drawn[0].Permissions != "0" || drawn[1].Permissions != "" {
		t.Errorf("drawn as %+v", drawn)
	}
}

func TestWhatEverybodyMayUseComesFirst(t *testing.T) {
	drawn := drawDP(commands)
	var names []string
	for _, o := range drawn.Options {
		names = append(names, o.Name)
	}
	if got := strings.Join(names, " "); got != "help link breaches other" {
		t.Errorf("in the order %s", got)
	}
}

func TestSuggestionsComeWhileTyping(t *testing.T) {
	e := &engine{reply: func(bot.Event) (bot.Response, error) {
		return bot.Response{Choices: []bot.Option{{Value: "breaches", Label: "breaches: See the open breaches"}}}, nil
	}}
	s, _ := start(t, e)
	got := s.Typing("1", "dp other", "command", "bre")
	if len(got) != 1 || got[0].(map[string]any)["value"] != "breaches" {
		t.Errorf("suggested %v", got)
	}
	if e.last(t).What != (bot.Typing{Command: "dp", Text: "bre"}) {
		t.Errorf("the engine got %#v", e.last(t).What)
	}
	s.Typing("1", "dp link", "text", "A")
	if e.last(t).What != (bot.Typing{Command: "dp link", Text: "A"}) {
		t.Errorf("the engine got %#v", e.last(t).What)
	}
	e.set(func(bot.Event) (bot.Response, error) { return bot.Response{}, errors.New("the disk is full") })
	if got := s.Typing("1", "dp other", "command", "bre"); len(got) != 0 {
		t.Errorf("suggested %v", got)
	}
}
