package rights

import (
	"context"
	"slices"

	"shareright/bot"
	"shareright/scheduler"
)

// like are open requests for the same right about the same file: the same request may have been logged twice.
func like(all []bot.Found[Request], ref bot.Ref, r Request) []bot.Ref {
	var refs []bot.Ref
	for _, f := range all {
		if f.Ref != ref && f.Record.Right == r.Right && !f.Record.over() && f.Record.About == r.About && slices.ContainsFunc(r.marks(), f.Record.touches) {
			refs = append(refs, f.Ref)
		}
	}
	return refs
}

// again says whether the same was asked and answered within a year. That alone makes nothing excessive.
func again(all []bot.Found[Request], r Request) (bot.Ref, bool) {
	for _, f := range slices.Backward(all) {
		if o := f.Record; o.Right == r.Right && (o.State == answered || o.State == refused) && o.About == r.About &&
			slices.ContainsFunc(r.marks(), o.touches) && !o.Ended.AddMonths(12).Before(r.Came) {
			return f.Ref, true
		}
	}
	return "", false
}

// touches says whether the request names this file.
func (r Request) touches(file string) bool {
	return slices.ContainsFunc(r.marks(), func(m string) bool { return sameFile(m, file) })
}

// join ends a request that was logged twice. The one that came first keeps its clock.
func (h handler) join(ctx context.Context, t bot.Turn, ref bot.Ref, r Request, into string) (bot.Outcome, error) {
	other, err := bot.Load[Request](ctx, t, bot.Ref(into))
	switch {
	case err != nil:
		return bot.Outcome{}, err
	case r.over(), other.over(), other.hidden(t.By), bot.Ref(into) == ref, other.Right != r.Right:
		return t.Reply("bot.unknown-button"), nil
	case r.Came.Before(other.Came):
		return t.Reply("rights.join-other", "ref", into, "this", string(ref)), nil
	}
	before := r
	r.State, r.Ended, r.Same = joined, t.Today(), bot.Ref(into)
	r.Keep = h.clocks.KeepUntil(r.Ended)
	o, err := h.changed(t, ref, before, r, t.Say("rights.joined", "ref", into))
	if err != nil {
		return o, err
	}
	other.note(t, t.Say("rights.joined-here", "ref", string(ref)))
	o.Save[bot.Ref(into)] = other
	o.Stop = append(o.Stop, scheduler.Key{Kind: roundKind, Name: string(ref)})
	return o, nil
}

// more are the things that happen seldom.
func (h handler) more(ctx context.Context, t bot.Turn, ref bot.Ref, r Request) (bot.Outcome, error) {
	if r.over() {
		return t.Reply("rights.over-already", "ref", string(ref)), nil
	}
	m := bot.Say(t.Say("rights.more", "ref", string(ref)))
	for _, id := range []string{"authority", "files", "fee", "fee-paid", "closed", "stop", "grant", "correct", "drop", "died"} {
		for _, move := range h.moves() {
			if move.id == id && h.bar(t, ref, r, move) == "" {
				m.With(button(t, ref, id, bot.Plain))
			}
		}
	}
	all, err := visible(ctx, t, open)
	if err != nil {
		return bot.Outcome{}, err
	}
	for _, f := range all {
		if f.Ref != ref && f.Record.Right == r.Right && len(m.Buttons) < 16 {
			m.With(bot.Button{Action: "rights.join", Label: t.Say("rights.button-join", "ref", string(f.Ref)), Ref: ref + "/" + f.Ref})
		}
	}
	return bot.Outcome{Reply: m}, nil
}
