package discord

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

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
const hostile = "@everyone <@1> <#2> <@&3> [our policy](https://evil.example.org/x) *bold* _it_ ~~no~~ ||secret|| `code`\n# heading\n> quote\n- item"

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
		bot.Button{Action: "breach.show", Label: "Show", Ref: "BR-7K3Q"}, bot.Button{Action: "breach.show", Label: "Show again", Ref: "BR-7K3Q"},
		bot.Button{Action: "breach.a", Label: "A"}, bot.Button{Action: "breach.b", Label: "B"})
	said := bot.Say(hostile, hostile).Add(bot.Quote, hostile).List(bot.Bullets, hostile).List(bot.Pairs, hostile, hostile).Add(bot.SmallLine, hostile)
	said.Sources = []bot.Source{{Title: hostile, URL: "https://example.org/<@1>)x", Checked: hostile}}
	said.With(bot.Button{Action: "x", Label: strings.Repeat("long ", 30)})
	return map[string]bot.Message{"message-answer": *answer, "message-card": *card, "message-hostile": *said,
		"message-long":        *bot.Say("A long post", strings.Repeat("A sentence of ten words stands here to fill space. ", 60)),
		"message-empty-parts": {Title: "Only a title", Body: []bot.Block{{Kind: bot.Para}, {Kind: bot.Bullets, Items: []string{""}}, {Kind: bot.Pairs, Items: []string{"", ""}}, {Kind: bot.Quote, Text: " "}}}}
}

func views() map[string]bot.View {
	options := []bot.Option{{Value: "lost", Label: "Something was lost", Hint: "A folder, a phone"}, {Value: "sent", Label: "An e-mail, a letter or a file went to the wrong person"}}
	var many []bot.Option
	for i := range 30 {
		many = append(many, bot.Option{Value: string(rune('a' + i)), Label: "Choice " + string(rune('A'+i))})
	}
	all := bot.View{Session: "S7K3Q", Seq: 3, Form: "breach", Page: "what", Title: "Report a breach", Step: "2 of 3", Submit: "Continue", CanBack: true,
		Fields: []bot.FieldView{
			{ID: "kind", Kind: bot.OneField, Label: "What happened?", Hint: "Choose the nearest", Options: options, Value: []string{"sent"}, NotSure: "Not sure"},
			{ID: "data", Kind: bot.ManyField, Label: "What information was it?", Options: options, Value: []string{"lost"}, Optional: true, Why: "Some information can hurt people more."},
			{ID: "long", Kind: bot.ManyField, Label: "Which of these thirty?", Options: many, Value: []string{"a", "b"}, NotSure: "Not sure"},
			{ID: "story", Kind: bot.StoryField, Label: "Does it raise a worry about how somebody of ours behaves with children?", Value: []string{"a folder"}, Optional: true},
			{ID: "people", Kind: bot.NumberField, Label: "How many people?", Hint: "A guess will do", NotSure: "Not yet known", Value: []string{bot.NotSureValue}},
		}}
	others := bot.View{Session: "S7K3Q", Seq: 4, Form: "breach", Page: "who", Title: "When, and who", Submit: "Continue",
		Intro: []bot.Block{{Kind: bot.Para, Text: "Write no names."}},
		Fields: []bot.FieldView{
			{ID: "when", Kind: bot.WhenField, Label: "When did it happen?", Hint: "For example 27 3 2026 3pm"},
			{ID: "who", Kind: bot.PersonField, Label: "Who looks after it?", Value: []string{"discord:42"}, Optional: true},
			{ID: "worry", Kind: bot.StoryField, Label: "What worries you?", Optional: true, Confided: true},
		}}
	check := bot.View{Session: "S7K3Q", Seq: 5, Form: "breach", Page: bot.CheckPage, Title: "Check your answers", Submit: "Send report", CanBack: true,
		Check: []bot.CheckLine{{Page: "what", Field: "kind", Label: "What happened?", Answer: "Something was lost"},
			{Page: "what", Field: "story", Label: "Tell us in a few words", Answer: hostile}, {Page: "who", Field: "who", Label: "Who?", Answer: "discord:42"}}}
	return map[string]bot.View{"all": all, "others": others, "check": check}
}

func TestEveryKindOfMessageIsDrawnAsAgreed(t *testing.T) {
	for name, m := range messages() {
		golden(t, name, drawPost(m))
	}
	golden(t, "reply-long", drawReply(messages()["message-long"]))
}

