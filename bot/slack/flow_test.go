package slack

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"strings"
	"testing"
	"time"

	"shareright/bot"
	"shareright/bot/slack/slacktest"
)

func says(text string) func(bot.Event) (bot.Response, error) {
	return func(bot.Event) (bot.Response, error) { return bot.Response{Reply: bot.Say(text)}, nil }
}

func shows(v bot.View) func(bot.Event) (bot.Response, error) {
	return func(bot.Event) (bot.Response, error) { return bot.Response{Show: &v}, nil }
}

func page(id string, seq int) bot.View {
	return bot.View{Session: "S1", Seq: seq, Form: "loss", Page: id, Title: "Report a breach", Submit: "Continue", CanBack: seq > 1,
		Fields: []bot.FieldView{{ID: "story", Kind: bot.StoryField, Label: "What happened?"}}}
}

var typed = map[string]map[string]any{"story": {"answer:story": map[string]any{"type": "plain_text_input", "value": "a folder"}}}

func TestACommandIsAnsweredInItsAcknowledgement(t *testing.T) {
	e := &engine{reply: says("Yes, share it.")}
	s, _ := start(t, e)
	ack := s.Slash("U0JO", "/canishare", "her diet &amp; allergies")
	if !ack.OK || ack.Payload["text"] != "Yes, share it." || ack.Payload["response_type"] != "ephemeral" {
		t.Errorf("acknowledged with %v", ack)
	}
	got := e.last(t)
	if ran, ok := got.What.(bot.Ran); !ok || ran.Command != "canishare" || ran.Text != "her diet & allergies" {
		t.Errorf("the engine got %#v", got.What)
	}
	if got.User != "U0JO" || got.Workspace != slacktest.Team || got.UserName != "name-of-U0JO" {
		t.Errorf("the engine got %+v", got)
	}
}

func TestNothingIsAcknowledgedBeforeTheEngineHasCommitted(t *testing.T) {
	commit := make(chan struct{})
	e := &engine{reply: func(bot.Event) (bot.Response, error) { <-commit; return bot.Response{}, nil }}
	s, _ := start(t, e)
	ack := s.Begin("slash_commands", s.SlashPayload("U0JO", "/breach", ""))
	for e.count() == 0 {
		select {
		case <-ack:
			t.Fatal("acknowledged before the engine had it")
		default:
		}
	}
	select {
	case <-ack:
		t.Fatal("acknowledged before the engine had committed")
	default:
	}
	close(commit)
	if a := <-ack; !a.OK {
		t.Error("not acknowledged after the commit")
	}
}

func TestADialogueIsAModalFromTheFirstPageToTheReceipt(t *testing.T) {
	e := &engine{reply: shows(page("what", 1))}
	s, _ := start(t, e)
	s.Slash("U0JO", "/breach", "")
	s.Wait("views.open", 1)

	e.set(func(bot.Event) (bot.Response, error) {
		v := page("what", 1)
		return bot.Response{Show: &v, Problems: map[string]string{"story": "Say a little more."}}, nil
	})
	ack := s.Submit("U0JO", s.View(), typed)
	if ack.Payload["response_action"] != "errors" || ack.Payload["errors"].(map[string]any)["story"] != "Say a little more." {
		t.Errorf("a problem was answered with %v", ack.Payload)
	}
	first := e.last(t)
	want := bot.Submitted{Session: "S1", Seq: 1, Answers: map[string][]string{"story": {"a folder"}}}
	if got := first.What.(bot.Submitted); got.Session != want.Session || got.Seq != want.Seq || got.Answers["story"][0] != "a folder" {
		t.Errorf("submitted %+v, want %+v", got, want)
	}

	e.set(shows(page("who", 2)))
	ack = s.Submit("U0JO", s.View(), typed)
	if ack.Payload["response_action"] != "update" {
		t.Errorf("the next page came with %v", ack.Payload["response_action"])
	}
	if again := e.last(t); again.ID == first.ID {
		t.Error("a corrected submission has the id of the first, so the engine would take it for a repeat")
	}

	e.set(func(bot.Event) (bot.Response, error) {
		return bot.Response{Done: true, Reply: bot.Say("Reported as BR-7K3Q")}, nil
	})
	ack = s.Submit("U0JO", s.View(), typed)
	if ack.Payload["response_action"] != "clear" {
		t.Errorf("the end came with %v", ack.Payload)
	}
	if c := s.Wait("response_url", 1); c.Args["text"] != "Reported as BR-7K3Q" {
		t.Errorf("the receipt is %v", c.Args["text"])
	}
}

