package parts

import (
	"context"
	"encoding/json"
	"log/slog"
	"strings"
	"testing"
	"time"

	"shareright/bot"
	"shareright/bot/discord"
	"shareright/bot/discord/discordtest"
	"shareright/internal/program"
)

// inDiscord connects the real program to a fake Discord until the test ends.
func inDiscord(t *testing.T, now time.Time) (*program.Program, *discordtest.Server) {
	t.Helper()
	p := open(t, now, "discord:2")
	s := discordtest.New(t)
	platform, err := discord.New(discord.Config{Token: discordtest.Token, GuildID: discordtest.Guild, APIURL: s.URL(),
		Commands: p.Bot.Commands(), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	p.Bot.Attach(platform)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- platform.Run(ctx, p.Bot) }()
	t.Cleanup(func() { cancel(); <-done })
	s.Ready()
	s.Wait("commands", 2)
	return p, s
}

// throughDiscord reports by command, modals and the buttons between them, and returns the record.
func throughDiscord(t *testing.T, now time.Time) map[string]any {
	t.Helper()
	p, s := inDiscord(t, now)
	s.Command("1", discordtest.Channel, "breach")
	for range 10 {
		switch a := s.Submit("1", said); {
		case !a.OK:
			t.Fatalf("the page was not taken: %+v", a)
		case strings.Contains(a.Text(), "Check your answers"):
			if sent := s.Press("1", "Send report"); !strings.Contains(sent.Text(), "BR-") {
				t.Fatalf("the receipt says %q", sent.Text())
			}
			return stored(t, p)
		}
		if a := s.Press("1", "Continue"); a.Type != 9 {
			t.Fatalf("the next page is %+v", a)
		}
	}
	t.Fatal("the dialogue does not end")
	return nil
}

func TestTheCommandsOfAllFeaturesFitInDiscord(t *testing.T) {
	var commands []bot.Command
	for _, f := range All().Features {
		commands = append(commands, f.Commands...)
	}
	if found := discord.CheckCommands(commands); len(found) > 0 {
		t.Errorf("these do not fit:\n%s", strings.Join(found, "\n"))
	}
}

// Somebody is the same person in Discord as in Slack once the accounts are linked with a code.
func TestAccountsAreLinkedFromDiscord(t *testing.T) {
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	p, s := inDiscord(t, now)
	first, err := p.Bot.Handle(t.Context(), bot.Event{Platform: "slack", User: "U0JO", What: bot.Ran{Command: "dp", Text: "link"}})
	if err != nil {
		t.Fatal(err)
	}
	code := strings.TrimSuffix(strings.Fields(first.Reply.Title)[3], ".")
	if a := s.Command("1", discordtest.Channel, "dp link", "text", code); !strings.Contains(a.Text(), "one person") {
		t.Fatalf("linking: %q", a.Text())
	}
	if _, err := p.Bot.Handle(t.Context(), bot.Event{Platform: "slack", User: "U0JO", What: bot.Ran{Command: "breach"}}); err != nil {
		t.Fatal(err)
	}
	s.Command("1", discordtest.Channel, "breach")
	s.Submit("1", map[string][]string{"cause": {"lost"}})
	again, err := p.Bot.Handle(t.Context(), bot.Event{Platform: "slack", User: "U0JO", What: bot.Ran{Command: "breach"}})
	if err != nil || again.Reply == nil || !strings.Contains(again.Reply.Title, "already begun") {
		t.Errorf("what was begun in Discord is not offered in Slack: %+v, %v", again, err)
	}
}

// What somebody writes about a person at risk is not asked for in Discord: why it was shared.
// The page says so in its place.
func TestWhyItWasSharedIsNotAskedInDiscord(t *testing.T) {
	all := All()
	found := 0
	all.Checks = []func(bot.View) []string{func(v bot.View) []string {
		for _, f := range v.Fields {
			if !f.Confided {
				continue
			}
			found++
			raw, err := json.Marshal(discord.DrawPage(v, nil))
			if err != nil {
				t.Fatal(err)
			}
			if drawn := string(raw); strings.Contains(drawn, `"custom_id":"`+f.ID+`"`) || !strings.Contains(drawn, "Discord has no agreement with us") {
				t.Errorf("question %s of %s is drawn as %s", f.ID, v.Form, drawn)
			}
		}
		return nil
	}}
	if err := program.Fits(all); err != nil {
		t.Fatal(err)
	}
	if found == 0 {
		t.Error("no question is confided")
	}
}

// Every page of every form that a person may come to is drawn so that the fake takes it.
func TestEveryFormOpensInDiscord(t *testing.T) {
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	_, s := inDiscord(t, now)
	for _, command := range []string{"canishare", "breach", "dp nearmiss", "dp refresher", "dp review", "dp request", "dp retention"} {
		if a := s.Command("2", discordtest.Channel, command); !a.OK {
			t.Errorf("/%s: %+v; %v", command, a, s.Complaints())
		}
	}
}
