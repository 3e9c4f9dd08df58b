package slack

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"shareright/bot"
	"shareright/bot/slack/slacktest"
	"shareright/internal/racing"
)

// Slack announces the end of every connection a thousand times, while four people write to
// the bot. In each round the connection that brought one of the messages is cut: before it
// was kept, or after. What was not acknowledged Slack sends again.
func TestAThousandRefreshesLoseAndDoubleNothing(t *testing.T) {
	rounds, writers, each := 1000, 4, 3
	if racing.On {
		rounds = 100
	}
	s := slacktest.New(t)
	s.Hasty = true
	k := &keeper{fake: s, cut: map[string]bool{}, ids: map[string]bool{}, kept: map[string]int{}}
	p := hurried(t, s, k)
	s.Watch()
	sent := make([]int, writers) // how often the unluckiest message of each was sent
	for round := range rounds {
		var all sync.WaitGroup
		for w := range writers {
			all.Go(func() {
				for n := range each {
					sent[w] = max(sent[w], k.tell(t, fmt.Sprint("U0W", w), planned(round, w, n)))
				}
			})
		}
		s.Refresh()
		all.Wait()
		s.Ready(2) // who was cut stands again: one round takes no more than one connection away
	}
	stood := s.Stood()
	if want := rounds * writers * each; len(k.kept) != want {
		t.Errorf("%d of %d messages were kept", len(k.kept), want)
	}
	for text, times := range k.kept {
		if times != 1 {
			t.Errorf("%s was kept %d times", text, times)
		}
	}
	if stood.Moments[0] > 0 || stood.Gap > 0 {
		t.Errorf("%d times no connection was open, once for %s", stood.Moments[0], stood.Gap)
	}
	if stood.Early > 0 {
		t.Errorf("%d old connections were let go before a new one stood", stood.Early)
	}
	if err := p.Ready(); err != nil {
		t.Error(err)
	}
	t.Logf("%d refreshes, %d messages, %d cuts; sent %d times at most; moments by open connections: %v", rounds, len(k.kept), len(k.cut), slices.Max(sent), stood.Moments)
}

// hurried is a platform whose connections live for moments.
func hurried(t *testing.T, s *slacktest.Server, h bot.Handler) *Platform {
	t.Helper()
	p := unstarted(t, s)
	p.sockets.oldLife, p.sockets.tooSoon = time.Millisecond, 0
	run(t, p, h)
	s.Ready(2)
	return p
}

// planned is what somebody writes, which says what becomes of the connection that brings it.
func planned(round, writer, n int) string {
	what := "nothing"
	if n == round%3 && writer == round%4 {
		what = []string{cutBefore, cutAfter}[round%2]
	}
	return fmt.Sprintf("%s: round %d, %d of writer %d", what, round, n, writer)
}

const (
	cutBefore = "cut before it is kept"
	cutAfter  = "cut after it was kept"
)

// keeper keeps each event once, as the engine does, and cuts the connection that brought one.
type keeper struct {
	fake *slacktest.Server

	mu   sync.Mutex
	cut  map[string]bool
	ids  map[string]bool
	kept map[string]int // how often, by text
}

func (k *keeper) Handle(_ context.Context, e bot.Event) (bot.Response, error) {
	text := e.What.(bot.Said).Text
	k.once(cutBefore, text, e.ID)
	k.mu.Lock()
	if !k.ids[e.ID] {
		k.ids[e.ID] = true
		k.kept[text]++
	}
	k.mu.Unlock()
	k.once(cutAfter, text, e.ID)
	return bot.Response{}, nil
}

// once cuts the connection where that is planned, the first time.
func (k *keeper) once(when, text, event string) {
	k.mu.Lock()
	now := strings.HasPrefix(text, when) && !k.cut[text]
	if now {
		k.cut[text] = true
	}
	k.mu.Unlock()
	if now {
		k.fake.Cut(event)
	}
}

// tell sends a message until it is acknowledged, as Slack does, and returns how often that was.
func (k *keeper) tell(t *testing.T, user, text string) int {
	a := k.fake.Event(map[string]any{"type": "message", "channel_type": "im", "user": user, "text": text, "channel": "D" + user[1:], "ts": "1.1"})
	sent := 1
	for ; !a.OK && sent < 20; sent++ {
		a = k.fake.Again(a)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.kept[text] == 0 {
		t.Errorf("%q: acknowledged %v after %d times, and not kept", text, a.OK, sent)
	}
	return sent
}

// Slack announces the end of all connections, and gives no new one for a while: then the old ones still bring what people do.
func TestAnOldConnectionStaysUntilANewOneStands(t *testing.T) {
	e := &engine{reply: says("here")}
	s := slacktest.New(t)
	p := hurried(t, s, e)
	s.Watch()
	s.Fault("apps.connections.open", slacktest.Fault{Status: 500, Times: 4})
	s.Refresh()
	for n := range 4 {
		s.Wait("apps.connections.open", 3+n) // two were open from the start
		if a := s.Slash("U0JO", "/dp", ""); !a.OK {
			t.Errorf("after %d refusals a command was lost", n+1)
		}
	}
	s.Ready(2)
	if stood := s.Stood(); stood.Moments[0] > 0 || stood.Early > 0 || p.Ready() != nil {
		t.Errorf("the connections stood as %+v", stood)
	}
}
