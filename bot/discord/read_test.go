package discord

import "testing"

func TestMessagesOfProgramsAreNotHeard(t *testing.T) {
	says := func(change func(*written)) written {
		m := written{ID: "1", Channel: "9", Author: person{ID: "11", Username: "jo"}, Content: "hello"}
		change(&m)
		return m
	}
	for name, c := range map[string]struct {
		m     written
		heard bool
	}{
		"a person":              {says(func(*written) {}), true},
		"another bot":           {says(func(m *written) { m.Author.Bot = true }), false},
		"a webhook":             {says(func(m *written) { m.Webhook = "77" }), false},
		"nobody":                {says(func(m *written) { m.Author.ID = "" }), false},
		"somebody in a channel": {says(func(m *written) { m.Guild = "5000" }), false},
		"a note of Discord's":   {says(func(m *written) { m.Type = 7 }), false},
	} {
		if got := readMessage(c.m); (got.event.What != nil) != c.heard {
			t.Errorf("%s: heard as %+v", name, got.event.What)
		}
	}
}
