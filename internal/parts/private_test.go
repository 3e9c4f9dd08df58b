package parts

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"shareright/bot"
	"shareright/config"
	"shareright/internal/program"
)

// What a question gives away about people is nowhere afterwards: in no row, no answer, no
// message to anybody, and no line of the log. Nothing is kept of practice at all.
func TestAQuestionLeavesNoNameOrNumberBehind(t *testing.T) {
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	var log bytes.Buffer
	c := config.Default()
	c.Data = t.TempDir()
	c.Organisations[0].Roles = map[string][]config.Contact{"dp-lead": {{Platform: "slack", ID: "U0SAM"}}, "safeguarding-lead": {{Platform: "slack", ID: "U0GIL"}}}
	p, err := program.Open(t.Context(), c, All(), program.Options{Now: func() time.Time { return now }, Log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	h := &heard{}
	p.Bot.Attach(h)
	secrets := []string{"Zbigniew", "zbigniew", "Kowalski", "900123", "SW1A 1AA", "943 476 5919", "QQ 12 34 56", "someone@example.org"}
	for i, said := range []string{
		"can I share Zbigniew Kowalski's number 07700 900123 with the police?",
		"zbigniew has collapsed at SW1A 1AA, can I tell the ambulance his NHS number 943 476 5919",
		"can I mail someone@example.org that Zbigniew told me dad hits him?",
		"does zbigniew kowalski pay a membership fee",
	} {
		event := bot.Event{ID: "E" + string(rune('0'+i)), Platform: "slack", User: "U0JO", What: bot.Said{Text: said}}
		r, err := p.Bot.Handle(t.Context(), event)
		if err != nil {
			t.Fatal(err)
		}
		if r.Reply != nil {
			for _, b := range r.Reply.Buttons {
				if _, err := p.Bot.Handle(t.Context(), bot.Event{ID: event.ID + b.Action, Platform: "slack", User: "U0JO", What: bot.Pressed{Action: b.Action, Ref: b.Ref}}); err != nil {
					t.Fatal(err)
				}
			}
			h.said = append(h.said, r.Reply.Plain())
		}
		if r.Show != nil {
			for _, b := range r.Show.Intro {
				h.said = append(h.said, b.Plain()...)
			}
		}
	}
	form, err := p.Bot.Handle(t.Context(), bot.Event{ID: "F1", Platform: "slack", User: "U0JO", What: bot.Ran{Command: "breach"}})
	if err != nil {
		t.Fatal(err)
	}
	sent, err := p.Bot.Handle(t.Context(), bot.Event{ID: "F2", Platform: "slack", User: "U0JO", What: bot.Submitted{Session: form.Show.Session, Seq: form.Show.Seq,
		Answers: map[string][]string{"cause": {"lost"}, "story": {"a list with 07700 900123 and someone@example.org on the bus"}}}})
	if err != nil || len(sent.Problems) == 0 || !strings.Contains(strings.Join(rows(t, p, "session"), " "), "a list with … and … on the bus") {
		t.Errorf("the form: problems %v, %v", sent.Problems, err)
	}
	if _, err := p.Runner.RunDue(t.Context(), now); err != nil {
		t.Fatal(err)
	}
	kept := rows(t, p, "question", "session", "decision", "post", "person", "backlog")
	if len(kept) < 4 || len(h.said) < 4 {
		t.Fatalf("only %d rows and %d messages: the test looks in the wrong place", len(kept), len(h.said))
	}
	for _, secret := range secrets {
		for _, text := range append(append(kept, h.said...), log.String()) {
			if strings.Contains(text, secret) {
				t.Errorf("%q is still here: %s", secret, text)
			}
		}
	}
	before := len(rows(t, p, "question", "session", "decision", "post", "backlog"))
	for _, text := range []string{"she has collapsed, can I tell the ambulance crew", "can I share his address with the police?"} {
		if _, err := p.Bot.Handle(t.Context(), bot.Event{ID: "P" + text, Platform: "slack", User: "U0JO", What: bot.Ran{Command: "dp", Text: "practise " + text}}); err != nil {
			t.Fatal(err)
		}
	}
	if after := len(rows(t, p, "question", "session", "decision", "post", "backlog")); after != before {
		t.Errorf("practice left %d rows", after-before)
	}
}

// rows are the bodies of all rows of these kinds, unsealed.
func rows(t *testing.T, p *program.Program, kinds ...string) (bodies []string) {
	t.Helper()
	err := p.Store.View(t.Context(), func(tx bot.Tx) error {
		for _, kind := range kinds {
			found, err := tx.Find(context.Background(), "main", bot.Query{Kind: kind})
			if err != nil {
				return err
			}
			for _, row := range found {
				bodies = append(bodies, row.Ref+string(row.Body))
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return bodies
}
