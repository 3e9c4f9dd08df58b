package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"shareright/bot"
	"shareright/internal/failpoint"
)

// Erasure says that a row was erased, without saying which: Life is a random name the
// row had from its first version on.
type Erasure struct {
	Org  bot.OrgID `json:"org"`
	Life string    `json:"life"`
	At   time.Time `json:"at"`
}

const (
	keepAnswers  = 72 * time.Hour       // Slack may deliver an event again for a day; twice that and one more to be safe
	keepErasures = 400 * 24 * time.Hour // a backup older than this must not be restored: it would bring erased rows back
	purgeBatch   = 200                  // rows in one transaction, so that nobody waits long behind a purge
)

// Erase implements bot.Rows. The row is written down in the erasure ledger, so that it
// can be erased again after an older backup was restored.
func (t *tx) Erase(ctx context.Context, org bot.OrgID, kind, ref string) error {
	if err := t.beginWrite(ctx, org, kind, ref); err != nil {
		return err
	}
	var life string
	// The key goes with the row by its foreign key.
	err := t.row(ctx, `DELETE FROM rows WHERE org = ? AND kind = ? AND ref = ? RETURNING life`, org, kind, ref).Scan(&life)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return t.fail(fmt.Errorf("erase %s %s: %w", kind, ref, err))
	}
	failpoint.Hit("F22")
	err = t.later(ctx, `INSERT INTO erasures (org, life, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`,
		org, life, millis(t.s.now()))
	if err != nil {
		return fmt.Errorf("write the erasure ledger: %w", err)
	}
	return nil
}

// PurgeExpired erases rows whose time has come at now, in every organisation, forgets
// answers older than 72 hours and ledger lines older than 400 days, and returns how
// many rows it erased. It can be stopped at any point and run again.
func (s *Store) PurgeExpired(ctx context.Context, now time.Time) (int, error) {
	total := 0
	for {
		failpoint.Hit("F23")
		n, err := s.purgeSome(ctx, now)
		total += n
		if err != nil {
			return total, fmt.Errorf("purge: %w", err)
		}
		if n == 0 {
			break
		}
	}
	err := s.raw(ctx, func(t *tx) error {
		_, err := t.exec(ctx, `DELETE FROM inbox WHERE at < ?`, millis(now.Add(-keepAnswers)))
		if err != nil {
			return err
		}
		_, err = t.exec(ctx, `DELETE FROM erasures WHERE at < ?`, millis(now.Add(-keepErasures)))
		return err
	})
	if err != nil {
		return total, fmt.Errorf("purge: %w", err)
	}
	return total, s.engine.tidy(ctx)
}

type rowName struct {
	org       bot.OrgID
	kind, ref string
}

