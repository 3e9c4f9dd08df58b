package share

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"shareright/bot"
	knowledge "shareright/knowledge/share"
	"shareright/scheduler"
)

// decision is the receipt of one sharing decision, also of a decision not to share. It
// is stored: fields may be added, never renamed. It holds no name and no words of the question.
type decision struct {
	Facts    knowledge.Facts `json:"facts"`
	Rule     string          `json:"rule"`
	Decision string          `json:"decision"`
	Basis    []string        `json:"basis"`
	Checked  string          `json:"checked"` // the date on which the rule's sources were checked
	Sources  []string        `json:"sources"`

	What string `json:"what"`           // the kind of information
	Did  string `json:"did"`            // "yes", "no" or "part"
	Told string `json:"told"`           // whether the person was told: "yes", "no" or "later"
	Why  string `json:"why,omitempty"`  // the reason, in the person's words
	Note string `json:"note,omitempty"` // what was left out, or whom it went to

	By     bot.PersonID `json:"by"`
	ByName string       `json:"by_name"`
	At     time.Time    `json:"at"`
}

// RecordKind names the register.
func (decision) RecordKind() string { return "decision" }

// RecordIndex finds a receipt by who made it and when.
func (d decision) RecordIndex() bot.Index {
	return bot.Index{State: d.Decision, Owner: d.By, Opened: d.At}
}

// keeps is what the form of a receipt fills in.
type keeps struct {
	Ref  bot.Ref `json:"ref"`
	What string  `json:"what"`
	Did  string  `json:"did"`
	Told string  `json:"told"`
	Why  string  `json:"why"`
}

func (h handler) keep(_ context.Context, _ bot.Turn, ref bot.Ref, _ question) (bot.Outcome, error) {
	return bot.Outcome{Ask: h.keeping().Begin(keeps{Ref: ref})}, nil
}

// keeping asks what a receipt needs: what, whether it was shared, whether the person was told, and why.
func (h handler) keeping() bot.Form[keeps] {
	return bot.Form[keeps]{
		ID: "share.keep", Title: "Keep a receipt", Submit: "Keep it", Done: h.kept,
		Pages: []bot.Page[keeps]{{ID: "receipt", Fields: []bot.Field[keeps]{
			bot.AskText("what", "What kind of information is it?", func(k *keeps) *string { return &k.What }).
				Hint("For example: a phone number, or notes of one visit").Why("The receipt shows what was shared. Leave out the information itself."),
			bot.AskOne("did", "Did you share it?", func(k *keeps) *string { return &k.Did },
				bot.Option{Value: "yes", Label: "Yes"}, bot.Option{Value: "part", Label: "Part of it"}, bot.Option{Value: "no", Label: "No"}).
				Why("A decision not to share is worth a receipt too."),
			bot.AskOne("told", "Does the person know?", func(k *keeps) *string { return &k.Told },
				bot.Option{Value: "yes", Label: "Yes, they were told"}, bot.Option{Value: "later", Label: "Not yet"},
				bot.Option{Value: "no", Label: "No, it would not be safe"}).Why("People should know, unless that puts somebody at risk."),
			bot.AskStory("why", "Why?", func(k *keeps) *string { return &k.Why }).Hint("A sentence is enough. Leave out names").Optional().
				Why("A year from now this is what explains it."),
		}}},
	}
}

// kept stores the receipt. The decision is made again from the facts, so that rule and
// sources are those of the day.
func (h handler) kept(ctx context.Context, t bot.Turn, k keeps) (bot.Outcome, error) {
	return h.withQuestion(func(_ context.Context, t bot.Turn, _ bot.Ref, q question) (bot.Outcome, error) {
		a := h.book.Decide(q.Facts)
		ref := t.NewRef("SH")
		d := decision{Facts: q.Facts, Rule: a.Rule, Decision: string(a.Decision), Basis: a.Basis, Checked: a.Checked,
			What: k.What, Did: k.Did, Told: k.Told, Why: k.Why, By: t.By.ID, ByName: t.By.Name, At: t.Now}
		for _, s := range a.Sources {
			d.Sources = append(d.Sources, s.ID)
		}
		t.Ref = ref
		return bot.Outcome{
			Save:  map[bot.Ref]bot.Record{ref: d},
			Reply: bot.Say(t.Say("share.kept", "ref", string(ref))).List(bot.Pairs, h.rows(t, d)...),
			Audit: []string{"decision.kept"},
		}, nil
	})(ctx, t, k.Ref)
}

