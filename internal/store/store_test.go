package store

import (
	"cmp"
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"shareright/bot"
	"shareright/scheduler"
)

// monday is when everything in these tests happens.
var monday = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

const (
	oak = bot.OrgID("oak-youth")
	elm = bot.OrgID("elm-trust")
)

// world is one database of its own and the store that is open on it.
type world struct {
	*Store
	t    testing.TB
	opts Options
}

// eachEngine runs the same test on SQLite and, when a server is named, on PostgreSQL.
func eachEngine(t *testing.T, test func(t *testing.T, w *world)) {
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		test(t, newWorld(t, ""))
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		t.Parallel()
		test(t, newWorld(t, postgresURL(t)))
	})
}

func newWorld(t testing.TB, url string) *world {
	t.Helper()
	w := &world{t: t, opts: Options{URL: url, Dir: t.TempDir(), Keys: testKeys(t, 1), Now: func() time.Time { return monday }}}
	w.reopen()
	t.Cleanup(func() { w.Close() })
	return w
}

// reopen is what a restart does.
func (w *world) reopen() {
	w.t.Helper()
	if w.Store != nil {
		if err := w.Store.Close(); err != nil {
			w.t.Fatalf("close: %v", err)
		}
	}
	s, err := Open(w.t.Context(), w.opts)
	if err != nil {
		w.t.Fatalf("open: %v", err)
	}
	w.Store = s
}

// postgresURL makes a schema for one test and drops it at the end.
func postgresURL(t testing.TB) string {
	t.Helper()
	server := os.Getenv("SHARERIGHT_TEST_POSTGRES")
	if server == "" {
		t.Skip("SHARERIGHT_TEST_POSTGRES names no server")
	}
	db, err := sql.Open("pgx", server)
	if err != nil {
		t.Fatal(err)
	}
	schema := "shareright_" + strings.ToLower(rand.Text())
	if _, err := db.ExecContext(t.Context(), "CREATE SCHEMA "+schema); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_, err := db.ExecContext(context.Background(), "DROP SCHEMA "+schema+" CASCADE")
		if err := errors.Join(err, db.Close()); err != nil {
			t.Error(err)
		}
	})
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set("search_path", schema)
	u.RawQuery = q.Encode()
	return u.String()
}

// testKeys makes a ring of fixed keys, named by their numbers.
func testKeys(t testing.TB, numbers ...byte) KeyRing {
	t.Helper()
	var text strings.Builder
	for _, n := range numbers {
		fmt.Fprintln(&text, strings.Repeat(fmt.Sprintf("%02x", n), keySize))
	}
	ring, err := ParseKeys(text.String())
	if err != nil {
		t.Fatal(err)
	}
	return ring
}

// tamper changes the database behind the program's back.
func (w *world) tamper(query string, args ...any) {
	w.t.Helper()
	db, err := w.engine.side(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(w.t.Context(), w.engine.rebind(query), args...); err != nil {
		w.t.Fatalf("%s: %v", query, err)
	}
}

func (w *world) count(query string, args ...any) int {
	w.t.Helper()
	var n int
	if err := w.engine.reader().QueryRowContext(w.t.Context(), w.engine.rebind(query), args...).Scan(&n); err != nil {
		w.t.Fatalf("%s: %v", query, err)
	}
	return n
}

func (w *world) update(fn func(tx bot.Tx) error) {
	w.t.Helper()
	if err := w.Update(w.t.Context(), fn); err != nil {
		w.t.Fatalf("update: %v", err)
	}
}

func (w *world) put(org bot.OrgID, row bot.Row) {
	w.t.Helper()
	w.update(func(tx bot.Tx) error { return tx.Put(w.t.Context(), org, row) })
}

func (w *world) get(org bot.OrgID, kind, ref string) (row bot.Row, err error) {
	err = w.View(w.t.Context(), func(tx bot.Tx) error {
		row, err = tx.Get(w.t.Context(), org, kind, ref)
		return err
	})
	return row, err
}

func (w *world) append(org bot.OrgID, what ...string) {
	w.t.Helper()
	for _, one := range what {
		w.update(func(tx bot.Tx) error {
			return tx.Append(w.t.Context(), org, bot.Entry{At: monday, Who: "slack:U0123", What: one, Ref: "BR-7K3Q", Note: "12 people"})
		})
	}
}

func (w *world) putJob(job scheduler.Job) {
	w.t.Helper()
	w.update(func(tx bot.Tx) error { return tx.PutJob(w.t.Context(), job) })
}

func (w *world) claim(now time.Time, limit int) []scheduler.Job {
	w.t.Helper()
	jobs, err := w.ClaimJobs(w.t.Context(), scheduler.Claim{Now: now, Lease: 30 * time.Second, Limit: limit})
	if err != nil {
		w.t.Fatalf("claim: %v", err)
	}
	return jobs
}

func breach(ref, said string) bot.Row {
	return bot.Row{Kind: "breach", Ref: ref, Body: []byte(`{"said":"` + said + `"}`),
		Index: bot.Index{State: "open", Owner: "slack:U0123", Opened: monday, Due: monday.Add(72 * time.Hour)}}
}

func aJob(org bot.OrgID, name string, due time.Time, class scheduler.Class) scheduler.Job {
	return scheduler.Job{Key: scheduler.Key{Org: string(org), Kind: "deliver", Name: name}, Due: due, Class: class,
		About: "BR-7K3Q", Body: []byte(`{"to":"dp-lead"}`)}
}

func jobNames(jobs []scheduler.Job) string {
	names := make([]string, len(jobs))
	for i, j := range jobs {
		names[i] = j.Name
	}
	return strings.Join(names, " ")
}

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
