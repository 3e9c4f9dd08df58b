package parts

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
)

// What can be wrong with a server. Each lasts from a time to a time.
const (
	limits  = "asks for patience"        // 429 with Retry-After; 421 for mail
	broken  = "is out of order"          // 5xx; mail: nobody listens
	hangs   = "does not answer"          // until whoever asked gives up
	cuts    = "breaks off"               // before it has done anything
	mumbles = "does it, then breaks off" // the message arrives, and nobody is told
	flaky   = "does any of these"        // or works, from one call to the next
	revoked = "has thrown the bot out"
)

// outage is a fault of a server. The zero outage never is.
type outage struct {
	what     string
	from, to time.Time
	patience time.Duration // what it asks for, when it asks
}

func (o outage) now() string {
	if at := time.Now(); at.Before(o.from) || !at.Before(o.to) {
		return ""
	}
	return o.what
}

// letter is a message that has arrived somewhere.
type letter struct {
	at    time.Time
	place string
	text  string
}

// box is where everything that arrives in a run is kept.
type box struct {
	mu  sync.Mutex
	all []letter
	odd []string // what the bot did that no server here knows
	ref string
	one chan struct{} // closed once somebody has heard of ref
}

func (b *box) put(place, text string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.all = append(b.all, letter{time.Now(), place, text})
	b.look()
}

// waitFor says which reference the run is about.
func (b *box) waitFor(ref string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ref = ref
	b.look()
}

func (b *box) look() {
	if _, heard := b.first(); heard {
		select {
		case <-b.one:
		default:
			close(b.one)
		}
	}
}

// first is the first that somebody in charge got about the report. The lock is held.
func (b *box) first() (letter, bool) {
	for _, l := range b.all {
		if b.ref != "" && strings.Contains(l.text, b.ref) && !strings.HasSuffix(l.place, " "+reporter) {
			return l, true
		}
	}
	return letter{}, false
}

func (b *box) complain(what string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.odd = append(b.odd, what)
}

// service is Slack or Discord without a network: what an http.Client sends comes here.
type service struct {
	name   string
	box    *box
	outage outage
	slow   time.Duration   // each answer takes this long
	gone   map[string]bool // channels and people that are not there any more
	how    string          // the word for a channel that is gone
	chance *rand.Rand

	mu    sync.Mutex
	count int
	kept  []map[string]any  // Slack's messages
	once  map[string]string // Discord's messages by their nonce
}

// RoundTrip answers one call, or not.
func (s *service) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	select {
	case <-time.After(s.slow):
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
	s.mu.Lock()
	wrong := s.outage.now()
	if wrong == flaky {
		wrong = []string{"", "", broken, limits, hangs, cuts, mumbles}[s.chance.IntN(7)]
	}
	s.mu.Unlock()
	switch wrong {
	case limits:
		after := strconv.Itoa(int(s.outage.patience.Seconds()))
		return s.reply(r, http.StatusTooManyRequests, http.Header{"Retry-After": {after}},
			map[string]any{"ok": false, "error": "ratelimited", "message": "wait", "retry_after": s.outage.patience.Seconds()})
	case broken:
		return s.reply(r, http.StatusServiceUnavailable, nil, map[string]any{})
	case hangs:
		<-r.Context().Done()
		return nil, r.Context().Err()
	case cuts:
		return nil, io.ErrUnexpectedEOF
	case revoked:
		if s.name == "slack" {
			return s.reply(r, http.StatusOK, nil, no("token_revoked"))
		}
		return s.reply(r, http.StatusUnauthorized, nil, map[string]any{"message": "401: Unauthorized", "code": 0})
	}
	status, answer := s.answer(r, body)
	if wrong == mumbles {
		return nil, io.ErrUnexpectedEOF
	}
	return s.reply(r, status, nil, answer)
}

func (s *service) reply(r *http.Request, status int, h http.Header, answer map[string]any) (*http.Response, error) {
	raw, err := json.Marshal(answer)
	if h == nil {
		h = http.Header{}
	}
	h.Set("Content-Type", "application/json")
	h.Set("Date", time.Now().UTC().Format(http.TimeFormat))
	return &http.Response{StatusCode: status, Status: http.StatusText(status), Header: h, Body: io.NopCloser(strings.NewReader(string(raw))), Request: r, ProtoMajor: 1, ProtoMinor: 1}, err
}

func no(word string) map[string]any { return map[string]any{"ok": false, "error": word} }

func (s *service) answer(r *http.Request, body []byte) (int, map[string]any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.count++
	if s.name == "discord" {
		return s.discord(r, body)
	}
	args, _ := url.ParseQuery(string(body))
	return http.StatusOK, s.slack(r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:], args)
}

