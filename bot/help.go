package bot

import (
	"context"
	"fmt"
)

// rootCommand holds everything that has no command of its own, help first.
const rootCommand = "dp"

// help lists what this person can do.
func (b *Bot) help(t Turn) *Message {
	m := Say(t.Say("bot.help-title"), t.Say("bot.help-danger"))
	var items []string
	for _, c := range b.Commands() {
		if c = c.native(t.Lang); !c.Quiet && t.By.Has(c.Who...) {
			items = append(items, c.usage()+" — "+c.Help)
		}
	}
	return m.List(Bullets, items...)
}

// explain is the help of one command.
func (b *Bot) explain(t Turn, c Command) *Message {
	c = c.native(t.Lang)
	m := Say(c.usage(), c.Help)
	if c.Example != "" {
		m.Add(Para, t.Say("bot.help-try", "example", c.Example))
	}
	return m
}

func (c Command) usage() string {
	if c.Hint == "" {
		return "/" + c.path()
	}
	return "/" + c.path() + " " + c.Hint
}

// opened is the page a person sees on opening the bot: of the first feature that makes one, else the help.
func (b *Bot) opened(ctx context.Context, t Turn, o Opened) (Response, error) {
	for _, f := range b.features {
		if f.Opened == nil {
			continue
		}
		outcome, err := t.decided(func(t Turn) (Outcome, error) { return f.Opened(ctx, t, o) })
		if err != nil {
			return Response{}, fmt.Errorf("open the page of %s: %w", f.Name, err)
		}
		if err := t.looked(ctx, "page", outcome); err != nil {
			return Response{}, err
		}
		response, err := b.carryOut(ctx, t, outcome)
		response.Page = outcome.Page
		return response, err
	}
	if o.Messages {
		return Response{}, nil
	}
	return Response{Page: []Message{*b.help(t)}}, nil
}

// Offered lists the commands that this person may use, in the order of the features.
func (t Turn) Offered() []Command {
	var all []Command
	for _, f := range t.features {
		for _, c := range f.Commands {
			if t.By.Has(c.Who...) {
				all = append(all, c.native(t.Lang))
			}
		}
	}
	return all
}

// RunButton is a button that runs the command.
func (c Command) RunButton() Button {
	return Button{Action: actionRun, Label: c.Help, Ref: Ref(c.path())}
}
