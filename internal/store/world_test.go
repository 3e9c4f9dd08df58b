package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
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
