package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"shareright/bot"
	"shareright/scheduler"
)

func TestATurnIsCommittedWhole(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		w.update(func(tx bot.Tx) error { return aTurn(t.Context(), tx, oak, "BR-1") })
		w.reopen()
		row, err := w.get(oak, "breach", "BR-1")
		if err != nil || row.Version != 1 || string(row.Body) != `{"said":"folder on the bus"}` ||
			row.State != "open" || row.Owner != "slack:U0123" || !row.Due.Equal(monday.Add(72*time.Hour)) || !row.Expires.IsZero() {
			t.Errorf("after a restart the record is %+v, %v", row, err)
		}
		if n := w.count(`SELECT COUNT(*) FROM jobs`); n != 6 {
			t.Errorf("%d jobs were kept, want 6", n)
		}
	})
}

// aTurn is what one step of a breach report leads to.
func aTurn(ctx context.Context, tx bot.Tx, org bot.OrgID, ref string) error {
	session := bot.Row{Kind: "session", Ref: "S-" + ref, Body: []byte(`{"page":2}`),
		Index: bot.Index{Owner: "slack:U0123", Opened: monday, Expires: monday.Add(24 * time.Hour)}}
	err := cmp.Or(tx.Put(ctx, org, breach(ref, "folder on the bus")), tx.Put(ctx, org, session))
	for i := range 6 {
		err = cmp.Or(err, tx.PutJob(ctx, aJob(org, fmt.Sprintf("%s/%d", ref, i), monday.Add(time.Hour), scheduler.Statutory)))
	}
	return cmp.Or(err,
		tx.Append(ctx, org, bot.Entry{At: monday, Who: "slack:U0123", What: "breach.report", Ref: bot.Ref(ref)}),
		tx.Answer(ctx, org, "Ev-"+ref, []byte(`{"reply":"thank you"}`), monday))
}

func TestATurnThatFailsLeavesNothing(t *testing.T) {
	boom := errors.New("boom")
	eachEngine(t, func(t *testing.T, w *world) {
		err := w.Update(t.Context(), func(tx bot.Tx) error {
			return cmp.Or(aTurn(t.Context(), tx, oak, "BR-1"), boom)
		})
		if !errors.Is(err, boom) {
			t.Fatalf("got %v, want the error of the turn", err)
		}
		func() {
			defer func() {
				if p := recover(); p != boom {
					t.Errorf("the panic became %v", p)
				}
			}()
			_ = w.Update(t.Context(), func(tx bot.Tx) error {
				if err := aTurn(t.Context(), tx, oak, "BR-2"); err != nil {
					t.Error(err)
				}
				panic(boom)
			})
		}()
		w.update(func(tx bot.Tx) error { return aTurn(t.Context(), tx, oak, "BR-3") })
		for table, want := range map[string]int{"rows": 2, "row_keys": 2, "jobs": 6, "entries": 1, "inbox": 1, "org_keys": 1} {
			if n := w.count("SELECT COUNT(*) FROM " + table); n != want {
				t.Errorf("%s holds %d lines, want only the %d of the third turn", table, n, want)
			}
		}
		if r, err := w.Verify(t.Context(), oak); err != nil || !r.OK() || r.Entries != 1 {
			t.Errorf("the trail is %+v, %v", r, err)
		}
	})
}

