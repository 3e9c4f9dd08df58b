package slack

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"shareright/bot"
	"shareright/bot/slack/slacktest"
)

func TestNothingIsSentBeforeSlackWantsIt(t *testing.T) {
	s, p := start(t, &engine{})
	id, err := p.Deliver(t.Context(), bot.Delivery{To: to("C0LEADS", ""), Message: card("x")})
	if err != nil {
		t.Fatal(err)
	}
	s.Fault("chat.postMessage", slacktest.Fault{Status: 429, RetryAfter: 30})
	for _, where := range []bot.Address{to("C0LEADS", ""), to("C0LEADS", ""), to("C0OTHER", ""), to("", "U0SAM"), {Platform: Name, Channel: "C0OTHER"}} {
		_, err := p.Deliver(t.Context(), bot.Delivery{To: where, Message: card("x"), Urgent: true})
		var busy *bot.Busy
		if !errors.As(err, &busy) || busy.After < 29*time.Second || busy.After > 30*time.Second {
			t.Errorf("to %s%s: told %v", where.Channel, where.User, err)
		}
	}
	if n := len(s.Calls("chat.postMessage")); n != 2 {
		t.Errorf("%d calls", n)
	}
	if _, err := p.Deliver(t.Context(), bot.Delivery{To: to("C0LEADS", ""), Message: card("y"), Edit: id}); err != nil {
		t.Errorf("another method has to wait too: %v", err)
	}
}

// A trigger lives three seconds, so a form does not wait for a limit: the person gets a button that opens it.
func TestAFormDoesNotWaitForALimit(t *testing.T) {
	e := &engine{reply: shows(page("what", 1))}
	s, p := start(t, e)
	s.Fault("views.open", slacktest.Fault{Status: 429, RetryAfter: 30})
	for n := 1; n <= 3; n++ {
		s.Slash("U0JO", "/breach", "")
		if told := s.Wait("response_url", n); !strings.Contains(fmt.Sprint(told.Args["blocks"]), goResume) {
			t.Errorf("told %v", told.Args)
		}
	}
	if n := len(s.Calls("views.open")); n != 1 {
		t.Errorf("%d calls", n)
	}
	in := incoming{event: bot.Event{Workspace: slacktest.Team, User: "U0JO"}, view: &view{ID: "V1"}, channel: "D0JO"}
	s.Fault("views.update", slacktest.Fault{Status: 429, RetryAfter: 30})
	for range 2 {
		if err := p.update(t.Context(), in, drawView(page("who", 2), "", nil), true); err == nil {
			t.Error("a page that was not drawn was taken for one that was")
		}
	}
	if tries, told := s.Calls("views.update"), s.Calls("chat.postMessage"); len(tries) != 1 || len(told) != 2 {
		t.Errorf("tried %d times, told %d times", len(tries), len(told))
	}
	s.Fault("views.publish", slacktest.Fault{Status: 429, RetryAfter: 30})
	for range 2 {
		_ = p.send(t.Context(), in, step{home: []bot.Message{*bot.Say("What do you need?")}})
	}
	if n := len(s.Calls("views.publish")); n != 1 {
		t.Errorf("the home tab was tried %d times", n)
	}
}

// What a channel is, is asked again soon where Slack did not say; till then what was known counts.
func TestAChannelIsAskedAboutAgainWhereSlackDidNotSay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, p := near(t)
		s.Share("C0SHARED")
		refused := func() bool {
			_, err := p.Deliver(t.Context(), bot.Delivery{To: to("C0SHARED", ""), Message: card("72h left")})
			return err != nil
		}
		s.Fault("conversations.info", slacktest.Fault{Status: 429, RetryAfter: 1})
		if refused() {
			t.Error("refused, though Slack did not say what the channel is")
		}
		time.Sleep(askAgain + time.Second)
		if !refused() {
			t.Error("posted, though Slack said that the channel is shared")
		}
		time.Sleep(knownFor + time.Second)
		s.Fault("conversations.info", slacktest.Fault{Status: 500})
		if !refused() {
			t.Error("posted, though it is known that the channel is shared")
		}
	})
}

