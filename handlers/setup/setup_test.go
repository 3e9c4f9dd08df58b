package setup_test

import (
	"context"
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"shareright/bot"
	"shareright/config"
	"shareright/handlers/setup"
	"shareright/internal/program"
	"shareright/internal/talk"
)

func TestConversationsAboutSettingUp(t *testing.T) {
	files, err := filepath.Glob("../../testdata/talk/setup-*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no conversations: %v", err)
	}
	for _, file := range files {
		if err := talk.PlayFile(t.Context(), file, program.Parts{Features: []bot.Feature{setup.Feature()}}); err != nil {
			t.Error(err)
		}
	}
}

// desk remembers what was delivered where.
type desk struct{ got []bot.Delivery }

func (*desk) Name() string                           { return "desk" }
func (*desk) Run(context.Context, bot.Handler) error { return nil }
func (d *desk) Deliver(_ context.Context, m bot.Delivery) (bot.MessageID, error) {
	d.got = append(d.got, m)
	return "m1", nil
}

// Somebody with the code names the people and the channel; only then do alerts go there.
func TestWhoeverHasTheCodeSetsTheBotUp(t *testing.T) {
	c := config.Default()
	c.Data = t.TempDir()
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	p, err := program.Open(t.Context(), c, program.Parts{Features: []bot.Feature{setup.Feature()}}, program.Options{Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	d := &desk{}
	p.Bot.Attach(d)
	do := func(user, channel string, what bot.Deed) bot.Response {
		t.Helper()
		r, err := p.Bot.Handle(t.Context(), bot.Event{Platform: "desk", User: user, Channel: channel, What: what})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Runner.RunDue(t.Context(), now); err != nil {
			t.Fatal(err)
		}
		return r
	}
	if r := do("ann", "C1", bot.Ran{Command: "dp", Text: "setup"}); r.Show != nil {
		t.Error("somebody without the code may set the bot up")
	}
	if r := do("ann", "C1", bot.Ran{Command: "dp", Text: "setup WRONG2CODE"}); r.Show != nil {
		t.Error("a wrong code works")
	}
	body, _ := json.Marshal(bot.SetupCode{Until: now.Add(time.Hour)})
	err = p.Store.Update(t.Context(), func(tx bot.Tx) error {
		return tx.Put(t.Context(), "main", bot.Row{Kind: "setupcode", Ref: "GOOD2CODE2", Index: bot.Index{Expires: now.Add(time.Hour)}, Body: body})
	})
	if err != nil {
		t.Fatal(err)
	}
	r := do("ann", "C1", bot.Ran{Command: "dp", Text: "setup good2-code2"})
	for _, answers := range []map[string][]string{{"lead": {"desk:sam"}, "deputy": {"desk:dee"}}, {"where": {"here"}}, nil} {
		if r.Show == nil {
			t.Fatalf("the dialogue ended with %+v", r.Reply)
		}
		r = do("ann", "C1", bot.Submitted{Session: r.Show.Session, Seq: r.Show.Seq, Answers: answers})
	}
	if r.Reply == nil || !strings.Contains(r.Reply.Plain(), "Test alert: sent") {
		t.Fatalf("set up with %+v", r)
	}
	if !slices.ContainsFunc(d.got, func(m bot.Delivery) bool {
		return m.To.Channel == "C1" && strings.HasPrefix(m.Message.Title, "This is a test alert")
	}) {
		t.Errorf("the test alert went to %+v", d.got)
	}
	if r := do("ann", "", bot.Ran{Command: "dp", Text: "setup good2-code2"}); r.Show != nil {
		t.Error("the code works twice, or without a role")
	}
	var ref bot.Ref
	for _, m := range d.got {
		for _, b := range m.Message.Buttons {
			ref = b.Ref
		}
	}
	if r := do("sam", "C1", bot.Pressed{Action: "setup.ack", Ref: ref}); r.Reply == nil || !strings.Contains(r.Reply.Title, "Alerts arrive") {
		t.Errorf("the new lead was answered %+v", r.Reply)
	}
}

// letters is e-mail: nobody can answer there.
type letters struct{ desk }

func (*letters) Name() string     { return "email" }
func (*letters) NoticeOnly() bool { return true }

// Where e-mail is set up, the set-up asks for addresses, and the test alert proves them.
func TestTheTestAlertComesByEmailToo(t *testing.T) {
	c := config.Default()
	c.Data = t.TempDir()
	c.Mail.Server = "smtp.example.org:587"
	c.Organisations[0].Roles = map[string][]config.Contact{"dp-lead": {{Platform: "desk", ID: "sam"}}}
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	p, err := program.Open(t.Context(), c, program.Parts{Features: []bot.Feature{setup.Feature()}}, program.Options{Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	mail := &letters{}
	p.Bot.Attach(&desk{})
	p.Bot.Attach(mail)
	do := func(what bot.Deed) bot.Response {
		t.Helper()
		r, err := p.Bot.Handle(t.Context(), bot.Event{Platform: "desk", User: "sam", What: what})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Runner.RunDue(t.Context(), now); err != nil {
			t.Fatal(err)
		}
		return r
	}
	r := do(bot.Ran{Command: "dp", Text: "setup"})
	answer := func(answers map[string][]string) {
		t.Helper()
		if r.Show == nil {
			t.Fatalf("the dialogue ended with %+v", r.Reply)
		}
		r = do(bot.Submitted{Session: r.Show.Session, Seq: r.Show.Seq, Answers: answers})
	}
	answer(map[string][]string{"lead": {"desk:sam"}, "deputy": {"desk:dee"}})
	answer(map[string][]string{"lead-email": {"sam at example"}})
	if r.Problems["lead-email"] == "" {
		t.Errorf("what is no address was taken: %+v", r)
	}
	answer(map[string][]string{"lead-email": {"sam@example.org"}, "deputy-email": {"dee@example.org"}})
	answer(nil)
	if r.Reply == nil || !strings.Contains(r.Reply.Plain(), "e-mail to the lead and the deputy") {
		t.Errorf("set up with %+v", r.Reply)
	}
	if len(mail.got) != 1 || mail.got[0].To.User != "sam@example.org" || !strings.HasPrefix(string(mail.got[0].About), "TA-") {
		t.Errorf("by e-mail: %+v", mail.got)
	}
	now = now.Add(11 * time.Minute)
	do(bot.Opened{})
	if len(mail.got) != 2 || mail.got[1].To.User != "dee@example.org" {
		t.Errorf("after ten minutes: %+v", mail.got)
	}
}
