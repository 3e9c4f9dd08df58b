package slack

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"shareright/bot"
	"shareright/bot/slack/slacktest"
)

func TestARefreshOfAllSocketsLeavesNoGap(t *testing.T) {
	e := &engine{reply: says("here")}
	s, p := start(t, e)
	for round := range 5 {
		s.Refresh()
		for i := range 20 {
			if a := s.Slash("U0JO", "/dp", fmt.Sprint(round, i)); !a.OK {
				t.Fatalf("round %d: command %d was lost", round, i)
			}
		}
		s.Ready(2)
	}
	if err := p.Ready(); err != nil {
		t.Error(err)
	}
	if e.count() != 100 {
		t.Errorf("the engine got %d of 100", e.count())
	}
}

func TestCutSocketsAreOpenedAgain(t *testing.T) {
	e := &engine{reply: says("here")}
	s, _ := start(t, e)
	s.Fault("apps.connections.open", slacktest.Fault{Status: 500, Times: 3})
	s.Drop()
	s.Ready(2)
	if a := s.Slash("U0JO", "/dp", ""); !a.OK {
		t.Error("a command after the cut was lost")
	}
}

func TestNonsenseOnASocketHarmsNobody(t *testing.T) {
	e := &engine{reply: says("here")}
	s, _ := start(t, e)
	for _, frame := range []string{"{not json", "", "[]", `{"type":"something_new","envelope_id":"e1"}`, `{"type":"events_api"}`, `{"type":"interactive","payload":{"type":"block_actions"}}`} {
		s.Raw(frame)
	}
	if a := s.Slash("U0JO", "/dp", ""); !a.OK {
		t.Error("a command after the nonsense was lost")
	}
}

func TestARepeatedEventHasTheSameID(t *testing.T) {
	e := &engine{}
	s, _ := start(t, e)
	for name, first := range map[string]slacktest.Ack{
		"a command":    s.Slash("U0JO", "/breach", ""),
		"a mention":    s.Event(map[string]any{"type": "app_mention", "user": "U0JO", "text": "<@U0SHAREBOT> hi", "channel": "C0GENERAL", "ts": "1.1"}),
		"a press":      s.Press("U0JO", "C0GENERAL", "loss.ack", "BR-7K3Q"),
		"a submission": s.Submit("U0JO", map[string]any{"id": "V1", "type": "modal", "hash": "h"}, typed),
		"a close":      s.Interact("U0JO", "view_closed", map[string]any{"view": map[string]any{"id": "V1", "type": "modal", "hash": "h"}}),
	} {
		before := e.count()
		s.Again(first)
		id := e.last(t).ID
		s.Again(first)
		if e.count() != before+2 || e.last(t).ID != id || id == "" {
			t.Errorf("%s: ids %q and %q", name, id, e.last(t).ID)
		}
	}
}

func TestStoppingFinishesWhatIsInHand(t *testing.T) {
	begun, commit := make(chan struct{}), make(chan struct{})
	e := &engine{reply: func(bot.Event) (bot.Response, error) {
		close(begun)
		<-commit
		return bot.Response{Reply: bot.Say("kept")}, nil
	}}
	s := slacktest.New(t)
	p, err := New(Config{BotToken: slacktest.BotToken, AppToken: slacktest.AppToken, APIURL: s.URL(), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); _ = p.Run(ctx, e) }()
	s.Ready(2)
	ack := s.Begin("slash_commands", s.SlashPayload("U0JO", "/breach", ""))
	<-begun
	cancel()
	close(commit)
	if a := <-ack; !a.OK || a.Payload["text"] != "kept" {
		t.Errorf("acknowledged with %v", a)
	}
	<-done
	if p.Ready() == nil {
		t.Error("ready after the end")
	}
}

func TestAPanicInATurnEndsOnlyThatTurn(t *testing.T) {
	e := &engine{reply: func(bot.Event) (bot.Response, error) { panic("secret words of a person") }}
	s, _ := start(t, e)
	if a := s.Slash("U0JO", "/breach", ""); !a.OK || strings.Contains(fmt.Sprint(a.Payload), "secret") {
		t.Errorf("answered with %v", a)
	}
	e.set(says("here"))
	if a := s.Slash("U0JO", "/dp", ""); !a.OK {
		t.Error("the program did not go on")
	}
}
