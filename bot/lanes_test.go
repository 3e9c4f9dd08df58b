package bot

import (
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
