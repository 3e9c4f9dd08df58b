package main

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"shareright/bot"
	"shareright/internal/store"
	"shareright/scheduler"
)

// second starts one more bot on the same folder, on addresses of its own. It returns where it
// answers, and the file of what it prints.
func (o *office) second() (bot *exec.Cmd, address, log string) {
	o.t.Helper()
	address, log = freeAddress(o.t), filepath.Join(o.t.TempDir(), "log")
	f, err := os.Create(log)
	if err != nil {
		o.t.Fatal(err)
	}
	defer f.Close() // the process has its own
	bot = exec.Command(os.Args[0], "serve")
	bot.Env, bot.Stderr = o.with("SHARERIGHT_HTTP_ADDR="+address, "SHARERIGHT_METRICS_ADDR="+freeAddress(o.t)), f
	if err := bot.Start(); err != nil {
		o.t.Fatal(err)
	}
	o.t.Cleanup(func() { _ = bot.Process.Kill(); _ = bot.Wait() })
	return bot, address, log
}

// within waits for what another process does, and says how long that took.
func within(t *testing.T, limit time.Duration, what string, done func() bool) time.Duration {
	t.Helper()
	for began := time.Now(); ; time.Sleep(5 * time.Millisecond) { // other processes do the work
		if done() {
			return time.Since(began)
		}
		if time.Since(began) > limit {
			t.Fatalf("%s: not after %v", what, limit)
		}
	}
}

func printed(t *testing.T, log, text string) bool {
	t.Helper()
	said, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Contains(string(said), text)
}

func answers(address string) bool {
	answer, err := http.Get("http://" + address + "/healthz")
	if err != nil {
		return false
	}
	return answer.Body.Close() == nil
}

// One bot serves on a folder. A second waits for it, and starts as soon as the first is killed.
// What that one had in hand is done at once, not after its lease of 30 seconds.
func TestOneBotServesOnAFolderAndTheNextTakesOverAtOnce(t *testing.T) {
	if _, err := store.Alone(t.TempDir()); err != nil {
		t.Skip("this system has no such lock")
	}
	const atOnce = 15 * time.Second // less than a lease, for a machine that is busy
	o := newOffice(t, "")
	o.serve()
	second, address, log := o.second()
	within(t, atOnce, "the second says that it waits", func() bool { return printed(t, log, "Another bot or command still works on this folder") })
	if out, err := run(t, o.env, "keys", "rotate"); err == nil || !strings.Contains(out, "Stop it first") {
		t.Errorf("the key was changed under a bot: %s", out)
	}
	if answers(address) || printed(t, log, "ready to serve") {
		t.Fatal("two serve on one folder")
	}
	if err := o.bot.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	t.Logf("up %v after the first was killed", within(t, atOnce, "the second starts", func() bool { return answers(address) }))
	if err := second.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = second.Wait() // it was killed

	job := scheduler.Job{Key: scheduler.Key{Org: "main", Kind: "deliver", Name: "gone"}, Due: time.Now(), Class: scheduler.Statutory}
	o.within(func(s *store.Store) {
		if err := s.Update(t.Context(), func(tx bot.Tx) error { return tx.PutJob(t.Context(), job) }); err != nil {
			t.Fatal(err)
		}
		jobs, err := s.ClaimJobs(t.Context(), scheduler.Claim{Now: time.Now(), Lease: 30 * time.Second, Limit: 9})
		if err != nil || len(jobs) == 0 {
			t.Fatalf("the dead had nothing in hand: %v", err)
		}
	})
	third, _, log := o.second()
	o.within(func(s *store.Store) {
		took := within(t, atOnce, "what the dead had in hand is done", func() bool {
			var jobs []scheduler.Job
			err := s.View(t.Context(), func(tx bot.Tx) (err error) {
				jobs, err = tx.Pending(t.Context(), job.Org, "")
				return err
			})
			for _, one := range jobs {
				if one.Key == job.Key {
					return false
				}
			}
			return err == nil
		})
		t.Logf("done %v after the start", took)
	})
	if !printed(t, log, "taken over from a process that died") {
		t.Error("it does not say that it takes over")
	}
	if err := third.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := third.Wait(); err != nil {
		t.Errorf("it ended with %v", err)
	}
}

// within opens the records as they are.
func (o *office) within(look func(s *store.Store)) {
	o.t.Helper()
	keys, err := store.ParseKeys(strings.Repeat("5a", 32))
	if err != nil {
		o.t.Fatal(err)
	}
	s, err := store.Open(o.t.Context(), store.Options{Dir: o.dir, Keys: keys})
	if err != nil {
		o.t.Fatal(err)
	}
	defer s.Close()
	look(s)
}
