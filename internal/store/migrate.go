package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations
var migrations embed.FS

// Version returns the schema version of the database and the one this program wants.
func (s *Store) Version(ctx context.Context) (have, want int64, err error) {
	err = s.withMigrations(ctx, func(p *goose.Provider) error {
		have, want, err = p.GetVersions(ctx)
		return err
	})
	if err != nil {
		return 0, 0, fmt.Errorf("read the database version: %w", err)
	}
	return have, want, nil
}

// Migrate brings the database to the version this program wants. Each step is a
// transaction of its own and only goes forward. Several processes may call it at once.
func (s *Store) Migrate(ctx context.Context) error {
	err := s.withMigrations(ctx, func(p *goose.Provider) error { return s.upgrade(ctx, p) })
	if err != nil {
		return fmt.Errorf("migrate the database: %w", err)
	}
	return s.checkKeys(ctx)
}

// upgrade tries again for as long as the version rises. SQLite has no lock that spans
// several steps, so of two processes that start together one meets tables that the
// other has just made.
func (s *Store) upgrade(ctx context.Context, p *goose.Provider) error {
	seen := int64(-1)
	for {
		var have, want int64
		err := s.retry(ctx, func() (err error) {
			have, want, err = p.GetVersions(ctx)
			return err
		})
		if err != nil {
			return err
		}
		if have > want {
			return tooNew(have, want)
		}
		if have == want {
			return nil
		}
		_, err = p.Up(ctx)
		if err == nil {
			return nil
		}
		if have == seen {
			return err
		}
		seen = have
	}
}

func tooNew(have, want int64) error {
	return fmt.Errorf("the database has version %d and this program knows version %d. "+
		"Start the newer program again, or restore a backup from before the upgrade", have, want)
}

// withMigrations uses connections of its own: the writer of SQLite holds its only one for good.
func (s *Store) withMigrations(ctx context.Context, fn func(*goose.Provider) error) error {
	db, err := s.engine.side(ctx)
	if err != nil {
		return err
	}
	defer db.Close()
	p, err := s.engine.migrator(db)
	if err != nil {
		return err
	}
	return fn(p)
}

func sqliteMigrator(db *sql.DB) (*goose.Provider, error) {
	files, err := fs.Sub(migrations, "migrations/sqlite")
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectSQLite3, db, files)
}

func postgresMigrator(db *sql.DB) (*goose.Provider, error) {
	files, err := fs.Sub(migrations, "migrations/postgres")
	if err != nil {
		return nil, err
	}
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectPostgres, db, files, goose.WithSessionLocker(locker))
}
