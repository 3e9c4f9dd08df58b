package training

import (
	"context"
	"slices"

	"shareright/bot"
	"shareright/knowledge/calendar"
)

// keeps are the ends of what this package stores. What people did goes before what they were asked to do.
func keeps() []bot.Keep {
	return []bot.Keep{
		bot.KeepOf(func(_ context.Context, t bot.Turn, _ bot.Ref, p Part) (bot.End, error) { return p.end(t), nil }),
		bot.KeepOf(func(ctx context.Context, t bot.Turn, ref bot.Ref, r Refresher) (bot.End, error) {
			if r.State != closed {
				return bot.End{}, nil
			}
			left, err := parts(ctx, t, ref)
			if err != nil || len(left) > 0 {
				return bot.End{}, err
			}
			return bot.End{On: newest(calendar.On(r.Set, t.Org.Zone), r.Told)}, nil
		}),
		bot.KeepOf(func(ctx context.Context, t bot.Turn, ref bot.Ref, q Quiz) (bot.End, error) {
			if q.State != closed {
				return bot.End{}, nil
			}
			left, err := bot.Find[Sitting](ctx, t, bot.Query{})
			if err != nil || slices.ContainsFunc(left, func(f bot.Found[Sitting]) bool { return f.Record.Quiz == ref }) {
				return bot.End{}, err
			}
			return bot.End{On: calendar.On(q.Set, t.Org.Zone)}, nil
		}),
	}
}

// end is the day of the newest evidence, where no more is to come.
func (p Part) end(t bot.Turn) bot.End {
	if p.State != closed {
		return bot.End{}
	}
	days := []calendar.Date{calendar.On(p.Set, t.Org.Zone), p.Told}
	for _, done := range p.Done {
		days = append(days, done.On)
	}
	return bot.End{On: newest(days...)}
}

func newest(days ...calendar.Date) calendar.Date {
	return slices.MaxFunc(days, calendar.Date.Compare)
}
