// Package discordtest is a small Discord for tests: it remembers what it was told, shows
// what a person would see, and refuses what Discord would refuse (an answer that is late or
// given twice, a modal after a modal, a message or a form beyond the limits, a message that
// may call somebody, a token that is over).
//
// It speaks the gateway, the few calls that the bot makes, and signed HTTP interactions.
// What the vendor's own contracts say about each field is checked elsewhere, by a tool that
// reads them.
package discordtest

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// The one server, its bot, a channel, and a token that works.
const (
	Guild   = "5000"
	App     = "6000"
	Token   = "example-token"
	Channel = "7000"
)

// patience is how long a test waits for what must happen.
const patience = 10 * time.Second

// Call is one call of the bot: what it was for, and what it held.
type Call struct {
	What   string // "answer", "post", "edit" …: see names
	Path   string
	Body   map[string]any
	List   []any // of a call that sends a list
	Status int
	At     time.Time
}

// Fault is what happens to the next calls of a kind instead of success.
type Fault struct {
	Times      int     // 0 means once
	Status     int     // an HTTP status
	Code       int     // Discord's own number
	RetryAfter float64 // seconds, with 429
	Global     bool    // the 429 is for everything
	Commit     bool    // the call takes effect all the same
	Drop       bool    // the connection ends with no answer
}

// Server is the fake. Its exported fields may be set before the bot starts.
type Server struct {
	AckLimit  time.Duration // how long an answer is waited for; 3 seconds
	TokenLife time.Duration // how long follow-ups are taken; 15 minutes
	Heartbeat time.Duration // 41.25 seconds
	Silent    bool          // no session is ever greeted
	Strangers map[string]bool
	Hasty     bool // an answer is given up as soon as the connection is cut

	Refuse     int    // the code with which the gateway turns the bot away; 0 lets it in
	Endpoint   string // the interactions endpoint on the app's page
	Overwrites []any  // the exceptions that every channel makes

	Whim func(Call) (Fault, bool) // a fault that a call meets, decided when it comes

	t    testing.TB
	base string // its address
	near http.Handler
	key  ed25519.PrivateKey

	mu           sync.Mutex
	changed      chan struct{} // closed and made anew whenever something happened
	calls        []Call
	faults       map[string][]Fault
	messages     map[string]map[string]any // by id
	nonces       map[string]once           // message by channel and nonce
	interactions map[string]*exchange      // by token
	modals       map[string]*shown         // the open one, by user
	commands     map[string][]any          // by path
	sessions     map[string]*session
	lines        []*line
	asked        int
	begun        int
	resumed      int
	mute         bool
	number       int
	faulty       []string
}

// once is a message that carried a nonce.
type once struct {
	id string
	at time.Time
}

// New starts a fake that ends with the test. What the bot did wrong fails the test then.
func New(t testing.TB) *Server {
	s := newServer(t)
	web := httptest.NewServer(s.near)
	s.base = web.URL
	t.Cleanup(func() {
		s.Drop()
		web.CloseClientConnections()
		web.Close()
	})
	return s
}

func newServer(t testing.TB) *Server {
	s := &Server{AckLimit: 3 * time.Second, TokenLife: 15 * time.Minute, Heartbeat: 41250 * time.Millisecond, Strangers: map[string]bool{},
		Overwrites: []any{map[string]any{"id": Guild, "type": 0, "allow": "0", "deny": "1024"}, // only the bot and its people read a channel
			map[string]any{"id": App, "type": 1, "allow": "68608", "deny": "0"}},
		t: t, changed: make(chan struct{}), faults: map[string][]Fault{}, messages: map[string]map[string]any{}, nonces: map[string]once{},
		interactions: map[string]*exchange{}, modals: map[string]*shown{}, commands: map[string][]any{}, sessions: map[string]*session{}}
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	s.key = private
	_ = public
	mux := http.NewServeMux()
	mux.HandleFunc("/api/v10/", s.serveAPI)
	mux.HandleFunc("/gateway/", s.serveGateway)
	s.near = mux
	t.Cleanup(func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		for _, what := range s.faulty {
			t.Errorf("discord: %s", what)
		}
	})
	return s
}

// URL is what to give the bot as API address.
func (s *Server) URL() string { return s.base + "/api/v10" }

// PublicKey is the key by which the bot knows signed requests.
func (s *Server) PublicKey() string {
	return hex.EncodeToString(s.key.Public().(ed25519.PublicKey))
}

