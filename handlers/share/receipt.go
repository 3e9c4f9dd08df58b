package share

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"shareright/bot"
	knowledge "shareright/knowledge/share"
)

// decision is the receipt of one sharing decision, also of a decision not to share. It
// is stored: fields may be added, never renamed. It holds no words of the question.
type decision struct {
	Facts    knowledge.Facts `json:"facts"`
	Rule     string          `json:"rule"`
	Version  string          `json:"version,omitempty"` // of the rule: changes with anything it asks, says or rests on
	Decision string          `json:"decision"`
	Basis    []string        `json:"basis"`
	Checked  string          `json:"checked"` // the date on which the rule's sources were checked
	Sources  []string        `json:"sources"`
	Reasons  []string        `json:"reasons,omitempty"` // why, as the rule said it that day

	What    string `json:"what"`               // the kind of information
	Whom    string `json:"whom,omitempty"`     // to whom, when the person says more than the kind of recipient
	Advised string `json:"advised,omitempty"`  // the minimum that the rule advised
	Minimum string `json:"minimum,omitempty"`  // what the person chose to share, and no more
	Did     string `json:"did"`                // "yes", "no" or "part"
	Told    string `json:"told"`               // whether the person was told: "yes", "no" or "later"; "" for not said yet
	WhyNot  string `json:"why_not,omitempty"`  // why the person was not told
	Why     string `json:"why,omitempty"`      // the reason, in the person's own words
	Note    string `json:"note,omitempty"`     // of earlier releases
	Decided string `json:"decided,omitempty"`  // the lead who decided; "" when the person did
	LeadSay string `json:"lead_say,omitempty"` // what the lead decided, when it was not the rules' answer

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

// keep stores a receipt with one press. The decision is made again from the facts, so that
// rule and sources are those of the day. A second press changes whether it was shared.
func (h handler) keep(did string) func(context.Context, bot.Turn, bot.Ref, question) (bot.Outcome, error) {
	return func(ctx context.Context, t bot.Turn, ref bot.Ref, q question) (bot.Outcome, error) {
		d, kept := h.receipt(t, q), q.Kept
		if kept == "" {
			kept = t.NewRef("SH")
			q.Kept = kept
		} else if old, err := bot.Load[decision](ctx, t, kept); err == nil {
			d = old
		} else if !errors.Is(err, bot.ErrNotFound) {
			return bot.Outcome{}, err
		}
		d.Did = did
		if minimum := h.ticked(q.Minimum); minimum != "" && did != "no" {
			d.Minimum = minimum
		}
		t.Ref = kept
		return bot.Outcome{
			Save:  map[bot.Ref]bot.Record{kept: d, ref: q},
			Reply: h.receiptCard(t, kept, d),
			Audit: []string{"decision.kept"},
		}, nil
	}
}

// receipt is what the answer itself says about the decision.
func (h handler) receipt(t bot.Turn, q question) decision {
	a := h.decide(t, q.Facts)
	d := decision{Facts: q.Facts, Rule: a.Rule, Version: a.Version, Decision: string(a.Decision), Basis: a.Basis, Checked: a.Checked,
		Reasons: a.Parts.Why, What: h.label("data", q.Facts.Data), Advised: strings.Join(a.Parts.Share, " "),
		By: t.By.ID, ByName: t.ByName(), At: t.Now}
	for _, s := range a.Sources {
		d.Sources = append(d.Sources, s.ID)
	}
	if q.Wait != nil && q.Wait.Answer != "" {
		d.Decided = q.Wait.AnswerBy
		if q.Wait.Answer != answerApproved {
			d.LeadSay = q.Wait.Answer
		}
	}
	return d
}

func (h handler) receiptCard(t bot.Turn, ref bot.Ref, d decision) *bot.Message {
	return bot.Say(t.Say("share.kept", "ref", string(ref))).List(bot.Pairs, h.rows(t, d)...).
		With(bot.Button{Action: "share.details", Label: t.Say("share.button-details"), Ref: ref})
}

func (h handler) rows(t bot.Turn, d decision) []string {
	var rows []string
	row := func(key, value string) {
		if value != "" {
			rows = append(rows, t.Say("share.row-"+key), value)
		}
	}
	row("what", d.What)
	row("whom", d.whom(h))
	row("did", t.Say("share.did-"+d.Did))
	if d.Did != "no" {
		row("minimum", d.Minimum)
		if d.Minimum == "" {
			row("advised", d.Advised)
		}
	}
	row("told", strings.TrimSuffix(t.Say("share.told-"+cmp.Or(d.Told, "open"))+". "+d.WhyNot, ". "))
	row("advice", t.Say("share.decision-"+d.Decision))
	if d.LeadSay != "" {
		row("lead", t.Say("share.decision-"+d.LeadSay))
	}
	row("decided", cmp.Or(d.Decided, d.ByName))
	row("why", d.why())
	var bases []string
	for _, basis := range d.Basis {
		bases = append(bases, t.Say("share.basis-"+basis))
	}
	row("basis", strings.Join(bases, " "))
	row("rule", fmt.Sprintf("%s %s (%s)", d.Rule, d.Version, d.Checked))
	row("sources", strings.Join(d.Sources, ", "))
	return rows
}

// why is the person's own reason, if any, and those of the rule.
func (d decision) why() string {
	return strings.TrimSpace(d.Why + " " + strings.Join(d.Reasons, " "))
}

func (d decision) whom(h handler) string {
	kind := h.label("recipient", d.Facts.Recipient)
	if d.Whom != "" && kind != "" {
		return d.Whom + " (" + kind + ")"
	}
	return d.Whom + kind
}

// detail is what the form about a receipt fills in.
type detail struct {
	Ref     bot.Ref `json:"ref"`
	What    string  `json:"what"`
	Whom    string  `json:"whom"`
	Minimum string  `json:"minimum"`
	Told    string  `json:"told"`
	WhyNot  string  `json:"why_not"`
	Why     string  `json:"why"`
}

// askDetails adds to a receipt what only the person knows.
func (h handler) askDetails(ctx context.Context, t bot.Turn, ref bot.Ref) (bot.Outcome, error) {
	d, err := ownReceipt(ctx, t, ref)
	if err != nil {
		return bot.Outcome{}, err
	}
	k := detail{Ref: ref, What: d.What, Whom: d.Whom, Told: d.Told, WhyNot: d.WhyNot, Why: d.Why}
	return bot.Outcome{Ask: h.details().Begin(k)}, nil
}

func ownReceipt(ctx context.Context, t bot.Turn, ref bot.Ref) (decision, error) {
	d, err := bot.Load[decision](ctx, t, ref)
	if err == nil && d.By != t.By.ID {
		err = bot.ErrNotFound
	}
	return d, err
}

func (h handler) details() bot.Form[detail] {
	return bot.Form[detail]{
		ID: "share.keep", Title: say("receipt-title-add-to-the"), Submit: say("receipt-submit-add-it"), Done: h.detailed,
		Pages: []bot.Page[detail]{
			{ID: "receipt", Fields: []bot.Field[detail]{
				bot.AskText("what", say("receipt-label-what-kind-of"), func(k *detail) *string { return &k.What }).Shown().
					Hint(say("receipt-hint-for-example-a-phone")).Why(say("receipt-why-the-receipt-shows")),
				bot.AskText("whom", say("receipt-label-who-got-it"), func(k *detail) *string { return &k.Whom }).Shown().Optional().
					Hint(say("receipt-hint-role-and-service-such")).Why(say("receipt-why-a-role-is")),
				bot.AskOne("told", say("receipt-label-does-the-person"), func(k *detail) *string { return &k.Told },
					bot.Option{Value: "yes", Label: say("receipt-choice-yes-they-were")}, bot.Option{Value: "later", Label: say("receipt-choice-not-yet")},
					bot.Option{Value: "no", Label: say("receipt-choice-no-it-would")}).Shown().Why(say("receipt-why-people-should-know")),
			}},
			{ID: "why", Fields: []bot.Field[detail]{
				bot.AskStory("why_not", say("receipt-label-why-were-they"), func(k *detail) *string { return &k.WhyNot }).Shown().Hint(say("receipt-hint-leave-out-names")).
					Why(say("receipt-why-if-somebody-asks-later")).When(func(k detail) bool { return k.Told == "no" }),
				bot.AskStory("minimum", say("receipt-label-what-exactly-did"), func(k *detail) *string { return &k.Minimum }).Shown().Optional().
					Hint(say("receipt-hint-kinds-of-details-only")).Why(say("receipt-why-it-shows-that")),
				bot.AskStory("why", say("receipt-label-why"), func(k *detail) *string { return &k.Why }).Shown().Hint(say("receipt-hint-a-sentence-is")).Optional().Confided().
					Why(say("receipt-why-a-year-from-now")),
			}},
		},
	}
}

func (h handler) detailed(ctx context.Context, t bot.Turn, k detail) (bot.Outcome, error) {
	d, err := ownReceipt(ctx, t, k.Ref)
	if err != nil {
		return bot.Outcome{}, err
	}
	d.What, d.Whom, d.Told, d.Why, d.WhyNot = k.What, k.Whom, k.Told, k.Why, ""
	if d.Told == "no" {
		d.WhyNot = k.WhyNot
	}
	if k.Minimum != "" {
		d.Minimum = k.Minimum
	}
	t.Ref = k.Ref
	return bot.Outcome{Save: map[bot.Ref]bot.Record{k.Ref: d}, Reply: h.receiptCard(t, k.Ref, d), Audit: []string{"decision.detailed"}}, nil
}

// mostListed is how many receipts one message lists.
const mostListed = 20

// receipts lists a person's own receipts; the lead and the deputy see all of them, newest last.
func (h handler) receipts(ctx context.Context, t bot.Turn, _ string) (bot.Outcome, error) {
	q, all := bot.Query{Owner: t.By.ID}, t.By.Has(leads()...)
	if all {
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
	for _, f := range found[max(0, len(found)-mostListed):] {
		d := f.Record
		row := fmt.Sprintf("%s, %s: %s", f.Ref, d.At.In(t.Org.Zone).Format("2 January 2006"), cmp.Or(d.What, t.Say("share.row-unsaid")))
		if whom := d.whom(h); whom != "" {
			row += ", " + whom
		}
		row += ". " + t.Say("share.did-"+d.Did)
		if all {
			row += " (" + d.ByName + ")"
		}
		rows = append(rows, row)
	}
	m := bot.Say(t.Say("share.receipts")).List(bot.Bullets, rows...)
	if all {
		m.Add(bot.SmallLine, t.Say("share.receipts-export"))
	}
	return bot.Outcome{Reply: m}, nil
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
	return bot.Register{Kind: decision{}.RecordKind(), Name: "decisions", Title: say("receipt-title-sharing-decisions"), Who: leads(), Second: true, Columns: []bot.Column{
		column("Date", func(d decision) string { return d.At.Format(time.RFC3339) }),
		column("Information", func(d decision) string { return d.What }),
		column("Recipient", func(d decision) string { return d.Facts.Recipient }),
		column("Recipient in words", func(d decision) string { return d.Whom }),
		column("Advice", func(d decision) string { return d.Decision }),
		column("Lead said", func(d decision) string { return d.LeadSay }),
		column("Shared", func(d decision) string { return d.Did }),
		column("Minimum", func(d decision) string { return cmp.Or(d.Minimum, d.Advised) }),
		column("Person told", func(d decision) string { return d.Told }),
		column("Not told because", func(d decision) string { return d.WhyNot }),
		column("Why", decision.why),
		column("Decided by", func(d decision) string { return cmp.Or(d.Decided, d.ByName) }),
		column("Basis", func(d decision) string { return strings.Join(d.Basis, " ") }),
		column("Rule", func(d decision) string { return strings.TrimSpace(d.Rule + " " + d.Version + " " + d.Checked) }),
		column("Sources", func(d decision) string { return strings.Join(d.Sources, " ") }),
	}}
}
