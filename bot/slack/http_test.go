package slack

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"shareright/bot"
	"shareright/bot/slack/slacktest"
)

const secret = "example-signing-secret"

// overHTTP starts a platform that Slack reaches by HTTP, and returns its log.
func overHTTP(t *testing.T, e *engine) (*http.ServeMux, *bytes.Buffer) {
	t.Helper()
	s := slacktest.New(t)
	log := &bytes.Buffer{}
	p, err := New(Config{BotToken: slacktest.BotToken, SigningSecret: secret, APIURL: s.URL(), Transport: HTTP, Log: slog.New(slog.NewTextHandler(log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	for path, h := range p.Routes() {
		mux.Handle(path, h)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); _ = p.Run(ctx, e) }()
	t.Cleanup(func() { cancel(); <-done })
	s.Wait("auth.test", 1) // started
	return mux, log
}

func sign(body, timestamp, with string) string {
	m := hmac.New(sha256.New, []byte(with))
	fmt.Fprintf(m, "v0:%s:%s", timestamp, body)
	return "v0=" + hex.EncodeToString(m.Sum(nil))
}

func signedRequest(path, body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	now := fmt.Sprint(time.Now().Unix())
	r.Header.Set("X-Slack-Request-Timestamp", now)
	r.Header.Set("X-Slack-Signature", sign(body, now, secret))
	return r
}

var command = url.Values{"command": {"/canishare"}, "text": {"her diet"}, "user_id": {"U0JO"}, "user_name": {"jo"}, "team_id": {"T0EXAMPLE"},
	"channel_id": {"C0GENERAL"}, "trigger_id": {"1.2"}, "response_url": {"https://example.org/r"}}.Encode()

func TestOverHTTPTheReplyIsInTheAnswer(t *testing.T) {
	e := &engine{reply: says("Yes")}
	mux, _ := overHTTP(t, e)
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, signedRequest("/slack/commands", command))
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `"response_type":"ephemeral"`) || w.Header().Get("Content-Type") != "application/json; charset=utf-8" {
		t.Errorf("answered %d %s", w.Code, w.Body)
	}
	if got := e.last(t).What.(bot.Ran); got.Command != "canishare" || got.Text != "her diet" {
		t.Errorf("the engine got %+v", got)
	}

	w = httptest.NewRecorder()
	mux.ServeHTTP(w, signedRequest("/slack/events", `{"type":"url_verification","challenge":"abc"}`))
	if w.Body.String() != `{"challenge":"abc"}` {
		t.Errorf("the address check got %s", w.Body)
	}

	w = httptest.NewRecorder()
	press := `{"type":"view_closed","team":{"id":"T0EXAMPLE"},"user":{"id":"U0JO"},"view":{"id":"V1","private_metadata":"{\"session\":\"S1\"}"}}`
	mux.ServeHTTP(w, signedRequest("/slack/interactivity", url.Values{"payload": {press}}.Encode()))
	if w.Code != http.StatusOK || w.Body.Len() != 0 {
		t.Errorf("answered %d %q", w.Code, w.Body)
	}
	if got := e.last(t).What.(bot.Left); got.Session != "S1" {
		t.Errorf("the engine got %+v", got)
	}
}

func TestAnEventThatIsNotCarriedOutIsNotAcceptedOverHTTP(t *testing.T) {
	e := &engine{reply: func(bot.Event) (bot.Response, error) { return bot.Response{}, io.ErrUnexpectedEOF }}
	mux, _ := overHTTP(t, e)
	w := httptest.NewRecorder()
	r := signedRequest("/slack/events", `{"type":"event_callback","team_id":"T0EXAMPLE","event_id":"Ev1","event":{"type":"message","channel_type":"im","user":"U0JO","text":"hi","channel":"D1","ts":"1.1"}}`)
	r.Header.Set("X-Slack-Retry-Num", "1")
	mux.ServeHTTP(w, r)
	if w.Code != http.StatusServiceUnavailable {
		t.Errorf("answered %d", w.Code)
	}
}

// What Slack sends while the program starts is not refused: it waits for a moment.
func TestWhatComesWhileTheProgramStartsWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, err := New(Config{BotToken: slacktest.BotToken, SigningSecret: secret, Transport: HTTP, Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		send := func() *httptest.ResponseRecorder {
			w := httptest.NewRecorder()
			press := `{"type":"view_closed","team":{"id":"T0EXAMPLE"},"user":{"id":"U0JO","team_id":"T0EXAMPLE"},"view":{"id":"V1","private_metadata":"{}"}}`
			p.Routes()["/slack/interactivity"].ServeHTTP(w, signedRequest("/slack/interactivity", url.Values{"payload": {press}}.Encode()))
			return w
		}
		if w := send(); w.Code != http.StatusServiceUnavailable {
			t.Errorf("a program that does not start answered %d", w.Code)
		}
		answered := make(chan int, 1)
		go func() { answered <- send().Code }()
		synctest.Wait()
		var h bot.Handler = &engine{}
		p.attach(&h)
		if code := <-answered; code != http.StatusOK {
			t.Errorf("a program that has started answered %d", code)
		}
	})
}

