package discord

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"shareright/bot"
	"shareright/bot/discord/discordtest"
)

var toChannel = bot.Address{Platform: Name, Channel: discordtest.Channel, Name: "dp-lead"}

// sender is a platform that only delivers.
func sender(t *testing.T) (*discordtest.Server, *Platform) {
	t.Helper()
	s := discordtest.New(t)
	p, err := New(settings(s))
	if err != nil {
		t.Fatal(err)
	}
	return s, p
}

func TestAPostIsEditedAndAnsweredUnderIt(t *testing.T) {
	s, p := sender(t)
	id, err := p.Deliver(t.Context(), bot.Delivery{To: toChannel, Message: *bot.Say("Breach BR-7K3Q"), Once: "k1"})
	if err != nil || !strings.HasPrefix(string(id), discordtest.Channel+":") {
		t.Fatalf("posted as %q, %v", id, err)
	}
	again, err := p.Deliver(t.Context(), bot.Delivery{To: toChannel, Message: *bot.Say("Sam has got this"), Edit: id})
	if err != nil || again != id || s.Messages(discordtest.Channel)[0]["content"] != "**Sam has got this**" {
		t.Errorf("edited as %q, %v, %v", again, err, s.Messages(discordtest.Channel))
	}
	if _, err := p.Deliver(t.Context(), bot.Delivery{To: toChannel, Message: *bot.Say("24h left"), Under: id, Once: "k2"}); err != nil {
		t.Fatal(err)
	}
	under := s.Messages(discordtest.Channel)[1]["message_reference"].(map[string]any)
	if !strings.HasSuffix(string(id), ":"+under["message_id"].(string)) || under["fail_if_not_exists"] != false {
		t.Errorf("it stands under %v", under)
	}
}

func TestAMessageWhoseDrawingIsRefusedIsSentAsText(t *testing.T) {
	s, p := sender(t)
	s.Fault("post", discordtest.Fault{Status: 400, Code: 50035})
	m := *bot.Say("Breach BR-7K3Q", "72h left").With(bot.Button{Action: "breach.ack", Label: "I have got this"})
	if _, err := p.Deliver(t.Context(), bot.Delivery{To: toChannel, Message: m}); err != nil {
		t.Fatal(err)
	}
	if got := s.Messages(discordtest.Channel); len(got) != 1 || got[0]["content"] != "Breach BR-7K3Q\n72h left" {
		t.Errorf("there stands %v", got)
	}
	s.Fault("post", discordtest.Fault{Status: 400, Code: 50035, Times: 2})
	_, _ = p.Deliver(t.Context(), bot.Delivery{To: toChannel, Message: m})
	if _, err := p.Deliver(t.Context(), bot.Delivery{To: toChannel, Message: m}); err != nil {
		t.Errorf("one bad message has closed the channel: %v", err)
	}
}

func TestWithoutTheRightToReadBackAnUpdateStandsByItself(t *testing.T) {
	s, p := sender(t)
	s.Fault("post", discordtest.Fault{Status: 403, Code: codeNoHistory})
	if _, err := p.Deliver(t.Context(), bot.Delivery{To: toChannel, Message: *bot.Say("24h left"), Under: discordtest.Channel + ":1"}); err != nil {
		t.Fatal(err)
	}
	if got := s.Messages(discordtest.Channel); len(got) != 1 || got[0]["message_reference"] != nil {
		t.Errorf("there stands %v", got)
	}
}

func TestADeletedMessageIsPostedAgain(t *testing.T) {
	s, p := sender(t)
	id, _ := p.Deliver(t.Context(), bot.Delivery{To: toChannel, Message: *bot.Say("first"), Once: "k1"})
	s.Deleted(strings.TrimPrefix(string(id), discordtest.Channel+":"))
	again, err := p.Deliver(t.Context(), bot.Delivery{To: toChannel, Message: *bot.Say("second"), Edit: id, Once: "k2"})
	if err != nil || again == id || len(s.Messages(discordtest.Channel)) != 1 {
		t.Errorf("posted as %q, %v", again, err)
	}
}

func TestWhatIsForOnePersonGoesToThemDirectly(t *testing.T) {
	s, p := sender(t)
	for range 2 {
		if _, err := p.Deliver(t.Context(), bot.Delivery{To: bot.Address{Channel: discordtest.Channel, User: "1"}, Message: *bot.Say("x")}); err != nil {
			t.Fatal(err)
		}
	}
	if len(s.Messages(discordtest.Channel)) != 0 || len(s.Messages(discordtest.DM("1"))) != 2 || len(s.Calls("open-dm")) != 1 {
		t.Errorf("in the channel %d, directly %d, opened %d times", len(s.Messages(discordtest.Channel)), len(s.Messages(discordtest.DM("1"))), len(s.Calls("open-dm")))
	}
}

