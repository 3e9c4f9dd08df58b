//go:build failpoint

package store

import "shareright/internal/failpoint"

// synced is how SQLite waits for the disk, by name and by number: with every commit, or
// not at all, which the kill campaign must find.
func synced() (name, number string) {
	if failpoint.Mutant("unsynced") {
		return "OFF", "0"
	}
	return "FULL", "2"
}
