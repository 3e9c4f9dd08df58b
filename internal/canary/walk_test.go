package canary

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"shareright/bot"
	"shareright/internal/program"
)

// tenant is one organisation and the words that only its people type.
type tenant struct {
	workspace string
	word      string            // in every free text; must never reach the other organisation
	called    string            // what its people are called, who act under their names in channels too
	personal  map[string]string // about others, by what it is; must never reach a channel, a log, a figure or the disk
	lead      string
	jo        string
	seen      []string          // everything that this organisation's people were shown
	buttons   map[string]string // the newest reference by action
	refs      map[string]bool
}

func (x *tenant) canaries() []string {
	return append(slices.Collect(maps.Values(x.personal)), x.word, x.called)
}

func (x *tenant) channel() string { return "C0" + x.workspace }

// world is the program with its two organisations and a platform that remembers.
type world struct {
	t       *testing.T
	p       *program.Program
	tenants []*tenant
	in      chan bot.Handler
	h       bot.Handler

	mu       sync.Mutex
	now      time.Time
	channels []string // everything that was posted where several people read
	titles   []string // of every message: what a locked screen shows of it
	events   int
	turns    int
}

func (w *world) Name() string { return "slack" }

// Run gives the walk the way that people's deeds take in the program, where each is counted.
func (w *world) Run(ctx context.Context, h bot.Handler) error {
	w.in <- h
	<-ctx.Done()
	return nil
}

func (w *world) Deliver(_ context.Context, d bot.Delivery) (bot.MessageID, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	x := w.of(d.To)
	if x == nil {
		return "", &bot.Unreachable{Err: fmt.Errorf("no such workspace"), Fix: "none"}
	}
	if w.events++; w.events%5 == 0 {
		return "", errors.New("slack: internal_error") // tried again, and the log tells of it
	}
	x.sees(d.Message)
	w.titles = append(w.titles, d.Message.Title)
	if d.To.Channel != "" && d.To.User == "" {
		w.channels = append(w.channels, shown(d.Message))
	}
	return bot.MessageID(fmt.Sprint("m", w.events)), nil
}

// DeliverFile takes a file as a person would get it.
func (w *world) DeliverFile(ctx context.Context, d bot.Delivery, name string, content []byte) (bot.MessageID, error) {
	id, err := w.Deliver(ctx, d)
	if x := w.of(d.To); x != nil && err == nil {
		w.mu.Lock()
		defer w.mu.Unlock()
		x.seen = append(x.seen, readFile(w.t, name, content))
	}
	return id, err
}

// of is whose place an address is: by its workspace, or by the person, whose ids are their own.
func (w *world) of(a bot.Address) *tenant {
	for _, x := range w.tenants {
		if a.Workspace == x.workspace || strings.HasSuffix(a.User, x.workspace) || a.Channel == x.channel() {
			return x
		}
	}
	return nil
}

// shown is everything of a message that somebody could read.
func shown(m bot.Message) string {
	text := m.Plain()
	for _, b := range m.Buttons {
		text += "\n[" + b.Label + "|" + string(b.Ref) + "|" + b.Confirm + "]"
	}
	return text
}

func (x *tenant) sees(m bot.Message) {
	x.seen = append(x.seen, shown(m))
	for _, b := range m.Buttons {
		if b.Ref != "" && !strings.HasPrefix(b.Action, "bot.") {
			x.refs[string(b.Ref)] = true
		}
		x.buttons[b.Action+" "+kindOf(b.Ref)] = b.Action + "\x00" + string(b.Ref)
	}
}

// kindOf is what begins a reference, so that each action is pressed on each kind of record once.
func kindOf(ref bot.Ref) string {
	kind, _, _ := strings.Cut(string(ref), "-")
	return kind
}

