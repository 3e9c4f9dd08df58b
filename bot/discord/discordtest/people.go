package discordtest

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Answer is how the bot answered an interaction.
type Answer struct {
	OK      bool // in time
	Type    int
	Data    map[string]any
	Payload map[string]any // what was sent to the bot, to send it once more
}

// Text is what the answer says.
func (a Answer) Text() string {
	text, _ := a.Data["content"].(string)
	return text
}

// exchange is one interaction that waits for its answer.
type exchange struct {
	kind          int
	user, channel string
	at            time.Time
	acked         bool
	message       map[string]any // the one that holds the button
	original      map[string]any // the answer
	answer        chan Answer
}

// shown is a modal on somebody's screen.
type shown struct {
	modal   map[string]any
	channel string
	message map[string]any
}

// payload makes an interaction of a person in a channel; "" is a direct message. The lock is held.
func (s *Server) payload(kind int, user, channel string) (*exchange, map[string]any) {
	id := s.next()
	x := &exchange{kind: kind, user: user, channel: channel, at: time.Now(), answer: make(chan Answer, 1)}
	s.interactions["token-"+id] = x
	who := map[string]any{"id": user, "username": "name-of-" + user}
	p := map[string]any{"id": id, "application_id": App, "type": kind, "token": "token-" + id, "version": 1, "locale": "en-GB"}
	if channel == "" {
		x.channel = DM(user)
		p["user"], p["context"] = who, 1
	} else {
		p["guild_id"], p["member"], p["context"] = Guild, map[string]any{"user": who}, 0
	}
	p["channel_id"] = x.channel
	return x, p
}

// Send delivers an interaction over the gateway and waits for the answer.
func (s *Server) Send(p map[string]any) Answer {
	s.t.Helper()
	return <-s.Begin(p)
}

// Begin delivers an interaction and returns at once; the channel gives its answer.
func (s *Server) Begin(p map[string]any) <-chan Answer {
	s.mu.Lock()
	x := s.interactions[p["token"].(string)]
	x.at = time.Now()
	cut, hope := s.cut()
	s.mu.Unlock()
	out := make(chan Answer, 1)
	if !hope {
		out <- Answer{Payload: p}
		return out
	}
	s.Dispatch("INTERACTION_CREATE", p)
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), s.AckLimit)
		defer cancel()
		select {
		case <-cut:
			time.Sleep(50 * time.Millisecond) // answers come another way, and may still be on it
		case a := <-x.answer:
			x.answer <- a
		case <-ctx.Done():
		}
		select {
		case a := <-x.answer:
			a.Payload = p
			out <- a
		default:
			out <- Answer{Payload: p}
		}
	}()
	return out
}

// cut is closed when the connection to the bot ends; there is no hope where there is none
// now. Unless the fake is hasty it waits in any case. The lock is held.
func (s *Server) cut() (cut chan struct{}, hope bool) {
	if !s.Hasty {
		return nil, true
	}
	sess := s.live()
	if sess == nil {
		return nil, false
	}
	return sess.line.gone, true
}

// Afresh is the same act done once more by a person who saw no answer: all but the
// interaction itself is the same.
func (s *Server) Afresh(p map[string]any) map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	old := s.interactions[p["token"].(string)]
	id := s.next()
	s.interactions["token-"+id] = &exchange{kind: old.kind, user: old.user, channel: old.channel, at: time.Now(), message: old.message, answer: make(chan Answer, 1)}
	again := maps.Clone(p)
	again["id"], again["token"] = id, "token-"+id
	return again
}

// Offered says whether the person sees a button with this label.
func (s *Server) Offered(user, label string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, _ := s.button(user, label)
	return m != nil
}

// CommandPayload is what Discord sends for a command; its words are subcommands, the
// options are names and values in turn.
func (s *Server) CommandPayload(user, channel, command string, options ...string) map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, p := s.payload(2, user, channel)
	p["data"] = commandData(command, "", options)
	return p
}

func commandData(command, focused string, options []string) map[string]any {
	words := strings.Fields(command)
	given := []any{}
	for i := 0; i+1 < len(options); i += 2 {
		o := map[string]any{"name": options[i], "type": 3, "value": options[i+1]}
		if options[i] == focused {
			o["focused"] = true
		}
		given = append(given, o)
	}
	for i := len(words) - 1; i > 0; i-- {
		given = []any{map[string]any{"name": words[i], "type": 1, "options": given}}
	}
	return map[string]any{"id": "1", "name": words[0], "type": 1, "options": given}
}

// Command runs a command in the channel, or in direct messages where it is "".
func (s *Server) Command(user, channel, command string, options ...string) Answer {
	s.t.Helper()
	return s.Send(s.CommandPayload(user, channel, command, options...))
}

// Typing asks for suggestions for an option of a command.
func (s *Server) Typing(user, command, option, typed string) []any {
	s.t.Helper()
	s.mu.Lock()
	_, p := s.payload(4, user, Channel)
	p["data"] = commandData(command, option, []string{option, typed})
	s.mu.Unlock()
	return list(s.Send(p).Data, "choices")
}

// Menu calls a command in the menu of a message.
func (s *Server) Menu(user, name, message string) Answer {
	s.t.Helper()
	s.mu.Lock()
	_, p := s.payload(2, user, Channel)
	p["data"] = map[string]any{"id": "2", "name": name, "type": 3, "target_id": message,
		"resolved": map[string]any{"messages": map[string]any{message: map[string]any{"id": message, "content": "what somebody wrote"}}}}
	s.mu.Unlock()
	return s.Send(p)
}

