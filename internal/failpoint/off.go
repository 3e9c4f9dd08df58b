//go:build !failpoint

package failpoint

// Hit does nothing in the real program.
func Hit(string) {}
