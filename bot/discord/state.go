package discord

import (
	"context"
	"encoding/json"
	"errors"

	"shareright/bot"
)

// guild notes that a server is there, out of order for a while, or lost: the bot was removed.
func (g *gateway) guild(f frame) {
	var guild struct {
		ID          string `json:"id"`
		Unavailable bool   `json:"unavailable"`
	}
	if json.Unmarshal(f.Data, &guild) != nil || guild.ID == "" {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.guilds == nil {
		g.guilds = map[string]bool{}
	}
	switch {
	case f.Name == "GUILD_CREATE":
		g.guilds[guild.ID] = !guild.Unavailable
	case guild.Unavailable:
		g.guilds[guild.ID] = false
		g.log.Warn("a discord server is out of order; what people do there will come later", "server", guild.ID)
	default:
		delete(g.guilds, guild.ID)
		g.log.Error("the bot was removed from a discord server", "server", guild.ID, "fix", say("discord.fix-removed"))
	}
}

// ready says why nothing comes through the gateway, or nil. guild is the server that must
// be among the bot's; empty for any.
func (g *gateway) ready(guild string) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case g.fatal != nil:
		return g.fatal
	case !g.live:
		return errors.New("discord: the gateway is not connected")
	case guild == "":
		return nil
	}
	switch up, in := g.guilds[guild]; {
	case !in:
		return errors.New("discord: " + say("discord.fix-removed"))
	case !up:
		return errors.New("discord: the server is out of order at Discord")
	}
	return nil
}

// onlyGuild is the one server the bot is in, or "" when it is in several.
func (g *gateway) onlyGuild() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.guilds) != 1 {
		return ""
	}
	for id := range g.guilds {
		return id
	}
	return ""
}

// shake tries a connection of its own up to Discord's greeting, for doctor.
func (g *gateway) shake(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readyLimit)
	defer cancel()
	g.met = cancel
	_, err := g.once(ctx)
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.fatal != nil {
		return &bot.Unreachable{Err: err, Fix: g.fatal.Error()}
	}
	if g.session != "" {
		return nil
	}
	return err
}
