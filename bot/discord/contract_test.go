package discord

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"shareright/bot"
	"shareright/bot/bottest"
	"shareright/bot/discord/discordtest"
	"shareright/knowledge/words"
)

func TestDiscordKeepsTheContract(t *testing.T) {
	bottest.Run(t, Name, func(t *testing.T) bottest.Stage { return &stage{} })
}

// stage is people at Discord's screens.
type stage struct {
	fake     *discordtest.Server
	platform *Platform
	resuming *resuming
	wrote    map[string]any // the direct message that was sent last
}

// resuming does the engine's part between two pages: asked to go on, it gives the page again
// that stands in the dialogue. The test hears of everything else.
type resuming struct {
	bot.Handler
	mu    sync.Mutex
	page  *bot.View
	heard chan struct{}
}

func (r *resuming) Handle(ctx context.Context, e bot.Event) (bot.Response, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	defer func() {
		select {
		case r.heard <- struct{}{}:
		default: // nobody waits
		}
	}()
	if _, is := e.What.(bot.Resumed); is {
		return bot.Response{Show: r.page}, nil
	}
	answer, err := r.Handler.Handle(ctx, e)
	if answer.Show != nil {
		r.page = answer.Show
	}
	return answer, err
}

func (s *stage) Run(t *testing.T, h bot.Handler) bot.Platform {
	s.resuming = &resuming{Handler: h, heard: make(chan struct{}, 1)}
	s.fake = discordtest.New(t)
	s.platform = run(t, s.resuming, settings(s.fake), nil)
	s.fake.Ready()
	return s.platform
}

// numbers are the ids of the people.
var numbers = map[string]string{bottest.Jo: "1001", bottest.Sam: "1002", bottest.Gone: "1003"}

func (*stage) Place() bot.Address {
	return bot.Address{Platform: Name, Workspace: discordtest.Guild, Channel: discordtest.Channel}
}

func (*stage) Direct(user string) bot.Address {
	return bot.Address{Platform: Name, Workspace: discordtest.Guild, User: numbers[user]}
}

func (s *stage) Lose(t *testing.T, user string) {
	s.fake.Fault("post", discordtest.Fault{Times: 100, Status: 403, Code: 50007})
}

func (s *stage) Hurry(t *testing.T, user string) {
	s.fake.Fault("post", discordtest.Fault{Status: 429, RetryAfter: 3})
}

func (s *stage) Do(t *testing.T, user string, a bottest.Act) {
	t.Helper()
	person := numbers[user]
	answered := discordtest.Answer{OK: true}
	switch {
	case a.Command != "":
		command, text, _ := strings.Cut(a.Command, " ")
		var options []string
		if text != "" {
			options = []string{textInput, text}
		}
		answered = s.fake.Command(person, discordtest.Channel, command, options...)
	case a.Say != "":
		s.wrote = s.arrives(t, func() map[string]any { return s.fake.Write(person, a.Say) })
	case a.Again:
		s.arrives(t, func() map[string]any { s.fake.Dispatch("MESSAGE_CREATE", s.wrote); return nil })
	case a.Answer != nil:
		answered = s.answer(t, person, a.Answer)
	case a.Press != "":
		s.fake.Shut(person) // a window stands over the buttons
		answered = s.fake.Press(person, a.Press)
	}
	if !answered.OK {
		t.Fatalf("%+v was not answered", a)
	}
	s.platform.finish()
}

// arrives waits until what is sent has reached the engine: Discord wants no answer to it.
func (s *stage) arrives(t *testing.T, send func() map[string]any) map[string]any {
	t.Helper()
	select {
	case <-s.resuming.heard: // of what was before
	default:
	}
	sent := send()
	select {
	case <-s.resuming.heard:
	case <-time.After(10 * time.Second):
		t.Fatal("nothing reached the engine")
	}
	return sent
}

// answer fills in the window on the screen and sends it, and then goes on to the next page.
// What is asked for in a message is reached by its button first.
func (s *stage) answer(t *testing.T, person string, answers map[string][]string) discordtest.Answer {
	t.Helper()
	if s.fake.Modal(person) == nil {
		if send := s.button(person, goSend); send != "" {
			return s.fake.Press(person, send)
		}
		s.fake.Press(person, s.button(person, goOn))
	}
	filled := map[string][]string{}
	for id, values := range answers {
		if values[0] == bottest.Sam { // is pointed at
			values = []string{numbers[bottest.Sam]}
		}
		filled[id] = values
	}
	sent := s.fake.Submit(person, filled)
	s.platform.finish()
	for _, b := range s.newest(person).Buttons {
		if strings.HasPrefix(b.ID, goOn) && b.Label == words.Say("en", "bot.continue") {
			s.fake.Press(person, b.Label)
		}
	}
	return sent
}

func (s *stage) newest(person string) discordtest.Sight {
	all := s.fake.Sees(person)
	return all[len(all)-1]
}

// button is the newest one whose id begins so, or "".
func (s *stage) button(person, begins string) (label string) {
	for _, x := range s.fake.Sees(person) {
		for _, b := range x.Buttons {
			if strings.HasPrefix(b.ID, begins) {
				label = b.Label
			}
		}
	}
	return label
}

func (s *stage) Sees(t *testing.T, user string) []bottest.Shown {
	person := numbers[user]
	var all []bottest.Shown
	for _, x := range s.fake.Sees(person) {
		shown := bottest.Shown{Text: x.Reads(), Page: x.Window, Alone: x.Only || x.Channel == discordtest.DM(person), Lasts: !x.Only,
			Under: x.Under, Values: x.Values, Live: x.Live()}
		for _, b := range x.Buttons {
			shown.Buttons = append(shown.Buttons, b.Label)
			shown.Page = shown.Page || strings.HasPrefix(b.ID, goSend)
		}
		all = append(all, shown)
	}
	return all
}
