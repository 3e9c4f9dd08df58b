package slacktest

import (
	"encoding/json"
	"time"
)

// Ack is how the bot acknowledged something.
type Ack struct {
	OK      bool           // in time
	Payload map[string]any // what came with it; nil for a bare one
	View    string         // the id of the view that was submitted

	kind    string
	payload map[string]any
	again   int // how often it was delivered before
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

// Send delivers a payload and waits for its acknowledgement.
func (s *Server) Send(kind string, payload map[string]any) Ack {
	s.t.Helper()
	return <-s.Begin(kind, payload)
}

// Begin delivers a payload and returns at once; the channel gives its acknowledgement.
func (s *Server) Begin(kind string, payload map[string]any) <-chan Ack {
	return s.begin(Ack{kind: kind, payload: payload})
}

func (s *Server) begin(a Ack) <-chan Ack {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := s.next("envelope")
	w := &waiting{done: make(chan struct{}), kind: a.kind}
	s.waiting[id] = w
	envelope := map[string]any{"envelope_id": id, "type": a.kind, "payload": a.payload, "accepts_response_payload": a.kind != "events_api"}
	c := s.pick()
	if a.kind == "events_api" {
		event, _ := a.payload["event_id"].(string)
		s.carried[event] = c
		if a.again > 0 {
			envelope["retry_attempt"], envelope["retry_reason"] = a.again, "timeout"
		}
	}
	sent := c != nil && c.write(envelope) == nil
	out := make(chan Ack, 1)
	go func() {
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
	return <-s.begin(Ack{kind: a.kind, payload: a.payload, again: a.again + 1})
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
	return s.base + "/response/" + id
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
