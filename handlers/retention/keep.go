package retention

import (
	"context"

	"shareright/bot"
	"shareright/knowledge/calendar"
)

// keeps are the ends of what this package stores: a file that was destroyed, by two people.
func keeps() []bot.Keep {
	return []bot.Keep{bot.KeepOf(func(_ context.Context, t bot.Turn, _ bot.Ref, r Review) (bot.End, error) {
		if r.state() != destroyed {
			return bot.End{}, nil
		}
		return bot.End{On: calendar.On(r.Disposal.Confirmed, t.Org.Zone)}, nil
	})}
}
