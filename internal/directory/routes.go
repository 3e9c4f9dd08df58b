package directory

import (
	"context"
	"errors"
	"slices"
	"strings"

	"shareright/bot"
	"shareright/config"
)

// standIn says who is told when nobody in a role can be reached: somebody always must be.
// What belongs to the safeguarding lead goes past the deputy, who stands in for data protection only.
var standIn = map[bot.Role][]bot.Role{
	bot.DPLead:           {bot.Deputy, bot.Trustee},
	bot.Deputy:           {bot.DPLead, bot.Trustee},
	bot.Trustee:          {bot.DPLead, bot.Deputy},
	bot.SafeguardingLead: {bot.Trustee, bot.DPLead},
}

// Routes lists the ways to an audience, best first. A role is its channel, where it has
// one and everybody there may read it; then each holder by direct message; then those
// who stand in. Nobody in to.Not is on any route.
func (d *Directory) Routes(ctx context.Context, tx bot.Tx, org bot.Org, to bot.Audience) ([]bot.Route, error) {
	switch {
	case to.At != nil:
		return []bot.Route{{*to.At}}, nil
	case to.Person != "":
		if slices.Contains(to.Not, to.Person) {
			return nil, nil
		}
		at, err := d.direct(ctx, tx, org, to.Person, "")
		return []bot.Route{{at}}, err
	}
	e, err := d.entry(org.ID)
	if err != nil {
		return nil, err
	}
	var routes []bot.Route
	if to.Role == bot.DPLead && e.escalation.ID != "" && !to.Private && len(to.Not) == 0 {
		routes = append(routes, bot.Route{{Platform: e.escalation.Platform, Workspace: e.workspace(e.escalation.Platform),
			Channel: e.escalation.ID, Name: string(to.Role)}})
	}
	for _, role := range append([]bot.Role{to.Role}, standIn[to.Role]...) {
		var route bot.Route
		for _, id := range org.People[role] {
			if slices.Contains(to.Not, id) {
				continue
			}
			at, err := d.direct(ctx, tx, org, id, role)
			if err != nil {
				return nil, err
			}
			route = append(route, at)
		}
		if len(route) > 0 {
			routes = append(routes, route)
		}
	}
	return routes, nil
}

// direct is a person's direct messages, called by the role they are reached in or by their name.
func (d *Directory) direct(ctx context.Context, tx bot.Tx, org bot.Org, id bot.PersonID, role bot.Role) (bot.Address, error) {
	platform, user, _ := strings.Cut(string(id), ":")
	at := bot.Address{Platform: platform, User: user, Name: string(role)}
	if e, err := d.entry(org.ID); err == nil {
		at.Workspace = e.workspace(platform)
	}
	if role != "" {
		return at, nil
	}
	_, k, err := read(ctx, tx, org.ID, id)
	if err != nil && !errors.Is(err, bot.ErrNotFound) {
		return at, err
	}
	at.Name = k.Name
	return at, nil
}

// workspace is the organisation's workspace on a platform, where the configuration names one.
func (e entry) workspace(platform string) string {
	i := slices.IndexFunc(e.workspaces, func(w config.Contact) bool { return w.Platform == platform })
	if i < 0 {
		return ""
	}
	return e.workspaces[i].ID
}
