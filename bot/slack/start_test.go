package slack

import (
	"context"
	"log/slog"
	"sync"
	"testing"

	"shareright/bot"
	"shareright/bot/slack/slacktest"
)

// engine stands in for the bot: it remembers every event and answers with reply.
type engine struct {
	mu     sync.Mutex
	events []bot.Event
	reply  func(bot.Event) (bot.Response, error)
}

func (e *engine) Handle(_ context.Context, event bot.Event) (bot.Response, error) {
	e.mu.Lock()
	e.events = append(e.events, event)
	reply := e.reply
	e.mu.Unlock()
	if reply == nil {
		return bot.Response{}, nil
	}
	return reply(event)
}

func (e *engine) set(reply func(bot.Event) (bot.Response, error)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.reply = reply
}

func (e *engine) last(t *testing.T) bot.Event {
	t.Helper()
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.events) == 0 {
		t.Fatal("nothing reached the engine")
	}
	return e.events[len(e.events)-1]
}

func (e *engine) count() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.events)
}

// start connects a platform to a fake Slack until the test ends.
func start(t *testing.T, e bot.Handler) (*slacktest.Server, *Platform) {
	t.Helper()
	s := slacktest.New(t)
	p := unstarted(t, s)
	run(t, p, e)
	s.Ready(2)
	t.Cleanup(func() {
		if early := s.Early(); len(early) > 0 {
			t.Errorf("called before Slack wanted it: %q", early)
		}
	})
	return s, p
}

func unstarted(t *testing.T, s *slacktest.Server) *Platform {
	t.Helper()
	p, err := New(Config{BotToken: slacktest.BotToken, AppToken: slacktest.AppToken, APIURL: s.URL(), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func run(t *testing.T, p *Platform, e bot.Handler) {
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := p.Run(ctx, e); err != nil {
			t.Errorf("run: %v", err)
		}
	}()
	t.Cleanup(func() { cancel(); <-done })
}
