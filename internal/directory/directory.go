// Package directory knows the organisations, their people and where they can be
// reached, from the configuration and from what people's platforms have told about them.
//
// Roles given in the configuration are asked anew at every turn, so a change works at
// the next start without touching what is stored. Delivery itself is the platforms' part.
package directory

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"shareright/bot"
	"shareright/config"
)

// Directory is a bot.Directory over a configuration.
type Directory struct {
	mu   sync.RWMutex
	orgs []entry
}

// Joined is a workspace that installed the app by itself. It is an organisation of its own,
// unless the configuration gives the workspace to one.
type Joined struct {
	Platform, Workspace string
	Name                string
	Installer           string // the platform's id of who installed it
}

// Join adds a workspace, or a new installer of it, and returns its organisation.
func (d *Directory) Join(j Joined) bot.OrgID {
	d.mu.Lock()
	defer d.mu.Unlock()
	at := config.Contact{Platform: j.Platform, ID: j.Workspace}
	i := slices.IndexFunc(d.orgs, func(e entry) bool { return slices.Contains(e.workspaces, at) })
	if i < 0 {
		e := entry{workspaces: []config.Contact{at}, org: orgOf(config.Default().Organisations[0])}
		d.orgs = append(d.orgs, e)
		i = len(d.orgs) - 1
		d.orgs[i].org.ID, d.orgs[i].org.Name = bot.OrgID(j.Platform+"-"+strings.ToLower(j.Workspace)), j.Name
	}
	d.orgs[i].org.Installer = bot.PersonID(j.Platform + ":" + j.Installer)
	return d.orgs[i].org.ID
}

type entry struct {
	org        bot.Org
	workspaces []config.Contact
	hasNation  bool // the configuration says which one
}

// New returns the directory of the configured organisations.
func New(c config.Config) *Directory {
	d := &Directory{}
	for _, o := range c.Organisations {
		e := entry{workspaces: o.Workspaces, org: orgOf(o), hasNation: o.HasNation}
		if o.Escalation.ID != "" {
			e.org.Alerts = bot.Address{Platform: o.Escalation.Platform, Workspace: e.workspace(o.Escalation.Platform), Channel: o.Escalation.ID}
		}
		e.org.Mails = c.Mail.Used()
		if o.Mailbox != "" && e.org.Mails {
			e.org.Mailbox = bot.Address{Platform: byEmail, User: o.Mailbox, Name: "checkpoints"}
		}
		d.orgs = append(d.orgs, e)
	}
	return d
}

func orgOf(o config.Organisation) bot.Org {
	people := map[bot.Role][]bot.PersonID{}
	for role, holders := range o.Roles {
		for _, h := range holders {
			people[bot.Role(role)] = append(people[bot.Role(role)], bot.PersonID(h.String()))
		}
	}
	return bot.Org{ID: bot.OrgID(o.ID), Name: o.Name, Nation: o.Nation, WorksIn: o.WorksIn, Zone: o.Zone, School: o.School,
		Network: o.Network, ICO: o.Regulator, People: people, Registration: o.Number, Contact: bot.Contact(o.Lead), Notices: noticesOf(o)}
}

// byEmail is the platform on which people get notice and cannot answer.
const byEmail = "email"

func noticesOf(o config.Organisation) map[bot.Role][]bot.Address {
	notices := map[bot.Role][]bot.Address{}
	for role, emails := range o.Emails {
		for _, email := range emails {
			notices[bot.Role(role)] = append(notices[bot.Role(role)], bot.Address{Platform: byEmail, User: email, Name: role})
		}
	}
	return notices
}

// Org returns the organisation that lists the workspace, or the only one when it lists none.
func (d *Directory) Org(_ context.Context, platform, workspace string) (bot.Org, error) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	for _, e := range d.orgs {
		if slices.Contains(e.workspaces, config.Contact{Platform: platform, ID: workspace}) {
			return e.org, nil
		}
	}
	if len(d.orgs) == 1 && !d.orgs[0].lists(platform) {
		return d.orgs[0].org, nil
	}
	return bot.Org{}, fmt.Errorf("find the organisation of %s workspace %q: %w", platform, workspace, bot.ErrNotFound)
}

// lists says whether the organisation names its workspaces on a platform, so that others are strangers.
func (e entry) lists(platform string) bool {
	return slices.ContainsFunc(e.workspaces, func(w config.Contact) bool { return w.Platform == platform })
}

// OrgByID returns the organisation, or bot.ErrNotFound.
func (d *Directory) OrgByID(_ context.Context, id bot.OrgID) (bot.Org, error) {
	e, err := d.entry(id)
	return e.org, err
}

func (d *Directory) entry(id bot.OrgID) (entry, error) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	for _, e := range d.orgs {
		if e.org.ID == id {
			return e, nil
		}
	}
	return entry{}, fmt.Errorf("find organisation %q: %w", id, bot.ErrNotFound)
}

