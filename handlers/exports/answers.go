package exports

import (
	"context"
	"slices"

	"shareright/bot"
	"shareright/scheduler"
)

// second loads what waits for this person's yes or no; or says why there is nothing for them.
func second(ctx context.Context, t bot.Turn, ref bot.Ref) (w wanted, r bot.Register, no *bot.Outcome, err error) {
	say := func(key string, fill ...string) *bot.Outcome { o := t.Reply(key, fill...); return &o }
	w, r, over, err := load(ctx, t, ref)
	switch {
	case err != nil:
	case over:
		no = say("exports.over")
	case w.By == t.By.ID:
		no = say("exports.own")
	case !slices.Contains(w.Asked, t.By.ID) || !t.By.Has(r.Who...):
		no = say("bot.wrong-role", "role", t.Called(r.Who...))
	}
	return w, r, no, err
}

// agree is the second person's yes: the file is made for whoever asked, if they still may read it.
func agree(ctx context.Context, t bot.Turn, ref bot.Ref) (bot.Outcome, error) {
	w, r, no, err := second(ctx, t, ref)
	if err != nil || no != nil {
		return orNothing(no), err
	}
	name := t.KnownName(ctx, w.By)
	if !holds(ctx, t, w.By, r.Who) {
		return lost(t, ref, w, r, name), nil
	}
	line := t.Say("exports.agreed", "name", name, "register", r.Title, "second", t.ByName())
	o := made(t, r, w)
	o.Reply, o.Audit = bot.Say(line), append(o.Audit, "export.agreed")
	w.end(&o, ref, line)
	return o, nil
}

// refuse is the second person's no: nothing is made, and whoever asked is told.
func refuse(ctx context.Context, t bot.Turn, ref bot.Ref) (bot.Outcome, error) {
	w, r, no, err := second(ctx, t, ref)
	if err != nil || no != nil {
		return orNothing(no), err
	}
	line := t.Say("exports.refused", "name", t.KnownName(ctx, w.By), "register", r.Title, "second", t.ByName())
	o := bot.Outcome{Reply: bot.Say(line), Audit: []string{"export.refused"}}
	w.end(&o, ref, line)
	tell(&o, askKey(ref), []bot.PersonID{w.By}, *bot.Say(line, t.Say("exports.refused-more")))
	return o, nil
}

// back takes the question back. Only who asked may.
func back(ctx context.Context, t bot.Turn, ref bot.Ref) (bot.Outcome, error) {
	w, r, over, err := load(ctx, t, ref)
	switch {
	case err != nil:
		return bot.Outcome{}, err
	case over:
		return t.Reply("exports.over"), nil
	case w.By != t.By.ID:
		return t.Reply("exports.others"), nil
	}
	line := t.Say("exports.back", "name", t.ByName(), "register", r.Title)
	o := bot.Outcome{Reply: bot.Say(line), Audit: []string{"export.taken-back"}}
	w.end(&o, ref, line)
	return o, nil
}

// silent makes the file when nobody has answered for a day: whoever was asked may be gone. Everybody
// in charge hears of it, by a message of its own and not only on the card that they did not answer.
func silent(ctx context.Context, t bot.Turn, job scheduler.Job) (bot.Outcome, error) {
	ref := bot.Ref(job.Name)
	w, r, over, err := load(ctx, t, ref)
	if err != nil || w.By == "" {
		return bot.Outcome{}, err
	}
	name := t.KnownName(ctx, w.By)
	switch {
	case over:
		var o bot.Outcome
		w.end(&o, ref, t.Say("exports.over"))
		tell(&o, askKey(ref), []bot.PersonID{w.By}, *bot.Say(t.Say("exports.over")))
		return o, nil
	case !holds(ctx, t, w.By, r.Who):
		return lost(t, ref, w, r, name), nil
	}
	line := t.Say("exports.silent", "name", name, "register", r.Title)
	o := made(t, r, w)
	o.Reply, o.Audit = nil, append(o.Audit, "export.silent")
	w.end(&o, ref, line)
	tell(&o, askKey(ref)+"/silent", others(ctx, t, inCharge(), w.By), *bot.Say(line, t.Say("exports.silent-more")))
	return o, nil
}

// lost ends the question of somebody who may not read the register any more.
func lost(t bot.Turn, ref bot.Ref, w wanted, r bot.Register, name string) bot.Outcome {
	line := t.Say("exports.lost", "name", name, "register", r.Title)
	o := bot.Outcome{Reply: bot.Say(line), Audit: []string{"export.lost"}}
	w.end(&o, ref, line)
	return o
}

func orNothing(o *bot.Outcome) bot.Outcome {
	if o == nil {
		return bot.Outcome{}
	}
	return *o
}
