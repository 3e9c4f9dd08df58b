package bottest

import (
	"errors"
	"slices"
	"strings"
	"time"

	"shareright/bot"
	"shareright/knowledge/words"
)

// clauses are the contract, in the order in which people meet it.
var clauses = []struct {
	is    Clause
	says  string
	holds func(*trial)
}{
	{Private, "a reply is seen by the person who asked and by nobody else", private},
	{Kinds, "a page asks every kind of question, and its answers come back by question", kinds},
	{AtField, "what is wrong is told with the question it is about", atField},
	{KeepsText, "what was typed is still there beside what is wrong", keepsText},
	{NextPage, "after a page comes the next, and at the end the receipt", nextPage},
	{Back, "back asks for the page before and brings what was typed", back},
	{CloseTold, "a page that is closed is told to the engine", closeTold},
	{CloseText, "a page that is closed brings what was typed on it", closeText},
	{Buttons, "a button brings its action and its reference", buttons},
	{DirectLasts, "a direct message is still there tomorrow", directLasts},
	{Edits, "an edit changes the message that stands there", edits},
	{Threads, "what follows a message stands in its thread", threads},
	{Channels, "a card in a channel is seen by everybody there", channels},
	{Cuts, "long text is cut after a sentence and says that there is more, with its buttons", cuts},
	{Harmless, "text of people calls nobody, links nowhere and is no markup", harmless},
	{Duplicates, "what is delivered twice has one name, and is acknowledged both times", duplicates},
	{Unreachable, "somebody who cannot be reached for good is told apart, with how to mend it", unreachable},
	{Busy, "a platform that asks for patience is asked again later", busy},
	{Repeats, "a message that may be there already is not doubled, or says that it is sent again", repeats},
	{Mentions, "a mention in a channel is answered to the person who asked alone", mentions},
}

const receipt = "Thank you. Reported as BR-7K3Q."

func reading(text string) func(Shown) bool {
	return func(s Shown) bool { return strings.Contains(s.Text, text) }
}

func private(t *trial) {
	t.script.set(bot.Response{Reply: bot.Say("Yes, share it now.")})
	t.Do(t.T, Jo, Act{Command: "canishare her diet & allergies"})
	e := t.last()
	if ran, ok := e.What.(bot.Ran); !ok || ran.Command != "canishare" || ran.Text != "her diet & allergies" || e.Platform != t.platform.Name() || e.User == "" {
		t.Errorf("the engine got %+v", e)
	}
	if s := t.newest(Jo, "the reply", reading("Yes, share it now.")); !s.Alone {
		t.Error("others can see the reply")
	}
	for _, s := range t.Sees(t.T, Sam) {
		if strings.Contains(s.Text, "share it now") {
			t.Errorf("somebody else sees %q", s.Text)
		}
	}
}

var options = []bot.Option{{Value: "lost", Label: "Lost"}, {Value: "sent", Label: "Sent to the wrong person"}, {Value: "seen", Label: "Seen by others"}}

// everyKind is two pages with each kind of question between them.
func everyKind() []bot.View {
	return []bot.View{
		{Session: "S1", Seq: 1, Form: "test.form", Page: "one", Title: "Report", Submit: "Continue", Step: "1 of 2", Fields: []bot.FieldView{
			{ID: "line", Kind: bot.TextField, Label: "Say it in a line"},
			{ID: "story", Kind: bot.StoryField, Label: "Tell us more"},
			{ID: "number", Kind: bot.NumberField, Label: "How many?", NotSure: "Not sure"},
			{ID: "day", Kind: bot.DateField, Label: "Which day?"}}},
		{Session: "S1", Seq: 2, Form: "test.form", Page: "two", Title: "Report", Submit: "Continue", Step: "2 of 2", CanBack: true, Fields: []bot.FieldView{
			{ID: "when", Kind: bot.WhenField, Label: "When?"},
			{ID: "one", Kind: bot.OneField, Label: "What happened?", Options: options},
			{ID: "many", Kind: bot.ManyField, Label: "What was in it?", Options: options},
			{ID: "person", Kind: bot.PersonField, Label: "Who has it?"}}},
	}
}

