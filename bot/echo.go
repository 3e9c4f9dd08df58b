package bot

import (
	"hash/maphash"
	"sync"
	"time"
)

// A program that answers each answer with the same words would keep this one talking for ever.
// Platforms mark most programs, and those are not heard at all. Against the others it stops
// answering whoever says the same thing over and over. Commands, buttons and an emergency are
// always answered: what may hold a report is never closed.
const (
	sameAgain  = 30               // so often in a row
	echoWithin = 10 * time.Minute // and never this long apart
	mostEchoes = 1000             // people who are remembered
)

// echoes remembers what each person said last, as a number that tells nothing. The zero echoes are ready for use.
type echoes struct {
	mu   sync.Mutex
	seed maphash.Seed
	by   map[string]echo
}

type echo struct {
	said  uint64
	event string
	times int
	at    time.Time
}

// loops says whether this is a message of somebody who says the same over and over.
func (s *echoes) loops(e Event, now time.Time) bool {
	said, is := e.What.(Said)
	if !is {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.by == nil || len(s.by) >= mostEchoes {
		s.by, s.seed = map[string]echo{}, maphash.MakeSeed()
	}
	who := e.Platform + "/" + e.Workspace + "/" + e.User
	last, text := s.by[who], maphash.String(s.seed, said.Text)
	switch {
	case last.said != text || now.Sub(last.at) > echoWithin:
		last = echo{said: text}
	case e.ID != "" && e.ID == last.event: // the platform repeats it, and not the person
		return last.times > sameAgain
	}
	last.event, last.times, last.at = e.ID, last.times+1, now
	s.by[who] = last
	return last.times > sameAgain
}
