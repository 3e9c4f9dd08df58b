package breach

import (
	"context"
	"strings"
	"time"

	"shareright/bot"
	knowledge "shareright/knowledge/breach"
	"shareright/scheduler"
)

// begin opens the report. A message it was called on is kept as a link, never as text. What
// was typed behind the command stands in the form, with a guess at the cause; both can be changed.
func (h handler) begin(_ context.Context, t bot.Turn, text string) (bot.Outcome, error) {
	known := Breach{Link: t.Link, Story: text}
	if cause, ok := h.content.GuessCause(text); ok {
		known.Cause = cause.Value
		if text == cause.Value {
			known.Story = ""
		}
	}
	return bot.Outcome{Ask: h.report().Begin(known), Jobs: []scheduler.Job{nudgeJob(t)}}, nil
}

// unclear is the cause when nobody is sure: it has first steps of its own.
const unclear = "other"

// report is the guided dialogue: three screens, and only the first question must be answered.
func (h handler) report() bot.Form[Breach] {
	yesNo := []bot.Option{{Value: "yes", Label: "Yes"}, {Value: "no", Label: "No"}}
	return bot.Form[Breach]{
		ID: "breach.report", Title: "Report a breach", Submit: "Send report", Done: h.reported,
		Dropped: func(t bot.Turn) bot.Outcome { return bot.Outcome{Stop: []scheduler.Key{nudgeJob(t).Key}} },
		Pages: []bot.Page[Breach]{
			{ID: "what", Title: "What happened", Fields: []bot.Field[Breach]{
				bot.AskOne("cause", "What happened?", func(b *Breach) *string { return &b.Cause }, h.causes()...).
					Hint("Choose the nearest").Why("It tells us what to do in the first five minutes.").NotSure().Shown(),
				bot.AskStory("story", "Tell us in a few words", func(b *Breach) *string { return &b.Story }).
					Hint("Leave out the names of the people affected").Optional().Shown().
					Why("The lead needs to know what is out there and how. A short note is enough."),
				bot.AskNumber("people", "How many people could it affect?", func(b *Breach) **int { return &b.People }).
					Hint("A guess will do").NotSure("Not yet known").Optional().
					Why("How many people it touches is part of the decision, and of the regulator’s form."),
			}},
			{ID: "data", Title: "What and whom", Fields: []bot.Field[Breach]{
				bot.AskMany("data", "What information was it?", func(b *Breach) *[]string { return &b.Data }, h.dataKinds()...).
					NotSure("Not yet known").Optional().Why("Some information can hurt people more than other information."),
				bot.AskMany("whom", "Whom is it about?", func(b *Breach) *[]string { return &b.Whom }, h.peopleKinds()...).
					NotSure("Not yet known").Optional().Why("Children and adults at risk need more care."),
				bot.AskOne("danger", "Could anybody come to harm because of it?", func(b *Breach) *string { return &b.Danger }, yesNo...).
					NotSure().Optional().Why("If so, keeping people safe comes before everything else."),
				bot.AskOne("back", "Is it back, or stopped?", func(b *Breach) *string { return &b.Back }, yesNo...).
					NotSure().Optional().Why("What is back in safe hands weighs less."),
				bot.AskOne("locked", "Was it locked with a password or code?", func(b *Breach) *string { return &b.Locked }, yesNo...).
					Hint("Encrypted, so that nobody can read it").NotSure().Optional().Why("What nobody can read weighs less."),
			}},
			{ID: "when", Title: "When, and who", Fields: []bot.Field[Breach]{
				bot.AskWhen("happened", "When did it happen?", func(b *Breach) *time.Time { return &b.Happened }).
					Hint("For example 27 3 2026, or yesterday 3pm").NotSure("Not known").Optional().Past().Why("The regulator’s form asks for it."),
				bot.AskWhen("found", "When did you find out?", func(b *Breach) *time.Time { return &b.Found }).
					Hint("Leave empty if it was just now").NotSure("Not known").Optional().Past().
					Why("The 72 hours begin when the organisation knows."),
				bot.AskOne("other", "Did it happen to somebody else?", func(b *Breach) *string { return &b.Other },
					bot.Option{Value: "yes", Label: "Yes, I report for them"}, bot.Option{Value: "no", Label: "No, it was me"}).
					NotSure("Not sure, or nobody in particular").Optional().Why("We may have to act for somebody who cannot be reached."),
				bot.AskOne("about", "Is it about somebody in charge?", func(b *Breach) *bot.Role { return &b.About },
					bot.Option{Value: "nobody", Label: "No"},
					bot.Option{Value: string(bot.DPLead), Label: "The data protection lead"},
					bot.Option{Value: string(bot.Deputy), Label: "The deputy"},
					bot.Option{Value: string(bot.SafeguardingLead), Label: "The safeguarding lead"},
					bot.Option{Value: string(bot.Trustee), Label: "A trustee"}).
					Optional().Why("A report about somebody in charge goes round that person."),
			}},
		},
	}
}

