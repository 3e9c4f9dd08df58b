package discord

import (
	"runtime"
	"strings"
	"testing"
	"time"

	"shareright/bot"
	"shareright/bot/discord/discordtest"
)

func until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for limit := time.Now().Add(15 * time.Second); !holds(); runtime.Gosched() {
		if time.Now().After(limit) {
			t.Fatalf("waited in vain until it was %s", what)
		}
	}
}

func TestACutConnectionIsResumedAndNothingIsLost(t *testing.T) {
	e := &engine{reply: replies("here")}
	s, p := start(t, e)
	for round := range 3 {
		s.Drop()
		if a := s.Command("1", discordtest.Channel, "breach"); a.Text() != "**here**" {
			t.Errorf("round %d: %+v", round, a)
		}
	}
	if begun, resumed := s.Sessions(); begun != 1 || resumed < 3 {
		t.Errorf("%d sessions begun, %d resumed", begun, resumed)
	}
	until(t, "ready", func() bool { return p.Ready() == nil })
}

func TestDiscordMayAskForANewConnection(t *testing.T) {
	e := &engine{reply: replies("here")}
	s, _ := start(t, e)
	s.Tell(opReconnect, nil)
	s.Resumed(1)
	s.Tell(opHeartbeat, nil)
	if a := s.Command("1", discordtest.Channel, "breach"); a.Text() != "**here**" {
		t.Errorf("after resuming: %+v", a)
	}
	s.Tell(opInvalid, false)
	s.Begun(2)
	s.Ready()
	if a := s.Command("1", discordtest.Channel, "breach"); a.Text() != "**here**" {
		t.Errorf("in a new session: %+v", a)
	}
}

func TestARequestToReconnectBeforeTheGreetingDoesNotHang(t *testing.T) {
	s := discordtest.New(t)
	s.Silent = true
	p := run(t, &engine{reply: replies("here")}, settings(s), nil)
	s.Asked(1)
	if err := p.Ready(); err == nil {
		t.Error("ready without a greeting")
	}
	s.Greet(true)
	s.Tell(opReconnect, nil) // the library waits for ever here
	s.Ready()
	if a := s.Command("1", discordtest.Channel, "breach"); a.Text() != "**here**" {
		t.Errorf("then: %+v", a)
	}
}

func TestAConnectionWithoutSignsOfLifeIsReplaced(t *testing.T) {
	s := discordtest.New(t)
	s.Heartbeat = 200 * time.Millisecond
	run(t, &engine{reply: replies("here")}, settings(s), nil)
	s.Ready()
	s.Mute(true)
	s.Resumed(1)
	s.Mute(false)
	if a := s.Command("1", discordtest.Channel, "breach"); a.Text() != "**here**" {
		t.Errorf("then: %+v", a)
	}
	if begun, _ := s.Sessions(); begun != 1 {
		t.Errorf("%d sessions begun", begun)
	}
}

func TestSomeClosesAreForGood(t *testing.T) {
	s, p := start(t, &engine{})
	s.Close(4014)
	until(t, "refused", func() bool { err := p.Ready(); return err != nil && strings.Contains(err.Error(), "Intents") })
}

func TestTooManySessionsInADayAreNotBegun(t *testing.T) {
	s := discordtest.New(t)
	p, err := New(settings(s))
	if err != nil {
		t.Fatal(err)
	}
	for range maxBegun {
		p.gateway.begun = append(p.gateway.begun, time.Now())
	}
	if wait := p.gateway.pause(time.Hour, true, nil); wait < 23*time.Hour {
		t.Errorf("it waits %v", wait)
	}
}

func TestWaitsGrowAndEndAfterAConnectionThatWorked(t *testing.T) {
	g := &gateway{log: settings(discordtest.New(t)).Log}
	last := time.Duration(0)
	for range 20 {
		last = g.pause(0, false, nil)
	}
	if last < longWait/2 || last > longWait {
		t.Errorf("after many failures it waits %v", last)
	}
	if wait := g.pause(time.Minute, true, nil); wait > time.Second {
		t.Errorf("after one that worked it waits %v", wait)
	}
}

func TestAnOutageIsToldApartFromBeingRemoved(t *testing.T) {
	s, p := start(t, &engine{})
	until(t, "ready", func() bool { return p.Ready() == nil })
	s.Dispatch("GUILD_DELETE", map[string]any{"id": discordtest.Guild, "unavailable": true})
	until(t, "out of order", func() bool { err := p.Ready(); return err != nil && strings.Contains(err.Error(), "out of order") })
	s.Dispatch("GUILD_CREATE", map[string]any{"id": discordtest.Guild})
	until(t, "back", func() bool { return p.Ready() == nil })
	s.Dispatch("GUILD_DELETE", map[string]any{"id": discordtest.Guild})
	until(t, "removed", func() bool {
		err := p.Ready()
		return err != nil && strings.Contains(err.Error(), "not in your Discord server")
	})
}

func TestStoppingFinishesWhatIsInHand(t *testing.T) {
	begun, commit := make(chan struct{}), make(chan struct{})
	e := &engine{reply: func(bot.Event) (bot.Response, error) {
		close(begun)
		<-commit
		return bot.Response{Reply: bot.Say("kept")}, nil
	}}
	s := discordtest.New(t)
	p, err := New(settings(s))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := contextOf(t)
	done := make(chan struct{})
	go func() { defer close(done); _ = p.Run(ctx, e) }()
	s.Ready()
	answer := s.Begin(s.CommandPayload("1", discordtest.Channel, "breach"))
	<-begun
	cancel()
	close(commit)
	if a := <-answer; a.Text() != "**kept**" {
		t.Errorf("answered %+v", a)
	}
	<-done
}
