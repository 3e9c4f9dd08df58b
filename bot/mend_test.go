package bot_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"shareright/bot"
	"shareright/scheduler"
)

// mend looks for lost jobs, and fails the test unless so many are put back.
func (w *world) mend(want int) {
	w.t.Helper()
	if n, err := w.bot.Mend(w.t.Context()); err != nil || n != want {
		w.t.Errorf("%d jobs were put back, %v; want %d", n, err, want)
	}
}

func (w *world) update(fn func(tx bot.Tx) error) {
	w.t.Helper()
	if err := w.store.Update(w.t.Context(), fn); err != nil {
		w.t.Fatal(err)
	}
}

// Somebody deletes the job of a card that is on its way, and the row of a schedule.
func TestALostJobOfACardIsPutBack(t *testing.T) {
	w := newWorld(t, toy())
	ref := w.report("jo")
	w.mend(0)
	w.update(func(tx bot.Tx) error {
		return tx.StopJob(t.Context(), scheduler.Key{Org: "main", Kind: "deliver", Name: "lost/" + string(ref)})
	})
	w.runDue()
	if len(w.desk.got) > 0 {
		t.Fatal("the job was not deleted")
	}
	w.mend(1)
	w.runDue()
	if got := w.desk.to("sam"); !slices.Equal(got, []string{"Lost: bag"}) {
		t.Errorf("the lead has %q", got)
	}
	w.do("sam", bot.Pressed{Action: "toy.take", Ref: ref})
	w.runDue()
	w.mend(0)
}

// law is a feature that wants one job of a class, due at a time.
func law(class scheduler.Class, due func(now time.Time) time.Time) (bot.Feature, scheduler.Key) {
	key := scheduler.Key{Org: "main", Kind: "law.moment", Name: "LAW-1"}
	f := clocked()
	f.Clocks = func(_ context.Context, t bot.Turn) ([]scheduler.Job, error) {
		return []scheduler.Job{{Key: key, Due: due(t.Now), Class: class, About: "LAW-1"}}, nil
	}
	return f, key
}

// The row of a job is there, and somebody has moved its time.
func TestAJobThatIsDueMuchTooLateIsPutBack(t *testing.T) {
	never := 1000 * 24 * time.Hour
	fixed := func(time.Time) time.Time { return time.Date(2026, 10, 25, 8, 0, 0, 0, time.UTC) }
	soon := func(now time.Time) time.Time { return now.Add(4 * time.Hour) } // as a chase, counted from now
	for name, c := range map[string]struct {
		class scheduler.Class
		due   func(time.Time) time.Time
		late  time.Duration
		tries int
		want  int
	}{
		"a legal moment, at its time":               {scheduler.Statutory, fixed, 0, 0, 0},
		"a minute late is no harm":                  {scheduler.Statutory, fixed, time.Minute, 0, 0},
		"a legal moment, an hour late":              {scheduler.Statutory, fixed, time.Hour, 0, 1},
		"never":                                     {scheduler.Statutory, fixed, never, 0, 1},
		"too early is looked at when it is due":     {scheduler.Statutory, fixed, -time.Hour, 0, 0},
		"it was tried, and waits for a platform":    {scheduler.Statutory, fixed, 10 * time.Minute, 1, 0},
		"it was tried, and then it is never":        {scheduler.Statutory, fixed, never, 1, 1},
		"a chase that was put off for a day":        {scheduler.Escalation, soon, 20 * time.Hour, 0, 0},
		"a chase that never comes":                  {scheduler.Escalation, soon, never, 0, 1},
		"a routine job that waits for the holidays": {scheduler.Routine, fixed, 4 * 24 * time.Hour, 0, 0},
		"a routine job that never comes":            {scheduler.Routine, fixed, never, 0, 1},
	} {
		t.Run(name, func(t *testing.T) {
			f, key := law(c.class, c.due)
			w := newWorld(t, f)
			w.update(func(tx bot.Tx) error {
				return tx.PutJob(t.Context(), scheduler.Job{Key: key, Due: w.now, Class: c.class, About: "LAW-1"})
			})
			moved := c.due(w.now).Add(c.late)
			for range c.tries {
				jobs, err := w.store.ClaimJobs(t.Context(), scheduler.Claim{Now: w.now, Lease: time.Minute, Limit: 1})
				if err != nil || len(jobs) != 1 {
					t.Fatalf("claimed %v, %v", jobs, err)
				}
				if err := w.store.PutBack(t.Context(), jobs[0], moved, "503"); err != nil {
					t.Fatal(err)
				}
			}
			if c.tries == 0 {
				w.update(func(tx bot.Tx) error {
					return tx.PutJob(t.Context(), scheduler.Job{Key: key, Due: moved, Class: c.class, About: "LAW-1"})
				})
			}
			w.mend(c.want)
			w.mend(0)
			if at := w.due(key); c.want > 0 && !at.Equal(c.due(w.now)) {
				t.Errorf("it is due at %v, want %v", at, c.due(w.now))
			}
		})
	}
}

// due is when the job of a key is.
func (w *world) due(key scheduler.Key) (at time.Time) {
	w.t.Helper()
	w.update(func(tx bot.Tx) error {
		jobs, err := tx.Pending(w.t.Context(), key.Org, "")
		for _, j := range jobs {
			if j.Key == key {
				at = j.Due
			}
		}
		return err
	})
	return at
}

// A card is on its way, and somebody moves its time to the next year. The schedule of a feature goes the same way.
func TestACardAndAScheduleThatWereMovedAreBroughtBack(t *testing.T) {
	f := toy()
	f.Timers = append(f.Timers, bot.Timer{Kind: "toy.weekly", Every: "0 9 * * 1", Do: func(context.Context, bot.Turn, scheduler.Job) (bot.Outcome, error) {
		return bot.Outcome{}, nil
	}})
	w := newWorld(t, f)
	if err := w.bot.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.report("jo")
	w.mend(0)
	w.update(func(tx bot.Tx) error {
		jobs, err := tx.Pending(t.Context(), "main", "")
		for _, j := range jobs {
			j.Due = j.Due.Add(365 * 24 * time.Hour)
			if err = errors.Join(err, tx.PutJob(t.Context(), j)); err != nil {
				break
			}
		}
		return err
	})
	w.mend(2)
	w.runDue()
	if got := w.desk.to("sam"); !slices.Equal(got, []string{"Lost: bag"}) {
		t.Errorf("the lead has %q", got)
	}
	if at := w.due(scheduler.Key{Org: "main", Kind: "toy.weekly", Name: "every"}); !at.Before(w.now.Add(8 * 24 * time.Hour)) {
		t.Errorf("the schedule is due at %v", at)
	}
}

// A card that is tried again and again keeps its pace, and says that it is repeated.
func TestWhatIsTriedAgainIsNotPutBack(t *testing.T) {
	w := newWorld(t, toy())
	w.desk.fails = times(1, &bot.Busy{Err: errors.New("429"), After: 20 * time.Minute})
	w.report("jo")
	w.runDue()
	w.mend(0)
	w.wait(21 * time.Minute)
	if got := w.desk.to("sam"); !slices.Equal(got, []string{"Lost: bag (repeat)"}) {
		t.Errorf("the lead has %q", got)
	}
}
