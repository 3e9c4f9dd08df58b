package slack

import (
	"sync"
	"time"
)

// pace keeps to Slack's rate limits. They count for each method in each workspace, and for
// posts in each channel too; when Slack asks for patience it does not say which one it was.
// It allows short bursts that it does not put in figures. So a method runs freely until
// Slack says when to come again; then it is called nowhere in that workspace before that
// time, and in the channel no more than once a second for ten minutes, for the urgent
// first. The zero pace is ready for use.
type pace struct {
	mu sync.Mutex
	by map[ask]*limit
}

// ask is what a limit is for: a method in a workspace, and in a channel where there is one.
type ask struct{ team, method, channel string }

// everywhere is the method in the whole workspace.
func (a ask) everywhere() ask { return ask{team: a.team, method: a.method} }

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
// What is not urgent leaves every other slot free, and comes a second later where all wait.
func (p *pace) wait(a ask, urgent bool, now time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	var wait time.Duration
	if l := p.by[a.everywhere()]; l != nil {
		wait = l.left(urgent, now)
	}
	in := p.by[a]
	if a.channel == "" || in == nil || !now.Before(in.strict) {
		return wait // what is in no channel has no slots: the first who asks would leave none to the next
	}
	if wait = max(wait, in.left(urgent, now)); wait == 0 {
		in.next = now.Add(perChannel)
	}
	return wait
}

// left is how long it is until then; what is not urgent waits for a slot more.
func (l *limit) left(urgent bool, now time.Time) time.Duration {
	ready := l.next
	if !urgent {
		ready = ready.Add(perChannel)
	}
	return max(ready.Sub(now), 0)
}

// slow takes down that Slack wants to be asked again only after a time.
func (p *pace) slow(a ask, now time.Time, after time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.by == nil {
		p.by = map[ask]*limit{}
	}
	if len(p.by) >= maxPaces {
		for key, l := range p.by {
			if now.After(l.strict) && now.After(l.next) {
				delete(p.by, key)
			}
		}
	}
	p.hold(a.everywhere(), now.Add(after))
	if a.channel != "" {
		p.hold(a, now.Add(after)).strict = now.Add(strictFor)
	}
}

// hold has nothing called before then. The lock is held.
func (p *pace) hold(a ask, until time.Time) *limit {
	l := p.by[a]
	if l == nil {
		l = &limit{}
		p.by[a] = l
	}
	if until.After(l.next) {
		l.next = until
	}
	return l
}
