package program

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"shareright/scheduler"
)

// body is what a heart watches: workers that turn and claim while they live.
type body struct {
	turns, claims, broken bool
	due                   time.Time // the oldest job; zero for none
	pulse                 scheduler.Pulse
	said                  []string
	pings                 int64 // a ping has a goroutine of its own
	faults                []string
}

func (b *body) heart() *heart {
	return &heart{began: time.Now(), now: time.Now, notify: func(s string) { b.said = append(b.said, s) },
		ready: func(context.Context) bool { return true }, ping: func(context.Context) { atomic.AddInt64(&b.pings, 1) },
		changed: func(err error) {
			if err != nil {
				b.faults = append(b.faults, err.Error())
			}
		},
		pulse: func() scheduler.Pulse {
			if b.turns {
				b.pulse.Turned = time.Now()
			}
			if b.claims {
				b.pulse.Claimed = time.Now()
			}
			return b.pulse
		},
		next: func(context.Context) (time.Time, bool, error) {
			if b.broken {
				return time.Time{}, false, errors.New("no connection")
			}
			return b.due, !b.due.IsZero(), nil
		}}
}

func TestTheHeartNoticesWhenJobsAreNotRun(t *testing.T) {
	long := -6 * time.Hour
	for name, tc := range map[string]struct {
		body   body
		due    time.Duration // from the start
		after  time.Duration // it ends by itself; 0: it goes on for an hour
		faulty bool
	}{
		"all is well":                                      {body{turns: true, claims: true}, 0, 0, false},
		"nothing to do for hours":                          {body{turns: true}, 0, 0, false},
		"an outage is worked off":                          {body{turns: true, claims: true}, long, 0, false},
		"the workers hang":                                 {body{claims: true}, 0, turnWithin, true},
		"a job is due, and nobody begins it":               {body{turns: true}, long, 2 * runWithin, true},
		"the database is down: a new start would not help": {body{turns: true, broken: true}, 0, 0, true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := &tc.body
				if tc.due != 0 {
					b.due = time.Now().Add(tc.due)
				}
				ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
				defer cancel()
				began, h := time.Now(), b.heart()
				err := h.watch(ctx)
				took := time.Since(began)
				switch {
				case tc.after == 0 && err != nil:
					t.Errorf("it ended after %s: %v", took, err)
				case tc.after > 0 && (!errors.Is(err, ErrWedged) || took < tc.after || took > tc.after+2*beat):
					t.Errorf("it ended after %s, want %s: %v", took, tc.after, err)
				}
				if (h.well() != nil) != tc.faulty || (len(b.faults) > 0) != tc.faulty {
					t.Errorf("it says %v, %q", h.well(), b.faults)
				}
				synctest.Wait()
				if pings := atomic.LoadInt64(&b.pings); (pings >= 59) == tc.faulty {
					t.Errorf("the monitor outside heard %d signs of life", pings)
				}
				if dogs, looks := strings.Count(strings.Join(b.said, " "), "WATCHDOG=1"), int(took/beat); dogs < looks-1 {
					t.Errorf("systemd heard %d signs of life in %d looks: it would end a program that lives", dogs, looks)
				}
				if b.said[0] != "READY=1" {
					t.Errorf("systemd first heard %q", b.said[0])
				}
			})
		})
	}
}

func TestTheSignOfLifeHoldsNothing(t *testing.T) {
	var got *http.Request
	monitor := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = r }))
	defer monitor.Close()
	if err := ping(t.Context(), monitor.URL+"/abc"); err != nil {
		t.Fatal(err)
	}
	if got.Method != "GET" || got.ContentLength != 0 || got.URL.RawQuery != "" || got.Header.Get("User-Agent") != "shareright" {
		t.Errorf("it said %s %s %v", got.Method, got.URL, got.Header)
	}
}

func TestSystemdIsTold(t *testing.T) {
	path := filepath.Join(t.TempDir(), "notify")
	socket, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	t.Setenv("NOTIFY_SOCKET", path)
	notify("READY=1")
	said := make([]byte, 100)
	_ = socket.SetReadDeadline(time.Now().Add(5 * time.Second))
	n, err := socket.Read(said)
	if err != nil || string(said[:n]) != "READY=1" {
		t.Errorf("systemd heard %q, %v", said[:n], err)
	}
}
