package store

import (
	"cmp"
	"fmt"
	"sync"
	"testing"
	"time"

	"shareright/bot"
	"shareright/scheduler"
)

func (w *world) finish(job scheduler.Job) error {
	return w.Update(w.t.Context(), func(tx bot.Tx) error { return tx.FinishJob(w.t.Context(), job) })
}

func TestDueJobsComeByLaneAndThenByTime(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		for name, job := range map[string]scheduler.Job{
			"digest":   aJob(oak, "digest", monday.Add(-5*time.Hour), scheduler.Digest),
			"review":   aJob(oak, "review", monday.Add(-4*time.Hour), scheduler.Routine),
			"card":     aJob(elm, "card", monday.Add(-3*time.Hour), scheduler.Cosmetic),
			"deputy":   aJob(elm, "deputy", monday.Add(-2*time.Hour), scheduler.Escalation),
			"48h":      aJob(oak, "48h", monday, scheduler.Statutory),
			"tomorrow": aJob(oak, "tomorrow", monday.Add(time.Millisecond), scheduler.Statutory),
		} {
			w.putJob(job)
			_ = name
		}
		if got := jobNames(w.claim(monday, 2)); got != "48h deputy" {
			t.Errorf("the first two are %q", got)
		}
		jobs, err := w.ClaimJobs(t.Context(), scheduler.Claim{Now: monday, Lease: time.Second, Limit: 9, Lanes: 3})
		if err != nil || jobNames(jobs) != "review card" {
			t.Errorf("below the lane of digests there are %q, %v", jobNames(jobs), err)
		}
		if got := jobNames(w.claim(monday, 9)); got != "digest" {
			t.Errorf("the rest is %q", got)
		}
		if got := jobNames(w.claim(monday, 9)); got != "" {
			t.Errorf("claimed twice: %q", got)
		}
	})
}

func TestAClaimedJobComesWhole(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		put := aJob(oak, "BR-7K3Q/48h", monday, scheduler.Statutory)
		w.putJob(put)
		got := w.claim(monday, 1)[0]
		if got.Token == 0 || got.Try != 1 {
			t.Errorf("try %d, token %d", got.Try, got.Token)
		}
		if got.Key != put.Key || !got.Due.Equal(put.Due) || got.Class != put.Class || got.About != put.About || string(got.Body) != string(put.Body) {
			t.Errorf("put %+v, got %+v", put, got)
		}
	})
}

func TestAJobIsClaimedAgainWhenItsLeaseEnds(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		w.putJob(aJob(oak, "a", monday, scheduler.Statutory))
		first := w.claim(monday, 1)[0]
		if got := w.claim(monday.Add(30*time.Second-time.Millisecond), 1); len(got) > 0 {
			t.Fatal("claimed while the lease held")
		}
		second := w.claim(monday.Add(30*time.Second), 1)[0]
		if second.Try != 2 {
			t.Errorf("this is try %d", second.Try)
		}
		if err := w.finish(first); err != scheduler.ErrLost {
			t.Errorf("who lost the claim finished the job: %v", err)
		}
		if err := w.finish(second); err != nil {
			t.Errorf("who holds the claim: %v", err)
		}
		if err := w.finish(second); err != scheduler.ErrLost {
			t.Errorf("finished twice: %v", err)
		}
	})
}

func TestAClaimIsHeldUntilItsLeaseEndsOrAnotherTakesIt(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		holds := func(job scheduler.Job, at time.Time) error {
			return w.View(t.Context(), func(tx bot.Tx) error { return tx.Holds(t.Context(), job, at) })
		}
		w.putJob(aJob(oak, "a", monday, scheduler.Statutory))
		first := w.claim(monday, 1)[0]
		if err := holds(first, monday.Add(30*time.Second-time.Millisecond)); err != nil {
			t.Errorf("within the lease: %v", err)
		}
		if err := holds(first, monday.Add(30*time.Second)); err != scheduler.ErrLost {
			t.Errorf("at the end of the lease: %v", err)
		}
		second := w.claim(monday.Add(30*time.Second), 1)[0]
		if err := holds(first, monday); err != scheduler.ErrLost {
			t.Errorf("taken over by another: %v", err)
		}
		if err := holds(second, monday.Add(31*time.Second)); err != nil {
			t.Errorf("who took it over: %v", err)
		}
		if err := w.finish(second); err != nil {
			t.Fatal(err)
		}
		if err := holds(second, monday.Add(31*time.Second)); err != scheduler.ErrLost {
			t.Errorf("a finished job: %v", err)
		}
	})
}

