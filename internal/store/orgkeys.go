package store

import (
	"context"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"sync"

	"shareright/bot"
	"shareright/internal/failpoint"
)

// orgKey is what an organisation's key gives: one key a purpose.
type orgKey struct {
	rows   cipher.AEAD // seals the key of each row
	inbox  cipher.AEAD // seals answers
	trail  []byte      // links the audit trail
	owners []byte      // marks whose a row is
}

func newOrgKey(raw []byte) (*orgKey, error) {
	derive := func(purpose string) ([]byte, error) {
		return hkdf.Expand(sha256.New, raw, "shareright "+purpose, keySize)
	}
	rows, err1 := derive("rows")
	inbox, err2 := derive("inbox")
	trail, err3 := derive("trail")
	owners, err4 := derive("owners")
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		return nil, fmt.Errorf("derive the organisation's keys: %w", err)
	}
	k := &orgKey{trail: trail, owners: owners}
	if k.rows, err1 = aead(rows); err1 != nil {
		return nil, err1
	}
	if k.inbox, err1 = aead(inbox); err1 != nil {
		return nil, err1
	}
	return k, nil
}

// orgKeys remembers opened keys, which never change.
type orgKeys struct{ m sync.Map }

func (o *orgKeys) get(org bot.OrgID) *orgKey {
	if k, ok := o.m.Load(org); ok {
		return k.(*orgKey)
	}
	return nil
}

func (o *orgKeys) put(org bot.OrgID, k *orgKey) { o.m.Store(org, k) }

// key returns the organisation's key. A transaction that writes makes it on first use.
func (t *tx) key(ctx context.Context, org bot.OrgID) (*orgKey, error) {
	if k := t.s.orgs.get(org); k != nil {
		return k, nil
	}
	if k := t.fresh[org]; k != nil {
		return k, nil
	}
	var wrapped []byte
	err := t.row(ctx, `SELECT wrapped FROM org_keys WHERE org = ?`, org).Scan(&wrapped)
	if err == nil {
		k, err := t.s.unwrapOrg(org, wrapped)
		if err != nil {
			return nil, t.fail(err)
		}
		return t.keep(org, k), nil
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return nil, t.fail(fmt.Errorf("read the organisation's key: %w", err))
	}
	if t.reads {
		return nil, bot.ErrNotFound
	}
	raw := newKey()
	_, err = t.exec(ctx, `INSERT INTO org_keys (org, wrapped) VALUES (?, ?) ON CONFLICT DO NOTHING`,
		org, t.s.keys.seal(raw, place("org_keys", string(org))))
	if err != nil {
		return nil, fmt.Errorf("make the organisation's key: %w", err)
	}
	k, err := newOrgKey(raw)
	if err != nil {
		return nil, t.fail(err)
	}
	return t.keep(org, k), nil
}

func (t *tx) keep(org bot.OrgID, k *orgKey) *orgKey {
	if t.fresh == nil {
		t.fresh = map[bot.OrgID]*orgKey{}
	}
	t.fresh[org] = k
	return k
}

func (s *Store) unwrapOrg(org bot.OrgID, wrapped []byte) (*orgKey, error) {
	raw, err := s.keys.open(wrapped, place("org_keys", string(org)))
	if err != nil {
		return nil, err
	}
	return newOrgKey(raw)
}

const keyProof = "key proof"

// checkKeys finds out at the start, not at the first report, that the master key is the wrong one.
func (s *Store) checkKeys(ctx context.Context) error {
	return s.retry(ctx, func() error {
		return s.engine.update(ctx, s, func(t *tx) error {
			_, err := t.exec(ctx, `INSERT INTO facts (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING`,
				keyProof, s.keys.seal([]byte(keyProof), place("facts", keyProof)))
			if err != nil {
				return err
			}
			var sealed []byte
			if err := t.row(ctx, `SELECT value FROM facts WHERE name = ?`, keyProof).Scan(&sealed); err != nil {
				return err
			}
			_, err = s.keys.open(sealed, place("facts", keyProof))
			return err
		})
	})
}

// Rotate seals every organisation's key under the first master key and returns how
// many it sealed anew. Each is a transaction of its own, so it can be stopped at any
// point and run again. After it returned nil the other master keys may be thrown away.
func (s *Store) Rotate(ctx context.Context) (int, error) {
	orgs, err := s.staleOrgs(ctx)
	if err != nil {
		return 0, fmt.Errorf("rotate keys: %w", err)
	}
	done := 0
	for _, org := range orgs {
		failpoint.Hit("F21")
		err := s.rewrap(ctx, `SELECT wrapped FROM org_keys WHERE org = ?`,
			`UPDATE org_keys SET wrapped = ? WHERE org = ?`, string(org), "org_keys")
		if err != nil {
			return done, fmt.Errorf("rotate the key of %s: %w", org, err)
		}
		done++
	}
	failpoint.Hit("F21")
	err = s.rewrap(ctx, `SELECT value FROM facts WHERE name = ?`,
		`UPDATE facts SET value = ? WHERE name = ?`, keyProof, "facts")
	if err != nil {
		return done, fmt.Errorf("rotate keys: %w", err)
	}
	return done, nil
}

func (s *Store) staleOrgs(ctx context.Context) ([]bot.OrgID, error) {
	rows, err := s.engine.reader().QueryContext(ctx, `SELECT org, wrapped FROM org_keys ORDER BY org`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var stale []bot.OrgID
	for rows.Next() {
		var org bot.OrgID
		var wrapped []byte
		if err := rows.Scan(&org, &wrapped); err != nil {
			return nil, err
		}
		if !s.keys.current(wrapped) {
			stale = append(stale, org)
		}
	}
	return stale, rows.Err()
}

// rewrap reads one sealed value, opens it and seals it under the first key.
func (s *Store) rewrap(ctx context.Context, read, write, name, table string) error {
	return s.retry(ctx, func() error {
		return s.engine.update(ctx, s, func(t *tx) error {
			var sealed []byte
			if err := t.row(ctx, read, name).Scan(&sealed); err != nil {
				return err
			}
			plain, err := s.keys.open(sealed, place(table, name))
			if err != nil {
				return err
			}
			failpoint.Hit("F21")
			_, err = t.exec(ctx, write, s.keys.seal(plain, place(table, name)), name)
			failpoint.Hit("F21")
			return err
		})
	})
}
