package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"shareright/internal/failpoint"
)

// tables are all that a database holds, parents before children.
var tables = []struct{ name, order string }{
	{"org_keys", "org"}, {"rows", "org, kind, ref"}, {"row_keys", "org, kind, ref"}, {"erasures", "org, life"},
	{"inbox", "org, event"}, {"trails", "org"}, {"entries", "org, seq"}, {"jobs", "org, kind, name"},
}

// movedFact marks a database whose records live elsewhere now.
const movedFact = "moved"

// ErrMoved says that the records of this database were moved to another.
var ErrMoved = errors.New("the records of this database were moved to another one; use that (SHARERIGHT_DATABASE_URL)")

// Move copies everything as it is, sealed, into another database that is empty, and then
// marks this one as moved, so that it is never written to again. Nothing can be written
// here meanwhile. It returns how many lines each table had. When it fails, this database
// is as it was; the other may need to be emptied before it is tried again.
func (s *Store) Move(ctx context.Context, to *Store) (map[string]int, error) {
	counts := map[string]int{}
	err := s.raw(ctx, func(from *tx) error {
		err := to.raw(ctx, func(into *tx) error {
			for _, table := range tables {
				if err := into.empty(ctx, table.name); err != nil {
					return err
				}
			}
			for _, table := range tables {
				n, err := copyTable(ctx, from, into, table.name, table.order)
				if err != nil {
					return fmt.Errorf("copy %s: %w", table.name, err)
				}
				counts[table.name] = n
			}
			return nil
		})
		if err != nil {
			return err
		}
		failpoint.Hit("F24")
		_, err = from.exec(ctx, `INSERT INTO facts (name, value) VALUES (?, ?)`, movedFact, []byte(s.now().UTC().Format("2006-01-02")))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("move the records: %w", err)
	}
	return counts, nil
}

func (t *tx) empty(ctx context.Context, table string) error {
	var n int
	if err := t.row(ctx, "SELECT COUNT(*) FROM "+table).Scan(&n); err != nil {
		return t.fail(err)
	}
	if n > 0 {
		return fmt.Errorf("the other database is not empty: %s has %d lines", table, n)
	}
	return nil
}

// copyTable copies the lines of one table. Both databases have the same columns in the same order.
func copyTable(ctx context.Context, from, into *tx, table, order string) (int, error) {
	rows, err := from.query(ctx, "SELECT * FROM "+table+" ORDER BY "+order)
	if err != nil {
		return 0, from.fail(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return 0, err
	}
	insert := "INSERT INTO " + table + " (" + strings.Join(columns, ", ") + ") VALUES (" + strings.TrimSuffix(strings.Repeat("?, ", len(columns)), ", ") + ")"
	values, places := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		places[i] = &values[i]
	}
	n := 0
	for ; rows.Next(); n++ {
		if err := rows.Scan(places...); err != nil {
			return n, err
		}
		if _, err := into.exec(ctx, insert, values...); err != nil {
			return n, err
		}
	}
	return n, rows.Err()
}

// checkMoved refuses a database whose records live elsewhere now.
func (s *Store) checkMoved(ctx context.Context) error {
	var day []byte
	err := s.engine.reader().QueryRowContext(ctx, s.engine.rebind(`SELECT value FROM facts WHERE name = ?`), movedFact).Scan(&day)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil
	case err != nil:
		return err
	}
	return fmt.Errorf("%w (since %s)", ErrMoved, day)
}
