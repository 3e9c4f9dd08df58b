// Shareright answers "can I share this?", takes breach reports and posts reminders
// for charities and youth services, in Slack, Discord and the terminal.
package main

import (
	"github.com/alecthomas/kong"

	"shareright/internal/commands"
)

func main() {
	var c commands.Commands
	ctx := kong.Parse(&c, kong.Name("shareright"),
		kong.Description("Can I share this? Data protection help for charities."), kong.UsageOnError())
	ctx.FatalIfErrorf(ctx.Run())
}