// forgeries are ways to change a good request, by name.
func forgeries() map[string]func(r *http.Request) {
	now := func(shift time.Duration) string { return fmt.Sprint(time.Now().Add(shift).Unix()) }
	signature := func(r *http.Request, ts, value string) {
		r.Header.Set("X-Slack-Request-Timestamp", ts)
		r.Header.Set("X-Slack-Signature", value)
	}
	flip := func(s string, at int) string {
		c := byte('0')
		if s[at] == c {
			c = '1'
		}
		return s[:at] + string(c) + s[at+1:]
	}
	body := func(r *http.Request, b string) { r.Body = io.NopCloser(strings.NewReader(b)) }
	good := func(r *http.Request) string { return r.Header.Get("X-Slack-Signature") }
	zip := func(s string) string {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		_, _ = z.Write([]byte(s))
		_ = z.Close()
		return b.String()
	}
	form, _ := url.ParseQuery(command)
	return map[string]func(r *http.Request){
		"no headers":                        func(r *http.Request) { r.Header = http.Header{} },
		"no signature":                      func(r *http.Request) { r.Header.Del("X-Slack-Signature") },
		"no timestamp":                      func(r *http.Request) { r.Header.Del("X-Slack-Request-Timestamp") },
		"an empty signature":                func(r *http.Request) { r.Header.Set("X-Slack-Signature", "") },
		"only the prefix":                   func(r *http.Request) { r.Header.Set("X-Slack-Signature", "v0=") },
		"no prefix":                         func(r *http.Request) { r.Header.Set("X-Slack-Signature", good(r)[3:]) },
		"another version":                   func(r *http.Request) { r.Header.Set("X-Slack-Signature", "v1="+good(r)[3:]) },
		"two prefixes":                      func(r *http.Request) { r.Header.Set("X-Slack-Signature", "v0="+good(r)) },
		"the prefix in capitals":            func(r *http.Request) { r.Header.Set("X-Slack-Signature", "V0="+good(r)[3:]) },
		"the first digit changed":           func(r *http.Request) { r.Header.Set("X-Slack-Signature", flip(good(r), 3)) },
		"the last digit changed":            func(r *http.Request) { r.Header.Set("X-Slack-Signature", flip(good(r), 66)) },
		"a digit short":                     func(r *http.Request) { r.Header.Set("X-Slack-Signature", good(r)[:66]) },
		"a digit more":                      func(r *http.Request) { r.Header.Set("X-Slack-Signature", good(r)+"0") },
		"two bytes of it":                   func(r *http.Request) { r.Header.Set("X-Slack-Signature", good(r)[:7]) },
		"not hexadecimal":                   func(r *http.Request) { r.Header.Set("X-Slack-Signature", "v0="+strings.Repeat("zz", 32)) },
		"all zero":                          func(r *http.Request) { r.Header.Set("X-Slack-Signature", "v0="+strings.Repeat("00", 32)) },
		"a second, bad signature":           func(r *http.Request) { r.Header.Add("X-Slack-Signature", "v0=00") },
		"a second, good signature":          func(r *http.Request) { r.Header.Add("X-Slack-Signature", good(r)) },
		"a second timestamp":                func(r *http.Request) { r.Header.Add("X-Slack-Request-Timestamp", now(0)) },
		"another secret":                    func(r *http.Request) { signature(r, now(0), sign(command, now(0), "guess")) },
		"an empty secret":                   func(r *http.Request) { signature(r, now(0), sign(command, now(0), "")) },
		"five minutes old":                  func(r *http.Request) { ts := now(-301 * time.Second); signature(r, ts, sign(command, ts, secret)) },
		"a day old":                         func(r *http.Request) { ts := now(-24 * time.Hour); signature(r, ts, sign(command, ts, secret)) },
		"from the future":                   func(r *http.Request) { ts := now(301 * time.Second); signature(r, ts, sign(command, ts, secret)) },
		"the timestamp changed":             func(r *http.Request) { r.Header.Set("X-Slack-Request-Timestamp", now(-time.Second)) },
		"the timestamp is a word":           func(r *http.Request) { signature(r, "now", sign(command, "now", secret)) },
		"the timestamp is negative":         func(r *http.Request) { signature(r, "-1", sign(command, "-1", secret)) },
		"the timestamp is huge":             func(r *http.Request) { ts := strings.Repeat("9", 30); signature(r, ts, sign(command, ts, secret)) },
		"the body changed":                  func(r *http.Request) { body(r, flip(command, 10)) },
		"the body longer":                   func(r *http.Request) { body(r, command+"&user_id=U0BOSS") },
		"the body shorter":                  func(r *http.Request) { body(r, command[:len(command)-1]) },
		"no body":                           func(r *http.Request) { body(r, "") },
		"the form written in another order": func(r *http.Request) { body(r, "user_id=U0JO&"+strings.ReplaceAll(form.Encode(), "user_id=U0JO&", "")) },
		"spaces written another way":        func(r *http.Request) { body(r, strings.ReplaceAll(command, "+", "%20")) },
		"the body compressed":               func(r *http.Request) { body(r, zip(command)); r.Header.Set("Content-Encoding", "gzip") },
	}
}

