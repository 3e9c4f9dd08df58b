package discord

import (
	"context"
	"errors"
	"net/http"

	"github.com/bwmarrin/discordgo"

	"shareright/bot"
)

// Reach says whether a person is still in the server, and whether the bot may still post in
// a channel and who reads it.
func (p *Platform) Reach(ctx context.Context, to bot.Address) error {
	guild := to.Workspace
	if guild == "" {
		guild = p.config.GuildID
	}
	if to.Channel == "" {
		if guild == "" {
			return nil // a person is no member of anything we know; a post will tell
		}
		err := p.call(ctx, http.MethodGet, discordgo.EndpointGuildMember(guild, to.User), nil, nil)
		if status, _ := refusal(err); status == http.StatusNotFound {
			return &bot.Unreachable{Err: errors.New("discord: no member of the server"), Fix: say("discord.fix-gone", "where", to.Name)}
		}
		return deliveryError(err, to)
	}
	var at place
	if err := p.call(ctx, http.MethodGet, discordgo.EndpointChannel(to.Channel), nil, &at); err != nil {
		return deliveryError(err, to)
	}
	me, err := p.me(ctx)
	if err != nil || at.Guild == "" {
		return deliveryError(err, to)
	}
	for _, found := range p.examineChannel(ctx, me.ID, to.Channel) {
		return &bot.Unreachable{Err: errors.New("discord: " + found.What), Fix: found.Fix}
	}
	var roles []role
	if err := p.call(ctx, http.MethodGet, discordgo.EndpointGuildRoles(at.Guild), nil, &roles); err != nil {
		return deliveryError(err, to)
	}
	if allowed(at, roles, []string{at.Guild}, "")&discordgo.PermissionViewChannel != 0 {
		return &bot.Exposed{Err: errors.New("discord: everybody in the server reads the channel"), Fix: say("discord.fix-public", "where", to.Channel)}
	}
	return nil
}
