package discord

import (
	"context"
	"encoding/hex"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"shareright/bot"
	"shareright/bot/discord/discordtest"
)

func contextOf(t *testing.T) (context.Context, context.CancelFunc) {
	t.Helper()
	return context.WithCancel(t.Context())
}

// overHTTP is a platform without a gateway, and its endpoint.
func overHTTP(t *testing.T, e *engine, change func(*Platform)) (*discordtest.Server, http.Handler, *strings.Builder) {
	t.Helper()
	s := discordtest.New(t)
	var log strings.Builder
	c := settings(s)
	c.Transport, c.Log = HTTP, slog.New(slog.NewTextHandler(&log, nil))
	p := run(t, e, c, change)
	until(t, "started", func() bool { return p.handler.Load() != nil })
	s.Wait("commands", 2)
	return s, p.Routes()[endpoint], &log
}

func TestTheEndpointAnswersAPingAndInteractions(t *testing.T) {
	e := &engine{reply: replies("Yes, share it.")}
	s, to, _ := overHTTP(t, e, nil)
	if status, a := s.Signed(to, map[string]any{"id": "1", "type": 1, "token": "ping"}, nil); status != 200 || a.Type != pong {
		t.Errorf("a ping: %d %+v", status, a)
	}
	status, a := s.Signed(to, s.CommandPayload("1", discordtest.Channel, "canishare", "text", "her address"), nil)
	if status != 200 || a.Type != says || a.Text() != "**Yes, share it.**" || a.Data["flags"] != 68.0 {
		t.Errorf("a command: %d %+v", status, a)
	}
	e.set(shows(page("what", 1)))
	if status, a := s.Signed(to, s.CommandPayload("1", discordtest.Channel, "breach"), nil); status != 200 || a.Type != opens {
		t.Errorf("a form: %d %+v", status, a)
	}
	if n := len(s.Calls("gateway")); n != 0 {
		t.Errorf("it connected to the gateway %d times", n)
	}
}

func TestWhatDiscordDidNotSignIsRefusedInOneWay(t *testing.T) {
	e := &engine{}
	s, to, log := overHTTP(t, e, nil)
	stamp := func(at time.Time) string { return strconv.FormatInt(at.Unix(), 10) }
	for what, spoil := range map[string]func(r *http.Request, body []byte){
		"another key": func(r *http.Request, body []byte) {
			r.Header.Set("X-Signature-Ed25519", hex.EncodeToString(discordtest.New(t).Sign(r.Header.Get("X-Signature-Timestamp"), body)))
		},
		"bad letters":    func(r *http.Request, _ []byte) { r.Header.Set("X-Signature-Ed25519", "zz") },
		"too short":      func(r *http.Request, _ []byte) { r.Header.Set("X-Signature-Ed25519", "abcd") },
		"no signature":   func(r *http.Request, _ []byte) { r.Header.Del("X-Signature-Ed25519") },
		"two signatures": func(r *http.Request, _ []byte) { r.Header.Add("X-Signature-Ed25519", "00") },
		"no time":        func(r *http.Request, _ []byte) { r.Header.Del("X-Signature-Timestamp") },
		"another time": func(r *http.Request, _ []byte) {
			r.Header.Set("X-Signature-Timestamp", stamp(time.Now().Add(time.Second)))
		},
		"no number": func(r *http.Request, _ []byte) { r.Header.Set("X-Signature-Timestamp", "now") },
		"six minutes old": func(r *http.Request, body []byte) {
			old := stamp(time.Now().Add(-6 * time.Minute))
			r.Header.Set("X-Signature-Timestamp", old)
			r.Header.Set("X-Signature-Ed25519", hex.EncodeToString(s.Sign(old, body)))
		},
	} {
		if status, _ := s.Signed(to, s.CommandPayload("1", discordtest.Channel, "breach"), spoil); status != http.StatusUnauthorized {
			t.Errorf("%s: status %d", what, status)
		}
	}
	if e.count() != 0 {
		t.Errorf("%d events reached the engine", e.count())
	}
	if strings.Contains(log.String(), "breach") {
		t.Error("what was refused stands in the log")
	}
}

func TestTheEndpointSaysWhenItCannot(t *testing.T) {
	s, to, _ := overHTTP(t, &engine{}, nil)
	for what, p := range map[string]map[string]any{"nobody": {"id": "1", "type": 2, "token": "x"}, "no kind": {"id": "1"}} {
		if status, _ := s.Signed(to, p, nil); status != http.StatusBadRequest {
			t.Errorf("%s: status %d", what, status)
		}
	}
}

func TestASlowAnswerOverHTTPFollows(t *testing.T) {
	commit := make(chan struct{})
	e := &engine{reply: func(bot.Event) (bot.Response, error) { <-commit; return bot.Response{Reply: bot.Say("Kept.")}, nil }}
	s, to, _ := overHTTP(t, e, hasty)
	p := s.CommandPayload("1", discordtest.Channel, "breach")
	if _, a := s.Signed(to, p, nil); a.Type != thinks || a.Data["flags"] != 64.0 {
		t.Errorf("meanwhile %+v", a)
	}
	s.Fault("edit-answer", discordtest.Fault{Status: 404, Code: 10015}) // as if Discord had not read the answer yet
	s.Fault("edit-answer", discordtest.Fault{Status: 200})
	close(commit)
	if c := s.Wait("edit-answer", 2); c.Body["content"] != "**Kept.**" {
		t.Errorf("then %+v", c)
	}
}

func TestWrongSettingsAreAllToldAtOnce(t *testing.T) {
	_, err := New(Config{Transport: "pigeon", PublicKey: "short", APIURL: "nowhere"})
	for _, want := range []string{"DISCORD_TOKEN", "pigeon", "DISCORD_PUBLIC_KEY", "DISCORD_API_URL"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not speak of %s", err, want)
		}
	}
	if _, err := New(Config{Token: "secret-token", Transport: HTTP}); err == nil || strings.Contains(err.Error(), "secret-token") {
		t.Errorf("told %v", err)
	}
}
