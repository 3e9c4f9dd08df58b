package slack

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"time"

	api "github.com/slack-go/slack"

	"shareright/bot"
)

// onceEvent is the type of the metadata that carries a delivery's key. It is stored in messages.
const onceEvent = "delivery"

// Deliver posts a message, or edits it, and returns its id, "channel:timestamp". A
// temporary failure is a plain error or *bot.Busy, a permanent one *bot.Unreachable.
// It sends no more than once: repeating is the queue's work.
func (p *Platform) Deliver(ctx context.Context, d bot.Delivery) (bot.MessageID, error) {
	if d.To.Channel != "" && d.To.User != "" {
		return p.private(ctx, d.To, ephemeral(marked(d)))
	}
	channel := d.To.Channel
	if edited, ts, ok := splitID(d.Edit); ok {
		id, err := p.edit(ctx, d, edited, ts)
		if err == nil || !vanished(err) {
			return id, err
		}
		channel = edited // somebody deleted it: what it says is still to be said
	}
	if channel == "" {
		var err error
		if channel, err = p.direct(ctx, d.To); err != nil {
			return "", err
		}
		if d.Repeat && d.Once != "" {
			if ts := p.arrived(ctx, d.To.Workspace, channel, d.Once); ts != "" {
				return joinID(channel, ts), nil
			}
		}
	}
	return p.post(ctx, d, channel)
}

// marked says in a message that it may be there twice.
func marked(d bot.Delivery) bot.Message {
	m := d.Message
	if d.Repeat && d.Edit == "" {
		m.Title = strings.TrimSpace(say("slack.repeat", "title", m.Title, "repeat", say("bot.repeat")))
	}
	return m
}

func (p *Platform) post(ctx context.Context, d bot.Delivery, channel string) (bot.MessageID, error) {
	client, err := p.reach(d.To.Workspace)
	if err != nil {
		return "", err
	}
	if d.To.Channel != "" && d.To.User == "" {
		if err := p.refuse(ctx, d.To.Workspace, channel, d.Closed); err != nil {
			return "", err
		}
	}
	m := marked(d)
	text := fallback(m)
	if m.Title != d.Message.Title { // the mark stands in the notification too, however long the title is
		text = fallback(d.Message) + " " + escaped(say("bot.repeat"))
	}
	options := append(append(content(m, text), quiet()...), api.MsgOptionMetadata(api.SlackMetadata{EventType: onceEvent, EventPayload: map[string]any{"once": d.Once}}))
	if _, ts, ok := splitID(d.Under); ok {
		options = append(options, api.MsgOptionTS(ts))
	} else if d.To.Thread != "" {
		options = append(options, api.MsgOptionTS(d.To.Thread))
	}
	var ts string
	send := func(options ...api.MsgOption) error {
		return p.call(ask{d.To.Workspace, "chat.postMessage", channel}, d.Urgent, func() error {
			at, id, err := client.PostMessageContext(ctx, channel, options...)
			if err == nil {
				channel, ts = at, id
			}
			return err
		})
	}
	err = send(options...)
	switch code(err) { // what must be read is sent in a simpler way
	case "thread_not_found":
		err = send(append(options, api.MsgOptionTS(""))...)
	case "invalid_blocks", "msg_too_long", "invalid_arguments":
		p.log.Error("slack refuses the drawing of a message; sending it as text", "error", code(err))
		err = send(append(quiet(), api.MsgOptionText(escaped(bot.Cut(m.Plain(), maxSection)), false))...)
	}
	if err != nil {
		return "", deliveryError(err, d.To)
	}
	return joinID(channel, ts), nil
}

func (p *Platform) edit(ctx context.Context, d bot.Delivery, channel, ts string) (bot.MessageID, error) {
	client, err := p.reach(d.To.Workspace)
	if err != nil {
		return "", err
	}
	err = p.call(ask{d.To.Workspace, "chat.update", channel}, d.Urgent, func() error {
		_, _, _, err := client.UpdateMessageContext(ctx, channel, ts, content(d.Message, fallback(d.Message))...)
		return err
	})
	if err != nil {
		if vanished(err) {
			return "", err
		}
		return "", deliveryError(err, d.To)
	}
	return joinID(channel, ts), nil
}

// vanished says that there is no such message to edit any more.
func vanished(err error) bool {
	switch code(err) {
	case "message_not_found", "cant_update_message", "edit_window_closed":
		return true
	}
	return false
}

