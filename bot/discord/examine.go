package discord

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bwmarrin/discordgo"

	"shareright/bot"
)

// Finding is something that does not work, and what to do about it.
type Finding struct{ What, Fix string }

// application is the app as Discord keeps it.
type application struct {
	ID       string `json:"id"`
	Key      string `json:"verify_key"`
	Endpoint string `json:"interactions_endpoint_url"`
}

// Examine tests each part of the set-up in Discord: the token, the app, the server, the
// connection, the channels for the leads and the people in charge. It returns the bot's name
// and everything that does not work.
func (p *Platform) Examine(ctx context.Context, channels, people []string) (name string, found []Finding) {
	me, err := p.me(ctx)
	if err != nil {
		fix := say("discord.fix-token")
		if !isTokenGone(err) {
			fix = say("discord.dr-network")
		}
		return "", []Finding{{short(err).Error(), fix}}
	}
	var app application
	if err := p.call(ctx, http.MethodGet, discordgo.EndpointApplication("@me"), nil, &app); err != nil {
		found = append(found, Finding{short(err).Error(), say("discord.dr-network")})
	} else {
		found = append(found, p.examineApp(app)...)
	}
	if p.config.Transport == Gateway {
		if err := p.gateway.shake(ctx); err != nil {
			found = append(found, Finding{err.Error(), fixOf(err, say("discord.dr-network"))})
		}
	}
	return me.Username, append(found, p.examineServer(ctx, me.ID, channels, people)...)
}

// fixOf is how to mend a permanent failure, or else.
func fixOf(err error, otherwise string) string {
	if gone := new(bot.Unreachable); errors.As(err, &gone) {
		return gone.Fix
	}
	return otherwise
}

// Drift is how far this computer's clock is from Discord's, as its last answer told it.
func (p *Platform) Drift() time.Duration {
	p.pace.mu.Lock()
	defer p.pace.mu.Unlock()
	return p.pace.drift
}

// examineApp compares the settings with the app's page at Discord.
func (p *Platform) examineApp(app application) (found []Finding) {
	if id := p.config.ApplicationID; id != "" && id != app.ID {
		found = append(found, Finding{say("discord.dr-app", "set", id, "is", app.ID), say("discord.dr-app-fix")})
	}
	if key := p.config.PublicKey; key != "" && !strings.EqualFold(key, app.Key) {
		found = append(found, Finding{say("discord.dr-key"), say("discord.dr-key-fix")})
	}
	switch {
	case p.config.Transport == HTTP && app.Endpoint == "":
		found = append(found, Finding{say("discord.dr-no-endpoint"), say("discord.dr-no-endpoint-fix")})
	case p.config.Transport == HTTP && !strings.HasSuffix(app.Endpoint, endpoint):
		found = append(found, Finding{say("discord.dr-other-endpoint", "address", app.Endpoint), say("discord.dr-no-endpoint-fix")})
	case p.config.Transport == Gateway && app.Endpoint != "":
		found = append(found, Finding{say("discord.dr-endpoint", "address", app.Endpoint), say("discord.dr-endpoint-fix")})
	}
	return found
}

// examineServer looks whether the bot is in the server, may post to the leads, and finds the
// people in charge.
func (p *Platform) examineServer(ctx context.Context, me string, channels, people []string) (found []Finding) {
	guild := p.config.GuildID
	if guild != "" {
		err := p.call(ctx, http.MethodGet, discordgo.EndpointGuild(guild), nil, nil)
		if status, _ := refusal(err); status == http.StatusForbidden || status == http.StatusNotFound {
			return []Finding{{say("discord.dr-no-server", "server", guild), p.inviteFix(ctx)}}
		}
	}
	for _, channel := range channels {
		wrong := p.examineChannel(ctx, me, channel)
		if open := new(bot.Exposed); len(wrong) == 0 && errors.As(p.Reach(ctx, bot.Address{Platform: Name, Channel: channel}), &open) {
			wrong = []Finding{{say("discord.dr-public", "channel", channel), open.Fix}}
		}
		found = append(found, wrong...)
	}
	for _, who := range people {
		if guild == "" {
			break
		}
		err := p.call(ctx, http.MethodGet, discordgo.EndpointGuildMember(guild, who), nil, nil)
		if status, _ := refusal(err); status == http.StatusNotFound || status == http.StatusBadRequest {
			found = append(found, Finding{say("discord.dr-no-member", "who", who), say("discord.dr-no-member-fix")})
		}
	}
	return found
}

