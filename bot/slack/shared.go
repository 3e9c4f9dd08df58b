package slack

import (
	"context"
	"errors"
	"sync"
	"time"

	api "github.com/slack-go/slack"

	"shareright/bot"
)

// sharing remembers for an hour which channels are shared with another organisation. The
// zero sharing is ready for use.
type sharing struct {
	mu sync.Mutex
	by map[string]known
}

type known struct {
	shared bool
	until  time.Time
}

const (
	knownFor    = time.Hour
	maxChannels = 1000
)

// refuse returns an error for a channel that people of another organisation read: a case
// is never posted there. Where Slack does not let us see whether it is shared, it goes on.
func (p *Platform) refuse(ctx context.Context, client *api.Client, channel string) error {
	p.sharing.mu.Lock()
	was, seen := p.sharing.by[channel]
	p.sharing.mu.Unlock()
	if !seen || time.Now().After(was.until) {
		was = known{until: time.Now().Add(knownFor)}
		info, err := client.GetConversationInfoContext(ctx, &api.GetConversationInfoInput{ChannelID: channel})
		if err == nil {
			was.shared = info.IsExtShared || info.IsPendingExtShared
		}
		p.remember(channel, was)
	}
	if !was.shared {
		return nil
	}
	return &bot.Unreachable{Err: errors.New("slack: the channel is shared with another organisation"), Fix: say("slack.fix-shared", "where", channel)}
}

func (p *Platform) remember(channel string, k known) {
	p.sharing.mu.Lock()
	defer p.sharing.mu.Unlock()
	if p.sharing.by == nil || len(p.sharing.by) >= maxChannels {
		p.sharing.by = map[string]known{}
	}
	p.sharing.by[channel] = k
}
