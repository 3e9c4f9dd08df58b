package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/mattn/go-sqlite3"
	"github.com/pressly/goose/v3"
)

const databaseFile = "shareright.db"

// oldestSQLite is the first release without the WAL-reset race that could corrupt a database.
const oldestSQLite = 3_051_003

// sqlite is one file, one writer and a few readers.
type sqlite struct {
	path  string
	read  *sql.DB
	write *sql.DB
	group *group
}

func openSQLite(ctx context.Context, dir string) (engine, error) {
	if dir == "" {
		return nil, errors.New("there is no data folder")
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the data folder: %w", err)
	}
	path := filepath.Join(dir, databaseFile)
	// SQLite gives its side files the mode of the database, so it is made before SQLite can.
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("make the database file: %w", err)
	}
	if err := f.Close(); err != nil {
		return nil, err
	}
	e := &sqlite{path: path}
	if e.write, err = e.pool("&_txlock=immediate&_cache_size=-16000", 1); err != nil {
		return nil, err
	}
	if e.read, err = e.pool("&_query_only=1", 4); err != nil {
		return nil, errors.Join(err, e.write.Close())
	}
	// Two programs that make the same database at once meet in its switch to WAL, which
	// does not wait for the busy timeout.
	if err := retry(ctx, e.passing, func() error { return e.ready(ctx) }); err != nil {
		return nil, errors.Join(err, e.read.Close(), e.write.Close())
	}
	return e, nil
}

// ready checks the pragmas on a connection of each kind and takes the writer.
func (e *sqlite) ready(ctx context.Context) error {
	conn, err := e.write.Conn(ctx)
	if err != nil {
		return err
	}
	if err := selfCheck(ctx, conn, sqlite3Version()); err != nil {
		return errors.Join(err, conn.Close())
	}
	if err := selfCheck(ctx, e.read, sqlite3Version()); err != nil {
		return errors.Join(err, conn.Close())
	}
	e.group = &group{conn: conn}
	return nil
}

// dsn asks for every promise by name: the driver's own choice is NORMAL and no foreign keys.
func (e *sqlite) dsn(more string) string {
	sync, _ := synced()
	return "file:" + (&url.URL{Path: e.path}).EscapedPath() +
		"?_journal=WAL&_sync=" + sync + "&_fk=1&_busy_timeout=5000&_secure_delete=on&_stmt_cache_size=64" + more
}

func (e *sqlite) pool(more string, conns int) (*sql.DB, error) {
	db, err := sql.Open("sqlite3", e.dsn(more))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	return db, nil
}

func sqlite3Version() int {
	_, number, _ := sqlite3.Version()
	return number
}

// selfCheck refuses to start on a database that could lose or keep what it must not.
func selfCheck(ctx context.Context, q querier, version int) error {
	if version < oldestSQLite {
		return fmt.Errorf("SQLite %d.%d.%d is too old: before 3.51.3 it can damage the database. Build the program again with a newer one",
			version/1_000_000, version/1000%1000, version%1000)
	}
	_, sync := synced()
	for _, want := range []struct{ pragma, value, why string }{
		{"journal_mode", "wal", "readers would block the writer"},
		{"synchronous", sync, "a power cut could lose a report"},
		{"foreign_keys", "1", "a key could outlive its record"},
		{"secure_delete", "1", "erased content would stay in the file"},
	} {
		var got string
		if err := q.QueryRowContext(ctx, "PRAGMA "+want.pragma).Scan(&got); err != nil {
			return fmt.Errorf("check the database settings: %w", err)
		}
		if !strings.EqualFold(got, want.value) {
			return fmt.Errorf("the database does not keep %s at %s (it is %s): %s. Is the data folder on a local disk?",
				want.pragma, want.value, got, want.why)
		}
	}
	return nil
}

func (e *sqlite) update(ctx context.Context, s *Store, fn func(*tx) error) error {
	return e.group.run(ctx, func(ctx context.Context, q querier) (func(), error) {
		t := &tx{s: s, q: q}
		err := fn(t)
		if err == nil {
			err = t.finish(ctx)
		}
		t.fail(errOver)
		return t.committed, err
	})
}

func (e *sqlite) view(ctx context.Context, s *Store, fn func(*tx) error) error {
	// Without a way to cancel, the driver needs no goroutine for each statement.
	dbtx, err := e.read.BeginTx(context.WithoutCancel(ctx), nil)
	if err != nil {
		return err
	}
	defer dbtx.Rollback()
	t := &tx{s: s, q: dbtx, reads: true}
	defer t.fail(errOver)
	if err := ctx.Err(); err != nil {
		return err
	}
	return fn(t)
}

func (e *sqlite) claimer(ctx context.Context, fn func(querier) error) error {
	return e.group.run(ctx, func(_ context.Context, q querier) (func(), error) { return func() {}, fn(q) })
}

func (e *sqlite) reader() querier { return e.read }

func (e *sqlite) passing(err error) bool {
	var se sqlite3.Error
	return errors.As(err, &se) && (se.Code == sqlite3.ErrBusy || se.Code == sqlite3.ErrLocked)
}

func (e *sqlite) side(context.Context) (*sql.DB, error) { return e.pool("&_txlock=immediate", 1) }

func (e *sqlite) migrator(db *sql.DB) (*goose.Provider, error) { return sqliteMigrator(db) }

// tidy empties the write-ahead log, where erased pages live on until then. A reader
// that stays long would make everybody who writes wait, so it soon gives up; the next
// tidy will do.
func (e *sqlite) tidy(ctx context.Context) error {
	return e.group.alone(func(conn *sql.Conn) error {
		if _, err := conn.ExecContext(ctx, "PRAGMA busy_timeout = 50"); err != nil {
			return fmt.Errorf("empty the write-ahead log: %w", err)
		}
		var busy, frames, moved int
		err := conn.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &frames, &moved)
		_, back := conn.ExecContext(context.WithoutCancel(ctx), "PRAGMA busy_timeout = 5000")
		if err := errors.Join(err, back); err != nil {
			return fmt.Errorf("empty the write-ahead log: %w", err)
		}
		return nil
	})
}

func (e *sqlite) rebind(query string) string { return query }
func (e *sqlite) skipLocked() string         { return "" }
func (e *sqlite) isolated() bool             { return true }

func (e *sqlite) close() error {
	err := e.read.Close()
	err = errors.Join(err, e.tidy(context.Background()))
	return errors.Join(err, e.group.close(), e.write.Close())
}
