package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"shareright/scheduler"
)

const allLanes = 4

// drift is how far ahead of ours the clock of another process may be: more, and the ready page calls it wrong.
const drift = 30 * time.Second

// unheld says that nobody holds a job: its lease has ended, or ends so late that only a wrong
// clock can have given it. Such a claim would else stand until that clock is right.
const unheld = `NOT (leased > ? AND leased <= ?)`

// credible is the latest end of a lease that a right clock gives.
func credible(c scheduler.Claim) int64 { return millis(c.Now.Add(c.Lease + drift)) }

// ClaimJobs implements scheduler.Store. Each lane is asked by itself, because only then
// is what is due the start of an index, however many jobs wait for later.
func (s *Store) ClaimJobs(ctx context.Context, c scheduler.Claim) ([]scheduler.Job, error) {
	lanes, err := s.dueLanes(ctx, c)
	if err != nil {
		return nil, fmt.Errorf("claim jobs: %w", err)
	}
	var jobs []scheduler.Job
	for _, lane := range lanes {
		if len(jobs) >= c.Limit {
			break
		}
		some, err := s.claimLane(ctx, c, lane, c.Limit-len(jobs))
		if err != nil && len(jobs) == 0 {
			return nil, fmt.Errorf("claim jobs: %w", err)
		}
		if err != nil {
			// What was claimed is held and must be worked on; the next call meets the error again.
			s.log.Warn("claim jobs", "lane", lane, "error", err)
			return jobs, nil
		}
		jobs = append(jobs, some...)
	}
	return jobs, nil
}

// dueLanes lists the lanes that have something to claim, without taking the writer's turn.
func (s *Store) dueLanes(ctx context.Context, c scheduler.Claim) ([]int, error) {
	below := c.Lanes
	if below <= 0 {
		below = allLanes
	}
	rows, err := s.engine.reader().QueryContext(ctx, s.engine.rebind(`
		WITH lanes (lane) AS (VALUES (0), (1), (2), (3))
		SELECT lane FROM lanes WHERE lane < ? AND EXISTS
			(SELECT 1 FROM jobs WHERE jobs.lane = lanes.lane AND due <= ? AND `+unheld+`)
		ORDER BY lane`), below, millis(c.Now), millis(c.Now), credible(c))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var lanes []int
	for rows.Next() {
		var lane int
		if err := rows.Scan(&lane); err != nil {
			return nil, err
		}
		lanes = append(lanes, lane)
	}
	return lanes, rows.Err()
}

func (s *Store) claimLane(ctx context.Context, c scheduler.Claim, lane, limit int) (jobs []scheduler.Job, err error) {
	err = s.retry(ctx, func() error {
		jobs, err = s.claimOnce(ctx, c, lane, limit)
		return err
	})
	slices.SortFunc(jobs, func(a, b scheduler.Job) int {
		return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.Org, b.Org), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Name, b.Name))
	})
	return jobs, err
}

func (s *Store) claimOnce(ctx context.Context, c scheduler.Claim, lane, limit int) (jobs []scheduler.Job, err error) {
	query := s.engine.rebind(`UPDATE jobs SET leased = ?, token = ?, tries = tries + 1
		WHERE (org, kind, name) IN (SELECT org, kind, name FROM jobs
			WHERE lane = ? AND due <= ? AND ` + unheld + ` ORDER BY due LIMIT ?` + s.engine.skipLocked() + `)
		RETURNING ` + jobColumns)
	now := millis(c.Now)
	err = s.engine.claimer(ctx, func(q querier) error {
		rows, err := q.QueryContext(ctx, query, millis(c.Now.Add(c.Lease)), newToken(), lane, now, now, credible(c), limit)
		if err != nil {
			return err
		}
		jobs, err = scanJobs(rows)
		return err
	})
	if err != nil {
		return nil, err
	}
	return jobs, nil
}

// FreeClaims ends every claim, so that what dead processes had in hand is done at once, and
// returns how many there were. Tries stay counted, so what is sent again says so. A claim that
// somebody still believes in is lost. Only who has the data folder to itself may ask for it.
func (s *Store) FreeClaims(ctx context.Context) (n int64, err error) {
	err = s.retry(ctx, func() error {
		return s.engine.claimer(ctx, func(q querier) error {
			done, err := q.ExecContext(ctx, `UPDATE jobs SET leased = 0, token = 0 WHERE leased <> 0`)
			if err != nil {
				return err
			}
			n, err = done.RowsAffected()
			return err
		})
	})
	if err != nil {
		return 0, fmt.Errorf("free what was claimed: %w", err)
	}
	return n, nil
}

// newToken is random, never 0, and so never given twice.
func newToken() int64 { return 1 + rand.Int64N(1<<62) }

// NextJob implements scheduler.Store.
func (s *Store) NextJob(ctx context.Context) (time.Time, bool, error) {
	var free, held sql.NullInt64
	err := s.engine.reader().QueryRowContext(ctx, `
		WITH lanes (lane) AS (VALUES (0), (1), (2), (3))
		SELECT (SELECT MIN(first) FROM (SELECT (SELECT due FROM jobs WHERE jobs.lane = lanes.lane AND leased = 0
				ORDER BY due LIMIT 1) AS first FROM lanes) AS firsts),
			(SELECT MIN(leased) FROM jobs WHERE leased <> 0)`).Scan(&free, &held)
	if err != nil {
		return time.Time{}, false, fmt.Errorf("find the next job: %w", err)
	}
	switch {
	case free.Valid && (!held.Valid || free.Int64 <= held.Int64):
		return fromMillis(free.Int64), true, nil
	case held.Valid:
		return fromMillis(held.Int64), true, nil
	}
	return time.Time{}, false, nil
}

// PutBack implements scheduler.Store.
func (s *Store) PutBack(ctx context.Context, job scheduler.Job, due time.Time, reason string) error {
	query := s.engine.rebind(`UPDATE jobs SET due = ?, leased = 0, token = 0, reason = ?
		WHERE org = ? AND kind = ? AND name = ? AND token = ? AND token <> 0`)
	err := s.retry(ctx, func() error {
		return s.engine.claimer(ctx, func(q querier) error {
			_, err := q.ExecContext(ctx, query, millis(due), storable(reason), job.Org, job.Kind, job.Name, job.Token)
			return err
		})
	})
	if err != nil {
		return fmt.Errorf("put back job %s %s: %w", job.Kind, job.Name, err)
	}
	return nil
}

// Failure is a job that was tried, put back, and waits to be tried again.
type Failure struct {
	scheduler.Job
	Reason string // why it was put back last
}

// Failures lists jobs that were put back, those tried most often first, for the operator.
func (s *Store) Failures(ctx context.Context, limit int) ([]Failure, error) {
	rows, err := s.engine.reader().QueryContext(ctx, s.engine.rebind(`SELECT org, kind, name, due, class, about, tries, reason
		FROM jobs WHERE tries > 0 AND reason <> '' ORDER BY tries DESC, due, org, kind, name LIMIT ?`), limit)
	if err != nil {
		return nil, fmt.Errorf("list failures: %w", err)
	}
	defer rows.Close()
	var list []Failure
	for rows.Next() {
		var f Failure
		var due int64
		if err := rows.Scan(&f.Org, &f.Kind, &f.Name, &due, &f.Class, &f.About, &f.Try, &f.Reason); err != nil {
			return nil, fmt.Errorf("list failures: %w", err)
		}
		f.Due = fromMillis(due)
		list = append(list, f)
	}
	return list, rows.Err()
}
