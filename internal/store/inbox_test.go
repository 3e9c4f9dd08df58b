package store

import (
	"context"
	"testing"

	"shareright/bot"
)

func (w *world) answered(org bot.OrgID, event string) (response []byte, done bool, err error) {
	err = w.View(w.t.Context(), func(tx bot.Tx) error {
		response, done, err = tx.Answered(w.t.Context(), org, event)
		return err
	})
	return response, done, err
}

func TestAnEventIsAnsweredOnce(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		answer := func(ctx context.Context, text string) error {
			return w.Update(ctx, func(tx bot.Tx) error { return tx.Answer(ctx, oak, "Ev1", []byte(text), monday) })
		}
		if _, done, err := w.answered(oak, "Ev1"); err != nil || done {
			t.Fatalf("before: %v, %v", done, err)
		}
		if err := answer(t.Context(), "first"); err != nil {
			t.Fatal(err)
		}
		if err := answer(t.Context(), "second"); err == nil {
			t.Error("the event was answered twice")
		}
		if got, done, err := w.answered(oak, "Ev1"); err != nil || !done || string(got) != "first" {
			t.Errorf("the answer is %q, %v, %v", got, done, err)
		}
		w.tamper(`UPDATE inbox SET event = 'Ev2'`)
		if _, _, err := w.answered(oak, "Ev2"); err == nil {
			t.Error("an answer opened under another event")
		}
	})
}
