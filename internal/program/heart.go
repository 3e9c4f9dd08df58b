package program

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"shareright/bot"
	"shareright/internal/caught"
	"shareright/scheduler"
)

const (
	// beat is how often it is looked whether jobs are run.
	beat = 10 * time.Second
	// turnWithin is how long all workers together may be silent: each looks for jobs every few
	// seconds, and none may keep a job for longer than its lease.
	turnWithin = 3 * time.Minute
	// runWithin is how long a job may be due while none at all is begun.
	runWithin = 5 * time.Minute
	// mostDrift is how far this machine's clock may be from a platform's.
	mostDrift = 30 * time.Second
	// pingEvery is how often a monitor outside hears that all is well.
	pingEvery = time.Minute
)

// ErrWedged says that due jobs are not run any more, and that only a new start will help.
var ErrWedged = errors.New("jobs that are due are not run any more")

// heart watches that jobs are run. It is no job itself: it would not notice its own absence.
type heart struct {
	pulse   func() scheduler.Pulse
	next    func(context.Context) (time.Time, bool, error)
	now     func() time.Time // the clock that jobs are due by
	ready   func(context.Context) bool
	ping    func(context.Context)
	notify  func(state string)
	changed func(fault error)
	log     *slog.Logger

	mu    sync.Mutex
	began time.Time
	fault error
}

// drifting is a platform that knows how far this machine's clock is from its own.
type drifting interface{ Drift() time.Duration }

func (s *Server) heart() *heart {
	h := &heart{pulse: s.Runner.Pulse, next: s.Store.NextJob, now: s.Now, notify: notify, began: time.Now(), log: s.Log,
		ready: func(ctx context.Context) bool { return len(s.unready(ctx)) == 0 }, ping: func(context.Context) {},
		changed: func(fault error) {
			if fault != nil {
				s.Log.Error("jobs are not run", "error", fault)
				return
			}
			s.Log.Info("jobs are run again")
		}}
	if s.Simulated { // when a job is due is another matter there
		h.next = func(context.Context) (time.Time, bool, error) { return time.Time{}, false, nil }
	}
	if url := s.Config.PingURL.Reveal(); url != "" {
		h.ping = func(ctx context.Context) {
			if err := ping(ctx, url); err != nil {
				s.Log.Warn("the monitor outside did not take the sign of life") // the error would hold the address, which is a secret
			}
		}
	}
	return h
}

// ping asks an address, without saying anything.
func ping(ctx context.Context, url string) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	ask, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	ask.Header.Set("User-Agent", "shareright")
	answer, err := http.DefaultClient.Do(ask)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode >= 300 {
		return fmt.Errorf("status %d", answer.StatusCode)
	}
	return nil
}

// watch looks until ctx ends, and returns nil then; or ErrWedged when a new start is needed.
func (h *heart) watch(ctx context.Context) error {
	h.notify("READY=1")
	tick := time.NewTicker(beat)
	defer tick.Stop()
	var pinged time.Time
	for {
		select {
		case <-ctx.Done():
			h.notify("STOPPING=1")
			return nil
		case <-tick.C:
		}
		fault, wedged := h.listen(ctx)
		if wedged {
			return fmt.Errorf("%w: %w", ErrWedged, fault)
		}
		h.notify("WATCHDOG=1") // with any fault: a new start mends none but being wedged, and takes the emergency words away
		if now := time.Now(); fault == nil && now.Sub(pinged) >= pingEvery && h.ready(ctx) {
			pinged = now
			go func() { _ = caught.Run(h.log, "the sign of life", func() { h.ping(ctx) }) }()
		}
	}
}

// listen looks once. A fault is told; when it is one that a new start mends, it says so.
func (h *heart) listen(ctx context.Context) (fault error, wedged bool) {
	defer func() {
		if broke := caught.Panic(h.log, "the watch of jobs", recover()); broke != nil {
			fault = broke
		}
	}()
	in, cancel := context.WithTimeout(ctx, beat)
	defer cancel()
	at, some, err := h.next(in)
	now := time.Now()
	p := h.pulse()
	for _, t := range []*time.Time{&p.Turned, &p.Claimed} {
		if t.Before(h.began) {
			*t = h.began
		}
	}
	switch silent := now.Sub(p.Turned); {
	case ctx.Err() != nil:
		return h.well(), false // stopping: what was asked last was cut short
	case silent > turnWithin:
		fault, wedged = fmt.Errorf("no worker has looked for jobs for %s", silent.Round(time.Second)), true
	case err != nil:
		fault = errors.New("the database does not say what is due")
	case some && h.now().Sub(at) > runWithin && now.Sub(p.Claimed) > runWithin:
		fault, wedged = fmt.Errorf("a job is due for %s and none is begun", h.now().Sub(at).Round(time.Second)), now.Sub(p.Claimed) > 2*runWithin
	}
	h.mu.Lock()
	before := h.fault
	h.fault = fault
	h.mu.Unlock()
	if (before == nil) != (fault == nil) {
		h.changed(fault)
	}
	return fault, wedged
}

// well is nil while jobs are run.
func (h *heart) well() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.fault
}

// drift is an error when this machine's clock is far from a platform's.
func drift(p bot.Platform) error {
	d, can := p.(drifting)
	if !can || d.Drift() <= mostDrift {
		return nil
	}
	return fmt.Errorf("this machine’s clock is %s away from that of %s", d.Drift().Round(time.Second), p.Name())
}
