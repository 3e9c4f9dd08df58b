package commands

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"shareright/bot/discord"
	"shareright/config"
	"shareright/internal/program"
	"shareright/knowledge/words"
)

// discord tests the set-up in Discord: token, app, server, connection, channel and people.
func (e *examination) discord(ctx context.Context, parts program.Parts) {
	p, err := discordFrom(e.config, parts.Features, logger(max(e.config.LogLevel, slog.LevelWarn)))
	if err != nil {
		e.problem("discord", err.Error(), "")
		return
	}
	channels, people, listed := inDiscord(e.config)
	name, found := p.Examine(ctx, channels, people)
	if e.config.Discord.GuildID == "" && !listed {
		found = append(found, discord.Finding{What: words.Say("en", "discord.dr-any-server"), Fix: words.Say("en", "discord.dr-any-server-fix")})
	}
	for _, f := range found {
		e.problem("discord", f.What, f.Fix)
	}
	if len(found) == 0 {
		e.fine("discord", say("doctor-discord-works", "name", name))
	}
	if drift := p.Drift(); drift > mostDrift {
		e.problem("clock", say("doctor-drift", "time", drift.Round(time.Second).String()), say("doctor-clock"))
	}
}

// inDiscord lists the channels and people of all organisations that are in Discord, and
// says whether any of them names its servers.
func inDiscord(c config.Config) (channels, people []string, listed bool) {
	here := func(list []string, contact config.Contact) []string {
		if contact.Platform != discord.Name || slices.Contains(list, contact.ID) {
			return list
		}
		return append(list, contact.ID)
	}
	for _, o := range c.Organisations {
		channels = here(channels, o.Escalation)
		for _, role := range config.Roles {
			for _, holder := range o.Roles[role] {
				people = here(people, holder)
			}
		}
		listed = listed || slices.ContainsFunc(o.Workspaces, func(w config.Contact) bool { return w.Platform == discord.Name })
	}
	return channels, people, listed
}
