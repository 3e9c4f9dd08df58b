package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"shareright/bot"
	"shareright/internal/failpoint"
)

// tx is one transaction. After an error of the database itself it does nothing more:
// half a turn must never be committed because somebody overlooked an error.
type tx struct {
	s       *Store
	q       querier
	reads   bool // only reads
	failed  error
	touched map[bot.OrgID]bool
	fresh   map[bot.OrgID]*orgKey // made here, so not yet known to be committed
	heads   map[bot.OrgID]*head
	enter   func(bot.OrgID) error // called before the first use of an organisation
}

var (
	errReadOnly = errors.New("this transaction only reads")
	errOver     = errors.New("the transaction is over")
	errNoOrg    = errors.New("no organisation was named")
)

// begin checks what every statement needs: an open transaction, an organisation, and
// text that both databases can keep.
func (t *tx) begin(org bot.OrgID, texts ...string) error {
	if t.failed != nil {
		return t.failed
	}
	if org == "" {
		return errNoOrg
	}
	for _, text := range slices.Concat(texts, []string{string(org)}) {
		if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
			return fmt.Errorf("%q holds a character that cannot be stored", text)
		}
	}
	if t.enter != nil {
		if err := t.enter(org); err != nil {
			return t.fail(err)
		}
	}
	return nil
}

// beginWrite is begin for statements that change something. Where writers run side by
// side, the first write of a turn also writes the organisation's head row: two turns of
// one organisation then cannot both be committed on the same snapshot, which makes
// snapshot isolation as strict as one writer at a time.
func (t *tx) beginWrite(ctx context.Context, org bot.OrgID, texts ...string) error {
	if err := t.begin(org, texts...); err != nil {
		return err
	}
	if t.reads {
		return errReadOnly
	}
	if t.touched[org] || t.s.engine.isolated() {
		return nil
	}
	if t.touched == nil {
		t.touched = map[bot.OrgID]bool{}
	}
	t.touched[org] = true
	h := &head{}
	err := t.row(ctx, `INSERT INTO trails (org, turns, size, link) VALUES (?, 1, 0, ?)
		ON CONFLICT (org) DO UPDATE SET turns = trails.turns + 1
		RETURNING size, link`, org, []byte{}).Scan(&h.size, &h.link)
	if err != nil {
		return t.fail(fmt.Errorf("lock the organisation: %w", err))
	}
	t.setHead(org, h)
	return nil
}

// fail ends the transaction for good.
func (t *tx) fail(err error) error {
	if t.failed == nil {
		t.failed = err
	}
	return err
}

// finish writes what waits for the end. It is called once, after fn returned nil.
func (t *tx) finish(ctx context.Context) error {
	if t.failed != nil {
		return t.failed
	}
	return t.saveHeads(ctx)
}

// committed makes the keys of new organisations known. Before, they could be rolled
// back, and rows sealed under them would never open again.
func (t *tx) committed() {
	for org, key := range t.fresh {
		t.s.orgs.put(org, key)
	}
}

func (t *tx) row(ctx context.Context, query string, args ...any) *sql.Row {
	return t.q.QueryRowContext(ctx, t.s.engine.rebind(query), args...)
}

func (t *tx) query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return t.q.QueryContext(ctx, t.s.engine.rebind(query), args...)
}

// exec returns how many rows were changed.
func (t *tx) exec(ctx context.Context, query string, args ...any) (int64, error) {
	failpoint.Hit("F3")
	res, err := t.q.ExecContext(ctx, t.s.engine.rebind(query), args...)
	if err != nil {
		return 0, t.fail(err)
	}
	n, err := res.RowsAffected()
	if err != nil {
		return 0, t.fail(err)
	}
	return n, nil
}

// later runs a statement that always succeeds or ends the turn, and whose count nobody
// asks for. Over a network it may be put off, to be sent together with others.
func (t *tx) later(ctx context.Context, query string, args ...any) error {
	if l, ok := t.q.(interface {
		put(ctx context.Context, query string, args ...any) error
	}); ok {
		failpoint.Hit("F3")
		if err := l.put(ctx, t.s.engine.rebind(query), args...); err != nil {
			return t.fail(err)
		}
		return nil
	}
	_, err := t.exec(ctx, query, args...)
	return err
}

// millis is how times are stored: Unix milliseconds, and 0 for no time.
func millis(at time.Time) int64 {
	if at.IsZero() {
		return 0
	}
	return at.UnixMilli()
}

func fromMillis(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// numbered writes $1, $2 for each question mark, as PostgreSQL wants them. Our
// statements hold no question mark in quotes.
func numbered(query string) string {
	var b strings.Builder
	b.Grow(len(query) + 16)
	n := 0
	for i := 0; i < len(query); i++ {
		if query[i] != '?' {
			b.WriteByte(query[i])
			continue
		}
		n++
		fmt.Fprintf(&b, "$%d", n)
	}
	return b.String()
}
