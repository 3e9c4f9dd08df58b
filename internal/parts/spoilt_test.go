package parts

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"shareright/bot"
	"shareright/config"
	"shareright/internal/program"
)

// shelf is a platform that keeps the first line of each message, by person.
type shelf map[string][]string

func (shelf) Name() string                                 { return "desk" }
func (shelf) Run(ctx context.Context, _ bot.Handler) error { <-ctx.Done(); return nil }

func (s shelf) Deliver(_ context.Context, d bot.Delivery) (bot.MessageID, error) {
	s[d.To.User] = append(s[d.To.User], d.Message.Title)
	return "1", nil
}

// clubs are two organisations on one database, with a clock that the test moves.
type clubs struct {
	*program.Program
	t     *testing.T
	now   time.Time
	shelf shelf
}

func newClubs(t *testing.T, address string) *clubs {
	c := config.Default()
	c.Data, c.DatabaseURL = t.TempDir(), config.Secret(address)
	c.Organisations = nil
	for _, name := range []string{"elm", "oak"} {
		o := config.Default().Organisations[0]
		o.ID, o.Workspaces = name, []config.Contact{{Platform: "desk", ID: name}}
		o.Roles = map[string][]config.Contact{"dp-lead": {{Platform: "desk", ID: "sam-" + name}}}
		c.Organisations = append(c.Organisations, o)
	}
	w := &clubs{t: t, now: time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC), shelf: shelf{}}
	var err error
	if w.Program, err = program.Open(t.Context(), c, All(), program.Options{Now: func() time.Time { return w.now }}); err != nil {
		t.Fatal(err)
	}
	w.Bot.Attach(w.shelf)
	t.Cleanup(func() { w.Close() })
	return w
}

// report is the shortest report of a breach.
func (w *clubs) report(club string) (ref string) {
	w.t.Helper()
	do := func(what bot.Deed) bot.Response {
		r, err := w.Bot.Handle(w.t.Context(), bot.Event{Platform: "desk", Workspace: club, User: "jo-" + club, What: what})
		if err != nil {
			w.t.Fatal(err)
		}
		return r
	}
	r := do(bot.Ran{Command: "breach"})
	for !r.Done {
		answers := map[string][]string{}
		if r.Show.Page == "what" {
			answers["cause"] = []string{"lost"}
		}
		r = do(bot.Submitted{Session: r.Show.Session, Seq: r.Show.Seq, Answers: answers})
	}
	_, ref, _ = strings.Cut(strings.TrimSuffix(r.Reply.Title, "."), "Reported as ")
	w.run()
	return ref
}

func (w *clubs) run() {
	w.t.Helper()
	if _, err := w.Runner.RunDue(w.t.Context(), w.now); err != nil {
		w.t.Fatal(err)
	}
}

