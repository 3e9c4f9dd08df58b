package store

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"shareright/internal/failpoint"
)

// ErrNotEmpty says that a data folder holds a database, or what is left of one.
var ErrNotEmpty = errors.New("the data folder is not empty")

// PutBack copies a backup into a data folder, to be opened from there; the opening erases what
// the ledger names. It refuses a folder with a database, and one with a write-ahead log that is
// left over: SQLite would add that log to the wrong database.
func PutBack(backup, dir string, ledger []Erasure) error {
	path := filepath.Join(dir, databaseFile)
	for _, ending := range []string{"", "-wal", "-shm"} {
		if _, err := os.Stat(path + ending); err == nil {
			return fmt.Errorf("%w: %s is there", ErrNotEmpty, path+ending)
		}
	}
	_, err := Exchange(backup, dir, ledger, time.Time{})
	return err
}

// Exchange sets the database of a data folder aside, if there is one, and puts a backup in its
// place. First the backup is there as a whole, then it is written down what the opening erases
// again, and only then the old database is touched. It returns the new name of that.
func Exchange(backup, dir string, ledger []Erasure, now time.Time) (aside string, err error) {
	part, err := copied(backup, dir)
	if err != nil {
		return "", err
	}
	defer os.Remove(part)
	if err := eraseAtOpening(dir, ledger); err != nil {
		return "", err
	}
	if aside, err = SetAside(dir, now); err != nil {
		return aside, err
	}
	failpoint.Hit("F24")
	if err := os.Link(part, filepath.Join(dir, databaseFile)); err != nil {
		return aside, fmt.Errorf("put the backup back: %w", err)
	}
	return aside, syncDir(dir)
}

// There says whether a data folder holds a database.
func There(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, databaseFile))
	return err == nil
}

const partName = ".restore-"

// copied copies a backup beside the database.
func copied(backup, dir string) (part string, err error) {
	from, err := os.Open(backup)
	if err != nil {
		return "", fmt.Errorf("read the backup: %w", err)
	}
	defer from.Close()
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("make the data folder: %w", err)
	}
	if err := dropParts(dir); err != nil {
		return "", err
	}
	to, err := os.CreateTemp(dir, partName+"*") // mode 0600
	if err != nil {
		return "", err
	}
	_, err = io.Copy(to, from)
	if err := errors.Join(err, to.Sync(), to.Close()); err != nil {
		return "", errors.Join(fmt.Errorf("copy the backup: %w", err), os.Remove(to.Name()))
	}
	return to.Name(), nil
}

// dropParts takes away what a restore that was cut short left: it holds what was erased since.
func dropParts(dir string) error {
	entries, err := os.ReadDir(dir)
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), partName) {
			err = errors.Join(err, os.Remove(filepath.Join(dir, entry.Name())))
		}
	}
	return err
}

// SetAside renames the database of a data folder with its side files, so that another can
// take its place, and returns the new name. There is none when there was no database.
func SetAside(dir string, now time.Time) (string, error) {
	path := filepath.Join(dir, databaseFile)
	aside := free(path + ".before-" + now.UTC().Format("20060102-150405"))
	moved := ""
	for _, ending := range []string{"", "-wal", "-shm"} {
		failpoint.Hit("F24")
		err := os.Rename(path+ending, aside+ending)
		if err == nil {
			moved = aside
		} else if !errors.Is(err, os.ErrNotExist) {
			return moved, fmt.Errorf("set the database aside: %w", err)
		}
	}
	return moved, syncDir(dir)
}

// free is a name that nothing has yet: a second try within a second must not write over the first.
func free(name string) string {
	taken := func(name string) bool {
		for _, ending := range []string{"", "-wal", "-shm"} {
			if _, err := os.Stat(name + ending); err == nil {
				return true
			}
		}
		return false
	}
	try := name
	for n := 2; taken(try); n++ {
		try = fmt.Sprintf("%s-%d", name, n)
	}
	return try
}

// StageKey puts a new master key before the old one in the key file of a data folder. Both
// open records until Rotate is through and DropKeys takes the old one away. A change of
// keys that was cut short goes on with the key it had made.
func StageKey(dir string) (KeyRing, error) {
	path := filepath.Join(dir, keyFile)
	ring, err := loadKeys(path)
	if err != nil || len(ring.keys) > 1 {
		return ring, err
	}
	old, err := os.ReadFile(path)
	if err != nil {
		return KeyRing{}, err
	}
	text := "# The new key comes first. The old one is needed until the change is through.\n" + base64.StdEncoding.EncodeToString(newKey()) + "\n" + string(old)
	if err := replace(path, []byte(text)); err != nil {
		return KeyRing{}, fmt.Errorf("write the key file: %w", err)
	}
	return loadKeys(path)
}

// DropKeys leaves only the first key in the key file, and keeps the file as it was beside
// it: older backups still need the old key. It returns the name of that file.
func DropKeys(dir string, now time.Time) (string, error) {
	path := filepath.Join(dir, keyFile)
	text, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	first := ""
	for line := range strings.Lines(string(text)) {
		if words := strings.Fields(line); len(words) > 0 && !strings.HasPrefix(words[0], "#") {
			first = strings.Trim(words[0], ",")
			break
		}
	}
	if _, err := ParseKeys(first); err != nil {
		return "", err
	}
	aside := path + ".before-" + now.UTC().Format("20060102-150405")
	if err := writeNew(aside, text); err != nil {
		return "", fmt.Errorf("keep the old key: %w", err)
	}
	fresh := "# The key to everything in this folder. Keep a copy in another place.\n" + first + "\n"
	return aside, replace(path, []byte(fresh))
}

// replace changes a file in one step, and is on disk when it returns.
func replace(path string, content []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(content)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	failpoint.Hit("F24")
	if err := os.Rename(f.Name(), path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

// Next is the time of the earliest pending job of each kind of clock, for a look after a restore.
func (s *Store) Next(ctx context.Context) (map[string]time.Time, error) {
	rows, err := s.engine.reader().QueryContext(ctx, `SELECT kind, MIN(due) FROM jobs GROUP BY kind ORDER BY kind`)
	if err != nil {
		return nil, fmt.Errorf("look at the clocks: %w", err)
	}
	defer rows.Close()
	next := map[string]time.Time{}
	for rows.Next() {
		var kind string
		var due int64
		if err := rows.Scan(&kind, &due); err != nil {
			return nil, fmt.Errorf("look at the clocks: %w", err)
		}
		next[kind] = fromMillis(due)
	}
	return next, rows.Err()
}
