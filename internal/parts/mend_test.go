package parts

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"shareright/bot"
	"shareright/internal/program"
	"shareright/internal/talk"
	"shareright/scheduler"
)

// legal says whether a job belongs to a legal clock, or to a recurring schedule.
func legal(j scheduler.Job) bool {
	return slices.Contains([]string{"breach.milestone", "breach.chase", "rights.remind"}, j.Kind) || j.Name == "every"
}

// pendingClocks lists the jobs of legal clocks by name, with the time of those that have a fixed one.
func pendingClocks(t *testing.T, p *program.Program) (jobs []scheduler.Job, lines []string) {
	t.Helper()
	err := p.Store.View(t.Context(), func(tx bot.Tx) error {
		all, err := tx.Pending(t.Context(), "main", "")
		for _, j := range all {
			if !legal(j) {
				continue
			}
			jobs = append(jobs, j)
			line := j.Kind + " " + j.Name
			if j.Kind != "breach.chase" { // its time is counted from now
				line += " " + j.Due.UTC().Format(time.RFC3339)
			}
			lines = append(lines, line)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(lines)
	return jobs, lines
}

// After every conversation about breaches and requests nothing is missing. Then somebody deletes
// every job of every clock in the database, and all of them are put back as they were.
func TestALostJobOfALegalClockIsPutBack(t *testing.T) {
	deleted := 0
	for _, file := range conversations(t) {
		if name := filepath.Base(file); !strings.HasPrefix(name, "breach") && !strings.HasPrefix(name, "rights") {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		err = talk.Watch(t.Context(), file, string(text), All(), talk.Watcher{End: func(p *program.Program, _ time.Time) error {
			if err := p.Bot.Start(t.Context()); err != nil {
				return err
			}
			jobs, want := pendingClocks(t, p)
			if n, err := p.Bot.Mend(t.Context()); err != nil || n > 0 {
				_, now := pendingClocks(t, p)
				t.Errorf("%s: %d jobs were put back though none was lost, %v\n%s", file, n, err, strings.Join(now, "\n"))
			}
			err := p.Store.Update(t.Context(), func(tx bot.Tx) error {
				for _, j := range jobs {
					if err := tx.StopJob(t.Context(), j.Key); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				return err
			}
			deleted += len(jobs)
			n, err := p.Bot.Mend(t.Context())
			if err != nil || n != len(jobs) {
				t.Errorf("%s: %d of %d were put back, %v", file, n, len(jobs), err)
			}
			if _, got := pendingClocks(t, p); !slices.Equal(got, want) {
				t.Errorf("%s: put back\n%s\nwant\n%s", file, strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
			return nil
		}})
		if err != nil {
			t.Fatal(err)
		}
	}
	if deleted < 200 {
		t.Errorf("only %d jobs were deleted", deleted)
	}
	t.Logf("%d jobs were deleted and put back", deleted)
}
