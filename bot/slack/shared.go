package slack

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	api "github.com/slack-go/slack"

	"shareright/bot"
)

// sharing remembers for an hour which channels are shared with another organisation, or are
// open to everybody. The zero sharing is ready for use.
type sharing struct {
	mu sync.Mutex
	by map[string]known
}

type known struct {
	shared, public bool

	until time.Time
}

const (
	knownFor    = time.Hour
	askAgain    = 5 * time.Minute // where Slack did not say
	maxChannels = 1000
)

// refuse returns an error for a channel that people of another organisation read: a case
// is never posted there, nor what is Closed in a channel of everybody's. Where Slack does not
// let us see what a channel is, it goes on.
func (p *Platform) refuse(ctx context.Context, team, channel string, closed bool) error {
	p.sharing.mu.Lock()
	was, seen := p.sharing.by[channel]
	p.sharing.mu.Unlock()
	if !seen || time.Now().After(was.until) {
		was = p.look(ctx, team, channel, was)
		p.remember(channel, was)
	}
	switch {
	case closed && was.public:
		return &bot.Unreachable{Err: errors.New("slack: the channel is public"), Fix: say("slack.dr-public", "where", channel)}
	case !was.shared:
		return nil
	}
	return &bot.Unreachable{Err: errors.New("slack: the channel is shared with another organisation"), Fix: say("slack.fix-shared", "where", channel)}
}

// look asks Slack what a channel is. What was known counts for a while longer where Slack does not say.
func (p *Platform) look(ctx context.Context, team, channel string, was known) known {
	client, err := p.reach(team)
	var info *api.Channel
	if err == nil {
		err = p.call(ask{team: team, method: "conversations.info"}, true, func() (err error) {
			info, err = client.GetConversationInfoContext(ctx, &api.GetConversationInfoInput{ChannelID: channel})
			return err
		})
	}
	now := time.Now()
	switch {
	case err == nil:
		was.shared = info.IsExtShared || info.IsPendingExtShared
		was.public = info.IsChannel && !info.IsPrivate && !info.IsIM && !info.IsGroup && !info.IsMpIM
	case permanent(code(err)):
		was = known{public: onlyForPublic(err)}
	default:
		was.until = now.Add(askAgain)
		return was
	}
	was.until = now.Add(knownFor)
	return was
}

// onlyForPublic says that Slack wants the right to see public channels, for a channel that we
// asked about with the right to see private ones: so it is public.
func onlyForPublic(err error) bool {
	var refused api.SlackErrorResponse
	return errors.As(err, &refused) && refused.Err == "missing_scope" && (strings.Contains(refused.Provided, "groups:read") || refused.Needed == "channels:read")
}

func (p *Platform) remember(channel string, k known) {
	p.sharing.mu.Lock()
	defer p.sharing.mu.Unlock()
	if p.sharing.by == nil || len(p.sharing.by) >= maxChannels {
		p.sharing.by = map[string]known{}
	}
	p.sharing.by[channel] = k
}