// clocks counts the pending jobs of the clock of a breach. It stops them all where that is asked for.
func (w *clubs) clocks(club, ref string, stop bool) (n int) {
	w.t.Helper()
	err := w.Store.Update(w.t.Context(), func(tx bot.Tx) error {
		n = 0
		jobs, err := tx.Pending(w.t.Context(), club, ref)
		for _, j := range jobs {
			if legal(j) {
				n++
			}
			if stop {
				err = errors.Join(err, tx.StopJob(w.t.Context(), j.Key))
			}
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

// told counts what the lead of a club was told of records that cannot be read.
func (w *clubs) told(club string) (n int) {
	for _, title := range w.shelf["sam-"+club] {
		if strings.HasPrefix(title, "A record cannot be read.") {
			n++
		}
	}
	return n
}

// tamper changes the database behind the program’s back.
func (w *clubs) tamper(query string) {
	w.t.Helper()
	driver, address := "sqlite3", "file:"+filepath.Join(w.Config.Data, "shareright.db")
	if w.Config.DatabaseURL != "" {
		driver, address = "pgx", w.Config.DatabaseURL.Reveal()
	}
	db, err := sql.Open(driver, address)
	if err != nil {
		w.t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(w.t.Context(), query); err != nil {
		w.t.Fatal(err)
	}
}

// schema makes an empty schema for one test and drops it at the end.
func schema(t *testing.T) string {
	t.Helper()
	server := os.Getenv("SHARERIGHT_TEST_POSTGRES")
	if server == "" {
		t.Skip("SHARERIGHT_TEST_POSTGRES names no server")
	}
	db, err := sql.Open("pgx", server)
	if err != nil {
		t.Fatal(err)
	}
	name := "shareright_" + strings.ToLower(rand.Text())
	if _, err := db.ExecContext(t.Context(), "CREATE SCHEMA "+name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_, err := db.ExecContext(context.Background(), "DROP SCHEMA "+name+" CASCADE")
		if err := errors.Join(err, db.Close()); err != nil {
			t.Error(err)
		}
	})
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set("search_path", name)
	u.RawQuery = q.Encode()
	return u.String()
}

// engines gives the address of a database for one test; none for SQLite.
var engines = map[string]func(*testing.T) string{"SQLite": func(*testing.T) string { return "" }, "PostgreSQL": schema}

// One record of one organisation cannot be read any more. The clocks of all others are mended, and
// the lead of that one is told, once a day, without a word of which record it is.
func TestARecordThatCannotBeReadStandsInNobodysWay(t *testing.T) {
	for engine, address := range engines {
		for _, spoil := range []string{
			`UPDATE rows SET state = 'held' WHERE kind = 'breach' AND ref = '{ref}'`,
			`DELETE FROM row_keys WHERE kind = 'breach' AND ref = '{ref}'`,
			`UPDATE rows SET state = 'due' WHERE kind = 'post' AND ref = 'breach/{ref}'`, // its card is on its way again
		} {
			t.Run(engine+" "+spoil, func(t *testing.T) {
				w := newClubs(t, address(t))
				if err := w.Bot.Start(t.Context()); err != nil {
					t.Fatal(err)
				}
				bad, good, other := w.report("elm"), w.report("elm"), w.report("oak")
				want := w.clocks("elm", good, true)
				w.clocks("oak", other, true)
				w.tamper(strings.ReplaceAll(spoil, "{ref}", bad))
				for range 3 {
					if _, err := w.Bot.Mend(t.Context()); err == nil || !strings.Contains(err.Error(), bad) || strings.Contains(err.Error(), good) {
						t.Errorf("what is told to whoever runs the bot: %v", err)
					}
					w.run()
				}
				if elm, oak := w.clocks("elm", good, false), w.clocks("oak", other, false); want == 0 || elm != want || oak != want {
					t.Errorf("%d and %d of %d jobs are there again", elm, oak, want)
				}
				if elm, oak := w.told("elm"), w.told("oak"); elm != 1 || oak != 0 {
					t.Errorf("the lead of elm was told %d times, the lead of oak %d", elm, oak)
				}
				w.now = w.now.Add(24 * time.Hour)
				if _, err := w.Bot.Mend(t.Context()); err == nil {
					t.Error("it is mended by itself")
				}
				w.run()
				if n := w.told("elm"); n != 2 {
					t.Errorf("the day after the lead was told %d times in all", n)
				}
			})
		}
	}
}

// The rows of a clock are there, and somebody has moved their times to the next year.
func TestAClockThatWasMovedInTheDatabaseIsBroughtBack(t *testing.T) {
	for engine, address := range engines {
		t.Run(engine, func(t *testing.T) {
			w := newClubs(t, address(t))
			if err := w.Bot.Start(t.Context()); err != nil {
				t.Fatal(err)
			}
			ref := w.report("oak")
			w.tamper(`UPDATE jobs SET due = due + 31536000000 WHERE about = '` + ref + `'`)
			want := w.clocks("oak", ref, false)
			if n, err := w.Bot.Mend(t.Context()); err != nil || n != want {
				t.Errorf("%d of %d were brought back, %v", n, want, err)
			}
			before := len(w.shelf["sam-oak"])
			w.now = w.now.Add(25 * time.Hour)
			w.run()
			if n := len(w.shelf["sam-oak"]); n == before {
				t.Error("with 47 hours left the lead has heard nothing")
			}
			if n, err := w.Bot.Mend(t.Context()); err != nil || n > 0 {
				t.Errorf("%d were put back though none was lost, %v", n, err)
			}
		})
	}
}
