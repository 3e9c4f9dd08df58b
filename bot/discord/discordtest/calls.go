package discordtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"time"
)

// names says what each call is for.
var names = []struct {
	what, method string
	path         *regexp.Regexp
}{
	{"answer", "POST", regexp.MustCompile(`^/interactions/([^/]+)/([^/]+)/callback$`)},
	{"edit-answer", "PATCH", regexp.MustCompile(`^/webhooks/([^/]+)/([^/]+)/messages/@original$`)},
	{"follow-up", "POST", regexp.MustCompile(`^/webhooks/([^/]+)/([^/]+)$`)},
	{"open-dm", "POST", regexp.MustCompile(`^/users/@me/channels$`)},
	{"me", "GET", regexp.MustCompile(`^/users/@me$`)},
	{"post", "POST", regexp.MustCompile(`^/channels/([^/]+)/messages$`)},
	{"edit", "PATCH", regexp.MustCompile(`^/channels/([^/]+)/messages/([^/]+)$`)},
	{"channel", "GET", regexp.MustCompile(`^/channels/([^/]+)$`)},
	{"guild", "GET", regexp.MustCompile(`^/guilds/([^/]+)$`)},
	{"roles", "GET", regexp.MustCompile(`^/guilds/([^/]+)/roles$`)},
	{"member", "GET", regexp.MustCompile(`^/guilds/([^/]+)/members/([^/]+)$`)},
	{"app", "GET", regexp.MustCompile(`^/applications/@me$`)},
	{"gateway", "GET", regexp.MustCompile(`^/gateway$`)},
	{"read-commands", "GET", regexp.MustCompile(`^/applications/[^/]+/(?:guilds/[^/]+/)?commands$`)},
	{"commands", "PUT", regexp.MustCompile(`^/applications/[^/]+/(?:guilds/[^/]+/)?commands$`)},
}

type result struct {
	status int
	body   any
}

func no(status, code int, message string) result {
	return result{status, map[string]any{"code": code, "message": message}}
}

