package home_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"shareright/bot"
	"shareright/config"
	"shareright/handlers/home"
	"shareright/internal/program"
	"shareright/knowledge/words"
	"shareright/scheduler"
)

// spoken lets the bot speak a second language of made-up words for one test.
func spoken(t *testing.T) {
	t.Helper()
	book, err := words.Read(fstest.MapFS{
		"en/home.yaml": {Data: []byte("said: You said it\nquestion: What is it?\nyes: Yes\n")},
		"xx/bot.yaml":  {Data: []byte("language-name: Xixa\nrole-dp-lead: zo lida\ncontinue: Zon\nnot-sure: Nixi\n")},
		"xx/home.yaml": {Data: []byte("title: Zaka?\nlanguage: Zi zunga\nlanguage-set: Za zunga {name}.\nsaid: Xa zaid\nquestion: Ziz?\nyes: Za\nhelp: Zelp\n")},
	})
	if err != nil {
		t.Fatal(err)
	}
	words.Use(book)
	t.Cleanup(func() { words.Use(nil) })
}

type fact struct{ It string }

func (fact) RecordKind() string     { return "fact" }
func (fact) RecordIndex() bot.Index { return bot.Index{} }

// teller saves and tells what somebody said, and asks a question.
func teller() bot.Feature {
	form := bot.Form[fact]{ID: "teller", Title: words.Say("en", "home.question"), Quick: true,
		Done: func(context.Context, bot.Turn, fact) (bot.Outcome, error) { return bot.Outcome{}, nil },
		Pages: []bot.Page[fact]{{ID: "one", Fields: []bot.Field[fact]{
			bot.AskOne("it", words.Say("en", "home.question"), func(f *fact) *string { return &f.It },
				bot.Option{Value: "yes", Label: words.Say("en", "home.yes")}).NotSure()}}}}
	return bot.Feature{Name: "teller", Forms: []bot.Dialogue{form}, Commands: []bot.Command{
		{Name: "tell", Help: "Tell", Run: func(_ context.Context, t bot.Turn, _ string) (bot.Outcome, error) {
			ref, m := t.NewRef("FA"), bot.Say(t.Say("home.said"))
			m.Add(bot.Para, string(ref))
			return bot.Outcome{Reply: m, Save: map[bot.Ref]bot.Record{ref: fact{It: t.Say("home.said")}}, Posts: []bot.Post{
				{Key: "lead", To: bot.ToRole(bot.DPLead), Class: scheduler.Escalation, Message: *m},
				{Key: "channel", To: bot.Audience{At: &bot.Address{Platform: "desk", Channel: "all"}}, Class: scheduler.Escalation, Message: *m},
				{Key: "copy", To: bot.ToPerson(t.By.ID), Class: scheduler.Escalation, Message: *m}}}, nil
		}},
		{Name: "question", Help: "Question", Run: func(context.Context, bot.Turn, string) (bot.Outcome, error) {
			return bot.Outcome{Ask: form.Begin(fact{})}, nil
		}},
		{Name: "fact", Help: "Fact", Run: func(ctx context.Context, t bot.Turn, ref string) (bot.Outcome, error) {
			f, err := bot.Load[fact](ctx, t, bot.Ref(ref))
			return bot.Outcome{Reply: bot.Say(f.It)}, err
		}},
	}}
}

// desk remembers what arrived where.
type desk struct{ got map[string]string }

func (*desk) Name() string                           { return "desk" }
func (*desk) Run(context.Context, bot.Handler) error { return nil }
func (d *desk) Deliver(_ context.Context, out bot.Delivery) (bot.MessageID, error) {
	d.got[out.To.Channel+out.To.User] = out.Message.Plain()
	return "1", nil
}

