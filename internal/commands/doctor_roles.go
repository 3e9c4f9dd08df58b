package commands

import (
	"context"
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

// chosen tells which roles nobody holds, neither in the settings nor by the set-up in chat.
func (e *examination) chosen(ctx context.Context, p *program.Program) {
	roles, _ := e.gaps()
	if len(roles) == 0 {
		return
	}
	orgs, err := p.Directory.Orgs(ctx)
	if err == nil {
		err = p.Store.View(ctx, func(tx bot.Tx) (err error) {
			orgs[0], err = p.Directory.Now(ctx, tx, orgs[0])
			return err
		})
	}
	if err != nil {
		e.problem("people", err.Error(), "")
		return
	}
	open := 0
	for _, gap := range roles {
		role := strings.ReplaceAll(strings.TrimPrefix(gap.Key, "organisation.roles."), "_", "-")
		if len(orgs[0].People[bot.Role(role)]) > 0 {
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