// reported turns the answers into a record with a clock, a card for the lead and a receipt.
func (h handler) reported(ctx context.Context, t bot.Turn, b Breach) (bot.Outcome, error) {
	if b.Drill != "" {
		return h.drillReported(ctx, t, b)
	}
	ref := t.NewRef("BR")
	b.Reported, b.Aware = t.Now, t.Now
	if !b.Found.IsZero() && b.Found.Before(t.Now) {
		b.Aware = b.Found
	}
	if b.Cause == "" {
		b.Cause = unclear
	}
	if b.About == "nobody" {
		b.About = bot.Anyone
	}
	b.By, b.ByName, b.State = t.By.ID, t.By.Name, open
	b.note(t, t.Say("breach.log-reported"))
	like, err := b.sameAs(ctx, t)
	if err != nil {
		return bot.Outcome{}, err
	}
	b.Like = like

	o := bot.Outcome{
		Save:  map[bot.Ref]bot.Record{ref: b},
		Jobs:  b.jobs(ref, t.Now),
		Posts: []bot.Post{b.card(h, t, ref)},
		Reply: h.receipt(t, ref, b),
		Audit: []string{"breach.reported"},
		Stop:  []scheduler.Key{nudgeJob(t).Key},
	}
	if to, high := h.highRisk(t, b); high {
		b.ReviewBy = to.Role
		o.Save[ref] = b
		o.Posts = append(o.Posts, h.reviewPost(t, ref, b, to))
	}
	if b.Danger == "yes" && b.About != bot.SafeguardingLead {
		o.Posts = append(o.Posts, bot.Post{Key: cardKey(ref) + "/danger", To: b.round(t, bot.SafeguardingLead), Class: scheduler.Escalation,
			Message: *bot.Say(t.Say("breach.danger-lead", "ref", string(ref)), t.Say("breach.danger-lead-more"))})
	}
	o.Posts = append(o.Posts, bot.Post{Key: cardKey(ref) + "/receipt", To: bot.ToPerson(t.By.ID), Class: scheduler.Escalation,
		Message: *bot.Say(t.Say("breach.receipt-copy", "ref", string(ref)), t.Say("breach.receipt-next"))})
	return o, nil
}

// receipt is what the volunteer sees at once: thanks, the reference, and the first five minutes for this cause.
func (h handler) receipt(t bot.Turn, ref bot.Ref, b Breach) *bot.Message {
	m := bot.Say(t.Say("breach.receipt", "ref", string(ref)))
	if b.Danger == "yes" {
		m.Add(bot.Para, t.Say("breach.danger"))
	}
	cause, _ := h.content.Cause(b.Cause)
	if len(cause.Now) > 0 {
		m.Add(bot.Heading, t.Say("breach.receipt-now")).List(bot.Steps, cause.Now...).List(bot.Bullets, cause.Avoid...)
	}
	who := t.Called(b.audience(t).Role)
	if cause.Track != "" {
		m.With(bot.Button{Action: "breach.list", Label: t.Say("breach.button-list"), Ref: ref})
	}
	m.Add(bot.Para, t.Say("breach.receipt-told", "who", who)).Add(bot.Para, t.Say("breach.receipt-next"))
	for _, s := range h.content.SourcesOf(cause.Sources) {
		m.Sources = append(m.Sources, bot.Source{Title: s.Title, URL: s.URL, Checked: s.Checked})
	}
	return m
}

// attributes are the facts of the report, as the assessment reads them: not known stays not known.
func (h handler) attributes(b Breach) knowledge.Attributes {
	a := h.content.Gather(b.Cause, b.Data, b.Whom)
	a.People = b.People
	set := func(fact **bool, answer string) {
		if answer == "yes" || answer == "no" {
			said := answer == "yes"
			*fact = &said
		}
	}
	set(&a.Recovered, b.Back)
	set(&a.Encrypted, b.Locked)
	set(&a.Malicious, b.Meant)
	set(&a.Exfiltrated, b.Copied)
	set(&a.Backup, b.Spare)
	if b.Who != "" {
		a.Recipients = knowledge.Recipients(b.Who)
	}
	if b.Loss != "" {
		a.AvailabilityLoss = knowledge.Loss(b.Loss)
	}
	return a
}

// advice is the assessment in one line.
func (h handler) advice(t bot.Turn, b Breach) string {
	return adviceLine(t, h.content.Assess(h.attributes(b)))
}

func adviceLine(t bot.Turn, a knowledge.Assessment) string {
	switch {
	case a.NotifyIndividuals:
		return t.Say("breach.advice-people", "ico", t.Org.ICO)
	case a.NotifyICO:
		return t.Say("breach.advice-ico", "ico", t.Org.ICO)
	}
	return t.Say("breach.advice-record")
}

func (h handler) causes() []bot.Option {
	options := make([]bot.Option, 0, len(h.content.Causes))
	for _, c := range h.content.Causes {
		options = append(options, bot.Option{Value: c.Value, Label: c.Label, Also: c.Also})
	}
	return options
}

func (h handler) dataKinds() []bot.Option {
	options := make([]bot.Option, 0, len(h.content.DataKinds))
	for _, k := range h.content.DataKinds {
		if !k.Alone { // "not known yet" is the answer "not sure"
			options = append(options, bot.Option{Value: k.ID, Label: k.Label})
		}
	}
	return options
}

func (h handler) peopleKinds() []bot.Option {
	options := make([]bot.Option, 0, len(h.content.PeopleKinds))
	for _, k := range h.content.PeopleKinds {
		if !k.Alone { // "not known yet" is the answer "not sure"
			options = append(options, bot.Option{Value: k.ID, Label: k.Label})
		}
	}
	return options
}

func labels(options []bot.Option, values []string) string {
	var names []string
	for _, v := range values {
		for _, o := range options {
			if o.Value == v {
				names = append(names, o.Label)
			}
		}
	}
	return strings.Join(names, ", ")
}
