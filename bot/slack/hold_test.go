package slack

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"shareright/bot"
	"shareright/bot/slack/slacktest"
)

func TestAMessageIsLeftWithSlackListedAndTakenBack(t *testing.T) {
	s, p := start(t, &engine{})
	at := time.Date(2027, 1, 2, 3, 4, 0, 0, time.UTC)
	ids := map[string]bot.MessageID{}
	for _, where := range []bot.Address{to("C0LEADS", ""), to("", "U0SAM")} {
		id, err := p.Hold(t.Context(), where, *bot.Say("BR-7K3Q has a legal time limit."), at)
		if err != nil {
			t.Fatal(err)
		}
		ids[where.Channel+where.User] = id
	}
	got := s.Later()
	slices.Sort(got)
	if want := []string{"C0LEADS 2027-01-02 03:04:00 BR-7K3Q has a legal time limit.", "D0SAM 2027-01-02 03:04:00 BR-7K3Q has a legal time limit."}; !slices.Equal(got, want) {
		t.Errorf("Slack keeps %q", got)
	}
	all, err := p.Holding(t.Context(), slacktest.Team)
	if err != nil || len(all) != 2 || !all[0].At.Equal(at) || !slices.ContainsFunc(all, func(k bot.Kept) bool { return k.ID == ids["U0SAM"] }) {
		t.Errorf("listed %+v, %v", all, err)
	}
	for range 2 { // the second time it is gone, which is no error
		if err := p.Unhold(t.Context(), to("C0LEADS", ""), ids["C0LEADS"]); err != nil {
			t.Error(err)
		}
	}
	if got := s.Later(); len(got) != 1 {
		t.Errorf("Slack still keeps %q", got)
	}
}

func TestTooManyForOneMomentMoveOn(t *testing.T) {
	s, p := start(t, &engine{})
	at := time.Date(2027, 1, 2, 3, 0, 0, 0, time.UTC)
	for range 31 {
		if _, err := p.Hold(t.Context(), to("C0LEADS", ""), *bot.Say("BR-7K3Q"), at); err != nil {
			t.Fatal(err)
		}
	}
	if got := s.Later(); !slices.Contains(got, "C0LEADS 2027-01-02 03:05:00 BR-7K3Q") {
		t.Errorf("the 31st is not five minutes later: %q", got)
	}
}

func TestWhoAndWhatCanStillBeReached(t *testing.T) {
	s, p := start(t, &engine{})
	if _, err := p.Deliver(t.Context(), bot.Delivery{To: to("", "U0SAM"), Message: card("x"), Once: "k"}); err != nil {
		t.Fatal(err) // so that the direct messages are remembered from better days
	}
	s.Gone = map[string]string{"U0SAM": "user_disabled"}
	s.Share("C0BOTH")
	s.Places = map[string]map[string]any{"C0OLD": {"is_archived": true}, "C0OUT": {"error": "channel_not_found"}, "C0OPEN": {"is_private": false},
		"C0ALL": {"error": "missing_scope", "needed": "channels:read"}, "C0BEFORE": {"error": "missing_scope", "needed": "channels:read,groups:read"}}
	if err := p.Reach(t.Context(), to("C0BEFORE", "")); err == nil || errors.As(err, new(*bot.Unreachable)) || errors.As(err, new(*bot.Exposed)) {
		t.Errorf("an install from before it could see channels: %v", err)
	}
	for name, tc := range map[string]struct {
		to      bot.Address
		gone    bool
		exposed bool
		says    string
	}{
		"a lead":                  {to("", "U0DEE"), false, false, ""},
		"a private channel":       {to("C0LEADS", ""), false, false, ""},
		"somebody who has left":   {to("", "U0SAM"), true, false, "left"},
		"an archived channel":     {to("C0OLD", ""), true, false, "archived"},
		"a shared channel":        {to("C0BOTH", ""), true, false, "shared"},
		"a channel without us":    {to("C0OUT", ""), true, false, "invite"},
		"a public channel":        {to("C0OPEN", ""), false, true, "everybody"},
		"a channel for everybody": {to("C0ALL", ""), false, true, "everybody"},
	} {
		err := p.Reach(t.Context(), tc.to)
		gone, exposed := new(bot.Unreachable), new(bot.Exposed)
		if errors.As(err, &gone) != tc.gone || errors.As(err, &exposed) != tc.exposed || (err != nil) != (tc.gone || tc.exposed) ||
			!strings.Contains(gone.Fix+exposed.Fix, tc.says) {
			t.Errorf("%s: %v %q", name, err, gone.Fix+exposed.Fix)
		}
	}
}
