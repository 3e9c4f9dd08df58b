package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// What the bot is given; nothing outside this program knows these.
const (
	botToken      = "xoxb-example-load"
	signingSecret = "example-signing-secret"
)

// slack is as little of Slack as a load needs: it says yes, and hands what it is told to
// the person who would see it. What Slack would refuse is the business of other tests.
type slack struct {
	http *httptest.Server

	mu       sync.Mutex
	people   map[string]*person // by user
	triggers map[string]*person
	replies  map[string]*person // by response URL
	views    map[string]*person
	cards    map[string]int       // first posts about a breach, by team and reference
	told     map[string]time.Time // when each lead got the first post

	number atomic.Int64
	calls  atomic.Int64
}

func newSlack() *slack {
	s := &slack{people: map[string]*person{}, triggers: map[string]*person{}, replies: map[string]*person{}, views: map[string]*person{},
		cards: map[string]int{}, told: map[string]time.Time{}}
	mux := http.NewServeMux()
	mux.HandleFunc("/api/", s.api)
	mux.HandleFunc("/response/", s.response)
	s.http = httptest.NewServer(mux)
	return s
}

func (s *slack) next(prefix string) string { return fmt.Sprintf("%s%07d", prefix, s.number.Add(1)) }

// api answers a method.
func (s *slack) api(w http.ResponseWriter, r *http.Request) {
	s.calls.Add(1)
	args := arguments(r)
	text := func(key string) string { v, _ := args[key].(string); return v }
	answer := map[string]any{"ok": true}
	switch method := strings.TrimPrefix(r.URL.Path, "/api/"); method {
	case "auth.test":
		answer = map[string]any{"ok": true, "team_id": teamName(0), "user_id": "U0BOT", "bot_id": "B0BOT", "user": "shareright"}
	case "conversations.open":
		answer["channel"] = map[string]any{"id": "D" + strings.TrimPrefix(text("users"), "U")}
	case "conversations.info":
		answer["channel"] = map[string]any{"id": text("channel"), "is_ext_shared": false}
	case "conversations.history":
		answer["messages"] = []any{}
	case "views.open", "views.update":
		id := text("view_id")
		if id == "" {
			id = s.next("V")
		}
		drawn, _ := args["view"].(map[string]any)
		s.show(text("trigger_id"), id, drawn)
		answer["view"] = map[string]any{"id": id, "hash": s.next("h"), "type": "modal"}
	case "chat.postMessage", "chat.update":
		ts := text("ts")
		if ts == "" {
			ts = s.next("1700000000.")
		}
		s.posted(method, text("channel"), text("thread_ts"), args)
		answer["channel"], answer["ts"] = text("channel"), ts
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(answer) // the bot's end is not ours to mend
}

// arguments reads JSON or a form whose structured values are JSON.
func arguments(r *http.Request) map[string]any {
	args := map[string]any{}
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		_ = json.NewDecoder(r.Body).Decode(&args)
		return args
	}
	raw, _ := io.ReadAll(r.Body)
	form, _ := url.ParseQuery(string(raw))
	for key, values := range form {
		args[key] = values[0]
		var structured any
		if strings.HasPrefix(values[0], "[") || strings.HasPrefix(values[0], "{") {
			if json.Unmarshal([]byte(values[0]), &structured) == nil {
				args[key] = structured
			}
		}
	}
	return args
}

// show puts a view on the screen of whoever it is for.
func (s *slack) show(trigger, id string, drawn map[string]any) {
	s.mu.Lock()
	p := s.views[id]
	if p == nil {
		p = s.triggers[trigger]
		s.views[id] = p
	}
	delete(s.triggers, trigger)
	s.mu.Unlock()
	if p != nil {
		drawn["id"], drawn["hash"] = id, s.next("h")
		p.sees(screen{view: drawn})
	}
}

// response takes a reply at a response URL.
func (s *slack) response(w http.ResponseWriter, r *http.Request) {
	args := arguments(r)
	s.mu.Lock()
	p := s.replies[strings.TrimPrefix(r.URL.Path, "/response/")]
	s.mu.Unlock()
	if p != nil {
		p.sees(screen{message: args})
	}
	_, _ = w.Write([]byte("ok"))
}

var (
	breachRef  = regexp.MustCompile(`BR-[A-Z0-9]{4}`)
	breachCard = regexp.MustCompile(`Breach (BR-[A-Z0-9]{4})`)
)

// posted takes a message. Leads are counted, people see theirs.
func (s *slack) posted(method, channel, thread string, args map[string]any) {
	user := "U" + strings.TrimPrefix(channel, "D")
	text, _ := args["text"].(string)
	s.mu.Lock()
	p := s.people[user]
	if team, lead := strings.CutPrefix(user, "U0LEAD"); lead {
		if _, before := s.told[user]; !before {
			s.told[user] = time.Now()
		}
		found := breachCard.FindStringSubmatch(text)
		if method == "chat.postMessage" && thread == "" && found != nil && !strings.Contains(text, repeatMark) {
			s.cards[team+" "+found[1]]++
		}
	}
	s.mu.Unlock()
	if p != nil && method == "chat.postMessage" {
		p.posted(args, text)
	}
}

// heard counts the leads who were told something.
func (s *slack) heard() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.told)
}

// forget takes away what leads were told so far.
func (s *slack) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.told = map[string]time.Time{}
}