func TestAPostThatWasStoredAndDroppedIsNotDoubled(t *testing.T) {
	s, p := sender(t)
	s.Fault("post", discordtest.Fault{Commit: true, Drop: true})
	d := bot.Delivery{To: toChannel, Message: *bot.Say("Breach BR-7K3Q"), Once: "k1"}
	if _, err := p.Deliver(t.Context(), d); err == nil {
		t.Fatal("no error, though the connection ended")
	}
	d.Repeat = true
	if _, err := p.Deliver(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	if got := s.Messages(discordtest.Channel); len(got) != 1 || got[0]["content"] != "**Breach BR-7K3Q**" {
		t.Errorf("there stand %v", got)
	}
	other, err := New(settings(s)) // the program was started again: it cannot know
	if err != nil {
		t.Fatal(err)
	}
	d.Once = "k9"
	if _, err := other.Deliver(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	if got := s.Messages(discordtest.Channel)[1]["content"].(string); !strings.Contains(got, "Sent again") {
		t.Errorf("the repeat says %q", got)
	}
}

// Discord knows a post again for two minutes. A repeat that comes later says that it is one.
func TestARepeatThatDiscordMayNotKnowAgainSaysSo(t *testing.T) {
	for after, want := range map[time.Duration][]string{
		nonceLife - time.Second: {"**Breach BR-7K3Q**"},
		nonceLife + time.Second: {"**Breach BR-7K3Q**", "**Breach BR-7K3Q " + say("bot.repeat") + "**"},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := discordtest.Near(t)
			c := settings(s)
			c.Client = s.Client()
			p, err := New(c)
			if err != nil {
				t.Fatal(err)
			}
			s.Fault("post", discordtest.Fault{Commit: true, Drop: true})
			d := bot.Delivery{To: toChannel, Message: *bot.Say("Breach BR-7K3Q"), Once: "k1"}
			if _, err := p.Deliver(t.Context(), d); err == nil {
				t.Fatal("no error, though the connection ended")
			}
			time.Sleep(after)
			d.Repeat = true
			if _, err := p.Deliver(t.Context(), d); err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, m := range s.Messages(discordtest.Channel) {
				got = append(got, m["content"].(string))
			}
			if !slices.Equal(got, want) {
				t.Errorf("after %s there stand %q", after, got)
			}
		})
	}
}

func TestFailuresSayWhetherToTryAgain(t *testing.T) {
	for _, c := range []struct {
		what      string
		fault     discordtest.Fault
		permanent string // in the sentence that says how to mend it
	}{
		{"the channel is gone", discordtest.Fault{Status: 404, Code: 10003}, "cannot find the channel"},
		{"the bot may not see it", discordtest.Fault{Status: 403, Code: 50001}, "View Channel"},
		{"the bot may not post", discordtest.Fault{Status: 403, Code: 50013}, "Send Messages"},
		{"the person takes no messages", discordtest.Fault{Status: 403, Code: 50007}, "allow messages"},
		{"no server in common", discordtest.Fault{Status: 403, Code: 50278}, "may have left"},
		{"the thread is closed", discordtest.Fault{Status: 400, Code: 50083}, "closed"},
		{"the token is revoked", discordtest.Fault{Status: 401}, "token"},
		{"the message is refused", discordtest.Fault{Status: 400, Code: 50035, Times: 2}, "50035"},
		{"Discord is out of order", discordtest.Fault{Status: 502}, ""},
		{"Discord fails", discordtest.Fault{Status: 500}, ""},
	} {
		s, p := sender(t)
		s.Fault("post", c.fault)
		_, err := p.Deliver(t.Context(), bot.Delivery{To: toChannel, Message: *bot.Say("x")})
		var gone *bot.Unreachable
		switch isGone := errors.As(err, &gone); {
		case err == nil, isGone != (c.permanent != ""), isGone && !strings.Contains(gone.Fix, c.permanent):
			t.Errorf("%s: %v, %+v", c.what, err, gone)
		}
	}
}

func TestADeadPlaceIsNotTriedOverAndOver(t *testing.T) {
	s, p := sender(t)
	s.Fault("post", discordtest.Fault{Status: 403, Code: 50007, Times: 100})
	for range 20 {
		var gone *bot.Unreachable
		if _, err := p.Deliver(t.Context(), bot.Delivery{To: bot.Address{User: "1"}, Message: *bot.Say("x")}); !errors.As(err, &gone) {
			t.Fatalf("told %v", err)
		}
	}
	if n := len(s.Calls("post")); n != 1 {
		t.Errorf("%d calls", n)
	}
}

