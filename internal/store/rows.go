package store

import (
	"context"
	"crypto/cipher"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"strconv"

	"shareright/bot"
)

// Get implements bot.Rows.
func (t *tx) Get(ctx context.Context, org bot.OrgID, kind, ref string) (bot.Row, error) {
	if err := t.begin(org, kind, ref); err != nil {
		return bot.Row{}, err
	}
	row := sealedRow{Row: bot.Row{Kind: kind, Ref: ref}}
	err := row.scan(t.row(ctx, selectRows+` WHERE r.org = ? AND r.kind = ? AND r.ref = ?`, org, kind, ref))
	if errors.Is(err, sql.ErrNoRows) {
		return bot.Row{}, bot.ErrNotFound
	}
	if err != nil {
		return bot.Row{}, t.fail(fmt.Errorf("read %s %s: %w", kind, ref, err))
	}
	opened, err := t.opened(ctx, org, row)
	return opened, t.spoil(err)
}

// Put implements bot.Rows. Every version is sealed under a new key, so what was
// corrected is as unreadable in old pages as what was erased.
func (t *tx) Put(ctx context.Context, org bot.OrgID, row bot.Row) error {
	if err := t.beginWrite(ctx, org, row.Kind, row.Ref, row.State, string(row.Owner)); err != nil {
		return err
	}
	key, err := t.key(ctx, org)
	if err != nil {
		return err
	}
	read := row.Version
	row.Version++
	row.Owner, row.Body = key.mark(row.Owner), withOwner(row)
	sealed, wrapped, err := sealRow(key, org, row)
	if err != nil {
		return t.fail(err)
	}
	if read == 0 {
		err = t.insert(ctx, org, row, sealed, wrapped)
	} else {
		err = t.replace(ctx, org, row, read, sealed, wrapped)
	}
	if err != nil {
		return fmt.Errorf("store %s %s: %w", row.Kind, row.Ref, err)
	}
	return nil
}

func (t *tx) insert(ctx context.Context, org bot.OrgID, row bot.Row, sealed, wrapped []byte) error {
	n, err := t.exec(ctx, `INSERT INTO rows (org, kind, ref, life, version, state, owner, opened, due, expires, sealed)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
		org, row.Kind, row.Ref, rand.Text(), row.Version, row.State, row.Owner,
		millis(row.Opened), millis(row.Due), millis(row.Expires), sealed)
	if err != nil {
		return err
	}
	if n == 0 {
		return bot.ErrConflict
	}
	return t.later(ctx, `INSERT INTO row_keys (org, kind, ref, wrapped) VALUES (?, ?, ?, ?)`,
		org, row.Kind, row.Ref, wrapped)
}

func (t *tx) replace(ctx context.Context, org bot.OrgID, row bot.Row, read int64, sealed, wrapped []byte) error {
	n, err := t.exec(ctx, `UPDATE rows SET version = ?, state = ?, owner = ?, opened = ?, due = ?, expires = ?, sealed = ?
		WHERE org = ? AND kind = ? AND ref = ? AND version = ?`,
		row.Version, row.State, row.Owner, millis(row.Opened), millis(row.Due), millis(row.Expires), sealed,
		org, row.Kind, row.Ref, read)
	if err != nil {
		return err
	}
	if n == 0 {
		return bot.ErrConflict
	}
	return t.later(ctx, `UPDATE row_keys SET wrapped = ? WHERE org = ? AND kind = ? AND ref = ?`,
		wrapped, org, row.Kind, row.Ref)
}

// sealedRow is a row as it is stored.
type sealedRow struct {
	bot.Row
	opened, due, expires int64
	sealed, wrapped      []byte
}

const selectRows = `SELECT r.kind, r.ref, r.version, r.state, r.owner, r.opened, r.due, r.expires, r.sealed, k.wrapped
	FROM rows r LEFT JOIN row_keys k ON k.org = r.org AND k.kind = r.kind AND k.ref = r.ref`

func (r *sealedRow) scan(from interface{ Scan(...any) error }) error {
	err := from.Scan(&r.Kind, &r.Ref, &r.Version, &r.State, &r.Owner, &r.opened, &r.due, &r.expires, &r.sealed, &r.wrapped)
	if err != nil {
		return err
	}
	r.Opened, r.Due, r.Expires = fromMillis(r.opened), fromMillis(r.due), fromMillis(r.expires)
	return nil
}

// spoiltError says that it is one row which does not open, and not the database.
type spoiltError struct{ error }

func (s *spoiltError) Unwrap() error { return s.error }

// spoil ends the transaction where a row does not open.
func (t *tx) spoil(err error) error {
	if spoilt := new(spoiltError); errors.As(err, &spoilt) {
		return t.fail(err)
	}
	return err
}

// opened opens the row's key and then its body.
func (t *tx) opened(ctx context.Context, org bot.OrgID, row sealedRow) (bot.Row, error) {
	key, err := t.key(ctx, org)
	if err != nil {
		return bot.Row{}, err
	}
	row.Body, err = openRow(key, org, row)
	if err == nil && marked(row.Owner) {
		row.Owner, row.Body, err = ownerOf(row.Body)
	}
	if err != nil {
		return bot.Row{}, &spoiltError{fmt.Errorf("open %s %s: %w", row.Kind, row.Ref, err)}
	}
	return row.Row, nil
}

// rowPlace binds a body to everything that stands beside it in the table, so that a
// changed state, owner or date shows when the row is next read.
func rowPlace(table string, org bot.OrgID, row bot.Row) []byte {
	number := func(n int64) string { return strconv.FormatInt(n, 10) }
	return place(table, string(org), row.Kind, row.Ref, number(row.Version), row.State, string(row.Owner),
		number(millis(row.Opened)), number(millis(row.Due)), number(millis(row.Expires)))
}

func sealRow(key *orgKey, org bot.OrgID, row bot.Row) (sealed, wrapped []byte, err error) {
	raw := newKey()
	sealer, err := aead(raw)
	if err != nil {
		return nil, nil, err
	}
	sealed = sealer.Seal(nil, nil, row.Body, rowPlace("rows", org, row))
	wrapped = key.rows.Seal(nil, nil, raw, rowPlace("row_keys", org, row))
	return sealed, wrapped, nil
}

func openRow(key *orgKey, org bot.OrgID, row sealedRow) ([]byte, error) {
	if row.wrapped == nil {
		return nil, errors.New("its key is gone")
	}
	raw, err := open(key.rows, row.wrapped, rowPlace("row_keys", org, row.Row))
	if err != nil {
		return nil, err
	}
	opener, err := aead(raw)
	if err != nil {
		return nil, err
	}
	return open(opener, row.sealed, rowPlace("rows", org, row.Row))
}

func open(with cipher.AEAD, sealed, at []byte) ([]byte, error) {
	plain, err := with.Open(nil, nil, sealed, at)
	if err != nil {
		return nil, errors.New("it was changed outside the program, or belongs to another place")
	}
	return plain, nil
}