// private shows a message to one person in a channel, and by direct message where the
// channel does not let us. It has no id: it cannot be edited.
func (p *Platform) private(ctx context.Context, to bot.Address, n note) (bot.MessageID, error) {
	client, err := p.reach(to.Workspace)
	if err != nil {
		return "", err
	}
	options := []api.MsgOption{api.MsgOptionText(n.Text, false), api.MsgOptionBlocks(n.Blocks...)}
	if to.Channel != "" && !strings.HasPrefix(to.Channel, "D") {
		shown := options
		if to.Thread != "" {
			shown = append(shown[:len(shown):len(shown)], api.MsgOptionTS(to.Thread))
		}
		err := p.call(ask{to.Workspace, "chat.postEphemeral", to.Channel}, true, func() error {
			_, err := client.PostEphemeralContext(ctx, to.Channel, to.User, shown...)
			return err
		})
		if err == nil || !permanent(code(err)) || tokenGone(code(err)) {
			return "", deliveryError(err, to)
		}
	}
	channel, err := p.direct(ctx, bot.Address{Workspace: to.Workspace, User: to.User, Name: to.Name})
	if err != nil {
		return "", err
	}
	err = p.call(ask{to.Workspace, "chat.postMessage", channel}, true, func() error {
		_, _, err := client.PostMessageContext(ctx, channel, append(options, quiet()...)...)
		return err
	})
	return "", deliveryError(err, to)
}

// content is the message as API options, with what a notification says of it.
func content(m bot.Message, text string) []api.MsgOption {
	return []api.MsgOption{api.MsgOptionText(text, false), api.MsgOptionBlocks(drawMessage(m)...)}
}

// quiet keeps Slack from fetching our links and showing what is behind them.
func quiet() []api.MsgOption {
	return []api.MsgOption{api.MsgOptionDisableLinkUnfurl(), api.MsgOptionDisableMediaUnfurl()}
}

// arrived looks in a direct message for an earlier attempt. In channels it cannot look:
// that would need the right to read everybody's messages.
func (p *Platform) arrived(ctx context.Context, team, channel, once string) (ts string) {
	client := p.of(team)
	if client == nil {
		return ""
	}
	var history *api.GetConversationHistoryResponse
	err := p.call(ask{team: team, method: "conversations.history"}, true, func() (err error) {
		history, err = client.GetConversationHistoryContext(ctx, &api.GetConversationHistoryParameters{ChannelID: channel, Limit: 15, IncludeAllMetadata: true})
		return err
	})
	if err != nil {
		p.log.Info("could not look for an earlier attempt; sending it again, marked", "error", code(err))
		return ""
	}
	for _, m := range history.Messages {
		if m.Metadata.EventType == onceEvent && m.Metadata.EventPayload["once"] == once {
			return m.Timestamp
		}
	}
	return ""
}

// dms remembers the channel of each person's direct messages. The zero dms are ready for use.
type dms struct {
	mu sync.Mutex
	by map[string]string
}

func (p *Platform) direct(ctx context.Context, to bot.Address) (string, error) {
	key := to.Workspace + "/" + to.User
	p.dms.mu.Lock()
	channel := p.dms.by[key]
	p.dms.mu.Unlock()
	if channel != "" {
		return channel, nil
	}
	client, err := p.reach(to.Workspace)
	if err != nil {
		return "", err
	}
	err = p.call(ask{team: to.Workspace, method: "conversations.open"}, true, func() error {
		opened, _, _, err := client.OpenConversationContext(ctx, &api.OpenConversationParameters{Users: []string{to.User}})
		if err == nil {
			channel = opened.ID
		}
		return err
	})
	if err != nil {
		return "", deliveryError(err, to)
	}
	p.dms.mu.Lock()
	defer p.dms.mu.Unlock()
	if p.dms.by == nil {
		p.dms.by = map[string]string{}
	}
	p.dms.by[key] = channel
	return channel, nil
}

// call makes one call, unless Slack has said that it is too early for it.
func (p *Platform) call(a ask, urgent bool, do func() error) error {
	a.team = p.named(a.team)
	if wait := p.pace.wait(a, urgent, time.Now()); wait > 0 {
		return &bot.Busy{Err: fmt.Errorf("%s: too early", a.method), After: wait}
	}
	err := do()
	if busy := retryAfter(err); busy > 0 {
		p.pace.slow(a, time.Now(), busy)
	}
	return err
}

// Link is how a browser gets to a channel.
func (p *Platform) Link(to bot.Address) string {
	if to.Channel == "" {
		return ""
	}
	in := url.Values{"channel": {to.Channel}}
	if to.Workspace != "" {
		in.Set("team", to.Workspace)
	}
	return "https://slack.com/app_redirect?" + in.Encode()
}

func joinID(channel, ts string) bot.MessageID { return bot.MessageID(channel + ":" + ts) }

func splitID(id bot.MessageID) (channel, ts string, ok bool) {
	channel, ts, ok = strings.Cut(string(id), ":")
	return channel, ts, ok && channel != "" && ts != ""
}
