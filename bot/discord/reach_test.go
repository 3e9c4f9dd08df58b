package discord

import (
	"errors"
	"testing"

	"shareright/bot"
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