// TestOnlySlackCanCallUs changes a good request in every way it could be forged, and
// holds that none gets in and none learns or leaves anything it could use.
func TestOnlySlackCanCallUs(t *testing.T) {
	e := &engine{}
	mux, log := overHTTP(t, e)
	forged := forgeries()
	if len(forged) < 30 {
		t.Fatalf("only %d ways to forge", len(forged))
	}
	digest := regexp.MustCompile(`[0-9a-f]{64}`)
	for how, forge := range forged {
		r := signedRequest("/slack/commands", command)
		forge(r)
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		if w.Code != http.StatusUnauthorized || w.Body.String() != "not from Slack\n" {
			t.Errorf("%s: answered %d %q", how, w.Code, w.Body)
		}
		if digest.MatchString(w.Body.String()) || digest.MatchString(fmt.Sprint(w.Header())) {
			t.Errorf("%s: the answer holds a digest", how)
		}
	}
	if e.count() != 0 {
		t.Errorf("%d forged requests reached the engine", e.count())
	}
	if digest.MatchString(log.String()) || strings.Contains(log.String(), "diet") {
		t.Errorf("the log holds a digest or what a person wrote:\n%s", log)
	}
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, signedRequest("/slack/commands", command))
	if w.Code != http.StatusOK || e.count() != 1 {
		t.Errorf("a good request was answered %d", w.Code)
	}
}

func TestOverHTTPWhatIsNotARequestOfSlackIsRefused(t *testing.T) {
	mux, _ := overHTTP(t, &engine{})
	for _, c := range []struct {
		name    string
		request *http.Request
		status  int
	}{
		{"reading", httptest.NewRequest(http.MethodGet, "/slack/events", nil), http.StatusMethodNotAllowed},
		{"more than Slack sends", signedRequest("/slack/events", strings.Repeat("x", maxRequest+1)), http.StatusRequestEntityTooLarge},
		{"signed nonsense", signedRequest("/slack/events", "{nonsense"), http.StatusBadRequest},
		{"a signed form of nonsense", signedRequest("/slack/interactivity", "payload=%zz"), http.StatusBadRequest},
	} {
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, c.request)
		if w.Code != c.status {
			t.Errorf("%s: answered %d, want %d", c.name, w.Code, c.status)
		}
	}
}