func TestTurnsSideBySideAllCount(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		const workers, rounds = 8, 12
		w.put(oak, bot.Row{Kind: "tally", Ref: "T", Body: []byte{0}})
		var wg sync.WaitGroup
		for range workers {
			wg.Go(func() {
				for range rounds {
					err := w.Update(t.Context(), func(tx bot.Tx) error {
						row, err := tx.Get(t.Context(), oak, "tally", "T")
						if err != nil {
							return err
						}
						row.Body[0]++
						return cmp.Or(tx.Put(t.Context(), oak, row), tx.Append(t.Context(), oak, bot.Entry{At: monday, What: "count"}))
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		row, err := w.get(oak, "tally", "T")
		if err != nil || int(row.Body[0]) != workers*rounds {
			t.Errorf("%d turns counted to %v, %v", workers*rounds, row.Body, err)
		}
		if r, err := w.Verify(t.Context(), oak); err != nil || !r.OK() || r.Entries != workers*rounds {
			t.Errorf("the trail is %+v, %v", r, err)
		}
	})
}

// Two stores on one PostgreSQL are two replicas; on SQLite they are the program and a command.
func TestTwoProcessesNeverBothDecideOnTheSameMoment(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		other, err := Open(t.Context(), w.opts)
		if err != nil {
			t.Fatal(err)
		}
		defer other.Close()
		// Each turn says "I have got this" if nobody else has, in a row of its own: a
		// plain snapshot would let both believe they are first.
		for round := range 20 {
			var wg sync.WaitGroup
			for i, s := range []*Store{w.Store, other} {
				wg.Go(func() {
					err := s.Update(t.Context(), func(tx bot.Tx) error {
						taken, err := tx.Find(t.Context(), oak, bot.Query{Kind: fmt.Sprint("claim", round)})
						if err != nil || len(taken) > 0 {
							return err
						}
						return tx.Put(t.Context(), oak, bot.Row{Kind: fmt.Sprint("claim", round), Ref: fmt.Sprint(i), Body: []byte("{}")})
					})
					if err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
			if n := w.count(`SELECT COUNT(*) FROM rows WHERE kind = ?`, fmt.Sprint("claim", round)); n != 1 {
				t.Fatalf("round %d: %d people have got this, want 1", round, n)
			}
		}
	})
}

func TestAStaleRowIsAConflict(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		w.put(oak, breach("BR-1", "first"))
		first, err := w.get(oak, "breach", "BR-1")
		if err != nil {
			t.Fatal(err)
		}
		w.put(oak, first)
		for name, row := range map[string]bot.Row{"the version before": first, "a new row of the same name": breach("BR-1", "again")} {
			runs := 0
			err := w.Update(t.Context(), func(tx bot.Tx) error { runs++; return tx.Put(t.Context(), oak, row) })
			if !errors.Is(err, bot.ErrConflict) || runs < 2 {
				t.Errorf("putting %s ran %d times and gave %v, want several and a conflict", name, runs, err)
			}
		}
	})
}

func TestAViewOnlyReadsAndNothingOutlivesItsTransaction(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		var kept bot.Tx
		err := w.View(t.Context(), func(tx bot.Tx) error { kept = tx; return tx.Put(t.Context(), oak, breach("BR-1", "x")) })
		if !errors.Is(err, errReadOnly) {
			t.Errorf("a write in a view gave %v", err)
		}
		if _, err := kept.Get(t.Context(), oak, "breach", "BR-1"); !errors.Is(err, errOver) {
			t.Errorf("a view that is over answered %v", err)
		}
		w.update(func(tx bot.Tx) error { kept = tx; return nil })
		if err := kept.Put(t.Context(), oak, breach("BR-1", "x")); !errors.Is(err, errOver) {
			t.Errorf("a turn that is over answered %v", err)
		}
	})
}

func TestATurnDoesNotBeginWhenNobodyWaitsAnyMore(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := w.Update(ctx, func(tx bot.Tx) error { return tx.Put(ctx, oak, breach("BR-1", "x")) }); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		if n := w.count(`SELECT COUNT(*) FROM rows`); n != 0 {
			t.Errorf("%d rows were stored", n)
		}
	})
}

func TestNamesThatOneDatabaseCannotKeepAreRefusedByBoth(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		for _, ref := range []string{"BR\x00", "BR\xff"} {
			if err := w.Update(t.Context(), func(tx bot.Tx) error { return tx.Put(t.Context(), oak, breach(ref, "x")) }); err == nil {
				t.Errorf("%q was stored", ref)
			}
		}
		if err := w.Update(t.Context(), func(tx bot.Tx) error { return tx.Put(t.Context(), "", breach("BR-1", "x")) }); !errors.Is(err, errNoOrg) {
			t.Errorf("a row of no organisation gave %v", err)
		}
		// A note from an error text must not cost the turn.
		w.update(func(tx bot.Tx) error {
			return tx.Append(t.Context(), oak, bot.Entry{At: monday, What: "x", Note: "bad \x00 and \xff"})
		})
		if r, err := w.Verify(t.Context(), oak); err != nil || !r.OK() {
			t.Errorf("the trail is %+v, %v", r, err)
		}
	})
}

// Statements that are put off must be seen by those that follow them in the same turn.
func TestATurnSeesWhatItWroteItself(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.update(func(tx bot.Tx) error {
			if err := aTurn(ctx, tx, oak, "BR-1"); err != nil {
				return err
			}
			row, err := tx.Get(ctx, oak, "breach", "BR-1")
			if err != nil || row.Version != 1 {
				t.Errorf("get: %+v, %v", row, err)
			}
			row.Body = []byte("second")
			if err := tx.Put(ctx, oak, row); err != nil {
				return err
			}
			if rows, err := tx.Find(ctx, oak, bot.Query{Kind: "breach"}); err != nil || len(rows) != 1 || string(rows[0].Body) != "second" {
				t.Errorf("find: %+v, %v", rows, err)
			}
			if err := tx.StopJob(ctx, aJob(oak, "BR-1/0", monday, "").Key); err != nil {
				return err
			}
			if jobs, err := tx.Pending(ctx, string(oak), ""); err != nil || len(jobs) != 5 {
				t.Errorf("pending: %q, %v", jobNames(jobs), err)
			}
			if _, done, err := tx.Answered(ctx, oak, "Ev-BR-1"); err != nil || !done {
				t.Errorf("answered: %v, %v", done, err)
			}
			if err := tx.Erase(ctx, oak, "breach", "BR-1"); err != nil {
				return err
			}
			return tx.Put(ctx, oak, breach("BR-1", "again"))
		})
		if row, err := w.get(oak, "breach", "BR-1"); err != nil || row.Version != 1 || string(row.Body) != `{"said":"again"}` {
			t.Errorf("at the end: %+v, %v", row, err)
		}
	})
}
