package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
	api "github.com/slack-go/slack"

	"shareright/internal/caught"
)

// sockets keeps several Socket Mode connections open. The library's own client hangs up
// before it opens the next connection, and Slack asks for a new one about once an hour,
// often of all at once; what is sent in between is lost. Here the new connection stands
// before the old one is let go: Slack has greeted us on it.
type sockets struct {
	want    int
	oldLife time.Duration // how long a replaced connection may still deliver
	tooSoon time.Duration // a connection that is over sooner is not replaced at once, so that it becomes no storm of them

	api  *api.Client
	log  *slog.Logger
	take func(kind string, body payload, attempt int, ackMax int, ack func(any) error, failed func(error))

	counted atomic.Int64 // connections of this app, as Slack counts them

	mu      sync.Mutex
	open    []*socket
	notYet  time.Time // Slack has asked not to open any before this
	reading sync.WaitGroup
}

// socket is one connection. Frames may be written by several goroutines.
type socket struct {
	conn *websocket.Conn
	mu   sync.Mutex

	greeted   chan struct{} // closed when Slack has said hello
	greetOnce sync.Once
	told      chan struct{} // closed when Slack has announced that it will hang up
	tellOnce  sync.Once
	gone      chan struct{} // closed when the connection is over
	goOnce    sync.Once
}

const (
	pingLimit  = 45 * time.Second // without a sign of life a connection is dead
	writeLimit = 5 * time.Second
	firstWait  = 50 * time.Millisecond
	longWait   = 30 * time.Second
	maxFrame   = 2 << 20
)

func newSockets(want int, client *api.Client, log *slog.Logger,
	take func(string, payload, int, int, func(any) error, func(error))) *sockets {
	return &sockets{want: want, oldLife: 15 * time.Second, tooSoon: time.Second, api: client, log: log, take: take}
}

// live counts the connections that can be used now.
func (s *sockets) live() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.open)
}

// run keeps the connections open until ctx ends. Then it reads no more, and finish is
// called before they are closed, so that acknowledgements still go out.
func (s *sockets) run(ctx context.Context, finish func()) {
	var slots sync.WaitGroup
	for range s.want {
		slots.Go(func() { caught.Again(ctx, s.log, "a connection", func() { s.keep(ctx) }) })
	}
	slots.Wait()
	s.mu.Lock()
	open := append([]*socket(nil), s.open...)
	s.mu.Unlock()
	for _, c := range open {
		_ = c.conn.SetReadDeadline(time.Now()) // wakes its reader
	}
	s.reading.Wait()
	finish()
	for _, c := range open {
		_ = c.conn.Close()
	}
}

// keep holds one connection open and replaces it when it is over, or soon will be.
func (s *sockets) keep(ctx context.Context) {
	var old []*socket // announced to end, and let go once another stands
	wait := time.Duration(0)
	for ctx.Err() == nil {
		if !s.pause(ctx, wait) {
			return
		}
		c, err := s.dial(ctx)
		if err != nil {
			if ctx.Err() != nil {
				return
			}
			wait = s.after(err, wait)
			s.log.Warn("no connection to slack; trying again", "wait", wait, "error", err)
			continue
		}
		wait = 0
		s.reading.Go(func() { _ = caught.Run(s.log, "a reader", func() { s.read(ctx, c) }) })
		began := time.Now()
		old = s.stay(ctx, c, old)
		if time.Since(began) < s.tooSoon {
			wait = firstWait
		}
	}
}

// stay returns when a connection needs another in its place. The old ones are let go once it
// stands; what it returns is still to be let go.
func (s *sockets) stay(ctx context.Context, c *socket, old []*socket) []*socket {
	greeted := c.greeted
	for {
		select {
		case <-ctx.Done():
			return old
		case <-greeted:
			for _, o := range old {
				s.retire(o)
			}
			greeted, old = nil, nil
		case <-c.told:
			return append(old, c)
		case <-c.gone:
			return old
		}
	}
}

// pause waits, and longer while Slack has asked for it. It is false when ctx ended.
func (s *sockets) pause(ctx context.Context, wait time.Duration) bool {
	s.mu.Lock()
	wait = max(wait, time.Until(s.notYet))
	s.mu.Unlock()
	if wait <= 0 {
		return true
	}
	select {
	case <-ctx.Done():
		return false
	case <-time.After(wait):
		return true
	}
}

// after is how long to wait after a failure: what Slack asks for, else twice the last
// wait, with some chance in it so that many bots do not come back as one.
func (s *sockets) after(err error, last time.Duration) time.Duration {
	if wait := retryAfter(err); wait > 0 {
		s.mu.Lock()
		s.notYet = time.Now().Add(wait)
		s.mu.Unlock()
		return wait
	}
	wait := min(max(2*last, firstWait), longWait)
	return wait/2 + rand.N(wait)/2 + time.Millisecond
}

