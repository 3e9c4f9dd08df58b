package discord

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"shareright/bot"
	"shareright/bot/discord/discordtest"
)

// engine stands in for the bot: it remembers every event and answers with reply.
type engine struct {
	mu     sync.Mutex
	events []bot.Event
	reply  func(bot.Event) (bot.Response, error)
}

func (e *engine) Handle(_ context.Context, event bot.Event) (bot.Response, error) {
	e.mu.Lock()
	e.events = append(e.events, event)
	reply := e.reply
	e.mu.Unlock()
	if reply == nil {
		return bot.Response{}, nil
	}
	return reply(event)
}

func (e *engine) set(reply func(bot.Event) (bot.Response, error)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.reply = reply
}

func (e *engine) last(t *testing.T) bot.Event {
	t.Helper()
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.events) == 0 {
		t.Fatal("nothing reached the engine")
	}
	return e.events[len(e.events)-1]
}

// await waits until this many events have reached the engine.
func (e *engine) await(t *testing.T, events int) {
	t.Helper()
	for limit := time.Now().Add(10 * time.Second); e.count() < events; runtime.Gosched() {
		if time.Now().After(limit) {
			t.Fatalf("waited in vain for event %d", events)
		}
	}
}

func (e *engine) count() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.events)
}

var commands = []bot.Command{
	{Name: "canishare", Help: "Can I share this?", Hint: "[what, and with whom]", Menu: "Can I share this?"},
	{Name: "breach", Help: "Report a data breach", Menu: "Report as a breach"},
	{Under: "dp", Name: "breaches", Help: "See the open breaches", Who: []bot.Role{bot.DPLead}},
	{Under: "dp", Name: "link", Help: "Use one account for you on two platforms", Hint: "[code]"},
}

func settings(s *discordtest.Server) Config {
	return Config{Token: discordtest.Token, PublicKey: s.PublicKey(), GuildID: discordtest.Guild, APIURL: s.URL(),
		Commands: commands, Log: slog.New(slog.DiscardHandler)}
}

// hasty tells Discord to wait at once.
func hasty(p *Platform) { p.thinks = 20 * time.Millisecond }

// start connects a platform to a fake Discord until the test ends.
func start(t *testing.T, e *engine) (*discordtest.Server, *Platform) {
	t.Helper()
	s := discordtest.New(t)
	p := run(t, e, settings(s), nil)
	s.Ready()
	return s, p
}

func run(t *testing.T, e bot.Handler, c Config, change func(*Platform)) *Platform {
	t.Helper()
	p, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(p)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := p.Run(ctx, e); err != nil {
			t.Errorf("run: %v", err)
		}
	}()
	t.Cleanup(func() { cancel(); <-done })
	return p
}

func replies(text string) func(bot.Event) (bot.Response, error) {
	return func(bot.Event) (bot.Response, error) { return bot.Response{Reply: bot.Say(text)}, nil }
}

func shows(v bot.View) func(bot.Event) (bot.Response, error) {
	return func(bot.Event) (bot.Response, error) { return bot.Response{Show: &v}, nil }
}

func page(id string, seq int) bot.View {
	return bot.View{Session: "S1", Seq: seq, Form: "loss", Page: id, Title: "Report a breach", Step: "1 of 2", Submit: "Continue", CanBack: seq > 1,
		Fields: []bot.FieldView{{ID: "story", Kind: bot.StoryField, Label: "What happened?", Why: "It says what to do."},
			{ID: "people", Kind: bot.NumberField, Label: "How many people?", Optional: true}}}
}

var wrote = map[string][]string{"story": {"a folder"}}

func TestACommandIsAnsweredPrivatelyOnceTheEngineHasCommitted(t *testing.T) {
	e := &engine{reply: replies("Yes, share it.")}
	s, _ := start(t, e)
	a := s.Command("1", discordtest.Channel, "canishare", "text", "her diet & allergies")
	if !a.OK || a.Type != says || a.Text() != "**Yes, share it.**" {
		t.Errorf("answered with %+v", a)
	}
	got := e.last(t)
	if ran, ok := got.What.(bot.Ran); !ok || ran.Command != "canishare" || ran.Text != "her diet & allergies" {
		t.Errorf("the engine got %#v", got.What)
	}
	if got.User != "1" || got.Workspace != discordtest.Guild || got.UserName != "name-of-1" {
		t.Errorf("the engine got %+v", got)
	}
}

