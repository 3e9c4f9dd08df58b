package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"shareright/bot"
)

// lateTx is a PostgreSQL transaction that begins when it is first used, and sends
// statements that were put off in one parcel: a turn is a dozen statements, and each
// would otherwise wait for its own answer while the organisation's gate is held.
type lateTx struct {
	ctx    context.Context
	db     *sql.DB
	gates  *gates
	org    bot.OrgID
	gate   *gate
	conn   *sql.Conn
	tx     *sql.Tx
	parcel pgx.Batch
	err    error // why it could not begin
}

// enter waits for the organisation's other turns in this process. Only the first
// organisation of a transaction has its gate taken, so no two wait for each other.
func (l *lateTx) enter(org bot.OrgID) error {
	if l.gate != nil || l.tx != nil {
		return nil
	}
	g, err := l.gates.enter(l.ctx, org)
	if err != nil {
		return err
	}
	l.org, l.gate = org, g
	return nil
}

func (l *lateTx) begin() error {
	if l.tx != nil || l.err != nil {
		return l.err
	}
	if l.conn, l.err = l.db.Conn(l.ctx); l.err != nil {
		return l.err
	}
	l.tx, l.err = l.conn.BeginTx(l.ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead})
	return l.err
}

// ready begins the transaction and sends what was put off, so that whatever runs next
// sees it.
func (l *lateTx) ready(ctx context.Context) error {
	if err := l.begin(); err != nil {
		return err
	}
	return l.flush(ctx)
}

// put puts a statement off until the next one that gives an answer, or the commit.
func (l *lateTx) put(_ context.Context, query string, args ...any) error {
	if err := l.begin(); err != nil {
		return err
	}
	l.parcel.Queue(query, args...)
	return nil
}

func (l *lateTx) flush(ctx context.Context) error {
	if l.parcel.Len() == 0 {
		return nil
	}
	parcel := l.parcel
	l.parcel = pgx.Batch{}
	err := l.conn.Raw(func(c any) error {
		pg, ok := c.(*stdlib.Conn)
		if !ok {
			return fmt.Errorf("the connection is a %T", c)
		}
		return pg.Conn().SendBatch(ctx, &parcel).Close()
	})
	if err != nil {
		return fmt.Errorf("send what was put off: %w", err)
	}
	return nil
}

func (l *lateTx) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if err := l.ready(ctx); err != nil {
		return nil, err
	}
	return l.tx.ExecContext(ctx, query, args...)
}

func (l *lateTx) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if err := l.ready(ctx); err != nil {
		return nil, err
	}
	return l.tx.QueryContext(ctx, query, args...)
}

func (l *lateTx) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	if err := l.ready(ctx); err != nil {
		// A Row cannot be made by hand, and this statement must not run outside the
		// transaction. One that was cancelled before it began gives a Row that fails;
		// update tells the true reason.
		l.err = errors.Join(l.err, err)
		over, cancel := context.WithCancel(ctx)
		cancel()
		return l.db.QueryRowContext(over, query, args...)
	}
	return l.tx.QueryRowContext(ctx, query, args...)
}

func (l *lateTx) commit() error {
	if l.tx == nil {
		return nil // nothing was asked of the database
	}
	return l.tx.Commit()
}

// end gives everything back, also when fn panicked.
func (l *lateTx) end() {
	if l.tx != nil {
		_ = l.tx.Rollback() // after a commit this does nothing
	}
	if l.conn != nil {
		_ = l.conn.Close() // back to the pool
	}
	if l.gate != nil {
		l.gates.leave(l.org, l.gate)
	}
}