// does lets somebody do something, and follows every form it opens to its end.
func (w *world) does(x *tenant, user string, what bot.Deed) bot.Response {
	w.t.Helper()
	r := w.once(x, user, what)
	for page := 0; r.Show != nil && page < 40; page++ {
		v := *r.Show
		answers := x.answers(v, page%2 == 0, w.turns)
		next := w.once(x, user, bot.Submitted{Session: v.Session, Seq: v.Seq, Answers: answers})
		if len(next.Problems) > 0 && next.Show != nil {
			answers = x.answers(*next.Show, false, w.turns)
			for field := range next.Problems {
				if i := slices.IndexFunc(next.Show.Fields, func(f bot.FieldView) bool { return f.ID == field }); i >= 0 {
					answers[field] = plainAnswer(next.Show.Fields[i], w.turns, true)
				}
			}
			again := w.once(x, user, bot.Submitted{Session: next.Show.Session, Seq: next.Show.Seq, Answers: answers})
			if len(again.Problems) > 0 {
				w.once(x, user, bot.Submitted{Session: next.Show.Session, Seq: next.Show.Seq, Go: bot.Go{Cancel: true}})
				return again
			}
			next = again
		}
		r = next
	}
	return r
}

func (w *world) once(x *tenant, user string, what bot.Deed) bot.Response {
	w.t.Helper()
	w.turns++
	r, err := w.h.Handle(w.t.Context(), bot.Event{ID: fmt.Sprint("E", w.turns), Platform: "slack", Workspace: x.workspace,
		User: user, UserName: x.called, Channel: "C0GENERAL" + x.workspace, What: what})
	if err != nil {
		w.t.Errorf("%T %+v: %v", what, what, err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if r.Reply != nil {
		x.sees(*r.Reply)
	}
	for _, part := range r.Page {
		x.sees(part)
	}
	for _, o := range r.Choices {
		x.seen = append(x.seen, o.Label+" "+o.Value+" "+o.Hint)
	}
	if r.Show != nil {
		x.seen = append(x.seen, fmt.Sprintf("%+v", *r.Show))
	}
	for _, problem := range r.Problems {
		x.seen = append(x.seen, problem)
	}
	return r
}

// answers fills a page in, at first with everything that should not be typed.
func (x *tenant) answers(v bot.View, careless bool, turn int) map[string][]string {
	answers := map[string][]string{}
	for _, f := range v.Fields {
		switch {
		case len(f.Value) > 0:
			answers[f.ID] = f.Value
		case f.Kind == bot.TextField || f.Kind == bot.StoryField:
			said := x.word + " again"
			if careless {
				said += " " + strings.Join(slices.Sorted(maps.Values(x.personal)), ", ")
			}
			answers[f.ID] = []string{said}
		case f.Kind == bot.PersonField:
			answers[f.ID] = []string{"slack:" + x.jo}
		default:
			answers[f.ID] = plainAnswer(f, turn, false)
		}
	}
	return answers
}

// plainAnswer is one that ought to be taken; of several choices another one each time.
func plainAnswer(f bot.FieldView, turn int, refused bool) []string {
	switch f.Kind {
	case bot.NumberField:
		return []string{"12"}
	case bot.DateField, bot.WhenField:
		if refused {
			return []string{"1 March 2029"}
		}
		return []string{"yesterday"}
	case bot.OneField, bot.ManyField:
		if n := len(f.Options); n > 0 {
			if f.Optional && turn%3 > 0 {
				return nil
			}
			return []string{f.Options[turn%n].Value}
		}
	}
	return []string{"nothing more"}
}

// later lets the clock run on, from one due job to the next.
func (w *world) later(d time.Duration) {
	w.t.Helper()
	for until := w.clock().Add(d); w.clock().Before(until); {
		w.mu.Lock()
		w.now = w.now.Add(min(d, 24*time.Hour))
		w.mu.Unlock()
		if _, err := w.p.Runner.RunDue(w.t.Context(), w.clock()); err != nil {
			w.t.Fatal(err)
		}
	}
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}
