// Package breach takes a report of a personal data breach through a guided dialogue,
// brings it to the data protection lead with a 72-hour clock, and follows it to the
// decision and the end.
//
// What counts as reportable, what to do in the first five minutes and the limits
// themselves are in knowledge/breach. Where messages go is the engine's business.
package breach

import (
	"context"
	"fmt"
	"time"

	"shareright/bot"
	knowledge "shareright/knowledge/breach"
	"shareright/scheduler"
)

// The states of a breach.
const (
	open    = "open"    // nobody has taken it
	held    = "held"    // somebody has
	decided = "decided" // tell or do not tell, with a reason
	closed  = "closed"
)

// Breach is the record of Article 33(5) UK GDPR. It is stored: fields may be added, never renamed.
type Breach struct {
	Cause  string   `json:"cause"`
	Story  string   `json:"story,omitempty"`
	People *int     `json:"people,omitempty"` // nil: not yet known
	Data   []string `json:"data,omitempty"`   // pick-list values of knowledge/breach
	Whom   []string `json:"whom,omitempty"`
	Back   string   `json:"back,omitempty"` // "yes", "no" or not known: is it back, or stopped?
	Locked string   `json:"locked,omitempty"`
	Danger string   `json:"danger,omitempty"`
	Link   string   `json:"link,omitempty"` // permalink, never the text

	Happened time.Time `json:"happened,omitzero"`
	Found    time.Time `json:"found,omitzero"`
	Aware    time.Time `json:"aware"`    // when the 72 hours began
	Reported time.Time `json:"reported"` // when the bot was told

	By     bot.PersonID `json:"by"`
	ByName string       `json:"by_name"`
	About  bot.Role     `json:"about,omitempty"` // a report about somebody in charge goes round them

	State      string       `json:"state"`
	Holder     bot.PersonID `json:"holder,omitempty"`
	HolderName string       `json:"holder_name,omitempty"`
	HeldAt     time.Time    `json:"held_at,omitzero"` // taken, or last confirmed
	AskedAt    time.Time    `json:"asked_at,omitzero"`
	Chased     int          `json:"chased,omitempty"` // how often nobody had it when somebody should
	Warned     *int         `json:"warned,omitempty"` // the last milestone told, in hours left

	Decision *Decision `json:"decision,omitempty"`
	ICOAt    time.Time `json:"ico_at,omitzero"`
	ICORef   string    `json:"ico_ref,omitempty"`
	ClosedAt time.Time `json:"closed_at,omitzero"`
	Lessons  string    `json:"lessons,omitempty"`

	Log []Line `json:"log"` // append-only: a correction is a new line
}

// Decision is what the lead decided, beside what was advised.
type Decision struct {
	ICO     string       `json:"ico"`    // "yes" or "no"
	People  string       `json:"people"` // "yes" or "no"
	Reason  string       `json:"reason"` // kept either way, Article 33(5)
	Advised string       `json:"advised"`
	By      bot.PersonID `json:"by"`
	ByName  string       `json:"by_name"`
	At      time.Time    `json:"at"`
}

// Line is one line of a breach's timeline.
type Line struct {
	At   time.Time `json:"at"`
	Who  string    `json:"who,omitempty"`
	What string    `json:"what"`
}

// RecordKind names the register.
func (Breach) RecordKind() string { return "breach" }

// RecordIndex finds a breach by state, reporter and the end of its clock.
func (b Breach) RecordIndex() bot.Index {
	return bot.Index{State: b.State, Owner: b.By, Opened: b.Reported, Due: b.clock().End()}
}

func (b *Breach) note(t bot.Turn, what string) {
	who := t.By.Name
	if who == "" {
		who = string(t.By.ID)
	}
	b.Log = append(b.Log, Line{At: t.Now, Who: who, What: what})
}

// clock is the limit of Article 33(1): 72 elapsed hours from awareness.
func (b Breach) clock() scheduler.Clock {
	return scheduler.Clock{From: b.Aware, Limit: knowledge.Limit, Warn: knowledge.Remaining[:]}
}

// running says whether the 72 hours still matter: they end with the ICO told, or with the reasoned decision not to.
func (b Breach) running() bool {
	return b.State != closed && b.ICOAt.IsZero() && (b.Decision == nil || b.Decision.ICO == "yes")
}

// hidden says that the report is about this person's role: for them it does not exist.
func (b Breach) hidden(p bot.Person) bool {
	return b.About != bot.Anyone && p.Has(b.About)
}

// Feature is everything this package offers.
func Feature(content *knowledge.Content) bot.Feature {
	h := handler{content: content}
	return bot.Feature{
		Name: "breach",
		Commands: []bot.Command{
			{Name: "breach", Help: "Report a data breach", Example: "/breach", Run: h.begin},
			{Under: "dp", Name: "reports", Help: "See what you have reported", Run: h.mine},
			{Under: "dp", Name: "breaches", Help: "See the open breaches and their clocks", Who: bot.DPLead, Run: h.list},
		},
		Forms: []bot.Dialogue{h.report(), h.decision(), h.ico(), h.ending()},
		Actions: []bot.Action{
			{ID: "breach.ack", Who: h.who(), Do: h.act(h.ack)},
			{ID: "breach.still", Who: h.who(), Do: h.act(h.still)},
			{ID: "breach.decide", Who: h.who(), Do: h.act(h.askDecision)},
			{ID: "breach.ico", Who: h.who(), Do: h.act(h.askICO)},
			{ID: "breach.close", Who: h.who(), Do: h.act(h.askEnding)},
			{ID: "breach.show", Who: h.who(), Do: h.act(h.show)},
		},
		Timers: []bot.Timer{
			{Kind: milestone, Do: h.milestone},
			{Kind: chase, Do: h.chase},
		},
		Registers: []bot.Register{register()},
	}
}

type handler struct{ content *knowledge.Content }

// who may press the buttons of a breach: the trustee stands in when the lead and deputy are silent.
func (handler) who() []bot.Role { return []bot.Role{bot.DPLead, bot.Deputy, bot.Trustee} }

// act wraps a button of one breach: whom the report is about, it does not exist for.
func (h handler) act(do func(context.Context, bot.Turn, bot.Ref, Breach) (bot.Outcome, error)) func(context.Context, bot.Turn, bot.Ref) (bot.Outcome, error) {
	return func(ctx context.Context, t bot.Turn, ref bot.Ref) (bot.Outcome, error) {
		b, err := bot.Load[Breach](ctx, t, ref)
		if err != nil {
			return bot.Outcome{}, err
		}
		if b.hidden(t.By) {
			return bot.Outcome{}, fmt.Errorf("breach %s: %w", ref, bot.ErrNotFound)
		}
		return do(ctx, t, ref, b)
	}
}
