package retention

import (
	"context"

	"shareright/bot"
	"shareright/knowledge/calendar"
)

// doings are the files whose time is over or near, for the weekly list of whoever looks after them.
func (h handler) doings(ctx context.Context, t bot.Turn) ([]bot.Doing, error) {
	found, err := bot.Find[Review](ctx, t, bot.Query{States: []string{waiting, confirm}, Limit: everything})
	if err != nil {
		return nil, err
	}
	members, err := bot.Members(ctx, t)
	if err != nil {
		return nil, err
	}
	gone := map[bot.PersonID]bool{}
	for _, m := range members {
		gone[m.Record.Person] = m.Record.Gone(t.Today())
	}
	var all []bot.Doing
	for _, f := range found {
		r := f.Record
		if gone[r.Owner] { // the lead looks after what somebody left behind
			r.Owner = t.Meant("")
		}
		if day := r.act(); !day.IsZero() && t.Today().DaysTo(day) <= notice && !t.Today().Before(r.Quiet) {
			all = append(all, bot.Doing{Owner: r.Owner, Text: t.Say("digest.file", "file", r.File), Due: day, Told: r.Told, Ref: f.Ref,
				Button: &bot.Button{Action: "retention.show", Label: r.File, Ref: f.Ref}})
		}
	}
	return all, nil
}

// figures are the counts of some days for trustees.
func (h handler) figures(ctx context.Context, t bot.Turn, span bot.Span) ([]bot.Figure, error) {
	found, err := bot.Find[Review](ctx, t, bot.Query{Limit: everything})
	if err != nil {
		return nil, err
	}
	var gone, late, kept int
	for _, f := range found {
		switch r := f.Record; r.state() {
		case destroyed:
			if span.Has(calendar.On(r.Disposal.Confirmed, t.Org.Zone)) {
				gone++
			}
		case held:
			kept++
		default:
			if day := r.act(); !day.IsZero() && day.Before(t.Today()) {
				late++
			}
		}
	}
	figure := func(key string, n int) bot.Figure {
		return bot.Figure{Part: t.Say("digest.files"), Label: t.Say("digest.files-" + key), Count: n}
	}
	return []bot.Figure{figure("destroyed", gone), figure("late", late), figure("held", kept)}, nil
}
