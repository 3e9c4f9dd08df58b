package bot_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"shareright/bot"
	"shareright/config"
	"shareright/internal/directory"
	"shareright/internal/store"
	"shareright/knowledge/calendar"
	"shareright/scheduler"
)

// world is an engine with a toy feature over a real store, a clock that the test moves,
// and a platform that remembers what was delivered and fails when told to.
type world struct {
	t      testing.TB
	now    time.Time
	dir    string
	store  *store.Store
	bot    *bot.Bot
	runner *scheduler.Runner
	desk   *desk
	config config.Config
	kept   map[string]int     // months that a record is kept after its end
	days   *calendar.Calendar // nil for those that are built in
}

func newWorld(t testing.TB, features ...bot.Feature) *world {
	t.Helper()
	c := config.Default()
	c.Organisations[0].Roles = map[string][]config.Contact{
		"dp-lead": {{Platform: "desk", ID: "sam"}}, "deputy": {{Platform: "desk", ID: "dee"}}, "trustee": {{Platform: "desk", ID: "tess"}}}
	w := &world{t: t, now: time.Date(2026, 10, 23, 8, 15, 0, 0, time.UTC), dir: t.TempDir(), desk: &desk{}, config: c}
	w.open(features...)
	return w
}

func (w *world) open(features ...bot.Feature) {
	w.t.Helper()
	keys, _, err := store.LoadOrCreateKey(w.dir)
	if err != nil {
		w.t.Fatal(err)
	}
	w.store, err = store.Open(w.t.Context(), store.Options{Dir: w.dir, Keys: keys, Now: func() time.Time { return w.now }})
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { w.store.Close() })
	w.bot, err = bot.New(w.store, directory.New(w.config), features, bot.Options{Now: func() time.Time { return w.now }, Emergency: emergency, Calendar: w.days, Kept: w.kept})
	if err != nil {
		w.t.Fatal(err)
	}
	w.bot.Attach(w.desk)
	w.runner = scheduler.NewRunner(w.store, w.bot.Work, scheduler.RunnerOptions{Now: func() time.Time { return w.now }})
}

func emergency(text string) (*bot.Message, bool) {
	return bot.Say("Call 999 now."), strings.Contains(text, "collapsed")
}

// do hands one event to the engine and fails the test when that fails.
func (w *world) do(user string, deed bot.Deed) bot.Response {
	w.t.Helper()
	return w.event(bot.Event{Platform: "desk", User: user, UserName: strings.ToUpper(user[:1]) + user[1:], What: deed})
}

func (w *world) event(e bot.Event) bot.Response {
	w.t.Helper()
	r, err := w.bot.Handle(w.t.Context(), e)
	if err != nil {
		w.t.Fatalf("handle %+v: %v", e.What, err)
	}
	return r
}

// wait moves the clock and runs what is due at its own time.
func (w *world) wait(d time.Duration) {
	w.t.Helper()
	until := w.now.Add(d)
	for {
		at, any, err := w.store.NextJob(w.t.Context())
		if err != nil {
			w.t.Fatal(err)
		}
		if !any || at.After(until) {
			break
		}
		if at.After(w.now) {
			w.now = at
		}
		w.runDue()
	}
	w.now = until
}

func (w *world) runDue() {
	w.t.Helper()
	if _, err := w.runner.RunDue(w.t.Context(), w.now); err != nil {
		w.t.Fatal(err)
	}
}

// desk is a platform that remembers.
type desk struct {
	got   []bot.Delivery
	fails []error // taken one by one before a delivery arrives
	lost  bool    // the delivery arrives, but the answer does not

	during func() // what happens once while a delivery is on its way
}

func (d *desk) Name() string                                 { return "desk" }
func (d *desk) Run(ctx context.Context, _ bot.Handler) error { <-ctx.Done(); return nil }

func (d *desk) Deliver(_ context.Context, m bot.Delivery) (bot.MessageID, error) {
	if during := d.during; during != nil {
		d.during = nil
		during()
	}
	if len(d.fails) > 0 {
		err := d.fails[0]
		d.fails = d.fails[1:]
		return "", err
	}
	d.got = append(d.got, m)
	if d.lost {
		d.lost = false
		return "", errors.New("the connection broke")
	}
	if m.Edit != "" {
		return m.Edit, nil
	}
	return bot.MessageID("m" + string(rune('0'+len(d.got)))), nil
}

// to lists what a person was sent, edits marked.
func (d *desk) to(user string) []string {
	var lines []string
	for _, m := range d.got {
		if m.To.User != user {
			continue
		}
		line := m.Message.Title
		if m.Edit != "" {
			line = "edit: " + line
		}
		if m.Repeat {
			line += " (repeat)"
		}
		lines = append(lines, line)
	}
	return lines
}

// lost is the record of the toy feature.
type lost struct {
	What  string `json:"what"`
	Story string `json:"story"`
	Many  *int   `json:"many"`
	Taken string `json:"taken"`
}

