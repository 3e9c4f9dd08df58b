package slack

import (
	"cmp"
	"context"
	"slices"
	"strings"

	api "github.com/slack-go/slack"

	"shareright/bot"
)

// Finding is something that does not work, and what to do about it.
type Finding struct{ What, Fix string }

// Examine tests each part of the set-up in Slack: the tokens, the permissions, the channels
// for the leads and the people in charge. It returns the workspace, the bot's name and
// everything that does not work. Of an app that several workspaces install it tests only
// the connection: each of them has a token of its own.
func (p *Platform) Examine(ctx context.Context, channels, people []string) (team, name string, found []Finding) {
	if p.config.Transport == Socket {
		found = p.examineSocket(ctx)
	}
	if p.config.several() {
		return "", "", found
	}
	who, err := p.api.AuthTestContext(ctx)
	if err != nil {
		return "", "", append(found, p.finding(err, say("slack.dr-token"), bot.Address{}))
	}
	granted := scopesOf(who)
	if len(granted) > 0 {
		if lacks := slices.DeleteFunc(slices.Clone(Scopes), func(s string) bool { return slices.Contains(granted, s) }); len(lacks) > 0 {
			found = append(found, Finding{What: say("slack.dr-scopes", "scopes", strings.Join(lacks, ", ")), Fix: say("slack.fix-scope")})
		}
	}
	for _, channel := range channels {
		found = append(found, p.examineChannel(ctx, channel, granted)...)
	}
	for _, person := range people {
		_, _, _, err := p.api.OpenConversationContext(ctx, &api.OpenConversationParameters{Users: []string{person}})
		if err != nil {
			found = append(found, p.finding(err, say("slack.dr-person", "who", person), bot.Address{User: person}))
		}
	}
	return who.TeamID, who.User, found
}

// finding tells a failure, with what to do about it where that is known.
func (p *Platform) finding(err error, what string, to bot.Address) Finding {
	if key := fixes[code(err)]; key != "" {
		return Finding{What: what, Fix: say(key, "where", cmp.Or(to.Channel, to.User), "error", code(err))}
	}
	return Finding{What: what, Fix: say("slack.dr-network", "error", cmp.Or(code(err), "?"))}
}

// scopesOf are the permissions that the token has, as Slack says with each answer.
func scopesOf(who *api.AuthTestResponse) []string {
	var granted []string
	for scope := range strings.SplitSeq(who.Header.Get("X-OAuth-Scopes"), ",") {
		if scope = strings.TrimSpace(scope); scope != "" {
			granted = append(granted, scope)
		}
	}
	return granted
}

// examineSocket asks for a connection, and does not open it: it would take events from the bot that runs.
func (p *Platform) examineSocket(ctx context.Context) []Finding {
	_, _, err := p.api.StartSocketModeContext(ctx)
	switch {
	case err == nil:
		return nil
	case code(err) == "":
		return []Finding{p.finding(err, say("slack.dr-socket"), bot.Address{})}
	}
	return []Finding{{What: say("slack.dr-socket"), Fix: say("slack.dr-socket-fix", "error", code(err))}}
}

// examineChannel looks whether a case may be posted in a channel: one of the organisation's
// own, private, in use, with the bot in it.
func (p *Platform) examineChannel(ctx context.Context, channel string, granted []string) []Finding {
	what := say("slack.dr-channel", "channel", channel)
	info, err := p.api.GetConversationInfoContext(ctx, &api.GetConversationInfoInput{ChannelID: channel})
	switch {
	case code(err) == "missing_scope" && slices.Contains(granted, "groups:read"): // that is for private channels; this is another kind
		return []Finding{{What: what, Fix: say("slack.dr-public", "where", channel)}}
	case err != nil:
		return []Finding{p.finding(err, what, bot.Address{Channel: channel})}
	}
	fix := ""
	switch {
	case info.IsArchived:
		fix = "slack.fix-archived"
	case info.IsExtShared || info.IsPendingExtShared:
		fix = "slack.fix-shared"
	case !info.IsPrivate:
		fix = "slack.dr-public"
	case !info.IsMember:
		fix = "slack.fix-member"
	default:
		return nil
	}
	return []Finding{{What: what, Fix: say(fix, "where", channel)}}
}