func TestEmergencyWordsAreDrawnEvenBesideProblems(t *testing.T) {
	e := &engine{reply: shows(page("what", 1))}
	s, _ := start(t, e)
	s.Slash("U0JO", "/breach", "")
	s.Wait("views.open", 1)
	e.set(func(bot.Event) (bot.Response, error) {
		v := page("what", 1)
		v.Intro = []bot.Block{{Kind: bot.Heading, Text: "Call 999 now"}}
		return bot.Response{Show: &v, Problems: map[string]string{"story": "Too long."}}, nil
	})
	ack := s.Submit("U0JO", s.View(), typed)
	if drawn := fmt.Sprint(ack.Payload); ack.Payload["response_action"] != "update" || !strings.Contains(drawn, "Call 999 now") || !strings.Contains(drawn, "Too long.") {
		t.Errorf("answered with %v", ack.Payload)
	}
}

func TestBackKeepsWhatWasTyped(t *testing.T) {
	e := &engine{reply: shows(page("who", 2))}
	s, _ := start(t, e)
	s.Slash("U0JO", "/breach", "")
	s.Wait("views.open", 1)
	e.set(shows(page("what", 3)))
	if a := s.PressIn("U0JO", s.View(), goBack, "", typed); !a.OK || a.Payload != nil {
		t.Errorf("acknowledged with %v", a)
	}
	if c := s.Wait("views.update", 1); c.Error != "" || c.Args["hash"] == "" {
		t.Errorf("the update: %+v", c)
	}
	got := e.last(t).What.(bot.Submitted)
	if !got.Go.Back || got.Seq != 2 || got.Answers["story"][0] != "a folder" {
		t.Errorf("the engine got %+v", got)
	}
}

func TestAFormThatOpensTooLateIsOfferedWithAButton(t *testing.T) {
	e := &engine{reply: shows(page("what", 1))}
	s := slacktest.New(t)
	s.TriggerLife = 0
	p, err := New(Config{BotToken: slacktest.BotToken, AppToken: slacktest.AppToken, APIURL: s.URL(), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); _ = p.Run(ctx, e) }()
	defer func() { cancel(); <-done }()
	s.Ready(2)
	s.Slash("U0JO", "/breach", "")
	told := s.Wait("response_url", 1)
	if drawn := fmt.Sprint(told.Args["blocks"]); !strings.Contains(drawn, goResume) || !strings.Contains(drawn, "S1") {
		t.Errorf("told %v", told.Args)
	}
	s.Press("U0JO", "C0GENERAL", goResume, "S1")
	if got, ok := e.last(t).What.(bot.Resumed); !ok || got.Session != "S1" {
		t.Errorf("the engine got %#v", e.last(t).What)
	}
}

func TestTroubleIsToldAndWhatWasTypedStays(t *testing.T) {
	e := &engine{reply: shows(page("what", 1))}
	s, _ := start(t, e)
	s.Slash("U0JO", "/breach", "")
	s.Wait("views.open", 1)
	e.set(func(bot.Event) (bot.Response, error) { return bot.Response{}, errors.New("the disk is full") })

	if a := s.Slash("U0JO", "/breach", ""); !strings.Contains(fmt.Sprint(a.Payload), "999") || strings.Contains(fmt.Sprint(a.Payload), "disk") {
		t.Errorf("a command was answered with %v", a.Payload)
	}
	if a := s.Submit("U0JO", s.View(), typed); a.Payload["response_action"] != "errors" || !strings.Contains(fmt.Sprint(a.Payload), "999") {
		t.Errorf("a submission was answered with %v", a.Payload)
	}
	s.Press("U0JO", "C0GENERAL", "loss.ack", "BR-7K3Q")
	if c := s.Wait("response_url", 1); !strings.Contains(fmt.Sprint(c.Args), "999") {
		t.Errorf("a press was answered with %v", c.Args)
	}
}