func TestNothingIsAnsweredBeforeTheEngineHasCommitted(t *testing.T) {
	commit := make(chan struct{})
	e := &engine{reply: func(bot.Event) (bot.Response, error) { <-commit; return bot.Response{}, nil }}
	s, _ := start(t, e)
	answer := s.Begin(s.CommandPayload("1", discordtest.Channel, "breach"))
	e.await(t, 1)
	select {
	case <-answer:
		t.Fatal("answered before the engine had committed")
	default:
	}
	close(commit)
	if a := <-answer; !a.OK || a.Text() != "**Done.**" {
		t.Errorf("after the commit: %+v", a)
	}
}

func TestSubcommandsAndTheOtherCommandBecomeOneLine(t *testing.T) {
	e := &engine{reply: replies("x")}
	s, _ := start(t, e)
	for _, c := range []struct {
		command string
		options []string
		want    bot.Deed
	}{
		{"dp help", nil, bot.Ran{Command: "dp", Text: "help"}},
		{"dp breaches", nil, bot.Ran{Command: "dp", Text: "breaches"}},
		{"dp link", []string{"text", "ABC"}, bot.Ran{Command: "dp", Text: "link ABC"}},
		{"dp other", []string{"command", "breaches", "text", "all"}, bot.Ran{Command: "dp", Text: "breaches all"}},
	} {
		s.Command("1", discordtest.Channel, c.command, c.options...)
		if got := e.last(t).What; got != c.want {
			t.Errorf("/%s: %#v, want %#v", c.command, got, c.want)
		}
	}
}

func TestAMessagesMenuKeepsTheLinkAndNeverTheText(t *testing.T) {
	e := &engine{reply: replies("x")}
	s, _ := start(t, e)
	s.Menu("1", "Report as a breach", "4321")
	got := e.last(t)
	if got.What != (bot.Ran{Command: "breach"}) || got.Link != "https://discord.com/channels/5000/7000/4321" {
		t.Errorf("the engine got %#v, link %q", got.What, got.Link)
	}
	if strings.Contains(fmt.Sprintf("%#v", got), "what somebody wrote") {
		t.Error("the engine got the words of the message")
	}
}

func TestADialogueIsModalsWithAButtonBetweenThem(t *testing.T) {
	e := &engine{reply: shows(page("what", 1))}
	s, _ := start(t, e)
	if a := s.Command("1", discordtest.Channel, "breach"); a.Type != opens || a.Data["title"] != "Report a breach (1 of 2)" {
		t.Fatalf("the command: %+v", a)
	}
	e.set(shows(page("who", 2)))
	if a := s.Submit("1", wrote); a.Type != says || !strings.Contains(a.Text(), "Report a breach") {
		t.Errorf("the first page: %+v", a)
	}
	sub := e.last(t).What.(bot.Submitted)
	if sub.Session != "S1" || sub.Seq != 1 || sub.Answers["story"][0] != "a folder" || len(sub.Answers["people"]) != 0 || sub.Answers["people"] == nil {
		t.Errorf("submitted %+v", sub)
	}
	if a := s.Press("1", "Continue"); a.Type != opens || e.last(t).What != (bot.Resumed{Session: "S1"}) {
		t.Errorf("the button: %+v, %#v", a, e.last(t).What)
	}
	e.set(shows(bot.View{Session: "S1", Seq: 3, Form: "loss", Page: bot.CheckPage, Title: "Check your answers", Submit: "Send report", CanBack: true,
		Check: []bot.CheckLine{{Page: "what", Field: "story", Label: "What happened?", Answer: "a *folder*"}, {Page: "who", Field: "lead", Label: "Who?", Answer: "discord:42"}}}))
	if a := s.Submit("1", wrote); a.Type != changes || !strings.Contains(a.Text(), `a \*folder\*`) || !strings.Contains(a.Text(), "<@42>") {
		t.Errorf("check your answers: %+v", a)
	}
	s.Press("1", "Change an answer", "what|story")
	if got := e.last(t).What.(bot.Submitted); got.Go.Change != "what" || got.Seq != 3 {
		t.Errorf("a change: %+v", got)
	}
	e.set(func(bot.Event) (bot.Response, error) {
		return bot.Response{Done: true, Reply: bot.Say("Reported as BR-7K3Q")}, nil
	})
	if a := s.Press("1", "Send report"); a.Type != changes || a.Text() != "**Reported as BR-7K3Q**" || len(a.Data["components"].([]any)) != 0 {
		t.Errorf("the receipt: %+v", a)
	}
	if got := e.last(t).What.(bot.Submitted); got.Session != "S1" || got.Seq != 3 || got.Answers != nil {
		t.Errorf("sent %+v", got)
	}
}

