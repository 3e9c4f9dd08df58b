package scheduler

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"shareright/internal/caught"
)

// Worker does one job. It finishes the job in the same transaction as its effect. When
// it returns an error the job is tried again later.
type Worker func(ctx context.Context, job Job) error

// Later is an error that knows when it makes sense to try again, such as a rate limit.
type Later interface{ RetryAfter() time.Duration }

// RunnerOptions are the runner's settings; every zero value is useful.
type RunnerOptions struct {
	Now     func() time.Time // time.Now when nil
	Rate    float64          // how fast Now runs against the wall clock; 1 when zero
	Workers int              // 4 when zero; one of them takes only statutory and urgent jobs
	Lease   time.Duration    // 30 s when zero
	Log     *slog.Logger
}

// Runner claims due jobs and hands them to a worker.
type Runner struct {
	store Store
	work  Worker
	o     RunnerOptions
	wake  chan struct{}

	turned, claimed atomic.Int64 // on the wall clock, in nanoseconds
}

// Pulse says when a worker last looked for jobs, whatever the store answered, and when one last
// got a job; both on the wall clock, and zero for never.
type Pulse struct{ Turned, Claimed time.Time }

// Pulse is for whoever watches that jobs are run.
func (r *Runner) Pulse() Pulse {
	at := func(n int64) time.Time {
		if n == 0 {
			return time.Time{}
		}
		return time.Unix(0, n)
	}
	return Pulse{Turned: at(r.turned.Load()), Claimed: at(r.claimed.Load())}
}

// The longest a runner sleeps before it looks again, so that jobs put by another
// process are found, and how long the job in hand has to finish when the program stops.
const (
	lookAgain   = 5 * time.Second
	graceToStop = 8 * time.Second
)

// NewRunner returns a runner over a store.
func NewRunner(store Store, work Worker, o RunnerOptions) *Runner {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Rate == 0 {
		o.Rate = 1
	}
	if o.Workers == 0 {
		o.Workers = 4
	}
	if o.Lease == 0 {
		o.Lease = 30 * time.Second
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Runner{store: store, work: work, o: o, wake: make(chan struct{}, o.Workers)}
}

// Wake makes the runner look for due jobs now. It never blocks.
func (r *Runner) Wake() {
	for range r.o.Workers {
		select {
		case r.wake <- struct{}{}:
		default:
			return
		}
	}
}

// Run works until ctx ends, then finishes the jobs in hand and returns nil.
func (r *Runner) Run(ctx context.Context) error {
	var all sync.WaitGroup
	for n := range r.o.Workers {
		lanes := 0
		if n == 0 && r.o.Workers > 1 {
			lanes = Escalation.Lane() + 1 // kept free for what must not wait
		}
		all.Go(func() { caught.Again(ctx, r.o.Log, "a worker", func() { r.loop(ctx, lanes) }) })
	}
	all.Wait()
	return nil
}

func (r *Runner) loop(ctx context.Context, lanes int) {
	for ctx.Err() == nil {
		jobs, err := r.store.ClaimJobs(ctx, Claim{Now: r.o.Now(), Lease: r.o.Lease, Limit: 1, Lanes: lanes})
		if err != nil && ctx.Err() == nil {
			r.o.Log.Error("claim jobs", "error", err)
		}
		r.turned.Store(time.Now().UnixNano())
		if len(jobs) > 0 {
			r.claimed.Store(time.Now().UnixNano())
		}
		if len(jobs) == 0 {
			r.sleep(ctx, err != nil)
			continue
		}
		for _, job := range jobs {
			in, cancel := context.WithTimeout(context.WithoutCancel(ctx), r.o.Lease)
			stop := context.AfterFunc(ctx, func() { time.AfterFunc(graceToStop, cancel) })
			r.do(in, job)
			stop()
			cancel()
		}
	}
}

// sleep waits for the next due time, for a wake, or for a moment after a failure.
func (r *Runner) sleep(ctx context.Context, failed bool) {
	wait := lookAgain
	if failed {
		wait = time.Second
	} else if at, any, err := r.store.NextJob(ctx); err == nil && any {
		until := time.Duration(float64(at.Sub(r.o.Now())) / r.o.Rate)
		wait = min(wait, max(until, 5*time.Millisecond))
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-r.wake:
	case <-timer.C:
	}
}

// RunDue works through everything that is due at now, in order and one by one, and
// returns how many jobs it did. It is for simulated time and for tests.
func (r *Runner) RunDue(ctx context.Context, now time.Time) (int, error) {
	for done := 0; ; done++ {
		if done > 100_000 {
			return done, errors.New("the jobs due now never come to an end")
		}
		jobs, err := r.store.ClaimJobs(ctx, Claim{Now: now, Lease: r.o.Lease, Limit: 1})
		if err != nil {
			return done, fmt.Errorf("claim jobs: %w", err)
		}
		if len(jobs) == 0 {
			return done, nil
		}
		r.do(ctx, jobs[0])
	}
}

// do hands one job to the worker and gives it back when that fails. A panic in a worker is a failure like any other.
func (r *Runner) do(ctx context.Context, job Job) {
	err := func() (err error) {
		defer func() {
			if broke := caught.Panic(r.o.Log, "a job", recover(), "kind", job.Kind, "name", job.Name); broke != nil {
				err = broke
			}
		}()
		return r.work(ctx, job)
	}()
	if err == nil || errors.Is(err, ErrLost) {
		return
	}
	due := r.o.Now().Add(backoff(job, err))
	r.o.Log.Warn("job failed, trying again", "org", job.Org, "kind", job.Kind, "name", job.Name, "try", job.Try, "at", due, "error", err)
	if err := r.store.PutBack(context.WithoutCancel(ctx), job, due, err.Error()); err != nil {
		r.o.Log.Error("give job back", "kind", job.Kind, "name", job.Name, "error", err) // its lease ends by itself
	}
}

// backoff is how long a failed job waits: what the other side asked for, or a second
// doubled with each try, up to a minute for what must not wait and a quarter of an hour for the rest.
func backoff(job Job, err error) time.Duration {
	var later Later
	if errors.As(err, &later) && later.RetryAfter() > 0 {
		return later.RetryAfter()
	}
	most := 15 * time.Minute
	if job.Class.Lane() <= Escalation.Lane() {
		most = time.Minute
	}
	return min(most, time.Second<<min(max(job.Try-1, 0), 10))
}
