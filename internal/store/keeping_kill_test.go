//go:build failpoint

package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"shareright/bot"
	"shareright/internal/failpoint"
)

// victimOther is the second folder or database of a task.
const victimOther = "SHARERIGHT_TEST_VICTIM_OTHER"

const (
	oldKey = "01"
	newOne = "02"
)

func ring(keys ...string) KeyRing {
	var words []string
	for _, k := range keys {
		words = append(words, strings.Repeat(k, keySize))
	}
	r, err := ParseKeys(strings.Join(words, " "))
	if err != nil {
		panic(err)
	}
	return r
}

// onStore opens the victim's store and does something with it.
func onStore(keys KeyRing, do func(ctx context.Context, s *Store) error) func() error {
	return func() error {
		ctx := context.Background()
		o := Options{Dir: os.Getenv(victimDir), URL: os.Getenv(victimURL), Keys: keys, Now: func() time.Time { return monday }}
		s, err := Open(ctx, o)
		if err != nil {
			return err
		}
		return errors.Join(do(ctx, s), s.Close())
	}
}

func backupFile() string { return filepath.Join(os.Getenv(victimOther), "backup.db") }

func init() {
	tasks["rotate"] = onStore(ring(newOne, oldKey), func(ctx context.Context, s *Store) error {
		_, err := s.Rotate(ctx)
		return err
	})
	tasks["erase"] = onStore(ring(oldKey), func(ctx context.Context, s *Store) error {
		for i := range 5 {
			if err := s.Update(ctx, func(tx bot.Tx) error { return tx.Erase(ctx, oak, "breach", fmt.Sprintf("BR-%03d", i)) }); err != nil {
				return err
			}
		}
		return nil
	})
	tasks["purge"] = onStore(ring(oldKey), func(ctx context.Context, s *Store) error {
		_, err := s.PurgeExpired(ctx, monday)
		return err
	})
	tasks["backup"] = onStore(ring(oldKey), func(ctx context.Context, s *Store) error { return s.Backup(ctx, backupFile()) })
	tasks["restore"] = func() error {
		var ledger []Erasure
		if There(os.Getenv(victimDir)) {
			read := onStore(ring(oldKey), func(ctx context.Context, s *Store) (err error) {
				ledger, err = s.Erasures(ctx, time.Time{})
				return err
			})
			if err := read(); err != nil {
				return err
			}
		}
		if _, err := Exchange(backupFile(), os.Getenv(victimDir), ledger, monday); err != nil {
			return err
		}
		return onStore(ring(oldKey), func(context.Context, *Store) error { return nil })()
	}
	tasks["move"] = onStore(ring(oldKey), func(ctx context.Context, s *Store) error {
		to, err := Open(ctx, Options{Dir: os.Getenv(victimOther), Keys: ring(oldKey), Now: func() time.Time { return monday }})
		if err != nil {
			return err
		}
		_, err = s.Move(ctx, to)
		return errors.Join(err, to.Close())
	})
}

// kept is a database with six organisations and many rows, some of which have expired.
type kept struct {
	t               *testing.T
	dir, url, other string
	rows            int
}

const (
	expired = purgeBatch + 50
	living  = 20
)

func newKept(t *testing.T, postgres bool) *kept {
	t.Helper()
	k := &kept{t: t, dir: t.TempDir(), other: t.TempDir(), rows: expired + living + 5}
	if postgres {
		k.url = postgresURL(t)
	}
	k.with(ring(oldKey), func(s *Store) {
		err := s.Update(t.Context(), func(tx bot.Tx) error {
			for i := range expired + living {
				row := breach(fmt.Sprintf("BR-%03d", i), "x")
				if i >= living {
					row.Expires = monday.Add(-time.Hour)
				}
				if err := tx.Put(t.Context(), oak, row); err != nil {
					return err
				}
			}
			return nil
		})
		for i := range 5 {
			org := bot.OrgID(fmt.Sprintf("org-%d", i))
			err = errors.Join(err, s.Update(t.Context(), func(tx bot.Tx) error {
				return errors.Join(tx.Put(t.Context(), org, breach("BR-900", "y")), tx.Append(t.Context(), org, bot.Entry{At: monday, What: "x"}))
			}))
		}
		if err != nil {
			t.Fatal(err)
		}
	})
	return k
}

