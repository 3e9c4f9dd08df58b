package home_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"shareright/bot"
	"shareright/config"
	"shareright/handlers/home"
	"shareright/internal/program"
	"shareright/knowledge/calendar"
)

// toy is a feature that offers a command to report, one for the lead, and something due by role.
func toy() bot.Feature {
	say := func(text string) func(context.Context, bot.Turn, string) (bot.Outcome, error) {
		return func(context.Context, bot.Turn, string) (bot.Outcome, error) {
			return bot.Outcome{Reply: bot.Say(text)}, nil
		}
	}
	return bot.Feature{Name: "toy", Commands: []bot.Command{
		{Name: "ask", Help: "Ask", Home: bot.HomeButton, Run: say("Asked.")},
		{Name: "report", Help: "Report", Home: bot.HomeFirst, Run: say("Reported.")},
		{Under: "dp", Name: "mine", Help: "Mine", Home: bot.HomeShown, Run: say("What is mine")},
		{Under: "dp", Name: "clocks", Help: "Clocks", Who: []bot.Role{bot.DPLead}, Home: bot.HomeShown, Run: say("The clocks")},
	}, Doings: func(_ context.Context, t bot.Turn) ([]bot.Doing, error) {
		return []bot.Doing{{Role: bot.DPLead, Text: "Pay the fee", Due: t.Today().AddDays(3)},
			{Owner: "desk:jo", Text: "Two minutes of training", Due: calendar.Date{Year: 2026, Month: 3, Day: 1}},
			{Owner: "desk:jo", Not: []bot.PersonID{"desk:jo"}, Text: "About Jo", Due: t.Today()}}, nil
	}}
}

func TestThePageIsForThePersonWhoOpensIt(t *testing.T) {
	c := config.Default()
	c.Data = t.TempDir()
	c.Organisations[0].Roles["dp-lead"] = []config.Contact{{Platform: "desk", ID: "sam"}}
	p, err := program.Open(t.Context(), c, program.Parts{Features: []bot.Feature{toy(), home.Feature()}},
		program.Options{Now: func() time.Time { return time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC) }})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	open := func(user string, o bot.Opened) bot.Response {
		t.Helper()
		r, err := p.Bot.Handle(t.Context(), bot.Event{Platform: "desk", User: user, What: o})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	titles := func(r bot.Response) (all []string) {
		for _, m := range r.Page {
			all = append(all, m.Title)
		}
		return all
	}
	jo := open("jo", bot.Opened{})
	if want := []string{"Hello. I help you to look after people’s information.", "What is due for you", "What is mine", "Help"}; !slices.Equal(titles(jo), want) {
		t.Errorf("Jo sees %q first", titles(jo))
	}
	if b := jo.Page[0].Buttons; b[0].Label != "Report" || b[0].Style != bot.Primary || b[1].Label != "Ask" {
		t.Errorf("the buttons are %+v", b)
	}
	if due := jo.Page[1].Body[0].Items; !slices.Equal(due, []string{"Two minutes of training: was due on Sunday 1 March 2026"}) {
		t.Errorf("due for Jo is %q", due)
	}
	if again := titles(open("jo", bot.Opened{})); again[0] != "What do you need?" {
		t.Errorf("Jo is greeted again: %q", again)
	}
	sam := open("sam", bot.Opened{})
	if !slices.Contains(titles(sam), "The clocks") || sam.Page[1].Body[0].Items[0] != "Pay the fee: by Thursday 5 March 2026" {
		t.Errorf("the lead sees %+v", sam.Page)
	}
	if r := open("ann", bot.Opened{Messages: true}); r.Reply == nil || len(r.Reply.Body) != 3 {
		t.Errorf("the first time in the messages: %+v", r.Reply)
	}
	if r := open("ann", bot.Opened{Messages: true}); r.Reply != nil {
		t.Errorf("the second time: %+v", r.Reply)
	}
}
