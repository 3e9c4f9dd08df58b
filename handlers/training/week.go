package training

import (
	"context"

	"shareright/bot"
)

// doings are people's own parts that are due soon or late, for the weekly list.
func (h handler) doings(ctx context.Context, t bot.Turn) ([]bot.Doing, error) {
	found, err := bot.Find[Part](ctx, t, bot.Query{States: []string{open}, DueBefore: t.Now.AddDate(0, 0, before()[0]+1), Limit: most})
	if err != nil {
		return nil, err
	}
	var all []bot.Doing
	for _, f := range found {
		if p := f.Record; !t.Today().Before(p.Quiet) {
			finish := finishButton(t, f.Ref, p)
			all = append(all, bot.Doing{Owner: p.Person, Text: t.Say("digest.training", "title", p.Title), Due: p.Due, Told: p.Told, Ref: f.Ref, Button: &finish})
		}
	}
	return all, nil
}

// figures are the counts of some days for trustees.
func (h handler) figures(ctx context.Context, t bot.Turn, span bot.Span) ([]bot.Figure, error) {
	found, err := bot.Find[Part](ctx, t, bot.Query{Limit: most})
	if err != nil {
		return nil, err
	}
	done, all, late := map[bot.PersonID]bool{}, map[bot.PersonID]bool{}, 0
	for _, f := range found {
		p := f.Record
		if p.State == open {
			all[p.Person] = true
			if p.Due.Before(t.Today()) {
				late++
			}
		}
		for _, e := range p.Done {
			if span.Has(e.On) {
				done[p.Person], all[p.Person] = true, true
			}
		}
	}
	list := []bot.Figure{{Part: t.Say("digest.people"), Label: t.Say("digest.people-late"), Count: late}}
	if len(all) > 0 {
		list = append(list, bot.Figure{Part: t.Say("digest.people"), Label: t.Say("digest.people-done"), Count: len(done), Of: len(all), Small: true})
	}
	return list, nil
}
