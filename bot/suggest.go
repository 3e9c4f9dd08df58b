package bot

import (
	"context"
	"fmt"
	"strings"
)

// mostChoices is how many suggestions fit on every platform.
const mostChoices = 25

// suggest lists what could come next in a command: below a root command its commands, and
// then what the command itself suggests. Nobody is shown what they may not use; what they
// type in the end is checked all the same.
func (b *Bot) suggest(ctx context.Context, t Turn, typing Typing) (Response, error) {
	name, text := strings.ToLower(typing.Command), strings.TrimLeft(typing.Text, " ")
	c, known := b.commands[name]
	if !known {
		sub, rest, more := strings.Cut(text, " ")
		if c, known = b.commands[name+" "+strings.ToLower(sub)]; !known || !more {
			return Response{Choices: b.below(t, name, clean(text))}, nil
		}
		text = rest
	}
	if c.Suggest == nil || !t.By.Has(c.Who...) {
		return Response{}, nil
	}
	choices, err := c.Suggest(ctx, t, clean(text))
	if err != nil {
		return Response{}, fmt.Errorf("suggest for /%s: %w", c.path(), err)
	}
	return Response{Choices: choices[:min(len(choices), mostChoices)]}, nil
}

// below lists the commands of a root whose name or help holds what was typed.
func (b *Bot) below(t Turn, root, typed string) []Option {
	var choices []Option
	for _, c := range b.Commands() {
		if c.Under != root || c.Quiet || !t.By.Has(c.Who...) || len(choices) == mostChoices {
			continue
		}
		if strings.Contains(fold(c.Name+" "+c.Help), fold(typed)) {
			choices = append(choices, Option{Value: c.Name, Label: c.Name + ": " + c.Help})
		}
	}
	return choices
}
