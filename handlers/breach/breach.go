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
	"strings"

	"shareright/bot"
	knowledge "shareright/knowledge/breach"
	"shareright/knowledge/words"
	"shareright/scheduler"
)

// The states of a breach.
const (
	open    = "open"    // nobody has taken it
	held    = "held"    // somebody has
	decided = "decided" // tell or do not tell, with a reason
	closed  = "closed"
	joined  = "joined" // another report of the same event, kept with the first
)

// say is a sentence of a form. Forms are made before anybody is spoken to, so in English.
func say(key string) string { return words.Say("en", "breach."+key) }

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
	return !b.over() && b.ICOAt.IsZero() && (b.Decision == nil || b.Decision.ICO == "yes")
}

// hidden says that the report is about this person's role: for them it does not exist.
func (b Breach) hidden(p bot.Person) bool {
	return b.About != bot.Anyone && p.Has(b.About)
}

// Feature is everything this package offers.
func Feature(content *knowledge.Content) bot.Feature {
	h := handler{content: content}
	return bot.Feature{
		Name:    "breach",
		Doings:  h.doings,
		Figures: h.figures,
		Clocks:  h.clocks,
		Keeps:   h.keeps(),
		Commands: []bot.Command{
			{Name: "breach", Menu: "Report as a breach", Help: "Report a data breach", Example: "/breach", Home: bot.HomeFirst, Run: h.begin},
			{Under: "dp", Name: "nearmiss", Help: "Tell us what nearly went wrong", Example: "/dp nearmiss", Run: h.beginNearMiss},
			{Under: "dp", Name: "reports", Help: "See what you have reported", Home: bot.HomeShown, Run: h.mine},
			{Under: "dp", Name: "breaches", Help: "See the open breaches and their clocks", Hint: "[closed, all, a year, a cause or export]",
				Example: "/dp breaches 2026", Who: h.who(), Home: bot.HomeShown, Run: h.list},
			{Under: "dp", Name: "timeline", Menu: "Add to a breach", Help: "Add a line to a breach, with a link to a message", Hint: "[the breach]",
				Example: "/dp timeline BR-7K3Q", Who: h.who(), Run: h.beginLine},
			{Under: "dp", Name: "drill", Help: "Practise a breach with a fast clock", Who: leads(), Run: h.callDrill},
		},
		Forms: []bot.Dialogue{h.report(), h.nearMiss(), h.decision(), h.ico(), h.later(), h.ending(), h.facts(), h.gotForm(), h.answered(),
			h.others(), h.hearing(), h.reviewing(), h.awareness(), h.handing(), h.packNotes(), h.trained(), h.addLine()},
		Actions: h.actions(),
		Timers: []bot.Timer{
			{Kind: milestone, Do: about(h.milestone), Ahead: h.ahead},
			{Kind: chase, Do: about(h.chase)},
			{Kind: nudge, Do: h.nudge},
			{Kind: recipients, Do: about(h.chaseRecipients)},
			{Kind: phase, Do: about(h.remindPhase)},
			{Kind: task, Do: about(h.remindTask)},
			{Kind: drillClock, Do: h.drillMilestone},
		},
		Registers: []bot.Register{register(h), nearMisses()},
		Papers: []bot.Papers{
			{Kind: Breach{}.RecordKind(), IDs: paperIDs, Who: h.who(), Make: h.makePaper},
			{Kind: Drill{}.RecordKind(), None: "breach.drill-no-papers"},
			{Kind: NearMiss{}.RecordKind(), None: "breach.nearmiss-no-papers"},
		},
	}
}

// actions are the buttons. Their ids are stored in messages, so they are stable.
func (h handler) actions() []bot.Action {
	all := []bot.Action{
		// The reporter knows best where it went, and is often the one who asks them.
		{ID: "breach.list", Do: h.act(h.reporterToo(h.askGot))},
		{ID: "breach.got", Do: h.act(h.reporterToo(h.showGot))},
		{ID: "breach.answered", Do: h.act(h.reporterToo(h.askAnswered))},
		{ID: "breach.one", Do: h.actOn(h.reportersPart(h.oneGot))},
		{ID: "breach.set", Do: h.actOn(h.reportersPart(h.setGot))},
		{ID: "drill.report", Do: h.answerDrill},
		{ID: "drill.ack", Who: h.who(), Do: h.ackDrill},
	}
	for id, do := range map[string]deed{
		"breach.ack": h.ack, "breach.still": h.still, "breach.decide": h.askDecision, "breach.ico": h.askICO,
		"breach.close": h.askEnding, "breach.show": h.show, "breach.later": h.askLater, "breach.facts": h.askFacts,
		"breach.contain": h.contain, "breach.others": h.showOthers,
		"breach.askothers": h.askOthers, "breach.review": h.askReview, "breach.reviewing": h.beginReview,
		"breach.aware": h.askAware, "breach.hand": h.askHand, "breach.papers": h.papers, "breach.notes": h.askNotes,
		"breach.line": h.askLine, "breach.trained": h.askTrained,
	} {
		all = append(all, bot.Action{ID: id, Who: h.who(), Do: h.act(do)})
	}
	for id, do := range map[string]partDeed{
		"breach.step": h.stepDone, "breach.heard": h.askHeard, "breach.paper": h.paper, "breach.pdf": h.pdf,
		"breach.join": h.join, "breach.task": h.taskDone,
	} {
		all = append(all, bot.Action{ID: id, Who: h.who(), Do: h.actOn(do)})
	}
	return all
}