// purgeSome erases the rows of one batch that are still expired when their turn comes:
// somebody may have given a row a longer life meanwhile.
func (s *Store) purgeSome(ctx context.Context, now time.Time) (int, error) {
	names, err := s.expired(ctx, now)
	if err != nil {
		return 0, err
	}
	n := 0
	err = s.raw(ctx, func(t *tx) error {
		n = 0
		for _, name := range names {
			var expires int64
			err := t.row(ctx, `SELECT expires FROM rows WHERE org = ? AND kind = ? AND ref = ?`,
				name.org, name.kind, name.ref).Scan(&expires)
			if errors.Is(err, sql.ErrNoRows) || err == nil && (expires == 0 || expires > millis(now)) {
				continue
			}
			if err != nil {
				return err
			}
			if err := t.Erase(ctx, name.org, name.kind, name.ref); err != nil {
				return err
			}
			n++
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	return n, nil
}

// expired lists one batch, all of one organisation: a transaction stays within one.
func (s *Store) expired(ctx context.Context, now time.Time) ([]rowName, error) {
	rows, err := s.engine.reader().QueryContext(ctx, s.engine.rebind(
		`SELECT org, kind, ref FROM rows WHERE expires <> 0 AND expires <= ? ORDER BY expires LIMIT ?`), millis(now), purgeBatch)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var names []rowName
	for rows.Next() {
		var n rowName
		if err := rows.Scan(&n.org, &n.kind, &n.ref); err != nil {
			return nil, err
		}
		if len(names) == 0 || n.org == names[0].org {
			names = append(names, n)
		}
	}
	return names, rows.Err()
}

// raw is Update for the store's own work.
func (s *Store) raw(ctx context.Context, fn func(*tx) error) error {
	return s.retry(ctx, func() error { return s.engine.update(ctx, s, fn) })
}

// Erasures lists the erasure ledger since a moment, oldest first, to be kept outside
// the database: a restored backup brings back the ledger of its own day.
func (s *Store) Erasures(ctx context.Context, since time.Time) ([]Erasure, error) {
	rows, err := s.engine.reader().QueryContext(ctx, s.engine.rebind(
		`SELECT org, life, at FROM erasures WHERE at >= ? ORDER BY at, org, life`), millis(since))
	if err != nil {
		return nil, fmt.Errorf("read the erasure ledger: %w", err)
	}
	defer rows.Close()
	var list []Erasure
	for rows.Next() {
		var e Erasure
		var at int64
		if err := rows.Scan(&e.Org, &e.Life, &at); err != nil {
			return nil, fmt.Errorf("read the erasure ledger: %w", err)
		}
		e.At = fromMillis(at)
		list = append(list, e)
	}
	return list, rows.Err()
}

// ReplayErasures erases again what a restored backup brought back, and returns how
// many rows that were. All of the ledger is kept here too: what this backup does not hold,
// another that is put back later may. It must run before the program serves anybody.
func (s *Store) ReplayErasures(ctx context.Context, ledger []Erasure) (int, error) {
	gone := map[rowLife]bool{}
	for _, e := range ledger {
		gone[rowLife{e.Org, e.Life}] = true
	}
	back, err := s.living(ctx, gone)
	if err != nil {
		return 0, fmt.Errorf("replay the erasure ledger: %w", err)
	}
	for i, name := range back {
		err := s.raw(ctx, func(t *tx) error { return t.Erase(ctx, name.org, name.kind, name.ref) })
		if err != nil {
			return i, fmt.Errorf("replay the erasure ledger: %w", err)
		}
	}
	if err := s.keepLedger(ctx, ledger); err != nil {
		return len(back), fmt.Errorf("keep the erasure ledger: %w", err)
	}
	return len(back), s.engine.tidy(ctx)
}

// keepLedger writes down what is not written down here yet, an organisation at a time.
func (s *Store) keepLedger(ctx context.Context, ledger []Erasure) error {
	of := map[bot.OrgID][]Erasure{}
	for _, e := range ledger {
		of[e.Org] = append(of[e.Org], e)
	}
	for _, org := range slices.Sorted(maps.Keys(of)) {
		for some := range slices.Chunk(of[org], purgeBatch) {
			err := s.raw(ctx, func(t *tx) error {
				for _, e := range some {
					if err := t.begin(org, e.Life); err != nil {
						return err
					}
					if err := t.later(ctx, `INSERT INTO erasures (org, life, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`, org, e.Life, millis(e.At)); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

type rowLife struct {
	org  bot.OrgID
	life string
}

// living lists the rows whose lives are named.
func (s *Store) living(ctx context.Context, named map[rowLife]bool) ([]rowName, error) {
	rows, err := s.engine.reader().QueryContext(ctx, `SELECT org, kind, ref, life FROM rows ORDER BY org, kind, ref`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var found []rowName
	for rows.Next() {
		var n rowName
		var life string
		if err := rows.Scan(&n.org, &n.kind, &n.ref, &life); err != nil {
			return nil, err
		}
		if named[rowLife{n.org, life}] {
			found = append(found, n)
		}
	}
	return found, rows.Err()
}
