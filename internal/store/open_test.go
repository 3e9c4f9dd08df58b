package store

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"shareright/bot"
)

func TestANewerDatabaseIsRefused(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		have, want, err := w.Version(t.Context())
		if err != nil || have != want || have < 1 {
			t.Fatalf("version %d of %d, %v", have, want, err)
		}
		w.tamper(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (?, ?)`, want+1, true)
		s, err := Open(t.Context(), w.opts)
		if err == nil {
			s.Close()
			t.Fatal("it opened")
		}
		if !strings.Contains(err.Error(), fmt.Sprintf("has version %d and this program knows version %d", want+1, want)) {
			t.Errorf("got %v", err)
		}
	})
}

func TestProgramsThatStartTogetherMigrateOnce(t *testing.T) {
	for _, engine := range []string{"SQLite", "PostgreSQL"} {
		t.Run(engine, func(t *testing.T) {
			o := Options{Dir: t.TempDir(), Keys: testKeys(t, 1)}
			if engine == "PostgreSQL" {
				o.URL = postgresURL(t)
			}
			var wg sync.WaitGroup
			for range 4 {
				wg.Go(func() {
					s, err := Open(t.Context(), o)
					if err != nil {
						t.Error(err)
						return
					}
					if err := s.Close(); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
		})
	}
}

func TestOpenWithoutMigratingLeavesTheSchema(t *testing.T) {
	o := Options{Dir: t.TempDir(), Keys: testKeys(t, 1), NoMigrate: true}
	s, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if have, want, err := s.Version(t.Context()); err != nil || have != 0 || want < 1 {
		t.Errorf("version %d of %d, %v", have, want, err)
	}
	if err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	if have, want, err := s.Version(t.Context()); err != nil || have != want {
		t.Errorf("version %d of %d, %v", have, want, err)
	}
}

func TestNobodyElseCanReadTheDataFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data folder?#%")
	s, err := Open(t.Context(), Options{Dir: dir, Keys: testKeys(t, 1)})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Update(t.Context(), func(tx bot.Tx) error { return tx.Put(t.Context(), oak, breach("BR-1", "x")) }); err != nil {
		t.Fatal(err)
	}
	files := 0
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		files++
		if info, err := d.Info(); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v, %v", path, info.Mode(), err)
		}
		return nil
	})
	if err != nil || files < 3 { // the folder, the database and its log
		t.Errorf("%d files, %v", files, err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if left, err := filepath.Glob(filepath.Join(dir, "*-wal")); err != nil || len(left) > 0 {
		t.Errorf("after closing there is %v, %v", left, err)
	}
}

func TestTheSelfCheckRefusesADatabaseThatBreaksItsPromises(t *testing.T) {
	w := newWorld(t, "")
	if err := selfCheck(t.Context(), w.engine.reader(), oldestSQLite); err != nil {
		t.Fatalf("as it is opened: %v", err)
	}
	if err := selfCheck(t.Context(), w.engine.reader(), oldestSQLite-1); err == nil || !strings.Contains(err.Error(), "3.51.2 is too old") {
		t.Errorf("an old SQLite gave %v", err)
	}
	for _, pragma := range []string{"synchronous = NORMAL", "foreign_keys = OFF", "secure_delete = OFF"} {
		db, err := w.engine.side(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.ExecContext(t.Context(), "PRAGMA "+pragma); err != nil {
			t.Fatal(err)
		}
		if err := selfCheck(t.Context(), db, oldestSQLite); err == nil {
			t.Errorf("%s was accepted", pragma)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestClearSentencesWhenItCannotOpen(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	damaged := t.TempDir()
	if err := os.WriteFile(filepath.Join(damaged, databaseFile), []byte(strings.Repeat("not a database ", 99)), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		o    Options
		want string
	}{
		"the folder is a file":    {Options{Dir: file}, "make the data folder"},
		"no folder":               {Options{}, "there is no data folder"},
		"the file is damaged":     {Options{Dir: damaged}, "file is not a database"},
		"the address is nonsense": {Options{URL: "postgres://bot:hunter2@:x/"}, "read the database address"},
		"nobody is at home":       {Options{URL: "postgres://bot:hunter2@127.0.0.1:1/x?sslmode=disable"}, "reach the database"},
	} {
		c.o.Keys = testKeys(t, 1)
		s, err := Open(t.Context(), c.o)
		if err == nil {
			s.Close()
			t.Errorf("%s: it opened", name)
			continue
		}
		if !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v, want %q and no password", name, err, c.want)
		}
	}
}

func TestCheckAndBackup(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		w.put(oak, breach("BR-1", "said"))
		w.append(oak, "one", "two")
		if problems, err := w.Check(t.Context()); err != nil || len(problems) > 0 {
			t.Errorf("a sound database: %v, %v", problems, err)
		}
		path := filepath.Join(t.TempDir(), "backup.db")
		err := w.Backup(t.Context(), path)
		if w.opts.URL != "" {
			if err == nil || !strings.Contains(err.Error(), "pg_dump") {
				t.Errorf("backing up PostgreSQL gave %v", err)
			}
		} else if err != nil {
			t.Errorf("back up: %v", err)
		} else {
			w.checkBackup(path)
		}
		w.tamper(`UPDATE entries SET what = 'nothing' WHERE seq = 1`)
		if problems, err := w.Check(t.Context()); err != nil || len(problems) != 1 || !strings.Contains(problems[0], "oak-youth: Entry 1") {
			t.Errorf("a changed trail: %v, %v", problems, err)
		}
	})
}

func (w *world) checkBackup(path string) {
	w.t.Helper()
	if err := w.Backup(w.t.Context(), path); err == nil {
		w.t.Error("a backup went over another one")
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		w.t.Errorf("the backup is %v, %v", info, err)
	}
	copied := w.opts
	copied.Dir = filepath.Dir(path)
	if err := os.Rename(path, filepath.Join(copied.Dir, databaseFile)); err != nil {
		w.t.Fatal(err)
	}
	if left, err := os.ReadDir(copied.Dir); err != nil || len(left) != 1 {
		w.t.Errorf("beside the backup there is %v, %v", left, err)
	}
	s, err := Open(w.t.Context(), copied)
	if err != nil {
		w.t.Fatal(err)
	}
	defer s.Close()
	if problems, err := s.Check(w.t.Context()); err != nil || len(problems) > 0 {
		w.t.Errorf("the backup: %v, %v", problems, err)
	}
	err = s.View(w.t.Context(), func(tx bot.Tx) error { _, err := tx.Get(w.t.Context(), oak, "breach", "BR-1"); return err })
	if err != nil {
		w.t.Errorf("the record in the backup: %v", err)
	}
}

// A long export holds the log open. A purge must not make a report wait for it.
func TestAPurgeDoesNotWaitForALongReader(t *testing.T) {
	w := newWorld(t, "")
	w.put(oak, bot.Row{Kind: "session", Ref: "S-1", Index: bot.Index{Expires: monday}})
	err := w.View(t.Context(), func(tx bot.Tx) error {
		if _, err := tx.Get(t.Context(), oak, "session", "S-1"); err != nil {
			return err
		}
		if n, err := w.PurgeExpired(t.Context(), monday); err != nil || n != 1 {
			t.Errorf("purged %d rows, %v", n, err)
		}
		w.put(oak, breach("BR-1", "x"))
		_, err := tx.Get(t.Context(), oak, "session", "S-1") // this reader still sees its moment
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