func office(t *testing.T) (say func(user, line string) bot.Response, open func(user string) []bot.Message, p *program.Program) {
	t.Helper()
	c := config.Default()
	c.Data = t.TempDir()
	c.Organisations[0].Roles["dp-lead"] = []config.Contact{{Platform: "desk", ID: "sam"}}
	p, err := program.Open(t.Context(), c, program.Parts{Features: []bot.Feature{teller(), home.Feature()}},
		program.Options{Now: func() time.Time { return time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	handle := func(user string, what bot.Deed) bot.Response {
		t.Helper()
		r, err := p.Bot.Handle(t.Context(), bot.Event{Platform: "desk", User: user, UserName: user, What: what})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	say = func(user, line string) bot.Response { t.Helper(); return handle(user, bot.Said{Text: line}) }
	open = func(user string) []bot.Message { t.Helper(); return handle(user, bot.Opened{}).Page }
	return say, open, p
}

func TestAPersonIsSpokenToInTheLanguageTheyChose(t *testing.T) {
	spoken(t)
	say, open, p := office(t)
	for _, typed := range []string{"xx", "xixa"} {
		if got := say("jo", "/dp language "+typed).Reply.Title; got != "Za zunga Xixa." {
			t.Errorf("on %q Jo hears %q", typed, got)
		}
	}
	told := say("jo", "/tell").Reply
	if told.Title != "Xa zaid" {
		t.Errorf("Jo hears %q", told.Title)
	}
	if got := say("sam", "/fact "+told.Body[0].Text).Reply.Title; got != "You said it" {
		t.Errorf("on record, under the reference that Jo reads, is %q", got)
	}
	if got := say("jo", "/question").Show; got.Title != "Ziz?" || got.Fields[0].Label != "Ziz?" || got.Fields[0].Options[0].Label != "Za" || got.Fields[0].NotSure != "Nixi" {
		t.Errorf("Jo is asked %+v", got)
	} else if r := answer(t, p, got, "za"); !r.Done {
		t.Errorf("an answer in Jo’s language brings %+v", r.Problems)
	}
	page := open("jo")
	if again := open("jo"); again[0].Title != "Zaka?" || !slices.ContainsFunc(again, func(m bot.Message) bool { return m.Title == "Zi zunga" && m.Buttons[0].Label == "English" }) {
		t.Errorf("Jo’s page is %+v after %+v", again, page)
	}
	if got := say("sam", "/tell").Reply.Title; got != "You said it" {
		t.Errorf("Sam, who chose nothing, hears %q", got)
	}
	if got := say("jo", "/dp language English").Reply.Title; got != "From now on I speak English with you." {
		t.Errorf("back in English, Jo hears %q", got)
	}
}

func answer(t *testing.T, p *program.Program, v *bot.View, said string) bot.Response {
	t.Helper()
	r, err := p.Bot.Handle(t.Context(), bot.Event{Platform: "desk", User: "jo", What: bot.Submitted{Session: v.Session, Seq: v.Seq, Answers: map[string][]string{"it": {said}}}})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestAPostIsInTheLanguageOfWhoReadsIt(t *testing.T) {
	spoken(t)
	say, _, p := office(t)
	d := &desk{got: map[string]string{}}
	p.Bot.Attach(d)
	say("sam", "/dp language xx")
	say("jo", "/tell")
	if _, err := p.Runner.RunDue(t.Context(), time.Date(2026, 3, 2, 9, 1, 0, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	for at, want := range map[string]string{"sam": "Xa zaid", "jo": "You said it", "all": "You said it"} {
		if !strings.HasPrefix(d.got[at], want+"\n") {
			t.Errorf("%s reads %q, want %q", at, d.got[at], want)
		}
	}
}

func TestTheLanguageIsAskedFor(t *testing.T) {
	spoken(t)
	say, _, _ := office(t)
	if r := say("jo", "/dp language").Reply; r.Title != "Which language shall I speak with you?" || len(r.Buttons) != 2 || r.Buttons[1].Label != "Xixa" {
		t.Errorf("Jo is asked %+v", r)
	}
	if r := say("jo", "/dp language klingon").Reply; r.Title != "I do not speak “klingon”. I speak English, Xixa." {
		t.Errorf("Jo hears %q", r.Title)
	}
	if help := say("jo", "/dp help").Reply.Plain(); !strings.Contains(help, "/dp language") {
		t.Errorf("the help is %s", help)
	}
}

func TestWithOneLanguageThereIsNothingToChoose(t *testing.T) {
	say, open, _ := office(t)
	if r := say("jo", "/dp language xx").Reply; r.Title != "I speak English only." || !strings.Contains(r.Plain(), "docs/content.md") {
		t.Errorf("Jo hears %s", r.Plain())
	}
	for _, part := range open("jo") {
		if part.Title == "My language" {
			t.Error("the page has a choice with nothing to choose")
		}
	}
	if help := say("jo", "/dp help").Reply.Plain(); strings.Contains(help, "/dp language") {
		t.Errorf("the help is %s", help)
	}
}