func TestAFormOpenedFromACardNeverReplacesTheCard(t *testing.T) {
	e := &engine{}
	s, p := start(t, e)
	card := *bot.Say("Breach BR-7K3Q").With(bot.Button{Action: "loss.decide", Label: "Decide", Ref: "BR-7K3Q"})
	if _, err := p.Deliver(t.Context(), bot.Delivery{To: bot.Address{Channel: discordtest.Channel}, Message: card}); err != nil {
		t.Fatal(err)
	}
	e.set(shows(page("what", 1)))
	s.Press("1", "Decide")
	e.set(shows(page("who", 2)))
	if a := s.Submit("1", wrote); a.Type != says {
		t.Errorf("the next page replaces the card: %+v", a)
	}
	if got := s.Messages(discordtest.Channel)[0]["content"]; got != "**Breach BR-7K3Q**" {
		t.Errorf("the card says %q", got)
	}
}

func TestBadInputComesBackWithWhatWasTyped(t *testing.T) {
	e := &engine{reply: shows(page("what", 1))}
	s, _ := start(t, e)
	s.Command("1", discordtest.Channel, "breach")
	e.set(func(bot.Event) (bot.Response, error) {
		v := page("what", 1)
		return bot.Response{Show: &v, Problems: map[string]string{"people": "Write the number in figures."}}, nil
	})
	a := s.Submit("1", map[string][]string{"story": {"a folder"}, "people": {"10 or 12"}})
	if !strings.Contains(a.Text(), "Write the number in figures.") || !strings.Contains(a.Text(), "You wrote: 10 or 12") {
		t.Errorf("told %q", a.Text())
	}
	e.set(shows(page("what", 1)))
	s.Press("1", "Change my answers")
	if drawn := fmt.Sprint(s.Modal("1")); !strings.Contains(drawn, "10 or 12") || !strings.Contains(drawn, "a folder") {
		t.Errorf("the form has lost what was typed: %s", drawn)
	}
}

func TestWhatStandsAboveThePageIsReadBeforeIt(t *testing.T) {
	v := page("what", 1)
	v.Intro = []bot.Block{{Kind: bot.Heading, Text: "Call 999 now"}, {Kind: bot.Para, Text: "Then tell the lead."}}
	e := &engine{reply: shows(v)}
	s, _ := start(t, e)
	if a := s.Command("1", discordtest.Channel, "canishare"); a.Type != says || !strings.HasPrefix(a.Text(), "**Call 999 now**") {
		t.Errorf("answered with %+v", a)
	}
	if a := s.Press("1", "Continue"); a.Type != opens {
		t.Errorf("the button: %+v", a)
	}
	v.Intro = []bot.Block{{Kind: bot.Para, Text: "Leave out names."}}
	e.set(shows(v))
	if a := s.Command("1", discordtest.Channel, "canishare"); a.Type != opens || !strings.Contains(fmt.Sprint(a.Data), "Leave out names.") {
		t.Errorf("a short introduction stands in the form: %+v", a)
	}
}

func TestReasonsBackAndStopAreButtonsBetweenPages(t *testing.T) {
	e := &engine{reply: shows(page("what", 2))}
	s, _ := start(t, e)
	s.Command("1", discordtest.Channel, "breach")
	s.Submit("1", wrote)
	if a := s.Press("1", "Why we ask"); a.Type != says || !strings.Contains(a.Text(), "It says what to do.") {
		t.Errorf("reasons: %+v", a)
	}
	s.Press("1", "Back")
	if got := e.last(t).What.(bot.Submitted); !got.Go.Back || got.Seq != 2 || got.Answers != nil {
		t.Errorf("back: %+v", got)
	}
	before := e.count()
	if a := s.Press("1", "Delete my answers"); a.Type != changes || e.count() != before {
		t.Errorf("it asks first: %+v", a)
	}
	s.Press("1", "Delete my answers")
	if got := e.last(t).What.(bot.Submitted); !got.Go.Cancel {
		t.Errorf("stop: %+v", got)
	}
}

