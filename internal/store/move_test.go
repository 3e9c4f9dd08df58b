package store

import (
	"errors"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"shareright/bot"
	"shareright/scheduler"
)

// filled is a SQLite store with a record, a job, an answer and a trail in it.
func filled(t *testing.T, dir string) (*Store, KeyRing) {
	t.Helper()
	keys, _, err := LoadOrCreateKey(dir)
	if err != nil {
		t.Fatal(err)
	}
	s := opened(t, Options{Dir: dir, Keys: keys})
	at := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	err = s.Update(t.Context(), func(tx bot.Tx) error {
		for _, ref := range []string{"BR-1", "BR-2"} {
			if err := tx.Put(t.Context(), "org", bot.Row{Kind: "breach", Ref: ref, Index: bot.Index{State: "open", Opened: at}, Body: []byte(`{"story":"folder"}`)}); err != nil {
				return err
			}
		}
		return errors.Join(
			tx.PutJob(t.Context(), scheduler.Job{Key: scheduler.Key{Org: "org", Kind: "clock", Name: "BR-1"}, Due: at.Add(time.Hour), Class: scheduler.Statutory}),
			tx.Answer(t.Context(), "org", "slack/e1", []byte("{}"), at),
			tx.Append(t.Context(), "org", bot.Entry{At: at, What: "breach.report", Ref: "BR-1"}))
	})
	if err != nil {
		t.Fatal(err)
	}
	return s, keys
}

func opened(t *testing.T, o Options) *Store {
	t.Helper()
	s, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// same checks that a store holds what filled put there.
func same(t *testing.T, s *Store) {
	t.Helper()
	err := s.View(t.Context(), func(tx bot.Tx) error {
		row, err := tx.Get(t.Context(), "org", "breach", "BR-1")
		if err == nil && string(row.Body) != `{"story":"folder"}` {
			t.Errorf("the record is %s", row.Body)
		}
		_, done, answered := tx.Answered(t.Context(), "org", "slack/e1")
		if !done {
			t.Error("the answer is gone")
		}
		return errors.Join(err, answered)
	})
	if err != nil {
		t.Fatal(err)
	}
	next, err := s.Next(t.Context())
	if want := time.Date(2026, 11, 23, 11, 0, 0, 0, time.UTC); err != nil || !next["clock"].Equal(want) {
		t.Errorf("the next clock is %v (%v)", next, err)
	}
	if report, err := s.Verify(t.Context(), "org"); err != nil || !report.OK() {
		t.Errorf("the trail: %v %v", report.Problems, err)
	}
}

func TestEverythingMovesToPostgresAndTheOldDatabaseIsClosedForGood(t *testing.T) {
	url := postgresURL(t)
	dir := t.TempDir()
	s, keys := filled(t, dir)
	to := opened(t, Options{URL: url, Keys: keys})
	counts, err := s.Move(t.Context(), to)
	if err != nil {
		t.Fatal(err)
	}
	if counts["rows"] != 2 || counts["row_keys"] != 2 || counts["jobs"] != 1 || counts["entries"] == 0 {
		t.Errorf("moved %v", counts)
	}
	same(t, to)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), Options{Dir: dir, Keys: keys}); !errors.Is(err, ErrMoved) {
		t.Errorf("the old database opens: %v", err)
	}
	other, _ := filled(t, t.TempDir())
	if _, err := other.Move(t.Context(), to); err == nil {
		t.Error("two databases were moved into one")
	}
	same(t, other)
}

