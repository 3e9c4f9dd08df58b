package slacktest

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// newest are the last messages of a channel, newest first.
func (s *Server) newest(channel, limit string) []map[string]any {
	most, err := strconv.Atoi(limit)
	if err != nil {
		most = 100
	}
	found := []map[string]any{}
	for _, m := range s.messages {
		if m["channel"] == channel {
			found = append(found, m)
		}
	}
	slices.SortFunc(found, func(a, b map[string]any) int { return cmp.Compare(b["ts"].(string), a["ts"].(string)) })
	return found[:min(most, len(found))]
}

func no(word string) map[string]any { return map[string]any{"ok": false, "error": word} }

// apply does what a method does. The lock is held.
func (s *Server) apply(method, token string, args map[string]any) map[string]any {
	text := func(key string) string { v, _ := args[key].(string); return v }
	switch method {
	case "oauth.v2.access":
		return s.trade(text("client_id"), text("client_secret"), text("code"))
	case "apps.connections.open":
		if token != AppToken {
			return no("invalid_auth")
		}
	default:
		if s.tokens[token] == "" {
			return no("token_revoked")
		}
	}
	switch method {
	case "conversations.info":
		return s.place(text("channel"))
	case "apps.connections.open":
		return map[string]any{"ok": true, "url": s.socketURL()}
	case "auth.test":
		return map[string]any{"ok": true, "team_id": s.tokens[token], "user_id": Bot, "user": "shareright"}
	case "conversations.open":
		if why := s.Gone[text("users")]; why != "" {
			return no(why)
		}
		return map[string]any{"ok": true, "channel": map[string]any{"id": dm(text("users"))}}
	case "conversations.history":
		return map[string]any{"ok": true, "messages": s.newest(text("channel"), text("limit"))}
	case "chat.postMessage", "chat.postEphemeral", "chat.update":
		return s.write(method, args)
	case "views.open", "views.update", "views.publish":
		return s.show(method, args)
	}
	if strings.HasPrefix(method, "chat.schedule") || method == "chat.deleteScheduledMessage" {
		return s.later(method, args)
	}
	if strings.HasPrefix(method, "files.") {
		return s.share(method, args)
	}
	s.complain("the bot called %s", method)
	return no("unknown_method")
}

// place is what Slack says of a channel: private, with the bot in it, where nothing else is set.
func (s *Server) place(channel string) map[string]any {
	at := map[string]any{"id": channel, "is_private": true, "is_member": true, "is_ext_shared": s.shared[channel]}
	for key, value := range s.Places[channel] {
		at[key] = value
	}
	if word, refused := at["error"].(string); refused {
		return map[string]any{"ok": false, "error": word, "needed": at["needed"]}
	}
	return map[string]any{"ok": true, "channel": at}
}

func dm(user string) string { return "D" + strings.TrimPrefix(user, "U") }

// share takes a file in: first a place to put it, then the message it comes with.
func (s *Server) share(method string, args map[string]any) map[string]any {
	if !s.files {
		return no("missing_scope")
	}
	switch method {
	case "files.getUploadURLExternal":
		id := s.next("F")
		return map[string]any{"ok": true, "upload_url": s.base + "/api/upload/" + id, "file_id": id}
	case "files.completeUploadExternal":
		files, _ := args["files"].([]any)
		if len(files) != 1 {
			return no("invalid_arguments")
		}
		id, _ := files[0].(map[string]any)["id"].(string)
		if len(s.uploads[id]) == 0 {
			return no("file_not_found")
		}
		if channel, _ := args["channel_id"].(string); !strings.HasPrefix(channel, "D") {
			s.complain("a file was put into %s, where others see it", channel)
		}
		return map[string]any{"ok": true, "files": files}
	}
	return no("unknown_method")
}

// write posts or edits a message.
func (s *Server) write(method string, args map[string]any) map[string]any {
	text := func(key string) string { v, _ := args[key].(string); return v }
	if !s.checkMessage(method, args) {
		return no("invalid_blocks")
	}
	ts := text("ts")
	if method == "chat.update" {
		if s.messages[text("channel")+ts] == nil {
			return no("message_not_found")
		}
	} else {
		ts = s.next("1700000000.")
	}
	if thread := text("thread_ts"); thread != "" && s.messages[text("channel")+thread] == nil {
		return no("thread_not_found")
	}
	if method == "chat.postEphemeral" {
		s.sawMessage(text("user"), args, text("channel"), ts, text("thread_ts"), true)
		return map[string]any{"ok": true, "message_ts": ts}
	}
	s.sawMessage("", args, text("channel"), ts, text("thread_ts"), false)
	s.messages[text("channel")+ts] = map[string]any{"type": "message", "channel": text("channel"), "ts": ts, "text": text("text"), "blocks": args["blocks"], "metadata": args["metadata"]}
	return map[string]any{"ok": true, "channel": text("channel"), "ts": ts}
}

