package discord

import (
	"net/http"
	"testing"
	"time"
)

// What is urgent is tried all through a long refusal, and Discord refuses fewer than 50 calls in ten minutes.
func TestWhatIsUrgentIsNeverShutOutForLong(t *testing.T) {
	var p pace
	start := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	var tries []time.Time
	for now := start; now.Before(start.Add(time.Hour)); now = now.Add(time.Second) {
		if p.wait("POST /x", true, now) == 0 {
			tries = append(tries, now)
			p.heard("POST /x", http.StatusForbidden, http.Header{}, now)
		}
	}
	for i, at := range tries {
		if i > 0 && at.Sub(tries[i-1]) > time.Minute {
			t.Errorf("no try for %s", at.Sub(tries[i-1]))
		}
		if i >= 49 && at.Sub(tries[i-49]) <= refusedFor {
			t.Fatalf("50 refused calls from %s to %s", tries[i-49], at)
		}
	}
}