func TestABackupComesBackWithoutWhatWasErasedSince(t *testing.T) {
	dir := t.TempDir()
	s, keys := filled(t, dir)
	backup := filepath.Join(t.TempDir(), "backup.db")
	if err := s.Backup(t.Context(), backup); err != nil {
		t.Fatal(err)
	}
	if err := s.Update(t.Context(), func(tx bot.Tx) error { return tx.Erase(t.Context(), "org", "breach", "BR-2") }); err != nil {
		t.Fatal(err)
	}
	ledger, err := s.Erasures(t.Context(), time.Time{})
	if err != nil || len(ledger) != 1 {
		t.Fatalf("the ledger is %v (%v)", ledger, err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := PutBack(backup, dir, nil); !errors.Is(err, ErrNotEmpty) {
		t.Fatalf("a backup was put over a database: %v", err)
	}
	if aside, err := SetAside(dir, time.Now()); err != nil || aside == "" {
		t.Fatalf("set aside %q: %v", aside, err)
	}
	if err := PutBack(backup, dir, ledger); err != nil {
		t.Fatal(err)
	}
	back := opened(t, Options{Dir: dir, Keys: keys})
	if n := back.ErasedAgain(); n != 1 || Waits(dir) {
		t.Errorf("the opening erased %d again", n)
	}
	same(t, back)
	err = back.View(t.Context(), func(tx bot.Tx) error { _, err := tx.Get(t.Context(), "org", "breach", "BR-2"); return err })
	if !errors.Is(err, bot.ErrNotFound) {
		t.Errorf("what was erased is back: %v", err)
	}
}

// Restores that are cut short add up: what either wrote down is erased, whichever database comes
// in the end, and until one is there nothing is opened.
func TestWhatARestoreThatWasCutShortWroteDownIsNotForgotten(t *testing.T) {
	dir := t.TempDir()
	s, keys := filled(t, dir)
	backup := filepath.Join(t.TempDir(), "backup.db")
	if err := s.Backup(t.Context(), backup); err != nil {
		t.Fatal(err)
	}
	for _, ref := range []string{"BR-1", "BR-2"} {
		if err := s.Update(t.Context(), func(tx bot.Tx) error { return tx.Erase(t.Context(), "org", "breach", ref) }); err != nil {
			t.Fatal(err)
		}
	}
	ledger, err := s.Erasures(t.Context(), time.Time{})
	if err != nil || len(ledger) != 2 {
		t.Fatalf("the ledger is %v (%v)", ledger, err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := Exchange(filepath.Join(dir, "no such backup"), dir, ledger, monday); err == nil || Waits(dir) || !There(dir) {
		t.Fatalf("without a backup something was done: %v", err)
	}
	if err := eraseAtOpening(dir, ledger[:1]); err != nil { // and then the power goes
		t.Fatal(err)
	}
	if _, err := SetAside(dir, monday); err != nil {
		t.Fatal(err)
	}
	if err := writeNew(filepath.Join(dir, partName+"1"), []byte("half a backup")); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), Options{Dir: dir, Keys: keys}); !errors.Is(err, ErrHalfRestored) || There(dir) {
		t.Fatalf("an empty database was made where one is missing: %v", err)
	}
	if err := PutBack(backup, dir, ledger[1:]); err != nil {
		t.Fatal(err)
	}
	back := opened(t, Options{Dir: dir, Keys: keys})
	if n := back.ErasedAgain(); n != 2 || Waits(dir) {
		t.Errorf("the opening erased %d again", n)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, partName+"*")); len(left) > 0 {
		t.Errorf("%v is left", left)
	}
}

// A second database that is set aside in the same second does not take the place of the first.
func TestWhatIsSetAsideIsNeverWrittenOver(t *testing.T) {
	dir := t.TempDir()
	names := map[string]bool{}
	for n := range 3 {
		if err := writeNew(filepath.Join(dir, databaseFile), fmt.Append(nil, n)); err != nil {
			t.Fatal(err)
		}
		aside, err := SetAside(dir, monday)
		if err != nil || names[aside] {
			t.Fatalf("set aside as %s: %v", aside, err)
		}
		names[aside] = true
	}
}

func TestAWriteAheadLogThatIsLeftOverIsRefused(t *testing.T) {
	dir := t.TempDir()
	s, _ := filled(t, dir)
	backup := filepath.Join(t.TempDir(), "backup.db")
	if err := s.Backup(t.Context(), backup); err != nil {
		t.Fatal(err)
	}
	for _, left := range []string{"-wal", "-shm"} {
		stale := t.TempDir()
		if err := writeNew(filepath.Join(stale, databaseFile+left), []byte("left over")); err != nil {
			t.Fatal(err)
		}
		if err := PutBack(backup, stale, nil); !errors.Is(err, ErrNotEmpty) {
			t.Errorf("%s: %v", left, err)
		}
	}
}

// The master key is changed, cut short at each step, and changed again: at every moment
// the key file opens everything.
func TestAChangeOfTheMasterKeyCanBeCutShort(t *testing.T) {
	dir := t.TempDir()
	s, before := filled(t, dir)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for step := range 3 {
		staged, err := StageKey(dir)
		if err != nil || len(staged.keys) != 2 {
			t.Fatalf("step %d: %d keys (%v)", step, len(staged.keys), err)
		}
		s := opened(t, Options{Dir: dir, Keys: staged})
		same(t, s)
		if step > 0 {
			if _, err := s.Rotate(t.Context()); err != nil {
				t.Fatal(err)
			}
			same(t, s)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	aside, err := DropKeys(dir, time.Now())
	if err != nil || aside == "" {
		t.Fatal(err)
	}
	after, made, err := LoadOrCreateKey(dir)
	if err != nil || made || len(after.keys) != 1 || after.keys[0].id == before.keys[0].id {
		t.Fatalf("the key is not a new one: %v", err)
	}
	same(t, opened(t, Options{Dir: dir, Keys: after}))
	if _, err := Open(t.Context(), Options{Dir: dir, Keys: before}); err == nil {
		t.Error("the old key still opens it")
	}
}