// Complaints returns what the bot did wrong so far, and forgets it.
func (s *Server) Complaints() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := s.faulty
	s.faulty = nil
	return found
}

// complain notes a mistake of the bot. The lock is held.
func (s *Server) complain(format string, args ...any) {
	s.faulty = append(s.faulty, fmt.Sprintf(format, args...))
}

// happened wakes those who wait. The lock is held.
func (s *Server) happened() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// wait returns when the condition holds, or fails the test.
func (s *Server) wait(what string, holds func() bool) {
	s.t.Helper()
	limit := time.After(patience)
	for {
		s.mu.Lock()
		ok, changed := holds(), s.changed
		s.mu.Unlock()
		if ok {
			return
		}
		select {
		case <-changed:
		case <-limit:
			s.t.Fatalf("discord waited in vain for %s", what)
		}
	}
}

// Fault makes the next calls of a kind fail.
func (s *Server) Fault(what string, f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults[what] = append(s.faults[what], f)
}

// take returns the fault that a call meets, if any. The lock is held.
func (s *Server) take(what string) (Fault, bool) {
	list := s.faults[what]
	if len(list) == 0 {
		return Fault{}, false
	}
	f := list[0]
	if list[0].Times--; list[0].Times <= 0 {
		s.faults[what] = list[1:]
	}
	return f, true
}

// Calls returns all calls of a kind so far, in order.
func (s *Server) Calls(what string) []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.of(what)
}

func (s *Server) of(what string) []Call {
	var found []Call
	for _, c := range s.calls {
		if c.What == what {
			found = append(found, c)
		}
	}
	return found
}

// Wait returns the nth call of a kind, counted from 1, once it has been made.
func (s *Server) Wait(what string, n int) Call {
	s.t.Helper()
	s.wait(fmt.Sprintf("call %d of %s", n, what), func() bool { return len(s.of(what)) >= n })
	return s.Calls(what)[n-1]
}

// Messages returns what stands in a channel now, oldest first. A person's direct messages
// are the channel "dm-" and their id.
func (s *Server) Messages(channel string) []map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []map[string]any
	for n := range s.number + 1 {
		if m := s.messages[fmt.Sprint(n)]; m != nil && m["channel_id"] == channel {
			found = append(found, m)
		}
	}
	return found
}

// All returns what stands anywhere now.
func (s *Server) All() []map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Collect(maps.Values(s.messages))
}

// Says waits until a message with this text stands in a channel.
func (s *Server) Says(channel, text string) {
	s.t.Helper()
	s.wait("“"+text+"”", func() bool {
		for _, m := range s.messages {
			if m["channel_id"] == channel && m["content"] == text {
				return true
			}
		}
		return false
	})
}

// Deleted removes a message, as its readers may.
func (s *Server) Deleted(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.messages, id)
}

func (s *Server) next() string {
	s.number++
	return fmt.Sprint(s.number)
}

// DM is the channel of a person's direct messages.
func DM(user string) string { return "dm-" + user }

// whole reads a call to its end. Who dies in the middle of one has not made it.
func whole(r *http.Request) bool {
	text, err := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(text))
	return err == nil
}

func body(r *http.Request) (map[string]any, []any) {
	var m map[string]any
	var raw json.RawMessage
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		return parts(r), nil
	}
	if json.NewDecoder(r.Body).Decode(&raw) != nil {
		return nil, nil
	}
	if strings.HasPrefix(string(raw), "[") {
		var list []any
		_ = json.Unmarshal(raw, &list)
		return nil, list
	}
	_ = json.Unmarshal(raw, &m)
	return m, nil
}

// parts reads a message with files beside it.
func parts(r *http.Request) map[string]any {
	var m map[string]any
	if r.ParseMultipartForm(32<<20) != nil || json.Unmarshal([]byte(r.FormValue("payload_json")), &m) != nil {
		return nil
	}
	content, head, err := r.FormFile("files[0]")
	if err != nil {
		return m
	}
	defer content.Close()
	raw, err := io.ReadAll(content)
	if err != nil {
		return m
	}
	m["file"] = []any{head.Filename, string(raw)}
	return m
}

// File is the file beside a message.
func File(message map[string]any) (name, content string) {
	if f, is := message["file"].([]any); is {
		name, _ = f[0].(string)
		content, _ = f[1].(string)
	}
	return name, content
}