// near is a platform that only calls, in a bubble's clock.
func near(t *testing.T) (*slacktest.Server, *Platform) {
	t.Helper()
	s := slacktest.Near(t)
	p, err := New(Config{BotToken: slacktest.BotToken, SigningSecret: "example", Transport: HTTP, APIURL: s.URL(), Client: s.Client(), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return s, p
}

// Two workspaces with one bot. The one has more to say than Slack takes in a minute, and in
// a second in a channel; the other now and then something. Nothing is called before Slack
// wants it, everything arrives, and the one does not wait for the other.
func TestAWorkspaceKeepsToItsLimitsAndHoldsUpNoOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, p := near(t)
		p.config.ClientID = "several"
		for _, team := range []string{"T0LOUD", "T0QUIET"} {
			p.teams.set(team, p.newClient(s.Token(team)))
		}
		s.Tiers, s.Burst = map[string]int{"chat.postMessage": 100, "conversations.open": 20, "conversations.info": 20}, 3
		var both sync.WaitGroup
		both.Go(func() {
			if took := queue(t, p, "T0LOUD", 600); took > 10*time.Minute {
				t.Errorf("600 messages at 100 a minute took %s", took)
			}
		})
		both.Go(func() {
			for n := range 60 {
				time.Sleep(6 * time.Second)
				if err := tell(t, p, "T0QUIET", n); err != nil {
					t.Errorf("message %d of the quiet one: %v", n, err)
				}
			}
		})
		both.Wait()
		if early := s.Early(); len(early) > 0 {
			t.Errorf("%d calls before Slack wanted them: %q", len(early), early[0])
		}
		limited := map[string]int{}
		for _, method := range []string{"chat.postMessage", "conversations.open", "conversations.info"} {
			for _, c := range s.Calls(method) {
				if c.Error == "ratelimited" {
					limited[s.TeamOf(c)]++
				}
			}
		}
		if limited["T0LOUD"] == 0 || limited["T0QUIET"] > 0 {
			t.Errorf("Slack asked for patience %v times", limited)
		}
		t.Logf("660 messages, %d calls; Slack asked for patience %d times", len(s.Calls("chat.postMessage")), limited["T0LOUD"])
	})
}

// tell posts the nth message of a workspace to one of ten channels, or of thirty people.
func tell(t *testing.T, p *Platform, team string, n int) error {
	where := bot.Address{Platform: Name, Workspace: team, Channel: fmt.Sprint("C0", n*7%10)}
	if n%3 == 0 {
		where.Channel, where.User = "", fmt.Sprint("U0P", n%90)
	}
	_, err := p.Deliver(t.Context(), bot.Delivery{To: where, Message: *bot.Say(fmt.Sprint("message ", n)), Urgent: n%4 == 0})
	return err
}

// queue posts so many messages, as the engine's queue does: what must wait lets others go first.
func queue(t *testing.T, p *Platform, team string, messages int) time.Duration {
	began := time.Now()
	due := make([]time.Time, messages)
	for range 100 * messages {
		next, n := time.Time{}, -1
		for i, at := range due {
			if !at.Equal(arrived) && (n < 0 || at.Before(next)) {
				next, n = at, i
			}
		}
		if n < 0 {
			return time.Since(began)
		}
		time.Sleep(time.Until(next))
		busy := new(bot.Busy)
		switch err := tell(t, p, team, n); {
		case err == nil:
			due[n] = arrived
		case errors.As(err, &busy):
			due[n] = time.Now().Add(busy.After)
		default:
			t.Fatal(err)
		}
	}
	t.Error("the queue has no end")
	return time.Since(began)
}

// arrived marks a message that needs no more tries.
var arrived = time.Unix(1<<40, 0)

// Somebody who has left must not take the one slot of a second from the next in charge.
func TestAfterARateLimitDirectMessagesOfAllCanBeOpened(t *testing.T) {
	var p pace
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	open := ask{team: "T1", method: "conversations.open"}
	p.slow(open, now, 5*time.Second)
	if p.wait(open, true, now.Add(4*time.Second)) != time.Second {
		t.Error("asked again before Slack wanted")
	}
	now = now.Add(5 * time.Second)
	for range 3 {
		if wait := p.wait(open, true, now); wait > 0 {
			t.Errorf("the next must wait %s", wait)
		}
	}
	post := ask{"T1", "chat.postMessage", "C1"}
	p.slow(post, now, time.Second)
	now = now.Add(time.Second)
	if first, second := p.wait(post, true, now), p.wait(post, true, now); first != 0 || second != time.Second {
		t.Errorf("two messages in a channel wait %s and %s", first, second)
	}
}