func TestAClaimEndsWhenTheJobIsReplacedOrStopped(t *testing.T) {
	for name, change := range map[string]func(tx bot.Tx, w *world, job scheduler.Job) error{
		"replaced": func(tx bot.Tx, w *world, job scheduler.Job) error { return tx.PutJob(w.t.Context(), job) },
		"stopped":  func(tx bot.Tx, w *world, job scheduler.Job) error { return tx.StopJob(w.t.Context(), job.Key) },
		"stopped and asked for again": func(tx bot.Tx, w *world, job scheduler.Job) error {
			return cmp.Or(tx.StopJob(w.t.Context(), job.Key), tx.PutJob(w.t.Context(), job))
		},
	} {
		t.Run(name, func(t *testing.T) {
			eachEngine(t, func(t *testing.T, w *world) {
				w.putJob(aJob(oak, "a", monday, scheduler.Statutory))
				old := w.claim(monday, 1)[0]
				changed := old
				changed.Due = monday.Add(time.Minute)
				w.update(func(tx bot.Tx) error { return change(tx, w, changed) })
				again := w.claim(monday.Add(time.Minute), 1)
				if err := w.finish(old); err != scheduler.ErrLost {
					t.Errorf("the old claim finished it: %v", err)
				}
				if err := w.PutBack(t.Context(), old, monday, "late"); err != nil {
					t.Errorf("the old claim was put back: %v", err)
				}
				if got := w.claim(monday.Add(time.Minute), 1); len(got) > 0 {
					t.Error("the old claim opened the job to others")
				}
				for _, job := range again {
					if job.Try != 1 {
						t.Errorf("a job that was asked for again is at try %d", job.Try)
					}
					if err := w.finish(job); err != nil {
						t.Errorf("the new claim: %v", err)
					}
				}
				if n := w.count(`SELECT COUNT(*) FROM jobs`); n != 0 {
					t.Errorf("%d jobs are left", n)
				}
			})
		})
	}
}

func TestAJobThatStandsBehindAnotherLetsItsClaimStand(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		w.putJob(aJob(oak, "a", monday, scheduler.Routine))
		first := w.claim(monday, 1)[0]
		behind := aJob(oak, "a", monday.Add(time.Second), scheduler.Statutory)
		behind.Behind = true
		w.putJob(behind)
		if got := w.claim(monday.Add(2*time.Second), 1); len(got) > 0 {
			t.Error("two have it in hand at once")
		}
		if err := w.PutBack(t.Context(), first, monday.Add(3*time.Second), "busy"); err != nil {
			t.Fatal(err)
		}
		second := w.claim(monday.Add(3*time.Second), 1)
		if len(second) != 1 || second[0].Class != scheduler.Statutory || second[0].Try != 2 {
			t.Fatalf("given back, it is %+v", second)
		}
		late := behind
		late.Due = monday.Add(time.Minute) // the lease has ended by then
		w.putJob(late)
		if err := w.finish(second[0]); err != scheduler.ErrLost {
			t.Errorf("after its lease the claim stands: %v", err)
		}
		if got := w.claim(late.Due, 1); len(got) != 1 || got[0].Try != 1 {
			t.Errorf("after the lease it is %+v", got)
		}
	})
}

func TestAJobIsFinishedOnlyWithItsEffect(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		w.putJob(aJob(oak, "a", monday, scheduler.Statutory))
		job := w.claim(monday, 1)[0]
		boom := fmt.Errorf("boom")
		err := w.Update(t.Context(), func(tx bot.Tx) error {
			return cmp.Or(tx.FinishJob(t.Context(), job), tx.Put(t.Context(), oak, breach("BR-1", "x")), boom)
		})
		if err != boom {
			t.Fatal(err)
		}
		if n := w.count(`SELECT COUNT(*) FROM jobs`); n != 1 {
			t.Errorf("%d jobs after a turn that failed", n)
		}
		if err := w.finish(job); err != nil {
			t.Errorf("the claim did not outlive the turn that failed: %v", err)
		}
	})
}

