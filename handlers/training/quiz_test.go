package training

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"shareright/bot"
	"shareright/internal/store"
	"shareright/scheduler"
)

func TestWhatIsToldOfAnswersPointsAtNobody(t *testing.T) {
	at := turn()
	for name, tc := range map[string]struct {
		tally Tally
		want  string
	}{
		"two answers":          {Tally{Right: 1, Wrong: 1}, "too few answers to tell."},
		"one wrong among many": {Tally{Right: 11, Wrong: 1}, "of 12, all or nearly all answered right."},
		"none wrong":           {Tally{Right: 12}, "of 12, all or nearly all answered right."},
		"one right among many": {Tally{Right: 1, Wrong: 11}, "of 12, hardly anybody answered right. Talk about it."},
		"enough of both":       {Tally{Right: 8, Wrong: 4}, "8 of 12 answered right."},
	} {
		if got := shown(at, tc.tally); got != tc.want {
			t.Errorf("%s: %q, want %q", name, got, tc.want)
		}
	}
	for n, want := range map[int]string{0: "0", 1: "<3", 2: "<3", 3: "3", 20_000: "20000"} {
		if got := few(at, n); got != want {
			t.Errorf("%d people: %q, want %q", n, got, want)
		}
	}
	// Two counts that differ by one person never read differently when somebody could be picked out by it.
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(3, 200).Draw(rt, "people")
		wrong := rapid.IntRange(0, 2).Draw(rt, "wrong")
		if shown(at, Tally{Right: n - wrong, Wrong: wrong}) != shown(at, Tally{Right: n}) {
			rt.Fatalf("%d wrong of %d can be told from none", wrong, n)
		}
	})
}

// However many there are: never more than a batch in five seconds, everybody once, and
// 20,000 people are through in little more than an hour.
func TestAQuizHourIsSpread(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(1, 20_000).Draw(rt, "people")
		at := map[time.Duration]int{}
		for i := range n {
			at[spread(i)]++
		}
		for wait, count := range at {
			if count > batch || wait%pause != 0 {
				rt.Fatalf("%d people after %s", count, wait)
			}
		}
		if last := spread(n - 1); last > time.Duration(minutes(n))*time.Minute {
			rt.Fatalf("the last of %d after %s, and %d minutes were promised", n, last, minutes(n))
		}
	})
	if got := minutes(20_000); got > 70 {
		t.Errorf("20,000 people take %d minutes", got)
	}
}

// On the real store: whatever is urgent and comes while 20,000 people wait for their
// questions goes first, and every one of them still gets theirs.
func TestUrgentGoesBeforeTwentyThousandQuestions(t *testing.T) {
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	keys, err := store.ParseKeys(strings.Repeat("0a", 32))
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), store.Options{Dir: filepath.Join(t.TempDir(), "data"), Keys: keys, Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	const people = 20_000
	put := func(kind, name string, class scheduler.Class, due time.Time) scheduler.Job {
		return scheduler.Job{Key: scheduler.Key{Org: "oak-youth", Kind: kind, Name: name}, Due: due, Class: class}
	}
	update := func(do func(context.Context, bot.Tx) error) {
		t.Helper()
		if err := s.Update(t.Context(), func(tx bot.Tx) error { return do(t.Context(), tx) }); err != nil {
			t.Fatal(err)
		}
	}
	update(func(ctx context.Context, tx bot.Tx) error {
		for i := range people {
			if err := tx.PutJob(ctx, put("deliver", fmt.Sprintf("quiz/QZ-TEST-1-%d", i), scheduler.Routine, now)); err != nil {
				return err
			}
		}
		return nil
	})
	claim := func(limit int) []scheduler.Job {
		t.Helper()
		jobs, err := s.ClaimJobs(t.Context(), scheduler.Claim{Now: now, Lease: time.Hour, Limit: limit})
		if err != nil {
			t.Fatal(err)
		}
		return jobs
	}
	seen := map[string]bool{}
	for n := 0; len(seen) < people; n++ {
		urgent := fmt.Sprintf("breach/%d", n)
		update(func(ctx context.Context, tx bot.Tx) error {
			return tx.PutJob(ctx, put("deliver", urgent, scheduler.Escalation, now))
		})
		jobs := claim(1)
		if len(jobs) != 1 || jobs[0].Name != urgent {
			t.Fatalf("after %d questions came %v, not the urgent one", len(seen), jobs)
		}
		for _, job := range claim(2_500) {
			seen[job.Name] = true
		}
		if n > 20 {
			t.Fatalf("only %d of %d questions ever came", len(seen), people)
		}
	}
}