func TestAnEventThatWasNotCarriedOutIsNotAcknowledged(t *testing.T) {
	e := &engine{reply: func(bot.Event) (bot.Response, error) {
		return bot.Response{Reply: bot.Say("Call 999 now.")}, errors.New("the disk is full")
	}}
	s, _ := start(t, e)
	s.AckLimit = 300 * time.Millisecond
	if a := s.Event(map[string]any{"type": "message", "channel_type": "im", "user": "U0JO", "text": "she is in danger", "channel": "D0JO", "ts": "1.1"}); a.OK {
		t.Error("acknowledged, so Slack would not send it again")
	}
	if c := s.Wait("chat.postMessage", 1); c.Args["text"] != "Call 999 now." || c.Args["channel"] != "D0JO" {
		t.Errorf("told %v", c.Args)
	}
}

func TestALargeAnswerGoesRoundTheAcknowledgement(t *testing.T) {
	long := bot.Say("A long answer")
	for i := range 40 {
		long.Add(bot.Para, fmt.Sprintf("%d: %s", i, strings.Repeat("é", 260)))
	}
	e := &engine{reply: func(bot.Event) (bot.Response, error) { return bot.Response{Reply: long}, nil }}
	s, _ := start(t, e)
	if a := s.Slash("U0JO", "/canishare", "x"); !a.OK || a.Payload != nil {
		t.Errorf("acknowledged with %v", a.Payload)
	}
	if c := s.Wait("response_url", 1); c.Args["text"] != "A long answer" {
		t.Errorf("told %v", c.Args["text"])
	}

	v := page("what", 1)
	e.set(shows(v))
	s.Slash("U0JO", "/breach", "")
	s.Wait("views.open", 1)
	v = page("who", 2)
	for i := range 80 {
		v.Intro = append(v.Intro, bot.Block{Kind: bot.Para, Text: fmt.Sprintf("%d: %s", i, strings.Repeat("é", 200))})
	}
	e.set(shows(v))
	if a := s.Submit("U0JO", s.View(), typed); a.Payload["response_action"] != "update" {
		t.Errorf("answered with %v", a.Payload)
	}
	if c := s.Wait("views.update", 1); c.Error != "" || !strings.Contains(fmt.Sprint(c.Args["view"]), "loss/who") {
		t.Errorf("the large page: %v", c.Error)
	}
}

func TestTheHomeTabIsPublished(t *testing.T) {
	e := &engine{}
	e.set(func(bot.Event) (bot.Response, error) {
		return bot.Response{Page: []bot.Message{*bot.Say("What do you need?"), *bot.Say("What is due for you")}}, nil
	})
	s, _ := start(t, e)
	s.Event(map[string]any{"type": "app_home_opened", "user": "U0JO", "tab": "home", "channel": "D0JO"})
	if c := s.Wait("views.publish", 1); c.Args["user_id"] != "U0JO" || c.Error != "" {
		t.Errorf("published %+v", c)
	}
	s.Event(map[string]any{"type": "app_home_opened", "user": "U0JO", "tab": "messages", "channel": "D0JO"})
	if o, ok := e.last(t).What.(bot.Opened); !ok || !o.Messages || e.last(t).ReplyTo == nil {
		t.Errorf("the messages tab came as %+v", e.last(t))
	}
}

func TestSomebodyOfAnotherOrganisationIsTurnedAway(t *testing.T) {
	e := &engine{}
	s, _ := start(t, e)
	s.Interact("U0STRANGER", "block_actions", map[string]any{"user": map[string]any{"id": "U0STRANGER", "team_id": "T0OTHER"},
		"response_url": strings.TrimSuffix(s.URL(), "api/") + "response/x", "actions": []any{map[string]any{"action_id": "loss.ack", "value": "BR-7K3Q"}}})
	if c := s.Wait("response_url", 1); !strings.Contains(fmt.Sprint(c.Args), "own organisation") {
		t.Errorf("told %v", c.Args)
	}
	if e.count() != 0 {
		t.Error("the stranger reached the engine")
	}
}

