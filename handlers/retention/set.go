package retention

import (
	"context"
	"errors"
	"slices"

	"shareright/bot"
	"shareright/knowledge/calendar"
	knowledge "shareright/knowledge/retention"
	"shareright/scheduler"
)

// picking is what the question "what kind of record?" fills in.
type picking struct {
	What string `json:"what"`
}

// draft is what the review form fills in.
type draft struct {
	Rule    string        `json:"rule"`
	File    string        `json:"file"`
	Where   string        `json:"where"`
	Owner   bot.PersonID  `json:"owner,omitempty"`
	Days    []Day         `json:"days,omitempty"`
	Decided calendar.Date `json:"decided,omitzero"`
	Hold    string        `json:"hold,omitempty"`
	Reason  string        `json:"reason,omitempty"`
	Note    string        `json:"note,omitempty"`
}

// begin answers "/dp review …": the kind of record, then the form.
func (h handler) begin(_ context.Context, t bot.Turn, text string) (bot.Outcome, error) {
	if text == "" {
		return bot.Outcome{Ask: h.which().Begin(picking{})}, nil
	}
	return h.picked(context.Background(), t, picking{What: text})
}

// refused checks the role of the two who keep the files: the lead and the deputy.
func refused(t bot.Turn) *bot.Outcome {
	if t.By.Has(leads()...) {
		return nil
	}
	no := t.Reply("bot.wrong-role-command", "role", t.Called(leads()...))
	return &no
}

func (h handler) which() bot.Form[picking] {
	return bot.Form[picking]{ID: "retention.which", Title: "Which kind of record?", Submit: "Continue", Quick: true, Done: h.picked,
		Pages: []bot.Page[picking]{{ID: "which", Fields: []bot.Field[picking]{
			bot.AskText("what", "What kind of record is it?", func(p *picking) *string { return &p.What }).
				Hint("For example volunteer file").Why("Each kind of record is kept for its own time."),
		}}},
	}
}

// picked finds the kind of record, or offers the nearest.
func (h handler) picked(_ context.Context, t bot.Turn, p picking) (bot.Outcome, error) {
	if no := refused(t); no != nil {
		return *no, nil
	}
	found := h.schedule.Find(p.What)
	if len(found) == 0 || found[0].Score < knowledge.Sure {
		return h.nearest(t, p.What, "retention.set"), nil
	}
	return h.open(t, found[0].Rule), nil
}

func (h handler) askReview(_ context.Context, t bot.Turn, ref bot.Ref) (bot.Outcome, error) {
	rule, err := h.schedule.Rule(string(ref))
	if err != nil {
		return h.nearest(t, string(ref), "retention.set"), nil
	}
	return h.open(t, rule), nil
}

// open asks for the file, with the rule said first.
func (h handler) open(t bot.Turn, rule knowledge.Rule) bot.Outcome {
	if rule.Kind == knowledge.Extension {
		return t.Reply("retention.extension")
	}
	note := bot.Block{Kind: bot.Para, Text: t.Say("retention.form-note", "category", rule.Category, "says", rule.Says)}
	return bot.Outcome{Ask: h.review().Begin(draft{Rule: rule.Name}).Saying(note)}
}

func (h handler) review() bot.Form[draft] {
	pages := []bot.Page[draft]{{ID: "file", Title: "The file", Fields: []bot.Field[draft]{
		bot.AskText("file", "What is the file’s reference?", func(d *draft) *string { return &d.File }).
			Hint("A number or a code, never a person’s name").Why("The reminder must not say whose file it is."),
		bot.AskText("where", "Where is it kept?", func(d *draft) *string { return &d.Where }).
			Hint("For example: office, blue cabinet").Why("Whoever destroys it must find every copy."),
		bot.AskPerson("owner", "Who looks after it?", func(d *draft) *bot.PersonID { return &d.Owner }).
			Hint("Leave empty for the data protection lead").Optional().Why("The reminder goes to this person too."),
	}}}
	pages = append(pages, datesPage(h, func(d *draft) (*[]Day, string) { return &d.Days, d.Rule }))
	pages = append(pages, bot.Page[draft]{ID: "more", Title: "Anything to wait for", Fields: []bot.Field[draft]{
		bot.AskDate("decided", "Until when did you decide to keep it?", func(d *draft) *calendar.Date { return &d.Decided }).
			Hint("As it was decided in writing").Why("The schedule leaves this one to your organisation.").
			When(func(d draft) bool { return h.kind(d.Rule) == knowledge.Local }),
		bot.AskOne("hold", "Must it wait for something?", func(d *draft) *string { return &d.Hold }, waits(true)...).Optional().
			Why("A file that somebody may still need is never destroyed."),
		bot.AskStory("note", "A note for later", func(d *draft) *string { return &d.Note }).Hint("Leave out names").Optional().
			Why("It is shown to whoever looks at the file when the time comes."),
	}}, bot.Page[draft]{ID: "hold", Title: "What it waits for", When: func(d draft) bool { return d.Hold != "" && d.Hold != "no" }, Fields: []bot.Field[draft]{
		bot.AskStory("reason", "What is it waiting for?", func(d *draft) *string { return &d.Reason }).Hint("Leave out names").
			Why("Whoever lifts the hold needs to know when it is over."),
	}})
	return bot.Form[draft]{ID: "retention.review", Title: "Set a review", Submit: "Set the review", Done: h.set, Pages: pages}
}

