package scheduler

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// shelf is a store that remembers: jobs in memory, claimed by lane and due time.
type shelf struct {
	mu    sync.Mutex
	jobs  map[Key]Job
	until map[Key]time.Time
	why   map[Key]string
	token int64
}

func newShelf(jobs ...Job) *shelf {
	s := &shelf{jobs: map[Key]Job{}, until: map[Key]time.Time{}, why: map[Key]string{}}
	for _, j := range jobs {
		s.jobs[j.Key] = j
	}
	return s
}

func (s *shelf) ClaimJobs(_ context.Context, c Claim) ([]Job, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var due []Job
	for key, j := range s.jobs {
		if !j.Due.After(c.Now) && !s.until[key].After(c.Now) && (c.Lanes == 0 || j.Class.Lane() < c.Lanes) {
			due = append(due, j)
		}
	}
	slices.SortFunc(due, func(a, b Job) int {
		if a.Class.Lane() != b.Class.Lane() {
			return a.Class.Lane() - b.Class.Lane()
		}
		return a.Due.Compare(b.Due)
	})
	due = due[:min(len(due), c.Limit)]
	for i, j := range due {
		s.token++
		j.Try++
		j.Token = s.token
		s.jobs[j.Key], s.until[j.Key], due[i] = j, c.Now.Add(c.Lease), j
	}
	return due, nil
}

func (s *shelf) NextJob(context.Context) (at time.Time, any bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for key, j := range s.jobs {
		when := j.Due
		if s.until[key].After(when) {
			when = s.until[key]
		}
		if !any || when.Before(at) {
			at, any = when, true
		}
	}
	return at, any, nil
}

func (s *shelf) PutBack(_ context.Context, job Job, due time.Time, reason string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.jobs[job.Key].Token == job.Token {
		job.Due = due
		s.jobs[job.Key], s.why[job.Key] = job, reason
		delete(s.until, job.Key)
	}
	return nil
}

func (s *shelf) finish(job Job) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.jobs, job.Key)
	delete(s.until, job.Key)
}

func job(name string, class Class, due time.Time) Job {
	return Job{Key: Key{Org: "o", Kind: "k", Name: name}, Class: class, Due: due}
}

func TestWhatMattersMostGoesFirst(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	s := newShelf(job("quiz", Digest, now.Add(-time.Hour)), job("review", Routine, now.Add(-time.Minute)), job("chase", Escalation, now),
		job("clock", Statutory, now), job("tomorrow", Statutory, now.Add(24*time.Hour)))
	var order []string
	r := NewRunner(s, func(_ context.Context, j Job) error { order = append(order, j.Name); s.finish(j); return nil }, RunnerOptions{})
	n, err := r.RunDue(t.Context(), now)
	if want := []string{"clock", "chase", "review", "quiz"}; err != nil || n != 4 || !slices.Equal(order, want) {
		t.Errorf("got %v (%d), %v; want %v", order, n, err, want)
	}
}

type waitFor time.Duration

func (waitFor) Error() string               { return "slow down" }
func (w waitFor) RetryAfter() time.Duration { return time.Duration(w) }

func TestAFailedJobIsTriedAgainLaterAndLater(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name  string
		class Class
		try   int
		err   error
		want  time.Duration
	}{
		{"the first time after a second", Routine, 1, errors.New("x"), time.Second},
		{"the fifth time after 16 seconds", Routine, 5, errors.New("x"), 16 * time.Second},
		{"a statutory one never waits more than a minute", Statutory, 50, errors.New("x"), time.Minute},
		{"the rest never more than a quarter of an hour", Routine, 50, errors.New("x"), 15 * time.Minute},
		{"as long as the other side asks", Statutory, 3, errors.Join(errors.New("busy"), waitFor(42*time.Second)), 42 * time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			j := job("j", c.class, now)
			j.Try = c.try - 1
			s := newShelf(j)
			r := NewRunner(s, func(context.Context, Job) error { return c.err }, RunnerOptions{Now: func() time.Time { return now }})
			if _, err := r.RunDue(t.Context(), now); err != nil {
				t.Fatal(err)
			}
			if got := s.jobs[j.Key].Due.Sub(now); got != c.want {
				t.Errorf("again after %s, want %s", got, c.want)
			}
		})
	}
}

func TestAPanicInAWorkerIsAFailureLikeAnyOther(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	s := newShelf(job("j", Routine, now))
	r := NewRunner(s, func(context.Context, Job) error { panic("boom") }, RunnerOptions{Now: func() time.Time { return now }})
	if _, err := r.RunDue(t.Context(), now); err != nil {
		t.Fatal(err)
	}
	if got := s.why[Key{Org: "o", Kind: "k", Name: "j"}]; got != "panic: string" { // what was panicked with may hold what a person typed
		t.Errorf("the reason kept is %q", got)
	}
}

