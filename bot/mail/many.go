package mail

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"shareright/internal/failpoint"
)

// A mailbox that gets hundreds of letters is one that nobody reads, and a server that takes
// hundreds soon takes none. So an address gets few in an hour and in a day. What waits is in
// chat all the same. What is urgent, such as a new report, is told four times as often, and a
// legal time limit always.
const (
	mostInAnHour = 12
	mostInADay   = 60
	urgently     = 4
)

// sending remembers when each address was written to in the last day. The zero sending is ready for
// use. The addresses are those of people in charge, so there are few.
type sending struct {
	mu sync.Mutex
	by map[string][]time.Time
}

// may says whether an address may be written to now, and whether that is the last time for a while.
func (s *sending) may(address string, urgent bool, now time.Time) (yes, last bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.forget(address, now)
	day := s.by[address]
	hour := 0
	for _, at := range day {
		if now.Sub(at) < time.Hour {
			hour++
		}
	}
	inAnHour := cmp.Or(failpoint.Letters(), mostInAnHour)
	inADay := max(inAnHour, mostInADay)
	if urgent {
		inAnHour, inADay = inAnHour*urgently, inADay*urgently
	}
	return hour < inAnHour && len(day) < inADay, hour == inAnHour-1 || len(day) == inADay-1
}

// sent takes down that an address was written to.
func (s *sending) sent(address string, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.by == nil {
		s.by = map[string][]time.Time{}
	}
	s.by[address] = append(s.by[address], now)
}

// forget drops what is older than a day.
func (s *sending) forget(address string, now time.Time) {
	day := slices.DeleteFunc(s.by[address], func(at time.Time) bool { return now.Sub(at) >= 24*time.Hour })
	if len(day) == 0 {
		delete(s.by, address)
		return
	}
	s.by[address] = day
}
