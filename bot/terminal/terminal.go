// Package terminal is a conversation in a terminal or over a pipe: lines in, lines out.
//
// The rules of its interface: no cursor tricks, so that a screen reader and a pipe get
// the same; every choice has a number; a dialogue is asked question by question; what
// goes to other people is shown too, each line begun with who it is for. Everything
// happens in one thread, in order: a line, its answer, and then what is due.
package terminal

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"shareright/bot"
	"shareright/internal/caught"
	"shareright/knowledge/words"
)

// Platform is the name of the platform in addresses and people's ids.
const Platform = "terminal"

// maxLine is the longest line taken in, in bytes; what goes beyond is cut off.
const maxLine = 1 << 20

// Options are what a terminal needs to know.
type Options struct {
	In  io.Reader
	Out io.Writer
	As  string // who is typing at first: a role, or any name; "volunteer" when empty

	Prompt bool // somebody types, so show where; not over a pipe
	Colour bool

	// Settle delivers what is due and fires what has come due. It is called after every
	// line, every second, and once more at the end of input.
	Settle    func(context.Context) error
	Files     string                                 // where files are put; empty where none can be
	Emergency func(text string) (*bot.Message, bool) // answered in the middle of a dialogue
	Log       *slog.Logger
}

// Terminal is a bot.Platform of one window.
type Terminal struct {
	o       Options
	out     *bufio.Writer
	user    string
	screens map[string]*screen // the dialogue each person has open
	buttons []bot.Button       // number n is the choice [n+1]
	confirm *bot.Button        // pressed, and asks again before it acts
	posted  int
}

// New returns a terminal that begins as o.As.
func New(o Options) *Terminal {
	if o.As == "" {
		o.As = "volunteer"
	}
	return &Terminal{o: o, out: bufio.NewWriter(o.Out), user: person(o.As), screens: map[string]*screen{}}
}

// person makes the id of somebody who was called by name.
func person(name string) string {
	return strings.ToLower(strings.Join(strings.Fields(strings.ReplaceAll(name, ":", " ")), "-"))
}

// NameOf is what others call somebody in a terminal: "Jo" for jo, or the name of the role.
func NameOf(user string) string {
	if key := "terminal.name-" + user; words.Has(key) {
		return words.Say("en", key)
	}
	r := []rune(user)
	if len(r) == 0 {
		return ""
	}
	return strings.ToUpper(string(r[:1])) + string(r[1:])
}

// Name is "terminal".
func (t *Terminal) Name() string { return Platform }

// Run reads lines until the input ends, and returns nil then.
func (t *Terminal) Run(ctx context.Context, h bot.Handler) error {
	lines := t.read(ctx)
	t.say("terminal.hello")
	t.say("terminal.hello-danger")
	t.say("terminal.hello-how")
	t.say("terminal.you-are", "name", t.user)
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		if err := t.settle(ctx); err != nil {
			return err
		}
		t.prompt()
		line, more, err := t.next(ctx, lines, tick.C)
		if err != nil || !more {
			t.leaveAll(context.WithoutCancel(ctx), h)
			return errors.Join(err, t.settle(ctx))
		}
		if quit := t.take(ctx, h, line); quit {
			t.leaveAll(ctx, h)
			return t.settle(ctx)
		}
	}
}

// next waits for a line. Reminders that come due meanwhile appear.
func (t *Terminal) next(ctx context.Context, lines <-chan string, tick <-chan time.Time) (line string, more bool, err error) {
	for {
		select {
		case line, more = <-lines:
			return line, more, nil
		case <-ctx.Done():
			return "", false, nil
		case <-tick:
			before := t.posted
			if err := t.settle(ctx); err != nil {
				return "", false, err
			}
			if t.posted > before {
				t.prompt()
			}
		}
	}
}

func (t *Terminal) read(ctx context.Context) <-chan string {
	lines := make(chan string)
	go func() {
		defer close(lines)
		in := bufio.NewReaderSize(t.o.In, 64<<10)
		for {
			line, err := readLine(in)
			if err == nil || line != "" {
				select {
				case lines <- line:
				case <-ctx.Done():
					return
				}
			}
			if err != nil {
				return
			}
		}
	}()
	return lines
}

func readLine(in *bufio.Reader) (string, error) {
	var line []byte
	for {
		part, err := in.ReadSlice('\n')
		line = append(line, part[:min(len(part), maxLine-len(line))]...)
		if !errors.Is(err, bufio.ErrBufferFull) {
			return strings.TrimRight(string(line), "\r\n"), err
		}
	}
}

func (t *Terminal) settle(ctx context.Context) error {
	defer t.out.Flush()
	if t.o.Settle == nil {
		return nil
	}
	if err := t.o.Settle(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("deliver what is due: %w", err)
	}
	return nil
}

