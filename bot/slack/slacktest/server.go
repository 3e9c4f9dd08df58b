// Package slacktest is a small Slack for tests: it remembers what it was told, shows what
// a person would see, and refuses what Slack would refuse (a trigger used twice or too
// late, an acknowledgement that is too large, a view or message beyond the limits).
//
// It speaks Socket Mode and the few methods that the bot calls. What the vendor's own
// contracts say about each field is checked elsewhere, by a tool that reads them.
package slacktest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// The one team, its bot, and tokens that work.
const (
	Team     = "T0EXAMPLE"
	Bot      = "U0SHAREBOT"
	BotToken = "xoxb-example-1"
	AppToken = "xapp-1-example"
)

// patience is how long a test waits for what must happen.
const patience = 10 * time.Second

// Call is one call of the bot, with its arguments as Slack read them.
type Call struct {
	Method string
	Args   map[string]any
	Error  string // what Slack answered, empty for ok
	At     time.Time

	token string
}

// Fault is what happens to the next calls of a method instead of success.
type Fault struct {
	Times      int    // 0 means once
	Error      string // Slack's word, such as "is_archived"
	Status     int    // an HTTP status, such as 500 or 429
	RetryAfter int    // seconds, with 429
	Commit     bool   // the call takes effect all the same
	Drop       bool   // the connection ends with no answer
}

// Server is the fake. Its exported fields may be set before the bot starts.
type Server struct {
	AckLimit    time.Duration             // how long an acknowledgement is waited for; 3 seconds
	TriggerLife time.Duration             // how long a trigger opens a modal; 3 seconds
	Scopes      []string                  // what the bot token may do, as Slack tells it; empty tells nothing
	Places      map[string]map[string]any // what is special about a channel, such as "is_archived"
	Gone        map[string]string         // why nobody can write to a person
	Hasty       bool                      // an acknowledgement is given up as soon as its socket is cut
	Tiers       map[string]int            // how many calls a minute a workspace may make, by method
	Burst       int                       // how many posts a second a channel takes; 0 is any number
	Whim        func(Call) (Fault, bool)  // a fault that a call meets, decided when it comes

	t    testing.TB
	base string // its address
	near http.Handler

	mu       sync.Mutex
	changed  chan struct{} // closed and made anew whenever something happened
	calls    []Call
	faults   map[string][]Fault
	triggers map[string]time.Time
	views    map[string]map[string]any // open views by id
	messages map[string]map[string]any // by channel and timestamp
	sockets  []*conn
	opened   int              // sockets so far
	carried  map[string]*conn // the socket that an event was sent on last
	stood    *Stood           // nil while nobody watches
	none     time.Time        // since when no socket is open
	tickets  map[string]bool
	waiting  map[string]*waiting
	files    bool              // the app was given files:write
	uploads  map[string][]byte // content by file
	number   int
	faulty   []string
	tokens   map[string]string         // team by bot token that works
	codes    map[string]string         // team by code of an install
	shared   map[string]bool           // channels shared with another organisation
	patience map[string]time.Time      // before when a method may not be called, by workspace
	spent    map[string][]time.Time    // when it was called, and channels were posted to
	early    []string                  // what was called before that
	kept     map[string]map[string]any // messages to be posted later
	sights   []Sight                   // what stands on people's screens
	origins  map[string]string         // the message that a response URL came with
	owners   map[string]string         // who a trigger, a view or a response URL belongs to
}

type waiting struct {
	done    chan struct{}
	payload json.RawMessage
	acks    int
	kind    string
}

// New starts a fake that ends with the test. What the bot did wrong fails the test then.
func New(t testing.TB) *Server {
	s := newServer(t)
	web := httptest.NewServer(s.near)
	s.base = web.URL
	t.Cleanup(web.Close)
	t.Cleanup(s.Drop)
	return s
}

func newServer(t testing.TB) *Server {
	s := &Server{AckLimit: 3 * time.Second, TriggerLife: 3 * time.Second, t: t, changed: make(chan struct{}),
		faults: map[string][]Fault{}, triggers: map[string]time.Time{}, views: map[string]map[string]any{},
		messages: map[string]map[string]any{}, tickets: map[string]bool{}, waiting: map[string]*waiting{}, uploads: map[string][]byte{},
		owners: map[string]string{}, origins: map[string]string{},
		tokens: map[string]string{BotToken: Team}, codes: map[string]string{}, shared: map[string]bool{},
		kept: map[string]map[string]any{}, carried: map[string]*conn{}, patience: map[string]time.Time{}, spent: map[string][]time.Time{}}
	mux := http.NewServeMux()
	mux.HandleFunc("/api/", s.serveAPI)
	mux.HandleFunc("/api/upload/", s.serveUpload)
	mux.HandleFunc("/response/", s.serveResponse)
	mux.HandleFunc("/link/", s.serveSocket)
	s.near = mux
	t.Cleanup(func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		for _, what := range s.faulty {
			t.Errorf("slack: %s", what)
		}
	})
	return s
}

// URL is what to give the bot as API address.
func (s *Server) URL() string { return s.base + "/api/" }

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
			s.t.Fatalf("slack waited in vain for %s", what)
		}
	}
}

// Fault makes the next calls of a method fail.
func (s *Server) Fault(method string, f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults[method] = append(s.faults[method], f)
}