func TestRateLimitsAreKeptTo(t *testing.T) {
	s, p := sender(t)
	s.Fault("post", discordtest.Fault{Status: 429, RetryAfter: 30})
	d := bot.Delivery{To: toChannel, Message: *bot.Say("x")}
	for range 3 {
		var busy *bot.Busy
		if _, err := p.Deliver(t.Context(), d); !errors.As(err, &busy) || busy.After <= 29*time.Second || busy.After > 30*time.Second {
			t.Fatalf("told %v", err)
		}
	}
	if n := len(s.Calls("post")); n != 1 {
		t.Errorf("%d calls before it was time", n)
	}
	if _, err := p.Deliver(t.Context(), bot.Delivery{To: bot.Address{User: "1"}, Message: *bot.Say("x")}); err != nil {
		t.Errorf("another place waits too: %v", err)
	}
	s.Fault("post", discordtest.Fault{Status: 429, RetryAfter: 20, Global: true})
	_, _ = p.Deliver(t.Context(), bot.Delivery{To: bot.Address{User: "1"}, Message: *bot.Say("x")})
	var busy *bot.Busy
	if _, err := p.Deliver(t.Context(), bot.Delivery{To: bot.Address{User: "2"}, Message: *bot.Say("x")}); !errors.As(err, &busy) {
		t.Errorf("after a limit on everything: %v", err)
	}
}

func TestTheLastPlaceIsForWhatIsUrgent(t *testing.T) {
	var p pace
	now := time.Unix(1_800_000_000, 0)
	h := http.Header{"X-Ratelimit-Remaining": {"2"}, "X-Ratelimit-Reset-After": {"4.5"}}
	p.heard("k", 200, h, now)
	for i, c := range []struct {
		urgent bool
		want   time.Duration
	}{{false, 0}, {false, 4500 * time.Millisecond}, {true, 0}, {true, 4500 * time.Millisecond}} {
		if got := p.wait("k", c.urgent, now); got != c.want {
			t.Errorf("call %d waits %v, want %v", i, got, c.want)
		}
	}
	if got := p.wait("k", false, now.Add(5*time.Second)); got != 0 {
		t.Errorf("afterwards it waits %v", got)
	}
}

func TestRefusedCallsAreFew(t *testing.T) {
	var p pace
	now := time.Unix(1_800_000_000, 0)
	calls := 0
	for i := range 10_000 {
		at := now.Add(time.Duration(i) * 50 * time.Millisecond) // 500 seconds
		if p.wait("k", i%2 == 0, at) == 0 {
			calls++
			p.heard("k", http.StatusForbidden, http.Header{}, at)
		}
	}
	if calls >= 50 {
		t.Errorf("%d refused calls in less than ten minutes; Discord bans at 10,000, we stop before 50", calls)
	}
	if got := p.wait("k", true, now.Add(20*time.Minute)); got != 0 {
		t.Errorf("twenty minutes later it still waits %v", got)
	}
}

func TestARevokedTokenShowsAndStopsTheCalls(t *testing.T) {
	s := discordtest.New(t)
	e := &engine{}
	p := run(t, e, settings(s), nil)
	s.Ready()
	s.Wait("me", 1)
	until(t, "ready at first", func() bool { return p.Ready() == nil })
	s.Fault("me", discordtest.Fault{Status: 401})
	s.Fault("post", discordtest.Fault{Status: 401})
	_, _ = p.Deliver(t.Context(), bot.Delivery{To: toChannel, Message: *bot.Say("x")})
	s.Wait("me", 2)
	until(t, "not ready", func() bool { return p.Ready() != nil })
	before := len(s.Calls("post"))
	var gone *bot.Unreachable
	if _, err := p.Deliver(t.Context(), bot.Delivery{To: bot.Address{User: "1"}, Message: *bot.Say("x")}); !errors.As(err, &gone) || !strings.Contains(gone.Fix, "token") {
		t.Errorf("told %v", err)
	}
	if n := len(s.Calls("post")); n != before {
		t.Error("it goes on calling with a bad token")
	}
	p.doubtful()
	until(t, "ready", func() bool { return p.Ready() == nil })
}

func TestEveryFailureHasItsSentence(t *testing.T) {
	for code, key := range fixes {
		if sentence := say(key, "where", "x", "code", "1"); sentence == key || strings.Contains(sentence, "{") {
			t.Errorf("%d: no sentence %s", code, key)
		}
	}
}
