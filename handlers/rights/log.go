package rights

import (
	"cmp"
	"context"
	"time"

	"shareright/bot"
	"shareright/knowledge/calendar"
	"shareright/scheduler"
)

// draft is what the form fills in.
type draft struct {
	Right string        `json:"right"`
	Asker string        `json:"asker"`
	How   string        `json:"how"`
	Came  calendar.Date `json:"came,omitzero"`
	Mark  string        `json:"mark,omitempty"`

	Age       *int     `json:"age,omitempty"`
	School    string   `json:"school,omitempty"`
	Marketing string   `json:"marketing,omitempty"`
	About     bot.Role `json:"about,omitempty"`
	AtSchool  bool     `json:"at_school,omitempty"` // the organisation is a school
}

func rightOptions() []bot.Option {
	return []bot.Option{
		{Value: access, Label: "See what we hold about them", Hint: "A subject access request"},
		{Value: rectify, Label: "Put something right"},
		{Value: erase, Label: "Erase something"},
		{Value: restrict, Label: "Stop using something for now"},
		{Value: port, Label: "Take their information elsewhere"},
		{Value: object, Label: "Object to how we use it", Hint: "For example: no more newsletters"},
		{Value: withdraw, Label: "Withdraw consent", Hint: "For example: no more photos"},
		{Value: automated, Label: "Question a decision made by a computer"},
		{Value: complaint, Label: "Complain about how we handle information"},
	}
}

func askerOptions() []bot.Option {
	return []bot.Option{
		{Value: "self", Label: "The person themselves"},
		{Value: "parent", Label: "A parent or carer, for a child"},
		{Value: "other", Label: "Somebody else, for them", Hint: "Such as a solicitor or a friend"},
		{Value: organisation, Label: "An organisation", Hint: "Such as the police or a council"},
	}
}

func howOptions() []bot.Option {
	return []bot.Option{
		{Value: "said", Label: "Said to somebody"},
		{Value: "letter", Label: "Letter"},
		{Value: "email", Label: "E-mail"},
		{Value: "message", Label: "Message", Hint: "Text, chat or social media"},
	}
}

// organisation is who asks when it is no right of a person: that goes by the rules on sharing.
const organisation = "organisation"

// nobodyInCharge is the answer that it is about nobody in charge.
const nobodyInCharge = "nobody"

func (h handler) begin(_ context.Context, t bot.Turn, _ string) (bot.Outcome, error) {
	return bot.Outcome{Ask: h.intake().Begin(draft{AtSchool: t.Org.School}), Jobs: []scheduler.Job{nudgeJob(t)}}, nil
}

// nudgeKind is the timer that reminds of a request begun and not sent, once. It is stored with pending jobs.
const nudgeKind = "rights.nudge"

// nudgeAfter leaves time to finish the form in peace.
const nudgeAfter = time.Hour

func nudgeJob(t bot.Turn) scheduler.Job {
	return scheduler.Job{Key: scheduler.Key{Kind: nudgeKind, Name: string(t.By.ID)}, Due: t.Now.Add(nudgeAfter), Class: scheduler.Escalation}
}

// nudge reminds somebody whose form was left half-way: a clock may be running that nobody sees yet.
func (h handler) nudge(_ context.Context, t bot.Turn, job scheduler.Job) (bot.Outcome, error) {
	to := bot.PersonID(job.Name)
	m := bot.Say(t.Say("rights.nudge"), t.Say("rights.nudge-more")).With(bot.Button{Action: "bot.run", Label: t.Say("rights.button-go-on"), Ref: "dp request", Style: bot.Primary})
	return bot.Outcome{Posts: []bot.Post{{Key: "rights/nudge/" + job.Name + "/" + t.Now.Format("20060102T150405"), To: bot.ToPerson(to), Class: scheduler.Escalation, Message: *m}}}, nil
}

// alsoAsked logs another request from the same message: one letter may hold several.
func (h handler) alsoAsked(_ context.Context, t bot.Turn, _ bot.Ref, r Request) (bot.Outcome, error) {
	if r.By != t.By.ID && !r.mayAct(t.By) {
		return t.Reply("bot.unknown-button"), nil
	}
	return bot.Outcome{Ask: h.intake().Begin(draft{Asker: r.Asker, How: r.How, Came: r.Came, Mark: r.Mark, Age: r.Age, About: bot.Role(cmp.Or(string(r.About), nobodyInCharge)), AtSchool: t.Org.School})}, nil
}

func (h handler) intake() bot.Form[draft] {
	return bot.Form[draft]{ID: "rights.request", Title: "Log a request", Submit: "Send to the lead",
		Pages: []bot.Page[draft]{{ID: "request", Fields: []bot.Field[draft]{
			bot.AskOne("right", "What do they ask for?", func(d *draft) *string { return &d.Right }, rightOptions()...).
				Why("Each right has its own rules. Choose the nearest; the lead will look again."),
			bot.AskOne("asker", "Who asks?", func(d *draft) *string { return &d.Asker }, askerOptions()...).
				Why("Whoever asks for somebody else must be allowed to. The lead checks that."),
			bot.AskOne("how", "How did it come?", func(d *draft) *string { return &d.How }, howOptions()...).
				Why("Every way counts, spoken words too."),
			bot.AskDate("came", "When did it come?", func(d *draft) *calendar.Date { return &d.Came }).
				Hint("For example: yesterday, or 27 3 2026").Past().Why("The time to answer runs from that day."),
			bot.AskText("mark", "What do we call the file?", func(d *draft) *string { return &d.Mark }).
				Hint("A reference of our own such as F-118, never a name").Optional().Why("The lead finds the person by it, and no name is stored here."),
		}}, h.secondPage()},
		Done:    h.log,
		Dropped: func(t bot.Turn) bot.Outcome { return bot.Outcome{Stop: []scheduler.Key{nudgeJob(t).Key}} },
	}
}