func TestADangerousButtonAsksFirst(t *testing.T) {
	e := &engine{reply: replies("Destroyed.")}
	s, p := start(t, e)
	m := *bot.Say("File F-118").With(bot.Button{Action: "files.shred", Label: "Destroy it", Ref: "F-118", Style: bot.Danger, Confirm: "Nobody can bring it back."})
	if _, err := p.Deliver(t.Context(), bot.Delivery{To: bot.Address{User: "1"}, Message: m}); err != nil {
		t.Fatal(err)
	}
	if a := s.Press("1", "Destroy it"); !strings.Contains(a.Text(), "Nobody can bring it back.") || e.count() != 0 {
		t.Fatalf("asked %q; %d events", a.Text(), e.count())
	}
	if a := s.Press("1", "No, go back"); a.Type != changes || e.count() != 0 {
		t.Errorf("no: %+v", a)
	}
	s.Press("1", "Destroy it")
	if a := s.Press("1", "Destroy it"); a.Text() != "**Destroyed.**" || e.last(t).What != (bot.Pressed{Action: "files.shred", Ref: "F-118"}) {
		t.Errorf("yes: %+v, %#v", a, e.last(t).What)
	}
}

func TestADuplicateInteractionIsCarriedOutOnce(t *testing.T) {
	e := &engine{reply: replies("Kept.")}
	s, _ := start(t, e)
	a := s.Command("1", discordtest.Channel, "breach")
	s.Dispatch("INTERACTION_CREATE", a.Payload)
	s.Command("1", discordtest.Channel, "breach")
	if n := e.count(); n != 2 {
		t.Errorf("%d events", n)
	}
}

func TestADirectMessageIsHeardAndAnsweredByPost(t *testing.T) {
	e := &engine{}
	s, _ := start(t, e)
	s.Write("1", "can I share her address?")
	e.await(t, 1)
	got := e.last(t)
	if got.What != (bot.Said{Text: "can I share her address?"}) || got.ReplyTo == nil || got.ReplyTo.User != "1" || got.Workspace != discordtest.Guild || got.ID == "" {
		t.Errorf("the engine got %+v", got)
	}
	s.Dispatch("MESSAGE_CREATE", map[string]any{"id": "9", "guild_id": discordtest.Guild, "channel_id": discordtest.Channel, "content": "", "author": map[string]any{"id": "2"}})
	s.Command("3", "", "breach")
	if got := e.last(t); got.User != "3" || got.Workspace != discordtest.Guild || e.count() != 2 {
		t.Errorf("in a direct message: %+v", got)
	}
}

func TestAMessageThatWasNotSavedIsTriedAgain(t *testing.T) {
	failed := false
	e := &engine{}
	e.set(func(bot.Event) (bot.Response, error) {
		if !failed {
			failed = true
			return bot.Response{Reply: bot.Say("Call 999 now.")}, errors.New("the disk is full")
		}
		return bot.Response{}, nil
	})
	s, _ := start(t, e)
	s.Write("1", "she is in danger")
	if c := s.Wait("post", 1); c.Body["content"] != "**Call 999 now.**" {
		t.Errorf("told %v", c.Body["content"])
	}
	e.await(t, 2)
}

func TestStrangersAreTurnedAway(t *testing.T) {
	e := &engine{}
	s, _ := start(t, e)
	p := s.CommandPayload("1", discordtest.Channel, "breach")
	p["guild_id"] = "5999"
	if a := s.Send(p); !strings.Contains(a.Text(), "own organisation") {
		t.Errorf("another server: %+v", a)
	}
	s.Strangers["2"] = true
	if a := s.Command("2", "", "breach"); !strings.Contains(a.Text(), "own organisation") {
		t.Errorf("no member of the server: %+v", a)
	}
	s.Fault("member", discordtest.Fault{Status: 500})
	s.Command("3", "", "breach")
	if e.count() != 1 {
		t.Errorf("%d events; when Discord does not say, nobody is kept waiting", e.count())
	}
}