// Press presses the newest button with this label that the person can see. For a select,
// value is what is chosen.
func (s *Server) Press(user, label string, value ...string) Answer {
	s.t.Helper()
	return s.Send(s.PressPayload(user, label, value...))
}

// PressPayload is what Discord sends for a press.
func (s *Server) PressPayload(user, label string, value ...string) map[string]any {
	s.t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	m, cm := s.button(user, label)
	if m == nil {
		s.t.Fatalf("%s sees no button %q", user, label)
	}
	channel, _ := m["channel_id"].(string)
	if channel == DM(user) {
		channel = ""
	}
	x, p := s.payload(3, user, channel)
	x.message = m
	p["message"] = m
	p["data"] = map[string]any{"custom_id": cm["custom_id"], "component_type": cm["type"], "values": value}
	return p
}

// button finds the newest button with this label that the person can see, and the message it stands on. The lock is held.
func (s *Server) button(user, label string) (message, button map[string]any) {
	for n := s.number; n >= 0; n-- {
		m := s.messages[fmt.Sprint(n)]
		if m == nil || m["only"] != nil && m["only"] != user {
			continue
		}
		for _, row := range list(m, "components") {
			for _, c := range list(row, "components") {
				cm, _ := c.(map[string]any)
				if cm["label"] == label || cm["placeholder"] == label || cm["custom_id"] == label {
					return m, cm
				}
			}
		}
	}
	return nil, nil
}

// Modal is what the person has on the screen, or nil.
func (s *Server) Modal(user string) map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	if m := s.modals[user]; m != nil {
		return m.modal
	}
	return nil
}

// Submit sends the modal on the person's screen. What is not among the values stays as it is shown.
func (s *Server) Submit(user string, values map[string][]string) Answer {
	s.t.Helper()
	p := s.SubmitPayload(user, values)
	return s.Send(p)
}

// SubmitPayload is what Discord sends for a modal.
func (s *Server) SubmitPayload(user string, values map[string][]string) map[string]any {
	s.t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	open := s.modals[user]
	if open == nil {
		s.t.Fatalf("%s has no modal on the screen", user)
		return nil
	}
	channel := open.channel
	if channel == DM(user) {
		channel = ""
	}
	x, p := s.payload(5, user, channel)
	if x.message = open.message; open.message != nil {
		p["message"] = open.message
	}
	parts := []any{}
	for _, part := range list(open.modal, "components") {
		label, _ := part.(map[string]any)
		inner, _ := label["component"].(map[string]any)
		if inner == nil {
			parts = append(parts, map[string]any{"type": label["type"], "id": 1})
			continue
		}
		parts = append(parts, map[string]any{"type": 18, "id": 1, "component": filled(inner, values)})
	}
	p["data"] = map[string]any{"custom_id": open.modal["custom_id"], "components": parts}
	delete(s.modals, user)
	return p
}

// filled is a part of a modal with its answer.
func filled(part map[string]any, values map[string][]string) map[string]any {
	id, _ := part["custom_id"].(string)
	out := map[string]any{"type": part["type"], "id": 2, "custom_id": id}
	given, answered := values[id]
	if kind(part) == 4 {
		out["value"], _ = part["value"].(string)
		if answered {
			out["value"] = strings.Join(given, "\n")
		}
		return out
	}
	if !answered {
		given = []string{}
		for _, o := range list(part, "options") {
			if om, _ := o.(map[string]any); om["default"] == true {
				given = append(given, om["value"].(string))
			}
		}
	}
	out["values"] = given
	return out
}

// Write sends a direct message to the bot, and returns what was sent.
func (s *Server) Write(user, text string) map[string]any {
	s.t.Helper()
	s.mu.Lock()
	id := s.next()
	s.mu.Unlock()
	sent := map[string]any{"id": id, "channel_id": DM(user), "type": 0, "content": text,
		"author": map[string]any{"id": user, "username": "name-of-" + user}}
	s.Dispatch("MESSAGE_CREATE", sent)
	return sent
}

// Signed posts an interaction to the bot's endpoint, signed as Discord does. spoil may
// change the request before it is sent.
func (s *Server) Signed(to http.Handler, p map[string]any, spoil func(r *http.Request, body []byte)) (status int, answer Answer) {
	s.t.Helper()
	raw, err := json.Marshal(p)
	if err != nil {
		s.t.Fatal(err)
	}
	at := strconv.FormatInt(time.Now().Unix(), 10)
	r, err := http.NewRequest(http.MethodPost, "https://bot.example.org/discord/interactions", bytes.NewReader(raw))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("X-Signature-Timestamp", at)
	r.Header.Set("X-Signature-Ed25519", hex.EncodeToString(s.Sign(at, raw)))
	if spoil != nil {
		spoil(r, raw)
	}
	w := &recorder{header: http.Header{}, status: 200}
	to.ServeHTTP(w, r)
	var got struct {
		Type int            `json:"type"`
		Data map[string]any `json:"data"`
	}
	if w.status == 200 {
		if err := json.Unmarshal(w.body.Bytes(), &got); err != nil {
			s.t.Fatalf("the endpoint answered %q", w.body.String())
		}
	}
	return w.status, Answer{OK: w.status == 200, Type: got.Type, Data: got.Data}
}

// Sign is Discord's signature of a time and a body.
func (s *Server) Sign(at string, body []byte) []byte {
	return ed25519.Sign(s.key, append([]byte(at), body...))
}

// recorder is a response that keeps what is written.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (r *recorder) Header() http.Header         { return r.header }
func (r *recorder) WriteHeader(status int)      { r.status = status }
func (r *recorder) Write(b []byte) (int, error) { return r.body.Write(b) }

var _ io.Writer = (*recorder)(nil)