var dialer = &websocket.Dialer{
	Proxy:            websocket.DefaultDialer.Proxy,
	HandshakeTimeout: 10 * time.Second,
	WriteBufferSize:  32 << 10, // Slack does not put a message in several frames together
}

func (s *sockets) dial(ctx context.Context) (*socket, error) {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	_, address, err := s.api.StartSocketModeContext(ctx)
	if err != nil {
		return nil, fmt.Errorf("ask for a connection: %w", err)
	}
	conn, _, err := dialer.DialContext(ctx, address, nil)
	if err != nil {
		return nil, errors.New("dial the connection: " + withoutTicket(err))
	}
	conn.SetReadLimit(maxFrame)
	c := &socket{conn: conn, greeted: make(chan struct{}), told: make(chan struct{}), gone: make(chan struct{})}
	alive := func() { _ = conn.SetReadDeadline(time.Now().Add(pingLimit)) }
	alive()
	conn.SetPingHandler(func(data string) error {
		alive()
		_ = conn.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(writeLimit)) // a dead connection shows when it is read
		return nil
	})
	s.mu.Lock()
	s.open = append(s.open, c)
	s.mu.Unlock()
	return c, nil
}

// withoutTicket is the error's text unless it could hold the address, which is a secret.
func withoutTicket(err error) string {
	if errors.Is(err, websocket.ErrBadHandshake) {
		return "slack refused it"
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return "it took too long"
	}
	return fmt.Sprintf("%T", err)
}

// retire lets a connection go after what was on the way has arrived.
func (s *sockets) retire(c *socket) {
	time.AfterFunc(s.oldLife, c.hangUp)
}

func (c *socket) hangUp() {
	c.goOnce.Do(func() { close(c.gone) })
	_ = c.conn.Close()
}

// read takes frames until the connection is over or ctx ends.
func (s *sockets) read(ctx context.Context, c *socket) {
	defer func() {
		s.mu.Lock()
		for i, other := range s.open {
			if other == c {
				s.open = append(s.open[:i:i], s.open[i+1:]...)
				break
			}
		}
		s.mu.Unlock()
		if ctx.Err() == nil {
			c.hangUp() // Slack may leave the line open after its goodbye; waiting would stall
		}
	}()
	for ctx.Err() == nil {
		_, frame, err := c.conn.ReadMessage()
		if err != nil {
			if ctx.Err() == nil {
				s.log.Info("a connection to slack is over", "error", fmt.Sprintf("%T", err))
			}
			return
		}
		_ = c.conn.SetReadDeadline(time.Now().Add(pingLimit))
		_ = caught.Run(s.log, "a frame", func() { s.frame(c, frame) })
	}
}

func (s *sockets) frame(c *socket, frame []byte) {
	e, err := decode(frame)
	if err != nil && e.ID == "" {
		s.log.Warn("slack sent a frame that cannot be read", "bytes", len(frame), "error", fmt.Sprintf("%T", err))
		return
	}
	if err != nil {
		s.log.Warn("part of a frame of slack cannot be read", "kind", e.Type, "error", fmt.Sprintf("%T", err))
	}
	switch e.Type {
	case "hello":
		c.greetOnce.Do(func() { close(c.greeted) })
		s.counted.Store(int64(e.Connections))
		if e.Connections > 2*s.want {
			s.log.Warn("slack counts more connections than we hold: does the bot run twice?", "counted", e.Connections, "wanted", s.want)
		}
	case "disconnect":
		s.log.Info("slack announces the end of a connection", "reason", e.Reason)
		c.tellOnce.Do(func() { close(c.told) })
	case "events_api", "slash_commands", "interactive":
		if e.ID == "" {
			return // it could not be acknowledged, and is none of Slack's
		}
		s.take(e.Type, e.Payload, e.Attempt, maxAckBytes, func(with any) error { return s.ack(c, e.ID, with) }, func(error) {})
	}
}

// ack acknowledges an envelope where it came from, or on another connection when that one is over.
func (s *sockets) ack(c *socket, id string, with any) error {
	frame, err := json.Marshal(struct {
		ID      string `json:"envelope_id"`
		Payload any    `json:"payload,omitempty"`
	}{id, with})
	if err != nil {
		return fmt.Errorf("encode an acknowledgement: %w", err)
	}
	if len(frame) >= maxAckBytes {
		return fmt.Errorf("an acknowledgement of %d bytes: Slack would drop it", len(frame))
	}
	if err = c.write(frame); err == nil {
		return nil
	}
	s.mu.Lock()
	open := append([]*socket(nil), s.open...)
	s.mu.Unlock()
	for _, other := range open {
		if other != c && other.write(frame) == nil {
			return nil
		}
	}
	return fmt.Errorf("write an acknowledgement: %T", err)
}

func (c *socket) write(frame []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.conn.SetWriteDeadline(time.Now().Add(writeLimit)); err != nil {
		return err
	}
	return c.conn.WriteMessage(websocket.TextMessage, frame)
}
