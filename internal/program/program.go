// Package program makes the parts of Shareright and joins them: store, directory,
// engine and runner. Every command that talks to people starts here, and so do the
// conversations that are played as tests, so that all of them run the same program.
//
// It decides nothing. Which features there are is in parts.go; what the parts do is theirs.
package program

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"shareright/bot"
	"shareright/config"
	"shareright/internal/directory"
	"shareright/internal/failpoint"
	"shareright/internal/papers"
	"shareright/internal/store"
	"shareright/knowledge/calendar"
	"shareright/scheduler"
)

// Parts are what is joined to the engine: features, and the few words that work without a database.
type Parts struct {
	Features  []bot.Feature
	Emergency func(text string) (*bot.Message, bool)
	Personal  func(text string) []string
	Blank     func(text string) string
	Checks    []func(bot.View) []string
	Calendar  *calendar.Calendar // when people are reminded; what is built in when nil
	Kept      map[string]int     // how many months each kind of record is kept after its end; nothing ends without
	// Mistakes are those in the organisation's own content, which is then left out.
	Mistakes []error
}

// Options say how to run; every zero value is useful.
type Options struct {
	Now  func() time.Time // time.Now when nil
	Rate float64          // how fast Now runs against the wall clock; 1 when zero
	Log  *slog.Logger
}

// Program is everything, joined and ready to start.
type Program struct {
	Config    config.Config
	Store     *store.Store
	Directory *directory.Directory
	Bot       *bot.Bot
	Runner    *scheduler.Runner
	KeyMade   bool // a master key was made in the data folder; the operator must keep a copy
}

// Open opens the store, brings it up to date and joins everything to it. Close it after use.
func Open(ctx context.Context, c config.Config, parts Parts, o Options) (*Program, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	keys, made, err := MasterKeys(c)
	if err != nil {
		return nil, err
	}
	p := &Program{Config: c, KeyMade: made, Directory: directory.New(c)}
	p.Store, err = store.Open(ctx, store.Options{URL: c.DatabaseURL.Reveal(), Dir: c.Data, Keys: keys, Now: o.Now, Log: o.Log})
	if err != nil {
		return nil, err
	}
	p.Bot, err = bot.New(mutant(p.Store), p.Directory, parts.Features, bot.Options{
		Now: o.Now, Emergency: parts.Emergency, Personal: parts.Personal, Blank: parts.Blank, Checks: parts.Checks, Draw: papers.Draw, Calendar: parts.Calendar, Kept: parts.Kept, Log: o.Log,
		Simulated: o.Rate != 0 && o.Rate != 1,
		Wake:      func() { p.Runner.Wake() },
	})
	if err != nil {
		return nil, errors.Join(err, p.Store.Close())
	}
	p.Runner = scheduler.NewRunner(p.Store, p.Bot.Work, scheduler.RunnerOptions{Now: o.Now, Rate: o.Rate, Lease: failpoint.Lease(), Log: o.Log})
	return p, nil
}

// Fits says whether the features fit together, and each of their forms on every
// platform's screen. It needs no database.
func Fits(parts Parts) error {
	_, err := bot.New(nil, nil, parts.Features, bot.Options{Checks: parts.Checks})
	return err
}

// MasterKeys returns the keys that the settings give, or those in the data folder,
// where one is made if there is neither a key nor a database.
func MasterKeys(c config.Config) (keys store.KeyRing, made bool, err error) {
	if c.MasterKey != "" {
		if keys, err = store.ParseKeys(c.MasterKey.Reveal()); err != nil {
			return keys, false, fmt.Errorf("read SHARERIGHT_MASTER_KEY: %w", err)
		}
		return keys, false, nil
	}
	return store.LoadOrCreateKey(c.Data)
}

// Expire erases what has ended and what has expired at now, and says how many records that were.
func (p *Program) Expire(ctx context.Context, now time.Time) (int, error) {
	ended, err := p.Bot.Expire(ctx)
	expired, wrong := p.Store.PurgeExpired(ctx, now)
	return ended + expired, errors.Join(err, wrong)
}

// Close finishes what is under way and closes the store.
func (p *Program) Close() error { return p.Store.Close() }
