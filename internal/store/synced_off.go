//go:build !failpoint

package store

// synced is how SQLite waits for the disk, by name and by number: with every commit.
func synced() (name, number string) { return "FULL", "2" }