// slack does what a method of Slack does. The lock is held.
func (s *service) slack(method string, args url.Values) map[string]any {
	channel := args.Get("channel")
	switch method {
	case "conversations.info":
		return map[string]any{"ok": true, "channel": map[string]any{"id": channel, "is_private": true, "is_member": true}}
	case "conversations.open":
		if s.gone[args.Get("users")] {
			return no("user_disabled")
		}
		return map[string]any{"ok": true, "channel": map[string]any{"id": "D" + args.Get("users")}}
	case "conversations.history":
		found := []any{}
		for _, m := range s.kept {
			if m["channel"] == channel {
				found = append(found, m)
			}
		}
		return map[string]any{"ok": true, "messages": found}
	case "chat.postMessage", "chat.update":
		if s.gone[channel] {
			return no(s.how)
		}
		ts := fmt.Sprintf("%d.%06d", time.Now().Unix(), s.count)
		m := map[string]any{"channel": channel, "ts": ts, "text": args.Get("text")}
		if raw := args.Get("metadata"); raw != "" {
			m["metadata"] = json.RawMessage(raw)
		}
		s.kept = append(s.kept, m)
		s.box.put("slack "+strings.TrimPrefix(channel, "D"), args.Get("text")+args.Get("blocks"))
		return map[string]any{"ok": true, "channel": channel, "ts": ts}
	case "chat.scheduledMessages.list":
		return map[string]any{"ok": true, "scheduled_messages": []any{}}
	case "chat.scheduleMessage":
		return map[string]any{"ok": true, "channel": channel, "scheduled_message_id": fmt.Sprint("Q", s.count), "post_at": 0}
	case "chat.deleteScheduledMessage":
		return map[string]any{"ok": true}
	}
	s.box.complain("slack: " + method)
	return no("unknown_method")
}

// discord does what a call to Discord does. The lock is held.
func (s *service) discord(r *http.Request, body []byte) (int, map[string]any) {
	var in struct {
		Recipient string `json:"recipient_id"`
		Nonce     string `json:"nonce"`
	}
	_ = json.Unmarshal(body, &in)
	_, path, _ := strings.Cut(r.URL.Path, "/v10")
	parts := strings.Split(path, "/")
	switch {
	case path == "/users/@me/channels":
		if s.gone[in.Recipient] {
			return http.StatusForbidden, map[string]any{"message": "no", "code": 50278}
		}
		return http.StatusOK, map[string]any{"id": "1" + in.Recipient}
	case len(parts) == 4 && parts[1] == "channels" && parts[3] == "messages" && r.Method == http.MethodPost:
		if s.gone[parts[2]] {
			return http.StatusNotFound, map[string]any{"message": "no", "code": 10003}
		}
		if id := s.once[in.Nonce]; id != "" && in.Nonce != "" {
			return http.StatusOK, map[string]any{"id": id}
		}
		id := fmt.Sprint(9000 + s.count)
		s.once[in.Nonce] = id
		s.box.put("discord "+strings.TrimPrefix(parts[2], "1"), string(body))
		return http.StatusOK, map[string]any{"id": id}
	case r.Method == http.MethodPatch:
		return http.StatusOK, map[string]any{"id": parts[len(parts)-1]}
	case len(parts) == 3 && parts[1] == "channels" && r.Method == http.MethodGet: // who reads it is not told here
		return http.StatusForbidden, map[string]any{"message": "no", "code": 50001}
	}
	s.box.complain("discord: " + r.Method + " " + path)
	return http.StatusNotFound, map[string]any{"message": "no", "code": 0}
}

// office is a mail server without a network.
type office struct {
	box    *box
	outage outage
	slow   time.Duration
	gone   map[string]bool      // nobody has this address
	grey   map[string]time.Time // put off until
	chance *rand.Rand
	mu     sync.Mutex
}

// dial opens a connection to it.
func (o *office) dial(context.Context, string, string) (net.Conn, error) {
	o.mu.Lock()
	wrong := o.outage.now()
	if wrong == flaky {
		wrong = []string{"", "", broken, limits, hangs, cuts, mumbles}[o.chance.IntN(7)]
	}
	o.mu.Unlock()
	if wrong == broken {
		return nil, errors.New("connection refused")
	}
	ours, theirs := net.Pipe()
	go o.serve(ours, wrong)
	return theirs, nil
}

func (o *office) serve(c net.Conn, wrong string) {
	defer c.Close()
	in := bufio.NewReader(c)
	say := func(line string) { time.Sleep(o.slow); _, _ = io.WriteString(c, line+"\r\n") }
	switch wrong {
	case hangs:
		_, _ = in.ReadByte()
		return
	case limits:
		say("421 4.3.2 too much to do")
		return
	}
	say("220 mail.example.org")
	to, data, text := "", false, ""
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimRight(line, "\r\n")
		verb, _, _ := strings.Cut(line, " ")
		switch {
		case data && line == ".":
			o.box.put("email "+to, text)
			if wrong == mumbles {
				return
			}
			data = false
			say("250 taken")
		case data:
			text += line + "\n"
		case verb == "RCPT":
			to = strings.Trim(strings.SplitN(line, ":", 2)[1], "<>")
			switch {
			case o.gone[to]:
				say("550 5.1.1 nobody of that name")
			case time.Now().Before(o.grey[to]):
				say("451 4.7.1 come back later")
			default:
				say("250 ok")
			}
		case verb == "DATA" && wrong == cuts:
			return
		case verb == "DATA":
			data = true
			say("354 go on")
		case verb == "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}
