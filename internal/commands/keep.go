package commands

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"shareright/bot"
	"shareright/internal/program"
	"shareright/internal/store"
)

// Migrate brings the database up to date.
type Migrate struct{}

// Run migrates and says which version the database has now.
func (c *Migrate) Run(all *Commands, parts program.Parts) error {
	return all.open(parts, func(ctx context.Context, p *program.Program) error {
		have, _, err := p.Store.Version(ctx)
		if err == nil {
			fmt.Println(say("migrated", "version", fmt.Sprint(have)))
		}
		return err
	})
}

// open runs fn on the real organisation's records; opening brings the database up to date.
func (c *Commands) open(parts program.Parts, fn func(context.Context, *program.Program) error) error {
	s, err := c.realSettings()
	if err != nil {
		return err
	}
	p, err := program.Open(context.Background(), s, parts, program.Options{Log: logger(s.LogLevel)})
	if err != nil {
		return err
	}
	return errors.Join(fn(context.Background(), p), p.Close())
}

// look runs fn on records that are there already.
func (c *Commands) look(parts program.Parts, fn func(context.Context, *program.Program) error) error {
	if _, err := c.records(); err != nil {
		return err
	}
	return c.open(parts, fn)
}

// Audit looks after the audit trail.
type Audit struct {
	Verify     Verify     `cmd:"" help:"Read the whole trail and find what was changed, taken out, put in or cut off."`
	Checkpoint Checkpoint `cmd:"" help:"Print the head of each trail, to keep outside this computer."`
	Erasures   Erasures   `cmd:"" help:"Print what was erased, to keep outside this computer and give to restore."`
	EraseAgain EraseAgain `cmd:"" help:"Erase again what a backup brought back that PostgreSQL's own tools put in place."`
}

// Checkpoint prints the head of each trail.
type Checkpoint struct{}

// Run prints one line for each organisation.
func (c *Checkpoint) Run(all *Commands, parts program.Parts) error {
	return all.look(parts, func(ctx context.Context, p *program.Program) error {
		orgs, err := p.Store.Trails(ctx)
		for _, org := range orgs {
			point, err := p.Store.Checkpoint(ctx, org)
			if err != nil {
				return err
			}
			fmt.Println(point)
		}
		return err
	})
}

// Erasures prints the erasure ledger.
type Erasures struct{}

// Run prints one JSON object a line.
func (c *Erasures) Run(all *Commands, parts program.Parts) error {
	return all.look(parts, func(ctx context.Context, p *program.Program) error {
		list, err := p.Store.Erasures(ctx, time.Time{})
		if err != nil {
			return err
		}
		return store.WriteErasures(os.Stdout, list)
	})
}

// EraseAgain erases what the ledger names, where the database's own tools put a backup back.
type EraseAgain struct {
	File string `arg:"" help:"What was erased, as shareright audit erasures wrote it."`
}

// Run erases it, and looks the records through as a restore does.
func (c *EraseAgain) Run(all *Commands, parts program.Parts) error {
	s, err := all.records()
	if err != nil {
		return err
	}
	lock, err := nobodyServes(s)
	if err != nil {
		return err
	}
	defer lock.Close()
	ledger, err := ledgerIn(c.File)
	if err != nil {
		return err
	}
	return all.look(parts, func(ctx context.Context, p *program.Program) error { return looked(ctx, p, ledger) })
}

// Verify reads the whole trail.
type Verify struct {
	Against string `help:"Checkpoints that were kept outside this computer: the lines, or the e-mails with them. What they saw must still be there." placeholder:"FILE"`
}

// kept reads the checkpoints to compare with.
func (c *Verify) kept() ([]store.Checkpoint, error) {
	if c.Against == "" {
		return nil, nil
	}
	text, err := os.ReadFile(c.Against)
	if err != nil {
		return nil, err
	}
	list, err := store.ParseCheckpoints(string(text))
	if err == nil && len(list) == 0 {
		return nil, errors.New(say("trail-none-kept", "file", c.Against))
	}
	return list, err
}

// Run prints each organisation's result and fails when one is not whole.
func (c *Verify) Run(all *Commands, parts program.Parts) error {
	kept, err := c.kept()
	if err != nil {
		return err
	}
	return all.look(parts, func(ctx context.Context, p *program.Program) error {
		orgs, err := p.Store.Trails(ctx)
		if err != nil {
			return err
		}
		points := map[bot.OrgID][]store.Checkpoint{}
		for _, point := range kept {
			points[point.Org] = append(points[point.Org], point)
			if !slices.Contains(orgs, point.Org) { // its whole trail is gone
				orgs = append(orgs, point.Org)
			}
		}
		whole := true
		for _, org := range orgs {
			report, err := p.Store.Verify(ctx, org, points[org]...)
			if err != nil {
				return err
			}
			whole = whole && report.OK()
			fmt.Println(trailLine(report))
		}
		if !whole {
			return errTold
		}
		if len(orgs) == 0 {
			fmt.Println(say("trail-empty"))
		}
		return nil
	})
}

func trailLine(r store.Report) string {
	if r.OK() {
		return say("trail-whole", "org", string(r.Org), "entries", fmt.Sprint(r.Entries))
	}
	return say("trail-broken", "org", string(r.Org)) + "\n  " + strings.Join(r.Problems, "\n  ")
}

// version is the release, where whoever built the program named one to the linker.
var version string

// Version shows what this program was built from.
type Version struct{}

// Run prints one line.
func (c *Version) Run() error {
	fmt.Println(versionLine())
	return nil
}

func versionLine() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return strings.TrimSpace("shareright " + version)
	}
	line := "shareright " + cmp.Or(version, strings.TrimPrefix(info.Main.Version, "(devel)"))
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			line += " " + s.Value[:min(12, len(s.Value))]
		case s.Key == "vcs.time":
			line += " of " + s.Value
		}
	}
	return strings.TrimSpace(strings.Join(strings.Fields(line+" "+info.GoVersion), " "))
}
