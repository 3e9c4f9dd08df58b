package terminal

import (
	"bytes"
	"context"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"shareright/bot"
	"shareright/bot/bottest"
)

func TestTheTerminalKeepsTheContract(t *testing.T) {
	bottest.Run(t, Platform, func(*testing.T) bottest.Stage { return &stage{} })
}

// stage is one window in which both people type, each after "/as".
type stage struct {
	terminal *Terminal
	user     string // who types
	in       io.Writer
	out      window
	todo     chan func() // carried out between two lines, as posts are
	seen     map[string][]bottest.Shown
}

// window is what was printed, and says when the prompt is back.
type window struct {
	mu   sync.Mutex
	text bytes.Buffer
	back chan struct{}
}

func (w *window) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	n, err := w.text.Write(p)
	if bytes.HasSuffix(w.text.Bytes(), []byte("> ")) {
		w.back <- struct{}{}
	}
	return n, err
}

// taken is what was printed since it was last taken, without the prompt.
func (w *window) taken(t *testing.T) string {
	t.Helper()
	select {
	case <-w.back:
	case <-time.After(10 * time.Second):
		t.Fatal("the prompt does not come back")
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	text := w.text.String()
	w.text.Reset()
	return text[:strings.LastIndex(text, "\n")+1]
}

func (s *stage) Run(t *testing.T, h bot.Handler) bot.Platform {
	reader, writer := io.Pipe()
	s.user = bottest.Jo
	s.in, s.out.back, s.todo, s.seen = writer, make(chan struct{}, 1), make(chan func(), 1), map[string][]bottest.Shown{}
	s.terminal = New(Options{In: reader, Out: &s.out, As: bottest.Jo, Prompt: true, Settle: func(context.Context) error {
		select {
		case do := <-s.todo:
			do()
		default: // nothing is due
		}
		return nil
	}})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.terminal.Run(ctx, h) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	s.out.taken(t)
	return posting{s, t}
}

// posting delivers in the window's own thread, as the program does.
type posting struct {
	*stage
	t *testing.T
}

func (p posting) Name() string                               { return p.terminal.Name() }
func (posting) Run(ctx context.Context, _ bot.Handler) error { <-ctx.Done(); return nil }

func (p posting) Deliver(ctx context.Context, d bot.Delivery) (id bot.MessageID, err error) {
	p.todo <- func() { id, err = p.terminal.Deliver(ctx, d) }
	p.line(p.t, "/as "+p.user)
	return id, err
}

func (*stage) Place() bot.Address { return bot.Address{} }

func (*stage) Direct(user string) bot.Address { return bot.Address{Platform: Platform, User: user} }

func (*stage) Lose(*testing.T, string)  {}
func (*stage) Hurry(*testing.T, string) {}

// line types a line and keeps what is printed, apart for each person it is for.
func (s *stage) line(t *testing.T, line string) {
	t.Helper()
	if _, err := io.WriteString(s.in, line+"\n"); err != nil {
		t.Fatal(err)
	}
	for l := range strings.Lines(s.out.taken(t)) {
		to, text := s.user, l
		if rest, other := strings.CutPrefix(l, "→ "); other {
			to, text, _ = strings.Cut(rest, ": ")
		}
		s.seen[to] = append(s.seen[to], bottest.Shown{Text: text, Alone: true, Lasts: true})
	}
}

func (s *stage) Do(t *testing.T, user string, a bottest.Act) {
	t.Helper()
	if s.user != user {
		s.user = user
		s.line(t, "/as "+user)
	}
	switch {
	case a.Command != "":
		s.line(t, "/"+a.Command)
	case a.Say != "":
		s.line(t, a.Say)
	case a.Answer != nil:
		s.answer(t, user, a.Answer)
	case a.Press != "":
		s.line(t, a.Press)
	case a.Close:
		for _, f := range s.terminal.screens[user].view.Fields {
			if len(a.Typed[f.ID]) > 0 {
				s.line(t, strings.Join(a.Typed[f.ID], ", "))
			}
		}
		s.line(t, "leave")
	}
}

// answer types the answer to each question that is asked.
func (s *stage) answer(t *testing.T, user string, answers map[string][]string) {
	t.Helper()
	open := s.terminal.screens[user]
	if len(open.queue) == 0 {
		s.line(t, "1")
	}
	for _, i := range append([]int(nil), open.queue...) {
		f := open.view.Fields[i]
		typed := strings.ReplaceAll(strings.Join(answers[f.ID], ", "), "\n", " ")
		if len(f.Options) > 0 {
			typed = number(f, answers[f.ID])
		}
		s.line(t, typed)
	}
}

// number is what somebody types who picks from a list.
func number(f bot.FieldView, values []string) string {
	var numbers []string
	for i, o := range f.Options {
		for _, v := range values {
			if v == o.Value {
				numbers = append(numbers, string(rune('1'+i)))
			}
		}
	}
	return strings.Join(numbers, ", ")
}

func (s *stage) Sees(t *testing.T, user string) []bottest.Shown {
	all := append([]bottest.Shown(nil), s.seen[user]...)
	whole := bottest.Shown{Alone: true, Lasts: true}
	for _, x := range all {
		whole.Text += x.Text
	}
	for _, b := range s.terminal.buttons {
		whole.Buttons = append(whole.Buttons, b.Label)
	}
	for _, r := range whole.Text {
		if r == '\x1b' || r == '\u202e' || r == '\u2066' {
			whole.Live = append(whole.Live, string(r))
		}
	}
	if open := s.terminal.screens[user]; open != nil {
		whole.Page, whole.Values = true, map[string]string{}
		for _, f := range open.view.Fields {
			whole.Values[f.ID] = strings.Join(f.Value, ", ")
		}
	}
	return []bottest.Shown{whole}
}
