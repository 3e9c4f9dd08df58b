//go:build !failpoint

package failpoint

import "time"

// Hit does nothing in the real program.
func Hit(string) {}

// Clock is nil in the real program, which means the computer's clock.
func Clock() func() time.Time { return nil }

// Lease is 0 in the real program, which means the runner's own.
func Lease() time.Duration { return 0 }

// Letters is 0 in the real program, which means as many e-mails to an address as it may get.
func Letters() int { return 0 }

// Mutant is false in the real program: it holds no fault that could be switched on.
func Mutant(string) bool { return false }
