package directory

import (
	"context"
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
func (d *Directory) Routes(_ context.Context, _ bot.Tx, org bot.Org, to bot.Audience) ([]bot.Route, error) {
	e, err := d.entry(org.ID)
	switch {
	case to.At != nil:
		return []bot.Route{{*to.At}}, nil
	case err != nil:
		return nil, err
	case slices.Contains(to.Not, to.Person):
		return nil, nil
	case to.Person != "":
		return []bot.Route{{e.direct(to.Person, "")}}, nil
	}
	var routes []bot.Route
	if at := org.Alerts; to.Role == bot.DPLead && at.Channel != "" && !to.Private && len(to.Not) == 0 {
		at.Name = string(to.Role)
		routes = append(routes, bot.Route{at})
	}
	for _, role := range append([]bot.Role{to.Role}, standIn[to.Role]...) {
		var route bot.Route
		for _, id := range org.People[role] {
			if !slices.Contains(to.Not, id) {
				route = append(route, e.direct(id, role))
			}
		}
		if len(route) > 0 {
			routes = append(routes, route)
		}
	}
	return routes, nil
}

// direct is a person's direct messages. An address is remembered with what was posted
// there, so it holds nothing that may change, such as a person's name.
func (e entry) direct(id bot.PersonID, role bot.Role) bot.Address {
	platform, user, _ := strings.Cut(string(id), ":")
	return bot.Address{Platform: platform, Workspace: e.workspace(platform), User: user, Name: string(role)}
}

// workspace is the organisation's workspace on a platform, where the configuration names one.
func (e entry) workspace(platform string) string {
	i := slices.IndexFunc(e.workspaces, func(w config.Contact) bool { return w.Platform == platform })
	if i < 0 {
		return ""
	}
	return e.workspaces[i].ID
}