// Invite is the address that adds the bot to a server, with the permissions it needs.
func Invite(app string) string {
	return "https://discord.com/oauth2/authorize?client_id=" + app + "&scope=bot+applications.commands&permissions=" + strconv.FormatInt(needed, 10)
}

func (p *Platform) inviteFix(ctx context.Context) string {
	app, err := p.application(ctx)
	if err != nil {
		return say("discord.fix-removed")
	}
	return say("discord.dr-invite", "address", Invite(app))
}

// needed is what the bot must be allowed to do where it posts: see the channel, send
// messages, and answer under its own card.
const needed = discordgo.PermissionViewChannel | discordgo.PermissionSendMessages | discordgo.PermissionReadMessageHistory

// place is a channel with the exceptions it makes.
type place struct {
	Guild      string      `json:"guild_id"`
	Exceptions []exception `json:"permission_overwrites"`
}

// exception is what a role or a person is allowed or denied in a channel.
type exception struct {
	ID    string `json:"id"`
	Allow string `json:"allow"`
	Deny  string `json:"deny"`
}

type role struct {
	ID      string `json:"id"`
	Allowed string `json:"permissions"`
}

func (p *Platform) examineChannel(ctx context.Context, me, channel string) []Finding {
	var at place
	err := p.call(ctx, http.MethodGet, discordgo.EndpointChannel(channel), nil, &at)
	if err = deliveryError(err, bot.Address{Channel: channel}); err != nil {
		return []Finding{{say("discord.dr-channel", "channel", channel), fixOf(err, say("discord.dr-network"))}}
	}
	if p.config.GuildID != "" && at.Guild != "" && at.Guild != p.config.GuildID {
		return []Finding{{say("discord.dr-other-channel", "channel", channel), say("discord.dr-other-channel-fix")}}
	}
	var mine struct {
		Roles []string `json:"roles"`
	}
	var roles []role
	err = errors.Join(p.call(ctx, http.MethodGet, discordgo.EndpointGuildMember(at.Guild, me), nil, &mine),
		p.call(ctx, http.MethodGet, discordgo.EndpointGuildRoles(at.Guild), nil, &roles))
	if err != nil {
		return nil // a direct message channel, or Discord does not say: a post will
	}
	if lacks := needed &^ allowed(at, roles, append(mine.Roles, at.Guild), me); lacks != 0 {
		return []Finding{{say("discord.dr-channel", "channel", channel), say("discord.fix-access", "where", channel)}}
	}
	return nil
}

// allowed is what somebody with these roles may do in a channel, by Discord's own order:
// everybody's role, then roles, then the person.
func allowed(at place, roles []role, mine []string, me string) int64 {
	var base int64
	for _, r := range roles {
		if slices.Contains(mine, r.ID) {
			base |= bits(r.Allowed)
		}
	}
	if base&discordgo.PermissionAdministrator != 0 {
		return -1
	}
	for _, step := range []func(id string) bool{
		func(id string) bool { return id == at.Guild },
		func(id string) bool { return id != at.Guild && slices.Contains(mine, id) },
		func(id string) bool { return id == me },
	} {
		var allow, deny int64
		for _, o := range at.Exceptions {
			if step(o.ID) {
				allow, deny = allow|bits(o.Allow), deny|bits(o.Deny)
			}
		}
		base = base&^deny | allow
	}
	return base
}

func bits(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 0
	}
	return n
}
