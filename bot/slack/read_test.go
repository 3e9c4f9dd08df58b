package slack

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"shareright/bot"
)

func parsed(t *testing.T, raw string) payload {
	t.Helper()
	var p payload
	if err := json.Unmarshal([]byte(raw), &p); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestWhatPeopleDoBecomesAnEvent(t *testing.T) {
	for _, c := range []struct {
		name, kind, raw string
		want            bot.Deed
		origin          origin
	}{
		{"a command", "slash_commands", `{"command":"/dp","text":"retention","trigger_id":"1"}`, bot.Ran{Command: "dp", Text: "retention"}, fromCommand},
		{"a global shortcut runs its command", "interactive", `{"type":"shortcut","callback_id":"breach","trigger_id":"1"}`, bot.Ran{Command: "breach"}, fromShortcut},
		{"a message shortcut runs the same command", "interactive", `{"type":"message_action","callback_id":"breach_message","trigger_id":"1"}`, bot.Ran{Command: "breach"}, fromShortcut},
		{"a button", "interactive", `{"type":"block_actions","trigger_id":"1","actions":[{"action_id":"breach.ack","value":"BR-7K3Q"}]}`, bot.Pressed{Action: "breach.ack", Ref: "BR-7K3Q"}, fromButton},
		{"the second button of the same action", "interactive", `{"type":"block_actions","trigger_id":"1","actions":[{"action_id":"breach.ack#2","value":"BR-9M2P"}]}`, bot.Pressed{Action: "breach.ack", Ref: "BR-9M2P"}, fromButton},
		{"a button on the home tab", "interactive", `{"type":"block_actions","trigger_id":"1","view":{"type":"home"},"actions":[{"action_id":"bot.run","value":"breach"}]}`, bot.Pressed{Action: "bot.run", Ref: "breach"}, fromShortcut},
		{"go on", "interactive", `{"type":"block_actions","trigger_id":"1","actions":[{"action_id":"go:resume","value":"S1"}]}`, bot.Resumed{Session: "S1"}, fromButton},
		{"back", "interactive", `{"type":"block_actions","trigger_id":"1","view":{"type":"modal","private_metadata":"{\"session\":\"S1\",\"seq\":2}"},"actions":[{"action_id":"go:back"}]}`,
			bot.Submitted{Session: "S1", Seq: 2, Go: bot.Go{Back: true}}, fromModal},
		{"change", "interactive", `{"type":"block_actions","trigger_id":"1","view":{"type":"modal","private_metadata":"{\"session\":\"S1\",\"seq\":2}"},"actions":[{"action_id":"go:change","value":"who"}]}`,
			bot.Submitted{Session: "S1", Seq: 2, Go: bot.Go{Change: "who"}}, fromModal},
		{"delete my answers", "interactive", `{"type":"block_actions","trigger_id":"1","view":{"type":"modal","private_metadata":"{\"session\":\"S1\",\"seq\":2}"},"actions":[{"action_id":"go:cancel"}]}`,
			bot.Submitted{Session: "S1", Seq: 2, Go: bot.Go{Cancel: true}}, fromModal},
		{"a modal that is closed", "interactive", `{"type":"view_closed","view":{"id":"V1","type":"modal","private_metadata":"{\"session\":\"S1\",\"seq\":2}"}}`, bot.Left{Session: "S1", Seq: 2}, fromClose},
		{"somebody else's metadata", "interactive", `{"type":"view_closed","view":{"id":"V1","type":"modal","private_metadata":"not ours"}}`, bot.Left{}, fromClose},
		{"a mention", "events_api", `{"team_id":"T1","event":{"type":"app_mention","user":"U1","text":"<@U0BOT> can I share &amp; tell?","channel":"C1","ts":"1.1"}}`, bot.Said{Text: "can I share & tell?"}, fromMessage},
		{"a direct message", "events_api", `{"team_id":"T1","event":{"type":"message","channel_type":"im","user":"U1","text":"hello","channel":"D1"}}`, bot.Said{Text: "hello"}, fromMessage},
		{"the home tab", "events_api", `{"team_id":"T1","event":{"type":"app_home_opened","tab":"home","user":"U1"}}`, bot.Opened{}, fromHome},
		{"a message in a channel is none of ours", "events_api", `{"event":{"type":"message","channel_type":"channel","user":"U1","text":"hello"}}`, nil, fromNobody},
		{"a bot's message", "events_api", `{"event":{"type":"message","channel_type":"im","user":"U1","bot_id":"B1","text":"hello"}}`, nil, fromNobody},
		{"a bot's mention", "events_api", `{"event":{"type":"app_mention","user":"U1","bot_id":"B1","text":"<@U0BOT> hello","channel":"C1"}}`, nil, fromNobody},
		{"what we said ourselves", "events_api", `{"event":{"type":"message","channel_type":"im","bot_id":"B0BOT","text":"hello"}}`, nil, fromNobody},
		{"an edited message", "events_api", `{"event":{"type":"message","subtype":"message_changed","channel_type":"im","user":"U1"}}`, nil, fromNobody},
		{"somebody who joins", "events_api", `{"event":{"type":"message","subtype":"channel_join","channel_type":"channel","user":"U1"}}`, nil, fromNobody},
		{"a reminder of Slack's own bot", "events_api", `{"event":{"type":"message","channel_type":"im","user":"USLACKBOT","text":"x"}}`, nil, fromNobody},
		{"a stranger in a shared channel", "events_api", `{"team_id":"T1","is_ext_shared_channel":true,"event":{"type":"app_mention","user":"U1","user_team":"T2","text":"x","channel":"C1"}}`, nil, fromNobody},
		{"the app is removed", "events_api", `{"event":{"type":"app_uninstalled"}}`, nil, fromSlack},
		{"a token is revoked", "events_api", `{"event":{"type":"tokens_revoked","tokens":{"bot":["U1"]}}}`, nil, fromSlack},
		{"a stranger's press", "interactive", `{"type":"block_actions","team":{"id":"T1"},"user":{"id":"U1","team_id":"T2"},"actions":[{"action_id":"breach.ack"}]}`, nil, fromOther},
		{"a colleague's press in one company's grid", "interactive", `{"type":"block_actions","team":{"id":"T1"},"enterprise":{"id":"E1"},"user":{"id":"U1","team_id":"T2"},"actions":[{"action_id":"a.b","value":"R"}]}`, bot.Pressed{Action: "a.b", Ref: "R"}, fromButton},
	} {
		t.Run(c.name, func(t *testing.T) {
			in, err := read(c.kind, parsed(t, c.raw), 0)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, in.event.What); diff != "" || in.origin != c.origin {
				t.Errorf("origin %d, want %d; deed (-want +got):\n%s", in.origin, c.origin, diff)
			}
		})
	}
}