func kinds(t *trial) {
	pages := everyKind()
	answers := []map[string][]string{
		{"line": {"a folder"}, "story": {"left on the bus and gone"}, "number": {"about 12"}, "day": {"yesterday"}},
		{"when": {"yesterday 3pm"}, "one": {"sent"}, "many": {"lost", "seen"}, "person": {Sam}},
	}
	t.script.set(bot.Response{Show: &pages[0]})
	t.Do(t.T, Jo, Act{Command: "breach"})
	for i, page := range pages {
		read := t.newest(Jo, "the page", func(s Shown) bool { return s.Page }).Text
		next := bot.Response{Done: true, Reply: bot.Say(receipt)}
		if i+1 < len(pages) {
			next = bot.Response{Show: &pages[i+1]}
		}
		t.script.set(next)
		t.Do(t.T, Jo, Act{Answer: answers[i]})
		for _, s := range t.Sees(t.T, Jo) {
			read += s.Text // where questions come one by one
		}
		for _, f := range page.Fields {
			if !strings.Contains(read, f.Label) {
				t.Errorf("page %d does not ask %q", i+1, f.Label)
			}
		}
		sent, ok := t.last().What.(bot.Submitted)
		if !ok || sent.Session != "S1" || sent.Seq != i+1 {
			t.Fatalf("the engine got %+v", t.last().What)
		}
		for id, want := range answers[i] {
			got := sent.Answers[id]
			if id == "person" && !slices.Equal(got, want) { // a name is right where nobody can be pointed at
				want = []string{t.platform.Name() + ":" + t.Direct(Sam).User}
			}
			if !slices.Equal(got, want) {
				t.Errorf("question %s: sent %q, want %q", id, got, want)
			}
		}
	}
}

// small is one page with two questions.
func small() bot.View {
	return bot.View{Session: "S1", Seq: 1, Form: "test.form", Page: "one", Title: "Report", Submit: "Continue", Fields: []bot.FieldView{
		{ID: "story", Kind: bot.StoryField, Label: "What happened?"}, {ID: "number", Kind: bot.NumberField, Label: "How many people?"}}}
}

var typed = map[string][]string{"story": {"a folder on the bus"}, "number": {"a few"}}

// sentBack begins a form, answers it, and has it sent back.
func sentBack(t *trial) Shown {
	t.Helper()
	page := small()
	t.script.set(bot.Response{Show: &page})
	t.Do(t.T, Jo, Act{Command: "breach"})
	page.Fields[0].Value = typed["story"]
	t.script.set(bot.Response{Show: &page, Problems: map[string]string{"number": "Write the number in figures."}})
	t.Do(t.T, Jo, Act{Answer: typed})
	return t.newest(Jo, "what is wrong", reading("Write the number in figures."))
}

func atField(t *trial) {
	shown := sentBack(t)
	if !strings.Contains(shown.Text, "How many people?") {
		t.Errorf("the question does not stand beside what is wrong: %q", shown.Text)
	}
}

func keepsText(t *trial) {
	sentBack(t)
	t.script.set(bot.Response{Done: true, Reply: bot.Say(receipt)})
	t.Do(t.T, Jo, Act{Answer: map[string][]string{"number": {"12"}}})
	sent, ok := t.last().What.(bot.Submitted)
	if !ok || !slices.Equal(sent.Answers["story"], typed["story"]) || !slices.Equal(sent.Answers["number"], []string{"12"}) {
		t.Errorf("sent again: %+v", t.last().What)
	}
}

func nextPage(t *trial) {
	page := small()
	t.script.set(bot.Response{Show: &page})
	t.Do(t.T, Jo, Act{Command: "breach"})
	check := bot.View{Session: "S1", Seq: 2, Form: "test.form", Page: bot.CheckPage, Title: "Check your answers", Submit: "Send report", CanBack: true,
		Check: []bot.CheckLine{{Page: "one", Field: "story", Label: "What happened?", Answer: "a folder on the bus"}}}
	t.script.set(bot.Response{Show: &check})
	t.Do(t.T, Jo, Act{Answer: map[string][]string{"story": {"a folder on the bus"}, "number": {"12"}}})
	if s := t.newest(Jo, "the answers to check", reading("Check your answers")); !strings.Contains(s.Text, "a folder on the bus") {
		t.Errorf("the answers to check are %q", s.Text)
	}
	t.script.set(bot.Response{Done: true, Reply: bot.Say(receipt)})
	t.Do(t.T, Jo, Act{Answer: map[string][]string{}})
	if s := t.newest(Jo, "the receipt", reading(receipt)); !s.Alone {
		t.Error("others can see the receipt")
	}
	if all := t.Sees(t.T, Jo); slices.ContainsFunc(all, func(s Shown) bool { return s.Page && strings.Contains(s.Text, "Check your answers") }) {
		t.Error("the page is still there after the end")
	}
}

