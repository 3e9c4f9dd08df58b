package discordtest

import (
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// session is what a bot resumes after its connection has ended.
type session struct {
	id   string
	seq  int
	log  []map[string]any
	line *line
	over bool
}

// line is one connection.
type line struct {
	ws   *websocket.Conn
	mu   sync.Mutex
	sess *session
	gone chan struct{} // closed when it is over
}

func (c *line) write(v any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	_ = c.ws.WriteJSON(v) // a dead line shows when it is read
}

func (s *Server) serveGateway(w http.ResponseWriter, r *http.Request) {
	upgrader := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	ws, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	c := &line{ws: ws, gone: make(chan struct{})}
	defer close(c.gone)
	defer ws.Close()
	s.mu.Lock()
	s.lines = append(s.lines, c)
	every := s.Heartbeat.Milliseconds()
	s.mu.Unlock()
	c.write(map[string]any{"op": 10, "d": map[string]any{"heartbeat_interval": every}})
	for {
		_, raw, err := ws.ReadMessage()
		if err != nil {
			break
		}
		var f struct {
			Op   int             `json:"op"`
			Data json.RawMessage `json:"d"`
		}
		if json.Unmarshal(raw, &f) != nil || len(raw) > 4096 {
			break
		}
		s.mu.Lock()
		s.heard(c, f.Op, f.Data)
		s.happened()
		s.mu.Unlock()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if c.sess != nil && c.sess.line == c {
		c.sess.line = nil
	}
	for i, other := range s.lines {
		if other == c {
			s.lines = append(s.lines[:i:i], s.lines[i+1:]...)
			break
		}
	}
	s.happened()
}

// heard takes one frame of the bot. The lock is held.
func (s *Server) heard(c *line, op int, data json.RawMessage) {
	var d struct {
		Token   string `json:"token"`
		Intents int    `json:"intents"`
		Session string `json:"session_id"`
		Seq     int    `json:"seq"`
	}
	_ = json.Unmarshal(data, &d) // a heartbeat holds a number
	switch op {
	case 1:
		if !s.mute {
			c.write(map[string]any{"op": 11})
		}
	case 2:
		s.asked++
		switch {
		case d.Token != Token:
			s.close(c, 4004)
		case d.Intents&(1<<1|1<<8|1<<15) != 0:
			s.complain("the bot asks for what needs Discord's leave: intents %d", d.Intents)
			s.close(c, 4014)
		case s.Refuse > 0:
			s.close(c, s.Refuse)
		case s.Silent:
		default:
			s.begun++
			sess := &session{id: "session-" + s.next(), line: c}
			c.sess, s.sessions[sess.id] = sess, sess
			s.emit(sess, "READY", map[string]any{"v": 10, "session_id": sess.id, "resume_gateway_url": "ws" + s.base[len("http"):] + "/gateway/",
				"guilds": []any{map[string]any{"id": Guild, "unavailable": true}}, "application": map[string]any{"id": App}})
			s.emit(sess, "GUILD_CREATE", map[string]any{"id": Guild})
		}
	case 6:
		sess := s.sessions[d.Session]
		if sess == nil || sess.over || d.Token != Token {
			c.write(map[string]any{"op": 9, "d": false})
			return
		}
		s.resumed++
		sess.line, c.sess = c, sess
		for _, f := range sess.log {
			if f["s"].(int) > d.Seq {
				c.write(f)
			}
		}
		s.emit(sess, "RESUMED", map[string]any{})
	}
}

func (s *Server) close(c *line, code int) {
	_ = c.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, ""), time.Now().Add(time.Second))
	_ = c.ws.Close()
}

// emit logs and sends one event. The lock is held.
func (s *Server) emit(sess *session, name string, data any) {
	sess.seq++
	f := map[string]any{"op": 0, "t": name, "s": sess.seq, "d": data}
	sess.log = append(sess.log, f)
	if sess.line != nil {
		sess.line.write(f)
	}
}

// Dispatch sends an event; a bot that is away gets it when it resumes.
func (s *Server) Dispatch(name string, data any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, sess := range s.sessions {
		if !sess.over {
			s.emit(sess, name, data)
		}
	}
}

// Ready waits until the bot is connected, with a session.
func (s *Server) Ready() {
	s.t.Helper()
	s.wait("the bot to connect", func() bool { return s.live() != nil })
}

// Connected says whether the bot is connected, with a session.
func (s *Server) Connected() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.live() != nil
}

func (s *Server) live() *session {
	for _, sess := range s.sessions {
		if sess.line != nil && !sess.over {
			return sess
		}
	}
	return nil
}

// Sessions returns how many sessions were begun and how many times one was resumed.
func (s *Server) Sessions() (begun, resumed int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.begun, s.resumed
}

// Resumed waits until sessions were resumed this often.
func (s *Server) Resumed(times int) {
	s.t.Helper()
	s.wait("the bot to resume", func() bool { return s.resumed >= times })
}

// Asked waits until the bot has asked for a session this often, greeted or not.
func (s *Server) Asked(times int) {
	s.t.Helper()
	s.wait("the bot to ask for a session", func() bool { return s.asked >= times })
}

// Begun waits until this many sessions were begun.
func (s *Server) Begun(times int) {
	s.t.Helper()
	s.wait("the bot to begin a session", func() bool { return s.begun >= times })
}

// Drop cuts every connection without a word.
func (s *Server) Drop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.lines {
		if c.sess != nil {
			c.sess.line = nil
		}
		_ = c.ws.NetConn().Close()
	}
	s.happened()
}

// Tell sends a frame that is no event on every connection, such as a request to reconnect.
func (s *Server) Tell(op int, data any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.lines {
		if op == 9 && data == false && c.sess != nil {
			c.sess.over = true
		}
		c.write(map[string]any{"op": op, "d": data})
	}
}

// Close ends every connection with a code.
func (s *Server) Close(code int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.lines {
		s.close(c, code)
	}
}

// Mute stops, or starts again, to answer signs of life.
func (s *Server) Mute(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mute = on
}

// Greet has sessions greeted, or not.
func (s *Server) Greet(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.Silent = !on
}
