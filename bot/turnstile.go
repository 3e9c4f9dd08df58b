package bot

import (
	"context"
	"fmt"
	"sync"
)

// atOnce is how many turns of one organisation are carried out at the same time. Enough that
// they share a wait for the disk, and few enough that an organisation with a storm of events
// stands in line with itself: whoever else comes finds this many before them, however long that line is.
const atOnce = 8

// turnstile lets each organisation's turns in a few at a time, in the order in which they came.
// The zero turnstile is ready for use.
type turnstile struct {
	mu     sync.Mutex
	inside map[OrgID]int
	line   map[OrgID][]chan struct{}
}

// enter waits until a turn of this organisation may begin, or returns why it may not before ctx
// ended. Whoever was let in says when they are done.
func (s *turnstile) enter(ctx context.Context, org OrgID) (leave func(), err error) {
	leave = func() { s.leave(org) }
	s.mu.Lock()
	if s.inside[org] < atOnce {
		if s.inside == nil {
			s.inside, s.line = map[OrgID]int{}, map[OrgID][]chan struct{}{}
		}
		s.inside[org]++
		s.mu.Unlock()
		return leave, nil
	}
	mine := make(chan struct{})
	s.line[org] = append(s.line[org], mine)
	s.mu.Unlock()
	select {
	case <-mine:
		return leave, nil
	case <-ctx.Done():
	}
	if !s.goes(org, mine) { // let in at the same moment
		leave()
	}
	return nil, fmt.Errorf("wait in line behind others of the organisation: %w", ctx.Err())
}

// goes takes somebody out of the line. It reports false when they stand there no more.
func (s *turnstile) goes(org OrgID, who chan struct{}) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, other := range s.line[org] {
		if other == who {
			s.line[org] = append(s.line[org][:i], s.line[org][i+1:]...)
			return true
		}
	}
	return false
}

// leave gives the place to the next in line.
func (s *turnstile) leave(org OrgID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if line := s.line[org]; len(line) > 0 {
		close(line[0])
		s.line[org] = line[1:]
		return
	}
	delete(s.line, org)
	if s.inside[org]--; s.inside[org] == 0 {
		delete(s.inside, org)
	}
}
