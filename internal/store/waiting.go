package store

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"shareright/internal/failpoint"
)

// waitingFile lists, beside an SQLite database, what is erased again before anything else is
// done with it. A restore writes it before it touches the database, so that one which is cut
// short cannot leave a database where erased rows are back.
const waitingFile = "erasures.waiting"

// ErrHalfRestored says that a restore was cut short after the old database was set aside.
var ErrHalfRestored = errors.New("a restore was cut short, and there is no database yet. Run shareright restore again")

// ReadErasures reads a ledger, one JSON object a line. It is read whole or refused: half of it
// would bring the rest back.
func ReadErasures(from io.Reader) ([]Erasure, error) {
	var list []Erasure
	lines := bufio.NewScanner(from)
	for lines.Scan() {
		var e Erasure
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			return nil, err
		}
		if e.Org == "" || e.Life == "" {
			return nil, errors.New("it names nothing that was erased")
		}
		list = append(list, e)
	}
	return list, lines.Err()
}

// WriteErasures writes a ledger as ReadErasures reads it.
func WriteErasures(to io.Writer, ledger []Erasure) error {
	lines := json.NewEncoder(to)
	for _, e := range ledger {
		if err := lines.Encode(e); err != nil {
			return err
		}
	}
	return nil
}

// eraseAtOpening has the next opening of a data folder's database erase what the ledger names.
// What was waiting there already goes on waiting.
func eraseAtOpening(dir string, ledger []Erasure) error {
	before, _, err := waiting(dir)
	if err != nil {
		return err
	}
	var text bytes.Buffer
	if err := WriteErasures(&text, append(before, ledger...)); err != nil {
		return err
	}
	if err := replace(filepath.Join(dir, waitingFile), text.Bytes()); err != nil {
		return fmt.Errorf("write down what is to be erased again: %w", err)
	}
	return nil
}

// Waits says whether a restore of this folder was cut short, so that what was erased is known.
func Waits(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, waitingFile))
	return err == nil
}

func waiting(dir string) (ledger []Erasure, there bool, err error) {
	f, err := os.Open(filepath.Join(dir, waitingFile))
	if errors.Is(err, os.ErrNotExist) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	defer f.Close()
	if ledger, err = ReadErasures(f); err != nil {
		return nil, true, fmt.Errorf("read %s: %w", f.Name(), err)
	}
	return ledger, true, nil
}

// wholeFolder refuses a folder where a restore has taken the database away and put none back: a
// new, empty one would look as if nothing had ever been reported.
func wholeFolder(dir string) error {
	if Waits(dir) && !There(dir) {
		return ErrHalfRestored
	}
	return nil
}

// eraseWaiting erases what waits for it. Cut short, the next opening does it again.
func (s *Store) eraseWaiting(ctx context.Context, dir string) error {
	ledger, there, err := waiting(dir)
	if err != nil || !there {
		return err
	}
	failpoint.Hit("F24")
	if err := dropParts(dir); err != nil {
		return err
	}
	if s.again, err = s.ReplayErasures(ctx, ledger); err != nil {
		return err
	}
	failpoint.Hit("F24")
	if err := os.Remove(filepath.Join(dir, waitingFile)); err != nil {
		return err
	}
	return syncDir(dir)
}

// ErasedAgain is how many rows the opening erased that a restore had brought back.
func (s *Store) ErasedAgain() int { return s.again }
