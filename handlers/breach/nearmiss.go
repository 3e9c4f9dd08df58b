package breach

import (
	"context"
	"time"

	"shareright/bot"
	"shareright/scheduler"
)

// NearMiss is something that nearly went wrong. It has no clock and names nobody, so that telling it costs nothing.
type NearMiss struct {
	Kind string    `json:"kind"` // a cause
	What string    `json:"what,omitempty"`
	At   time.Time `json:"at"`
}

// RecordKind names the register.
func (NearMiss) RecordKind() string { return "near-miss" }

// RecordIndex finds near misses by time; nobody owns them.
func (n NearMiss) RecordIndex() bot.Index { return bot.Index{State: "told", Opened: n.At} }

func (h handler) beginNearMiss(context.Context, bot.Turn, string) (bot.Outcome, error) {
	return bot.Outcome{Ask: h.nearMiss().Begin(NearMiss{})}, nil
}

// nearMiss takes three taps: the command, the kind, send.
func (h handler) nearMiss() bot.Form[NearMiss] {
	return bot.Form[NearMiss]{
		ID: "breach.nearmiss", Title: "A near miss", Submit: "Send it", Quick: true, Done: h.nearMissed,
		Pages: []bot.Page[NearMiss]{{ID: "kind", Fields: []bot.Field[NearMiss]{
			bot.AskOne("kind", "What nearly happened?", func(n *NearMiss) *string { return &n.Kind }, h.causes()...).
				Hint("Choose the nearest").Why("Near misses show what to mend before it breaks."),
			bot.AskStory("what", "Anything to add?", func(n *NearMiss) *string { return &n.What }).
				Hint("A few words, without names").Optional().Why("It helps to see what would have stopped it."),
		}}},
	}
}

func (h handler) nearMissed(_ context.Context, t bot.Turn, n NearMiss) (bot.Outcome, error) {
	ref := t.NewRef("NM")
	n.At = t.Now
	cause, _ := h.content.Cause(n.Kind)
	return bot.Outcome{
		Save: map[bot.Ref]bot.Record{ref: n},
		Posts: []bot.Post{{Key: "near-miss/" + string(ref), To: bot.ToRole(bot.DPLead), Class: scheduler.Routine,
			Message: *bot.Say(t.Say("breach.nearmiss-lead", "ref", string(ref), "cause", cause.Label), t.Say("breach.nearmiss-more"))}},
		Reply: bot.Say(t.Say("breach.nearmiss-thanks", "ref", string(ref)), t.Say("breach.nearmiss-harm")),
		Audit: []string{"near-miss.told"},
	}, nil
}

// nearMisses is the register of near misses, counted apart from breaches.
func nearMisses() bot.Register {
	return bot.Register{Kind: NearMiss{}.RecordKind(), Name: "near-misses", Title: "Near misses", Who: []bot.Role{bot.DPLead, bot.Deputy}, Second: true, Columns: []bot.Column{
		bot.ColumnOf("Kind", func(n NearMiss) string { return n.Kind }),
		bot.ColumnOf("Told", func(n NearMiss) string { return stamp(n.At) }),
	}}
}
