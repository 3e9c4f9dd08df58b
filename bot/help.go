package bot

import "context"

// rootCommand holds everything that has no command of its own, help first.
const rootCommand = "dp"

// help lists what this person can do.
func (b *Bot) help(t Turn) *Message {
	m := Say(t.Say("bot.help-title"), t.Say("bot.help-danger"))
	var items []string
	for _, c := range b.Commands() {
		if t.By.Has(c.Who...) {
			items = append(items, c.usage()+" — "+c.Help)
		}
	}
	return m.List(Bullets, items...)
}

// explain is the help of one command.
func (b *Bot) explain(t Turn, c Command) *Message {
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

// home is the page a person sees on opening the bot: the root commands as buttons, the first one first.
func (b *Bot) home(_ context.Context, t Turn) (Response, error) {
	m := b.help(t)
	for _, c := range b.Commands() {
		if c.Under == "" && t.By.Has(c.Who...) && len(m.Buttons) < 5 {
			button := Button{Action: actionRun, Label: c.Help, Ref: Ref(c.path())}
			if len(m.Buttons) == 0 {
				button.Style = Primary
			}
			m.With(button)
		}
	}
	return reply(m)
}
