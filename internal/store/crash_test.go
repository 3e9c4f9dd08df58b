package store

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"shareright/bot"
	"shareright/scheduler"
)

const (
	victimDir  = "SHARERIGHT_TEST_VICTIM_DIR"
	victimURL  = "SHARERIGHT_TEST_VICTIM_URL"
	victimRun  = "SHARERIGHT_TEST_VICTIM_RUN"
	victimTask = "SHARERIGHT_TEST_VICTIM_TASK"
)

// tasks are other things a victim can be told to do, by name.
var tasks = map[string]func() error{}

func TestMain(m *testing.M) {
	if do := tasks[os.Getenv(victimTask)]; do != nil {
		if err := do(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	if os.Getenv(victimDir) != "" {
		if err := victim(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// victim is the process that is killed. Four people report breaches one after another;
// a report is acknowledged on standard output once Update has returned. A runner
// claims jobs and finishes them with their effect meanwhile.
func victim() error {
	ring, err := ParseKeys(strings.Repeat("01", keySize))
	if err != nil {
		return err
	}
	ctx := context.Background()
	s, err := Open(ctx, Options{Dir: os.Getenv(victimDir), URL: os.Getenv(victimURL), Keys: ring})
	if err != nil {
		return err
	}
	var wg sync.WaitGroup
	errs := make(chan error, 5)
	for person := range 4 {
		wg.Go(func() {
			for i := 0; ; i++ {
				ref := fmt.Sprintf("BR-%s-%d-%d", os.Getenv(victimRun), person, i)
				if err := s.Update(ctx, func(tx bot.Tx) error { return aTurn(ctx, tx, oak, ref) }); err != nil {
					errs <- err
					return
				}
				fmt.Println("reported", ref)
			}
		})
	}
	wg.Go(func() { errs <- runJobs(ctx, s) })
	return <-errs
}

// runJobs finishes due jobs. The effect of each is a row, which can be made only once.
func runJobs(ctx context.Context, s *Store) error {
	for {
		jobs, err := s.ClaimJobs(ctx, scheduler.Claim{Now: monday.Add(time.Hour), Lease: -1, Limit: 3})
		if err != nil {
			return err
		}
		for _, job := range jobs {
			err := s.Update(ctx, func(tx bot.Tx) error {
				if err := tx.FinishJob(ctx, job); err != nil {
					return err
				}
				return tx.Put(ctx, oak, bot.Row{Kind: "sent", Ref: job.Name})
			})
			if err != nil {
				return fmt.Errorf("job %s: %w", job.Name, err)
			}
			fmt.Println("sent", job.Name)
		}
	}
}

// A process is killed twenty times at any moment. What it acknowledged is there, whole
// and once; what it did not is there whole or not at all.
func TestNothingAcknowledgedIsLostWhenTheProcessIsKilled(t *testing.T) {
	kills := 20
	if testing.Short() {
		kills = 3
	}
	for _, engine := range []string{"SQLite", "PostgreSQL"} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			o := Options{Dir: t.TempDir(), Keys: testKeys(t, 1)}
			if engine == "PostgreSQL" {
				o.URL = postgresURL(t)
			}
			var acknowledged []string
			for run := range kills {
				acknowledged = append(acknowledged, killOnce(t, o, run)...)
				afterKill(t, o, acknowledged)
			}
			t.Logf("%d kills, %d acknowledged, all there", kills, len(acknowledged))
		})
	}
}

// killOnce lets a victim acknowledge some things, kills it, and returns all it acknowledged.
func killOnce(t *testing.T, o Options, run int) []string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), victimDir+"="+o.Dir, victimURL+"="+o.URL, fmt.Sprintf("%s=%d", victimRun, run))
	var trouble bytes.Buffer
	cmd.Stderr = &trouble
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var lines []string
	last := 1 + rand.IntN(60)
	for in := bufio.NewScanner(out); in.Scan(); {
		lines = append(lines, in.Text())
		if len(lines) == last {
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	var exit *exec.ExitError
	if err := cmd.Wait(); !errors.As(err, &exit) || exit.ExitCode() != -1 {
		t.Fatalf("the victim ended by itself: %v, %s", err, trouble.String())
	}
	return lines
}

func afterKill(t *testing.T, o Options, acknowledged []string) {
	t.Helper()
	w := &world{t: t, opts: o}
	w.reopen()
	defer w.Close()
	if problems, err := w.Check(t.Context()); err != nil || len(problems) > 0 {
		t.Fatalf("check: %v, %v", problems, err)
	}
	reports, answers := w.names(`SELECT ref FROM rows WHERE kind = 'breach'`), w.names(`SELECT event FROM inbox`)
	sessions, entries := w.names(`SELECT ref FROM rows WHERE kind = 'session'`), w.names(`SELECT ref FROM entries`)
	jobs := w.names(`SELECT name FROM jobs UNION ALL SELECT ref FROM rows WHERE kind = 'sent'`)
	for ref := range reports {
		if answers["Ev-"+ref] != 1 || sessions["S-"+ref] != 1 || entries[ref] != 1 {
			t.Errorf("%s is there by half: %d answers, %d sessions, %d entries", ref, answers["Ev-"+ref], sessions["S-"+ref], entries[ref])
		}
		for i := range 6 {
			if n := jobs[fmt.Sprintf("%s/%d", ref, i)]; n != 1 {
				t.Errorf("job %d of %s is waiting or sent %d times, want once", i, ref, n)
			}
		}
	}
	if n := len(reports); n != len(answers) || n != len(sessions) || n != len(entries) || n*6 != len(jobs) {
		t.Errorf("%d reports, %d answers, %d sessions, %d entries, %d jobs", n, len(answers), len(sessions), len(entries), len(jobs))
	}
	sent := w.names(`SELECT ref FROM rows WHERE kind = 'sent'`)
	for _, line := range acknowledged {
		what, name, _ := strings.Cut(line, " ")
		if what == "reported" && reports[name] != 1 || what == "sent" && sent[name] != 1 {
			t.Errorf("lost: %s", line)
		}
	}
}

func (w *world) names(query string) map[string]int {
	w.t.Helper()
	list, err := lines(w.t.Context(), w.engine.reader(), query)
	if err != nil {
		w.t.Fatal(err)
	}
	count := map[string]int{}
	for _, name := range list {
		count[name]++
	}
	return count
}

// The disk fills while several turns share a commit. Whoever was told "stored" is stored.
func TestAFullDiskConfirmsNothingItDidNotStore(t *testing.T) {
	w := newWorld(t, "")
	w.put(oak, breach("BR-first", "x"))
	limit := func(pages string) {
		err := w.engine.(*sqlite).group.alone(func(conn *sql.Conn) error {
			_, err := conn.ExecContext(t.Context(), "PRAGMA max_page_count = "+pages)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	limit(fmt.Sprint(w.count("PRAGMA page_count") + 60))
	var mu sync.Mutex
	stored, refused := []string{"BR-first"}, 0
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for j := range 30 {
				ref := fmt.Sprintf("BR-%d-%d", i, j)
				err := w.Update(t.Context(), func(tx bot.Tx) error {
					return tx.Put(t.Context(), oak, breach(ref, hex.EncodeToString(make([]byte, 3000))))
				})
				mu.Lock()
				if err == nil {
					stored = append(stored, ref)
				} else {
					refused++
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if refused == 0 || len(stored) < 3 {
		t.Fatalf("%d stored and %d refused: the disk was not full", len(stored), refused)
	}
	limit("1073741823")
	w.put(oak, breach("BR-last", "x")) // nothing needs a restart
	w.reopen()
	there := w.names(`SELECT ref FROM rows`)
	for _, ref := range append(stored, "BR-last") {
		if there[ref] != 1 {
			t.Errorf("%s was confirmed and is not there", ref)
		}
	}
	if len(there) != len(stored)+1 {
		t.Errorf("%d were confirmed and %d are there", len(stored)+1, len(there))
	}
	if problems, err := w.Check(t.Context()); err != nil || len(problems) > 0 {
		t.Errorf("check: %v, %v", problems, err)
	}
}
