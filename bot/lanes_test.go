package bot

import (
	"bytes"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestOnePersonsTurnsKeepTheirOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var l Lanes
		var mu sync.Mutex
		var got []int
		for i := range 50 {
			l.Do("T/U", func() {
				time.Sleep(time.Duration(50-i) * time.Millisecond)
				mu.Lock()
				defer mu.Unlock()
				got = append(got, i)
			})
		}
		l.Wait()
		for i, n := range got {
			if i != n {
				t.Fatalf("turn %d came as number %d", n, i)
			}
		}
	})
}

func TestAFloodOfOnePersonIsRefusedAndDoesNotStopOthers(t *testing.T) {
	var l Lanes
	hold := make(chan struct{})
	taken := 0
	for range maxWaiting + 10 {
		if l.Do("T/U0FLOOD", func() { <-hold }) {
			taken++
		}
	}
	other := make(chan struct{})
	l.Do("T/U0OTHER", func() { close(other) })
	<-other
	close(hold)
	l.Wait()
	if taken != maxWaiting+1 {
		t.Errorf("%d were taken, want %d", taken, maxWaiting+1)
	}
}

// What panics ends itself, and neither the program nor what the same person did after it. The
// log says where, and not what was typed.
func TestATaskThatPanicsEndsNothingButItself(t *testing.T) {
	var log bytes.Buffer
	l := Lanes{Log: slog.New(slog.NewTextHandler(&log, nil))}
	did := false
	l.Do("T/U", func() { panic("cannot draw quillonfernsby") })
	l.Do("T/U", func() { did = true })
	l.Wait()
	if !did {
		t.Error("what came after it was not done")
	}
	if text := log.String(); !strings.Contains(text, "a task panicked") || !strings.Contains(text, "lanes_test.go") || strings.Contains(text, "quillonfernsby") {
		t.Errorf("the log is\n%s", text)
	}
}
