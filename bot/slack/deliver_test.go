package slack

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"shareright/bot"
	"shareright/bot/slack/slacktest"
)

func to(channel, user string) bot.Address {
	return bot.Address{Platform: Name, Workspace: slacktest.Team, Channel: channel, User: user}
}

func card(title string) bot.Message {
	return *bot.Say(title, "Twelve people.").With(bot.Button{Action: "breach.ack", Label: "I have got this", Ref: "BR-7K3Q"})
}

func TestACardIsPostedEditedAndContinuedInItsThread(t *testing.T) {
	s, p := start(t, &engine{})
	id, err := p.Deliver(t.Context(), bot.Delivery{To: to("C0LEADS", ""), Message: card("72h left"), Once: "k1"})
	if err != nil || !strings.HasPrefix(string(id), "C0LEADS:") {
		t.Fatalf("delivered as %q, %v", id, err)
	}
	posted := s.Wait("chat.postMessage", 1)
	if posted.Args["unfurl_links"] != "false" || posted.Args["unfurl_media"] != "false" || posted.Args["text"] != "72h left" {
		t.Errorf("posted with %v", posted.Args)
	}
	if !strings.Contains(fmt.Sprint(posted.Args["metadata"]), "k1") {
		t.Errorf("the key is not in %v", posted.Args["metadata"])
	}
	again, err := p.Deliver(t.Context(), bot.Delivery{To: to("C0LEADS", ""), Message: card("69h left"), Edit: id})
	if err != nil || again != id {
		t.Errorf("edited as %q, %v", again, err)
	}
	if c := s.Wait("chat.update", 1); c.Args["text"] != "69h left" {
		t.Errorf("edited with %v", c.Args)
	}
	if _, err := p.Deliver(t.Context(), bot.Delivery{To: to("C0LEADS", ""), Message: card("Sam has it"), Under: id}); err != nil {
		t.Fatal(err)
	}
	_, ts, _ := splitID(id)
	if c := s.Wait("chat.postMessage", 2); c.Args["thread_ts"] != ts || c.Args["reply_broadcast"] != nil {
		t.Errorf("the thread got %v", c.Args)
	}
}

func TestADeletedCardIsPostedAgain(t *testing.T) {
	s, p := start(t, &engine{})
	id, err := p.Deliver(t.Context(), bot.Delivery{To: to("C0LEADS", ""), Message: card("24h left"), Edit: "C0LEADS:1700000000.9999999"})
	if err != nil || id == "" || id == "C0LEADS:1700000000.9999999" {
		t.Errorf("delivered as %q, %v", id, err)
	}
	if n := len(s.Calls("chat.postMessage")); n != 1 {
		t.Errorf("%d posts", n)
	}
}

func TestAThreadThatIsGoneDoesNotStopAMessage(t *testing.T) {
	_, p := start(t, &engine{})
	if id, err := p.Deliver(t.Context(), bot.Delivery{To: to("C0LEADS", ""), Message: card("x"), Under: "C0LEADS:1700000000.9999999"}); err != nil || id == "" {
		t.Errorf("delivered as %q, %v", id, err)
	}
}

