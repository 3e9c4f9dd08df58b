package retention

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"shareright/bot"
	"shareright/knowledge/calendar"
	knowledge "shareright/knowledge/retention"
	"shareright/scheduler"
)

func key(ref bot.Ref) string { return "retention/" + string(ref) }

// when says until when a file is kept, or why there is no such day.
func (h handler) when(t bot.Turn, r Review) string {
	switch day := r.act(); {
	case len(r.live) > 0:
		return t.Say("retention.when-live", "line", r.liveLine(t))
	case r.Hold != nil:
		return t.Say("retention.when-held", "why", t.Say("retention.why-"+r.Hold.Why))
	case r.Kind == knowledge.Permanent:
		return t.Say("retention.when-permanent")
	case day.IsZero():
		return t.Say("retention.when-none")
	case r.Kind == knowledge.Maximum:
		return t.Say("retention.when-latest", "date", day.Long())
	case r.Kind == knowledge.Never && r.Date.IsZero() && r.Until.IsZero():
		return t.Say("retention.when-now")
	default:
		return t.Say("retention.when", "date", day.AddDays(-1).Long())
	}
}

// nextLine says when the next reminder comes.
func (h handler) nextLine(t bot.Turn, r Review) string {
	if next := r.next(t.Mornings()); !next.IsZero() {
		return t.Say("retention.next", "date", next.Long())
	}
	return t.Say("retention.next-none")
}

func buttonFor(t bot.Turn, ref bot.Ref, what string, style bot.Style) bot.Button {
	return bot.Button{Action: "retention." + what, Label: t.Say("retention.button-" + what), Ref: ref, Style: style}
}

// buttons are what can be done with a file now. What may not be done is not offered.
func buttons(t bot.Turn, ref bot.Ref, r Review) []bot.Button {
	switch r.state() {
	case destroyed:
		return nil
	case held:
		if r.Hold == nil { // a live request keeps it: it ends with the request
			return []bot.Button{buttonFor(t, ref, "hold", bot.Plain)}
		}
		return []bot.Button{buttonFor(t, ref, "lift", bot.Primary), buttonFor(t, ref, "snooze", bot.Plain)}
	case confirm:
		return []bot.Button{buttonFor(t, ref, "confirm", bot.Primary), buttonFor(t, ref, "deny", bot.Plain)}
	}
	if r.Kind == knowledge.Permanent {
		return nil
	}
	var list []bot.Button
	if r.mayDestroy(t.Today()) {
		list = append(list, buttonFor(t, ref, "destroyed", bot.Primary))
	}
	if r.keepable() {
		list = append(list, buttonFor(t, ref, "keep", bot.Plain))
	}
	if r.Kind == knowledge.After {
		list = append(list, buttonFor(t, ref, "consent", bot.Plain))
	}
	if !r.agreed().IsZero() {
		list = append(list, buttonFor(t, ref, "withdraw", bot.Plain))
	}
	return append(list, buttonFor(t, ref, "hold", bot.Plain), buttonFor(t, ref, "snooze", bot.Plain), buttonFor(t, ref, "pass", bot.Plain))
}

// keepable says whether a reason is enough to keep the file longer: not past a longest time, and not what is never kept.
func (r Review) keepable() bool {
	return r.Kind != knowledge.Maximum && r.Kind != knowledge.Never && r.Kind != knowledge.Permanent
}

// facts are what a reminder says about a file: no date of birth, no note, nothing about a person.
func (h handler) facts(ctx context.Context, t bot.Turn, ref bot.Ref, r Review) bot.Block {
	return bot.Block{Kind: bot.Pairs, Items: []string{
		t.Say("retention.row-ref"), string(ref), t.Say("retention.row-kind"), r.Category,
		t.Say("retention.row-where"), r.Where, t.Say("retention.row-owner"), t.NameOf(ctx, r.Owner),
		t.Say("retention.row-when"), h.when(t, r), t.Say("retention.row-mark"), mark(t, r)}}
}

// mark is what stands on the file itself: the month in which it is destroyed.
func mark(t bot.Turn, r Review) string {
	day := r.act()
	switch {
	case r.Hold != nil:
		return t.Say("retention.mark-held")
	case day.IsZero():
		return t.Say("retention.mark-none")
	}
	return t.Say("retention.mark", "month", day.Month.String()+" "+strconv.Itoa(day.Year))
}

// show is the whole review, privately, for those who may act on it.
func (h handler) show(ctx context.Context, t bot.Turn, ref bot.Ref, r Review) (bot.Outcome, error) {
	m := bot.Say(t.Say("retention.show", "file", r.File))
	m.Body = append(m.Body, h.facts(ctx, t, ref, r))
	m.List(bot.Bullets, r.steps()...).List(bot.Bullets, r.Warnings...)
	if r.Hold != nil && r.Hold.Reason != "" {
		m.Add(bot.Quote, r.Hold.Reason)
	}
	if r.Note != "" {
		m.Add(bot.Quote, r.Note)
	}
	if r.state() == destroyed {
		m.Body = append(m.Body, proof(t, r))
	}
	var log []string
	for _, l := range r.Log {
		log = append(log, calendar.On(l.At, t.Org.Zone).Plain()+" — "+l.Who+": "+l.What)
	}
	m.Add(bot.Heading, t.Say("retention.row-log")).List(bot.Bullets, log...)
	m.Add(bot.Para, h.nextLine(t, r))
	return bot.Outcome{Reply: m.With(buttons(t, ref, r)...), Audit: []string{"retention.read"}}, nil
}