func TestTheRunnerSleepsUntilSomethingIsDue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		s := newShelf(job("soon", Statutory, start.Add(3*time.Second)), job("later", Routine, start.Add(72*time.Hour)))
		done := map[string]time.Duration{}
		var mu sync.Mutex
		r := NewRunner(s, func(_ context.Context, j Job) error {
			mu.Lock()
			defer mu.Unlock()
			done[j.Name] = time.Since(start)
			s.finish(j)
			return nil
		}, RunnerOptions{})
		ctx, stop := context.WithCancel(t.Context())
		over := make(chan error)
		go func() { over <- r.Run(ctx) }()
		time.Sleep(73 * time.Hour)
		stop()
		if err := <-over; err != nil {
			t.Error(err)
		}
		if done["soon"] < 3*time.Second || done["soon"] > 3100*time.Millisecond || done["later"] != 72*time.Hour {
			t.Errorf("done after %v", done)
		}
	})
}

func TestAWakeFindsANewJobAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShelf()
		start := time.Now()
		var took time.Duration
		r := NewRunner(s, func(_ context.Context, j Job) error { took = time.Since(start); s.finish(j); return nil }, RunnerOptions{})
		ctx, stop := context.WithCancel(t.Context())
		over := make(chan error)
		go func() { over <- r.Run(ctx) }()
		time.Sleep(time.Second)
		s.mu.Lock()
		j := job("new", Statutory, time.Now())
		s.jobs[j.Key] = j
		s.mu.Unlock()
		r.Wake()
		synctest.Wait()
		stop()
		<-over
		if took != time.Second {
			t.Errorf("found after %s", took)
		}
	})
}

func TestWhenTheProgramStopsTheJobInHandIsFinished(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShelf(job("j", Statutory, time.Now()))
		finished := false
		r := NewRunner(s, func(ctx context.Context, j Job) error {
			select {
			case <-time.After(2 * time.Second):
				finished = true
				s.finish(j)
			case <-ctx.Done():
			}
			return ctx.Err()
		}, RunnerOptions{})
		ctx, stop := context.WithCancel(t.Context())
		over := make(chan error)
		go func() { over <- r.Run(ctx) }()
		time.Sleep(time.Second)
		stop()
		<-over
		if !finished {
			t.Error("the job in hand was dropped")
		}
	})
}

func TestBulkNeverTakesTheLastWorker(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		now := time.Now()
		var jobs []Job
		for _, n := range []string{"a", "b", "c", "d", "e"} {
			jobs = append(jobs, job(n, Digest, now))
		}
		s := newShelf(jobs...)
		urgent := time.Duration(-1)
		r := NewRunner(s, func(_ context.Context, j Job) error {
			if j.Class == Digest {
				time.Sleep(20 * time.Second)
			} else {
				urgent = time.Since(now)
			}
			s.finish(j)
			return nil
		}, RunnerOptions{Lease: time.Minute})
		ctx, stop := context.WithCancel(t.Context())
		over := make(chan error)
		go func() { over <- r.Run(ctx) }()
		time.Sleep(time.Second)
		s.mu.Lock()
		j := job("breach", Escalation, now)
		s.jobs[j.Key] = j
		s.mu.Unlock()
		r.Wake()
		synctest.Wait()
		if urgent != time.Second {
			t.Errorf("the urgent job began after %s", urgent)
		}
		stop()
		<-over
	})
}

// brittle is a shelf that breaks a few times when it is asked.
type brittle struct {
	*shelf
	breaks atomic.Int32
}

func (b *brittle) ClaimJobs(ctx context.Context, c Claim) ([]Job, error) {
	if b.breaks.Add(-1) >= 0 {
		panic("boom")
	}
	return b.shelf.ClaimJobs(ctx, c)
}

func TestAWorkerThatPanicsIsBegunAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began, took := time.Now(), time.Duration(0)
		s := &brittle{shelf: newShelf(job("j", Statutory, began))}
		s.breaks.Store(12)
		r := NewRunner(s, func(_ context.Context, j Job) error { took = time.Since(began); s.finish(j); return nil }, RunnerOptions{})
		ctx, stop := context.WithTimeout(t.Context(), time.Hour)
		defer stop()
		if err := r.Run(ctx); err != nil {
			t.Error(err)
		}
		if took == 0 || took > time.Minute {
			t.Errorf("the job was done after %s", took)
		}
	})
}
