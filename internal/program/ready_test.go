package program

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"shareright/bot"
	"shareright/config"
)

// placed is a platform that may be out of reach, and knows how far this machine's clock is from its own.
type placed struct {
	plain
	ready error
	drift time.Duration
}

func (p placed) Ready() error         { return p.ready }
func (p placed) Drift() time.Duration { return p.drift }

// asked is what a page of the program's own server answers.
func asked(t *testing.T, address, path string) (status int, text string) {
	t.Helper()
	answer, err := http.Get("http://" + address + path)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(body)
}

func TestTheReadyPageSaysWhichPartDoesNotWork(t *testing.T) {
	const private = "postgres://shareright:hunter2@example.org" // an error may hold such a thing; the page is open to others
	for name, tc := range map[string]struct {
		closed   bool // the database
		platform placed
		jobs     error
		broken   string // the part that the page names; empty: all is well
	}{
		"all is well":                      {},
		"the database is down":             {closed: true, broken: "database"},
		"the platform is out of reach":     {platform: placed{ready: errors.New("no socket: " + private)}, broken: "plain"},
		"jobs are not run":                 {jobs: errors.New("no worker has looked for jobs: " + private), broken: "jobs"},
		"the clock is half a minute away":  {platform: placed{drift: mostDrift}},
		"the clock is more than that away": {platform: placed{drift: mostDrift + time.Second}, broken: "clock"},
	} {
		t.Run(name, func(t *testing.T) {
			c := config.Default()
			c.HTTPAddr, c.MetricsAddr = "127.0.0.1:0", "127.0.0.1:0"
			s, f := watchedServer(t, c)
			s.Platforms, s.Log, s.beats = []bot.Platform{tc.platform}, slog.New(slog.DiscardHandler), &heart{fault: tc.jobs}
			if tc.closed {
				if err := s.Store.Close(); err != nil {
					t.Fatal(err)
				}
			}
			pages, err := s.listen(f)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = pages.close() })

			if status, text := asked(t, pages.address, "/healthz"); status != http.StatusOK || text != "ok\n" {
				t.Errorf("/healthz: %d %q: the program lives, whatever else does not work", status, text)
			}
			want, says := http.StatusOK, "database: ok\nplain: ok\njobs: ok\nclock: ok\n"
			if tc.broken != "" {
				want, says = http.StatusServiceUnavailable, strings.Replace(says, tc.broken+": ok", tc.broken+": not ready", 1)
			}
			if status, text := asked(t, pages.address, "/readyz"); status != want || text != says {
				t.Errorf("/readyz: %d %q, want %d %q", status, text, want, says)
			}
			if faults := s.unready(context.Background()); (len(faults) == 0) != (tc.broken == "") {
				t.Errorf("the monitor outside goes by %v", faults)
			}
		})
	}
}
