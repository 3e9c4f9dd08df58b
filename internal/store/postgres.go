package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
)

// postgres is a server that several processes may use. Turns run at REPEATABLE READ:
// each sees one moment, and of two that change the same row one runs again. Because
// every turn that writes also writes its organisation's head row (see beginWrite), no
// two turns of one organisation that overlap are both committed. That is as strict as
// SERIALIZABLE within an organisation, and makes none wait or fail for another.
type postgres struct {
	config *pgx.ConnConfig
	db     *sql.DB
	gates  gates
	texts  sync.Map // numbered statements
}

// oldestPostgres is the first major version that our statements were tried on.
const oldestPostgres = 13

// standstill is how long a turn may do nothing before the server ends it.
const standstill = "10s"

func openPostgres(ctx context.Context, url string) (engine, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("read the database address: %w", err) // pgx hides the password
	}
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = "shareright"
	}
	p := &postgres{config: config}
	p.db = p.open()
	p.db.SetMaxOpenConns(16)
	p.db.SetMaxIdleConns(16)
	if err := p.selfCheck(ctx); err != nil {
		return nil, errors.Join(err, p.db.Close())
	}
	return p, nil
}

func (p *postgres) open() *sql.DB {
	return stdlib.OpenDB(*p.config, stdlib.OptionAfterConnect(func(ctx context.Context, c *pgx.Conn) error {
		// A server set to answer before the disk has it would break our promise; stronger settings are kept.
		// A process that stands still in the middle of a turn holds its organisation's gate: the server
		// then ends that turn, so that other processes go on.
		_, err := c.Exec(ctx, `SELECT set_config('synchronous_commit', 'on', false)
			WHERE current_setting('synchronous_commit') = 'off'
			UNION ALL SELECT set_config('idle_in_transaction_session_timeout', '`+standstill+`', false)
			WHERE current_setting('idle_in_transaction_session_timeout') = '0'`)
		return err
	}))
}

func (p *postgres) selfCheck(ctx context.Context) error {
	var number int
	var encoding string
	err := p.db.QueryRowContext(ctx, `SELECT current_setting('server_version_num')::int, current_setting('server_encoding')`).
		Scan(&number, &encoding)
	if err != nil {
		return fmt.Errorf("reach the database: %w", err)
	}
	if number/10000 < oldestPostgres {
		return fmt.Errorf("PostgreSQL %d is too old. Use version %d or newer", number/10000, oldestPostgres)
	}
	if encoding != "UTF8" {
		return fmt.Errorf("the database keeps text as %s. Make one with the encoding UTF8", encoding)
	}
	return nil
}

func (p *postgres) update(ctx context.Context, s *Store, fn func(*tx) error) error {
	// The transaction begins at its first statement, after the gate of its organisation:
	// a snapshot from before the gate would be stale, and the turn would run again.
	late := &lateTx{ctx: ctx, db: p.db, gates: &p.gates}
	defer late.end()
	t := &tx{s: s, q: late, enter: late.enter}
	err := fn(t)
	if err == nil {
		err = t.finish(ctx)
	}
	if err == nil {
		err = late.flush(ctx)
	}
	t.fail(errOver)
	if late.err != nil {
		return fmt.Errorf("reach the database: %w", late.err)
	}
	if err != nil {
		return err
	}
	if err := late.commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	t.committed()
	return nil
}

func (p *postgres) view(ctx context.Context, s *Store, fn func(*tx) error) error {
	dbtx, err := p.db.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return err
	}
	defer dbtx.Rollback()
	t := &tx{s: s, q: dbtx, reads: true}
	defer t.fail(errOver)
	return fn(t)
}

// claimer needs no snapshot: SKIP LOCKED chooses among what nobody else is claiming.
func (p *postgres) claimer(_ context.Context, fn func(querier) error) error { return fn(p.db) }

func (p *postgres) reader() querier { return p.db }

// passing names the conflicts that PostgreSQL asks us to run again: the whole class 40
// (serialisation failure, deadlock), and a lock that was not to be had in time.
func (p *postgres) passing(err error) bool {
	var pe *pgconn.PgError
	return errors.As(err, &pe) && (pe.Code[:2] == "40" || pe.Code == "55P03")
}

func (p *postgres) side(context.Context) (*sql.DB, error) { return p.open(), nil }

func (p *postgres) migrator(db *sql.DB) (*goose.Provider, error) { return postgresMigrator(db) }

// tidy leaves it to autovacuum: what is erased stays sealed under a key that is gone.
func (p *postgres) tidy(context.Context) error { return nil }

func (p *postgres) sound(ctx context.Context) ([]string, error) {
	var problems []string
	for _, setting := range []string{"fsync", "full_page_writes"} {
		var value string
		if err := p.db.QueryRowContext(ctx, `SELECT current_setting($1)`, setting).Scan(&value); err != nil {
			return nil, err
		}
		if value != "on" {
			problems = append(problems, fmt.Sprintf("PostgreSQL runs with %s = %s, so a power cut could lose reports.", setting, value))
		}
	}
	return problems, nil
}

func (p *postgres) backup(context.Context, string) error {
	return errors.New("this is a PostgreSQL database: back it up with pg_dump")
}

func (p *postgres) rebind(query string) string {
	if text, ok := p.texts.Load(query); ok {
		return text.(string)
	}
	text := numbered(query)
	p.texts.Store(query, text)
	return text
}

func (p *postgres) skipLocked() string { return " FOR UPDATE SKIP LOCKED" }
func (p *postgres) isolated() bool     { return false }
func (p *postgres) close() error       { return p.db.Close() }
