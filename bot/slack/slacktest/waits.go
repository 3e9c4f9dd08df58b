package slacktest

import "time"

// acknowledged waits for an acknowledgement, for as long as Slack does.
func (s *Server) acknowledged(w *waiting, c *conn) bool {
	limit := time.NewTimer(s.AckLimit)
	defer limit.Stop()
	var cut chan struct{}
	if s.Hasty && c != nil {
		cut = c.gone
	}
	if s.Hasty && c == nil {
		return false
	}
	select {
	case <-w.done:
		return true
	case <-limit.C:
		return false
	case <-cut:
	}
	select {
	case <-w.done: // it came before the end
		return true
	default:
		return false
	}
}

// Open counts the sockets that are open, those announced to end left out.
func (s *Server) Open() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.fresh()
}

// Holds says whether a message stands in a channel.
func (s *Server) Holds(channel, ts string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.messages[channel+ts] != nil
}
