// Package store keeps everything Shareright must not lose: records, unfinished
// dialogues, jobs, answered events and the audit trail, in SQLite or PostgreSQL.
//
// It answers for four things: a transaction is committed durably or not at all, what
// people said is sealed at rest, one organisation never meets another, and a changed
// audit trail is found out. What the rows mean is left to bot and the features.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/pressly/goose/v3"

	"shareright/bot"
	"shareright/scheduler"
)

var (
	_ bot.Store       = (*Store)(nil)
	_ scheduler.Store = (*Store)(nil)
)

// Options says where the data is and how it is sealed.
type Options struct {
	URL       string           // a postgres:// address; empty means SQLite in Dir
	Dir       string           // the data folder; SQLite keeps shareright.db in it
	Keys      KeyRing          // the master keys: the first seals, any opens
	NoMigrate bool             // leave the schema as it is, for commands that only look at its version
	Now       func() time.Time // dates the erasure ledger; nil means the computer's clock
	Log       *slog.Logger     // nil means nothing is logged
}

// Store is a database that is open. It is safe for use by several goroutines.
type Store struct {
	engine engine
	keys   KeyRing
	orgs   orgKeys
	now    func() time.Time
	log    *slog.Logger
	again  int // rows that the opening erased again
}

// engine is what differs between SQLite and PostgreSQL.
type engine interface {
	// update runs fn once in a transaction that writes, and commits it durably.
	update(ctx context.Context, s *Store, fn func(*tx) error) error
	// view runs fn once in a transaction that reads one moment.
	view(ctx context.Context, s *Store, fn func(*tx) error) error
	// reader serves single statements that need no transaction.
	reader() querier
	// claimer runs one statement that claims jobs, in a transaction of its own.
	claimer(ctx context.Context, fn func(querier) error) error
	// passing says that an error comes from others being at work, so that another try may do.
	passing(err error) bool
	side(ctx context.Context) (*sql.DB, error)
	migrator(db *sql.DB) (*goose.Provider, error)
	// tidy makes erased content leave the files it may linger in.
	tidy(ctx context.Context) error
	// sound lists what the database itself finds wrong with its files.
	sound(ctx context.Context) ([]string, error)
	backup(ctx context.Context, path string) error
	rebind(query string) string
	skipLocked() string
	isolated() bool // one writer at a time by nature
	close() error
}

// querier is a connection or a transaction.
type querier interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// Open connects, checks that the database keeps its promises, brings it to the
// version of this program and checks that the master key fits.
func Open(ctx context.Context, o Options) (*Store, error) {
	if len(o.Keys.keys) == 0 {
		return nil, errors.New("open the store: there is no master key")
	}
	s := &Store{keys: o.Keys, now: o.Now, log: o.Log}
	if s.now == nil {
		s.now = time.Now
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	var err error
	if o.URL != "" {
		s.engine, err = openPostgres(ctx, o.URL)
	} else if err = wholeFolder(o.Dir); err == nil {
		s.engine, err = openSQLite(ctx, o.Dir)
	}
	if err != nil {
		return nil, fmt.Errorf("open the store: %w", err)
	}
	if !o.NoMigrate {
		if err := s.Migrate(ctx); err != nil {
			return nil, errors.Join(fmt.Errorf("open the store: %w", err), s.engine.close())
		}
		if err := s.checkMoved(ctx); err != nil {
			return nil, errors.Join(err, s.engine.close())
		}
		if o.URL == "" {
			if err := s.eraseWaiting(ctx, o.Dir); err != nil {
				return nil, errors.Join(fmt.Errorf("erase again what a restore brought back: %w", err), s.engine.close())
			}
		}
	}
	return s, nil
}

// Close finishes what is under way and leaves nothing in side files.
func (s *Store) Close() error { return s.engine.close() }

// Update runs fn in one transaction and returns after it was committed durably. A
// conflict with others runs fn again from the start, a few times. fn must not call
// the Store itself, and must not keep the Tx.
func (s *Store) Update(ctx context.Context, fn func(bot.Tx) error) error {
	return s.retry(ctx, func() error {
		return s.engine.update(ctx, s, func(t *tx) error { return fn(t) })
	})
}

// View runs fn over one moment of the database. Whatever writes is refused.
func (s *Store) View(ctx context.Context, fn func(bot.Tx) error) error {
	return s.retry(ctx, func() error {
		return s.engine.view(ctx, s, func(t *tx) error { return fn(t) })
	})
}

const (
	conflictTries = 4                // a row that is still stale after this was stale before the transaction began
	patience      = 10 * time.Second // a database that others keep busy for longer needs a person
)

// retry runs a transaction again after a conflict. The pause grows and is random, so
// that two that met do not meet again.
func (s *Store) retry(ctx context.Context, once func() error) error {
	return retry(ctx, s.engine.passing, once)
}

func retry(ctx context.Context, passing func(error) bool, once func() error) error {
	start := time.Now()
	for try := 1; ; try++ {
		err := once()
		switch {
		case err == nil:
			return nil
		case errors.Is(err, bot.ErrConflict):
			if try >= conflictTries {
				return err
			}
		case !passing(err) || time.Since(start) > patience:
			return err
		}
		longest := min(time.Duration(try)*4*time.Millisecond, 200*time.Millisecond)
		select {
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		case <-time.After(rand.N(longest)):
		}
	}
}