// Calls returns all calls of a method so far, in order.
func (s *Server) Calls(method string) []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.of(method)
}

func (s *Server) of(method string) []Call {
	var found []Call
	for _, c := range s.calls {
		if c.Method == method {
			found = append(found, c)
		}
	}
	return found
}

// Wait returns the nth call of a method, counted from 1, once it has been made.
func (s *Server) Wait(method string, n int) Call {
	s.t.Helper()
	s.wait(fmt.Sprintf("call %d of %s", n, method), func() bool { return len(s.of(method)) >= n })
	return s.Calls(method)[n-1]
}

// take returns the fault that a call meets, if any. The lock is held.
func (s *Server) take(method string) (Fault, bool) {
	list := s.faults[method]
	if len(list) == 0 {
		return Fault{}, false
	}
	f := list[0]
	if list[0].Times--; list[0].Times <= 0 {
		s.faults[method] = list[1:]
	}
	return f, true
}

func (s *Server) serveAPI(w http.ResponseWriter, r *http.Request) {
	method := strings.TrimPrefix(r.URL.Path, "/api/")
	if !whole(r) {
		return
	}
	args, token := arguments(r)
	s.mu.Lock()
	defer s.mu.Unlock()
	call := Call{Method: method, Args: args, At: time.Now(), token: token}
	fault, faulty := s.met(call)
	answer := map[string]any{"ok": true}
	if !faulty || fault.Commit {
		answer = s.apply(method, token, args)
	}
	word, _ := answer["error"].(string)
	status := http.StatusOK
	if faulty {
		word, status = fault.Error, max(fault.Status, http.StatusOK)
		if fault.RetryAfter > 0 {
			w.Header().Set("Retry-After", fmt.Sprint(fault.RetryAfter))
			word = "ratelimited"
		}
		answer = map[string]any{"ok": false, "error": word}
	}
	call.Error = word
	s.calls = append(s.calls, call)
	s.happened()
	if faulty && fault.Drop {
		panic(http.ErrAbortHandler)
	}
	w.Header().Set("Content-Type", "application/json")
	if len(s.Scopes) > 0 {
		w.Header().Set("X-OAuth-Scopes", strings.Join(s.Scopes, ","))
	}
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(answer)
}

// whole reads a call to its end. Who dies in the middle of one has not made it.
func whole(r *http.Request) bool {
	body, err := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	return err == nil
}

// arguments reads JSON or a form; a form's structured values are read as JSON.
func arguments(r *http.Request) (args map[string]any, token string) {
	args = map[string]any{}
	token = strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		_ = json.NewDecoder(r.Body).Decode(&args)
		return args, token
	}
	_ = r.ParseForm()
	for key, values := range r.Form {
		args[key] = values[0]
		var structured any
		if strings.HasPrefix(values[0], "[") || strings.HasPrefix(values[0], "{") {
			if json.Unmarshal([]byte(values[0]), &structured) == nil {
				args[key] = structured
			}
		}
	}
	if t, ok := args["token"].(string); ok {
		token = t
		delete(args, "token")
	}
	return args, token
}

// serveUpload takes the content of a file.
func (s *Server) serveUpload(w http.ResponseWriter, r *http.Request) {
	file, _, err := r.FormFile("file")
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	content, err := io.ReadAll(file)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.uploads[strings.TrimPrefix(r.URL.Path, "/api/upload/")] = content
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, `{"ok":true}`)
}

// AllowFiles gives the app the right to send files.
func (s *Server) AllowFiles() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.files = true
}

// Uploaded returns the content of a file that was shared.
func (s *Server) Uploaded(file string) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.uploads[file]
}

func (s *Server) serveResponse(w http.ResponseWriter, r *http.Request) {
	if !whole(r) {
		return
	}
	args, _ := arguments(r)
	s.mu.Lock()
	defer s.mu.Unlock()
	fault, faulty := s.take("response_url")
	if !faulty {
		s.checkMessage("response_url", args)
		if args["response_type"] != "ephemeral" {
			s.complain("a reply at a response URL is not ephemeral")
		}
		id := strings.TrimPrefix(r.URL.Path, "/response/")
		if args["replace_original"] == true && s.origins[id] != "" {
			s.unseen(s.origins[id])
		}
		s.sawMessage(s.owners[id], args, "", s.next("ephemeral"), "", true)
	}
	s.calls = append(s.calls, Call{Method: "response_url", Args: args, Error: fault.Error, At: time.Now()})
	s.happened()
	if faulty {
		w.WriteHeader(max(fault.Status, http.StatusNotFound))
		return
	}
	_, _ = w.Write([]byte("ok"))
}

func (s *Server) next(prefix string) string {
	s.number++
	return fmt.Sprintf("%s%07d", prefix, s.number)
}

func (s *Server) socketURL() string {
	ticket := s.next("ticket")
	s.tickets[ticket] = true
	return "ws" + strings.TrimPrefix(s.base, "http") + "/link/?ticket=" + url.QueryEscape(ticket)
}

// Happens waits until something happens, or the time is over.
func (s *Server) Happens(within time.Duration) {
	s.mu.Lock()
	changed := s.changed
	s.mu.Unlock()
	select {
	case <-changed:
	case <-time.After(within):
	}
}