// waits are the reasons for a hold.
func waits(none bool) []bot.Option {
	options := []bot.Option{
		{Value: "allegation", Label: "Safeguarding allegation"},
		{Value: "claim", Label: "Legal claim, or one that may come"},
		{Value: "request", Label: "Request by somebody for their own data"},
		{Value: "inquiry", Label: "Inquiry or inspection"},
		{Value: "other", Label: "Something else"},
	}
	if none {
		return append([]bot.Option{{Value: "no", Label: "No"}}, options...)
	}
	return options
}

func (h handler) kind(name string) knowledge.Kind {
	rule, err := h.schedule.Rule(name)
	if err != nil {
		return ""
	}
	return rule.Kind
}

// set turns the answers into a review with its date and the next reminder.
func (h handler) set(ctx context.Context, t bot.Turn, d draft) (bot.Outcome, error) {
	if no := refused(t); no != nil {
		return *no, nil
	}
	rule, err := h.schedule.Rule(d.Rule)
	if err != nil {
		return h.nearest(t, d.Rule, "retention.set"), nil
	}
	r := Review{Rule: rule.Name, Kind: rule.Kind, Category: rule.Category, File: d.File, Where: d.Where, Owner: t.Meant(string(d.Owner)),
		Note: d.Note, Days: given(d.Days), By: t.By.ID, ByName: t.ByName(), Set: t.Now, SetOn: t.Today(), Told: t.Today()}
	if problem := h.compute(&r, t.Today()); problem != "" {
		d.Days = h.without(d, t.Today()) // asked again; the other answers stay
		return bot.Outcome{Ask: h.review().Begin(d).Saying(bot.Block{Kind: bot.Para, Text: problem})}, nil
	}
	if rule.Kind == knowledge.Local {
		r.Until = d.Decided
	}
	r.note(t, t.Say("retention.log-set"))
	if d.Hold != "" && d.Hold != "no" {
		r.Hold = &Hold{Why: d.Hold, Reason: d.Reason, Since: t.Today(), ByName: t.ByName()}
		r.note(t, t.Say("retention.log-held", "why", t.Say("retention.why-"+d.Hold)))
	}
	if r.live, err = h.live(ctx, t, r.File); err != nil {
		return bot.Outcome{}, err
	}
	ref := t.NewRef("RT")
	m := bot.Say(t.Say("retention.set", "ref", string(ref), "file", r.File), h.when(t, r))
	m.List(bot.Bullets, r.steps()...).List(bot.Bullets, r.Warnings...)
	m.Add(bot.Para, h.nextLine(t, r)).With(buttons(t, ref, r)...)
	m.Sources = sources(h.schedule.Sources(rule))
	o := bot.Outcome{Save: map[bot.Ref]bot.Record{ref: r}, Reply: m, Audit: []string{"retention.set"}}
	h.plan(t, ref, r, &o)
	if r.Owner != t.By.ID {
		o.Posts = append(o.Posts, bot.Post{Key: key(ref) + "/owner", To: bot.ToPerson(r.Owner), Class: scheduler.Routine,
			Message: *bot.Say(t.Say("retention.yours", "name", t.ByName(), "file", r.File), h.when(t, r)).With(buttonFor(t, ref, "pass", bot.Plain))})
	}
	return o, nil
}

// without leaves out the one date that cannot be, or all of them where it is none alone.
func (h handler) without(d draft, today calendar.Date) []Day {
	_, err := h.schedule.Compute(d.Rule, inputs(d.Days, today))
	var wrong *knowledge.DateError
	if !errors.As(err, &wrong) {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(d.Days), func(day Day) bool { return day.Trigger == wrong.Trigger })
}

// steps is the working without its last line, which says the date again.
func (r Review) steps() []string {
	if len(r.Working) < 2 {
		return nil
	}
	return r.Working[:len(r.Working)-1]
}

// compute puts the rule's date and its working into the review, or says what is wrong with the dates.
func (h handler) compute(r *Review, today calendar.Date) (problem string) {
	result, err := h.schedule.Compute(r.Rule, inputs(r.Days, today))
	if err != nil {
		return err.Error()
	}
	r.Date, r.Working, r.Warnings = result.Date, result.Steps, result.Warnings
	return ""
}

// refreshed works the date out again, because the schedule may have changed since. A later
// date counts; an earlier one does not.
func (h handler) refreshed(r Review, today calendar.Date) Review {
	now := r
	if h.compute(&now, today) == "" && r.Kind == now.Kind && now.Date.After(r.Date) && r.Kind != knowledge.Maximum {
		return now
	}
	return r
}
