package year

import (
	"cmp"
	"context"
	"slices"

	"shareright/bot"
	"shareright/knowledge/calendar"
	"shareright/knowledge/governance"
)

// overview answers "/dp year": what is due in twelve months, earliest first, and what is not set.
func (h handler) overview(ctx context.Context, t bot.Turn, _ string) (bot.Outcome, error) {
	found, err := tasks(ctx, t)
	if err != nil {
		return bot.Outcome{}, err
	}
	slices.SortStableFunc(found, func(a, b bot.Found[Task]) int {
		return cmp.Or(a.Record.Due.Compare(b.Record.Due), cmp.Compare(a.Record.Item+a.Record.Name, b.Record.Item+b.Record.Name))
	})
	m := bot.Say(t.Say("year.next"))
	var items, idle []string
	end := t.Today().AddYears(1)
	for _, f := range found {
		item, known := h.content.Item(f.Record.Item)
		switch {
		case !known:
		case f.Record.State == off:
			idle = append(idle, t.Say("year.line-off", "title", f.Record.title(item), "reason", f.Record.Why))
		case !f.Record.Due.After(end):
			items = append(items, h.line(t, item, f.Record))
			if len(m.Buttons) < 6 && t.Today().DaysTo(f.Record.Due) <= soon {
				m.With(bot.Button{Action: "year.show", Label: f.Record.title(item), Ref: f.Ref})
			}
		}
	}
	m.List(bot.Bullets, items...)
	if len(items) == 0 {
		m = bot.Say(t.Say("year.empty"), t.Say("year.empty-more"))
	}
	if len(idle) > 0 {
		m.Add(bot.Heading, t.Say("year.idle")).List(bot.Bullets, idle...)
	}
	if t.By.Has(leads()...) {
		if len(h.missing(found)) > 0 {
			m.With(bot.Button{Action: "year.start", Label: t.Say("year.button-start"), Style: bot.Primary})
		}
		m.With(bot.Button{Action: "year.set", Label: t.Say("year.button-set")})
	}
	return bot.Outcome{Reply: m}, nil
}

func (h handler) line(t bot.Turn, item governance.Item, k Task) string {
	if k.Due.Before(t.Today()) {
		return t.Say("year.line-late", "date", k.Due.Plain(), "title", k.title(item))
	}
	return t.Say("year.line", "date", k.Due.Plain(), "title", k.title(item))
}

// missing are the items that the organisation has no task for, in any state.
func (h handler) missing(found []bot.Found[Task]) []governance.Item {
	var list []governance.Item
	for _, item := range h.content.Items {
		if !slices.ContainsFunc(found, func(f bot.Found[Task]) bool { return f.Record.Item == item.ID }) {
			list = append(list, item)
		}
	}
	return list
}

// start sets everything that is not set yet, on days that spread over the first months.
func (h handler) start(ctx context.Context, t bot.Turn, _ bot.Ref) (bot.Outcome, error) {
	found, err := tasks(ctx, t)
	if err != nil {
		return bot.Outcome{}, err
	}
	missing := h.missing(found)
	if len(missing) == 0 {
		return t.Reply("year.started-already"), nil
	}
	o := bot.Outcome{Save: map[bot.Ref]bot.Record{}, Audit: []string{"year.started"}}
	var lines []string
	for _, item := range missing {
		names := item.Names
		if len(names) == 0 {
			names = []string{""}
		}
		for _, name := range names {
			due, err := first(t, item)
			if err != nil {
				return bot.Outcome{}, err
			}
			k := h.task(t, item, name, due)
			ref := t.NewRef("YR")
			o.Save[ref] = k
			plan(t, ref, item, k, &o)
			lines = append(lines, h.line(t, item, k))
		}
	}
	o.Reply = bot.Say(t.Say("year.started"), t.Say("year.started-more")).List(bot.Bullets, lines...)
	return o, nil
}

func (h handler) task(t bot.Turn, item governance.Item, name string, due calendar.Date) Task {
	return Task{Item: item.ID, Name: name, Start: due, Due: due, State: open, Told: t.Today(), Since: t.Today(), Set: t.Now, By: t.By.ID}
}

