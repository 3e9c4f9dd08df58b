package registers

import (
	"context"

	"shareright/bot"
	"shareright/knowledge/calendar"
	knowledge "shareright/knowledge/registers"
)

// draft is what a register's form fills in: a place for each field, made when it is first asked for.
type draft struct {
	Ref   bot.Ref                   `json:"ref,omitempty"`   // of the line that is changed; empty for a new one
	Check bot.Ref                   `json:"check,omitempty"` // of the tool check that it began with
	Text  map[string]*string        `json:"text,omitempty"`
	Many  map[string]*[]string      `json:"many,omitempty"`
	Days  map[string]*calendar.Date `json:"days,omitempty"`
}

func place[V any](at *map[string]*V, id string) *V {
	if *at == nil {
		*at = map[string]*V{}
	}
	if (*at)[id] == nil {
		(*at)[id] = new(V)
	}
	return (*at)[id]
}

func formID(r knowledge.Register) string { return "registers." + r.ID }

// form is a register's dialogue, made from its content.
func (h handler) form(r knowledge.Register) bot.Form[draft] {
	form := bot.Form[draft]{ID: formID(r), Title: r.Form, Submit: "Save it",
		Done: func(ctx context.Context, t bot.Turn, d draft) (bot.Outcome, error) { return h.save(ctx, t, r, d) }}
	for i, p := range r.Pages {
		page := bot.Page[draft]{ID: p.ID, Title: p.Title}
		if i == 0 {
			page.Intro = r.About
		}
		for _, f := range p.Fields {
			page.Fields = append(page.Fields, field(f))
		}
		form.Pages = append(form.Pages, page)
	}
	return form
}

func field(f knowledge.Field) bot.Field[draft] {
	var options []bot.Option
	for _, o := range f.Options {
		options = append(options, bot.Option{Value: o.ID, Label: o.Label})
	}
	text := func(d *draft) *string { return place(&d.Text, f.ID) }
	var asked bot.Field[draft]
	switch f.Kind {
	case knowledge.Story:
		asked = bot.AskStory(f.ID, f.Label, text)
	case knowledge.One:
		asked = bot.AskOne(f.ID, f.Label, text, options...)
	case knowledge.Many:
		asked = bot.AskMany(f.ID, f.Label, func(d *draft) *[]string { return place(&d.Many, f.ID) }, options...)
	case knowledge.Day:
		asked = bot.AskDate(f.ID, f.Label, func(d *draft) *calendar.Date { return place(&d.Days, f.ID) })
	default:
		asked = bot.AskText(f.ID, f.Label, text)
	}
	asked = asked.Hint(f.Hint).Why(f.Why).Shown()
	if f.Optional {
		return asked.Optional()
	}
	return asked
}

// draft is the line as its form shows it.
func (e Entry) draft(ref bot.Ref) draft {
	d := draft{Ref: ref}
	for id, v := range e.Text {
		*place(&d.Text, id) = v
	}
	for id, v := range e.Many {
		*place(&d.Many, id) = v
	}
	for id, v := range e.Days {
		*place(&d.Days, id) = v
	}
	return d
}

// fill puts the answers into a line.
func (e *Entry) fill(d draft) {
	e.Text, e.Many, e.Days = map[string]string{}, map[string][]string{}, map[string]calendar.Date{}
	for id, v := range d.Text {
		if *v != "" {
			e.Text[id] = *v
		}
	}
	for id, v := range d.Many {
		if len(*v) > 0 {
			e.Many[id] = *v
		}
	}
	for id, v := range d.Days {
		if !v.IsZero() {
			e.Days[id] = *v
		}
	}
}

func (h handler) add(_ context.Context, t bot.Turn, ref bot.Ref) (bot.Outcome, error) {
	r, known := h.content.Register(string(ref))
	switch {
	case !known:
		return t.Reply("registers.unknown"), nil
	case !r.Anyone && !t.By.Has(leads()...):
		return t.Reply("bot.wrong-role", "role", t.Called(leads()...)), nil
	}
	return bot.Outcome{Ask: h.form(r).Begin(draft{})}, nil
}

