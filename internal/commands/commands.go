// Package commands holds what the program can be told to do at the command line. Each
// file is one command: its flags, and how its parts are put together. What the
// commands decide or say lives elsewhere; here is only reading and writing.
package commands

// Commands is the command line: one field a command, read by kong.
type Commands struct {
	Ask    Ask    `cmd:"" help:"Answer questions, one JSON object a line (see docs/contract.md)."`
	Assess Assess `cmd:"" help:"Assess breaches, one JSON object a line: record, tell the regulator, tell the people?"`
	Due    Due    `cmd:"" help:"Work out legal and policy dates, one JSON object a line."`
}
