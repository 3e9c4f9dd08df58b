package commands

import (
	_ "embed"
	"fmt"

	"github.com/alecthomas/kong"
)

//go:embed contract.txt
var contract string

// Help shows the commands and what the JSON ones read and write.
type Help struct {
	Command []string `arg:"" optional:"" help:"The command to explain."`
}

// Run prints the help.
func (c *Help) Run(app *kong.Kong) error {
	trace, err := kong.Trace(app, c.Command)
	if err != nil {
		return err
	}
	if trace.Error != nil {
		return trace.Error
	}
	if len(c.Command) == 0 {
		trace.Path = trace.Path[:1] // the program itself, not its default command
	}
	if err := trace.PrintUsage(false); err != nil {
		return err
	}
	if len(c.Command) == 0 {
		fmt.Print("\n" + contract)
	}
	return nil
}