// signOut answers "/dp sign-out", and says what its person has out already.
func (h handler) signOut(ctx context.Context, t bot.Turn, _ string) (bot.Outcome, error) {
	r, known := h.content.Register("signed-out")
	if !known {
		return t.Reply("registers.unknown"), nil
	}
	own, err := bot.Find[Entry](ctx, t, bot.Query{Refs: r.Prefix + "-", States: []string{open}, Owner: t.By.ID})
	if err != nil || len(own) == 0 {
		return bot.Outcome{Ask: h.form(r).Begin(draft{})}, err
	}
	m := bot.Say(t.Say("registers.yours-out"))
	for _, f := range own {
		m.List(bot.Bullets, h.headline(t, r, f.Record, "todo")+" "+t.Say("registers.due", "date", f.Record.Review.Plain()))
		if len(m.Buttons) < 4 {
			m.With(bot.Button{Action: "registers.reviewed", Label: t.Say("registers.button-back-of", "ref", string(f.Ref)), Ref: f.Ref})
		}
	}
	m.With(bot.Button{Action: "registers.add", Label: t.Say("registers.button-add"), Ref: bot.Ref(r.ID), Style: bot.Primary})
	return bot.Outcome{Reply: m}, nil
}

func (h handler) change(_ context.Context, _ bot.Turn, ref bot.Ref, r knowledge.Register, e Entry) (bot.Outcome, error) {
	return bot.Outcome{Ask: h.form(r).Begin(e.draft(ref))}, nil
}

// dbsYears is the longest time for which the note of a DBS check is kept (document 002, line 111).
const dbsYears = 3

// save keeps a new line, or the change of one, and plans when it is looked at again.
func (h handler) save(ctx context.Context, t bot.Turn, r knowledge.Register, d draft) (bot.Outcome, error) {
	if !r.Anyone && !t.By.Has(leads()...) {
		return t.Reply("bot.wrong-role", "role", t.Called(leads()...)), nil
	}
	e, ref, what := Entry{Register: r.ID, State: open, By: t.By.ID, ByName: t.ByName(), Set: t.Now}, d.Ref, "added"
	if ref == "" {
		ref = t.NewRef(r.Prefix)
	} else {
		var err error
		if e, err = bot.Load[Entry](ctx, t, ref); err != nil {
			return bot.Outcome{}, err
		}
		if e.State == closed {
			return t.Reply("registers.closed-already", "ref", string(ref)), nil
		}
		what = "changed"
	}
	if back := d.Days[r.Back]; r.Back != "" && back != nil && !back.IsZero() && back.Before(t.Today()) {
		*back = calendar.Date{}
		return bot.Outcome{Ask: h.form(r).Begin(d).Saying(bot.Block{Kind: bot.Para, Text: t.Say("registers.past")})}, nil
	}
	if until, issued := d.Days["until"], d.Days["date"]; r.ID == "dbs" && until.After(issued.AddYears(dbsYears)) {
		*until = calendar.Date{}
		return bot.Outcome{Ask: h.form(r).Begin(d).Saying(bot.Block{Kind: bot.Para, Text: t.Say("registers.dbs-long")})}, nil
	}
	e.fill(d)
	e.note(t, t.Say("registers.log-"+what))
	if what == "added" || r.Back != "" {
		e.Review, e.Quiet = e.next(r, t.Today()), calendar.Date{}
	}
	e.Told = t.Today()
	o := bot.Outcome{Save: map[bot.Ref]bot.Record{ref: e}, Audit: []string{"registers." + what}}
	o.Reply = bot.Say(t.Say("registers."+what, "ref", string(ref), "name", e.name(r), "register", r.Title))
	if !e.Review.IsZero() {
		o.Reply.Add(bot.Para, t.Say("registers.remind-on", "date", e.Review.Long()))
	}
	for _, advice := range h.advice(t, r, e) {
		o.Reply.Add(bot.Para, advice)
	}
	o.Reply.With(h.buttons(t, ref, r, e)...)
	for _, s := range h.content.SourcesOf(r) {
		o.Reply.Sources = append(o.Reply.Sources, bot.Source{Title: s.Title, URL: s.URL, Checked: s.Checked})
	}
	t.Ref = ref
	plan(t, ref, e, &o)
	return o, h.decided(ctx, t, d, ref, e, &o)
}

// advice is what an answer leads to: a contract that lacks its terms, a risk that stays high.
func (h handler) advice(t bot.Turn, r knowledge.Register, e Entry) []string {
	var all []string
	say := func(when bool, key string) {
		if when {
			all = append(all, t.Say("registers.advice-"+key))
		}
	}
	switch r.ID {
	case "processors":
		say(e.Text["terms"] == "no", "terms")
		say(e.Text["subs"] == "unknown", "subs")
		say(e.Text["where"] == "unknown", "where")
	case "processing":
		say(e.Text["abroad"] == "unknown", "where")
	case "sharing":
		say(e.Text["joint"] == "us", "processor")
		say(e.Text["told"] == "no", "told")
		say(e.Days["signed"].IsZero(), "signed")
	case "dpia":
		say(e.Text["left"] == "high" && e.Text["decision"] != "stop", "regulator")
	}
	return all
}
