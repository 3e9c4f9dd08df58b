package slack

import (
	"strings"
	"testing"

	"shareright/bot"
	"shareright/bot/bottest"
	"shareright/bot/slack/slacktest"
)

func TestSlackKeepsTheContract(t *testing.T) {
	bottest.Run(t, Name, func(t *testing.T) bottest.Stage { return &stage{} })
}

// stage is people at Slack's screens.
type stage struct {
	fake     *slacktest.Server
	platform *Platform
	last     slacktest.Ack
}

func (s *stage) Run(t *testing.T, h bot.Handler) bot.Platform {
	s.fake, s.platform = start(t, h)
	return s.platform
}

func id(user string) string { return "U0" + strings.ToUpper(user) }

func (*stage) Place() bot.Address { return to("C0LEADS", "") }

func (*stage) Direct(user string) bot.Address { return to("", id(user)) }

func (s *stage) Lose(t *testing.T, user string) {
	s.fake.Fault("conversations.open", slacktest.Fault{Times: 100, Error: "user_disabled"})
}

func (s *stage) Hurry(t *testing.T, user string) {
	s.fake.Fault("chat.postMessage", slacktest.Fault{Status: 429, RetryAfter: 3})
}

func (s *stage) Do(t *testing.T, user string, a bottest.Act) {
	t.Helper()
	person := id(user)
	switch {
	case a.Command != "":
		command, text, _ := strings.Cut(a.Command, " ")
		s.last = s.fake.Slash(person, "/"+command, slackText(text))
	case a.Say != "":
		s.last = s.fake.Event(map[string]any{"type": "message", "channel_type": "im", "user": person, "text": slackText(a.Say), "ts": "1.1", "channel": "D" + person[1:]})
	case a.Mention != "":
		s.last = s.fake.Event(map[string]any{"type": "app_mention", "user": person, "text": "<@" + slacktest.Bot + "> " + slackText(a.Mention), "ts": "1.1", "channel": "C0LEADS"})
	case a.Answer != nil:
		page := s.page(t, person)
		s.last = s.fake.Submit(person, page, state(page, a.Answer, s.typed(person)))
	case a.Press != "":
		s.press(t, person, a)
	case a.Close:
		s.last = s.fake.Close(person, s.page(t, person))
	case a.Again:
		s.last = s.fake.Again(s.last)
	}
	if !s.last.OK {
		t.Fatalf("%+v was not acknowledged", a)
	}
	s.platform.finish()
}

// slackText is how Slack sends what somebody typed.
func slackText(text string) string { return entities.Replace(text) }

func (s *stage) page(t *testing.T, person string) map[string]any {
	t.Helper()
	for _, x := range s.fake.Sees(person) {
		if x.View != "" {
			return s.fake.View()
		}
	}
	t.Fatal("no page is open")
	return nil
}

func (s *stage) typed(person string) map[string]string {
	for _, x := range s.fake.Sees(person) {
		if x.View != "" {
			return x.Typed
		}
	}
	return nil
}

func (s *stage) press(t *testing.T, person string, a bottest.Act) {
	t.Helper()
	all := s.fake.Sees(person)
	for i := len(all) - 1; i >= 0; i-- {
		for _, b := range all[i].Buttons() {
			if slacktest.Label(b) == a.Press {
				var values map[string]map[string]any
				if all[i].View != "" {
					values = state(s.fake.View(), a.Typed, all[i].Typed)
				}
				s.last = s.fake.PressOn(person, all[i], b, values)
				return
			}
		}
	}
	t.Fatalf("there is no button %q", a.Press)
}

// state is what Slack sends of a page: the answers, and else what stands there.
func state(page map[string]any, answers map[string][]string, standing map[string]string) map[string]map[string]any {
	values := map[string]map[string]any{}
	blocks, _ := page["blocks"].([]any)
	for _, b := range blocks {
		block, _ := b.(map[string]any)
		if block["type"] != "input" {
			continue
		}
		field, element := block["block_id"].(string), block["element"].(map[string]any)
		answer, given := answers[field]
		if !given && standing[field] != "" {
			answer = []string{standing[field]}
		}
		values[field] = map[string]any{element["action_id"].(string): answered(element["type"].(string), answer)}
	}
	return values
}

func answered(kind string, answer []string) map[string]any {
	s := map[string]any{"type": kind}
	switch {
	case len(answer) == 0:
	case kind == "plain_text_input":
		s["value"] = answer[0]
	case kind == "users_select":
		s["selected_user"] = id(answer[0])
	case kind == "static_select", kind == "radio_buttons":
		s["selected_option"] = map[string]any{"value": answer[0]}
	default:
		var chosen []any
		for _, a := range answer {
			chosen = append(chosen, map[string]any{"value": a})
		}
		s["selected_options"] = chosen
	}
	return s
}

func (s *stage) Sees(t *testing.T, user string) []bottest.Shown {
	var all []bottest.Shown
	for _, x := range s.fake.Sees(id(user)) {
		shown := bottest.Shown{Text: x.Reads(), Page: x.View != "", Lasts: !x.Ephemeral && x.View == "", Under: x.Thread != "",
			Alone: x.User != "" || strings.HasPrefix(x.Channel, "D"), Values: x.Typed, Live: x.Live()}
		for _, b := range x.Buttons() {
			shown.Buttons = append(shown.Buttons, slacktest.Label(b))
		}
		all = append(all, shown)
	}
	return all
}