type handler struct{ content *knowledge.Content }

// deed is a button of one breach.
type deed func(context.Context, bot.Turn, bot.Ref, Breach) (bot.Outcome, error)

// partDeed is a button of one part of a breach: a recipient, a step, a paper.
type partDeed func(ctx context.Context, t bot.Turn, ref bot.Ref, b Breach, part string) (bot.Outcome, error)

func leads() []bot.Role { return []bot.Role{bot.DPLead, bot.Deputy} }

// who may press the buttons of a breach: the trustee stands in when the lead and deputy are silent.
func (handler) who() []bot.Role { return []bot.Role{bot.DPLead, bot.Deputy, bot.Trustee} }

// act wraps a button of one breach: whom the report is about, it does not exist for.
func (h handler) act(do deed) func(context.Context, bot.Turn, bot.Ref) (bot.Outcome, error) {
	return func(ctx context.Context, t bot.Turn, ref bot.Ref) (bot.Outcome, error) {
		b, err := bot.Load[Breach](ctx, t, ref)
		if err != nil {
			return bot.Outcome{}, err
		}
		if b.hidden(t.By) {
			return bot.Outcome{}, fmt.Errorf("breach %s: %w", ref, bot.ErrNotFound)
		}
		t.Ref = ref
		return do(ctx, t, ref, b)
	}
}

// actOn is act for a button about a part of a breach: its reference is "BR-7K3Q/part".
func (h handler) actOn(do partDeed) func(context.Context, bot.Turn, bot.Ref) (bot.Outcome, error) {
	return func(ctx context.Context, t bot.Turn, whole bot.Ref) (bot.Outcome, error) {
		ref, part, _ := strings.Cut(string(whole), "/")
		return h.act(func(ctx context.Context, t bot.Turn, ref bot.Ref, b Breach) (bot.Outcome, error) {
			return do(ctx, t, ref, b, part)
		})(ctx, t, bot.Ref(ref))
	}
}

// mayFollow says whether this person may follow up the recipients: those in charge, and the reporter.
func (h handler) mayFollow(t bot.Turn, b Breach) bool { return b.By == t.By.ID || t.By.Has(h.who()...) }

// reporterToo lets the reporter press a button as well as those in charge.
func (h handler) reporterToo(do deed) deed {
	return func(ctx context.Context, t bot.Turn, ref bot.Ref, b Breach) (bot.Outcome, error) {
		if !h.mayFollow(t, b) {
			return t.Reply("bot.wrong-role", "role", t.Called(h.who()...)), nil
		}
		return do(ctx, t, ref, b)
	}
}

func (h handler) reportersPart(do partDeed) partDeed {
	return func(ctx context.Context, t bot.Turn, ref bot.Ref, b Breach, part string) (bot.Outcome, error) {
		return h.reporterToo(func(ctx context.Context, t bot.Turn, ref bot.Ref, b Breach) (bot.Outcome, error) {
			return do(ctx, t, ref, b, part)
		})(ctx, t, ref, b)
	}
}

// sent carries out a form about one breach. The role is checked again: the form may have been drawn before it was lost.
func (h handler) sent(ctx context.Context, t bot.Turn, ref bot.Ref, do func(bot.Turn, Breach) bot.Outcome) (bot.Outcome, error) {
	return h.act(func(_ context.Context, t bot.Turn, _ bot.Ref, b Breach) (bot.Outcome, error) {
		if !t.By.Has(h.who()...) {
			return t.Reply("bot.wrong-role", "role", t.Called(h.who()...)), nil
		}
		return do(t, b), nil
	})(ctx, t, ref)
}
