//go:build failpoint

package campaign

import (
	"fmt"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// pauseEnv runs the pauses with the true figures: a lease of 30 seconds, and this long.
const pauseEnv = "SHARERIGHT_TEST_PAUSE"

// sockets is how many connections each process keeps to Slack.
const sockets = 2

// replica starts one more process on the same database and waits until Slack can reach it.
func (r *round) replica(more ...string) *life {
	r.t.Helper()
	before := r.slack.Open()
	r.lives++
	l, err := bear(r.log(), append(r.environment(), more...)...)
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() {
		_ = l.cmd.Process.Signal(syscall.SIGCONT) // it may stand still, or be gone
		l.kill()
	})
	for limit := time.Now().Add(30 * time.Second); r.slack.Open() < before+sockets; time.Sleep(5 * time.Millisecond) {
		select {
		case <-l.over:
			r.t.Fatalf("the program ended by itself:\n%s", tail(r.log()))
		default:
		}
		if time.Now().After(limit) {
			r.t.Fatalf("the program does not come up:\n%s", tail(r.log()))
		}
	}
	return l
}

// lose kills a process and waits until Slack has seen all its connections end: one that is still
// counted as open would be missing when those of the next process are waited for.
func (r *round) lose(l *life) {
	r.t.Helper()
	before := r.slack.Open()
	l.kill()
	for limit := time.Now().Add(30 * time.Second); r.slack.Open() > before-sockets; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(limit) {
			r.t.Fatal("Slack does not see that a process is gone")
		}
	}
}

// finish lets people come to an end, waits until everything is told, and compares.
func (r *round) finish(crowd *sync.WaitGroup, first *life) {
	r.t.Helper()
	var j judgment
	r.close(r.closing)
	crowd.Wait()
	r.told(time.Now(), &j)
	r.close(r.done)
	s, err := r.scene(true)
	if err != nil {
		r.t.Fatal(err)
	}
	j = append(append(j, s.judge(r.book)...), r.arrivals(s)...)
	for _, v := range j {
		r.t.Errorf("%s: %s", v.Invariant, v.What)
	}
	if len(s.cases) < 3 {
		r.t.Errorf("only %d cases: nothing is shown", len(s.cases))
	}
	r.t.Logf("%d cases, %d posts, %d jobs wait; %s", len(s.cases), len(s.posts), len(s.jobs), r.tally)
}

// Two and three processes share a database. Slack gives each event to one of them, some
// twice; one of them is killed and started again. Each event and each job has one effect.
func TestSeveralProcessesOnOneDatabaseHaveOneEffect(t *testing.T) {
	for _, many := range []int{2, 3} {
		t.Run(fmt.Sprintf("%d processes", many), func(t *testing.T) {
			t.Parallel()
			r := newRound(t, uint64(many), true, newTally())
			r.lease = 2 * time.Second
			var all []*life
			for range many {
				all = append(all, r.replica())
			}
			crowd := r.crowd()
			r.isUp(true)
			for range 3 {
				r.lookWhile(2 * time.Second)
				r.lose(all[0])
				all = append(all[1:], r.replica())
			}
			r.finish(crowd, all[0])
		})
	}
}

// lookWhile lets time pass, and gives the lead the cases that are there.
func (r *round) lookWhile(d time.Duration) {
	r.t.Helper()
	time.Sleep(d)
	s, err := r.scene(true)
	if err != nil {
		r.t.Fatal(err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.cases = nil
	for ref, b := range s.cases {
		if b.State == "open" {
			r.cases = append(r.cases, ref)
		}
	}
}

// A process stands still at a place for longer than its lease, as a virtual machine that is
// moved does, and then goes on. Another one has done its work meanwhile; nothing is done twice.
func TestAProcessThatStandsStillDoesNothingTwice(t *testing.T) {
	lease, pause := 2*time.Second, 5*time.Second
	slots := make(chan struct{}, 2) // each has two processes with their connections, of which a server has not many
	if text := os.Getenv(pauseEnv); text != "" {
		var err error
		if pause, err = time.ParseDuration(text); err != nil {
			t.Fatal(err)
		}
		lease = 0 // the true one
	}
	for _, place := range []string{"F12", "F13", "F14", "F17", "F9", "F4"} {
		t.Run(place, func(t *testing.T) {
			t.Parallel()
			slots <- struct{}{}
			defer func() { <-slots }()
			r := newRound(t, 12, true, newTally())
			r.lease, r.channel = lease, false
			frozen := r.replica("SHARERIGHT_FAILPOINT=" + place + ":1:stop")
			rep := r.reporter(1, "slack", "U0P1")
			rep.Found = "80 hours ago" // over already: a statutory notice at once
			r.isUp(true)
			var crowd sync.WaitGroup
			crowd.Go(func() { r.reportsInSlack(rep) })
			r.stands(frozen)
			began := time.Now()
			r.isUp(false)
			r.slack.Drop() // nobody hears of it any more
			other := r.replica()
			r.isUp(true)
			var noViolation judgment
			for !r.there(rep) { // the other one serves people while the first stands still
				if time.Since(began) > pause+20*time.Second {
					t.Fatalf("the report did not come through while a process stood still at %s", place)
				}
				time.Sleep(20 * time.Millisecond)
			}
			r.told(other.began, &noViolation)
			t.Logf("done by the other after %v", time.Since(began).Round(time.Millisecond))
			time.Sleep(pause - time.Since(began))
			if err := frozen.cmd.Process.Signal(syscall.SIGCONT); err != nil {
				t.Fatal(err)
			}
			time.Sleep(2 * time.Second) // whatever it had in hand would be done by now
			r.close(r.closing)
			crowd.Wait()
			r.close(r.done)
			s, err := r.scene(true)
			if err != nil {
				t.Fatal(err)
			}
			for _, v := range append(append(noViolation, s.judge(r.book)...), r.arrivals(s)...) {
				t.Errorf("%s: %s", v.Invariant, v.What)
			}
			for text, n := range r.copies() {
				if n != 1 {
					t.Errorf("%q came %d times", text, n)
				}
			}
		})
	}
}

// stands waits until the process has been stopped.
func (r *round) stands(l *life) {
	r.t.Helper()
	for limit := time.Now().Add(30 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", l.cmd.Process.Pid))
		if err != nil {
			r.t.Fatal(err)
		}
		if _, state, _ := strings.Cut(string(text), ") "); strings.HasPrefix(state, "T") {
			return
		}
		if time.Now().After(limit) {
			r.t.Fatal("nothing ever comes to the place")
		}
	}
}

// there says whether the report was acknowledged.
func (r *round) there(rep *report) bool {
	reports, _, _ := r.book.copied()
	return reports[rep.Number].Acked
}

// copies counts how often each direct message and each e-mail came, marked as a repeat or not.
func (r *round) copies() map[string]int {
	texts, came := map[string]string{}, map[string]int{}
	for _, c := range r.slack.Calls("chat.postMessage") {
		meta, _ := c.Args["metadata"].(map[string]any)
		payload, _ := meta["event_payload"].(map[string]any)
		if once, _ := payload["once"].(string); c.Error == "" && once != "" {
			texts[once] = fmt.Sprint(c.Args["text"])
			came[once]++
		}
	}
	by := map[string]int{}
	for once, n := range came {
		by[texts[once]+" "+once[:4]] = n
	}
	for _, letter := range r.mail.Letters() {
		by[fmt.Sprint(letter.To, letter.Header.Get("Message-Id"))]++
	}
	return by
}
