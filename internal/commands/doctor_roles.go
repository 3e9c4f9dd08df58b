package commands

import (
	"context"
	"slices"
	"strings"

	"shareright/bot"
	"shareright/config"
	"shareright/internal/program"
)

// gaps parts what the settings leave open: roles, which may have been filled in chat, and the rest.
func (e *examination) gaps() (roles, rest config.Problems) {
	for _, p := range e.config.Gaps() {
		if strings.HasPrefix(p.Key, "organisation.roles.") {
			roles = append(roles, p)
		} else {
			rest = append(rest, p)
		}
	}
	return roles, rest
}

// lookUp finds the organisations as they are now: with the people and the channel that were chosen in chat.
func (e *examination) lookUp(ctx context.Context, p *program.Program) {
	orgs, err := p.Directory.Orgs(ctx)
	if err == nil {
		err = p.Store.View(ctx, func(tx bot.Tx) (err error) {
			for i := 0; i < len(orgs) && err == nil; i++ {
				orgs[i], err = p.Directory.Now(ctx, tx, orgs[i])
			}
			return err
		})
	}
	if err != nil {
		e.problem("people", err.Error(), "")
		return
	}
	e.orgs = orgs
}

// chosen tells which roles nobody holds, neither in the settings nor by the set-up in chat.
func (e *examination) chosen() {
	roles, _ := e.gaps()
	if len(roles) == 0 || len(e.orgs) == 0 {
		return
	}
	open := 0
	for _, gap := range roles {
		role := strings.ReplaceAll(strings.TrimPrefix(gap.Key, "organisation.roles."), "_", "-")
		if len(e.orgs[0].People[bot.Role(role)]) > 0 {
			continue
		}
		open++
		place := gap
		place.Do = ""
		e.problem("people", place.String(), gap.Do+say("doctor-or-setup"))
	}
	if open == 0 {
		e.fine("people", say("doctor-roles-chat"))
	}
}

// places lists the channels for alerts and the people in charge that are on a platform.
func (e *examination) places(platform string) (channels, people []string) {
	add := func(list []string, at, id string) []string {
		if at != platform || id == "" || slices.Contains(list, id) {
			return list
		}
		return append(list, id)
	}
	for _, o := range e.orgs {
		channels = add(channels, o.Alerts.Platform, o.Alerts.Channel)
		for _, role := range config.Roles {
			for _, holder := range o.People[bot.Role(role)] {
				at, id, _ := strings.Cut(string(holder), ":")
				people = add(people, at, id)
			}
		}
	}
	return channels, people
}
