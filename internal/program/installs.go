package program

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync/atomic"

	"shareright/bot"
	"shareright/bot/slack"
	"shareright/internal/directory"
)

// Where the tokens of workspaces are kept: apart from every organisation's records, each
// sealed under a key of its own.
const (
	installOrg  = bot.OrgID("slack-installs")
	installKind = "slackinstall"
)

// errEarly says that the database is not open yet.
var errEarly = errors.New("the database is not open yet")

// Installs is a slack.Vault in the program's store. The zero Installs waits for Open.
type Installs struct{ p atomic.Pointer[Program] }

// Open gives the vault its program, and brings back every workspace that has ever
// installed the app: clocks go on even where it was removed.
func (v *Installs) Open(ctx context.Context, p *Program) error {
	v.p.Store(p)
	all, err := v.read(ctx)
	for _, in := range all {
		v.join(p, in)
	}
	return err
}

func (v *Installs) join(p *Program, in slack.Install) {
	p.Directory.Join(directory.Joined{Platform: slack.Name, Workspace: in.Team, Name: in.Name, Installer: in.Installer})
}

// Keep stores an install, and makes an organisation of a workspace that is new.
func (v *Installs) Keep(ctx context.Context, in slack.Install) error {
	if err := v.put(ctx, in, "install.kept"); err != nil {
		return err
	}
	p := v.p.Load()
	v.join(p, in)
	return p.Bot.Start(ctx)
}

// Drop destroys a token: the row's old key goes with it, and the new row holds none.
func (v *Installs) Drop(ctx context.Context, team string) error {
	all, err := v.read(ctx)
	if err != nil {
		return err
	}
	for _, in := range all {
		if in.Team == team {
			in.Token = ""
			return v.put(ctx, in, "install.dropped")
		}
	}
	return nil
}

// All lists the installs that have a token.
func (v *Installs) All(ctx context.Context) ([]slack.Install, error) {
	all, err := v.read(ctx)
	var with []slack.Install
	for _, in := range all {
		if in.Token != "" {
			with = append(with, in)
		}
	}
	return with, err
}

func (v *Installs) put(ctx context.Context, in slack.Install, what string) error {
	p := v.p.Load()
	if p == nil {
		return errEarly
	}
	body, err := json.Marshal(in)
	if err != nil {
		return fmt.Errorf("store an install: %w", err)
	}
	return p.Store.Update(ctx, func(tx bot.Tx) error {
		row, err := tx.Get(ctx, installOrg, installKind, in.Team)
		if err != nil && !errors.Is(err, bot.ErrNotFound) {
			return fmt.Errorf("find an install: %w", err)
		}
		row.Kind, row.Ref, row.Body, row.Index = installKind, in.Team, body, bot.Index{Opened: in.At}
		if err := tx.Put(ctx, installOrg, row); err != nil {
			return fmt.Errorf("store an install: %w", err)
		}
		return tx.Append(ctx, installOrg, bot.Entry{At: in.At, What: what, Ref: bot.Ref(in.Team)})
	})
}

func (v *Installs) read(ctx context.Context) (all []slack.Install, err error) {
	p := v.p.Load()
	if p == nil {
		return nil, errEarly
	}
	err = p.Store.View(ctx, func(tx bot.Tx) error {
		rows, err := tx.Find(ctx, installOrg, bot.Query{Kind: installKind, Limit: 100_000})
		if errors.Is(err, bot.ErrNotFound) {
			return nil
		}
		for _, row := range rows {
			var in slack.Install
			if err := json.Unmarshal(row.Body, &in); err != nil {
				return fmt.Errorf("read an install: %w", err)
			}
			all = append(all, in)
		}
		return err
	})
	return all, err
}