func TestPutBack(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		w.putJob(aJob(oak, "a", monday, scheduler.Statutory))
		job := w.claim(monday, 1)[0]
		if err := w.PutBack(t.Context(), job, monday.Add(time.Minute), "Slack is down\x00"); err != nil {
			t.Fatal(err)
		}
		if got := w.claim(monday.Add(time.Minute-time.Millisecond), 1); len(got) > 0 {
			t.Error("claimed before it was due again")
		}
		list, err := w.Failures(t.Context(), 5)
		if err != nil || len(list) != 1 || list[0].Name != "a" || list[0].Try != 1 || list[0].Reason != "Slack is down" {
			t.Errorf("the operator sees %+v, %v", list, err)
		}
		if again := w.claim(monday.Add(time.Minute), 1); len(again) != 1 || again[0].Try != 2 {
			t.Errorf("then it is claimed as %+v", again)
		}
	})
}

func TestNextJob(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		next := func(want time.Time, wantAny bool) {
			t.Helper()
			at, any, err := w.NextJob(t.Context())
			if err != nil || any != wantAny || !at.Equal(want) {
				t.Errorf("the next job is at %v, %v, %v, want %v, %v", at, any, err, want, wantAny)
			}
		}
		next(time.Time{}, false)
		w.putJob(aJob(oak, "bulk", monday.Add(-time.Hour), scheduler.Digest))
		w.putJob(aJob(oak, "later", monday.Add(time.Hour), scheduler.Statutory))
		next(monday.Add(-time.Hour), true)
		job := w.claim(monday, 9)[0]
		next(monday.Add(30*time.Second), true) // the end of the lease comes first
		if err := w.finish(job); err != nil {
			t.Fatal(err)
		}
		next(monday.Add(time.Hour), true)
	})
}

func TestPendingListsByTime(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		other := aJob(oak, "other", monday, scheduler.Routine)
		other.About = "BR-2"
		for _, job := range []scheduler.Job{aJob(oak, "b", monday.Add(2*time.Hour), scheduler.Statutory), other,
			aJob(oak, "a", monday.Add(time.Hour), scheduler.Digest)} {
			w.putJob(job)
		}
		for about, want := range map[string]string{"BR-7K3Q": "a b", "": "other a b", "BR-9": ""} {
			var jobs []scheduler.Job
			err := w.View(t.Context(), func(tx bot.Tx) (err error) {
				jobs, err = tx.Pending(t.Context(), string(oak), about)
				return err
			})
			if err != nil || jobNames(jobs) != want {
				t.Errorf("about %q: %q, %v, want %q", about, jobNames(jobs), err, want)
			}
		}
	})
}

// Runners of two processes claim side by side while the jobs are finished under them.
func TestNoJobIsClaimedTwice(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		const jobs = 120
		other, err := Open(t.Context(), w.opts)
		if err != nil {
			t.Fatal(err)
		}
		defer other.Close()
		w.update(func(tx bot.Tx) error {
			var err error
			for i := range jobs {
				err = cmp.Or(err, tx.PutJob(t.Context(), aJob(oak, fmt.Sprint(i), monday.Add(-time.Duration(i)*time.Second),
					[]scheduler.Class{scheduler.Statutory, scheduler.Routine, scheduler.Digest}[i%3])))
			}
			return err
		})
		var mu sync.Mutex
		times := map[string]int{}
		var wg sync.WaitGroup
		for i := range 8 {
			s := []*Store{w.Store, other}[i%2]
			wg.Go(func() {
				for {
					mine, err := s.ClaimJobs(t.Context(), scheduler.Claim{Now: monday, Lease: time.Hour, Limit: 5})
					if err != nil {
						t.Error(err)
						return
					}
					if len(mine) == 0 {
						return
					}
					for _, job := range mine {
						mu.Lock()
						times[job.Name]++
						mu.Unlock()
						if err := s.Update(t.Context(), func(tx bot.Tx) error { return tx.FinishJob(t.Context(), job) }); err != nil {
							t.Errorf("finish %s: %v", job.Name, err)
						}
					}
				}
			})
		}
		wg.Wait()
		for name, n := range times {
			if n != 1 {
				t.Errorf("job %s was claimed %d times", name, n)
			}
		}
		if left := w.count(`SELECT COUNT(*) FROM jobs`); len(times) != jobs || left != 0 {
			t.Errorf("%d of %d jobs were claimed, %d are left", len(times), jobs, left)
		}
	})
}
