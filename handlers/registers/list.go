package registers

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"shareright/bot"
	"shareright/knowledge/calendar"
	knowledge "shareright/knowledge/registers"
)

// rows is how many lines are listed at once.
const rows = 20

// overview answers "/dp registers": all of them with how many lines each holds, or one by name.
func (h handler) overview(ctx context.Context, t bot.Turn, text string) (bot.Outcome, error) {
	if r, known := h.registerOf(text); known {
		return h.list(ctx, t, bot.Ref(r.ID))
	}
	m := bot.Say(t.Say("registers.all"))
	if text != "" {
		m.Add(bot.Para, t.Say("registers.unknown"))
	}
	var items []string
	for _, r := range h.content.Registers {
		found, err := lines(ctx, t, r, open)
		if err != nil {
			return bot.Outcome{}, err
		}
		late := 0
		for _, f := range found {
			if !f.Record.Review.IsZero() && f.Record.Review.Before(t.Today()) {
				late++
			}
		}
		item := t.Say("registers.count", "register", r.Title, "n", strconv.Itoa(len(found)))
		if late > 0 {
			item += " " + t.Say("registers.count-late", "n", strconv.Itoa(late))
		}
		items = append(items, item)
		m.With(bot.Button{Action: "registers.list", Label: r.Form, Ref: bot.Ref(r.ID)})
	}
	return bot.Outcome{Reply: m.List(bot.Bullets, items...)}, nil
}

// list shows one register: what is due first, then the rest by name.
func (h handler) list(ctx context.Context, t bot.Turn, ref bot.Ref) (bot.Outcome, error) {
	r, known := h.content.Register(string(ref))
	if !known {
		return t.Reply("registers.unknown"), nil
	}
	found, err := lines(ctx, t, r, open)
	if err != nil {
		return bot.Outcome{}, err
	}
	never := calendar.Date{Year: 9999, Month: 1, Day: 1}
	day := func(f bot.Found[Entry]) calendar.Date {
		if f.Record.Review.IsZero() {
			return never
		}
		return f.Record.Review
	}
	slices.SortStableFunc(found, func(a, b bot.Found[Entry]) int {
		return cmp.Or(day(a).Compare(day(b)), cmp.Compare(a.Record.name(r), b.Record.name(r)))
	})
	m := bot.Say(r.Title, r.About)
	var items []string
	for i, f := range found {
		if i == rows {
			items = append(items, t.Say("registers.more", "n", strconv.Itoa(len(found)-rows)))
			break
		}
		item := string(f.Ref) + " " + f.Record.name(r)
		if !f.Record.Review.IsZero() {
			item += ". " + t.Say("registers.due", "date", f.Record.Review.Plain())
		}
		items = append(items, item)
		if len(m.Buttons) < 8 {
			m.With(bot.Button{Action: "registers.show", Label: string(f.Ref), Ref: f.Ref})
		}
	}
	if len(items) == 0 {
		m.Add(bot.Para, t.Say("registers.empty"))
	}
	m.List(bot.Bullets, items...)
	m.With(bot.Button{Action: "registers.add", Label: t.Say("registers.button-add"), Ref: ref, Style: bot.Primary})
	m.Add(bot.SmallLine, t.Say("registers.export"))
	return bot.Outcome{Reply: m, Audit: []string{"registers.read"}}, nil
}

// show is one line with its history, privately.
func (h handler) show(_ context.Context, t bot.Turn, ref bot.Ref, r knowledge.Register, e Entry) (bot.Outcome, error) {
	m := bot.Say(e.name(r) + " (" + string(ref) + ")")
	var pairs []string
	for _, f := range r.Fields() {
		if v := e.value(f); v != "" {
			pairs = append(pairs, f.Label, v)
		}
	}
	if !e.Review.IsZero() {
		pairs = append(pairs, t.Say("registers.row-review"), e.Review.Plain())
	}
	m.List(bot.Pairs, pairs...)
	for _, advice := range h.advice(t, r, e) {
		m.Add(bot.Para, advice)
	}
	var log []string
	for _, l := range e.Log {
		log = append(log, calendar.On(l.At, t.Org.Zone).Plain()+" — "+l.Who+": "+l.What)
	}
	m.Add(bot.Heading, t.Say("registers.row-log")).List(bot.Bullets, log...)
	if e.State == closed {
		return bot.Outcome{Reply: m}, nil
	}
	return bot.Outcome{Reply: m.With(h.buttons(t, ref, r, e)...)}, nil
}

// buttons are what can be done with a line.
func (h handler) buttons(t bot.Turn, ref bot.Ref, r knowledge.Register, e Entry) []bot.Button {
	button := func(what string, style bot.Style) bot.Button {
		return bot.Button{Action: "registers." + what, Label: t.Say("registers.button-" + what), Ref: ref, Style: style}
	}
	var list []bot.Button
	if !e.Review.IsZero() {
		done := button("reviewed", bot.Primary)
		if r.Back != "" {
			done.Label = t.Say("registers.button-back-" + r.ID)
		}
		list = append(list, done)
	}
	list = append(list, button("change", bot.Plain))
	if !e.Review.IsZero() && t.Today().DaysTo(e.Review) <= before()[0] {
		list = append(list, button("later", bot.Plain))
	}
	if r.Back == "" || r.ID == "consents" {
		list = append(list, button("retire", bot.Plain))
	}
	return list
}
