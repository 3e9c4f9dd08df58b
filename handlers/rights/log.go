package rights

import (
	"context"

	"shareright/bot"
	"shareright/knowledge/calendar"
)

// draft is what the form fills in.
type draft struct {
	Right string        `json:"right"`
	Asker string        `json:"asker"`
	How   string        `json:"how"`
	Came  calendar.Date `json:"came,omitzero"`
	Mark  string        `json:"mark,omitempty"`
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

func (h handler) begin(context.Context, bot.Turn, string) (bot.Outcome, error) {
	return bot.Outcome{Ask: h.intake().Begin(draft{})}, nil
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
		}}},
		Done: h.log,
	}
}

// log turns the answers into a request, a card for the lead, a receipt and the first reminder.
func (h handler) log(_ context.Context, t bot.Turn, d draft) (bot.Outcome, error) {
	prefix := "SAR"
	if d.Right == complaint {
		prefix = "CO"
	}
	ref := t.NewRef(prefix)
	t.Ref = ref
	r := Request{Right: d.Right, Asker: d.Asker, How: d.How, Came: d.Came, Mark: d.Mark, By: t.By.ID, ByName: t.ByName(), Logged: t.Now,
		State: open, Told: t.Today()}
	r.note(t, t.Say("rights.log-began"))
	due, err := h.due(t, r)
	if err != nil {
		return bot.Outcome{}, err
	}
	r.Next = due.Date
	o := bot.Outcome{Save: map[bot.Ref]bot.Record{ref: r}, Posts: []bot.Post{h.card(t, ref, r)}, Audit: []string{"rights.logged"}}
	h.plan(t, ref, r, &o)
	m := bot.Say(t.Say("rights.receipt", "ref", string(ref), "who", t.Called(bot.DPLead)), t.Say("rights.receipt-now"))
	m.List(bot.Bullets, h.advice(t, r)...)
	o.Reply = m.Add(bot.Para, t.Say("rights.receipt-due-"+kind(r), "date", due.Date.Long()))
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
