package discord

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
)

// pace keeps to Discord's rate limits, as the headers of its answers give them: so many
// calls to a place until a time. The last place in each is left to what is urgent. It also
// counts calls that Discord refused: at 10,000 of them in ten minutes it bans the address.
// The zero pace is ready for use.
type pace struct {
	mu      sync.Mutex
	by      map[string]*limit
	all     time.Time   // nothing at all before this
	refused []time.Time // oldest first
	drift   time.Duration
}

type limit struct {
	left  int
	reset time.Time
}

const (
	maxPaces   = 10_000
	refusedFor = 10 * time.Minute
	maxRefused = 30               // then nothing that can wait is sent
	urgentGap  = 40 * time.Second // and what is urgent this long after the last refusal: 15 more in the ten minutes
)

// wait returns how long a call must wait, and takes a place when that is no time at all.
func (p *pace) wait(key string, urgent bool, now time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	if key == interactionBucket {
		return 0
	}
	if wait := p.all.Sub(now); wait > 0 {
		return wait
	}
	p.age(now)
	if n := len(p.refused); n >= maxRefused {
		again := p.refused[n-maxRefused].Add(refusedFor)
		if next := p.refused[n-1].Add(urgentGap); urgent && next.Before(again) {
			again = next
		}
		if wait := again.Sub(now); wait > 0 {
			return wait
		}
	}
	l := p.by[key]
	if l == nil || !now.Before(l.reset) {
		return 0
	}
	if l.left > 1 || l.left == 1 && urgent {
		l.left--
		return 0
	}
	return l.reset.Sub(now)
}

func (p *pace) age(now time.Time) {
	for len(p.refused) > 0 && now.Sub(p.refused[0]) > refusedFor {
		p.refused = p.refused[1:]
	}
}

// heard takes down what an answer says.
func (p *pace) heard(key string, status int, h http.Header, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if at, err := http.ParseTime(h.Get("Date")); err == nil {
		p.drift = now.Sub(at).Abs()
	}
	switch status {
	case http.StatusUnauthorized, http.StatusForbidden:
		p.refused = append(p.refused, now)
	case http.StatusTooManyRequests:
		wait := seconds(h.Get("Retry-After"))
		if h.Get("X-RateLimit-Scope") != "shared" {
			p.refused = append(p.refused, now)
		}
		if h.Get("X-RateLimit-Global") != "" || h.Get("X-RateLimit-Scope") == "global" {
			p.all = now.Add(wait)
			return
		}
		p.set(key, &limit{reset: now.Add(wait)}, now)
		return
	}
	if key == interactionBucket {
		return
	}
	left, err := strconv.Atoi(h.Get("X-RateLimit-Remaining"))
	after := seconds(h.Get("X-RateLimit-Reset-After"))
	if err == nil && after > 0 {
		p.set(key, &limit{left: left, reset: now.Add(after)}, now)
	}
}

func (p *pace) set(key string, l *limit, now time.Time) {
	if p.by == nil {
		p.by = map[string]*limit{}
	}
	if len(p.by) >= maxPaces {
		for old, l := range p.by {
			if now.After(l.reset) {
				delete(p.by, old)
			}
		}
	}
	if len(p.by) < maxPaces {
		p.by[key] = l
	}
}

func seconds(s string) time.Duration {
	n, err := strconv.ParseFloat(s, 64)
	if err != nil || n < 0 || n > 86400 {
		return 0
	}
	return time.Duration(n * float64(time.Second))
}

// interactionBucket is what is answered with an interaction's own token: each has a limit of its own.
const interactionBucket = "interaction"

var lastID = regexp.MustCompile(`/(messages|commands|members)/[^/]+$`)

// bucketOf names what shares a limit: the method and the address up to its first id. What
// is answered with an interaction's own token shares none.
func bucketOf(method, path string) string {
	if _, rest, ok := strings.Cut(path, "/interactions/"); ok && rest != "" {
		return interactionBucket
	}
	if _, rest, ok := strings.Cut(path, "/webhooks/"); ok && rest != "" {
		return interactionBucket
	}
	path, _, _ = strings.Cut(path, "?")
	return method + " " + lastID.ReplaceAllString(path, "/$1")
}
