package commands

import "errors"

// Due is the command of that name.
type Due struct {
	JSON bool   `name:"json" help:"Read and write one JSON object a line."`
	File string `arg:"" optional:"" help:"File with the lines; standard input when absent."`
}

// Run answers every line.
func (c *Due) Run() error { return errors.New("not built yet") }
