package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// lockFile is what whoever is alone on a data folder holds. It stays in the folder: if it were
// taken away, two could each hold one of that name.
const lockFile = "serve.lock"

// ErrTaken says that another process has the data folder to itself.
var ErrTaken = errors.New("another process has the data folder to itself")

// Lock is a data folder that this process has to itself. It ends with the process, whatever
// that dies of. A nil Lock holds nothing.
type Lock struct{ file *os.File }

// Alone takes a data folder for this process alone. It returns ErrTaken when another process
// has it, and errors.ErrUnsupported where the system cannot say.
func Alone(dir string) (*Lock, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the data folder: %w", err)
	}
	f, err := os.OpenFile(filepath.Join(dir, lockFile), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock the data folder: %w", err)
	}
	if err := lockFor(f); err != nil {
		return nil, fmt.Errorf("lock the data folder: %w", errors.Join(err, f.Close()))
	}
	return &Lock{f}, nil
}

// Close leaves the folder to others.
func (l *Lock) Close() error {
	if l == nil {
		return nil
	}
	return l.file.Close()
}
