package bot

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"sync"
	"time"

	"shareright/scheduler"
)

// A platform that hangs costs a worker for as long as one try may take. Fifty who all find that
// out for themselves keep the fifty-first waiting for minutes, though another way to it works. So
// what one of them has found out holds for all.

const (
	// shunned is for how long nobody asks a way that hung. Then one of those who wait tries it, and
	// all others go on without it meanwhile.
	shunned = 15 * time.Second
	// mostHung is how many ways are remembered: a platform has one for each workspace.
	mostHung = 1000
	// nearly is how long a try that failed took where it was the platform that hung.
	nearly = attempt - 100*time.Millisecond
)

// errHangs is why a way was not tried: it hung a moment ago.
var errHangs = errors.New("it hangs")

// hung are the ways that hung a moment ago. The zero hung is ready for use.
type hung struct {
	mu sync.Mutex
	by map[Address]time.Time // by platform and workspace: left alone until then
}

// shuns says whether a way is left alone now. Whoever is told that it is not, after it hung, is the one to try it.
func (h *hung) shuns(to Address, now time.Time) bool {
	at := Address{Platform: to.Platform, Workspace: to.Workspace}
	h.mu.Lock()
	defer h.mu.Unlock()
	until, is := h.by[at]
	if !is {
		return false
	}
	if left := until.Sub(now); left > 0 && left <= shunned { // more is left only where the clock was put back
		return true
	}
	h.by[at] = now.Add(shunned)
	return false
}

// heard takes down how a try ended.
func (h *hung) heard(to Address, hangs bool, now time.Time) {
	at := Address{Platform: to.Platform, Workspace: to.Workspace}
	h.mu.Lock()
	defer h.mu.Unlock()
	if !hangs {
		delete(h.by, at)
		return
	}
	if len(h.by) >= mostHung {
		maps.DeleteFunc(h.by, func(_ Address, until time.Time) bool { return !until.After(now) })
	}
	if h.by == nil || len(h.by) >= mostHung {
		h.by = map[Address]time.Time{} // a thousand that all hang at once find it out anew
	}
	h.by[at] = now.Add(shunned)
}

// timed makes one call to a platform that may take so long, and remembers whether it hung.
func (b *Bot) timed(ctx context.Context, to Address, most time.Duration, call func(context.Context) error) (hangs bool, err error) {
	in, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	began := time.Now()
	err = call(in)
	hangs = err != nil && time.Since(began) >= nearly
	b.hung.heard(to, hangs, b.o.Now())
	return hangs, err
}

// unlessHung is timed, for what can wait while the platform hangs.
func (b *Bot) unlessHung(ctx context.Context, to Address, most time.Duration, call func(context.Context) error) error {
	if b.hung.shuns(to, b.o.Now()) {
		return fmt.Errorf("%s: %w", to.Platform, errHangs)
	}
	_, err := b.timed(ctx, to, most, call)
	return err
}

// atMost has a failed job tried again within a time, though its class could wait for longer.
func atMost(job scheduler.Job, most time.Duration, err error) error {
	var later scheduler.Later
	if err == nil || errors.Is(err, scheduler.ErrLost) || errors.As(err, &later) && later.RetryAfter() > 0 {
		return err
	}
	return sooner{err, backoff(job.Try, most)}
}

// backoff is a second doubled with each try, and no more than most.
func backoff(try int, most time.Duration) time.Duration {
	return min(time.Second<<min(max(try-1, 0), 6), most)
}
