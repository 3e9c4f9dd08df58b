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

// Later is what is kept for a time: channel, time and text, one a message.
func (s *Server) Later() (all []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range s.kept {
		text, _ := m["text"].(string)
		first, _, _ := strings.Cut(text, "\n")
		all = append(all, m["channel_id"].(string)+" "+time.Unix(m["post_at"].(int64), 0).UTC().Format(time.DateTime)+" "+first)
	}
	return all
}