// Orgs lists the organisations in the order of the configuration.
func (d *Directory) Orgs(context.Context) ([]bot.Org, error) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	orgs := make([]bot.Org, len(d.orgs))
	for i, e := range d.orgs {
		orgs[i] = e.org
	}
	return orgs, nil
}

// Now returns the organisation with what was set up in chat: people for the roles, a place
// for alerts and where it works, as far as the configuration leaves them open.
func (d *Directory) Now(ctx context.Context, tx bot.Tx, org bot.Org) (bot.Org, error) {
	row, err := tx.Get(ctx, org.ID, bot.ChosenKind, bot.ChosenRef)
	if errors.Is(err, bot.ErrNotFound) {
		return org, nil
	}
	var c bot.Chosen
	if err == nil {
		err = json.Unmarshal(row.Body, &c)
	}
	if err != nil {
		return org, fmt.Errorf("read what was set up in chat: %w", err)
	}
	people := maps.Clone(org.People)
	for role, holders := range c.Roles {
		if len(people[role]) == 0 {
			people[role] = holders
		}
	}
	org.People, org.Notices = people, maps.Clone(org.Notices)
	for role, email := range c.Emails {
		if len(org.Notices[role]) == 0 && org.Notices != nil {
			org.Notices[role] = []bot.Address{{Platform: byEmail, User: email, Name: string(role)}}
		}
	}
	if org.Alerts == (bot.Address{}) {
		org.Alerts, org.Picked = c.Alerts, c.Alerts.Channel != ""
	}
	if len(org.WorksIn) == 0 && len(c.WorksIn) > 0 {
		org.WorksIn = c.WorksIn
		if e, err := d.entry(org.ID); err == nil && !e.hasNation {
			org.Nation = config.NationOf(c.WorksIn[0])
		}
	}
	return org, nil
}

// Person returns who a platform's user is. A name that the platform tells is remembered
// with the turn, so that others can be told who has taken something on.
func (d *Directory) Person(ctx context.Context, tx bot.Tx, org bot.Org, platform, user, name string) (bot.Person, error) {
	id, err := linked(ctx, tx, org.ID, bot.PersonID(platform+":"+user))
	if err != nil {
		return bot.Person{}, err
	}
	row, k, err := read(ctx, tx, org.ID, id)
	if err != nil && !errors.Is(err, bot.ErrNotFound) {
		return bot.Person{}, err
	}
	if name != "" && name != k.Name {
		k.Name = name
		if row.Body, err = json.Marshal(k); err != nil {
			return bot.Person{}, fmt.Errorf("store person: %w", err)
		}
		row.Kind, row.Ref, row.Owner = bot.SpeakerKind, string(id), id
		if err := tx.Put(ctx, org.ID, row); err != nil {
			return bot.Person{}, fmt.Errorf("store person: %w", err)
		}
	}
	return person(org, id, k), nil
}

// linked is the person that an account was linked to, or the account itself.
func linked(ctx context.Context, tx bot.Tx, org bot.OrgID, account bot.PersonID) (bot.PersonID, error) {
	row, err := tx.Get(ctx, org, bot.AliasKind, string(account))
	switch {
	case errors.Is(err, bot.ErrNotFound):
		return account, nil
	case err != nil:
		return account, fmt.Errorf("find linked account: %w", err)
	}
	return row.Owner, nil
}

// ByID returns a person who has spoken or who holds a role, or bot.ErrNotFound.
func (d *Directory) ByID(ctx context.Context, tx bot.Tx, org bot.Org, id bot.PersonID) (bot.Person, error) {
	_, k, err := read(ctx, tx, org.ID, id)
	p := person(org, id, k)
	if errors.Is(err, bot.ErrNotFound) && len(p.Roles) > 0 {
		err = nil
	}
	return p, err
}

func read(ctx context.Context, tx bot.Tx, org bot.OrgID, id bot.PersonID) (bot.Row, bot.Speaker, error) {
	var k bot.Speaker
	row, err := tx.Get(ctx, org, bot.SpeakerKind, string(id))
	if err != nil {
		return row, k, fmt.Errorf("find person: %w", err)
	}
	if err := json.Unmarshal(row.Body, &k); err != nil {
		return row, k, fmt.Errorf("read person: %w", err)
	}
	return row, k, nil
}

func person(org bot.Org, id bot.PersonID, k bot.Speaker) bot.Person {
	p := bot.Person{ID: id, Name: k.Name, Lang: k.Lang}
	if p.Name == "" {
		_, p.Name, _ = strings.Cut(string(id), ":")
	}
	for _, role := range config.Roles {
		if slices.Contains(org.People[bot.Role(role)], id) {
			p.Roles = append(p.Roles, bot.Role(role))
		}
	}
	p.Name = bot.ShownName(p)
	return p
}
