package slack

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	api "github.com/slack-go/slack"

	"shareright/bot"
)

// Install is what one workspace gave the app. It is stored, sealed: fields may be added, never renamed.
type Install struct {
	Team      string    `json:"team"`
	Name      string    `json:"name"`
	Token     string    `json:"token,omitempty"` // empty once the app was removed
	Bot       string    `json:"bot"`             // the bot's user id
	Installer string    `json:"installer"`       // who may set it up
	Scopes    string    `json:"scopes"`
	At        time.Time `json:"at"`
}

// Vault keeps installs, for an app that several workspaces use.
type Vault interface {
	// Keep stores an install over an earlier one of the same workspace.
	Keep(ctx context.Context, in Install) error
	// Drop destroys the token of a workspace. Its records, and their clocks, stay.
	Drop(ctx context.Context, team string) error
	// All lists the installs that still have a token.
	All(ctx context.Context) ([]Install, error)
}

// several says whether workspaces install the app themselves; otherwise there is one, with the token of the settings.
func (c Config) several() bool { return c.ClientID != "" }

// teams are the clients of the workspaces, by their id. The zero teams are ready for use.
type teams struct {
	mu sync.RWMutex
	by map[string]*api.Client
}

func (t *teams) get(team string) *api.Client {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.by[t.only(team)]
}

// only is the id of the workspace that is meant: where there is one, it need not be named. The lock is held.
func (t *teams) only(team string) string {
	if len(t.by) == 1 && team == "" {
		for only := range t.by {
			return only
		}
	}
	return team
}

// named is one name for a workspace, however an address calls it.
func (p *Platform) named(team string) string {
	if !p.config.several() {
		return ""
	}
	p.teams.mu.RLock()
	defer p.teams.mu.RUnlock()
	return p.teams.only(team)
}

func (t *teams) set(team string, client *api.Client) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.by == nil {
		t.by = map[string]*api.Client{}
	}
	if client == nil {
		delete(t.by, team)
		return
	}
	t.by[team] = client
}

func (p *Platform) newClient(token string) *api.Client {
	return api.New(token, api.OptionHTTPClient(p.config.Client), api.OptionAppLevelToken(p.config.AppToken), api.OptionAPIURL(p.config.APIURL))
}

// of is the client for a workspace. The app is not installed there when it is nil.
func (p *Platform) of(team string) *api.Client {
	if !p.config.several() {
		return p.api
	}
	return p.teams.get(team)
}

// reach is of, with the error for a workspace in which the app is not installed any more.
func (p *Platform) reach(team string) (*api.Client, error) {
	if client := p.of(team); client != nil {
		return client, nil
	}
	return nil, &bot.Unreachable{Err: fmt.Errorf("slack: not installed in workspace %q", team), Fix: say("slack.fix-install")}
}

// load takes every install from the vault. It is tried until it works: without it nobody is answered.
func (p *Platform) load(ctx context.Context) {
	for wait := time.Second; ; wait = min(2*wait, time.Minute) {
		all, err := p.config.Vault.All(ctx)
		if err == nil {
			for _, in := range all {
				p.teams.set(in.Team, p.newClient(in.Token))
			}
			return
		}
		p.log.Error("the installs cannot be read; trying again", "wait", wait, "error", err)
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
	}
}

// gone is called when Slack says that a workspace removed the app or took a token back.
// Such an event may come twice, in either order, and after a new install; so the token that
// we hold decides, not the event.
func (p *Platform) gone(ctx context.Context, team string) error {
	client := p.teams.get(team)
	if client == nil || team == "" {
		return nil
	}
	err := p.call(ask{team: team, method: "auth.test"}, true, func() error {
		_, err := client.AuthTestContext(ctx)
		return err
	})
	if err == nil {
		return nil
	}
	if fixes[code(err)] != "slack.fix-token" {
		return fmt.Errorf("test the token of a workspace: %w", err)
	}
	if err := p.config.Vault.Drop(ctx, team); err != nil {
		return fmt.Errorf("drop the token of a workspace: %w", err)
	}
	if p.teams.get(team) == client {
		p.teams.set(team, nil)
	}
	p.log.Warn("a workspace removed the app; its token is destroyed, its records and clocks stay", "workspace", team)
	return nil
}

// install keeps what Slack gave for a workspace, and begins to answer there.
func (p *Platform) install(ctx context.Context, r *api.OAuthV2Response) (Install, error) {
	if r.IsEnterpriseInstall || r.Team.ID == "" {
		return Install{}, errors.New("a whole company was chosen; choose one workspace")
	}
	in := Install{Team: r.Team.ID, Name: r.Team.Name, Token: r.AccessToken, Bot: r.BotUserID, Installer: r.AuthedUser.ID, Scopes: r.Scope, At: time.Now().UTC()}
	if err := p.config.Vault.Keep(ctx, in); err != nil {
		return in, fmt.Errorf("keep an install: %w", err)
	}
	p.teams.set(in.Team, p.newClient(in.Token))
	p.log.Info("installed in a workspace", "workspace", in.Team)
	return in, nil
}
