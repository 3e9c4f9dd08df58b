package bot_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"shareright/bot"
	"shareright/config"
	"shareright/internal/directory"
	"shareright/internal/racing"
	"shareright/scheduler"
)

// mute is a platform that keeps messages for later and, from the time on at which it is told
// to, takes every call and never answers: whoever asked gives up after ten seconds.
type mute struct {
	mu    sync.Mutex
	since bool
	tries int // while it hung
	held  int
	got   []bot.Delivery
}

func (m *mute) Name() string                                 { return "desk" }
func (m *mute) Run(ctx context.Context, _ bot.Handler) error { <-ctx.Done(); return nil }

func (m *mute) hang(yes bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.since = yes
}

// call is what every call does.
func (m *mute) call(ctx context.Context, do func()) error {
	m.mu.Lock()
	if hangs := m.since; !hangs {
		defer m.mu.Unlock()
		do()
		return nil
	}
	m.tries++
	m.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	<-ctx.Done()
	return ctx.Err()
}

func (m *mute) Deliver(ctx context.Context, d bot.Delivery) (id bot.MessageID, err error) {
	err = m.call(ctx, func() { m.got = append(m.got, d); id = bot.MessageID(fmt.Sprint("m", len(m.got))) })
	return id, err
}

func (m *mute) Hold(ctx context.Context, _ bot.Address, _ bot.Message, _ time.Time) (id bot.MessageID, err error) {
	err = m.call(ctx, func() { m.held++; id = bot.MessageID(fmt.Sprint("q", m.held)) })
	return id, err
}

func (m *mute) Unhold(ctx context.Context, _ bot.Address, _ bot.MessageID) error {
	return m.call(ctx, func() { m.held-- })
}

func (m *mute) Holding(ctx context.Context, _ string) ([]bot.Kept, error) {
	return nil, m.call(ctx, func() {})
}

// mailbox is e-mail, used by several workers at once.
type mailbox struct {
	mu  sync.Mutex
	got map[string]time.Time // when the first notice of a record came
}

func (*mailbox) Name() string                                 { return "email" }
func (*mailbox) NoticeOnly() bool                             { return true }
func (*mailbox) Run(ctx context.Context, _ bot.Handler) error { <-ctx.Done(); return nil }

func (b *mailbox) Deliver(_ context.Context, d bot.Delivery) (bot.MessageID, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, before := b.got[string(d.About)]; !before {
		b.got[string(d.About)] = time.Now()
	}
	return bot.MessageID(d.Once), nil
}

func (b *mailbox) heard(ref bot.Ref) (time.Time, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	at, yes := b.got[string(ref)]
	return at, yes
}

// clocks is a feature that begins many legal clocks at once, whose only moment comes after a day.
func clocks(n int) bot.Feature {
	about := func(i int) string { return fmt.Sprintf("LAW-%d", i) }
	begin := func(_ context.Context, t bot.Turn, _ string) (o bot.Outcome, _ error) {
		for i := range n {
			o.Jobs = append(o.Jobs, scheduler.Job{Key: scheduler.Key{Kind: "law.moment", Name: about(i)},
				Due: t.Now.Add(24 * time.Hour), Class: scheduler.Statutory, About: about(i)})
		}
		return o, nil
	}
	f := clocked()
	f.Commands = []bot.Command{{Name: "begin", Run: begin}}
	return f
}

// hurried is a world in the clock of a bubble, with all of the program's workers.
func hurried(t *testing.T) (*world, *mute, *mailbox) {
	time.Sleep(time.Until(time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)))
	w := newWorld(t, toy())
	o := &w.config.Organisations[0]
	o.Emails = map[string][]string{"dp-lead": {"sam@example.org"}}
	o.Roles["deputy"], o.Roles["trustee"] = nil, []config.Contact{{Platform: "desk", ID: "tess"}}
	var err error
	w.bot, err = bot.New(w.store, directory.New(w.config), []bot.Feature{toy(), clocks(50)}, bot.Options{Emergency: emergency,
		Wake: func() { w.runner.Wake() }})
	if err != nil {
		t.Fatal(err)
	}
	chat, mail := &mute{}, &mailbox{got: map[string]time.Time{}}
	w.bot.Attach(chat)
	w.bot.Attach(mail)
	w.runner = scheduler.NewRunner(w.store, w.bot.Work, scheduler.RunnerOptions{})
	ctx, stop := context.WithCancel(t.Context())
	over := make(chan error)
	go func() { over <- w.runner.Run(ctx) }()
	t.Cleanup(func() { stop(); <-over; w.store.Close() })
	return w, chat, mail
}

// Chat hangs, e-mail works, and fifty legal clocks want something of chat as well.
func TestFiftyClocksKeepNoNewReportWaitingWhileChatHangs(t *testing.T) {
	if racing.On {
		t.Skip("many timers in a bubble break the race detector of Go 1.26 now and then: go test without -race")
	}
	for name, before := range map[string]func(w *world, chat *mute){
		"messages are to be left with it for later": func(w *world, chat *mute) {
			chat.hang(true)
			w.do("jo", bot.Ran{Command: "/begin"})
		},
		"the moment of each comes": func(w *world, chat *mute) {
			w.do("jo", bot.Ran{Command: "/begin"})
			time.Sleep(24*time.Hour - time.Second)
			chat.hang(true)
			time.Sleep(time.Second)
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w, chat, mail := hurried(t)
				before(w, chat)
				time.Sleep(time.Second)
				ref := w.report("jo")
				began := time.Now()
				time.Sleep(time.Minute)
				at, heard := mail.heard(ref)
				if !heard {
					t.Error("within a minute nobody hears of a new report, though e-mail works")
				} else {
					t.Logf("heard after %v; chat was asked %d times meanwhile", at.Sub(began), chat.tries)
				}
				chat.hang(false)
				time.Sleep(2 * time.Minute)
				synctest.Wait()
				if n := w.pending("bot.ahead"); n > 0 {
					t.Errorf("two minutes after chat is back %d clocks are not looked after", n)
				}
				if name == "messages are to be left with it for later" && chat.held != 50 {
					t.Errorf("%d of 50 messages lie ready", chat.held)
				}
			})
		})
	}
}
