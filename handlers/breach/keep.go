package breach

import (
	"context"
	"errors"

	"shareright/bot"
	"shareright/knowledge/calendar"
)

// ends finds when a breach has ended for good. One that is open has no end, nor one where somebody
// is still to be told. A line that is added later counts: it keeps the breach as long again.
func (h handler) ended(ctx context.Context, t bot.Turn, _ bot.Ref, b Breach) (bot.End, error) {
	if b.State != joined {
		return b.end(t), nil
	}
	whole, err := bot.Load[Breach](ctx, t, b.JoinedTo) // a report goes with the breach it was joined to
	if errors.Is(err, bot.ErrNotFound) {
		return b.end(t), nil
	}
	return whole.end(t), err
}

func (b Breach) end(t bot.Turn) bot.End {
	if !b.over() || b.peopleUntold() || b.phaseOpen() != nil {
		return bot.End{}
	}
	last := calendar.On(b.ClosedAt, t.Org.Zone)
	if b.ClosedAt.IsZero() {
		last = calendar.On(b.Reported, t.Org.Zone)
	}
	for _, line := range b.Log {
		last = later(last, calendar.On(line.At, t.Org.Zone))
	}
	for _, task := range b.Tasks {
		last = later(last, task.Due)
	}
	return bot.End{On: last}
}

func later(a, b calendar.Date) calendar.Date {
	if b.After(a) {
		return b
	}
	return a
}

// keeps are the ends of what this package stores.
func (h handler) keeps() []bot.Keep {
	return []bot.Keep{
		bot.KeepOf(h.ended),
		bot.KeepOf(func(_ context.Context, t bot.Turn, _ bot.Ref, n NearMiss) (bot.End, error) {
			return bot.End{On: calendar.On(n.At, t.Org.Zone)}, nil
		}),
	}
}
