package commands

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"shareright/config"
	"shareright/internal/program"
	"shareright/internal/store"
)

// Backup copies the database while the program runs.
type Backup struct {
	File string `arg:"" help:"The file to make. It must not be there yet."`
}

// Run makes the copy and says how to keep it.
func (c *Backup) Run(all *Commands, parts program.Parts) error {
	return all.look(parts, func(ctx context.Context, p *program.Program) error {
		if p.Config.DatabaseURL != "" {
			return errors.New(say("backup-postgres"))
		}
		if err := p.Store.Backup(ctx, c.File); err != nil {
			return err
		}
		fmt.Println(say("backup-done", "file", c.File))
		return nil
	})
}

// Restore puts a backup into the data folder and looks it through.
type Restore struct {
	File     string `arg:"" help:"The backup."`
	Replace  bool   `help:"Set the database that is there aside first."`
	Erasures string `help:"What was erased since, as shareright audit erasures wrote it. It is erased again." placeholder:"FILE"`
}

// Run restores, erases again what was erased since the backup, and prints what to compare.
func (c *Restore) Run(all *Commands, parts program.Parts) error {
	s, err := all.realSettings()
	if err != nil {
		return err
	}
	if s.DatabaseURL != "" {
		return errors.New(say("restore-postgres"))
	}
	lock, err := nobodyServes(s)
	if err != nil {
		return err
	}
	defer lock.Close()
	ledger, err := ledgerIn(c.Erasures)
	if err != nil {
		return err
	}
	since, known, err := c.erasedHere(s, parts)
	if err != nil {
		fmt.Println(say("restore-no-ledger", "reason", err.Error()))
		known = true // that it is not is told
	}
	ledger = append(ledger, since...)
	aside, err := c.put(s.Data, ledger)
	if err != nil {
		return err
	}
	if aside != "" {
		fmt.Println(say("restore-aside", "file", aside))
	}
	if !known && c.Erasures == "" {
		fmt.Println(say("restore-unknown"))
	}
	return all.open(parts, func(ctx context.Context, p *program.Program) error { return looked(ctx, p, ledger) })
}

func (c *Restore) put(dir string, ledger []store.Erasure) (aside string, err error) {
	if c.Replace {
		return store.Exchange(c.File, dir, ledger, time.Now())
	}
	if err = store.PutBack(c.File, dir, ledger); errors.Is(err, store.ErrNotEmpty) {
		err = fmt.Errorf("%w\n%s", err, say("restore-not-empty"))
	}
	return "", err
}

// ledgerIn reads a ledger that was kept outside the database; none when no file is named.
func ledgerIn(file string) ([]store.Erasure, error) {
	if file == "" {
		return nil, nil
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return readErasures(f)
}

func readErasures(from io.Reader) ([]store.Erasure, error) {
	list, err := store.ReadErasures(from)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", say("erasures-unread"), err)
	}
	return list, nil
}

// erasedHere is the erasure ledger of the database that is to be replaced. It is known, too, where
// a restore that was cut short wrote it down.
func (c *Restore) erasedHere(s config.Config, parts program.Parts) (list []store.Erasure, known bool, err error) {
	if !c.Replace || !store.There(s.Data) {
		return nil, store.Waits(s.Data), nil
	}
	p, err := program.Open(context.Background(), s, parts, program.Options{})
	if err != nil {
		return nil, false, err
	}
	list, err = p.Store.Erasures(context.Background(), time.Time{})
	return list, err == nil, errors.Join(err, p.Close())
}

// looked erases again, and says what a person compares with what they know.
func looked(ctx context.Context, p *program.Program, ledger []store.Erasure) error {
	again, err := p.Store.ReplayErasures(ctx, ledger)
	if err != nil {
		return err
	}
	faults, err := p.Store.Check(ctx)
	if err != nil {
		return err
	}
	orgs, err := p.Store.Trails(ctx)
	if err != nil {
		return err
	}
	for _, org := range orgs {
		report, err := p.Store.Verify(ctx, org)
		if err != nil {
			return err
		}
		if !report.OK() {
			faults = append(faults, report.Problems...)
		}
		fmt.Println(trailLine(report))
	}
	next, err := p.Store.Next(ctx)
	if err != nil {
		return err
	}
	fmt.Println(say("restore-erased", "n", fmt.Sprint(again+p.Store.ErasedAgain())))
	for _, kind := range slices.Sorted(maps.Keys(next)) {
		fmt.Println(say("restore-next", "kind", kind, "at", next[kind].Format(time.RFC3339)))
	}
	if len(faults) > 0 {
		return errors.New(strings.Join(faults, "\n"))
	}
	fmt.Println(say("restore-done"))
	return nil
}

// Keys looks after the master key.
type Keys struct {
	Rotate Rotate `cmd:"" help:"Change the master key: everything is sealed under a new one."`
}

// Rotate changes the master key.
type Rotate struct{}

// Run seals every organisation's key under a new master key. It can be stopped and run again.
func (c *Rotate) Run(all *Commands, parts program.Parts) error {
	s, err := all.records()
	if err != nil {
		return err
	}
	lock, err := nobodyServes(s)
	if err != nil {
		return err
	}
	defer lock.Close()
	own := s.MasterKey == ""
	if own {
		if _, err := store.StageKey(s.Data); err != nil {
			return err
		}
	}
	err = all.open(parts, func(ctx context.Context, p *program.Program) error {
		n, err := p.Store.Rotate(ctx)
		if err == nil {
			fmt.Println(say("rotated", "n", fmt.Sprint(n)))
		}
		return err
	})
	if err != nil {
		return err
	}
	if !own {
		fmt.Println(say("rotated-setting"))
		return nil
	}
	aside, err := store.DropKeys(s.Data, time.Now())
	if err == nil {
		fmt.Println(say("rotated-file", "file", aside))
	}
	return err
}

// Move takes everything from SQLite to PostgreSQL.
type Move struct {
	To string `arg:"" help:"The address of an empty PostgreSQL database: postgres://…"`
}

// Run copies everything and closes the old database for good.
func (c *Move) Run(all *Commands, parts program.Parts) error {
	s, err := all.records()
	if err != nil {
		return err
	}
	if s.DatabaseURL != "" {
		return errors.New(say("move-already"))
	}
	lock, err := nobodyServes(s)
	if err != nil {
		return err
	}
	defer lock.Close()
	return all.open(parts, func(ctx context.Context, p *program.Program) error {
		keys, _, err := program.MasterKeys(s)
		if err != nil {
			return err
		}
		to, err := store.Open(ctx, store.Options{URL: c.To, Keys: keys, Log: logger(s.LogLevel)})
		if err != nil {
			return err
		}
		counts, err := p.Store.Move(ctx, to)
		if err != nil {
			return errors.Join(err, to.Close())
		}
		for _, table := range slices.Sorted(maps.Keys(counts)) {
			fmt.Println(say("moved-line", "table", table, "n", fmt.Sprint(counts[table])))
		}
		orgs, err := to.Trails(ctx)
		for _, org := range orgs {
			report, verr := to.Verify(ctx, org)
			if err = errors.Join(err, verr); verr == nil {
				fmt.Println(trailLine(report))
			}
		}
		if err == nil {
			fmt.Println(say("moved"))
		}
		return errors.Join(err, to.Close())
	})
}
