package directory

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"shareright/bot"
	"shareright/config"
)

// standIn says who is told when nobody in a role can be reached: somebody always must be.
// What belongs to the safeguarding lead goes past the deputy, who stands in for data protection only.
// The safeguarding lead comes last for everything else: better they hear than nobody.
var standIn = map[bot.Role][]bot.Role{
	bot.DPLead:           {bot.Deputy, bot.Trustee, bot.SafeguardingLead},
	bot.Deputy:           {bot.DPLead, bot.Trustee, bot.SafeguardingLead},
	bot.Trustee:          {bot.DPLead, bot.Deputy, bot.SafeguardingLead},
	bot.SafeguardingLead: {bot.Trustee, bot.DPLead},
}

// Routes lists the ways to an audience, best first. A role is its channel, where it has
// one and everybody there may read it; then each holder by direct message, then on the
// other platforms they have linked, then by notice outside chat; then those who stand in,
// in the same order. Nobody in to.Not is on any route.
func (d *Directory) Routes(ctx context.Context, tx bot.Tx, org bot.Org, to bot.Audience) ([]bot.Route, error) {
	e, err := d.entry(org.ID)
	switch {
	case to.At != nil:
		return []bot.Route{{*to.At}}, nil
	case err != nil:
		return nil, err
	case slices.Contains(to.Not, to.Person):
		return nil, nil
	}
	accounts, err := accountsOf(ctx, tx, org.ID)
	if err != nil {
		return nil, err
	}
	if to.Person != "" {
		routes := []bot.Route{{e.direct(to.Person, "")}}
		return add(routes, e.others(accounts, []bot.PersonID{to.Person}, "")), nil
	}
	var routes []bot.Route
	if at := org.Alerts; to.Role == bot.DPLead && at.Channel != "" && !to.Private && len(to.Not) == 0 {
		at.Name = string(to.Role)
		routes = append(routes, bot.Route{at})
	}
	for _, role := range append([]bot.Role{to.Role}, standIn[to.Role]...) {
		holders := accounts.without(org.People[role], to.Not)
		routes = add(routes, e.directs(holders, role))
		routes = add(routes, e.others(accounts, holders, role))
		if len(holders) > 0 && len(holders) == len(org.People[role]) { // whose address it is, nobody has said: so all may read it, or none
			routes = add(routes, org.Notices[role])
		}
	}
	return routes, nil
}

func add(routes []bot.Route, more bot.Route) []bot.Route {
	if len(more) == 0 {
		return routes
	}
	return append(routes, more)
}

// accounts are people's accounts on other platforms: the person by account.
type accounts map[bot.PersonID]bot.PersonID

func accountsOf(ctx context.Context, tx bot.Tx, org bot.OrgID) (accounts, error) {
	if tx == nil {
		return nil, nil
	}
	rows, err := tx.Find(ctx, org, bot.Query{Kind: bot.AliasKind})
	if err != nil {
		return nil, fmt.Errorf("find linked accounts: %w", err)
	}
	found := accounts{}
	for _, row := range rows {
		found[bot.PersonID(row.Ref)] = row.Owner
	}
	return found, nil
}

func (a accounts) person(id bot.PersonID) bot.PersonID {
	if person, linked := a[id]; linked {
		return person
	}
	return id
}

// without leaves out the people it goes round, whichever of their accounts is named.
func (a accounts) without(all, not []bot.PersonID) []bot.PersonID {
	var left []bot.PersonID
	for _, id := range all {
		if !slices.ContainsFunc(not, func(n bot.PersonID) bool { return a.person(n) == a.person(id) }) {
			left = append(left, id)
		}
	}
	return left
}

func (e entry) directs(people []bot.PersonID, role bot.Role) bot.Route {
	var route bot.Route
	for _, id := range people {
		route = append(route, e.direct(id, role))
	}
	return route
}

// others are the same people's accounts on other platforms.
func (e entry) others(a accounts, people []bot.PersonID, role bot.Role) bot.Route {
	var route bot.Route
	for _, id := range people {
		person := a.person(id)
		if person != id {
			route = append(route, e.direct(person, role))
		}
		var linked []bot.PersonID
		for account, owner := range a {
			if owner == person && account != id {
				linked = append(linked, account)
			}
		}
		slices.Sort(linked) // an address must not depend on chance
		route = append(route, e.directs(linked, role)...)
	}
	return route
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
