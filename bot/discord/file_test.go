package discord

import (
	"errors"
	"log/slog"
	"strings"
	"testing"

	"shareright/bot"
	"shareright/bot/discord/discordtest"
)

// sending is a bot that may send files.
func sending(t *testing.T) (*discordtest.Server, *Platform) {
	t.Helper()
	s := discordtest.New(t)
	c := settings(s)
	c.Files, c.Log = true, slog.New(slog.DiscardHandler)
	return s, run(t, &engine{}, c, nil)
}

func TestAFileComesByDirectMessageOnly(t *testing.T) {
	s, p := sending(t)
	d := bot.Delivery{To: bot.Address{Platform: Name, User: "2"}, Message: *bot.Say("The register <all>"), Once: "one"}
	for range 2 { // Discord knows the second attempt again
		if _, err := p.DeliverFile(t.Context(), d, "breaches.csv", []byte("a,b")); err != nil {
			t.Fatal(err)
		}
		d.Repeat = true
	}
	all := s.Messages(discordtest.DM("2"))
	if len(all) != 1 || all[0]["content"] != `**The register \<all>**` {
		t.Fatalf("sent %v", all)
	}
	if name, content := discordtest.File(all[0]); name != "breaches.csv" || content != "a,b" {
		t.Errorf("the file is %q and holds %q", name, content)
	}
	if _, err := p.DeliverFile(t.Context(), bot.Delivery{To: bot.Address{Platform: Name, Channel: discordtest.Channel}}, "breaches.csv", []byte("a,b")); !errors.Is(err, bot.ErrNoFiles) {
		t.Errorf("a file for a channel: %v", err)
	}
}

func TestWhereFilesMayNotBeSentTheBotSaysSo(t *testing.T) {
	to := bot.Delivery{To: bot.Address{Platform: Name, User: "2"}, Message: *bot.Say("x")}
	_, p := start(t, &engine{})
	if _, err := p.DeliverFile(t.Context(), to, "breaches.csv", []byte("a,b")); !errors.Is(err, bot.ErrNoFiles) {
		t.Errorf("without the setting: %v", err)
	}
	s, p := sending(t)
	if _, err := p.DeliverFile(t.Context(), to, "breaches.csv", []byte(strings.Repeat("x", maxFile+1))); !errors.Is(err, bot.ErrNoFiles) {
		t.Errorf("a file that is too large: %v", err)
	}
	s.Fault("post", discordtest.Fault{Status: 413, Code: codeTooLarge})
	if _, err := p.DeliverFile(t.Context(), to, "breaches.csv", []byte("a,b")); !errors.Is(err, bot.ErrNoFiles) {
		t.Errorf("a file that Discord finds too large: %v", err)
	}
	s.Fault("post", discordtest.Fault{Status: 403, Code: 50007})
	var gone *bot.Unreachable
	if _, err := p.DeliverFile(t.Context(), to, "breaches.csv", []byte("a,b")); !errors.As(err, &gone) {
		t.Errorf("somebody who takes no messages: %v", err)
	}
}
