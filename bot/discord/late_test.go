package discord

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"shareright/bot"
	"shareright/bot/discord/discordtest"
)

func TestTroubleIsToldAndWhatWasTypedStays(t *testing.T) {
	e := &engine{reply: shows(page("what", 1))}
	s, _ := start(t, e)
	s.Command("1", discordtest.Channel, "breach")
	e.set(func(bot.Event) (bot.Response, error) { return bot.Response{}, errors.New("the disk is full") })
	if a := s.Submit("1", wrote); !strings.Contains(a.Text(), "999") || strings.Contains(a.Text(), "disk") {
		t.Errorf("told %q", a.Text())
	}
	e.set(shows(page("what", 1)))
	s.Press("1", "Try again")
	if !strings.Contains(fmt.Sprint(s.Modal("1")), "a folder") {
		t.Error("what was typed is gone")
	}
}

func TestAPanicEndsOneTurnAndNotTheProgram(t *testing.T) {
	e := &engine{reply: func(bot.Event) (bot.Response, error) { panic("what a person typed") }}
	s, _ := start(t, e)
	if a := s.Command("1", discordtest.Channel, "breach"); !strings.Contains(a.Text(), "999") {
		t.Errorf("told %q", a.Text())
	}
	e.set(replies("here"))
	if a := s.Command("1", discordtest.Channel, "breach"); a.Text() != "**here**" {
		t.Errorf("then %q", a.Text())
	}
}

func TestALongReplyFollowsInParts(t *testing.T) {
	long := bot.Say("A long answer")
	for i := range 30 {
		long.Add(bot.Para, fmt.Sprintf("%d: %s.", i, strings.Repeat("word ", 40)))
	}
	long.With(bot.Button{Action: "share.keep", Label: "Keep a receipt"})
	e := &engine{reply: func(bot.Event) (bot.Response, error) { return bot.Response{Reply: long}, nil }}
	s, _ := start(t, e)
	a := s.Command("1", discordtest.Channel, "canishare")
	last := s.Wait("follow-up", 3)
	if !strings.HasPrefix(a.Text(), "**A long answer**") || len(a.Data["components"].([]any)) != 0 {
		t.Errorf("first %q", a.Text())
	}
	if text := last.Body["content"].(string); !strings.Contains(text, "29: ") || len(last.Body["components"].([]any)) != 1 {
		t.Errorf("last %q", text)
	}
}

func TestWhatTakesLongIsAnsweredLater(t *testing.T) {
	commit := make(chan struct{})
	e := &engine{reply: func(bot.Event) (bot.Response, error) { <-commit; return bot.Response{Reply: bot.Say("Kept.")}, nil }}
	s := discordtest.New(t)
	run(t, e, settings(s), hasty)
	s.Ready()
	a := s.Command("1", discordtest.Channel, "breach")
	if a.Type != thinks || a.Data["flags"] != 64.0 {
		t.Fatalf("meanwhile: %+v", a)
	}
	close(commit)
	if c := s.Wait("edit-answer", 1); c.Body["content"] != "**Kept.**" {
		t.Errorf("then %+v", c)
	}
}

func TestAFormThatComesLateIsOfferedWithAButton(t *testing.T) {
	commit := make(chan struct{})
	e := &engine{reply: func(bot.Event) (bot.Response, error) {
		<-commit
		v := page("what", 1)
		return bot.Response{Show: &v}, nil
	}}
	s := discordtest.New(t)
	run(t, e, settings(s), hasty)
	s.Ready()
	s.Command("1", discordtest.Channel, "breach")
	close(commit)
	s.Wait("edit-answer", 1)
	if a := s.Press("1", "Continue"); a.Type != opens {
		t.Errorf("the button: %+v", a)
	}
}

func TestAReplyWhoseTokenIsOverGoesByDirectMessage(t *testing.T) {
	commit := make(chan struct{})
	e := &engine{reply: func(bot.Event) (bot.Response, error) { <-commit; return bot.Response{Reply: bot.Say("Kept.")}, nil }}
	s := discordtest.New(t)
	s.TokenLife = 0
	run(t, e, settings(s), hasty)
	s.Ready()
	s.Command("1", discordtest.Channel, "breach")
	close(commit)
	s.Wait("post", 1)
	if got := s.Messages(discordtest.DM("1")); len(got) != 1 || got[0]["content"] != "**Kept.**" {
		t.Errorf("told %v", got)
	}
}

func TestAnAnswerThatDiscordStoredAndDroppedIsGivenOnce(t *testing.T) {
	e := &engine{reply: replies("Kept.")}
	s, _ := start(t, e)
	s.Fault("answer", discordtest.Fault{Commit: true, Drop: true})
	if a := s.Command("1", discordtest.Channel, "breach"); !a.OK {
		t.Fatalf("answered %+v", a)
	}
	s.Wait("answer", 2)
	s.Fault("answer", discordtest.Fault{Status: 502})
	if a := s.Command("1", discordtest.Channel, "breach"); a.Text() != "**Kept.**" {
		t.Errorf("after a failure: %+v", a)
	}
	if n := len(s.Calls("post")); n != 0 {
		t.Errorf("%d direct messages beside the answers", n)
	}
}

func TestARefusedDrawingIsSaidAsText(t *testing.T) {
	e := &engine{reply: replies("Kept.")}
	s, _ := start(t, e)
	s.Fault("answer", discordtest.Fault{Status: 400, Code: 50035})
	if a := s.Command("1", discordtest.Channel, "breach"); a.Text() != "**Kept.**" {
		t.Errorf("told %+v", a)
	}
}
