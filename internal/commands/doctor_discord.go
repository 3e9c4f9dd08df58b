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
	channels, people := e.places(discord.Name)
	listed := slices.ContainsFunc(e.config.Organisations, func(o config.Organisation) bool {
		return slices.ContainsFunc(o.Workspaces, func(w config.Contact) bool { return w.Platform == discord.Name })
	})
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
