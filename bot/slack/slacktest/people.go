package slacktest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/gorilla/websocket"
)

// Ack is how the bot acknowledged something.
type Ack struct {
	OK      bool           // in time
	Payload map[string]any // what came with it; nil for a bare one
	View    string         // the id of the view that was submitted

	kind    string
	payload map[string]any
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
	s.happened()
	_ = ws.Close()
}

func (c *conn) write(v any) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ws.WriteJSON(v)
}

func (s *Server) acked(frame []byte) {
	var a struct {
		ID      string          `json:"envelope_id"`
		Payload json.RawMessage `json:"payload"`
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if json.Unmarshal(frame, &a) != nil || s.waiting[a.ID] == nil {
		s.complain("an acknowledgement of nothing: %.100s", frame)
		return
	}
	if len(frame) >= 20<<10 {
		s.complain("an acknowledgement of %d bytes is dropped", len(frame))
		return
	}
	w := s.waiting[a.ID]
	if w.acks++; w.acks > 1 {
		s.complain("%s was acknowledged twice", w.kind)
		return
	}
	if w.kind == "events_api" && len(a.Payload) > 0 {
		s.complain("an event was acknowledged with a payload")
	}
	w.payload = a.Payload
	close(w.done)
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
	for _, c := range s.sockets {
		c.told = true
		_ = c.write(map[string]any{"type": "disconnect", "reason": "refresh_requested"})
	}
}

// Drop cuts every socket without a word.
func (s *Server) Drop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.sockets {
		_ = c.ws.NetConn().Close()
		c.told = true
	}
	s.happened()
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

// Send delivers a payload and waits for its acknowledgement.
func (s *Server) Send(kind string, payload map[string]any) Ack {
	s.t.Helper()
	return <-s.Begin(kind, payload)
}

// Begin delivers a payload and returns at once; the channel gives its acknowledgement.
func (s *Server) Begin(kind string, payload map[string]any) <-chan Ack {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := s.next("envelope")
	w := &waiting{done: make(chan struct{}), kind: kind}
	s.waiting[id] = w
	c := s.pick()
	sent := c != nil && c.write(map[string]any{"envelope_id": id, "type": kind, "payload": payload, "accepts_response_payload": kind != "events_api"}) == nil
	out := make(chan Ack, 1)
	go func() {
		a := Ack{kind: kind, payload: payload}
		if s.acknowledged(w, c) {
			a.OK = sent
			if len(w.payload) > 0 {
				_ = json.Unmarshal(w.payload, &a.Payload)
			}
			s.applied(&a)
		}
		out <- a
	}()
	return out
}

// Again delivers the same thing once more, as Slack does when it saw no acknowledgement.
func (s *Server) Again(a Ack) Ack {
	s.t.Helper()
	return s.Send(a.kind, a.payload)
}

// applied does to the open view what a submission's acknowledgement says.
func (s *Server) applied(a *Ack) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a.payload["type"] != "view_submission" {
		if a.kind == "slash_commands" && a.Payload != nil {
			s.checkMessage("the reply to a command", a.Payload)
			if a.Payload["response_type"] != "ephemeral" {
				s.complain("the reply to a command is not ephemeral")
			}
			user, _ := a.payload["user_id"].(string)
			s.sawMessage(user, a.Payload, "", s.next("ephemeral"), "", true)
		}
		return
	}
	old, _ := a.payload["view"].(map[string]any)
	a.View, _ = old["id"].(string)
	switch a.Payload["response_action"] {
	case "errors":
		state, _ := old["state"].(map[string]any)
		values, _ := state["values"].(map[string]map[string]any)
		errors, _ := a.Payload["errors"].(map[string]any)
		for field := range errors {
			if !asks(old, field) {
				s.complain("an error for %s, which is not on the screen", field)
			}
		}
		s.typedIn(a.View, values, errors)
	case "update":
		drawn, _ := a.Payload["view"].(map[string]any)
		if s.checkView("the next page", drawn) {
			s.put(a.View, drawn)
		}
	case "push":
		drawn, _ := a.Payload["view"].(map[string]any)
		s.checkView("a page on top", drawn)
	default:
		delete(s.views, a.View)
		s.unseen(a.View)
	}
}

func asks(v map[string]any, field string) bool {
	blocks, _ := v["blocks"].([]any)
	for _, b := range blocks {
		if m, _ := b.(map[string]any); m["type"] == "input" && m["block_id"] == field {
			return true
		}
	}
	return false
}

// trigger makes a trigger. The lock is held.
func (s *Server) trigger(user string) string {
	id := s.next("trigger")
	s.triggers[id], s.owners[id] = time.Now(), user
	return id
}

// reply makes a response URL, for a reply to this person. The lock is held.
func (s *Server) reply(user, origin string) string {
	id := s.next("r")
	s.owners[id], s.origins[id] = user, origin
	return s.http.URL + "/response/" + id
}

