package slacktest

import (
	"fmt"
	"time"
)

// met is the fault that a call meets, if any: a limit that it does not keep to, one that a
// test has set, or one that it reaches just now. The lock is held.
func (s *Server) met(c Call) (Fault, bool) {
	place := s.tokens[c.token] + " " + c.Method
	if wait := s.patience[place].Sub(c.At); wait > 0 {
		s.early = append(s.early, fmt.Sprintf("%s %s before it was time", place, wait))
		return Fault{Status: 429, RetryAfter: seconds(wait)}, true
	}
	fault, faulty := s.take(c.Method)
	if !faulty && s.Whim != nil {
		fault, faulty = s.Whim(c)
	}
	if wait := s.over(place, c); !faulty && wait > 0 {
		fault, faulty = Fault{Status: 429, RetryAfter: seconds(wait)}, true
	}
	if fault.RetryAfter > 0 {
		s.patience[place] = c.At.Add(time.Duration(fault.RetryAfter) * time.Second)
	}
	return fault, faulty
}

// seconds are whole ones, as Slack counts them.
func seconds(d time.Duration) int { return int((d + time.Second - 1) / time.Second) }

// over counts a call, and says for how long its workspace or its channel has had enough. The lock is held.
func (s *Server) over(place string, c Call) time.Duration {
	wait := time.Duration(0)
	if most := s.Tiers[c.Method]; most > 0 {
		wait = s.spend(place, most, time.Minute, c.At)
	}
	if channel, _ := c.Args["channel"].(string); wait == 0 && s.Burst > 0 && c.Method == "chat.postMessage" {
		wait = s.spend(place+" "+channel, s.Burst, time.Second, c.At)
	}
	return wait
}

// spend counts what happens now, unless there was most of it within the time already: then it says how long until there is room.
func (s *Server) spend(what string, most int, within time.Duration, now time.Time) time.Duration {
	lately := s.spent[what]
	for len(lately) > 0 && now.Sub(lately[0]) >= within {
		lately = lately[1:]
	}
	if len(lately) >= most {
		return lately[0].Add(within).Sub(now)
	}
	s.spent[what] = append(lately, now)
	return 0
}

// Early lists the calls that were made before Slack wanted them: within what it gave as
// Retry-After for the same method in the same workspace.
func (s *Server) Early() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.early...)
}
