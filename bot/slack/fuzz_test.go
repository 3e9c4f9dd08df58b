package slack

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"shareright/bot"
)

// Whatever stands in a request that Slack signed, it is read or refused, and what is read can be answered.
func FuzzRequestsAreRead(f *testing.F) {
	f.Add("slash_commands", command)
	f.Add("interactive", "payload=%7B%22type%22%3A%22block_actions%22%2C%22user%22%3A%7B%22id%22%3A%22U0JO%22%7D%2C%22actions%22%3A%5B%7B%22action_id%22%3A%22a%22%2C%22value%22%3A%22b%22%7D%5D%7D")
	f.Add("interactive", `payload={"type":"view_submission","view":{"private_metadata":"{\"session\":\"S\",\"seq\":1}","state":{"values":{"a":{"b":{"selected_options":[{"value":"c"}]}}}}}}`)
	f.Add("interactive", `payload={"type":"message_action","callback_id":"breach_message","message":{"ts":"1.2","text":"x"}}`)
	f.Add("events_api", `{"type":"event_callback","event_id":"Ev1","event":{"type":"app_mention","user":"U0JO","text":"<@U0B> hi","channel":"C1","ts":"1.1"}}`)
	f.Add("events_api", `{"type":"event_callback","event":{"type":"app_home_opened","user":"U0JO","view":{"private_metadata":"x"}}}`)
	f.Add("events_api", strings.Repeat(`{"event":`, 50))
	f.Fuzz(func(t *testing.T, kind, body string) {
		p, err := decodeHTTP(kind, []byte(body))
		if err != nil {
			return
		}
		in, err := read(kind, p, 0)
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

// Nobody but the holder of the secret gets through, whatever the headers say.
func FuzzASignatureIsNeverGuessed(f *testing.F) {
	f.Add("v0=00", "0", []byte("a"))
	f.Add("", "", []byte(""))
	f.Add("v0=", "99999999999999999999", []byte("{}"))
	f.Fuzz(func(t *testing.T, signature, stamp string, body []byte) {
		h := http.Header{}
		h.Set("X-Slack-Signature", signature)
		h.Set("X-Slack-Request-Timestamp", stamp)
		if signed(h, body, secret) && signature != sign(string(body), stamp, secret) {
			t.Fatalf("%q at %q passed for %q", signature, stamp, body)
		}
		h.Set("X-Slack-Request-Timestamp", time.Now().UTC().Format("20060102"))
		if signed(h, body, secret) {
			t.Fatalf("%q passed at a time that is none", signature)
		}
	})
}

// live is what Slack would read as a mention, a channel or a link.
var live = regexp.MustCompile(`<[@#!][^<>]*>|<[a-z][a-z0-9+.-]*:[^<>]*>`)

// What a person typed holds no mark of Slack any more, however it is written.
func FuzzNoTextIsMarkup(f *testing.F) {
	f.Add("<!channel> <@U0> <#C0|x> <https://example.org|bank> & < >", "https://example.org/<a|b>")
	f.Add("<<!here>>", "javascript:alert(1)")
	f.Fuzz(func(t *testing.T, text, address string) {
		if got := escaped(text); strings.ContainsAny(got, "<>") {
			t.Fatalf("%q", got)
		}
		if got := literal(text); live.MatchString(got) {
			t.Fatalf("%q", got)
		}
		got := link(text, address)
		if strings.Count(got, "<") > 1 || strings.Count(got, ">") > 1 || strings.Count(got, "<") == 1 && strings.Count(got, "|") != 1 {
			t.Fatalf("%q", got)
		}
		if strings.HasPrefix(got, "<") && !strings.HasPrefix(got, "<http://") && !strings.HasPrefix(got, "<https://") {
			t.Fatalf("%q leads elsewhere", got)
		}
	})
}
