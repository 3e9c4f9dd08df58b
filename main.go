// Shareright answers "can I share this?", takes breach reports and posts reminders
// for charities and youth services, in Slack, Discord and the terminal.
package main

import (
	"os"
	_ "time/tzdata" // an empty container has no time zones

	"github.com/alecthomas/kong"

	"shareright/internal/commands"
	"shareright/internal/parts"
	"shareright/internal/program"
)

func main() {
	var c commands.Commands
	app := kong.Must(&c, kong.Name("shareright"), kong.UsageOnError(),
		kong.Description("Can I share this? Data protection help for charities and youth services."))
	ctx, err := app.Parse(os.Args[1:])
	app.FatalIfErrorf(err)
	ctx.Bind(&c, app)
	app.FatalIfErrorf(ctx.BindToProvider(func() (program.Parts, error) { return parts.Over(c.Folder()), nil }))
	os.Exit(commands.Failed(ctx.Run()))
}
