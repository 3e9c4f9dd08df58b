package digest

import (
	"context"
	"errors"
	"slices"

	"shareright/bot"
	"shareright/scheduler"
)

// Whoever holds the machine and the key could write a whole new audit trail. So its checkpoint
// leaves the machine: each day to a mailbox, or each week with the lists of those in charge.

// trailRef is the one record of what was sent to the mailbox.
const trailRef bot.Ref = "last"

// own is how many entries the audit trail gets by the sending itself: that the record was saved.
const own = 1

// Told is the last checkpoint that went to the mailbox. It is stored: fields may be added, never renamed.
type Told struct {
	Size int64 `json:"size"` // how many entries it counts
}

// RecordKind names the record.
func (Told) RecordKind() string { return "checkpoint" }

// RecordIndex holds nothing to find it by: there is one.
func (Told) RecordIndex() bot.Index { return bot.Index{} }

// checkpoint sends the day's checkpoint to the mailbox, unless nothing happened since the last.
func (h handler) checkpoint(ctx context.Context, t bot.Turn, _ scheduler.Job) (bot.Outcome, error) {
	if t.Org.Mailbox == (bot.Address{}) {
		return bot.Outcome{}, nil
	}
	last, err := bot.Load[Told](ctx, t, trailRef)
	if err != nil && !errors.Is(err, bot.ErrNotFound) {
		return bot.Outcome{}, err
	}
	head, err := t.TrailHead(ctx)
	if err != nil || !grown(head, last.Size) {
		return bot.Outcome{}, err
	}
	to := t.Org.Mailbox
	return bot.Outcome{Save: map[bot.Ref]bot.Record{trailRef: Told{Size: head.Size}},
		Posts: []bot.Post{{Key: "checkpoint/" + t.Today().String(), To: bot.Audience{At: &to}, Class: scheduler.Routine, Trail: head.Line,
			Message: *bot.Say(t.Say("digest.trail"), head.Line)}}}, nil
}

// grown says whether the trail has more than the last sending itself left in it. One that has less was
// put back from a backup, or cut; that is worth a line too.
func grown(now bot.Head, last int64) bool {
	return now.Size > 0 && (last == 0 || now.Size != last && now.Size != last+own)
}

// addCheckpoint puts the checkpoint under the list of somebody in charge, where there is no mailbox for it.
func (h handler) addCheckpoint(ctx context.Context, t bot.Turn, m *bot.Message, habit *Habit, who bot.PersonID) error {
	inCharge := slices.ContainsFunc(governors(), func(r bot.Role) bool { return slices.Contains(t.Org.People[r], who) })
	if !inCharge || t.Org.Practice || t.Org.Mailbox != (bot.Address{}) {
		return nil
	}
	head, err := t.TrailHead(ctx)
	if err != nil || !grown(head, habit.Trail) {
		return err
	}
	habit.Trail = head.Size
	m.Add(bot.SmallLine, t.Say("digest.trail")).Add(bot.SmallLine, head.Line)
	return nil
}