// rows is how many reviews are listed at once.
const rows = 20

// list shows the files that are due next: all of them to the lead and the deputy, their own to everybody.
func (h handler) list(ctx context.Context, t bot.Turn, _ string) (bot.Outcome, error) {
	query := bot.Query{States: []string{waiting, held, confirm}, Limit: everything}
	if !t.By.Has(leads()...) {
		query.Owner = t.By.ID
	}
	found, err := bot.Find[Review](ctx, t, query)
	if err != nil {
		return bot.Outcome{}, err
	}
	if len(found) == 0 {
		none := t.Reply("retention.list-none")
		if t.By.Has(leads()...) {
			none.Reply.With(buttonFor(t, "", "list", bot.Plain))
		}
		return none, nil
	}
	slices.SortStableFunc(found, func(a, b bot.Found[Review]) int { return soonest(a.Record, b.Record) })
	m := bot.Say(t.Say("retention.list"))
	var lines []string
	for _, f := range found[:min(rows, len(found))] {
		if f.Record.live, err = h.live(ctx, t, f.Record.File); err != nil {
			return bot.Outcome{}, err
		}
		lines = append(lines, t.Say("retention.list-row", "ref", string(f.Ref), "file", f.Record.File, "kind", f.Record.Category, "when", h.when(t, f.Record)))
		if len(m.Buttons) < 5 {
			m.With(bot.Button{Action: "retention.show", Label: string(f.Ref), Ref: f.Ref})
		}
	}
	m.List(bot.Bullets, lines...)
	if t.By.Has(leads()...) {
		m.With(buttonFor(t, "", "list", bot.Plain))
	}
	if more := len(found) - rows; more > 0 {
		m.Add(bot.SmallLine, t.Say("retention.list-more", "n", strconv.Itoa(more)))
	}
	return bot.Outcome{Reply: m}, nil
}

// soonest orders reviews by their day; those without one come last.
func soonest(a, b Review) int {
	x, y := a.act(), b.act()
	if x.IsZero() != y.IsZero() {
		return cmp.Compare(btoi(x.IsZero()), btoi(y.IsZero()))
	}
	return x.Compare(y)
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// changed saves a review, plans its next reminder, and replaces the buttons on the cards that stand.
func (h handler) changed(t bot.Turn, ref bot.Ref, r Review, line string) bot.Outcome {
	r.Told = t.Today()
	var o bot.Outcome
	for _, card := range r.Cards {
		o.Posts = append(o.Posts, bot.Post{Key: card.Key, To: card.To, Class: scheduler.Routine,
			Message: *bot.Say(t.Say("retention.card-done", "file", r.File, "line", line))})
	}
	r.Cards = nil
	o.Save = map[bot.Ref]bot.Record{ref: r}
	h.plan(t, ref, r, &o)
	o.Reply = bot.Say(line, h.nextLine(t, r))
	return o
}

// posted puts a message on people's screens, and remembers where, so that its buttons can be replaced.
func (r *Review) posted(o *bot.Outcome, key string, m bot.Message, to ...bot.Audience) {
	r.Cards = nil
	for i, audience := range to {
		card := Card{Key: fmt.Sprintf("%s/%d", key, i+1), To: audience}
		r.Cards = append(r.Cards, card)
		o.Posts = append(o.Posts, bot.Post{Key: card.Key, To: card.To, Class: scheduler.Routine, Message: m})
	}
}

// register is the ledger of files for exports: references and dates, never a name of somebody in a file.
func register() bot.Register {
	column := func(name string, value func(Review) string) bot.Column {
		return bot.Column{Name: name, Value: func(record []byte) string {
			var r Review
			if json.Unmarshal(record, &r) != nil {
				return ""
			}
			return value(r)
		}}
	}
	disposal := func(value func(Disposal) string) func(Review) string {
		return func(r Review) string {
			if r.Disposal == nil {
				return ""
			}
			return value(*r.Disposal)
		}
	}
	return bot.Register{Kind: Review{}.RecordKind(), Name: "ledger", Title: "Files and when they are destroyed", Who: leads(), Columns: []bot.Column{
		column("State", func(r Review) string { return r.state() }),
		column("Kind of record", func(r Review) string { return r.Category }),
		column("File", func(r Review) string { return r.File }),
		column("Where", func(r Review) string { return r.Where }),
		column("Looked after by", func(r Review) string { return string(r.Owner) }),
		column("Counted from", func(r Review) string { return countedFrom(r.Days) }),
		column("Kept until", func(r Review) string { return r.Until.String() }),
		column("Consent until", func(r Review) string { return r.agreed().String() }),
		column("Destroy from", func(r Review) string { return r.act().String() }),
		column("On hold for", func(r Review) string {
			if r.Hold == nil {
				return ""
			}
			return r.Hold.Why
		}),
		column("Destroyed on", disposal(func(d Disposal) string { return d.On.String() })),
		column("How", disposal(func(d Disposal) string { return d.Method })),
		column("By", disposal(func(d Disposal) string { return d.ByName })),
		column("Confirmed by", disposal(func(d Disposal) string { return d.SecondAs })),
		column("Confirmed", disposal(func(d Disposal) string {
			if d.Confirmed.IsZero() {
				return ""
			}
			return d.Confirmed.Format(time.RFC3339)
		})),
		column("Working", func(r Review) string { return strings.Join(r.Working, " ") }),
	}}
}
