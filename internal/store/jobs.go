package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"shareright/bot"
	"shareright/scheduler"
)

// PutJob implements scheduler.Queue.
func (t *tx) PutJob(ctx context.Context, job scheduler.Job) error {
	org := bot.OrgID(job.Org)
	if err := t.beginWrite(ctx, org, job.Kind, job.Name, string(job.Class), job.About); err != nil {
		return err
	}
	body := job.Body
	if body == nil {
		body = []byte{}
	}
	claim := `tries = 0, token = 0, leased = 0`
	if job.Behind {
		claim = `tries = CASE WHEN jobs.leased > excluded.due THEN jobs.tries ELSE 0 END,
			token = CASE WHEN jobs.leased > excluded.due THEN jobs.token ELSE 0 END,
			leased = CASE WHEN jobs.leased > excluded.due THEN jobs.leased ELSE 0 END`
	}
	err := t.later(ctx, `INSERT INTO jobs (org, kind, name, lane, due, class, about, body, tries, token, leased, reason)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, '')
		ON CONFLICT (org, kind, name) DO UPDATE SET lane = excluded.lane, due = excluded.due, class = excluded.class,
			about = excluded.about, body = excluded.body, reason = '', `+claim,
		org, job.Kind, job.Name, job.Class.Lane(), millis(job.Due), job.Class, job.About, body)
	if err != nil {
		return fmt.Errorf("put job %s %s: %w", job.Kind, job.Name, err)
	}
	return nil
}

// StopJob implements scheduler.Queue.
func (t *tx) StopJob(ctx context.Context, key scheduler.Key) error {
	if err := t.beginWrite(ctx, bot.OrgID(key.Org), key.Kind, key.Name); err != nil {
		return err
	}
	err := t.later(ctx, `DELETE FROM jobs WHERE org = ? AND kind = ? AND name = ?`, key.Org, key.Kind, key.Name)
	if err != nil {
		return fmt.Errorf("stop job %s %s: %w", key.Kind, key.Name, err)
	}
	return nil
}

// FinishJob implements scheduler.Queue. Tokens are random, so a job that was stopped
// and asked for again cannot be finished by whoever held the old one.
func (t *tx) FinishJob(ctx context.Context, job scheduler.Job) error {
	if err := t.beginWrite(ctx, bot.OrgID(job.Org), job.Kind, job.Name); err != nil {
		return err
	}
	n, err := t.exec(ctx, `DELETE FROM jobs WHERE org = ? AND kind = ? AND name = ? AND token = ? AND token <> 0`,
		job.Org, job.Kind, job.Name, job.Token)
	if err != nil {
		return fmt.Errorf("finish job %s %s: %w", job.Kind, job.Name, err)
	}
	if n == 0 {
		return scheduler.ErrLost
	}
	return nil
}

// Holds implements scheduler.Queue.
func (t *tx) Holds(ctx context.Context, job scheduler.Job, at time.Time) error {
	if err := t.begin(bot.OrgID(job.Org), job.Kind, job.Name); err != nil {
		return err
	}
	var leased int64
	err := t.row(ctx, `SELECT leased FROM jobs WHERE org = ? AND kind = ? AND name = ? AND token = ? AND token <> 0`,
		job.Org, job.Kind, job.Name, job.Token).Scan(&leased)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return scheduler.ErrLost
	case err != nil:
		return t.fail(fmt.Errorf("look at the claim on job %s %s: %w", job.Kind, job.Name, err))
	case leased <= millis(at):
		return scheduler.ErrLost
	}
	return nil
}

const jobColumns = `org, kind, name, due, class, about, body, tries, token`

// Pending implements scheduler.Queue.
func (t *tx) Pending(ctx context.Context, org, about string) ([]scheduler.Job, error) {
	if err := t.begin(bot.OrgID(org), about); err != nil {
		return nil, err
	}
	query, args := `SELECT `+jobColumns+` FROM jobs WHERE org = ?`, []any{org}
	if about != "" {
		query, args = query+` AND about = ?`, append(args, about)
	}
	rows, err := t.query(ctx, query+` ORDER BY due, kind, name`, args...)
	if err != nil {
		return nil, t.fail(fmt.Errorf("list jobs: %w", err))
	}
	jobs, err := scanJobs(rows)
	if err != nil {
		return nil, t.fail(fmt.Errorf("list jobs: %w", err))
	}
	return jobs, nil
}

func scanJobs(rows *sql.Rows) ([]scheduler.Job, error) {
	defer rows.Close()
	var jobs []scheduler.Job
	for rows.Next() {
		var j scheduler.Job
		var due int64
		if err := rows.Scan(&j.Org, &j.Kind, &j.Name, &due, &j.Class, &j.About, &j.Body, &j.Try, &j.Token); err != nil {
			return nil, err
		}
		j.Due = fromMillis(due)
		if len(j.Body) == 0 {
			j.Body = nil
		}
		jobs = append(jobs, j)
	}
	return jobs, rows.Err()
}
