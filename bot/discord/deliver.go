package discord

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/bwmarrin/discordgo"

	"shareright/bot"
)

const (
	nonceLife  = 2 * time.Minute  // for this long Discord knows a post again
	deadFor    = 10 * time.Minute // a place that nothing reaches is not tried again for this long
	deadUrgent = time.Minute      // or, for what is urgent, this long
	openFor    = time.Hour        // for this long it is believed who reads a channel
	openAgain  = 5 * time.Minute  // after so long it is asked again, where Discord did not tell
)

// Deliver posts a message, or edits it, and returns its id, "channel:message". A temporary
// failure is a plain error or *bot.Busy, a permanent one *bot.Unreachable. It sends no more
// than once: repeating is the queue's work. Where an address names a person the message goes
// to them directly: outside an interaction Discord shows nothing to one person in a channel.
func (p *Platform) Deliver(ctx context.Context, d bot.Delivery) (bot.MessageID, error) {
	return p.reach(ctx, d, nil)
}

// reach delivers a message, with a file where there is one.
func (p *Platform) reach(ctx context.Context, d bot.Delivery, with *file) (bot.MessageID, error) {
	if fault := p.fault.Load(); fault != nil {
		return "", &bot.Unreachable{Err: *fault, Fix: say("discord.fix-token")}
	}
	place := firstOf(d.To.User, d.To.Channel)
	if gone, known := p.dead.recall(deadKey(place, d.Urgent), time.Now()); known {
		return "", &gone.Unreachable
	}
	if d.Closed && d.Edit == "" && d.To.User == "" && p.everybodys(ctx, d.To) {
		return "", &bot.Unreachable{Err: errors.New("discord: everybody in the server reads the channel"), Fix: say("discord.fix-public", "where", d.To.Channel)}
	}
	p.rememberQuestions(d.Message)
	id, err := p.deliver(ctx, d, with)
	if _, code := refusal(err); code == codeTooLarge {
		return "", bot.ErrNoFiles
	}
	err = deliveryError(err, d.To)
	if gone := new(bot.Unreachable); errors.As(err, &gone) && placeGone(gone) {
		now := time.Now()
		p.dead.keep(deadKey(place, false), &goneError{*gone}, now.Add(deadFor))
		p.dead.keep(deadKey(place, true), &goneError{*gone}, now.Add(deadUrgent))
	}
	return id, err
}

// everybodys says whether everybody in the server reads a channel, as far as Discord tells. It asks once an hour.
func (p *Platform) everybodys(ctx context.Context, at bot.Address) bool {
	now := time.Now()
	if open, known := p.open.recall(at.Channel, now); known {
		return open
	}
	err := p.Reach(ctx, at)
	open, asked := errors.As(err, new(*bot.Exposed)), openFor
	if !open && err != nil {
		asked = openAgain
	}
	p.open.keep(at.Channel, open, now.Add(asked))
	return open
}

func deadKey(place string, urgent bool) string { return fmt.Sprint(place, mark, urgent) }

func (p *Platform) deliver(ctx context.Context, d bot.Delivery, with *file) (bot.MessageID, error) {
	if channel, id, ok := splitID(d.Edit); ok && with == nil {
		drawn := drawPost(d.Message)
		err := p.paced(ctx, d.Urgent, http.MethodPatch, discordgo.EndpointChannelMessage(channel, id), drawn, nil)
		if _, code := refusal(err); code != discordgo.ErrCodeUnknownMessage {
			return joinID(channel, id, err), err
		}
		d.To.Channel, d.To.User = channel, "" // somebody deleted it: what it says is still to be said
	}
	channel := d.To.Channel
	if d.To.User != "" {
		var err error
		if channel, err = p.channelOf(ctx, d.To); err != nil {
			return "", err
		}
	}
	return p.post(ctx, d, channel, with)
}

func (p *Platform) post(ctx context.Context, d bot.Delivery, channel string, with *file) (bot.MessageID, error) {
	m := d.Message
	if d.Repeat && !p.knownToDiscord(d.Once) {
		m.Title = strings.TrimSpace(m.Title + " " + say("bot.repeat"))
	}
	n := drawPost(m)
	n.file = with
	if d.Once != "" {
		n.Nonce, n.OnlyOnce = nonce(d.Once), true
	}
	under := d.To.Thread
	if over, id, ok := splitID(d.Under); ok && over == channel {
		under = id
	}
	if under != "" {
		n.Reference = &reference{MessageID: under}
	}
	if d.Once != "" {
		p.tried.first(d.Once, time.Now(), nonceLife)
	}
	var made struct {
		ID string `json:"id"`
	}
	err := p.paced(ctx, d.Urgent, http.MethodPost, discordgo.EndpointChannelMessages(channel), n, &made)
	if _, code := refusal(err); code == codeNoHistory { // then it stands by itself
		n.Reference = nil
		err = p.paced(ctx, d.Urgent, http.MethodPost, discordgo.EndpointChannelMessages(channel), n, &made)
	}
	if _, code := refusal(err); code == discordgo.ErrCodeInvalidFormBody { // what must be read is sent in a simpler way
		p.log.Error("discord refuses the drawing of a message; sending it as text")
		n.Reference, n.Components, n.Content = nil, []*component{}, escaped(bot.Cut(m.Plain(), maxContent/2))
		err = p.paced(ctx, d.Urgent, http.MethodPost, discordgo.EndpointChannelMessages(channel), n, &made)
	}
	if err == nil && made.ID == "" {
		err = errors.New("discord answered a post without its id")
	}
	return joinID(channel, made.ID, err), err
}

// knownToDiscord says that the first attempt is so recent that Discord refuses a second one
// by itself, so that it need not be marked as a repeat.
func (p *Platform) knownToDiscord(once string) bool {
	_, recent := p.tried.recall(once, time.Now())
	return recent
}

// nonce is a key by which Discord knows a post again.
func nonce(once string) string {
	sum := sha256.Sum256([]byte(once))
	return hex.EncodeToString(sum[:])[:maxNonce]
}

// channelOf is the channel of a person's direct messages.
func (p *Platform) channelOf(ctx context.Context, to bot.Address) (string, error) {
	if channel, known := p.dms.recall(to.User, time.Now()); known {
		return channel, nil
	}
	var opened struct {
		ID string `json:"id"`
	}
	err := p.paced(ctx, true, http.MethodPost, discordgo.EndpointUserChannels("@me"), map[string]string{"recipient_id": to.User}, &opened)
	if err != nil {
		return "", err
	}
	if opened.ID == "" {
		return "", errors.New("discord opened direct messages without an id")
	}
	p.dms.keep(to.User, opened.ID, time.Now().Add(placeLife))
	return opened.ID, nil
}

func joinID(channel, id string, err error) bot.MessageID {
	if err != nil {
		return ""
	}
	return bot.MessageID(channel + ":" + id)
}

func splitID(id bot.MessageID) (channel, message string, ok bool) {
	channel, message, ok = strings.Cut(string(id), ":")
	return channel, message, ok && channel != "" && message != ""
}

// Link is how a browser gets to a channel of the one server.
func (p *Platform) Link(to bot.Address) string {
	guild := to.Workspace
	if guild == "" {
		guild = p.config.GuildID
	}
	if to.Channel == "" || guild == "" {
		return ""
	}
	return "https://discord.com/channels/" + url.PathEscape(guild) + "/" + url.PathEscape(to.Channel)
}