func back(t *trial) {
	pages := everyKind()
	t.script.set(bot.Response{Show: &pages[0]})
	t.Do(t.T, Jo, Act{Command: "breach"})
	second := bot.View{Session: "S1", Seq: 2, Form: "test.form", Page: "two", Title: "Report", Submit: "Continue", CanBack: true,
		Fields: []bot.FieldView{{ID: "more", Kind: bot.TextField, Label: "What else?"}}}
	t.script.set(bot.Response{Show: &second})
	t.Do(t.T, Jo, Act{Answer: map[string][]string{"line": {"a folder"}, "story": {"gone"}, "number": {"1"}, "day": {"today"}}})
	first := pages[0]
	first.Seq = 3
	first.Fields = append([]bot.FieldView{}, first.Fields...)
	first.Fields[0].Value = []string{"a folder"}
	t.script.set(bot.Response{Show: &first})
	t.Do(t.T, Jo, Act{Press: words.Say("en", "bot.back"), Typed: map[string][]string{"more": {"a key"}}})
	if sent, ok := t.last().What.(bot.Submitted); !ok || !sent.Go.Back {
		t.Fatalf("the engine got %+v", t.last().What)
	}
	if s := t.newest(Jo, "the first page", func(s Shown) bool { return s.Page }); s.Values["line"] != "a folder" {
		t.Errorf("on the page before stands %+v", s.Values)
	}
}

func closing(t *trial) bot.Left {
	t.Helper()
	page := small()
	t.script.set(bot.Response{Show: &page})
	t.Do(t.T, Jo, Act{Command: "breach"})
	t.script.set(bot.Response{Done: true, Reply: bot.Say(words.Say("en", "bot.left")).With(bot.Button{Action: "bot.resume", Label: words.Say("en", "bot.go-on"), Ref: "S1"})})
	t.Do(t.T, Jo, Act{Close: true, Typed: map[string][]string{"story": {"half a sen"}}})
	left, ok := t.last().What.(bot.Left)
	if !ok || left.Session != "S1" {
		t.Fatalf("the engine got %+v", t.last().What)
	}
	return left
}

func closeTold(t *trial) {
	closing(t)
	offer := t.newest(Jo, "that the answers are kept", reading(words.Say("en", "bot.left")))
	if !slices.Contains(offer.Buttons, words.Say("en", "bot.go-on")) {
		t.Errorf("nothing to go on with: %q", offer.Buttons)
	}
}

func closeText(t *trial) {
	if left := closing(t); !slices.Equal(left.Answers["story"], []string{"half a sen"}) {
		t.Errorf("the draft is %q", left.Answers)
	}
}

func card(title string) bot.Message {
	return *bot.Say(title, "Twelve people.").With(bot.Button{Action: "test.ack", Label: "I have got this", Ref: "BR-7K3Q"})
}

func buttons(t *trial) {
	t.deliver(bot.Delivery{To: t.Direct(Jo), Message: card("72h left"), Once: "one"})
	t.script.set(bot.Response{Reply: bot.Say("Sam has this already.")})
	t.Do(t.T, Jo, Act{Press: "I have got this"})
	if p, ok := t.last().What.(bot.Pressed); !ok || p.Action != "test.ack" || p.Ref != "BR-7K3Q" {
		t.Errorf("the engine got %+v", t.last().What)
	}
	t.newest(Jo, "what came of it", reading("Sam has this already."))
}

func directLasts(t *trial) {
	t.deliver(bot.Delivery{To: t.Direct(Jo), Message: *bot.Say(receipt), Once: "one"})
	if s := t.newest(Jo, "the receipt", reading(receipt)); !s.Lasts || !s.Alone {
		t.Errorf("the receipt lasts: %v, is for one alone: %v", s.Lasts, s.Alone)
	}
	for _, s := range t.Sees(t.T, Sam) {
		if strings.Contains(s.Text, receipt) {
			t.Error("somebody else sees the receipt")
		}
	}
}

func edits(t *trial) {
	id := t.deliver(bot.Delivery{To: t.Direct(Jo), Message: card("72h left"), Once: "one"})
	if again := t.deliver(bot.Delivery{To: t.Direct(Jo), Message: card("69h left"), Edit: id, Once: "two"}); again != id {
		t.Errorf("the edit has the id %q, the message %q", again, id)
	}
	t.newest(Jo, "the new text", reading("69h left"))
	if slices.ContainsFunc(t.Sees(t.T, Jo), reading("72h left")) {
		t.Error("the old text is still there")
	}
}

func threads(t *trial) {
	id := t.deliver(bot.Delivery{To: t.Place(), Message: card("72h left"), Once: "one"})
	t.deliver(bot.Delivery{To: t.Place(), Message: *bot.Say("Sam has got this."), Under: id, Once: "two"})
	if s := t.newest(Sam, "what follows", reading("Sam has got this.")); !s.Under {
		t.Error("it does not stand in the thread")
	}
}

func channels(t *trial) {
	t.deliver(bot.Delivery{To: t.Place(), Message: card("72h left"), Once: "one"})
	for _, who := range []string{Jo, Sam} {
		if s := t.newest(who, "the card", reading("72h left")); s.Alone || !s.Lasts || !slices.Contains(s.Buttons, "I have got this") {
			t.Errorf("%s sees %+v", who, s)
		}
	}
}

// sentence is short, so that it is easy to see where text was cut.
const sentence = "Every sentence of this long text ends here. "

