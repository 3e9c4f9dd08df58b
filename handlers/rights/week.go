package rights

import (
	"context"

	"shareright/bot"
)

// listed is how many days before its date a request comes into the weekly list.
const listed = 14

// doings are the open requests and complaints, for the weekly list. What waits
// for an answer from the person is not for the list.
func (h handler) doings(ctx context.Context, t bot.Turn) ([]bot.Doing, error) {
	found, err := bot.Find[Request](ctx, t, bot.Query{States: []string{open}})
	if err != nil {
		return nil, err
	}
	var all []bot.Doing
	for _, f := range found {
		if left := t.Today().DaysTo(f.Record.Next); left > listed || left >= 0 && f.Record.waiting() != nil {
			continue // its own reminders say enough
		}
		key := "digest.request"
		if f.Record.Right == complaint {
			key = "digest.complaint"
		}
		all = append(all, bot.Doing{Owner: f.Record.Holder, Role: bot.DPLead, Text: t.Say(key, "ref", string(f.Ref)), Due: f.Record.Next, Ref: f.Ref, Statutory: true,
			Button: &bot.Button{Action: "rights.show", Label: t.Say("digest.breach-button", "ref", string(f.Ref)), Ref: f.Ref}})
	}
	return all, nil
}

// figures are the counts of some days for trustees.
func (h handler) figures(ctx context.Context, t bot.Turn, span bot.Span) ([]bot.Figure, error) {
	found, err := bot.Find[Request](ctx, t, bot.Query{})
	if err != nil {
		return nil, err
	}
	var came, complaints, ended, inTime int
	for _, f := range found {
		r := f.Record
		if span.Has(r.Came) && r.Right == complaint {
			complaints++
		} else if span.Has(r.Came) {
			came++
		}
		if r.Right != complaint && span.Has(r.Ended) {
			ended++
			if !r.Ended.After(r.Next) {
				inTime++
			}
		}
	}
	figure := func(key string, n, of int) bot.Figure {
		return bot.Figure{Part: t.Say("digest.requests"), Label: t.Say("digest.requests-" + key), Count: n, Of: of, Small: true}
	}
	list := []bot.Figure{figure("all", came, 0)}
	if ended > 0 {
		list = append(list, figure("in-time", inTime, ended))
	}
	return append(list, figure("complaints", complaints, 0)), nil
}
