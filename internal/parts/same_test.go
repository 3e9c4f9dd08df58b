package parts

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"shareright/bot"
	"shareright/bot/slack"
	"shareright/bot/slack/slacktest"
	"shareright/bot/terminal"
	"shareright/config"
	"shareright/internal/program"
)

// said is what the volunteer answers, by question. Everything else is passed over.
var said = map[string][]string{
	"cause": {"lost"}, "story": {"folder on the bus"}, "people": {"12"}, "data": {"health", "contact"}, "whom": {"children"},
	"found": {"yesterday 3pm"}, "back": {"no"},
}

// The same breach, filled in through Slack's own JSON, through Discord's and through the
// terminal, gives the same record.
func TestABreachIsTheSameRecordFromSlackDiscordAndTheTerminal(t *testing.T) {
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	inSlack, lines := throughSlack(t, now)
	inTerminal := throughTerminal(t, now, lines)
	if diff := cmp.Diff(inSlack, inTerminal); diff != "" {
		t.Errorf("Slack and the terminal differ:\n%s", diff)
	}
	if diff := cmp.Diff(inSlack, throughDiscord(t, now)); diff != "" {
		t.Errorf("Slack and Discord differ:\n%s", diff)
	}
	if inSlack["cause"] != "lost" || inSlack["story"] != "folder on the bus" || inSlack["people"] != 12.0 {
		t.Errorf("the record is %v", inSlack)
	}
}

func open(t *testing.T, now time.Time, lead string) *program.Program {
	t.Helper()
	c := config.Default()
	c.Data = t.TempDir()
	c.Organisations[0].Roles = map[string][]config.Contact{"dp-lead": {{Platform: strings.Split(lead, ":")[0], ID: strings.Split(lead, ":")[1]}}}
	p, err := program.Open(t.Context(), c, All(), program.Options{Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	return p
}

// throughSlack reports by slash command and modals. It returns the record and what
// somebody would type to give the same answers line by line.
func throughSlack(t *testing.T, now time.Time) (record map[string]any, lines []string) {
	t.Helper()
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
	lines = []string{"/breach"}
	if ack := s.Slash("U0JO", "/breach", ""); !ack.OK {
		t.Fatalf("the command was not acknowledged: %+v", ack)
	}
	for range 10 {
		view := s.View()
		values, typed := fill(t, view)
		lines = append(lines, typed...)
		if ack := s.Submit("U0JO", view, values); !ack.OK {
			t.Fatalf("the page was not taken: %+v", ack)
		}
		if r := stored(t, p); r != nil {
			return r, append(lines, "1")
		}
	}
	t.Fatalf("the dialogue does not end; complaints: %v", s.Complaints())
	return nil, nil
}

// fill answers a modal as Slack would send it, and as somebody would type it.
func fill(t *testing.T, view map[string]any) (values map[string]map[string]any, typed []string) {
	t.Helper()
	values = map[string]map[string]any{}
	blocks, _ := view["blocks"].([]any)
	for _, b := range blocks {
		block := b.(map[string]any)
		if block["type"] != "input" {
			continue
		}
		id, element := block["block_id"].(string), block["element"].(map[string]any)
		answer := said[id]
		typed = append(typed, strings.Join(answer, ", "))
		if len(answer) == 0 {
			continue
		}
		state := map[string]any{"type": element["type"]}
		switch element["type"] {
		case "plain_text_input":
			state["value"] = answer[0]
		case "static_select", "radio_buttons":
			state["selected_option"] = map[string]any{"value": answer[0]}
		default:
			var chosen []any
			for _, a := range answer {
				chosen = append(chosen, map[string]any{"value": a})
			}
			state["selected_options"] = chosen
		}
		values[id] = map[string]any{element["action_id"].(string): state}
	}
	return values, typed
}

func throughTerminal(t *testing.T, now time.Time, lines []string) map[string]any {
	t.Helper()
	p := open(t, now, "terminal:dp-lead")
	var out strings.Builder
	window := terminal.New(terminal.Options{In: strings.NewReader(strings.Join(lines, "\n") + "\n"), Out: &out,
		Settle: func(ctx context.Context) error { _, err := p.Runner.RunDue(ctx, now); return err }})
	p.Bot.Attach(window)
	if err := window.Run(t.Context(), p.Bot); err != nil && err != io.EOF {
		t.Fatal(err)
	}
	r := stored(t, p)
	if r == nil {
		t.Fatalf("no record; the terminal showed:\n%s", out.String())
	}
	return r
}

// stored is the one breach in the store, without who reported it and without its reference.
func stored(t *testing.T, p *program.Program) (record map[string]any) {
	t.Helper()
	org := bot.OrgID(p.Config.Organisations[0].ID)
	err := p.Store.View(t.Context(), func(tx bot.Tx) error {
		rows, err := tx.Find(t.Context(), org, bot.Query{Kind: "breach"})
		if err != nil || len(rows) == 0 {
			return err
		}
		return json.Unmarshal(rows[0].Body, &record)
	})
	if err != nil {
		t.Fatal(err)
	}
	delete(record, "by")
	delete(record, "by_name")
	for _, line := range lists(record["log"]) {
		delete(line.(map[string]any), "who")
	}
	return record
}

func lists(v any) []any {
	l, _ := v.([]any)
	return l
}
