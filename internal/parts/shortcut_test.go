package parts

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"shareright/bot/slack"
	"shareright/bot/slack/slacktest"
)

// A message is reported with the shortcut beside it. The record, the posts and the form hold a
// link to it; its text, its writer and the name of its channel are nowhere. Then the lead puts a
// second message into the timeline in the same way.
func TestAMessageIsReportedByItsLinkAndNeverByItsText(t *testing.T) {
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	p := open(t, now, "slack:U0SAM")
	s := slacktest.New(t)
	platform, err := slack.New(slack.Config{BotToken: slacktest.BotToken, AppToken: slacktest.AppToken, APIURL: s.URL(), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	p.Bot.Attach(platform)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- platform.Run(ctx, p.Bot) }()
	defer func() { cancel(); <-done }()
	s.Ready(2)

	point := func(user, shortcut, ts, text string) {
		ack := s.Interact(user, "message_action", map[string]any{"callback_id": shortcut,
			"channel": map[string]any{"id": "C0FAMILY", "name": "family-of-ann-example"}, "message_ts": ts,
			"message": map[string]any{"ts": ts, "user": "U0MAX", "text": text}})
		if !ack.OK {
			t.Fatalf("the shortcut was not acknowledged: %+v", ack)
		}
	}
	point("U0JO", "breach_message", "1700000000.000100", "Ann Example lives at 1 Example Road")
	s.Wait("views.open", 1)
	for range 10 {
		view := s.View()
		values, _ := fill(t, view)
		if ack := s.Submit("U0JO", view, values); !ack.OK {
			t.Fatalf("the page was not taken: %+v", ack)
		}
		if stored(t, p) != nil {
			break
		}
	}
	record := stored(t, p)
	if record == nil || record["link"] != "https://example.slack.com/archives/C0FAMILY/p1700000000000100" {
		t.Fatalf("the record is %v", record)
	}
	if _, err := p.Runner.RunDue(t.Context(), now); err != nil {
		t.Fatal(err)
	}

	point("U0SAM", "dp timeline_message", "1700000000.000200", "The school has Ann Example's form")
	s.Wait("views.open", 2)
	view := s.View()
	if ack := s.Submit("U0SAM", view, map[string]map[string]any{"what": {inputOf(t, view, "what"): map[string]any{"type": "plain_text_input", "value": "the school has it"}}}); !ack.OK {
		t.Fatalf("the line was not taken: %+v", ack)
	}
	if _, err := p.Runner.RunDue(t.Context(), now); err != nil {
		t.Fatal(err)
	}
	log, _ := json.Marshal(stored(t, p)["log"])
	if !strings.Contains(string(log), "/C0FAMILY/p1700000000000200") || !strings.Contains(string(log), "the school has it") {
		t.Errorf("the timeline is %s", log)
	}
	everything := fmt.Sprint(stored(t, p), s.Calls("views.open"), s.Calls("views.update"), s.Calls("chat.postMessage"), s.Calls("chat.postEphemeral"), s.Calls("response_url"))
	for _, never := range []string{"Ann", "Example Road", "U0MAX", "family-of"} {
		if strings.Contains(everything, never) {
			t.Errorf("%q has got out of the message", never)
		}
	}
	if len(s.Calls("chat.postMessage")) == 0 {
		t.Error("nobody was told")
	}
}

// inputOf is the action id of a block's input.
func inputOf(t *testing.T, view map[string]any, block string) string {
	t.Helper()
	blocks, _ := view["blocks"].([]any)
	for _, b := range blocks {
		if b := b.(map[string]any); b["block_id"] == block {
			return b["element"].(map[string]any)["action_id"].(string)
		}
	}
	t.Fatalf("no question %q in %v", block, view)
	return ""
}
