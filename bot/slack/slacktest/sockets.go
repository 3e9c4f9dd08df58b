package slacktest

import (
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

type conn struct {
	ws   *websocket.Conn
	mu   sync.Mutex
	told bool          // nothing more is sent on it when there is another
	end  *ending       // the announcement of its end, if there was one
	cut  bool          // it did not end by the bot's doing
	gone chan struct{} // closed when it is over
}

// ending is one announcement that sockets will end.
type ending struct {
	opened int // sockets that had been opened by then
	left   int // sockets it was about that the bot has let go since
}

// Stood is how the sockets stood while they were watched.
type Stood struct {
	Moments []int         // how often a change left none, one, two … of them open, announced ones too
	Gap     time.Duration // the longest time with none
	Early   int           // announced ones that the bot let go before as many others stood
}

// Watch begins to note how the sockets stand.
func (s *Server) Watch() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stood = &Stood{}
	s.stand()
}

// Stood is how they stood from Watch until now.
func (s *Server) Stood() Stood {
	s.mu.Lock()
	defer s.mu.Unlock()
	return *s.stood
}

// stand notes that the number of sockets has changed. The lock is held.
func (s *Server) stand() {
	if s.stood == nil {
		return
	}
	n := len(s.sockets)
	for len(s.stood.Moments) <= n {
		s.stood.Moments = append(s.stood.Moments, 0)
	}
	s.stood.Moments[n]++
	if !s.none.IsZero() {
		s.stood.Gap = max(s.stood.Gap, time.Since(s.none))
		s.none = time.Time{}
	}
	if n == 0 {
		s.none = time.Now()
	}
}

func (s *Server) serveSocket(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	ticket := r.URL.Query().Get("ticket")
	good := s.tickets[ticket]
	delete(s.tickets, ticket)
	s.mu.Unlock()
	if !good {
		http.Error(w, "used", http.StatusUnauthorized)
		return
	}
	upgrader := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	ws, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	c := &conn{ws: ws, gone: make(chan struct{})}
	defer close(c.gone)
	s.mu.Lock()
	s.sockets = append(s.sockets, c)
	s.opened++
	s.stand()
	_ = c.write(map[string]any{"type": "hello", "num_connections": len(s.sockets)})
	s.happened()
	s.mu.Unlock()
	for {
		_, frame, err := ws.ReadMessage()
		if err != nil {
			break
		}
		s.acked(frame)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, other := range s.sockets {
		if other == c {
			s.sockets = append(s.sockets[:i:i], s.sockets[i+1:]...)
			break
		}
	}
	s.stand()
	s.left(c)
	s.happened()
	_ = ws.Close()
}

// left notes that a socket is over. The lock is held.
func (s *Server) left(c *conn) {
	if c.end == nil || c.cut || s.stood == nil {
		return
	}
	if c.end.left++; s.opened-c.end.opened < c.end.left {
		s.stood.Early++
	}
}

func (c *conn) write(v any) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ws.WriteJSON(v)
}

// Ready waits until this many sockets are open, none of them announced to end.
func (s *Server) Ready(sockets int) {
	s.t.Helper()
	s.wait(fmt.Sprintf("%d sockets", sockets), func() bool { return s.fresh() >= sockets })
}

func (s *Server) fresh() int {
	n := 0
	for _, c := range s.sockets {
		if !c.told {
			n++
		}
	}
	return n
}

// Refresh announces the end of every socket at once, as Slack does. The old ones stay
// open, but nothing more is sent on them once there is another.
func (s *Server) Refresh() {
	s.mu.Lock()
	defer s.mu.Unlock()
	end := &ending{opened: s.opened}
	for _, c := range s.sockets {
		if c.told = true; c.end == nil {
			c.end = end
		}
		_ = c.write(map[string]any{"type": "disconnect", "reason": "refresh_requested"})
	}
}

// Drop cuts every socket without a word.
func (s *Server) Drop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.sockets {
		c.drop()
	}
	s.happened()
}

// Cut cuts the socket on which an event was sent last, without a word, and returns when it is gone.
func (s *Server) Cut(event string) {
	s.mu.Lock()
	c := s.carried[event]
	if c != nil {
		c.drop()
	}
	s.mu.Unlock()
	if c != nil {
		<-c.gone
	}
}

// drop ends a socket as a network does. The server's lock is held.
func (c *conn) drop() {
	c.told, c.cut = true, true
	_ = c.ws.NetConn().Close()
}

// Raw sends any text on a socket.
func (s *Server) Raw(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.pick()
	c.mu.Lock()
	defer c.mu.Unlock()
	_ = c.ws.WriteMessage(websocket.TextMessage, []byte(text))
}

// pick chooses a socket: a fresh one if there is any. The lock is held.
func (s *Server) pick() *conn {
	s.number++
	var old *conn
	for i := range s.sockets {
		c := s.sockets[(i+s.number)%len(s.sockets)]
		if !c.told {
			return c
		}
		old = c
	}
	return old
}
