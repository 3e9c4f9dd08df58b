package slack

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"shareright/bot"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares what is drawn with the file, byte for byte.
func golden(t *testing.T, name string, drawn any) {
	t.Helper()
	var got bytes.Buffer
	encoder := json.NewEncoder(&got)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(drawn); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join("testdata", name+".json")
	if *update {
		if err := os.WriteFile(file, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("%s differs (-want +got):\n%s", file, diff)
	}
}

// hostile is what a person may type to call everybody, fake a link or break the layout.
const hostile = `<!channel> <@U0BOSS> <#C0SECRET> <https://evil.example.org|our policy> *bold* _it_ ~no~ ` + "`code`" + ` & < > :smile: @here`

func messages() map[string]bot.Message {
	answer := bot.Say("Yes, share it now", "Tell the ambulance crew what they need.").
		List(bot.Bullets, "Her epilepsy", "Her medicine").
		List(bot.Steps, "Call 999", "Write it up").
		Add(bot.Heading, "Afterwards").
		Add(bot.Quote, "Share what is needed to keep people safe.").
		List(bot.Pairs, "Reference", "BR-7K3Q", "Opened", "Monday 23 November 2026, 9am").
		Add(bot.SmallLine, "This is not legal advice.")
	answer.Sources = []bot.Source{
		{Title: "Vital interests", URL: "https://example.org/vital?a=1&b=2", Checked: "2026-11-01"},
		{Title: "Our own policy, section 1.7"},
		{Title: "Not an address", URL: "javascript:alert(1)"},
	}
	card := bot.Say("Breach BR-7K3Q: 12 people, 72h left").With(
		bot.Button{Action: "breach.ack", Label: "I have got this", Ref: "BR-7K3Q", Style: bot.Primary},
		bot.Button{Action: "breach.close", Label: "Close it", Ref: "BR-7K3Q", Style: bot.Danger, Confirm: "This ends the clock."},
		bot.Button{Action: "breach.close", Label: "Close the other", Ref: "BR-9M2P", Style: bot.Primary})
	said := bot.Say(hostile, hostile).Add(bot.Quote, hostile).List(bot.Bullets, hostile).List(bot.Pairs, hostile, hostile).Add(bot.SmallLine, hostile)
	said.Sources = []bot.Source{{Title: hostile, URL: "https://example.org/<!channel>|x", Checked: hostile}}
	said.With(bot.Button{Action: "x", Label: hostile, Confirm: hostile, Style: bot.Danger})
	return map[string]bot.Message{"message-answer": *answer, "message-card": *card, "message-hostile": *said,
		"message-empty-parts": {Title: "Only a title", Body: []bot.Block{{Kind: bot.Para}, {Kind: bot.Bullets, Items: []string{""}}, {Kind: bot.Pairs, Items: []string{"", ""}}, {Kind: bot.Quote, Text: " "}}}}
}

func views() map[string]bot.View {
	options := []bot.Option{{Value: "lost", Label: "Something was lost", Hint: "A folder, a phone"}, {Value: "sent", Label: "It went to the wrong person"}}
	var many []bot.Option
	for i := range 12 {
		many = append(many, bot.Option{Value: string(rune('a' + i)), Label: "Choice " + string(rune('A'+i))})
	}
	all := bot.View{Session: "S7K3Q", Seq: 3, Form: "breach", Page: "what", Title: "Report a breach", Step: "2 of 3", Submit: "Continue", CanBack: true,
		Intro: []bot.Block{{Kind: bot.Para, Text: "Write no names."}},
		Fields: []bot.FieldView{
			{ID: "kind", Kind: bot.OneField, Label: "What happened?", Options: options, Value: []string{"sent"}, NotSure: "Not sure"},
			{ID: "story", Kind: bot.StoryField, Label: "Tell us in a few words", Hint: "For example, a folder left on a bus", Why: "It shows how bad it may be.", Value: []string{"a folder"}},
			{ID: "people", Kind: bot.NumberField, Label: "How many people?", Hint: "About is fine", NotSure: "Not sure", Value: []string{bot.NotSureValue}},
			{ID: "when", Kind: bot.WhenField, Label: "When was it?", Hint: "For example, yesterday 3pm"},
			{ID: "data", Kind: bot.ManyField, Label: "Which details?", Options: options, Value: []string{"lost", "sent"}, Optional: true},
		}}
	others := bot.View{Session: "S7K3Q", Seq: 4, Form: "breach", Page: "who", Title: "A title that is much too long for Slack", Submit: "Continue with the next page",
		Fields: []bot.FieldView{
			{ID: "long", Kind: bot.OneField, Label: "One of many", Options: many, Value: []string{"c"}},
			{ID: "manymany", Kind: bot.ManyField, Label: "Any of many", Options: many, Value: []string{"a", "b"}},
			{ID: "may", Kind: bot.OneField, Label: "One of few, or none", Options: options, Optional: true},
			{ID: "who", Kind: bot.PersonField, Label: "Who?", Value: []string{"slack:U0SAM"}},
			{ID: "line", Kind: bot.TextField, Label: hostile, Hint: hostile, Why: hostile, Value: []string{hostile}},
		}}
	check := bot.View{Session: "S7K3Q", Seq: 9, Form: "breach", Page: bot.CheckPage, Title: "Check your answers", Submit: "Send report", CanBack: true,
		Check: []bot.CheckLine{
			{Page: "what", Field: "kind", Label: "What happened?", Answer: "Something was lost"},
			{Page: "what", Field: "story", Label: hostile, Answer: hostile},
			{Page: "who", Field: "who", Label: "Who?", Answer: "slack:U0SAM"},
			{Page: "who", Field: "none", Label: "Anything else?", Answer: "Not provided"},
		}}
	return map[string]bot.View{"view-fields": all, "view-others": others, "view-check": check}
}

func TestEveryKindOfMessageIsDrawnAsBefore(t *testing.T) {
	for name, m := range messages() {
		n := ephemeral(m)
		golden(t, name, map[string]any{"text": n.Text, "blocks": n.Blocks})
	}
}

func TestEveryKindOfPageIsDrawnAsBefore(t *testing.T) {
	for name, v := range views() {
		golden(t, name, drawView(v, "C0GENERAL", nil))
	}
	v := views()["view-fields"]
	golden(t, "view-problems", drawView(v, "", map[string]string{"": "You have gone further than this page.", "story": "Leave out the phone number."}))
	golden(t, "view-result", result(messages()["message-answer"]))
	golden(t, "view-home", home([]bot.Message{messages()["message-card"], *bot.Say("What is due for you", "Nothing is due.")}))
	golden(t, "view-loading", loading().View)
}

func TestWhatPeopleTypeIsNeverALiveMark(t *testing.T) {
	var drawn []string
	for name, m := range messages() {
		raw, err := json.Marshal(ephemeral(m))
		if err != nil {
			t.Fatal(err)
		}
		drawn = append(drawn, name+" "+unicodeEscapes.Replace(string(raw)))
	}
	for name, v := range views() {
		for i := range v.Fields {
			v.Fields[i].Value = nil // in their own box people find what they typed, unchanged
		}
		raw, err := json.Marshal(drawView(v, "", nil))
		if err != nil {
			t.Fatal(err)
		}
		drawn = append(drawn, name+" "+unicodeEscapes.Replace(string(raw)))
	}
	for _, d := range drawn {
		for _, live := range []string{"<!channel", "<!here", "<@U0BOSS", "<#C0SECRET", "<https://evil"} {
			if strings.Contains(d, live) {
				t.Errorf("%.20s… holds %s", d, live)
			}
		}
	}
}

var unicodeEscapes = strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&")

func TestAMessageBeyondTheLimitsKeepsItsButtonsAndSaysSo(t *testing.T) {
	m := bot.Say("Everything there is")
	for range 120 {
		m.Add(bot.Para, "One more line. And another sentence.")
	}
	m.With(bot.Button{Action: "more", Label: "Go on"})
	blocks := drawMessage(*m)
	if len(blocks) != maxMessageBlocks {
		t.Errorf("%d blocks", len(blocks))
	}
	if last := blocks[len(blocks)-1].BlockType(); last != "actions" {
		t.Errorf("the last block is %s", last)
	}
	raw, _ := json.Marshal(blocks)
	if !strings.Contains(string(raw), say("slack.more")) {
		t.Error("it does not say that something is left out")
	}

	m = bot.Say("Long", strings.Repeat("A sentence of a few words. ", 1000))
	raw, _ = json.Marshal(drawMessage(*m))
	if len(raw) > maxMessageText+1000 || !strings.Contains(string(raw), say("slack.more")) {
		t.Errorf("a long text is drawn in %d bytes", len(raw))
	}
}

func TestThePlainTextForNotificationsIsTheTitleAlone(t *testing.T) {
	m := bot.Say("Breach BR-7K3Q: 72h left & counting", "Ali left his folder on the bus.")
	if got := fallback(*m); got != "Breach BR-7K3Q: 72h left &amp; counting" {
		t.Errorf("%q", got)
	}
	if got := fallback(bot.Message{}); got == "" {
		t.Error("a message without a title has no text for notifications")
	}
}
