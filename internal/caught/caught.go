// Package caught keeps one mistake in the program from ending it for everybody. A panic is noted
// with the place it comes from, is counted, and is told as an error. Its value is never written
// anywhere, for it may hold what somebody typed.
package caught

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync/atomic"
	"time"
)

// longest is how long what panics over and over waits between two tries.
const longest = time.Minute

var count atomic.Int64

// Count is how many panics were caught since the program started.
func Count() int64 { return count.Load() }

// Panic notes what was recovered, and returns it as an error; nil where there was no panic. The
// caller recovers, for that only works in the deferred function itself:
//
//	defer func() { err = errors.Join(err, caught.Panic(log, "a turn", recover())) }()
func Panic(log *slog.Logger, what string, fault any, about ...any) error {
	if fault == nil {
		return nil
	}
	count.Add(1)
	if log != nil {
		log.Error(what+" panicked", append(about, "stack", string(debug.Stack()))...)
	}
	return fmt.Errorf("panic: %T", fault)
}

// Run does something, and returns its panic as an error.
func Run(log *slog.Logger, what string, do func(), about ...any) (err error) {
	defer func() { err = Panic(log, what, recover(), about...) }()
	do()
	return nil
}

// Again does something that goes on until ctx ends. When it panics, it is begun again a moment later.
func Again(ctx context.Context, log *slog.Logger, what string, do func()) {
	for wait := time.Second; Run(log, what, do) != nil; wait = min(2*wait, longest) {
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
	}
}
