package discord

import (
	"errors"
	"strings"
	"testing"

	"shareright/bot"
	"shareright/bot/discord/discordtest"
)

func TestWhoIsStillInTheServer(t *testing.T) {
	s, p := start(t, &engine{})
	s.Strangers["77"] = true
	if err := p.Reach(t.Context(), bot.Address{Platform: Name, User: "11", Name: "dp-lead"}); err != nil {
		t.Errorf("the lead: %v", err)
	}
	err := p.Reach(t.Context(), bot.Address{Platform: Name, User: "77", Name: "deputy"})
	if gone := new(bot.Unreachable); !errors.As(err, &gone) || gone.Fix == "" {
		t.Errorf("somebody who has left: %v", err)
	}
}

func TestACaseIsNeverPostedInAChannelThatEverybodyReads(t *testing.T) {
	card := bot.Delivery{To: bot.Address{Platform: Name, Channel: discordtest.Channel, Name: "dp-lead"}, Message: *bot.Say("A breach"), Closed: true}
	s, p := start(t, &engine{})
	s.Overwrites = nil
	_, err := p.Deliver(t.Context(), card)
	if gone := new(bot.Unreachable); !errors.As(err, &gone) || !strings.Contains(gone.Fix, "@everyone") {
		t.Errorf("in an open channel: %v", err)
	}
	if n := len(s.Sees("11")); n != 0 {
		t.Errorf("%d messages were posted", n)
	}
	open := card
	open.Closed = false
	if _, err := p.Deliver(t.Context(), open); err != nil {
		t.Errorf("what anybody may read: %v", err)
	}
	_, p = start(t, &engine{})
	if _, err := p.Deliver(t.Context(), card); err != nil {
		t.Errorf("in a private channel: %v", err)
	}
}