func cuts(t *trial) {
	m := bot.Say("A long answer", strings.Repeat(sentence, 600)).With(bot.Button{Action: "test.more", Label: "Show the rest", Ref: "1"})
	t.deliver(bot.Delivery{To: t.Direct(Jo), Message: *m, Once: "one"})
	s := t.newest(Jo, "the answer", reading("A long answer"))
	if !slices.Contains(s.Buttons, "Show the rest") {
		t.Error("the button is gone")
	}
	end := strings.LastIndex(s.Text, "ends here.")
	if end < 0 {
		t.Fatal("nothing of the text is left")
	}
	rest := strings.TrimSpace(s.Text[end+len("ends here."):])
	if !strings.HasPrefix(rest, "…") || !strings.Contains(rest, words.Say("en", t.platform.Name()+".more")) {
		t.Errorf("after the last whole sentence stands %q", rest)
	}
}

// hostile is what somebody may type to call everybody, hide a link or break the drawing.
const hostile = "<!channel> <@U0SAM> <@123456789012345678> <@&99> <#C0SECRET> @everyone @here <https://evil.example.org|our policy> " +
	"[our policy](https://evil.example.org) *bold* **loud** ~~gone~~ ||hid|| `code` <t:0> :smile: </breach:1> & < > \u202egnol"

func harmless(t *trial) {
	m := bot.Say(hostile, hostile).Add(bot.Quote, hostile).List(bot.Bullets, hostile).List(bot.Pairs, hostile, hostile).Add(bot.SmallLine, hostile)
	m.Sources = []bot.Source{{Title: hostile, URL: "https://example.org/law"}}
	m.With(bot.Button{Action: "test.ack", Label: "Go on " + hostile, Ref: "1"})
	id := t.deliver(bot.Delivery{To: t.Direct(Jo), Message: *m, Once: "one"})
	t.deliver(bot.Delivery{To: t.Direct(Jo), Message: *m, Edit: id, Once: "two"})
	t.script.set(bot.Response{Reply: m})
	t.Do(t.T, Jo, Act{Command: "canishare x"})
	for _, s := range t.Sees(t.T, Jo) {
		for _, live := range s.Live {
			t.Errorf("%q acts in %q", live, bot.Cut(s.Text, 60))
		}
	}
}

func duplicates(t *trial) {
	t.script.set(bot.Response{Reply: bot.Say("Yes.")})
	t.Do(t.T, Jo, Act{Say: "can I share this?"})
	t.Do(t.T, Jo, Act{Again: true})
	all := t.script.all()
	if len(all) != 2 || all[0].ID == "" || all[0].ID != all[1].ID {
		t.Errorf("the engine got %+v", all)
	}
}

func unreachable(t *trial) {
	t.Lose(t.T, Gone)
	_, err := t.platform.Deliver(t.Context(), bot.Delivery{To: t.Direct(Gone), Message: card("72h left"), Once: "one"})
	var lost *bot.Unreachable
	if !errors.As(err, &lost) || lost.Fix == "" {
		t.Errorf("delivering gave %v", err)
	}
}

func busy(t *trial) {
	t.Hurry(t.T, Jo)
	_, err := t.platform.Deliver(t.Context(), bot.Delivery{To: t.Direct(Jo), Message: card("72h left"), Once: "one"})
	var wait *bot.Busy
	if !errors.As(err, &wait) || wait.After <= 0 || wait.After > time.Hour {
		t.Errorf("delivering gave %v", err)
	}
}

func repeats(t *trial) {
	d := bot.Delivery{To: t.Direct(Jo), Message: *bot.Say(receipt), Once: "0123456789abcdef01234567"}
	t.deliver(d)
	d.Repeat = true
	t.deliver(d)
	times, marked := 0, 0
	for _, s := range t.Sees(t.T, Jo) {
		times += strings.Count(s.Text, receipt)
		marked += strings.Count(s.Text, words.Say("en", "bot.repeat"))
	}
	if times == 0 || times-marked != 1 {
		t.Errorf("the message is there %d times, %d of them marked", times, marked)
	}
}

func mentions(t *trial) {
	t.Do(t.T, Jo, Act{Mention: "can I share this?"})
	e := t.last()
	if said, ok := e.What.(bot.Said); !ok || said.Text != "can I share this?" || e.ReplyTo == nil {
		t.Fatalf("the engine got %+v", e)
	}
	t.deliver(bot.Delivery{To: *e.ReplyTo, Message: *bot.Say("Yes, share it now."), Once: "one"})
	if s := t.newest(Jo, "the answer", reading("Yes, share it now.")); !s.Alone {
		t.Error("others can see the answer")
	}
	if slices.ContainsFunc(t.Sees(t.T, Sam), reading("Yes, share it now.")) {
		t.Error("somebody else sees the answer")
	}
}
