package slack

import (
	"encoding/json"
	"testing"

	"shareright/bot"
)

// BenchmarkACommandWithoutTheEngine is what this package adds to a command: reading the
// frame, drawing the answer and encoding the acknowledgement.
func BenchmarkACommandWithoutTheEngine(b *testing.B) {
	frame := []byte(`{"envelope_id":"e-1","type":"slash_commands","accepts_response_payload":true,"payload":{"team_id":"T0EXAMPLE","user_id":"U0JO","user_name":"jo",
		"channel_id":"C0GENERAL","command":"/canishare","text":"her diet &amp; allergies with the cook","trigger_id":"1.2","response_url":"https://example.org/r"}}`)
	m := messages()["message-answer"]
	bench(b, frame, bot.Response{Reply: &m})
}

// BenchmarkASubmissionWithoutTheEngine reads a filled page and draws the next.
func BenchmarkASubmissionWithoutTheEngine(b *testing.B) {
	v := views()["view-fields"]
	raw, err := json.Marshal(drawView(v, "C0GENERAL", nil))
	if err != nil {
		b.Fatal(err)
	}
	var shown map[string]any
	if err := json.Unmarshal(raw, &shown); err != nil {
		b.Fatal(err)
	}
	shown["id"], shown["hash"] = "V1", "h"
	shown["state"] = map[string]any{"values": map[string]any{
		"story": map[string]any{"answer:story": map[string]any{"type": "plain_text_input", "value": "a folder"}},
		"kind":  map[string]any{"answer:one": map[string]any{"type": "radio_buttons", "selected_option": map[string]any{"value": "lost"}}}}}
	frame, err := json.Marshal(map[string]any{"envelope_id": "e-1", "type": "interactive", "payload": map[string]any{
		"type": "view_submission", "trigger_id": "1.2", "team": map[string]any{"id": "T0EXAMPLE"}, "user": map[string]any{"id": "U0JO"}, "view": shown}})
	if err != nil {
		b.Fatal(err)
	}
	bench(b, frame, bot.Response{Show: &v})
}

func bench(b *testing.B, frame []byte, r bot.Response) {
	b.ReportAllocs()
	for b.Loop() {
		e, err := decode(frame)
		if err != nil {
			b.Fatal(err)
		}
		in, err := read(e.Type, e.Payload, e.Attempt)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := json.Marshal(answer(in, r).ack); err != nil {
			b.Fatal(err)
		}
	}
}