func TestARevokedTokenShowsInTheHealthPage(t *testing.T) {
	s, p := start(t, &engine{})
	s.Wait("auth.test", 1)
	until := func(what string, holds func() bool) {
		t.Helper()
		for limit := time.Now().Add(10 * time.Second); !holds(); runtime.Gosched() {
			if time.Now().After(limit) {
				t.Fatalf("waited in vain until it was %s", what)
			}
		}
	}
	s.Fault("auth.test", slacktest.Fault{Error: "token_revoked"})
	s.Event(map[string]any{"type": "tokens_revoked", "tokens": map[string]any{"bot": []any{"U0SHAREBOT"}}})
	until("not ready", func() bool { return p.Ready() != nil })
	s.Event(map[string]any{"type": "app_uninstalled"}) // asked again: somebody may have installed the app anew
	until("ready", func() bool { return p.Ready() == nil })
}

func TestACaseIsNeverPostedInAChannelSharedWithOthers(t *testing.T) {
	s, p := start(t, &engine{})
	s.Share("C0SHARED")
	_, err := p.Deliver(t.Context(), bot.Delivery{To: to("C0SHARED", ""), Message: card("72h left")})
	var lost *bot.Unreachable
	if !errors.As(err, &lost) || !strings.Contains(lost.Fix, "shared with another organisation") || len(s.Calls("chat.postMessage")) > 0 {
		t.Errorf("posting gave %v", err)
	}
	if _, err := p.Deliver(t.Context(), bot.Delivery{To: to("C0LEADS", ""), Message: card("72h left")}); err != nil {
		t.Error(err)
	}
}

func TestACaseIsNeverPostedInAChannelThatEverybodyReads(t *testing.T) {
	s, p := start(t, &engine{})
	s.Places = map[string]map[string]any{"C0OPEN": {"is_channel": true, "is_private": false}, "C0ALL": {"error": "missing_scope", "needed": "channels:read"},
		"C0UNSAID": {"error": "missing_scope", "needed": "groups:read"}}
	for channel, refused := range map[string]bool{"C0OPEN": true, "C0ALL": true, "C0LEADS": false, "C0UNSAID": false} {
		_, err := p.Deliver(t.Context(), bot.Delivery{To: to(channel, ""), Message: card("72h left"), Closed: true})
		lost := new(bot.Unreachable)
		if errors.As(err, &lost) != refused || !refused && err != nil || refused && !strings.Contains(lost.Fix, "not private") {
			t.Errorf("in %s: %v", channel, err)
		}
	}
	if n := len(s.Calls("chat.postMessage")); n != 2 {
		t.Errorf("%d messages were posted", n)
	}
	if _, err := p.Deliver(t.Context(), bot.Delivery{To: to("C0OPEN", ""), Message: card("hello")}); err != nil {
		t.Errorf("what anybody may read: %v", err)
	}
}

func TestAQuestionGoesAwayOnceItIsAnswered(t *testing.T) {
	e := &engine{}
	e.set(func(bot.Event) (bot.Response, error) {
		return bot.Response{Reply: bot.Say("You have already begun this.").With(bot.Button{Action: "bot.resume", Label: "Go on", Ref: "S1"})}, nil
	})
	s, p := start(t, e)
	s.Slash("U0JO", "/breach", "")
	p.finish()
	offer := s.Sees("U0JO")[0]
	e.set(shows(page("what", 1)))
	s.PressOn("U0JO", offer, offer.Buttons()[0], nil)
	p.finish()
	for _, x := range s.Sees("U0JO") {
		if x.View == "" && len(x.Buttons()) > 0 {
			t.Errorf("the button is still there: %s", x.Reads())
		}
	}
	if n := len(s.Sees("U0JO")); n != 2 {
		t.Errorf("%d things are on the screen", n)
	}
}
