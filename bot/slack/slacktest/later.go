package slacktest

import (
	"strconv"
	"strings"
	"time"
)

// later keeps messages for a time, lists them and takes them back. The lock is held.
func (s *Server) later(method string, args map[string]any) map[string]any {
	text := func(key string) string { v, _ := args[key].(string); return v }
	switch method {
	case "chat.scheduleMessage":
		at, err := strconv.ParseInt(text("post_at"), 10, 64)
		if n, is := args["post_at"].(float64); is {
			at, err = int64(n), nil
		}
		switch {
		case err != nil:
			return no("invalid_time")
		case !s.checkMessage(method, args):
			return no("invalid_blocks")
		case args["metadata"] != nil:
			s.complain("a message for later has metadata: Slack never posts it")
		}
		window := 0
		for _, m := range s.kept {
			if m["channel_id"] == text("channel") && at/300 == m["post_at"].(int64)/300 {
				window++
			}
		}
		if window >= 30 {
			return no("restricted_too_many")
		}
		id := s.next("Q")
		s.kept[id] = map[string]any{"id": id, "channel_id": text("channel"), "post_at": at, "text": text("text")}
		return map[string]any{"ok": true, "channel": text("channel"), "scheduled_message_id": id, "post_at": at}
	case "chat.scheduledMessages.list":
		all := []any{}
		for _, m := range s.kept {
			all = append(all, m)
		}
		return map[string]any{"ok": true, "scheduled_messages": all, "response_metadata": map[string]any{"next_cursor": ""}}
	case "chat.deleteScheduledMessage":
		id := text("scheduled_message_id")
		if s.kept[id] == nil {
			return no("invalid_scheduled_message_id")
		}
		delete(s.kept, id)
		return map[string]any{"ok": true}
	}
	return no("unknown_method")
}

// Kept is a message that lies ready for a time.
type Kept struct {
	ID, Channel, Text string
	At                time.Time
}

func (s *Server) keptAs(id string) Kept {
	m := s.kept[id]
	text, _ := m["text"].(string)
	return Kept{ID: id, Channel: m["channel_id"].(string), Text: text, At: time.Unix(m["post_at"].(int64), 0).UTC()}
}

// Kept lists what lies ready.
func (s *Server) Kept() (all []Kept) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id := range s.kept {
		all = append(all, s.keptAs(id))
	}
	return all
}

// Pass posts what is due by now, whether the bot is there or not, and says what that was.
func (s *Server) Pass(now time.Time) (posted []Kept) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id := range s.kept {
		k := s.keptAs(id)
		if k.At.After(now) {
			continue
		}
		delete(s.kept, id)
		posted = append(posted, k)
		ts := s.next("1700000000.")
		s.sawMessage("", map[string]any{"text": k.Text}, k.Channel, ts, "", false)
		s.messages[k.Channel+ts] = map[string]any{"type": "message", "channel": k.Channel, "ts": ts, "text": k.Text}
	}
	return posted
}

// Later is what is kept for a time: channel, time and text, one a message.
func (s *Server) Later() (all []string) {
	for _, k := range s.Kept() {
		first, _, _ := strings.Cut(k.Text, "\n")
		all = append(all, k.Channel+" "+k.At.Format(time.DateTime)+" "+first)
	}
	return all
}
