package breach

import (
	"context"
	"strconv"
	"time"

	"shareright/bot"
	"shareright/knowledge/calendar"
)

// settling is how long a breach whose 72 hours are settled may stay open before the weekly list asks.
const settling = 14 * 24 * time.Hour

// doings are the open breaches, for the weekly list. A report about somebody in charge is never told to them.
func (h handler) doings(ctx context.Context, t bot.Turn) ([]bot.Doing, error) {
	found, err := bot.Find[Breach](ctx, t, bot.Query{States: []string{open, held, decided}})
	if err != nil {
		return nil, err
	}
	var all []bot.Doing
	for _, f := range found {
		b := f.Record
		d := bot.Doing{Owner: b.Holder, Role: b.audience(t).Role, Ref: f.Ref, Due: calendar.On(b.clock().End(), t.Org.Zone), Not: t.Org.People[b.About], Statutory: true,
			Button: &bot.Button{Action: "breach.show", Label: t.Say("digest.breach-button", "ref", string(f.Ref)), Ref: f.Ref}}
		if b.About == bot.Anyone {
			d.Not = nil
		}
		switch left := b.clock().Left(t.Now); {
		case !b.running() && t.Now.Sub(b.Reported) < settling:
			continue
		case !b.running():
			d.Text, d.Statutory = t.Say("digest.breach-open", "ref", string(f.Ref)), false
		case left < 0:
			d.Text = t.Say("digest.breach-late", "ref", string(f.Ref))
		default:
			d.Text = t.Say("digest.breach-clock", "ref", string(f.Ref), "left", strconv.Itoa(int(left.Hours())))
		}
		all = append(all, d)
	}
	return all, nil
}

// figures are the counts of some days for trustees. A report about somebody in charge is in
// no count: the page is passed on, and a number alone could tell that person that it exists.
func (h handler) figures(ctx context.Context, t bot.Turn, span bot.Span) ([]bot.Figure, error) {
	found, err := bot.Find[Breach](ctx, t, bot.Query{})
	if err != nil {
		return nil, err
	}
	var reported, told, inTime, still, oldest, shut, lessons int
	for _, f := range found {
		b := f.Record
		if b.About != bot.Anyone || b.State == joined {
			continue
		}
		if !b.over() {
			still++
			oldest = max(oldest, int(t.Now.Sub(b.Reported).Hours()/24))
		}
		if !span.Has(calendar.On(b.Reported, t.Org.Zone)) {
			continue
		}
		reported++
		if !b.ICOAt.IsZero() {
			told++
			if !b.ICOAt.After(b.clock().End()) {
				inTime++
			}
		}
		if b.State == closed {
			shut++
			if b.Lessons != "" {
				lessons++
			}
		}
	}
	near, err := bot.Find[NearMiss](ctx, t, bot.Query{})
	if err != nil {
		return nil, err
	}
	nearly := 0
	for _, n := range near {
		if span.Has(calendar.On(n.Record.At, t.Org.Zone)) {
			nearly++
		}
	}
	figure := func(key string, n, of int, small bool) bot.Figure {
		return bot.Figure{Part: t.Say("digest.breaches"), Label: t.Say("digest.breaches-" + key), Count: n, Of: of, Small: small}
	}
	list := []bot.Figure{figure("all", reported, 0, true)}
	if told > 0 {
		list = append(list, figure("ico", told, 0, true), figure("in-time", inTime, told, true))
	}
	if shut > 0 {
		list = append(list, figure("lessons", lessons, shut, true))
	}
	list = append(list, figure("open", still, 0, true))
	if still > 0 {
		list = append(list, figure("oldest", oldest, 0, false))
	}
	return append(list, figure("near", nearly, 0, true)), nil
}