func TestEveryKindOfPageIsDrawnAsAgreed(t *testing.T) {
	d := drawing{betterPlace: "phone 01632 960000"}
	v := views()
	golden(t, "modal-all", d.modal(v["all"], false))
	golden(t, "modal-others", d.modal(v["others"], true))
	golden(t, "modal-free-text", drawing{freeText: true}.modal(v["others"], true))
	golden(t, "before", d.before(v["all"], nil, nil, nil))
	golden(t, "before-reply", d.before(v["others"], bot.Say("The answer so far: ask the lead."), nil, nil))
	golden(t, "problems", d.before(v["all"], nil, map[string]string{"people": "Write the number in figures.", "": "Look again."}, typed{"people": {"10 or 12"}}))
	golden(t, "check", d.before(v["check"], nil, nil, nil))
	golden(t, "whys", drawReply(whys(v["all"])))
}

func TestEveryAnswerOfThisPackageIsDrawnAsAgreed(t *testing.T) {
	in := incoming{origin: fromButton, ask: askSure, label: "Close it", pressed: "ask|breach.close|BR-7K3Q", event: bot.Event{What: bot.Pressed{Action: "breach.close", Ref: "BR-7K3Q"}}}
	sure, _ := in.local("This ends the clock.")
	golden(t, "sure", sure.first)
	in.own, in.ask, in.pressed, in.event.What = true, askStop, "go:end|S7K3Q|3", bot.Submitted{Session: "S7K3Q", Seq: 3}
	stop, _ := in.local("")
	golden(t, "stop", stop.first)
	golden(t, "trouble", trouble(in, nil).first)
	late := drawing{}.offer(in, plan{first: response{Type: opens, Data: drawing{}.modal(views()["all"], false)}})
	golden(t, "late", late.first)
	golden(t, "suggestions", drawing{}.answer(incoming{origin: fromTyping}, bot.Response{Choices: []bot.Option{{Value: "breaches", Label: strings.Repeat("See the open breaches ", 8)}}}, nil, false).first)
	golden(t, "commands", drawCommands(commands))
}

func TestLongAnswersAreReadBackShortened(t *testing.T) {
	v := views()["check"]
	v.Check[0].Answer = strings.Repeat("word ", 600)
	notes := drawing{}.before(v, nil, nil, nil)
	if len(notes) != 1 || length(notes[0].Content) > maxContent || !strings.Contains(notes[0].Content, "…") {
		t.Errorf("%d messages, the first of %d characters", len(notes), length(notes[0].Content))
	}
}

func TestFreeTextAboutPeopleAtRiskIsNotAskedHere(t *testing.T) {
	f := views()["others"].Fields[2]
	off := drawing{betterPlace: "phone 01632 960000"}.field(f)
	if off.Type != wordsKind || !strings.Contains(off.Content, "no agreement") || !strings.Contains(off.Content, "01632 960000") {
		t.Errorf("drawn as %+v", off)
	}
	if on := (drawing{freeText: true}).field(f); on.Type != labelKind {
		t.Errorf("where it was allowed: %+v", on)
	}
}

func TestEscapedTextCallsNobodyAndIsNoMarkup(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching("(<[@#&!]{0,2}[a-z0-9:/.]{0,6}>?|@everyone|@here|[*_~|`\\[\\]()#>-]|\\\\|[a-z ]|\n){0,25}").Draw(t, "text")
		got := escaped(text)
		if strings.Contains(got, "@everyone") || strings.Contains(got, "@here") {
			t.Fatalf("%q calls everybody", got)
		}
		bare := strings.NewReplacer(`\\`, "", `\*`, "", `\_`, "", `\~`, "", `\|`, "", "\\`", "", `\<`, "", `\[`, "", `\#`, "", `\>`, "", `\-`, "", `\+`, "").Replace(got)
		if strings.ContainsAny(bare, "*_~|`<[") {
			t.Fatalf("%q holds a mark: %q", got, bare)
		}
		for line := range strings.SplitSeq(got, "\n") {
			if trimmed := strings.TrimLeft(line, " "); trimmed != "" && strings.ContainsAny(trimmed[:1], "#>-+") {
				t.Fatalf("%q begins a line with a mark", got)
			}
		}
	})
}

func TestPartsOfATextAreShortEnoughAndLoseNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := strings.TrimSpace(rapid.StringMatching(`([a-zé]{1,9}[.]?[ \n]{1,2}){0,60}`).Draw(t, "text"))
		most := rapid.IntRange(10, 80).Draw(t, "most")
		pieces := split(text, most)
		for _, p := range pieces {
			if length(p) > most {
				t.Fatalf("a part of %d characters", length(p))
			}
		}
		if got, want := strings.Join(strings.Fields(strings.Join(pieces, " ")), " "), strings.Join(strings.Fields(text), " "); got != want {
			t.Fatalf("got %q, want %q", got, want)
		}
	})
}

func TestAPostThatIsTooLongSaysThatThereIsMore(t *testing.T) {
	got := drawPost(*bot.Say("t", strings.Repeat("é", 1500), strings.Repeat("_", 1500))).Content
	if length(got) > maxContent || !strings.HasSuffix(got, say("discord.more")) {
		t.Errorf("%d characters: %s", length(got), got)
	}
}