// show opens, replaces or publishes a view.
func (s *Server) show(method string, args map[string]any) map[string]any {
	drawn, _ := args["view"].(map[string]any)
	if !s.checkView(method, drawn) {
		return no("invalid_arguments")
	}
	id, _ := args["view_id"].(string)
	switch method {
	case "views.open":
		trigger, _ := args["trigger_id"].(string)
		made, known := s.triggers[trigger]
		switch {
		case !known:
			return no("invalid_trigger_id")
		case made.IsZero():
			return no("exchanged_trigger_id")
		case time.Since(made) >= s.TriggerLife:
			return no("expired_trigger_id")
		}
		s.triggers[trigger] = time.Time{}
		id = s.next("V")
		s.owners[id] = s.owners[trigger]
	case "views.update":
		old := s.views[id]
		if old == nil {
			return no("not_found")
		}
		if hash, given := args["hash"].(string); given && hash != "" && hash != old["hash"] {
			return no("hash_conflict")
		}
	default:
		user, _ := args["user_id"].(string)
		id = "home-" + user
		s.owners[id] = user
	}
	s.put(id, drawn)
	return map[string]any{"ok": true, "view": map[string]any{"id": id, "hash": drawn["hash"], "type": drawn["type"]}}
}

func (s *Server) put(id string, drawn map[string]any) {
	drawn["id"], drawn["hash"] = id, s.next("hash")
	s.views[id] = drawn
	s.sawView(id, drawn)
}

// Limits as Slack's reference gives them, written down here a second time on purpose.
var limits = map[string]int{"header": 150, "section": 3000, "context": 3000, "button": 75, "option": 75, "label": 2000, "hint": 2000, "title": 24}

func (s *Server) checkMessage(what string, m map[string]any) bool {
	ok := true
	if text, _ := m["text"].(string); text == "" {
		s.complain("%s has no text for notifications", what)
		ok = false
	}
	blocks, _ := m["blocks"].([]any)
	if len(blocks) > 50 {
		s.complain("%s has %d blocks", what, len(blocks))
		ok = false
	}
	return s.checkBlocks(what, blocks) && ok
}

func (s *Server) checkView(what string, v map[string]any) bool {
	if v == nil {
		s.complain("%s without a view", what)
		return false
	}
	blocks, _ := v["blocks"].([]any)
	ok := s.checkBlocks(what, blocks)
	if len(blocks) == 0 || len(blocks) > 100 {
		s.complain("%s has %d blocks", what, len(blocks))
		ok = false
	}
	if v["type"] == "home" {
		return ok
	}
	for _, key := range []string{"title", "submit", "close"} {
		ok = s.checkText(what+" "+key, v[key], limits["title"]) && ok
	}
	if v["submit"] == nil && hasInput(blocks) {
		s.complain("%s has a question and no submit button", what)
		ok = false
	}
	return ok
}

func hasInput(blocks []any) bool {
	for _, b := range blocks {
		if m, _ := b.(map[string]any); m["type"] == "input" {
			return true
		}
	}
	return false
}

func (s *Server) checkBlocks(what string, blocks []any) bool {
	ok, ids := true, map[string]bool{}
	for _, b := range blocks {
		m, _ := b.(map[string]any)
		kind, _ := m["type"].(string)
		if id, _ := m["block_id"].(string); id != "" {
			if ids[id] {
				s.complain("%s: block %s is there twice", what, id)
				ok = false
			}
			ids[id] = true
		}
		ok = s.checkText(what+" "+kind, m["text"], limits[kind]) && ok
		ok = s.checkText(what+" label", m["label"], limits["label"]) && ok
		ok = s.checkText(what+" hint", m["hint"], limits["hint"]) && ok
		elements, _ := m["elements"].([]any)
		if element := m["element"]; element != nil {
			elements = append(elements, element)
		}
		actions := map[string]bool{}
		for _, e := range elements {
			em, _ := e.(map[string]any)
			if id, _ := em["action_id"].(string); id != "" && actions[id] {
				s.complain("%s: action %s is there twice in a block", what, id)
				ok = false
			} else {
				actions[id] = true
			}
			ok = s.checkElement(what, kind, em) && ok
		}
	}
	return ok
}

func (s *Server) checkElement(what, block string, e map[string]any) bool {
	ok := true
	switch {
	case e["type"] == "button":
		ok = s.checkText(what+" button", e["text"], limits["button"])
	case block == "context":
		ok = s.checkText(what+" context", e, limits["context"])
	}
	options, _ := e["options"].([]any)
	if most := map[any]int{"radio_buttons": 10, "checkboxes": 10, "static_select": 100, "multi_static_select": 100}[e["type"]]; len(options) > most {
		s.complain("%s: %v has %d options", what, e["type"], len(options))
		ok = false
	}
	for _, o := range options {
		om, _ := o.(map[string]any)
		ok = s.checkText(what+" option", om["text"], limits["option"]) && ok
	}
	return ok
}

// checkText checks a text object, if there is one.
func (s *Server) checkText(what string, object any, most int) bool {
	m, _ := object.(map[string]any)
	if m == nil {
		return true
	}
	text, _ := m["text"].(string)
	if n := utf8.RuneCountInString(text); n == 0 || most > 0 && n > most {
		s.complain("%s has %d characters", what, n)
		return false
	}
	return true
}

// Faults lists what Slack would refuse of something that is drawn: messages and views,
// however deep they stand in it.
func Faults(drawn any) []string {
	raw, err := json.Marshal(drawn)
	if err != nil {
		return []string{err.Error()}
	}
	var whole any
	if err := json.Unmarshal(raw, &whole); err != nil {
		return []string{err.Error()}
	}
	s := &Server{}
	s.checkAll(whole)
	return s.faulty
}

func (s *Server) checkAll(part any) {
	m, _ := part.(map[string]any)
	switch kind := m["type"]; {
	case kind == "modal" || kind == "home":
		s.checkView("a view", m)
	case m["blocks"] != nil:
		s.checkMessage("a message", m)
	default:
		for _, each := range m {
			s.checkAll(each)
		}
	}
}
