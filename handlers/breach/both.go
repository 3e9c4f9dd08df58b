package breach

import (
	"slices"
	"strings"
	"time"

	"shareright/bot"
	"shareright/scheduler"
)

// lastHours is when one pair of eyes is no longer enough: lead and trustee must both confirm.
const lastHours = 4 * time.Hour

// sides are the groups of which each must confirm in the last hours, without those the report is about.
func (b Breach) sides() [][]bot.Role {
	var sides [][]bot.Role
	for _, side := range [][]bot.Role{{bot.DPLead, bot.Deputy}, {bot.Trustee}} {
		if side = slices.DeleteFunc(side, func(r bot.Role) bool { return r == b.About }); len(side) > 0 {
			sides = append(sides, side)
		}
	}
	return sides
}

// unseen lists the sides that have not confirmed since the last hours began.
func (b Breach) unseen(t bot.Turn) [][]bot.Role {
	since := b.clock().End().Add(-lastHours)
	var missing [][]bot.Role
	for _, side := range b.sides() {
		if !slices.ContainsFunc(b.Seen, func(s Seen) bool {
			return !s.At.Before(since) && slices.ContainsFunc(s.Roles, func(r bot.Role) bool { return slices.Contains(side, r) })
		}) {
			missing = append(missing, side)
		}
	}
	if t.Now.Before(since) || !b.running() {
		return nil
	}
	return missing
}

// counts says whether this person's press is still needed in the last hours.
func (b Breach) counts(t bot.Turn) bool {
	return slices.ContainsFunc(b.unseen(t), func(side []bot.Role) bool { return t.By.Has(side...) })
}

func (b *Breach) see(t bot.Turn) {
	b.Seen = append(b.Seen, Seen{By: t.By.ID, Roles: t.By.Roles, At: t.Now})
}

// alsoSeen is a second person's confirmation. Who has the breach stays the same.
func (h handler) alsoSeen(t bot.Turn, ref bot.Ref, b Breach) bot.Outcome {
	b.see(t)
	if b.Holder == t.By.ID {
		b.HeldAt = t.Now
	}
	line := t.Say("breach.line-seen", "name", t.ByName())
	if missing := b.unseen(t); len(missing) > 0 {
		line += " " + t.Say("breach.line-unseen", "who", calledAll(t, missing))
	}
	b.note(t, line)
	return h.changed(t, ref, b, line)
}

// askBoth asks those in charge who have not confirmed yet, and soon again.
func (h handler) askBoth(t bot.Turn, b Breach, left time.Duration, missing [][]bot.Role) bot.Outcome {
	m := bot.Say(t.Say("breach.both", "ref", string(t.Ref), "left", remaining(t, left), "who", calledAll(t, missing))).
		With(bot.Button{Action: "breach.ack", Label: t.Say("breach.button-ack"), Ref: t.Ref, Style: bot.Primary})
	var whom []bot.Audience
	for _, side := range missing {
		for _, role := range side {
			whom = append(whom, b.round(t, role))
		}
	}
	return h.chased(t, b, left, m, whom...)
}

func calledAll(t bot.Turn, sides [][]bot.Role) string {
	var names []string
	for _, side := range sides {
		names = append(names, t.Called(side...))
	}
	return strings.Join(names, " and ")
}

// nudge reminds once of a report that was begun and not sent. The name is stored with pending jobs.
const nudge = "breach.nudge"

// nudgeAfter is how long a report may lie before its writer is reminded.
const nudgeAfter = 30 * time.Minute

func nudgeJob(t bot.Turn) scheduler.Job {
	return scheduler.Job{Key: scheduler.Key{Kind: nudge, Name: string(t.By.ID)}, Due: t.Now.Add(nudgeAfter), Class: scheduler.Escalation}
}
