// Package bottest is the contract that every platform keeps, written as one test: what the
// engine may rely on wherever people talk to it. A platform's own test gives it a Stage,
// which is a fake of the far side with people at its screens.
//
// What a platform cannot do is in one table, Cannot, with what happens there instead. How
// messages look, and what only one platform has, is for that platform's own tests.
package bottest

import (
	"context"
	"sync"
	"testing"

	"shareright/bot"
)

// Stage is a platform under test together with the people who use it.
type Stage interface {
	// Run starts the platform on the handler, until the test ends. It is called once.
	Run(t *testing.T, h bot.Handler) bot.Platform
	// Do lets somebody do one thing as the platform's own client would send it. It returns
	// when the platform has answered, and everything it had to send after that is sent.
	Do(t *testing.T, user string, a Act)
	// Sees is everything on one person's screens now, oldest first. What they cannot see is not in it.
	Sees(t *testing.T, user string) []Shown
	// Place is the address of a channel with the two people in it. Empty for none.
	Place() bot.Address
	// Direct is the address of a person's direct messages.
	Direct(user string) bot.Address
	// Lose makes the platform refuse this person for good; Hurry makes it ask for patience once.
	Lose(t *testing.T, user string)
	Hurry(t *testing.T, user string)
}

// Act is one thing that somebody does: exactly one field is set.
type Act struct {
	Command string              // types it: "breach a folder"
	Say     string              // writes it to the bot alone
	Mention string              // writes it in the channel, to the bot
	Answer  map[string][]string // fills in the page on the screen, and sends it
	Press   string              // the newest button with this label, also on a page
	Typed   map[string][]string // goes with Press or Close: what stands on the page by then
	Close   bool                // the page
	Again   bool                // the platform delivers what it delivered last once more
}

// Shown is one message or page as a person sees it.
type Shown struct {
	Text    string            // all that can be read, buttons aside
	Page    bool              // a page of questions
	Alone   bool              // nobody else can see it
	Lasts   bool              // it is still there tomorrow
	Under   bool              // it stands in a thread
	Values  map[string]string // of a page: what stands in each box already
	Buttons []string          // labels
	Live    []string          // what would call somebody, or hide where a link leads
}

// The two people of every stage, and somebody who left.
const (
	Jo   = "jo"
	Sam  = "sam"
	Gone = "gone"
)

// script is a handler that remembers every event and answers what the test wants.
type script struct {
	mu     sync.Mutex
	events []bot.Event
	answer func(bot.Event) bot.Response
}

// Handle answers as the test has said.
func (s *script) Handle(_ context.Context, e bot.Event) (bot.Response, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.events = append(s.events, e)
	if s.answer == nil {
		return bot.Response{}, nil
	}
	return s.answer(e), nil
}

func (s *script) set(r bot.Response) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = func(bot.Event) bot.Response { return r }
}

func (s *script) all() []bot.Event {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]bot.Event(nil), s.events...)
}

// trial is one platform on its stage, for one clause.
type trial struct {
	*testing.T
	Stage
	script   *script
	platform bot.Platform
}

func (t *trial) last() bot.Event {
	t.Helper()
	all := t.script.all()
	if len(all) == 0 {
		t.Fatal("nothing reached the engine")
	}
	return all[len(all)-1]
}

// newest is the last thing on somebody's screens for which the condition holds.
func (t *trial) newest(user, what string, holds func(Shown) bool) Shown {
	t.Helper()
	all := t.Sees(t.T, user)
	for i := len(all) - 1; i >= 0; i-- {
		if holds(all[i]) {
			return all[i]
		}
	}
	t.Fatalf("%s does not see %s; on the screens:\n%+v", user, what, all)
	return Shown{}
}

func (t *trial) deliver(d bot.Delivery) bot.MessageID {
	t.Helper()
	id, err := t.platform.Deliver(t.Context(), d)
	if err != nil {
		t.Fatalf("deliver: %v", err)
	}
	return id
}

// Run tests a platform, by its name, against every clause of the contract that it can
// keep. stage makes a fresh one for each.
func Run(t *testing.T, platform string, stage func(t *testing.T) Stage) {
	t.Helper()
	for _, c := range clauses {
		t.Run(c.says, func(t *testing.T) {
			if why, cannot := Cannot[platform][c.is]; cannot {
				t.Skip(why)
			}
			tr := &trial{T: t, Stage: stage(t), script: &script{}}
			tr.platform = tr.Stage.Run(t, tr.script)
			if tr.platform.Name() != platform {
				t.Fatalf("the platform calls itself %q", tr.platform.Name())
			}
			c.holds(tr)
		})
	}
}
