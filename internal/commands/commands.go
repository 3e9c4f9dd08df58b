// Package commands holds what the program can be told to do at the command line. Each
// file is one command: its flags, and how its parts are put together. What the
// commands decide or say lives elsewhere; here is only reading and writing.
package commands

import (
	"errors"
	"fmt"
	"log/slog"
	"os"

	"shareright/config"
	"shareright/internal/program"
	"shareright/internal/store"
	"shareright/knowledge/words"
)

// Commands is the command line: one field a command, read by kong.
type Commands struct {
	Config string `help:"Settings file." placeholder:"FILE" env:"SHARERIGHT_CONFIG"`
	Own    string `name:"content" help:"Folder with your own rules, words and sentences, laid over ours." placeholder:"DIR" env:"SHARERIGHT_CONTENT"`

	Chat        Chat        `cmd:"" default:"withargs" help:"Talk to the bot in this terminal. Needs no account and no settings."`
	Serve       Serve       `cmd:"" help:"Run the bot on every platform that is set up."`
	Ask         Ask         `cmd:"" help:"Answer questions, one JSON object a line (see shareright help)."`
	Assess      Assess      `cmd:"" help:"Assess breaches, one JSON object a line: record, tell the regulator, tell the people?"`
	Due         Due         `cmd:"" help:"Work out legal and policy dates, one JSON object a line."`
	Policies    Policies    `cmd:"" help:"Look after your own policies."`
	Content     Content     `cmd:"" help:"Look after your own rules, words and sentences."`
	Import      Import      `cmd:"" help:"Read a list of people, training or files, such as: shareright import people team.csv"`
	Export      Export      `cmd:"" help:"Write a register as CSV or XLSX, such as: shareright export breaches --out breaches.csv"`
	Paper       Paper       `cmd:"" help:"Make a letter or form, such as: shareright paper BR-7K3Q ico --pdf report.pdf"`
	Report      Report      `cmd:"" help:"Make the page of figures for trustees: counts, and no case."`
	Talk        Talk        `cmd:"" help:"Play conversations from files and name the first line that differs."`
	Check       Check       `cmd:"" help:"Check what is built in and the settings, and list every mistake."`
	Doctor      Doctor      `cmd:"" help:"Test whether each part really works here, and say how to mend what does not."`
	Migrate     Migrate     `cmd:"" help:"Bring the database to the version of this program."`
	Backup      Backup      `cmd:"" help:"Copy the database while the bot runs."`
	Restore     Restore     `cmd:"" help:"Put a backup back, erase again what was erased since, and look it through."`
	Keys        Keys        `cmd:"" help:"Look after the master key."`
	Move        Move        `cmd:"" help:"Move everything from SQLite to PostgreSQL; nothing is lost."`
	Audit       Audit       `cmd:"" help:"Look after the audit trail."`
	Healthcheck Healthcheck `cmd:"" help:"Ask a running bot whether it is ready; for containers."`
	Version     Version     `cmd:"" help:"Show the version."`
	Help        Help        `cmd:"" help:"Show the commands, and the JSON that ask, assess and due read and write."`
}

// errTold says that what is wrong was printed already; the exit status is enough.
var errTold = errors.New("")

// Failed prints why a command failed, unless it was told already, and returns the exit status.
func Failed(err error) int {
	if err == nil {
		return 0
	}
	if text := err.Error(); text != "" {
		fmt.Fprintln(os.Stderr, "shareright: "+text)
	}
	return 1
}

// settings reads the configuration. data, when given, is the data folder instead.
func (c *Commands) settings(data string) (config.Config, error) {
	s, err := config.Load(c.Config, os.Environ())
	if err != nil {
		return s, fmt.Errorf("%s\n%w", words.Say("en", "program.settings-wrong"), err)
	}
	if data != "" {
		s.Data = data
	}
	return s, nil
}

// Folder is the organisation's own content folder: from the command line, the environment
// or the settings file; empty for none. Mistakes in the settings are told elsewhere.
func (c *Commands) Folder() string {
	if c.Own != "" {
		return c.Own
	}
	s, _ := config.Load(c.Config, os.Environ())
	return s.Content
}

// worksIn are the nations where the first organisation of the settings works. Mistakes in the
// settings are told elsewhere.
func (c *Commands) worksIn() []string {
	s, _ := config.Load(c.Config, os.Environ())
	if len(s.Organisations) == 0 {
		return nil
	}
	return s.Organisations[0].WorksIn
}

// realSettings reads the configuration and refuses a data folder with simulated dates.
func (c *Commands) realSettings() (config.Config, error) {
	s, err := c.settings("")
	if err != nil {
		return s, err
	}
	return s, program.RealTime(s.Data)
}

// records reads the configuration and refuses a folder without a database. A new, empty one would
// look as if nothing had ever been reported, and a copy of it as if it were a backup.
func (c *Commands) records() (config.Config, error) {
	s, err := c.realSettings()
	if err == nil && s.DatabaseURL == "" && !store.There(s.Data) && !store.Waits(s.Data) {
		err = errors.New(say("no-records", "folder", s.Data))
	}
	return s, err
}

func logger(level slog.Level) *slog.Logger {
	return slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: level}))
}

func say(key string, fill ...string) string { return words.Say("en", "program."+key, fill...) }
