package terminal

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"shareright/bot"
)

var update = flag.Bool("update", false, "write the golden files anew")

// engine is a bot.Handler that remembers what was done and answers with the same small form.
type engine struct {
	deeds    []string
	page     int
	terminal *Terminal // gets a post after each deed that asks for one
}

func (e *engine) Handle(ctx context.Context, ev bot.Event) (bot.Response, error) {
	e.deeds = append(e.deeds, fmt.Sprintf("%s (%s): %T%v", ev.User, ev.UserName, ev.What, ev.What))
	switch what := ev.What.(type) {
	case bot.Ran:
		e.page = 1
		return bot.Response{Show: e.view()}, nil
	case bot.Submitted:
		return e.submitted(what)
	case bot.Left:
		return bot.Response{Reply: bot.Say("Kept."), Done: true}, nil
	case bot.Pressed:
		return bot.Response{Reply: bot.Say("You pressed " + what.Action)}, nil
	case bot.Said:
		if what.Text == "break" {
			return bot.Response{Reply: bot.Say("There is a problem.")}, errors.New("broken")
		}
	}
	_, _ = e.terminal.Deliver(ctx, bot.Delivery{To: bot.Address{Platform: Platform, User: "dp-lead"},
		Message: *bot.Say("Somebody spoke", "A second line").With(bot.Button{Action: "take", Label: "I have got this"})})
	m := bot.Say("You said \x1b[2Jsomething\u202e.", "First.").List(bot.Steps, "Do this", "Do that").List(bot.Pairs, "When", "Today").
		Add(bot.Quote, "Their words").With(bot.Button{Action: "keep", Label: "Keep a note"}, bot.Button{Action: "drop", Label: "Delete", Confirm: "It is gone then."})
	m.Sources = []bot.Source{{Title: "The law", URL: "https://example.org/law", Checked: "2026-11-22"}}
	return bot.Response{Reply: m}, nil
}

func (e *engine) submitted(what bot.Submitted) (bot.Response, error) {
	switch {
	case what.Go.Cancel:
		return bot.Response{Reply: bot.Say("Stopped."), Done: true}, nil
	case what.Go.Back, what.Go.Change != "":
		e.page = 1
		return bot.Response{Show: e.view()}, nil
	case e.page == 1 && len(what.Answers["many"]) > 0 && what.Answers["many"][0] == "lots":
		return bot.Response{Show: e.view(), Problems: map[string]string{"many": "Write a number."}}, nil
	case e.page == 1:
		e.page = 2
		return bot.Response{Show: e.view()}, nil
	}
	return bot.Response{Reply: bot.Say("Thank you."), Done: true}, nil
}

func (e *engine) view() *bot.View {
	if e.page == 2 {
		return &bot.View{Session: "S", Seq: 2, Page: bot.CheckPage, Title: "Check your answers", Submit: "Send it", CanBack: true,
			Check: []bot.CheckLine{{Page: "one", Field: "what", Label: "What?", Answer: "A bag"}, {Page: "one", Field: "many", Label: "How many?", Answer: "3"}}}
	}
	return &bot.View{Session: "S", Seq: 1, Page: "one", Title: "Report", Step: "1 of 1", Submit: "Continue",
		Intro: []bot.Block{{Kind: bot.Para, Text: "Three questions."}},
		Fields: []bot.FieldView{
			{ID: "what", Kind: bot.OneField, Label: "What?", Hint: "the nearest", Why: "So that we know.", NotSure: "Not sure",
				Options: []bot.Option{{Value: "bag", Label: "A bag"}, {Value: "phone", Label: "A phone", Hint: "or a tablet"}}},
			{ID: "whose", Kind: bot.ManyField, Label: "Whose?", Optional: true,
				Options: []bot.Option{{Value: "mine", Label: "Mine"}, {Value: "yours", Label: "Yours"}, {Value: "theirs", Label: "Theirs"}}},
			{ID: "many", Kind: bot.NumberField, Label: "How many?", Why: "It counts.", NotSure: "Not yet known", Value: []string{"7"}},
		}}
}