func (lost) RecordKind() string       { return "lost" }
func (l lost) RecordIndex() bot.Index { return bot.Index{State: l.Taken} }

// toy is a feature with a form of two pages, a button for the lead and a timer.
func toy() bot.Feature {
	form := bot.Form[lost]{ID: "toy", Title: "Lost", Submit: "Send report",
		Dropped: func(t bot.Turn) bot.Outcome {
			return bot.Outcome{Posts: []bot.Post{{Key: "dropped", To: bot.ToPerson(t.By.ID), Class: scheduler.Routine, Message: *bot.Say("Another time, then.")}}}
		},
		Pages: []bot.Page[lost]{
			{ID: "one", Fields: []bot.Field[lost]{
				bot.AskOne("what", "What did you lose?", func(l *lost) *string { return &l.What },
					bot.Option{Value: "bag", Label: "A bag", Also: []string{"rucksack"}}, bot.Option{Value: "paper", Label: "Paper"},
					bot.Option{Value: "collapsed_shelf", Label: "A shelf"}).Why("It says where to look."),
				bot.AskStory("story", "Tell us in a few words", func(l *lost) *string { return &l.Story }).Optional(),
			}},
			{ID: "two", When: func(l lost) bool { return l.What == "paper" }, Fields: []bot.Field[lost]{
				bot.AskNumber("many", "How many pages?", func(l *lost) **int { return &l.Many }).NotSure("Not yet known"),
			}},
		},
		Done: func(_ context.Context, t bot.Turn, l lost) (bot.Outcome, error) {
			ref := t.NewRef("LO")
			return bot.Outcome{
				Save:  map[bot.Ref]bot.Record{ref: l},
				Reply: bot.Say("Reported as " + string(ref)),
				Posts: []bot.Post{{Key: "lost/" + string(ref), To: bot.ToRole(bot.DPLead), Class: scheduler.Escalation,
					Message: *bot.Say("Lost: " + l.What).With(bot.Button{Action: "toy.take", Label: "I have got this", Ref: ref})}},
				Jobs: []scheduler.Job{{Key: scheduler.Key{Kind: "toy.remind", Name: string(ref)}, Due: t.Now.Add(24 * time.Hour), Class: scheduler.Routine, About: string(ref)}},
			}, nil
		}}
	return bot.Feature{Name: "toy",
		Commands: []bot.Command{
			{Name: "lost", Help: "Report something lost", Example: "/lost", Run: func(context.Context, bot.Turn, string) (bot.Outcome, error) {
				return bot.Outcome{Ask: form.Begin(lost{})}, nil
			}},
			{Under: "dp", Name: "secret", Help: "For the lead", Who: []bot.Role{bot.DPLead}, Run: func(context.Context, bot.Turn, string) (bot.Outcome, error) {
				return bot.Outcome{Reply: bot.Say("secret")}, nil
			}},
		},
		Forms: []bot.Dialogue{form},
		Actions: []bot.Action{{ID: "toy.take", Who: []bot.Role{bot.DPLead}, Do: func(ctx context.Context, t bot.Turn, ref bot.Ref) (bot.Outcome, error) {
			l, err := bot.Load[lost](ctx, t, ref)
			if err != nil {
				return bot.Outcome{}, err
			}
			if l.Taken != "" {
				return bot.Outcome{Reply: bot.Say(l.Taken + " has this already.")}, nil
			}
			l.Taken = t.By.Name
			return bot.Outcome{Save: map[bot.Ref]bot.Record{ref: l}, Posts: []bot.Post{{Key: "lost/" + string(ref), To: bot.ToRole(bot.DPLead),
				Class: scheduler.Escalation, Message: *bot.Say("Lost: " + l.What + ". " + l.Taken + " has got this.")}}}, nil
		}}},
		Timers: []bot.Timer{{Kind: "toy.remind", Do: func(_ context.Context, t bot.Turn, job scheduler.Job) (bot.Outcome, error) {
			return bot.Outcome{Posts: []bot.Post{{Key: "remind/" + job.About, To: bot.ToRole(bot.DPLead), Class: scheduler.Routine, Message: *bot.Say("Still looking?")}}}, nil
		}}},
	}
}

// answer submits the page a response shows.
func (w *world) answer(user string, r bot.Response, answers map[string][]string) bot.Response {
	w.t.Helper()
	if r.Show == nil {
		w.t.Fatalf("no page is shown, but %+v", r.Reply)
	}
	return w.do(user, bot.Submitted{Session: r.Show.Session, Seq: r.Show.Seq, Answers: answers})
}

func (w *world) report(user string) (ref bot.Ref) {
	w.t.Helper()
	r := w.answer(user, w.do(user, bot.Ran{Command: "/lost"}), map[string][]string{"what": {"bag"}})
	r = w.answer(user, r, nil)
	_, got, found := strings.Cut(r.Reply.Title, "Reported as ")
	if !found {
		w.t.Fatalf("no reference in %q", r.Reply.Title)
	}
	return bot.Ref(got)
}