func TestADirectMessageOpensItsChannelOnce(t *testing.T) {
	s, p := start(t, &engine{})
	for range 3 {
		if _, err := p.Deliver(t.Context(), bot.Delivery{To: to("", "U0JO"), Message: card("x")}); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(s.Calls("conversations.open")); n != 1 {
		t.Errorf("opened %d times", n)
	}
	if c := s.Wait("chat.postMessage", 3); c.Args["channel"] != "D0JO" {
		t.Errorf("posted to %v", c.Args["channel"])
	}
}

func TestAReplyInAChannelIsSeenByOnePersonOnly(t *testing.T) {
	s, p := start(t, &engine{})
	if _, err := p.Deliver(t.Context(), bot.Delivery{To: to("C0GENERAL", "U0JO"), Message: card("x")}); err != nil {
		t.Fatal(err)
	}
	if c := s.Wait("chat.postEphemeral", 1); c.Args["user"] != "U0JO" || c.Args["channel"] != "C0GENERAL" {
		t.Errorf("shown with %v", c.Args)
	}
	s.Fault("chat.postEphemeral", slacktest.Fault{Error: "not_in_channel"})
	if _, err := p.Deliver(t.Context(), bot.Delivery{To: to("C0SECRET", "U0JO"), Message: card("y")}); err != nil {
		t.Fatal(err)
	}
	if c := s.Wait("chat.postMessage", 1); c.Args["channel"] != "D0JO" {
		t.Errorf("where the bot is no member, the reply went to %v", c.Args["channel"])
	}
}

func TestARepeatIsFoundInADirectMessageAndMarkedElsewhere(t *testing.T) {
	s, p := start(t, &engine{})
	s.Fault("chat.postMessage", slacktest.Fault{Status: 500, Commit: true})
	d := bot.Delivery{To: to("", "U0JO"), Message: card("Your report"), Once: "k9"}
	if _, err := p.Deliver(t.Context(), d); err == nil {
		t.Fatal("a failure was taken for success")
	}
	d.Repeat = true
	if id, err := p.Deliver(t.Context(), d); err != nil || id == "" {
		t.Errorf("delivered as %q, %v", id, err)
	}
	if n := len(s.Calls("chat.postMessage")); n != 1 {
		t.Errorf("it was posted %d times", n)
	}
	d.To, d.Once = to("C0LEADS", ""), "k10"
	if _, err := p.Deliver(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	if c := s.Wait("chat.postMessage", 2); c.Args["text"] != "Your report "+say("bot.repeat") {
		t.Errorf("in a channel it says %q", c.Args["text"])
	}
	d.Message, d.Once = card(strings.Repeat("A long report. ", 20)), "k11"
	if _, err := p.Deliver(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	if c := s.Wait("chat.postMessage", 3); !strings.HasSuffix(c.Args["text"].(string), say("bot.repeat")) {
		t.Errorf("a long one says %q in its notification", c.Args["text"])
	}
}

func TestFailuresSayWhetherToTryAgainAndHowToMend(t *testing.T) {
	s, p := start(t, &engine{})
	for _, c := range []struct{ word, fix string }{
		{"is_archived", "archived"}, {"not_in_channel", "/invite"}, {"channel_not_found", "C0LEADS"}, {"account_inactive", "token"},
		{"token_revoked", "token"}, {"missing_scope", "permission"}, {"restricted_action", "admin"}, {"cannot_dm_bot", "somebody else"},
	} {
		s.Fault("chat.postMessage", slacktest.Fault{Error: c.word})
		_, err := p.Deliver(t.Context(), bot.Delivery{To: to("C0LEADS", ""), Message: card("x")})
		var gone *bot.Unreachable
		if !errors.As(err, &gone) || !strings.Contains(gone.Fix, c.fix) {
			t.Errorf("%s: %v", c.word, err)
		}
	}
	for _, f := range []slacktest.Fault{{Status: 500}, {Error: "internal_error"}, {Error: "service_unavailable"}} {
		s.Fault("chat.postMessage", f)
		_, err := p.Deliver(t.Context(), bot.Delivery{To: to("C0LEADS", ""), Message: card("x")})
		var gone *bot.Unreachable
		if err == nil || errors.As(err, &gone) {
			t.Errorf("%+v: %v", f, err)
		}
	}
}

func TestAMessageThatSlackWillNotDrawArrivesAsText(t *testing.T) {
	s, p := start(t, &engine{})
	s.Fault("chat.postMessage", slacktest.Fault{Error: "invalid_blocks"})
	if id, err := p.Deliver(t.Context(), bot.Delivery{To: to("C0LEADS", ""), Message: card("72h left")}); err != nil || id == "" {
		t.Errorf("delivered as %q, %v", id, err)
	}
	if c := s.Wait("chat.postMessage", 2); !strings.Contains(fmt.Sprint(c.Args["text"]), "Twelve people.") {
		t.Errorf("the text is %v", c.Args["text"])
	}
}

func TestPaceLetsUrgentGoFirst(t *testing.T) {
	var p pace
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	post := ask{"T1", "post", "C1"}
	wait := func(after time.Duration, urgent bool) time.Duration {
		return p.wait(post, urgent, now.Add(after))
	}
	for range 100 {
		if wait(0, false) != 0 {
			t.Fatal("slowed before Slack asked for it")
		}
	}
	p.slow(post, now, 2*time.Second)
	for _, c := range []struct {
		name   string
		after  time.Duration
		urgent bool
		want   time.Duration
	}{
		{"nothing goes before the time", time.Second, true, time.Second},
		{"what is not urgent waits longer", 2 * time.Second, false, time.Second},
		{"what is urgent goes at the time", 2 * time.Second, true, 0},
		{"then one a second", 2500 * time.Millisecond, true, 500 * time.Millisecond},
		{"what is not urgent goes when nothing urgent came", 4 * time.Second, false, 0},
		{"after ten minutes it is over", 11 * time.Minute, false, 0},
		{"and stays over", 11 * time.Minute, false, 0},
	} {
		if got := wait(c.after, c.urgent); got != c.want {
			t.Errorf("%s: wait %s, want %s", c.name, got, c.want)
		}
	}
}
