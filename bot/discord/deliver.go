package discord

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/bwmarrin/discordgo"

	"shareright/bot"
)

// Deliver posts a message, or edits it, and returns its id, "channel:message". A temporary
// failure is a plain error or *bot.Busy, a permanent one *bot.Unreachable. Where an address
// names a person the message goes to them directly, never to the channel.
func (s *Sender) Deliver(ctx context.Context, d bot.Delivery) (bot.MessageID, error) {
	if channel, id, ok := splitID(d.Edit); ok {
		to := discordgo.EndpointChannelMessage(channel, id)
		got, err := s.call(ctx, http.MethodPatch, to, discordgo.EndpointChannelMessage(channel, ""), body(d.Message))
		if code(err) != discordgo.ErrCodeUnknownMessage {
			return joined(channel, got), failure(err, d.To)
		}
		d.To.Channel, d.To.User = channel, "" // somebody deleted it: what it says is still to be said
	}
	channel := d.To.Channel
	if d.To.User != "" {
		var err error
		channel, err = s.call(ctx, http.MethodPost, discordgo.EndpointUserChannels("@me"), "", map[string]any{"recipient_id": d.To.User})
		if err != nil {
			return "", failure(err, d.To)
		}
	}
	if d.Repeat { // Discord remembers a nonce for minutes only
		d.Message.Title = strings.TrimSpace(d.Message.Title + " " + say("bot.repeat"))
	}
	post := body(d.Message)
	if d.Once != "" {
		sum := sha256.Sum256([]byte(d.Once))
		post["nonce"], post["enforce_nonce"] = hex.EncodeToString(sum[:])[:25], true
	}
	if over, id, ok := splitID(d.Under); ok && over == channel {
		post["message_reference"] = map[string]any{"message_id": id, "fail_if_not_exists": false}
	}
	to := discordgo.EndpointChannelMessages(channel)
	id, err := s.call(ctx, http.MethodPost, to, to, post)
	return joined(channel, id), failure(err, d.To)
}

// body is what every post and edit holds: nobody is called, and no link is fetched.
func body(m bot.Message) map[string]any {
	return map[string]any{
		"content":          content(m),
		"allowed_mentions": map[string]any{"parse": []string{}},
		"flags":            int(discordgo.MessageFlagsSuppressEmbeds),
	}
}

// call makes one call and returns the id of what it made or changed.
func (s *Sender) call(ctx context.Context, method, to, bucket string, data any) (string, error) {
	if bucket == "" {
		bucket = to
	}
	raw, err := s.api.RequestWithBucketID(method, to, data, bucket, discordgo.WithContext(ctx))
	if err != nil {
		return "", err
	}
	var made struct{ ID string }
	if err := json.Unmarshal(raw, &made); err != nil || made.ID == "" {
		return "", fmt.Errorf("discord answered %s without an id", method)
	}
	return made.ID, nil
}

func code(err error) int {
	var rest *discordgo.RESTError
	if errors.As(err, &rest) && rest.Message != nil {
		return rest.Message.Code
	}
	return 0
}

// failure says whether trying again can help. It keeps Discord's answer out of the error: it may repeat what was sent.
func failure(err error, to bot.Address) error {
	var limit *discordgo.RateLimitError
	var rest *discordgo.RESTError
	switch {
	case errors.As(err, &limit):
		return &bot.Busy{Err: errors.New("discord is busy"), After: limit.RetryAfter}
	case !errors.As(err, &rest):
		return err
	}
	short := fmt.Errorf("discord refused with status %d, code %d", rest.Response.StatusCode, code(err))
	where := to.Name
	if where == "" {
		where = to.Channel + to.User
	}
	fix := ""
	switch code(err) {
	case discordgo.ErrCodeUnknownChannel:
		fix = "discord.fix-channel"
	case discordgo.ErrCodeMissingAccess, discordgo.ErrCodeMissingPermissions:
		fix = "discord.fix-access"
	case discordgo.ErrCodeCannotSendMessagesToThisUser, discordgo.ErrCodeUnknownUser:
		fix = "discord.fix-person"
	}
	if rest.Response.StatusCode == http.StatusUnauthorized {
		fix = "discord.fix-token"
	}
	if fix == "" {
		return short
	}
	return &bot.Unreachable{Err: short, Fix: say(fix, "where", where)}
}

func joined(channel, id string) bot.MessageID {
	if id == "" {
		return ""
	}
	return bot.MessageID(channel + ":" + id)
}

func splitID(id bot.MessageID) (channel, message string, ok bool) {
	channel, message, ok = strings.Cut(string(id), ":")
	return channel, message, ok && channel != "" && message != ""
}
