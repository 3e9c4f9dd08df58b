package slack

import (
	"net/http"
	"sync/atomic"
	"time"
)

// dated is a transport that compares this machine's clock with the date of each answer.
type dated struct {
	next  http.RoundTripper
	drift *atomic.Int64 // in nanoseconds
}

// RoundTrip passes the request on.
func (d dated) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := d.next.RoundTrip(r)
	if err == nil {
		if at, bad := http.ParseTime(answer.Header.Get("Date")); bad == nil {
			d.drift.Store(int64(time.Since(at)))
		}
	}
	return answer, err
}

// Drift is how far this machine's clock is from Slack's, as its last answer told it.
func (p *Platform) Drift() time.Duration { return time.Duration(p.drift.Load()).Abs() }

// watched is a client whose answers tell the time.
func (p *Platform) watched(c *http.Client) *http.Client {
	own := *c
	if own.Transport == nil {
		own.Transport = http.DefaultTransport
	}
	own.Transport = dated{own.Transport, &p.drift}
	return &own
}
