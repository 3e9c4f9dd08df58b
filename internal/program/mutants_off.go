//go:build !failpoint

package program

import (
	"shareright/bot"
	"shareright/internal/store"
)

// mutant is the store itself in the real program.
func mutant(s *store.Store) bot.Store { return s }
