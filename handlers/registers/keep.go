package registers

import (
	"context"

	"shareright/bot"
	"shareright/knowledge/calendar"
)

// keeps are the ends of what this package stores: a line that was ended.
func keeps() []bot.Keep {
	return []bot.Keep{bot.KeepOf(func(_ context.Context, t bot.Turn, _ bot.Ref, e Entry) (bot.End, error) {
		if e.State != closed {
			return bot.End{}, nil
		}
		last := e.Set
		for _, line := range e.Log {
			if line.At.After(last) {
				last = line.At
			}
		}
		return bot.End{On: calendar.On(last, t.Org.Zone)}, nil
	})}
}
