// Package home makes a person's own page with the bot: the button to report a breach
// first, then what is due for them, then what the features show there. The first time
// somebody comes, it greets them in three lines.
//
// What stands on the page is said by the features: commands by their Home, deadlines by
// Doings. How the page looks is the platform's business.
package home

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"shareright/bot"
)

// greeted says that somebody has had the welcome. It is stored: fields may be added, never renamed.
type greeted struct {
	At time.Time `json:"at"`
}

// RecordKind names the rows.
func (greeted) RecordKind() string { return "welcome" }

// RecordIndex says when somebody first came.
func (g greeted) RecordIndex() bot.Index { return bot.Index{Opened: g.At} }

// Feature is everything this package offers.
func Feature() bot.Feature {
	return bot.Feature{Name: "home", Opened: opened, Keeps: []bot.Keep{bot.KeepOf(left)}, Commands: []bot.Command{
		{Under: "dp", Name: "home", Help: "See what waits for you", Example: "/dp home", Run: asOne},
		languageCommand(),
	}}
}

// left ends with the person.
func left(ctx context.Context, t bot.Turn, ref bot.Ref, _ greeted) (bot.End, error) {
	return bot.Departed(ctx, t, bot.PersonID(ref))
}

// opened is the page, or the welcome for somebody who opens their messages for the first time.
func opened(ctx context.Context, t bot.Turn, o bot.Opened) (bot.Outcome, error) {
	first, err := greet(ctx, t)
	if err != nil {
		return bot.Outcome{}, err
	}
	var outcome bot.Outcome
	if first {
		outcome.Save = map[bot.Ref]bot.Record{bot.Ref(t.By.ID): greeted{At: t.Now}}
	}
	if o.Messages {
		if first {
			outcome.Reply = welcome(t)
		}
		return outcome, nil
	}
	outcome.Page, err = sections(ctx, t, first)
	return outcome, err
}

// asOne is the page as one answer, where there is no page of its own.
func asOne(ctx context.Context, t bot.Turn, _ string) (bot.Outcome, error) {
	page, err := sections(ctx, t, false)
	if err != nil {
		return bot.Outcome{}, err
	}
	whole := page[0]
	for _, part := range page[1:] {
		whole.Add(bot.Heading, part.Title)
		whole.Body = append(whole.Body, part.Body...)
		whole.Buttons = append(whole.Buttons, part.Buttons...)
	}
	whole.Buttons = whole.Buttons[:min(len(whole.Buttons), mostButtons)]
	return bot.Outcome{Reply: &whole}, nil
}

// greet says whether the person has not been greeted yet.
func greet(ctx context.Context, t bot.Turn) (first bool, err error) {
	_, err = bot.Load[greeted](ctx, t, bot.Ref(t.By.ID))
	if errors.Is(err, bot.ErrNotFound) {
		return true, nil
	}
	return false, err
}

func welcome(t bot.Turn) *bot.Message {
	return bot.Say(t.Say("home.welcome"), t.Say("home.welcome-breach"), t.Say("home.welcome-ask"), t.Say("home.welcome-private"))
}

const (
	mostButtons = 10 // fits on every platform
	mostDue     = 6  // deadlines shown; the rest is counted
)

func sections(ctx context.Context, t bot.Turn, first bool) ([]bot.Message, error) {
	top := bot.Say(t.Say("home.title")).Add(bot.SmallLine, t.Say("bot.help-danger"))
	if first {
		top = welcome(t)
	}
	var buttons []bot.Button
	for _, c := range t.Offered() {
		b := c.RunButton()
		switch c.Home {
		case bot.HomeFirst:
			b.Style = bot.Primary
			buttons = slices.Insert(buttons, 0, b)
		case bot.HomeButton:
			buttons = append(buttons, b)
		}
	}
	top.With(buttons[:min(len(buttons), mostButtons)]...)
	next, err := due(ctx, t)
	if err != nil {
		return nil, err
	}
	page := []bot.Message{*top, *next}
	for _, c := range t.Offered() {
		if c.Home != bot.HomeShown {
			continue
		}
		shown, err := c.Run(ctx, t, "")
		if err != nil {
			return nil, err
		}
		if shown.Reply != nil {
			page = append(page, *shown.Reply)
		}
	}
	if m := languages(t); m != nil {
		page = append(page, *m)
	}
	help := bot.Say(t.Say("home.help"), t.Say("home.help-more", "who", t.Called(bot.DPLead)))
	return append(page, *help.With(bot.Button{Action: "bot.run", Label: t.Say("home.button-help"), Ref: "dp help"})), nil
}

// due lists what this person has to do next, by name or by role, earliest first.
func due(ctx context.Context, t bot.Turn) (*bot.Message, error) {
	all, err := t.Doings(ctx)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(d bot.Doing) bool { return !d.For(t, t.By.ID) })
	if len(all) == 0 {
		return bot.Say(t.Say("home.due"), t.Say("home.due-none")), nil
	}
	m := bot.Say(t.Say("home.due"))
	var lines []string
	for _, d := range all[:min(len(all), mostDue)] {
		key := "home.by"
		if d.Due.Before(t.Today()) {
			key = "home.late"
		}
		lines = append(lines, t.Say(key, "what", d.Text, "date", d.Due.Long()))
		if d.Button != nil && len(m.Buttons) < 5 {
			m.With(*d.Button)
		}
	}
	m.List(bot.Bullets, lines...)
	if more := len(all) - mostDue; more > 0 {
		m.Add(bot.SmallLine, t.Say("home.more", "n", strconv.Itoa(more)))
	}
	return m, nil
}
