package slack

import (
	"context"
	"errors"

	api "github.com/slack-go/slack"

	"shareright/bot"
)

// Reach says whether a person or a channel can still be written to. A person is asked for
// their direct messages, which Slack refuses for somebody who has left; that needs no right
// to read the list of people.
func (p *Platform) Reach(ctx context.Context, to bot.Address) error {
	client, err := p.reach(to.Workspace)
	if err != nil {
		return err
	}
	if to.Channel == "" {
		p.dms.forget(to) // it may be remembered from before they left
		_, err := p.direct(ctx, to)
		return err
	}
	var info *api.Channel
	err = p.call(ask{team: to.Workspace, method: "conversations.info"}, false, func() (err error) {
		info, err = client.GetConversationInfoContext(ctx, &api.GetConversationInfoInput{ChannelID: to.Channel})
		return err
	})
	switch fix := func(key string) string { return say(key, "where", to.Channel) }; {
	case onlyForPublic(err):
		return &bot.Exposed{Err: errors.New("slack: the channel is public"), Fix: fix("slack.dr-public")}
	case code(err) == "missing_scope":
		return errors.New("slack: an old install, without the right to see the channel")
	case err != nil:
		return deliveryError(err, to)
	case info.IsArchived:
		return &bot.Unreachable{Err: errors.New("slack: the channel is archived"), Fix: fix("slack.fix-archived")}
	case info.IsExtShared || info.IsPendingExtShared:
		return &bot.Unreachable{Err: errors.New("slack: the channel is shared with another organisation"), Fix: fix("slack.fix-shared")}
	case !info.IsPrivate && !info.IsIM && !info.IsGroup && !info.IsMpIM:
		return &bot.Exposed{Err: errors.New("slack: the channel is public"), Fix: fix("slack.dr-public")}
	case !info.IsMember && !info.IsIM:
		return &bot.Unreachable{Err: errors.New("slack: not in the channel"), Fix: fix("slack.fix-member")}
	}
	return nil
}

// forget has a person's direct messages looked up anew.
func (d *dms) forget(to bot.Address) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.by, to.Workspace+"/"+to.User)
}