// take carries out one line, and says whether the conversation is over.
func (t *Terminal) take(ctx context.Context, h bot.Handler, line string) (quit bool) {
	defer func() {
		if caught.Panic(t.o.Log, "an answer", recover()) != nil {
			t.say("bot.undrawn-title")
			t.say("bot.trouble-safe")
			t.say("bot.undrawn-look")
		}
	}()
	said := strings.TrimSpace(line)
	word, rest, _ := strings.Cut(said, " ")
	switch strings.ToLower(word) {
	case "/quit", "/exit":
		return true
	case "/as":
		t.become(strings.TrimSpace(rest))
		return false
	}
	switch open := t.screens[t.user]; {
	case t.confirm != nil:
		t.confirmed(ctx, h, said)
	case open != nil:
		t.answer(ctx, h, open, line)
	default:
		t.command(ctx, h, said)
	}
	return false
}

// become changes who is typing, so that one person alone can try every part.
func (t *Terminal) become(name string) {
	if t.confirm = nil; person(name) == "" {
		t.say("terminal.as-who")
		return
	}
	t.user = person(name)
	t.say("terminal.you-are", "name", t.user)
	if open := t.screens[t.user]; open != nil {
		t.ask(open)
	}
}

// command carries out a line that answers no question.
func (t *Terminal) command(ctx context.Context, h bot.Handler, said string) {
	if b, found, isNumber := t.button(said); found {
		t.press(ctx, h, b)
		return
	} else if isNumber {
		t.say("terminal.no-choice", "number", said)
		return
	}
	if command, ok := strings.CutPrefix(said, "/"); ok {
		name, text, _ := strings.Cut(command, " ")
		if strings.EqualFold(name, "leave") {
			t.say("terminal.nothing-open")
			return
		}
		t.handle(ctx, h, bot.Ran{Command: name, Text: strings.TrimSpace(text)})
		return
	}
	t.handle(ctx, h, bot.Said{Text: said})
}

// button finds a choice by its number, or by its label.
func (t *Terminal) button(said string) (b bot.Button, found, isNumber bool) {
	if n, err := strconv.Atoi(strings.Trim(said, "[]. ")); err == nil {
		if n >= 1 && n <= len(t.buttons) {
			return t.buttons[n-1], true, true
		}
		return b, false, true
	}
	for i := len(t.buttons) - 1; i >= 0; i-- {
		if strings.EqualFold(t.buttons[i].Label, said) {
			return t.buttons[i], true, false
		}
	}
	return b, false, false
}

func (t *Terminal) press(ctx context.Context, h bot.Handler, b bot.Button) {
	if b.Confirm != "" {
		t.confirm = &b
		t.line("", b.Confirm)
		t.say("terminal.confirm", "label", b.Label)
		return
	}
	t.handle(ctx, h, bot.Pressed{Action: b.Action, Ref: b.Ref})
}

func (t *Terminal) confirmed(ctx context.Context, h bot.Handler, said string) {
	b := *t.confirm
	t.confirm = nil
	switch strings.ToLower(said) {
	case "1", "[1]", "yes", "y":
		t.handle(ctx, h, bot.Pressed{Action: b.Action, Ref: b.Ref})
	default:
		t.say("terminal.not-done")
	}
}

// handle hands a deed to the engine and draws what it answers.
func (t *Terminal) handle(ctx context.Context, h bot.Handler, what bot.Deed) {
	// The engine has logged an error already; its response holds the words for the person.
	r, _ := h.Handle(ctx, bot.Event{Platform: Platform, User: t.user, UserName: NameOf(t.user), What: what})
	if r.Done {
		delete(t.screens, t.user)
	}
	if r.Reply != nil {
		t.draw("", *r.Reply)
	}
	if r.Show != nil {
		t.show(*r.Show, r.Problems)
	} else if r.Problems[""] != "" {
		t.line("", "! "+r.Problems[""])
	}
}

// Deliver shows the message. Lines that are for somebody else begin with who that is.
func (t *Terminal) Deliver(_ context.Context, d bot.Delivery) (bot.MessageID, error) {
	t.posted++
	lead := ""
	if to := receiver(d.To); to != t.user {
		lead = "→ " + to + ": "
	}
	if d.Edit != "" {
		lead += words.Say("en", "terminal.changed") + " "
	} else if d.Repeat {
		lead += words.Say("en", "bot.repeat") + " "
	}
	t.draw(lead, d.Message)
	if d.Edit != "" {
		return d.Edit, nil
	}
	return bot.MessageID("terminal-" + strconv.Itoa(t.posted)), nil
}

// DeliverFile puts a file beside the conversation, for this user's eyes only, and says where.
func (t *Terminal) DeliverFile(ctx context.Context, d bot.Delivery, name string, content []byte) (bot.MessageID, error) {
	if t.o.Files == "" {
		return "", bot.ErrNoFiles
	}
	path := filepath.Join(t.o.Files, filepath.Base(name))
	if err := errors.Join(os.MkdirAll(t.o.Files, 0o700), os.WriteFile(path, content, 0o600)); err != nil {
		return "", fmt.Errorf("keep a file: %w", err)
	}
	m := d.Message
	m.Body = append(slices.Clone(m.Body), bot.Block{Kind: bot.Para, Text: words.Say("en", "terminal.file", "path", path)})
	d.Message = m
	return t.Deliver(ctx, d)
}

func receiver(to bot.Address) string {
	if to.User != "" {
		return to.User
	}
	return to.Name
}
