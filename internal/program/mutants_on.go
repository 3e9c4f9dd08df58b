//go:build failpoint

package program

import (
	"context"
	"sync"
	"time"

	"shareright/bot"
	"shareright/internal/failpoint"
	"shareright/internal/store"
	"shareright/scheduler"
)

// mutant is the store, or the store with one of the faults that the kill campaign must
// find. A campaign that does not find them proves nothing.
func mutant(s *store.Store) bot.Store {
	switch {
	case failpoint.Mutant("early-answer"):
		return early{s}
	case failpoint.Mutant("clock-apart"):
		return apart{s}
	}
	return s
}

// early says that a turn is stored when it is not committed yet, as a program does that answers first.
type early struct{ bot.Store }

// Update returns as soon as everything is written, a moment before the commit.
func (e early) Update(ctx context.Context, fn func(bot.Tx) error) error {
	written, over := make(chan struct{}), make(chan error, 1)
	var once sync.Once
	go func() {
		over <- e.Store.Update(context.WithoutCancel(ctx), func(tx bot.Tx) error {
			err := fn(tx)
			if err == nil {
				once.Do(func() { close(written) })
				time.Sleep(20 * time.Millisecond) // a slow disk
			}
			return err
		})
	}()
	select {
	case <-written:
		return nil
	case err := <-over:
		return err
	}
}

// apart stores the milestones of a legal clock after the turn that began it, in a transaction of their own.
type apart struct{ bot.Store }

// Update commits the turn, and then its milestones.
func (a apart) Update(ctx context.Context, fn func(bot.Tx) error) error {
	var later []scheduler.Job
	err := a.Store.Update(ctx, func(tx bot.Tx) error {
		later = nil
		return fn(without{tx, &later})
	})
	if err != nil || len(later) == 0 {
		return err
	}
	return a.Store.Update(ctx, func(tx bot.Tx) error {
		for _, job := range later {
			if err := tx.PutJob(ctx, job); err != nil {
				return err
			}
		}
		return nil
	})
}

// without keeps statutory jobs that are due later out of the transaction.
type without struct {
	bot.Tx
	later *[]scheduler.Job
}

// PutJob stores the job, or keeps it for later.
func (w without) PutJob(ctx context.Context, job scheduler.Job) error {
	if job.Kind == "breach.milestone" {
		*w.later = append(*w.later, job)
		return nil
	}
	return w.Tx.PutJob(ctx, job)
}