// secondPage is what only some requests need, and whether it is about somebody in charge.
func (h handler) secondPage() bot.Page[draft] {
	yes, no := bot.Option{Value: "yes", Label: "Yes"}, bot.Option{Value: "no", Label: "No"}
	return bot.Page[draft]{ID: "more", Title: "A little more", When: func(d draft) bool { return d.Asker != organisation }, Fields: []bot.Field[draft]{
		bot.AskNumber("age", "How old is the child?", func(d *draft) **int { return &d.Age }).Hint("In years").Optional().NotSure().
			When(func(d draft) bool { return d.Asker == "parent" }).Why("An older child may have to be asked first."),
		bot.AskOne("school", "Is it the pupil’s own school record?", func(d *draft) *string { return &d.School }, yes, no).Optional().NotSure().
			When(func(d draft) bool { return d.AtSchool && d.Asker == "parent" && d.Right == access && d.How != "said" }).
			Why("A school has 15 school days for it, from a request in writing."),
		bot.AskOne("marketing", "Is it about newsletters or appeals?", func(d *draft) *string { return &d.Marketing }, yes, no).Optional().NotSure().
			When(func(d draft) bool { return d.Right == object }).Why("Those stop today, without any exception."),
		bot.AskOne("about", "Is it about somebody in charge?", func(d *draft) *bot.Role { return &d.About },
			bot.Option{Value: nobodyInCharge, Label: "No"}, bot.Option{Value: string(bot.DPLead), Label: "The data protection lead"},
			bot.Option{Value: string(bot.Deputy), Label: "The deputy"}, bot.Option{Value: string(bot.SafeguardingLead), Label: "The safeguarding lead"},
			bot.Option{Value: string(bot.Trustee), Label: "A trustee"}).
			Optional().Why("What is about somebody in charge goes round that person."),
	}}
}

// log turns the answers into a request, a card for the lead, a receipt and the first reminder.
func (h handler) log(ctx context.Context, t bot.Turn, d draft) (bot.Outcome, error) {
	if d.Asker == organisation {
		m := bot.Say(t.Say("rights.organisation"), t.Say("rights.organisation-more"), t.Say("rights.advice-danger"))
		return bot.Outcome{Stop: []scheduler.Key{nudgeJob(t).Key}, Reply: m.With(bot.Button{Action: "bot.run", Label: t.Say("rights.button-share"), Ref: "canishare", Style: bot.Primary})}, nil
	}
	if d.About == nobodyInCharge {
		d.About = bot.Anyone
	}
	prefix := "SAR"
	if d.Right == complaint {
		prefix = "CO"
	}
	ref := t.NewRef(prefix)
	t.Ref = ref
	r := Request{Right: d.Right, Asker: d.Asker, How: d.How, Came: d.Came, Mark: d.Mark, Age: d.Age, School: d.School, Marketing: d.Marketing, About: d.About,
		By: t.By.ID, ByName: t.ByName(), Logged: t.Now, State: open, Told: t.Today()}
	r.note(t, t.Say("rights.log-began"))
	due, err := h.due(t, r)
	if err != nil {
		return bot.Outcome{}, err
	}
	r.Next = due.Date
	all, err := bot.Find[Request](ctx, t, bot.Query{})
	if err != nil {
		return bot.Outcome{}, err
	}
	card := h.card(t, ref, r)
	for _, twin := range like(all, ref, r) {
		card.Message.Add(bot.Para, t.Say("rights.like", "ref", string(twin)))
		card.Message.With(bot.Button{Action: "rights.join", Label: t.Say("rights.button-join", "ref", string(twin)), Ref: ref + "/" + twin})
	}
	if before, yes := again(all, r); yes {
		card.Message.Add(bot.Para, t.Say("rights.again", "ref", string(before)))
	}
	o := bot.Outcome{Save: map[bot.Ref]bot.Record{ref: r}, Posts: []bot.Post{card}, Audit: []string{"rights.logged"}, Stop: []scheduler.Key{nudgeJob(t).Key}}
	h.plan(t, ref, r, &o)
	m := bot.Say(t.Say("rights.receipt", "ref", string(ref), "who", t.Called(r.audience(t).Role)), t.Say("rights.receipt-now"))
	m.List(bot.Bullets, h.advice(t, r)...)
	o.Reply = m.Add(bot.Para, t.Say("rights.receipt-due-"+kind(r), "date", due.Date.Long())).With(button(t, ref, "more-asked", bot.Plain))
	return o, nil
}

// advice is what whoever was asked should know at once.
func (h handler) advice(t bot.Turn, r Request) []string {
	lines := []string{t.Say("rights.advice-" + r.Right)}
	if r.How == "said" {
		lines = append(lines, t.Say("rights.advice-said"))
	}
	if r.Asker != "self" {
		lines = append(lines, t.Say("rights.advice-"+r.Asker))
	}
	return append(lines, t.Say("rights.advice-danger"))
}