// Slash runs a command in the channel C0GENERAL.
func (s *Server) Slash(user, command, text string) Ack {
	s.t.Helper()
	return s.Send("slash_commands", s.SlashPayload(user, command, text))
}

// SlashPayload is what Slack sends for a command.
func (s *Server) SlashPayload(user, command, text string) map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	return map[string]any{"team_id": Team, "user_id": user, "user_name": "name-of-" + user, "channel_id": "C0GENERAL",
		"command": command, "text": text, "trigger_id": s.trigger(user), "response_url": s.reply(user, "")}
}

// Interact sends an interaction: a shortcut, a press, a submission. extra is added to what each has.
func (s *Server) Interact(user, kind string, extra map[string]any) Ack {
	s.t.Helper()
	s.mu.Lock()
	p := map[string]any{"type": kind, "team": map[string]any{"id": Team, "domain": "example"}, "trigger_id": s.trigger(user),
		"user": map[string]any{"id": user, "username": "name-of-" + user, "team_id": Team}}
	if kind == "block_actions" && extra["view"] == nil || kind == "message_action" {
		origin, _ := extra["origin"].(string)
		p["response_url"] = s.reply(user, origin)
	}
	s.mu.Unlock()
	for key, value := range extra {
		p[key] = value
	}
	return s.Send("interactive", p)
}

// Close closes a modal. Slack does not send what was typed on it.
func (s *Server) Close(user string, v map[string]any) Ack {
	s.t.Helper()
	s.mu.Lock()
	id, _ := v["id"].(string)
	delete(s.views, id)
	s.unseen(id)
	s.mu.Unlock()
	return s.Interact(user, "view_closed", map[string]any{"view": filled(v, nil)})
}

// PressOn presses a button on something the person sees.
func (s *Server) PressOn(user string, x Sight, button map[string]any, typed map[string]map[string]any) Ack {
	s.t.Helper()
	action, _ := button["action_id"].(string)
	value, _ := button["value"].(string)
	if x.View != "" {
		s.mu.Lock()
		v := s.views[x.View]
		s.mu.Unlock()
		return s.PressIn(user, v, action, value, typed)
	}
	block := ""
	for _, b := range x.Blocks {
		m, _ := b.(map[string]any)
		walk(m, func(e map[string]any) {
			if id, _ := m["block_id"].(string); e["action_id"] == action {
				block = id
			}
		})
	}
	return s.Interact(user, "block_actions", map[string]any{"channel": map[string]any{"id": x.Channel}, "origin": x.key,
		"container": map[string]any{"type": "message", "channel_id": x.Channel, "is_ephemeral": x.Ephemeral},
		"actions":   []any{map[string]any{"type": "button", "action_id": action, "block_id": block, "value": value, "action_ts": "1.1", "text": button["text"]}}})
}

// Press presses a button in a message of a channel.
func (s *Server) Press(user, channel, action, value string) Ack {
	s.t.Helper()
	return s.Interact(user, "block_actions", map[string]any{"channel": map[string]any{"id": channel},
		"container": map[string]any{"type": "message", "channel_id": channel},
		"actions":   []any{map[string]any{"type": "button", "action_id": action, "value": value, "action_ts": "1.1"}}})
}

// View returns the newest open modal, as it is drawn now.
func (s *Server) View() map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	newest := ""
	for id, v := range s.views {
		if v["type"] == "modal" && id > newest {
			newest = id
		}
	}
	return s.views[newest]
}

// filled is the view as Slack sends it back, with what the person put in.
func filled(v map[string]any, values map[string]map[string]any) map[string]any {
	out := map[string]any{"state": map[string]any{"values": values}}
	for key, value := range v {
		out[key] = value
	}
	return out
}

// Submit sends a modal. values are the states of its inputs by block id and action id, as Slack gives them.
func (s *Server) Submit(user string, v map[string]any, values map[string]map[string]any) Ack {
	s.t.Helper()
	return s.Interact(user, "view_submission", map[string]any{"view": filled(v, values)})
}

// PressIn presses a button in a modal or home tab, with what is typed there so far.
func (s *Server) PressIn(user string, v map[string]any, action, value string, values map[string]map[string]any) Ack {
	s.t.Helper()
	return s.Interact(user, "block_actions", map[string]any{"view": filled(v, values), "container": map[string]any{"type": "view"},
		"actions": []any{map[string]any{"type": "button", "action_id": action, "value": value, "action_ts": "1.1"}}})
}

// Event sends an Events API event with an id of its own.
func (s *Server) Event(event map[string]any) Ack {
	s.t.Helper()
	s.mu.Lock()
	id := s.next("Ev")
	s.mu.Unlock()
	return s.Send("events_api", map[string]any{"type": "event_callback", "team_id": Team, "event_id": id, "event": event})
}
