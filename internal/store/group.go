package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
)

// group lets transactions that arrive together share one commit, because waiting for
// the disk is nearly all a commit costs. Each runs in a savepoint of its own, so one
// that fails takes nothing of the others with it, and each returns only after the
// shared commit is on disk.
type group struct {
	waiting atomic.Int32 // how many will take the turn after whoever has it now
	turn    sync.Mutex
	conn    *sql.Conn
	shared  *shared // the open transaction, if any; guarded by turn
	closed  bool
}

// shared is one transaction of the database and those who wait for it.
type shared struct {
	done  chan struct{}
	err   error
	after []func()
}

// largestGroup bounds how long the first of a group waits for the last.
const largestGroup = 64

var errClosed = errors.New("the store is closed")

// run runs fn in a savepoint and waits for the commit. fn returns what is to happen
// after the commit. It must use the context it is given: a statement that is
// interrupted in the middle could roll back the transaction of others.
func (g *group) run(ctx context.Context, fn func(context.Context, querier) (func(), error)) error {
	g.waiting.Add(1)
	g.turn.Lock()
	g.waiting.Add(-1)
	mine, err := g.member(ctx, fn)
	if err != nil {
		return err
	}
	<-mine.done
	return mine.err
}

// member does one caller's part and gives the turn on. Whoever finds nobody waiting commits for all.
func (g *group) member(ctx context.Context, fn func(context.Context, querier) (func(), error)) (mine *shared, err error) {
	defer g.turn.Unlock()
	if g.closed {
		return nil, errClosed
	}
	quiet := context.WithoutCancel(ctx)
	if err := g.open(quiet); err != nil {
		return nil, err
	}
	mine = g.shared
	kept := false
	defer func() { // also when fn panics
		if !kept {
			g.forget(quiet)
		}
		if g.shared != nil && (g.waiting.Load() == 0 || len(g.shared.after) >= largestGroup) {
			g.commit(quiet)
		}
	}()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	after, err := fn(quiet, g.conn)
	if err != nil {
		return nil, err
	}
	if _, err := g.conn.ExecContext(quiet, "RELEASE one"); err != nil {
		return nil, fmt.Errorf("keep the transaction: %w", err)
	}
	kept = true
	mine.after = append(mine.after, after)
	return mine, nil
}

func (g *group) open(ctx context.Context) error {
	if g.shared == nil {
		if _, err := g.conn.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
			return fmt.Errorf("begin: %w", err)
		}
		g.shared = &shared{done: make(chan struct{})}
	}
	if _, err := g.conn.ExecContext(ctx, "SAVEPOINT one"); err != nil {
		g.spoil(ctx, err)
		return fmt.Errorf("begin: %w", err)
	}
	return nil
}

// forget undoes one member. When the savepoint is gone, SQLite has rolled back the
// whole transaction by itself, as it does when the disk is full: then nobody's work may count.
func (g *group) forget(ctx context.Context) {
	_, err := g.conn.ExecContext(ctx, "ROLLBACK TO one")
	if err == nil {
		_, err = g.conn.ExecContext(ctx, "RELEASE one")
	}
	if err != nil {
		g.spoil(ctx, err)
	}
}

func (g *group) spoil(ctx context.Context, cause error) {
	_, _ = g.conn.ExecContext(ctx, "ROLLBACK") // it may be rolled back already
	g.settle(fmt.Errorf("the shared transaction was rolled back: %w", cause))
}

func (g *group) commit(ctx context.Context) {
	if len(g.shared.after) == 0 {
		_, err := g.conn.ExecContext(ctx, "ROLLBACK")
		g.settle(err)
		return
	}
	if _, err := g.conn.ExecContext(ctx, "COMMIT"); err != nil {
		g.spoil(ctx, err)
		return
	}
	g.settle(nil)
}

func (g *group) settle(err error) {
	s := g.shared
	g.shared = nil
	s.err = err
	if err == nil {
		for _, after := range s.after {
			after()
		}
	}
	close(s.done)
}

// alone runs fn on the writer's connection, outside any transaction.
func (g *group) alone(fn func(*sql.Conn) error) error {
	g.turn.Lock()
	defer g.turn.Unlock()
	if g.closed {
		return errClosed
	}
	if g.shared != nil {
		g.commit(context.Background())
	}
	return fn(g.conn)
}

func (g *group) close() error {
	g.turn.Lock()
	defer g.turn.Unlock()
	if g.closed {
		return nil
	}
	if g.shared != nil {
		g.commit(context.Background())
	}
	g.closed = true
	return g.conn.Close()
}