func (h handler) rows(t bot.Turn, d decision) []string {
	rows := []string{
		t.Say("share.row-what"), d.What,
		t.Say("share.row-whom"), h.label("recipient", d.Facts.Recipient),
		t.Say("share.row-advice"), t.Say("share.decision-" + d.Decision),
		t.Say("share.row-did"), t.Say("share.did-" + d.Did),
		t.Say("share.row-told"), t.Say("share.told-" + d.Told),
		t.Say("share.row-basis"), strings.Join(d.Basis, ", "),
		t.Say("share.row-rule"), fmt.Sprintf("%s (%s)", d.Rule, d.Checked),
	}
	if d.Why != "" {
		rows = append(rows, t.Say("share.row-why"), d.Why)
	}
	return rows
}

// receipts lists a person's own receipts; the lead and the deputy see all of them.
func (h handler) receipts(ctx context.Context, t bot.Turn, _ string) (bot.Outcome, error) {
	q := bot.Query{Owner: t.By.ID}
	if t.By.Has(bot.DPLead, bot.Deputy) {
		q.Owner = ""
	}
	found, err := bot.Find[decision](ctx, t, q)
	if err != nil {
		return bot.Outcome{}, err
	}
	if len(found) == 0 {
		return bot.Outcome{Reply: bot.Say(t.Say("share.receipts-none"))}, nil
	}
	var rows []string
	for _, f := range found[max(0, len(found)-20):] {
		d := f.Record
		rows = append(rows, fmt.Sprintf("%s, %s: %s. %s", f.Ref, d.At.In(t.Org.Zone).Format("2 January 2006"), d.What, t.Say("share.did-"+d.Did)))
	}
	return bot.Outcome{Reply: bot.Say(t.Say("share.receipts")).List(bot.Bullets, rows...)}, nil
}

// askLead passes the facts of a question, not its words, to the data protection lead.
func (h handler) askLead(_ context.Context, t bot.Turn, ref bot.Ref, q question) (bot.Outcome, error) {
	if !q.LeadAt.IsZero() {
		return bot.Outcome{Reply: bot.Say(t.Say("share.lead-already"))}, nil
	}
	q.LeadAt = t.Now
	var rows []string
	for _, fact := range knowledge.Keys() {
		if value := q.Facts.Get(fact); value != "" {
			rows = append(rows, h.label(fact, value))
		}
	}
	a := h.book.Decide(q.Facts)
	m := bot.Say(t.Say("share.lead-card", "name", t.By.Name), t.Say("share.lead-advice", "do", a.Parts.Do)).List(bot.Bullets, rows...).
		With(bot.Button{Action: "share.seen", Label: t.Say("share.button-seen"), Ref: ref, Style: bot.Primary})
	return bot.Outcome{
		Save:  map[bot.Ref]bot.Record{ref: q},
		Posts: []bot.Post{{Key: leadKey(ref), To: bot.ToRole(bot.DPLead), Class: scheduler.Escalation, Message: *m}},
		Reply: bot.Say(t.Say("share.lead-asked"), t.Say("share.lead-wait")),
	}, nil
}

func leadKey(ref bot.Ref) string { return "share/" + string(ref) + "/lead" }

// seen tells the volunteer that the lead is on it.
func (h handler) seen(ctx context.Context, t bot.Turn, ref bot.Ref) (bot.Outcome, error) {
	q, err := bot.Load[question](ctx, t, ref)
	if err != nil {
		return bot.Outcome{}, err
	}
	return bot.Outcome{
		Reply: bot.Say(t.Say("share.seen")),
		Posts: []bot.Post{
			{Key: leadKey(ref), To: bot.ToRole(bot.DPLead), Class: scheduler.Escalation, Message: *bot.Say(t.Say("share.lead-has", "name", t.By.Name))},
			{Key: leadKey(ref) + "/seen", To: bot.ToPerson(q.Owner), Class: scheduler.Escalation, Message: *bot.Say(t.Say("share.seen-owner", "name", t.By.Name))},
		},
	}, nil
}

func register() bot.Register {
	column := func(name string, value func(decision) string) bot.Column {
		return bot.Column{Name: name, Value: func(record []byte) string {
			var d decision
			if json.Unmarshal(record, &d) != nil {
				return ""
			}
			return value(d)
		}}
	}
	return bot.Register{Kind: decision{}.RecordKind(), Name: "decisions", Title: "Sharing decisions", Who: []bot.Role{bot.DPLead, bot.Deputy}, Columns: []bot.Column{
		column("Date", func(d decision) string { return d.At.Format(time.RFC3339) }),
		column("Information", func(d decision) string { return d.What }),
		column("Recipient", func(d decision) string { return d.Facts.Recipient }),
		column("Advice", func(d decision) string { return d.Decision }),
		column("Shared", func(d decision) string { return d.Did }),
		column("Person told", func(d decision) string { return d.Told }),
		column("Basis", func(d decision) string { return strings.Join(d.Basis, " ") }),
		column("Rule", func(d decision) string { return d.Rule + " " + d.Checked }),
	}}
}
