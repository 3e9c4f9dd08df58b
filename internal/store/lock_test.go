package store

import (
	"errors"
	"testing"
	"time"

	"shareright/bot"
	"shareright/scheduler"
)

func TestOneHasTheDataFolderToItself(t *testing.T) {
	dir := t.TempDir()
	first, err := Alone(dir)
	if errors.Is(err, errors.ErrUnsupported) {
		t.Skip("this system has no such lock")
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Alone(dir); !errors.Is(err, ErrTaken) {
		t.Errorf("a second one: %v", err)
	}
	other, err := Alone(t.TempDir())
	if err != nil {
		t.Errorf("on another folder: %v", err)
	}
	if err := errors.Join(other.Close(), first.Close()); err != nil {
		t.Fatal(err)
	}
	again, err := Alone(dir)
	if err != nil {
		t.Fatalf("after the first: %v", err)
	}
	if err := again.Close(); err != nil {
		t.Error(err)
	}
}

// What a dead process had in hand is done at once, counts as tried, and is lost to the dead.
func TestWhatTheDeadHadInHandIsFree(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		for _, name := range []string{"card", "done", "late", "back"} {
			w.putJob(aJob(oak, name, monday, scheduler.Statutory))
		}
		w.putJob(aJob(oak, "tomorrow", monday.Add(24*time.Hour), scheduler.Statutory))
		if n, err := w.FreeClaims(t.Context()); err != nil || n != 0 {
			t.Errorf("nothing was claimed, and %d were freed, %v", n, err)
		}
		dead := map[string]scheduler.Job{}
		for _, job := range w.claim(monday, 9) {
			dead[job.Name] = job
		}
		w.reopen()
		if got := w.claim(monday, 9); len(got) > 0 {
			t.Fatalf("opening alone freed %q: others may be at work", jobNames(got))
		}
		if n, err := w.FreeClaims(t.Context()); err != nil || n != 4 {
			t.Errorf("%d were freed, %v", n, err)
		}
		// Before anybody else takes it, it is lost already.
		if err := w.finish(dead["done"]); err != scheduler.ErrLost {
			t.Errorf("who was dead finished it: %v", err)
		}
		held := func(name string) error {
			return w.View(t.Context(), func(tx bot.Tx) error { return tx.Holds(t.Context(), dead[name], monday) })
		}
		if err := held("card"); err != scheduler.ErrLost {
			t.Errorf("who was dead holds it: %v", err)
		}
		if err := w.PutBack(t.Context(), dead["back"], monday.Add(time.Hour), "late"); err != nil {
			t.Fatal(err)
		}
		got := w.claim(monday, 9)
		if len(got) != 4 {
			t.Errorf("at once there are %q", jobNames(got))
		}
		for _, job := range got {
			if job.Try != 2 || job.Token == dead[job.Name].Token {
				t.Errorf("%s is at try %d, its token new: %v", job.Name, job.Try, job.Token != dead[job.Name].Token)
			}
			if err := held(job.Name); err != scheduler.ErrLost {
				t.Errorf("%s: both hold it: %v", job.Name, err)
			}
			if err := w.finish(job); err != nil {
				t.Errorf("%s: %v", job.Name, err)
			}
		}
	})
}

// A process claims a job, with a clock that may be wrong, and dies. Another looks at the true time.
func TestAClaimByAWrongClockIsFree(t *testing.T) {
	const lease = 30 * time.Second
	for name, tc := range map[string]struct {
		ahead time.Duration // how far the clock of the dead was ahead
		after time.Duration // how long after its death somebody looks
		free  bool
	}{
		"a right clock":                              {0, 0, false},
		"a right clock, the lease has ended":         {0, lease, true},
		"two hours ahead":                            {2 * time.Hour, 0, true},
		"a year ahead":                               {365 * 24 * time.Hour, 0, true},
		"two hours ahead, within the lease":          {2 * time.Hour, lease / 2, true},
		"a little ahead, as another machine may be":  {drift, 0, false},
		"a moment more than a machine may be":        {drift + time.Millisecond, 0, true},
		"a little ahead, and its lease is over":      {drift, lease + drift, true},
		"behind by less than a lease":                {-lease + time.Millisecond, 0, false},
		"behind by two hours: over as soon as given": {-2 * time.Hour, 0, true},
	} {
		t.Run(name, func(t *testing.T) {
			eachEngine(t, func(t *testing.T, w *world) {
				w.putJob(aJob(oak, "48h", monday.Add(-3*time.Hour), scheduler.Statutory))
				dead := w.claim(monday.Add(tc.ahead), 1)[0]
				w.reopen() // with the true time
				got := w.claim(monday.Add(tc.after), 1)
				if (len(got) == 1) != tc.free {
					t.Fatalf("claimed: %q", jobNames(got))
				}
				if !tc.free {
					return
				}
				if got[0].Try != 2 {
					t.Errorf("it is at try %d", got[0].Try)
				}
				if err := w.finish(dead); err != scheduler.ErrLost {
					t.Errorf("who had the wrong clock finished it: %v", err)
				}
				if more := w.claim(monday.Add(tc.after), 1); len(more) > 0 {
					t.Error("it is claimed by two")
				}
			})
		})
	}
}
