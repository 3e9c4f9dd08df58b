package discord

import (
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// line is one connection to the gateway. Frames may be written by several goroutines.
type line struct {
	conn *websocket.Conn
	mu   sync.Mutex
}

func (c *line) read() (frame, error) {
	_, raw, err := c.conn.ReadMessage()
	if err != nil {
		return frame{}, err
	}
	return readFrame(raw), nil
}

// readFrame reads one frame. What cannot be read is passed over.
func readFrame(raw []byte) (f frame) {
	if err := json.Unmarshal(raw, &f); err != nil {
		return frame{Op: -1}
	}
	return f
}

func (c *line) write(op int, data any) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.conn.SetWriteDeadline(time.Now().Add(writeLimit)); err != nil {
		return err
	}
	return c.conn.WriteJSON(map[string]any{"op": op, "d": data})
}

// hello waits for Discord's greeting and returns how often it wants a sign of life.
func (c *line) hello() (time.Duration, error) {
	_ = c.conn.SetReadDeadline(time.Now().Add(helloLimit))
	f, err := c.read()
	if err != nil || f.Op != opHello {
		return 0, errors.New("discord did not say hello")
	}
	return interval(f)
}

// longestBeat is far more than Discord ever asks for.
const longestBeat = time.Hour

// interval is how often a greeting wants a sign of life.
func interval(f frame) (time.Duration, error) {
	var hello struct {
		Every int64 `json:"heartbeat_interval"`
	}
	if err := json.Unmarshal(f.Data, &hello); err != nil || hello.Every <= 0 || hello.Every > longestBeat.Milliseconds() {
		return 0, errors.New("discord said hello without an interval")
	}
	return time.Duration(hello.Every) * time.Millisecond, nil
}

// heart sends signs of life, and ends a connection on which they are not answered.
type heart struct {
	every time.Duration
	line  *line
	seq   func() any

	mu      sync.Mutex
	waiting bool // a sign of life is not answered yet
	dead    bool
}

func (h *heart) run(ctx context.Context) {
	next := time.Duration(rand.Float64() * float64(h.every)) // so that many bots do not beat as one
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(next):
		}
		next = h.every
		h.mu.Lock()
		if h.waiting {
			h.dead = true
			h.mu.Unlock()
			_ = h.line.conn.Close() // its reader then opens another
			return
		}
		h.waiting = true
		h.mu.Unlock()
		if h.line.write(opHeartbeat, h.seq()) != nil {
			_ = h.line.conn.Close()
			return
		}
	}
}

func (h *heart) answered() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.waiting = false
}

func (h *heart) lost() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.dead
}