func play(t *testing.T, input string, change func(*Options)) (screen string, did *engine) {
	t.Helper()
	var out bytes.Buffer
	e := &engine{}
	o := Options{In: strings.NewReader(input), Out: &out}
	if change != nil {
		change(&o)
	}
	e.terminal = New(o)
	if err := e.terminal.Run(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	return out.String(), e
}

func TestTranscripts(t *testing.T) {
	for name, input := range map[string]string{
		"messages-and-buttons":  "hello\n1\nI have got this\n3\n9\n2\n1\nbreak\n99\n/as\n/as dp-lead\nhello\n/leave\n",
		"a-form-to-the-end":     "/report now\nwhy\n1\n1, 3\nback\n\nlots\n3\n5\n3\n2\n\n\n7\n\n",
		"a-form-that-is-left":   "/report\nback\n\n2\n/leave\n/report\n3\ncancel\n/report\n1\n/help me\n/as sam\n/report\n1\n",
		"a-new-question":        "/report\ncan I share this with the school?\n",
		"a-choice-in-own-words": "/report\nsome sort of bag\nmine, yours\nabout four\nno\n7\nback\nA phone\n\n\nSend it\n",
	} {
		t.Run(name, func(t *testing.T) {
			screen, e := play(t, input, nil)
			got := screen + "\n--- done ---\n" + strings.Join(e.deeds, "\n") + "\n"
			golden := filepath.Join("testdata", name+".txt")
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestNothingSteersTheTerminalOverAPipe(t *testing.T) {
	screen, _ := play(t, "hello\n/report\n", nil)
	if strings.ContainsAny(screen, "\x1b\u202e") {
		t.Errorf("control characters came through: %q", screen)
	}
	coloured, _ := play(t, "hello\n", func(o *Options) { o.Colour = true })
	if !strings.Contains(coloured, "\x1b[1mYou said") || strings.Contains(coloured, "\x1b[2J") {
		t.Errorf("on a screen only our own bold is let through: %q", coloured)
	}
}

func TestAVeryLongLineIsTakenIn(t *testing.T) {
	long := strings.Repeat("ж", 100<<10)
	_, e := play(t, long+"\nnext\n", nil)
	if len(e.deeds) != 2 || !strings.Contains(e.deeds[0], long) || !strings.HasSuffix(e.deeds[1], "{next}") {
		t.Errorf("%d deeds", len(e.deeds))
	}
	_, e = play(t, strings.Repeat("x", maxLine+100)+"\nnext", nil)
	if len(e.deeds) != 2 || strings.Count(e.deeds[0], "x") != maxLine {
		t.Errorf("a line beyond the limit is not cut there: %d deeds", len(e.deeds))
	}
}

func TestDangerIsAnsweredInTheMiddleOfADialogue(t *testing.T) {
	screen, _ := play(t, "/report\n1\n\nshe has collapsed\n", func(o *Options) {
		o.Emergency = func(text string) (*bot.Message, bool) {
			return bot.Say("Call 999 now."), strings.Contains(text, "collapsed")
		}
	})
	if !strings.Contains(screen, "Call 999 now.") {
		t.Errorf("it was not:\n%s", screen)
	}
}

func TestWhatIsDueIsDeliveredAfterEveryLineAndAtTheEnd(t *testing.T) {
	settled := 0
	play(t, "one\ntwo\n", func(o *Options) {
		o.Settle = func(context.Context) error { settled++; return nil }
	})
	if settled < 4 { // at the start, after each of two lines, at the end
		t.Errorf("settled %d times", settled)
	}
	broken := errors.New("no disk")
	err := New(Options{In: strings.NewReader("one\n"), Out: &bytes.Buffer{}, Settle: func(context.Context) error { return broken }}).Run(t.Context(), &engine{})
	if !errors.Is(err, broken) {
		t.Errorf("want the reason, got %v", err)
	}
}

func TestAnEditSaysThatItChanges(t *testing.T) {
	var out bytes.Buffer
	window := New(Options{In: strings.NewReader(""), Out: &out, As: "dp-lead"})
	id, err := window.Deliver(t.Context(), bot.Delivery{To: bot.Address{User: "dp-lead"}, Message: *bot.Say("A card")})
	if err != nil || id == "" {
		t.Fatalf("%q, %v", id, err)
	}
	again, err := window.Deliver(t.Context(), bot.Delivery{To: bot.Address{Channel: "C", Name: "leads"}, Edit: id, Message: *bot.Say("A card")})
	if err != nil || again != id {
		t.Fatalf("%q, %v", again, err)
	}
	window.out.Flush()
	if want := "A card\n→ leads: (changed) A card\n"; out.String() != want {
		t.Errorf("want %q, got %q", want, out.String())
	}
}

// broken is a handler that panics at one word.
type broken struct{ *engine }

func (b broken) Handle(ctx context.Context, e bot.Event) (bot.Response, error) {
	if said, is := e.What.(bot.Said); is && said.Text == "quillonfernsby" {
		panic("cannot file " + said.Text)
	}
	return b.engine.Handle(ctx, e)
}

func TestAnAnswerThatPanicsIsToldAndTheConversationGoesOn(t *testing.T) {
	var out, log bytes.Buffer
	e := &engine{}
	e.terminal = New(Options{In: strings.NewReader("quillonfernsby\nhello\n"), Out: &out, Log: slog.New(slog.NewTextHandler(&log, nil))})
	if err := e.terminal.Run(t.Context(), broken{e}); err != nil {
		t.Fatal(err)
	}
	if screen := out.String(); !strings.Contains(screen, "the answer cannot be shown") || !strings.Contains(screen, "You said") {
		t.Errorf("the screen is\n%s", screen)
	}
	if !strings.Contains(log.String(), "an answer panicked") || strings.Contains(log.String(), "quillonfernsby") {
		t.Errorf("the log is\n%s", log.String())
	}
}
