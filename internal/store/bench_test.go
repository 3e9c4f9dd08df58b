package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"shareright/bot"
	"shareright/scheduler"
)

func eachEngineBench(b *testing.B, bench func(b *testing.B, w *world)) {
	b.Run("SQLite", func(b *testing.B) { bench(b, newWorld(b, "")) })
	b.Run("PostgreSQL", func(b *testing.B) { bench(b, newWorld(b, postgresURL(b))) })
}

// quantiles reports what half and what 99 of 100 waited at most.
func quantiles(b *testing.B, took []time.Duration) {
	b.Helper()
	if len(took) == 0 {
		return
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
}

// BenchmarkTurn commits what one step of a breach report leads to: two rows, six jobs,
// an audit entry and an answer.
func BenchmarkTurn(b *testing.B) {
	eachEngineBench(b, func(b *testing.B, w *world) {
		var took []time.Duration
		i := 0
		for b.Loop() {
			start := time.Now()
			w.update(func(tx bot.Tx) error { return aTurn(b.Context(), tx, oak, fmt.Sprint("BR-", i)) })
			took = append(took, time.Since(start))
			i++
		}
		quantiles(b, took)
	})
}

// BenchmarkTurnsTogether is the same with many people at once, in one organisation and in many.
func BenchmarkTurnsTogether(b *testing.B) {
	for _, orgs := range []int64{1, 30} {
		b.Run(fmt.Sprint(orgs, " organisations"), func(b *testing.B) {
			eachEngineBench(b, func(b *testing.B, w *world) {
				b.SetParallelism(16)
				var n atomic.Int64
				b.RunParallel(func(pb *testing.PB) {
					for pb.Next() {
						i := n.Add(1)
						org := bot.OrgID(fmt.Sprint("org-", i%orgs))
						err := w.Update(b.Context(), func(tx bot.Tx) error { return aTurn(b.Context(), tx, org, fmt.Sprint("BR-", i)) })
						if err != nil {
							b.Error(err)
						}
					}
				})
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "turns/s")
			})
		})
	}
}

// BenchmarkSmallTurn is the least that a question leads to: an answer remembered.
func BenchmarkSmallTurn(b *testing.B) {
	eachEngineBench(b, func(b *testing.B, w *world) {
		b.SetParallelism(16)
		var n atomic.Int64
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				event := fmt.Sprint("Ev", n.Add(1))
				err := w.Update(b.Context(), func(tx bot.Tx) error {
					if _, done, err := tx.Answered(b.Context(), oak, event); err != nil || done {
						return cmp.Or(err, bot.ErrConflict)
					}
					return tx.Answer(b.Context(), oak, event, []byte(`{"reply":"Share now."}`), monday)
				})
				if err != nil {
					b.Error(err)
				}
			}
		})
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "turns/s")
	})
}

// BenchmarkClaim asks for due jobs and finishes one while very many wait for later. Finding
// is the question alone; claiming also writes durably who has the job.
func BenchmarkClaim(b *testing.B) {
	for _, waiting := range []int{1_000, 1_000_000} {
		b.Run(fmt.Sprint(waiting, " waiting"), func(b *testing.B) {
			eachEngineBench(b, func(b *testing.B, w *world) {
				fillJobs(b, w, waiting, monday.Add(24*time.Hour))
				var finds, claims, nexts []time.Duration
				i := 0
				for b.Loop() {
					i++
					w.putJob(aJob(oak, fmt.Sprint("due ", i), monday.Add(-time.Hour), scheduler.Statutory))
					start := time.Now()
					if lanes, err := w.dueLanes(b.Context(), scheduler.Claim{Now: monday}); err != nil || len(lanes) != 1 {
						b.Fatal(lanes, err)
					}
					finds = append(finds, time.Since(start))
					start = time.Now()
					jobs := w.claim(monday, 10)
					claims = append(claims, time.Since(start))
					if len(jobs) != 1 {
						b.Fatalf("claimed %d jobs", len(jobs))
					}
					start = time.Now()
					if _, _, err := w.NextJob(b.Context()); err != nil {
						b.Fatal(err)
					}
					nexts = append(nexts, time.Since(start))
					if err := w.finish(jobs[0]); err != nil {
						b.Fatal(err)
					}
				}
				for name, took := range map[string][]time.Duration{"find-p99-ms": finds, "next-p99-ms": nexts} {
					slices.Sort(took)
					b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, name)
				}
				quantiles(b, claims)
			})
		})
	}
}

// fillJobs adds jobs that are due at one time, by the database's own means.
func fillJobs(b *testing.B, w *world, n int, due time.Time) {
	b.Helper()
	w.tamper(`INSERT INTO jobs (org, kind, name, lane, due, class, about, body, tries, token, leased, reason)
		WITH RECURSIVE count (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM count WHERE n < `+fmt.Sprint(n)+`)
		SELECT 'oak-youth', 'review', 'job ' || n, n % 4, ?, 'routine', 'R-' || (n % 1000), ?, 0, 0, 0, '' FROM count`,
		due.UnixMilli(), []byte{})
	if w.opts.URL != "" {
		w.tamper(`VACUUM ANALYZE jobs`)
		w.tamper(`CHECKPOINT`) // what the loading left to write is not what is measured
	}
}

// BenchmarkVerify walks a trail of 5,000 entries.
func BenchmarkVerify(b *testing.B) {
	eachEngineBench(b, func(b *testing.B, w *world) {
		w.update(func(tx bot.Tx) error {
			var err error
			for range 5000 {
				err = cmp.Or(err, tx.Append(b.Context(), oak, bot.Entry{At: monday, Who: "slack:U0123", What: "breach.ack", Ref: "BR-7K3Q"}))
			}
			return err
		})
		for b.Loop() {
			if r, err := w.Verify(b.Context(), oak); err != nil || !r.OK() || r.Entries != 5000 {
				b.Fatal(r, err)
			}
		}
	})
}

// BenchmarkFiring runs the real runner while very many jobs wait for later and ten come due
// at the same moment, again and again. It tells how long after its time each was begun.
func BenchmarkFiring(b *testing.B) {
	const waiting, together, ahead = 1_000_000, 10, 50 * time.Millisecond
	eachEngineBench(b, func(b *testing.B, w *world) {
		fillJobs(b, w, waiting, time.Now().Add(24*time.Hour))
		lags := make(chan time.Duration, together)
		runner := scheduler.NewRunner(w.Store, func(ctx context.Context, job scheduler.Job) error {
			lags <- time.Since(job.Due)
			return w.Update(ctx, func(tx bot.Tx) error { return tx.FinishJob(ctx, job) })
		}, scheduler.RunnerOptions{})
		ctx, stop := context.WithCancel(b.Context())
		over := make(chan error, 1)
		go func() { over <- runner.Run(ctx) }()
		var took []time.Duration
		classes := []scheduler.Class{scheduler.Statutory, scheduler.Escalation, scheduler.Routine, scheduler.Digest}
		i := 0
		for b.Loop() {
			due := time.Now().Add(ahead)
			w.update(func(tx bot.Tx) error {
				for range together {
					i++
					if err := tx.PutJob(b.Context(), aJob(oak, fmt.Sprint("soon ", i), due, classes[i%len(classes)])); err != nil {
						return err
					}
				}
				return nil
			})
			runner.Wake()
			for range together {
				took = append(took, <-lags)
			}
		}
		stop()
		if err := <-over; err != nil {
			b.Fatal(err)
		}
		quantiles(b, took)
	})
}
