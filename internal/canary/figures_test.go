package canary

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"shareright/bot"
	"shareright/internal/program"
	"shareright/scheduler"
)

// idle has no jobs: the walk itself says when what is due is done.
type idle struct{}

func (idle) ClaimJobs(context.Context, scheduler.Claim) ([]scheduler.Job, error) { return nil, nil }
func (idle) NextJob(context.Context) (at time.Time, some bool, err error)        { return }
func (idle) PutBack(context.Context, scheduler.Job, time.Time, string) error     { return nil }

// serve begins to serve, as the program does, so that each turn and each delivery of the walk
// is counted. It returns what ends that.
func (w *world) serve(log *slog.Logger) func() {
	served, began := *w.p, w.now
	served.Runner = scheduler.NewRunner(idle{}, w.p.Bot.Work, scheduler.RunnerOptions{})
	s := &program.Server{Program: &served, Platforms: []bot.Platform{w}, Now: func() time.Time { return began }, Log: log}
	ctx, cancel := context.WithCancel(w.t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx) }()
	select {
	case w.h = <-w.in:
	case err := <-done:
		w.t.Fatal(err)
	}
	return func() {
		cancel()
		if err := <-done; err != nil {
			w.t.Error(err)
		}
	}
}

// figures are what /metrics and the health pages show after the walk.
func (w *world) figures() string {
	w.t.Helper()
	text := page(w.t, "http://"+w.p.Config.MetricsAddr+"/metrics")
	for what, least := range map[string]int{
		`shareright_turn_seconds_count{event="command",platform="slack",result="ok"}`: 100,
		`shareright_turn_seconds_count{event="answers",platform="slack",result="ok"}`: 100,
		`shareright_turn_seconds_count{event="button",platform="slack",result="ok"}`:  100,
		`shareright_deliveries_total{platform="slack",result="ok"}`:                   50,
		`shareright_deliveries_total{platform="slack",result="failed"}`:               10,
	} {
		_, after, _ := strings.Cut(text, what+" ")
		number, _, _ := strings.Cut(after, "\n")
		if n, err := strconv.Atoi(number); err != nil || n < least {
			w.t.Errorf("%s is %q, so what is absent from the figures proves little", what, number)
		}
	}
	for _, name := range []string{"/healthz", "/readyz"} {
		text += page(w.t, "http://"+w.p.Config.HTTPAddr+name)
	}
	return text
}

func page(t *testing.T, address string) string {
	t.Helper()
	r, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	text, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
