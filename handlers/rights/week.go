package rights

import (
	"context"

	"shareright/bot"
	"shareright/knowledge/calendar"
)

// listed is how many days before its date a request comes into the weekly list.
const listed = 14

// doings are the open requests and complaints, for the weekly list, and the searches that
// people were asked for. What waits for an answer from the person is not for the list.
func (h handler) doings(ctx context.Context, t bot.Turn) ([]bot.Doing, error) {
	found, err := bot.Find[Request](ctx, t, bot.Query{States: []string{open}})
	if err != nil {
		return nil, err
	}
	var all []bot.Doing
	for _, f := range found {
		r := f.Record
		for _, i := range r.unanswered() {
			x := r.Round[i]
			all = append(all, bot.Doing{Owner: x.Who, Due: x.Due, Told: calendar.Latest(x.Asked, x.Reminded), Ref: f.Ref, Statutory: true, Text: t.Say("rights.hold", "ref", string(f.Ref)),
				Button: &bot.Button{Action: "rights.hold-change", Label: t.Say("rights.button-hold"), Ref: part(f.Ref, i)}})
		}
		if left := t.Today().DaysTo(r.Next); left > listed || left >= 0 && r.waiting() != nil {
			continue // its own reminders say enough
		}
		key := "digest.request"
		if r.Right == complaint {
			key = "digest.complaint"
		}
		all = append(all, bot.Doing{Owner: r.Holder, Role: r.audience(t).Role, Text: t.Say(key, "ref", string(f.Ref)), Due: r.Next, Ref: f.Ref, Statutory: true, Not: t.Org.People[r.About],
			Button: &bot.Button{Action: "rights.show", Label: t.Say("digest.breach-button", "ref", string(f.Ref)), Ref: f.Ref}})
	}
	return all, nil
}

// figures are the counts of some days for trustees. What is about somebody in charge is
// left out: a count of one would tell them.
func (h handler) figures(ctx context.Context, t bot.Turn, span bot.Span) ([]bot.Figure, error) {
	found, err := bot.Find[Request](ctx, t, bot.Query{})
	if err != nil {
		return nil, err
	}
	var list []Request
	for _, f := range found {
		if f.Record.About == bot.Anyone {
			list = append(list, f.Record)
		}
	}
	y := Count(list, span)
	figure := func(key string, n, of int) bot.Figure {
		return bot.Figure{Part: t.Say("digest.requests"), Label: t.Say("digest.requests-" + key), Count: n, Of: of, Small: true}
	}
	all := []bot.Figure{figure("all", y.Came, 0)}
	if ended := y.InTime + y.Late; ended > 0 {
		all = append(all, figure("in-time", y.InTime, ended))
	}
	return append(all, figure("complaints", y.Complaints, 0)), nil
}
