package slack

import (
	"context"
	"strconv"
	"time"

	api "github.com/slack-go/slack"

	"shareright/bot"
)

// slot is by how much a message moves when Slack takes no more for its time: 30 in five minutes a channel.
const slot = 5 * time.Minute

// Hold leaves a message with Slack, which posts it at its time whether we are there or not.
// It carries no metadata: with any, Slack would never post it.
func (p *Platform) Hold(ctx context.Context, to bot.Address, m bot.Message, at time.Time) (bot.MessageID, error) {
	client, err := p.reach(to.Workspace)
	if err != nil {
		return "", err
	}
	channel := to.Channel
	if channel == "" {
		if channel, err = p.direct(ctx, to); err != nil {
			return "", err
		}
	} else if err := p.refuse(ctx, to.Workspace, channel, false); err != nil {
		return "", err
	}
	var id string
	for try := 0; ; try++ {
		err = p.call(ask{to.Workspace, "chat.scheduleMessage", channel}, false, func() (err error) {
			_, id, err = client.ScheduleMessageContext(ctx, channel, strconv.FormatInt(at.Unix(), 10), append(content(m, fallback(m)), quiet()...)...)
			return err
		})
		if code(err) != "restricted_too_many" || try == 3 {
			break
		}
		at = at.Add(slot)
	}
	if err != nil {
		return "", deliveryError(err, to)
	}
	return joinID(channel, id), nil
}

// Unhold takes a message back. Slack says of one that is posted, or about to be, that there is none.
func (p *Platform) Unhold(ctx context.Context, to bot.Address, id bot.MessageID) error {
	channel, kept, ok := splitID(id)
	if !ok {
		return nil
	}
	client, err := p.reach(to.Workspace)
	if err != nil {
		return err
	}
	err = p.call(ask{to.Workspace, "chat.deleteScheduledMessage", channel}, false, func() error {
		_, err := client.DeleteScheduledMessageContext(ctx, &api.DeleteScheduledMessageParameters{Channel: channel, ScheduledMessageID: kept})
		return err
	})
	switch code(err) {
	case "invalid_scheduled_message_id", "channel_not_found", "bad_token":
		return nil
	}
	return deliveryError(err, to)
}

// Holding lists what Slack keeps for this app in a workspace.
func (p *Platform) Holding(ctx context.Context, workspace string) ([]bot.Kept, error) {
	client, err := p.reach(workspace)
	if err != nil {
		return nil, err
	}
	var all []bot.Kept
	for cursor := ""; ; {
		var page []api.ScheduledMessage
		err := p.call(ask{team: workspace, method: "chat.scheduledMessages.list"}, false, func() (err error) {
			page, cursor, err = client.GetScheduledMessagesContext(ctx, &api.GetScheduledMessagesParameters{Cursor: cursor, Limit: 100})
			return err
		})
		if err != nil {
			return nil, deliveryError(err, bot.Address{Workspace: workspace})
		}
		for _, m := range page {
			all = append(all, bot.Kept{ID: joinID(m.Channel, m.ID), At: time.Unix(int64(m.PostAt), 0).UTC(), Text: m.Text})
		}
		if cursor == "" {
			return all, nil
		}
	}
}
