//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package store

import (
	"errors"
	"os"
)

// lockFor is not to be had here: nobody knows who else is on the folder.
func lockFor(*os.File) error { return errors.ErrUnsupported }
