package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/mattn/go-sqlite3"

	"shareright/internal/failpoint"
)

// Check looks at everything that can be checked: the files of the database, the links
// between its tables, and every audit trail. It returns what is wrong, one sentence
// each, and nothing when all is well.
func (s *Store) Check(ctx context.Context) ([]string, error) {
	problems, err := s.engine.sound(ctx)
	if err != nil {
		return nil, fmt.Errorf("check the database: %w", err)
	}
	orgs, err := s.Trails(ctx)
	if err != nil {
		return nil, err
	}
	for _, org := range orgs {
		report, err := s.Verify(ctx, org)
		if err != nil {
			return nil, err
		}
		for _, p := range report.Problems {
			problems = append(problems, fmt.Sprintf("Audit trail of %s: %s", org, p))
		}
	}
	return problems, nil
}

// Backup writes a copy of an SQLite database to a new file while the program goes on,
// and checks the copy before it returns. The master key is not in it: keep it apart.
func (s *Store) Backup(ctx context.Context, path string) error {
	if err := s.engine.backup(ctx, path); err != nil {
		return fmt.Errorf("back up to %s: %w", path, err)
	}
	return nil
}

func (e *sqlite) sound(ctx context.Context) ([]string, error) {
	problems, err := lines(ctx, e.read, "PRAGMA integrity_check")
	if err != nil {
		return nil, err
	}
	if len(problems) == 1 && problems[0] == "ok" {
		problems = nil
	}
	strays, err := e.read.QueryContext(ctx, "PRAGMA foreign_key_check")
	if err != nil {
		return nil, err
	}
	defer strays.Close()
	for strays.Next() {
		var table, parent string
		var row sql.NullInt64
		var key int
		if err := strays.Scan(&table, &row, &parent, &key); err != nil {
			return nil, err
		}
		problems = append(problems, fmt.Sprintf("A line of %s belongs to nothing in %s.", table, parent))
	}
	return problems, strays.Err()
}

func lines(ctx context.Context, q querier, query string) ([]string, error) {
	rows, err := q.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []string
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			return nil, err
		}
		list = append(list, line)
	}
	return list, rows.Err()
}

// backup copies into a file beside the wanted one and gives it its name last, so that
// a file with that name is always whole.
func (e *sqlite) backup(ctx context.Context, path string) error {
	if _, err := os.Stat(path); err == nil {
		return errors.New("there is a file of that name already")
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".backup-*") // mode 0600
	if err != nil {
		return err
	}
	part := f.Name()
	defer os.Remove(part)
	if err := f.Close(); err != nil {
		return err
	}
	to, err := sql.Open("sqlite3", "file:"+part)
	if err != nil {
		return err
	}
	to.SetMaxOpenConns(1)
	err = errors.Join(e.copyTo(ctx, to), wholeCopy(ctx, to), to.Close())
	if err != nil {
		return err
	}
	if err := syncFile(part); err != nil {
		return err
	}
	failpoint.Hit("F24")
	if err := os.Link(part, path); err != nil { // unlike a rename, never over another file
		return err
	}
	return syncDir(filepath.Dir(path))
}

func (e *sqlite) copyTo(ctx context.Context, to *sql.DB) error {
	src, err := e.read.Conn(ctx)
	if err != nil {
		return err
	}
	defer src.Close()
	dst, err := to.Conn(ctx)
	if err != nil {
		return err
	}
	defer dst.Close()
	return dst.Raw(func(d any) error {
		return src.Raw(func(s any) error {
			b, err := d.(*sqlite3.SQLiteConn).Backup("main", s.(*sqlite3.SQLiteConn), "main")
			if err != nil {
				return err
			}
			// In one step, the copy is of one moment however much is written meanwhile.
			_, err = b.Step(-1)
			return errors.Join(err, b.Finish())
		})
	})
}

// wholeCopy makes the copy one file without side files, and looks it through.
func wholeCopy(ctx context.Context, db *sql.DB) error {
	if _, err := db.ExecContext(ctx, "PRAGMA journal_mode = DELETE"); err != nil {
		return err
	}
	problems, err := lines(ctx, db, "PRAGMA integrity_check")
	if err != nil {
		return err
	}
	if len(problems) != 1 || problems[0] != "ok" {
		return fmt.Errorf("the copy is damaged: %v", problems)
	}
	return nil
}

func syncFile(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
