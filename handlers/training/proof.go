package training

import (
	"context"

	"shareright/bot"
)

// proofs is what somebody has done, for the papers of a breach: “had they had training?”
func proofs(ctx context.Context, t bot.Turn, who bot.PersonID) ([]bot.Proof, error) {
	own, err := bot.Find[Part](ctx, t, bot.Query{Owner: who, Limit: most})
	if err != nil {
		return nil, err
	}
	var all []bot.Proof
	for _, f := range own {
		for _, e := range f.Record.Done {
			all = append(all, bot.Proof{What: f.Record.Title, On: e.On})
		}
	}
	return all, nil
}