func TestWhereAReplyGoes(t *testing.T) {
	mention, err := read("events_api", parsed(t, `{"team_id":"T1","event_id":"Ev1","event":{"type":"app_mention","user":"U1","text":"hi","channel":"C1","ts":"1.2","thread_ts":"1.1"}}`), 0)
	if err != nil {
		t.Fatal(err)
	}
	want := &bot.Address{Platform: "slack", Workspace: "T1", Channel: "C1", User: "U1", Thread: "1.1"}
	if diff := cmp.Diff(want, mention.event.ReplyTo); diff != "" {
		t.Errorf("a mention (-want +got):\n%s", diff)
	}
	direct, err := read("events_api", parsed(t, `{"team_id":"T1","event_id":"Ev2","event":{"type":"message","channel_type":"im","user":"U1","text":"hi","channel":"D1","ts":"1.2"}}`), 0)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(&bot.Address{Platform: "slack", Workspace: "T1", User: "U1"}, direct.event.ReplyTo); diff != "" {
		t.Errorf("a direct message (-want +got):\n%s", diff)
	}
}

func TestAMessageIsKeptByItsLinkAndNeverByItsText(t *testing.T) {
	raw := `{"type":"message_action","callback_id":"breach_message","trigger_id":"1","team":{"id":"T1","domain":"example"},"channel":{"id":"C1","name":"secret-name"},
		"message_ts":"1700000000.000123","message":{"ts":"1700000000.000123","thread_ts":"1700000000.000001","text":"Ali is ill"}}`
	in, err := read("interactive", parsed(t, raw), 0)
	if err != nil {
		t.Fatal(err)
	}
	if want := "https://example.slack.com/archives/C1/p1700000000000123?thread_ts=1700000000.000001&cid=C1"; in.event.Link != want {
		t.Errorf("the link is %s", in.event.Link)
	}
}

func TestAnswersAreReadFromEveryKindOfQuestion(t *testing.T) {
	raw := `{"type":"view_submission","trigger_id":"1","view":{"id":"V1","type":"modal","private_metadata":"{\"session\":\"S1\",\"seq\":4}","state":{"values":{
		"story":{"answer:story":{"type":"plain_text_input","value":"a folder <b>"}},
		"empty":{"answer:text":{"type":"plain_text_input","value":null}},
		"one":{"answer:one":{"type":"radio_buttons","selected_option":{"value":"lost"}}},
		"none":{"answer:one":{"type":"static_select","selected_option":null}},
		"many":{"answer:many":{"type":"checkboxes","selected_options":[{"value":"health"},{"value":"not-sure"}]}},
		"unsure":{"answer:many":{"type":"checkboxes","selected_options":[{"value":"not-sure"}]}},
		"who":{"answer:person":{"type":"users_select","selected_user":"U0SAM"}}}}}}`
	in, err := read("interactive", parsed(t, raw), 0)
	if err != nil {
		t.Fatal(err)
	}
	want := bot.Submitted{Session: "S1", Seq: 4, Answers: map[string][]string{"story": {"a folder <b>"}, "empty": {}, "one": {"lost"}, "none": {},
		"many": {"health"}, "unsure": {"not-sure"}, "who": {"slack:U0SAM"}}}
	if diff := cmp.Diff(bot.Deed(want), in.event.What); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAnEventOfAnUnknownShapeIsReportedAndNotRead(t *testing.T) {
	in, err := read("events_api", parsed(t, `{"event":{"type":"user_change","user":{"id":"U1"}}}`), 0)
	if err == nil || in.origin != fromNobody {
		t.Errorf("read as %+v, %v", in, err)
	}
}

func FuzzFramesAreRead(f *testing.F) {
	f.Add([]byte(`{"envelope_id":"e","type":"interactive","payload":{"type":"view_submission","view":{"state":{"values":{"a":{"b":{"value":"c"}}}}}}}`))
	f.Add([]byte(`{"type":"events_api","payload":{"event":{"type":"message","user":1}}}`))
	f.Fuzz(func(t *testing.T, frame []byte) {
		e, err := decode(frame)
		if err != nil {
			return
		}
		in, err := read(e.Type, e.Payload, e.Attempt)
		if err != nil || in.origin == fromNobody {
			return
		}
		if in.event.What == nil && in.origin != fromOther && in.origin != fromSlack {
			t.Fatalf("origin %d with nothing done", in.origin)
		}
		answer(in, bot.Response{Reply: bot.Say("x"), Show: &bot.View{Title: "x"}, Problems: map[string]string{"a": "b"}})
		trouble(in, nil)
	})
}
