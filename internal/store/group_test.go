package store

import (
	"errors"
	"runtime"
	"sync"
	"testing"

	"shareright/bot"
)

// queue runs turns that share one commit: each holds the writer until the next one waits for it.
func (w *world) queue(turns ...func(tx bot.Tx) error) []error {
	g := w.engine.(*sqlite).group
	errs := make([]error, len(turns))
	var wg sync.WaitGroup
	next := make(chan struct{}, 1)
	for i, turn := range turns {
		wg.Go(func() {
			defer func() {
				if p := recover(); p != nil {
					errs[i] = p.(error)
				}
			}()
			errs[i] = w.Update(w.t.Context(), func(tx bot.Tx) error {
				err := turn(tx)
				next <- struct{}{}
				for i < len(turns)-1 && g.waiting.Load() == 0 {
					runtime.Gosched()
				}
				return err
			})
		})
		if i < len(turns)-1 {
			<-next // this one is inside, so the next will wait behind it
		}
	}
	wg.Wait()
	return errs
}

func TestTurnsThatShareACommitFailAlone(t *testing.T) {
	w := newWorld(t, "")
	boom := errors.New("boom")
	put := func(ref string, err error) func(tx bot.Tx) error {
		return func(tx bot.Tx) error { return errors.Join(tx.Put(t.Context(), oak, breach(ref, "x")), err) }
	}
	errs := w.queue(put("BR-1", boom), put("BR-2", nil), put("BR-3", boom), put("BR-4", nil))
	for i, fails := range []bool{true, false, true, false} {
		if errors.Is(errs[i], boom) != fails {
			t.Errorf("turn %d returned %v", i+1, errs[i])
		}
	}
	w.reopen()
	if got := w.find(oak, bot.Query{Kind: "breach"}); got != "BR-2 BR-4" {
		t.Errorf("stored are %q, want BR-2 BR-4", got)
	}
}

// The first turn waits for the commit of the last, and is told when that fails.
func TestASharedCommitThatFailsIsToldToAll(t *testing.T) {
	w := newWorld(t, "")
	put := func(ref string) func(tx bot.Tx) error {
		return func(tx bot.Tx) error { return tx.Put(t.Context(), oak, breach(ref, "x")) }
	}
	w.put(oak, breach("BR-0", "x"))
	errs := w.queue(put("BR-1"), put("BR-2"), func(tx bot.Tx) error {
		// As SQLite does by itself when the disk is full.
		_, err := w.engine.(*sqlite).group.conn.ExecContext(t.Context(), "ROLLBACK")
		return errors.Join(err, errors.New("the disk is full"))
	})
	for i, err := range errs {
		if err == nil {
			t.Errorf("turn %d was told that it is stored", i+1)
		}
	}
	w.put(oak, breach("BR-4", "x"))
	if got := w.find(oak, bot.Query{Kind: "breach"}); got != "BR-0 BR-4" {
		t.Errorf("stored are %q, want BR-0 BR-4", got)
	}
}