func (k *kept) with(keys KeyRing, do func(s *Store)) { k.in(k.dir, k.url, keys, do) }

func (k *kept) in(dir, url string, keys KeyRing, do func(s *Store)) {
	k.t.Helper()
	s, err := Open(k.t.Context(), Options{Dir: dir, URL: url, Keys: keys, Now: func() time.Time { return monday }})
	if err != nil {
		k.t.Fatal(err)
	}
	do(s)
	if err := s.Close(); err != nil {
		k.t.Fatal(err)
	}
}

// readable opens every row and returns how many there are, with the lines of the erasure ledger.
func (k *kept) readable(s *Store) (rows, erased int) {
	k.t.Helper()
	if problems, err := s.Check(k.t.Context()); err != nil || len(problems) > 0 {
		k.t.Errorf("check: %v, %v", problems, err)
	}
	ledger, err := s.Erasures(k.t.Context(), time.Time{})
	if err != nil {
		k.t.Fatal(err)
	}
	for _, org := range []bot.OrgID{oak, "org-0", "org-1", "org-2", "org-3", "org-4"} {
		err := s.View(k.t.Context(), func(tx bot.Tx) error {
			found, err := tx.Find(k.t.Context(), org, bot.Query{Kind: "breach", Limit: 1000})
			rows += len(found)
			return err
		})
		if err != nil {
			k.t.Errorf("%s cannot be read: %v", org, err)
		}
	}
	return rows, len(ledger)
}

// run does a task that is killed at the nth hit of a place, and says whether it was.
func (k *kept) run(task, place string, nth int) (killed bool) {
	k.t.Helper()
	cmd := exec.CommandContext(k.t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), victimTask+"="+task, victimDir+"="+k.dir, victimURL+"="+k.url, victimOther+"="+k.other)
	if place != "" {
		cmd.Env = append(cmd.Env, fmt.Sprintf("SHARERIGHT_FAILPOINT=%s:%d", place, nth))
	}
	out, err := cmd.CombinedOutput()
	if err != nil && !strings.Contains(err.Error(), "killed") {
		k.t.Fatalf("%s: %v\n%s", task, err, out)
	}
	return err != nil
}

// A key is changed, rows are erased, and those whose time has come: the process dies at each
// place of it. Every row is readable or on the ledger, never both; what was cut short goes on.
func TestKeepingRecordsThatIsKilledHalfWayGoesOn(t *testing.T) {
	for _, c := range []struct {
		task, place string
		before      KeyRing // opens the database after a death
		after       KeyRing // opens it when the task is through
		gone        int
	}{
		{"rotate", "F21", ring(newOne, oldKey), ring(newOne), 0},
		{"rotate", "F3", ring(newOne, oldKey), ring(newOne), 0},
		{"erase", "F22", ring(oldKey), ring(oldKey), 5},
		{"purge", "F23", ring(oldKey), ring(oldKey), expired},
		{"purge", "F22", ring(oldKey), ring(oldKey), expired},
	} {
		for _, engine := range []string{"SQLite", "PostgreSQL"} {
			t.Run(c.task+" "+c.place+" "+engine, func(t *testing.T) {
				deaths := 0
				k := newKept(t, engine == "PostgreSQL")
				for nth := 1; k.run(c.task, c.place, nth) && deaths < 12; nth = next(c.place, nth) {
					deaths++
					k.with(c.before, func(s *Store) {
						if rows, erased := k.readable(s); rows+erased != k.rows {
							t.Errorf("after a death at %s (%d) %d rows are readable and %d are on the ledger, of %d", c.place, nth, rows, erased, k.rows)
						}
					})
				}
				k.run(c.task, "", 0)
				k.with(c.after, func(s *Store) {
					if rows, erased := k.readable(s); erased != c.gone || rows != k.rows-c.gone {
						t.Errorf("in the end %d rows are readable and %d are on the ledger", rows, erased)
					}
				})
				if deaths == 0 {
					t.Errorf("nothing ever comes to %s", c.place)
				}
			})
		}
	}
}

