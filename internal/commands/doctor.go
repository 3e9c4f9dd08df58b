package commands

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"shareright/bot"
	"shareright/config"
	"shareright/internal/program"
)

// Doctor tests whether each part really works here.
type Doctor struct{}

// examination collects what was found, line by line.
type examination struct {
	config   config.Config
	orgs     []bot.Org // as they are with what was chosen in chat; empty while the database does not open
	problems int
}

// Run prints a line for each part and fails when one has a problem.
func (c *Doctor) Run(all *Commands, parts program.Parts) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	e := &examination{}
	e.content(all.Folder(), parts.Mistakes)
	e.note("features", program.Fits(parts), say("doctor-program"))
	var err error
	e.config, err = config.Load(all.Config, os.Environ())
	e.settings(err)
	e.clock()
	e.folder()
	e.records(ctx, parts)
	if e.config.Slack.Used() {
		e.slack(ctx)
	}
	if e.config.Discord.Token != "" {
		e.discord(ctx, parts)
	}
	e.mail(ctx)
	if e.problems > 0 {
		return errTold
	}
	return nil
}

func (e *examination) fine(part, found string) {
	fmt.Printf("%-8s %s: %s\n", say("doctor-ok"), part, found)
}

func (e *examination) problem(part, found, do string) {
	e.problems++
	fmt.Printf("%-8s %s: %s\n", say("doctor-problem"), part, found)
	if do != "" {
		fmt.Printf("%-8s → %s\n", "", do)
	}
}

func (e *examination) note(part string, err error, do string) {
	if err != nil {
		e.problem(part, err.Error(), do)
		return
	}
	e.fine(part, say("doctor-works"))
}

// content reads what is built in, and says whether the organisation's own is in use.
func (e *examination) content(folder string, mistakes []error) {
	for _, err := range mistakes {
		e.problem("content", err.Error(), say("doctor-content"))
	}
	if len(mistakes) == 0 && folder != "" {
		e.fine("content", say("check-own", "folder", folder))
	}
}

func (e *examination) settings(err error) {
	var problems config.Problems
	if !errors.As(err, &problems) && err != nil {
		e.problem("settings", err.Error(), "")
	}
	roles, gaps := e.gaps()
	for _, p := range append(problems, gaps...) {
		place := p
		place.Do = ""
		e.problem("settings", place.String(), p.Do)
	}
	for _, p := range e.config.Hints() {
		place := p
		place.Do = ""
		fmt.Printf("%-8s settings: %s\n%-8s → %s\n", say("doctor-todo"), place.String(), "", p.Do)
	}
	if err == nil && len(gaps)+len(roles) == 0 {
		e.fine("settings", say("doctor-roles"))
	}
	if !e.config.Slack.Used() && e.config.Discord.Token == "" {
		e.problem("platforms", say("doctor-no-platform"), say("no-platform"))
	}
}

// clock tests that the time zone is known and the year is believable: the 72 hours hang on it.
func (e *examination) clock() {
	now := time.Now()
	if now.Year() < 2026 || now.Year() > 2100 {
		e.problem("clock", now.Format(time.RFC3339), say("doctor-clock"))
		return
	}
	e.fine("clock", now.In(e.config.Organisations[0].Zone).Format("Monday 2 January 2006, 15:04 MST"))
}

func (e *examination) folder() {
	dir := e.config.Data
	if err := program.RealTime(dir); err != nil {
		e.problem("data folder", err.Error(), "")
		return
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		e.problem("data folder", err.Error(), say("doctor-folder"))
		return
	}
	probe := filepath.Join(dir, ".doctor")
	if err := errors.Join(os.WriteFile(probe, []byte("test"), 0o600), os.Remove(probe)); err != nil {
		e.problem("data folder", err.Error(), say("doctor-folder"))
		return
	}
	if info, err := os.Stat(dir); err == nil && info.Mode().Perm()&0o077 != 0 {
		e.problem("data folder", dir+" "+info.Mode().Perm().String(), say("doctor-mode", "folder", dir))
		return
	}
	e.fine("data folder", dir)
}

// records opens the database, and with it the master key, and reads it through.
func (e *examination) records(ctx context.Context, parts program.Parts) {
	p, err := program.Open(ctx, e.config, parts, program.Options{})
	if err != nil {
		e.problem("database", err.Error(), say("doctor-database"))
		return
	}
	defer p.Close()
	if p.KeyMade {
		e.fine("master key", say("key-made"))
	}
	e.lookUp(ctx, p)
	e.chosen()
	faults, err := p.Store.Check(ctx)
	for _, f := range faults {
		e.problem("database", f, say("doctor-restore"))
	}
	if err != nil {
		e.problem("database", err.Error(), say("doctor-restore"))
	} else if len(faults) == 0 {
		e.fine("database", say("doctor-whole"))
	}
	at, some, err := p.Store.NextJob(ctx)
	switch late := time.Since(at); {
	case err != nil:
		e.problem("reminders", err.Error(), "")
	case some && late > 10*time.Minute:
		e.problem("reminders", say("doctor-late", "time", late.Round(time.Minute).String()), say("doctor-serve"))
	default:
		e.fine("reminders", say("doctor-on-time"))
	}
}
