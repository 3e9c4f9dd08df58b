package slack

import (
	"sync"
	"time"
)

// pace keeps to Slack's rate limits. Slack allows short bursts that it does not put in
// figures, so a method runs freely until Slack says when to come again; then nothing is
// sent before that time, and in a channel no more than a message a second for ten
// minutes, the urgent ones first. The zero pace is ready for use.
type pace struct {
	mu sync.Mutex
	by map[string]*limit
}

type limit struct {
	next   time.Time // nothing before this
	strict time.Time // one a second until this
}

const (
	strictFor  = 10 * time.Minute
	perChannel = time.Second // documented for posting
	maxPaces   = 10_000
)

// wait returns how long a call must wait, and takes the slot when that is no time at all.
// What is not urgent leaves every other slot free.
func (p *pace) wait(method, channel string, urgent bool, now time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	l := p.by[method+" "+channel]
	if l == nil {
		return 0
	}
	ready := l.next
	strict := now.Before(l.strict)
	if strict && !urgent {
		ready = ready.Add(perChannel)
	}
	if wait := ready.Sub(now); wait > 0 {
		return wait
	}
	if strict {
		l.next = now.Add(perChannel)
	}
	return 0
}

// slow takes down that Slack wants to be asked again only after a time.
func (p *pace) slow(method, channel string, now time.Time, after time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.by == nil {
		p.by = map[string]*limit{}
	}
	if len(p.by) >= maxPaces {
		for key, l := range p.by {
			if now.After(l.strict) && now.After(l.next) {
				delete(p.by, key)
			}
		}
	}
	l := &limit{next: now.Add(after)}
	if channel != "" { // what is in no channel has no slots: the first who asks would leave none to the next
		l.strict = now.Add(strictFor)
	}
	p.by[method+" "+channel] = l
}