// next is the hit to die at after this one: rows are many, batches few.
func next(place string, nth int) int {
	if place == "F22" {
		return nth*3 + 1
	}
	return nth + 1
}

// A backup, a restore or a move is killed at each place: the old state is whole or the new one is.
func TestABackupARestoreOrAMoveThatIsKilledLeavesOneWholeState(t *testing.T) {
	place := failpoint.Keeping()[3]
	whole := func(k *kept, dir string) bool {
		if _, err := os.Stat(filepath.Join(dir, databaseFile)); err != nil {
			return false
		}
		ok := false
		k.in(dir, "", ring(oldKey), func(s *Store) {
			rows, _ := k.readable(s)
			ok = rows == k.rows
		})
		return ok
	}
	t.Run("backup", func(t *testing.T) {
		k := newKept(t, false)
		if !k.run("backup", place, 1) {
			t.Fatal("nothing ever comes to " + place)
		}
		if _, err := os.Stat(filepath.Join(k.other, "backup.db")); err == nil {
			t.Error("a backup that was cut short has the name of a whole one")
		}
		k.run("backup", "", 0)
		if err := PutBack(filepath.Join(k.other, "backup.db"), filepath.Join(k.other, "again"), nil); err != nil || !whole(k, filepath.Join(k.other, "again")) {
			t.Errorf("the backup is not whole: %v", err)
		}
	})
	// Five rows were erased after the backup. At no death are they back, also where the bot is
	// started before the restore is run again.
	for _, started := range []bool{false, true} {
		t.Run(fmt.Sprint("restore, the bot started between: ", started), func(t *testing.T) {
			k := newKept(t, false)
			k.run("backup", "", 0)
			k.run("erase", "", 0)
			k.rows -= 5
			deaths := 0
			for nth := 1; k.run("restore", place, nth); nth++ {
				deaths++
				if There(k.dir) && started && !whole(k, k.dir) {
					t.Errorf("after a death at %s (%d) half a database is in the place", place, nth)
				}
				if There(k.dir) {
					continue
				}
				if _, err := Open(t.Context(), Options{Dir: k.dir, Keys: ring(oldKey)}); !errors.Is(err, ErrHalfRestored) {
					t.Errorf("after a death at %s (%d) a new database is made: %v", place, nth, err)
				}
			}
			if deaths < 6 || !whole(k, k.dir) {
				t.Errorf("after %d deaths the database is not whole", deaths)
			}
			if left, _ := filepath.Glob(filepath.Join(k.dir, partName+"*")); len(left) > 0 || Waits(k.dir) {
				t.Errorf("%v is left", left)
			}
		})
	}
	t.Run("move", func(t *testing.T) {
		k := newKept(t, false)
		if !k.run("move", place, 1) {
			t.Fatal("nothing ever comes to " + place)
		}
		if !whole(k, k.dir) {
			t.Error("the database is not as it was")
		}
		k.other = t.TempDir() // as the message says: into an empty one
		k.run("move", "", 0)
		if !whole(k, k.other) {
			t.Error("the other database is not whole")
		}
		if _, err := Open(t.Context(), Options{Dir: k.dir, Keys: ring(oldKey)}); !errors.Is(err, ErrMoved) {
			t.Errorf("the old database still opens: %v", err)
		}
	})
}