// draft is what setting one task fills in.
type draft struct {
	Item string        `json:"item"`
	Name string        `json:"name,omitempty"`
	Last calendar.Date `json:"last,omitzero"`
	Due  calendar.Date `json:"due,omitzero"`
}

func (h handler) askSet(context.Context, bot.Turn, bot.Ref) (bot.Outcome, error) {
	return bot.Outcome{Ask: h.setting().Begin(draft{})}, nil
}

func (h handler) setting() bot.Form[draft] {
	var options []bot.Option
	for _, item := range h.content.Items {
		options = append(options, bot.Option{Value: item.ID, Label: item.Title})
	}
	named := func(d draft) bool {
		item, known := h.content.Item(d.Item)
		return known && len(item.Names) > 0
	}
	return bot.Form[draft]{ID: "year.set", Title: "Set a date", Submit: "Set it", Done: h.set,
		Pages: []bot.Page[draft]{
			{ID: "item", Fields: []bot.Field[draft]{
				bot.AskOne("item", "What comes round?", func(d *draft) *string { return &d.Item }, options...).Why("Each has its own rhythm and steps."),
			}},
			{ID: "when", Fields: []bot.Field[draft]{
				bot.AskText("name", "Which one?", func(d *draft) *string { return &d.Name }).Hint("For example: data protection policy").
					Why("There may be several.").When(named),
				bot.AskDate("last", "When was it last done?", func(d *draft) *calendar.Date { return &d.Last }).Optional().Past().
					Hint("With the year; leave empty if you do not know").Why("The next time counts from it."),
				bot.AskDate("due", "When is it due next?", func(d *draft) *calendar.Date { return &d.Due }).Optional().
					Hint("Leave empty and I work it out").Why("You may know a day better than I do."),
			}},
		}}
}

// set makes one task, or gives the one that is there another day.
func (h handler) set(ctx context.Context, t bot.Turn, d draft) (bot.Outcome, error) {
	item, known := h.content.Item(d.Item)
	if !known {
		return bot.Outcome{}, errNoItem
	}
	if !t.By.Has(leads()...) {
		return t.Reply("bot.wrong-role", "role", t.Called(leads()...)), nil
	}
	found, err := tasks(ctx, t)
	if err != nil {
		return bot.Outcome{}, err
	}
	ref, k := bot.Ref(""), Task{}
	for _, f := range found {
		if f.Record.Item == d.Item && f.Record.Name == d.Name {
			ref, k = f.Ref, f.Record
		}
	}
	if ref == "" {
		ref, k = t.NewRef("YR"), h.task(t, item, d.Name, calendar.Date{})
	}
	switch {
	case !d.Due.IsZero():
		k.Due = d.Due
	case !d.Last.IsZero():
		k.Start, k.Due = d.Last, calendar.Date{}
		if k.Due, err = next(t, item, k, d.Last); err != nil {
			return bot.Outcome{}, err
		}
	default:
		if k.Due, err = first(t, item); err != nil {
			return bot.Outcome{}, err
		}
	}
	if d.Last.IsZero() {
		k.Start = k.Due
	}
	k.State, k.Why, k.Since = open, "", t.Today()
	k.Told = t.Today()
	o := bot.Outcome{Save: map[bot.Ref]bot.Record{ref: k}, Audit: []string{"year.set"}}
	key := "year.set"
	if k.Due.Before(t.Today()) {
		key = "year.set-late"
	}
	o.Reply = bot.Say(t.Say(key, "title", k.title(item), "date", k.Due.Long())).List(bot.Steps, item.Do...).With(h.buttons(t, ref, item, k)...)
	for _, s := range h.content.SourcesOf(item) {
		o.Reply.Sources = append(o.Reply.Sources, bot.Source{Title: s.Title, URL: s.URL, Checked: s.Checked})
	}
	plan(t, ref, item, k, &o)
	return o, nil
}