func (s *Server) serveAPI(w http.ResponseWriter, r *http.Request) {
	path := r.URL.Path[len("/api/v10"):]
	what, parts := "", []string(nil)
	for _, n := range names {
		if found := n.path.FindStringSubmatch(path); found != nil && n.method == r.Method {
			what, parts = n.what, found[1:]
			break
		}
	}
	if !whole(r) {
		return
	}
	m, list := body(r)
	s.mu.Lock()
	defer s.mu.Unlock()
	call := Call{What: what, Path: path, Body: m, List: list, At: time.Now()}
	fault, faulty := s.take(what)
	if !faulty && s.Whim != nil {
		fault, faulty = s.Whim(call)
	}
	var out result
	switch {
	case what == "":
		s.complain("the bot called %s %s", r.Method, path)
		out = no(404, 0, "404: Not Found")
	case r.Header.Get("Authorization") != "Bot "+Token:
		out = no(401, 0, "401: Unauthorized")
	case !faulty || fault.Commit:
		out = s.apply(what, parts, path, m, list)
	}
	if faulty {
		if out = no(fault.Status, fault.Code, "fault"); fault.Status == 429 {
			w.Header().Set("Retry-After", fmt.Sprint(fault.RetryAfter))
			w.Header().Set("X-RateLimit-Scope", "user")
			if fault.Global {
				w.Header().Set("X-RateLimit-Global", "true")
			}
			out.body = map[string]any{"message": "You are being rate limited.", "retry_after": fault.RetryAfter, "global": fault.Global}
		}
	}
	call.Status = out.status
	s.calls = append(s.calls, call)
	s.happened()
	if faulty && fault.Drop {
		panic(http.ErrAbortHandler)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(out.status)
	if out.body != nil {
		_ = json.NewEncoder(w).Encode(out.body)
	}
}

// apply does what a call does. The lock is held.
func (s *Server) apply(what string, parts []string, path string, m map[string]any, list []any) result {
	switch what {
	case "answer":
		return s.answered(s.interactions[parts[1]], m)
	case "edit-answer", "follow-up":
		return s.after(what, parts[1], m)
	case "me":
		return result{200, map[string]any{"id": App, "username": "shareright", "bot": true}}
	case "app":
		return result{200, map[string]any{"id": App, "verify_key": s.PublicKey(), "interactions_endpoint_url": s.Endpoint}}
	case "gateway":
		return result{200, map[string]any{"url": "ws" + s.base[len("http"):] + "/gateway/"}}
	case "open-dm":
		user, _ := m["recipient_id"].(string)
		return result{200, map[string]any{"id": DM(user), "type": 1}}
	case "member":
		if s.Strangers[parts[1]] {
			return no(404, 10007, "Unknown Member")
		}
		return result{200, map[string]any{"user": map[string]any{"id": parts[1]}, "roles": []any{}}}
	case "guild":
		return result{200, map[string]any{"id": parts[0], "owner_id": "1"}}
	case "roles":
		return result{200, []any{map[string]any{"id": Guild, "permissions": "68608"}}}
	case "channel":
		return result{200, map[string]any{"id": parts[0], "guild_id": Guild, "permission_overwrites": s.Overwrites}}
	case "read-commands":
		if s.commands[path] == nil {
			return result{200, []any{}}
		}
		return result{200, s.commands[path]}
	case "commands":
		return s.setCommands(path, list)
	case "post":
		return s.posted(parts[0], m)
	case "edit":
		old := s.messages[parts[1]]
		if old == nil {
			return no(404, 10008, "Unknown Message")
		}
		return s.fill(what, old, m)
	}
	return no(404, 0, "404: Not Found")
}

// nonceLife is for how long a nonce is known again. Discord says "the past few minutes".
const nonceLife = 2 * time.Minute

// posted adds a message to a channel, unless its nonce was there in the last minutes.
func (s *Server) posted(channel string, m map[string]any) result {
	nonce, _ := m["nonce"].(string)
	if m["enforce_nonce"] == true && nonce != "" {
		if n, known := s.nonces[channel+nonce]; known && time.Since(n.at) < nonceLife {
			return result{200, s.messages[n.id]}
		}
	}
	if len(nonce) > 25 {
		s.complain("a nonce of %d characters", len(nonce))
	}
	made := map[string]any{"id": s.next(), "channel_id": channel}
	if out := s.fill("post", made, m); out.status != 200 {
		return out
	}
	s.messages[made["id"].(string)] = made
	s.nonces[channel+nonce] = once{made["id"].(string), time.Now()}
	return result{200, made}
}

// fill puts what a message says into it, if Discord would take it.
func (s *Server) fill(what string, message, m map[string]any) result {
	if !s.checkMessage(what, m) {
		return no(400, 50035, "Invalid Form Body")
	}
	for _, key := range []string{"content", "components", "flags", "message_reference", "file"} {
		if v, given := m[key]; given {
			message[key] = v
		}
	}
	return result{200, message}
}

// answered takes the answer to an interaction. The lock is held.
func (s *Server) answered(x *exchange, m map[string]any) result {
	kind, _ := m["type"].(float64)
	data, _ := m["data"].(map[string]any)
	switch {
	case x == nil || time.Since(x.at) > s.AckLimit:
		return no(404, 10062, "Unknown interaction")
	case x.acked:
		return no(400, 40060, "Interaction has already been acknowledged.")
	case kind == 9 && x.kind == 5:
		s.complain("a modal answers a modal")
		return no(400, 50035, "Invalid Form Body")
	case (kind == 6 || kind == 7) && x.message == nil:
		s.complain("an answer of type %v where there is no message", kind)
		return no(400, 50035, "Invalid Form Body")
	case (kind == 8) != (x.kind == 4):
		s.complain("an answer of type %v to an interaction of type %d", kind, x.kind)
		return no(400, 50035, "Invalid Form Body")
	case (kind == 4 || kind == 7) && !s.checkMessage("an answer", data), kind == 9 && !s.checkModal(data):
		return no(400, 50035, "Invalid Form Body")
	}
	if flags, _ := data["flags"].(float64); (kind == 4 || kind == 5) && int(flags)&64 == 0 {
		s.complain("an answer that everybody sees: %v", data["content"])
	}
	x.acked = true
	switch kind {
	case 4, 5:
		made := map[string]any{"id": s.next(), "channel_id": x.channel, "content": "", "flags": 64.0, "only": x.user}
		s.fillPlain(made, data)
		s.messages[made["id"].(string)] = made
		x.original = made
	case 6:
		x.original = x.message
	case 7:
		x.original = x.message
		s.fillPlain(x.message, data)
	case 9:
		s.modals[x.user] = &shown{modal: data, channel: x.channel, message: x.message}
	}
	x.answer <- Answer{OK: true, Type: int(kind), Data: data}
	return result{204, nil}
}

func (s *Server) fillPlain(message, data map[string]any) {
	for _, key := range []string{"content", "components"} {
		if v, given := data[key]; given {
			message[key] = v
		}
	}
}

// after takes what follows an answer. The lock is held.
func (s *Server) after(what, token string, m map[string]any) result {
	x := s.interactions[token]
	switch {
	case x == nil:
		return no(404, 10015, "Unknown Webhook")
	case time.Since(x.at) > s.TokenLife:
		return no(401, 50027, "Invalid Webhook Token")
	case !x.acked:
		s.complain("a follow-up before the answer")
		return no(404, 10015, "Unknown Webhook")
	case !s.checkMessage(what, m):
		return no(400, 50035, "Invalid Form Body")
	}
	if what == "follow-up" {
		if flags, _ := m["flags"].(float64); int(flags)&64 == 0 {
			s.complain("a follow-up that everybody sees")
		}
		made := map[string]any{"id": s.next(), "channel_id": x.channel, "flags": 64.0, "only": x.user}
		s.fillPlain(made, m)
		s.messages[made["id"].(string)] = made
		return result{200, made}
	}
	if x.original == nil {
		return no(404, 10008, "Unknown Message")
	}
	s.fillPlain(x.original, m)
	return result{200, x.original}
}
