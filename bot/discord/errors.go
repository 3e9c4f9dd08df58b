package discord

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"

	"github.com/bwmarrin/discordgo"

	"shareright/bot"
)

// fixes names the sentence that says how to mend each failure that no retry mends.
var fixes = map[int]string{
	discordgo.ErrCodeUnknownChannel:                   "discord.fix-channel",
	discordgo.ErrCodeUnknownGuild:                     "discord.fix-removed",
	discordgo.ErrCodeMissingAccess:                    "discord.fix-access",
	discordgo.ErrCodeMissingPermissions:               "discord.fix-access",
	discordgo.ErrCodeCannotSendMessagesToThisUser:     "discord.fix-person",
	discordgo.ErrCodeUnknownUser:                      "discord.fix-gone",
	discordgo.ErrCodeInvalidRecipients:                "discord.fix-gone",
	discordgo.ErrCodeCannotSendMessagesInVoiceChannel: "discord.fix-channel",
	codeNoMutualGuilds:                                "discord.fix-gone",
	codeThreadArchived:                                "discord.fix-archived",
	discordgo.ErrCodeInvalidFormBody:                  "discord.fix-other",
	discordgo.ErrCodeCannotSendEmptyMessage:           "discord.fix-other",
}

// Codes that the library does not name.
const (
	codeNoMutualGuilds = 50278 // the person shares no server with the bot any more
	codeThreadArchived = 50083
	codeTooLarge       = 40005  // a file
	codeNoHistory      = 160002 // a reply needs the right to read what was said before
)

// goneError is remembered for a place that nothing reaches.
type goneError struct{ bot.Unreachable }

// placeGone says that it is the place that nothing reaches, and not the message or the token.
func placeGone(gone *bot.Unreachable) bool {
	var refused *refused
	return errors.As(gone.Err, &refused) && refused.place
}

// refused is Discord's refusal, without its words.
type refused struct {
	err   error
	place bool // it is about the place
}

func (r *refused) Error() string { return "discord: " + r.err.Error() }
func (r *refused) Unwrap() error { return r.err }

// deliveryError tells the queue what kind of failure it was: one with a time to wait, one
// that no retry mends, or another. It is nil for nil.
func deliveryError(err error, to bot.Address) error {
	if err == nil {
		return nil
	}
	if busy, gone := new(bot.Busy), new(bot.Unreachable); errors.As(err, &busy) || errors.As(err, &gone) {
		return err
	}
	if wait := retryAfter(err); wait > 0 {
		return &bot.Busy{Err: fmt.Errorf("discord: %w", short(err)), After: wait}
	}
	status, code := refusal(err)
	key := fixes[code]
	switch {
	case isTokenGone(err):
		key = "discord.fix-token"
	case key == "" && status == http.StatusForbidden:
		key = "discord.fix-access"
	case key == "" && status == http.StatusNotFound:
		key = "discord.fix-channel"
	}
	if key == "" {
		return fmt.Errorf("discord: %w", short(err))
	}
	where := cmp.Or(to.Channel, to.Name, to.User)
	place := key != "discord.fix-token" && key != "discord.fix-other"
	return &bot.Unreachable{Err: &refused{short(err), place}, Fix: say(key, "where", where, "code", fmt.Sprint(code))}
}
