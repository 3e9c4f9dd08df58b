package share

import (
	"context"

	"shareright/bot"
	"shareright/knowledge/calendar"
)

// keeps are the ends of what this package stores: a receipt, from the day of the decision. One about
// a child, or where somebody could come to harm, is kept for longer; the longest time wins.
func keeps() []bot.Keep {
	return []bot.Keep{bot.KeepOf(func(_ context.Context, t bot.Turn, _ bot.Ref, d decision) (bot.End, error) {
		return bot.End{On: calendar.On(d.At, t.Org.Zone), As: d.keptAs()}, nil
	})}
}

func (d decision) keptAs() string {
	f := d.Facts
	switch {
	case f.Danger == "now", f.Harm != "" && f.Harm != "none":
		return "decision-harm"
	case f.About == "adult", f.About == "worker", f.About == "dead", f.Age == "over_18":
		return "decision"
	}
	return "decision-child" // a child, many people, or nobody has said: it may be one
}
