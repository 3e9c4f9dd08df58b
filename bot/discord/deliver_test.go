package discord

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"shareright/bot"
)

type call struct {
	path string
	body map[string]any
}

// fake answers each call with the next of its answers, "status body", and remembers the calls.
func fake(t *testing.T, answers ...string) (*Sender, *[]call) {
	t.Helper()
	var calls []call
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := call{path: r.Method + " " + r.URL.Path}
		_ = json.NewDecoder(r.Body).Decode(&c.body)
		calls = append(calls, c)
		status, text := 200, `{"id":"9"}`
		if n := len(calls) - 1; n < len(answers) {
			_, _ = fmt.Sscanf(answers[n], "%d", &status)
			_, text, _ = strings.Cut(answers[n], " ")
		}
		w.WriteHeader(status)
		_, _ = w.Write([]byte(text))
	}))
	t.Cleanup(server.Close)
	s, err := NewSender("t", server.URL)
	if err != nil {
		t.Fatal(err)
	}
	return s, &calls
}

func TestAPostCallsNobodyAndIsRefusedTwice(t *testing.T) {
	s, calls := fake(t)
	id, err := s.Deliver(t.Context(), bot.Delivery{To: bot.Address{Channel: "5"}, Message: *bot.Say("Hi @everyone *x*"), Once: "k", Under: "5:3"})
	if err != nil || id != "5:9" {
		t.Fatalf("delivered as %q, %v", id, err)
	}
	got, _ := json.Marshal((*calls)[0].body)
	for _, want := range []string{`"allowed_mentions":{"parse":[]}`, `"flags":4`, `"enforce_nonce":true`, `"message_id":"3"`, `\\*x\\*`} {
		if !strings.Contains(string(got), want) {
			t.Errorf("no %s in %s", want, got)
		}
	}
}

func TestAPrivateMessageNeverGoesToTheChannel(t *testing.T) {
	s, calls := fake(t, `200 {"id":"77"}`)
	id, err := s.Deliver(t.Context(), bot.Delivery{To: bot.Address{Channel: "5", User: "6"}, Message: *bot.Say("x")})
	if err != nil || id != "77:9" || !strings.HasSuffix((*calls)[1].path, "/channels/77/messages") {
		t.Errorf("%q, %v, %v", id, err, *calls)
	}
}

func TestADeletedMessageIsPostedAgain(t *testing.T) {
	s, calls := fake(t, `404 {"code":10008}`)
	id, err := s.Deliver(t.Context(), bot.Delivery{To: bot.Address{Channel: "5"}, Message: *bot.Say("x"), Edit: "5:3"})
	if err != nil || id != "5:9" || len(*calls) != 2 {
		t.Errorf("%q, %v, %v", id, err, *calls)
	}
}

func TestFailuresSayWhetherToTryAgain(t *testing.T) {
	for answer, permanent := range map[string]bool{
		`404 {"code":10003}`: true, `403 {"code":50001}`: true, `403 {"code":50007}`: true, `403 {"code":50013}`: true,
		`401 {"code":0}`: true, `500 {}`: false, `400 {"code":50035}`: false,
	} {
		s, _ := fake(t, answer)
		_, err := s.Deliver(t.Context(), bot.Delivery{To: bot.Address{Channel: "5"}, Message: *bot.Say("x")})
		var gone *bot.Unreachable
		if err == nil || errors.As(err, &gone) != permanent || permanent && strings.Contains(gone.Fix, "discord.") {
			t.Errorf("%s: %v", answer, err)
		}
	}
	s, _ := fake(t, `429 {"retry_after":1.5}`)
	_, err := s.Deliver(t.Context(), bot.Delivery{To: bot.Address{Channel: "5"}, Message: *bot.Say("x")})
	var busy *bot.Busy
	if !errors.As(err, &busy) || busy.After != 1500*time.Millisecond {
		t.Errorf("told %v", err)
	}
}

func TestALongMessageSaysThatThereIsMore(t *testing.T) {
	got := content(*bot.Say("t", strings.Repeat("é", 1500), strings.Repeat("_", 1500)))
	if len([]rune(got)) > maxContent || !strings.HasSuffix(got, say("discord.more")) {
		t.Errorf("%d characters: %s", len([]rune(got)), got)
	}
}
