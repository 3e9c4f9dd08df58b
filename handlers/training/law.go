package training

import (
	"context"
	"errors"
	"slices"
	"time"

	"shareright/bot"
	"shareright/knowledge/calendar"
	knowledge "shareright/knowledge/training"
	"shareright/scheduler"
)

// The timers. The names are stored with pending jobs.
const (
	lawKind     = "training.law"      // every Monday: when is the lead told?
	lawTellKind = "training.law-tell" // tells of the changes of the law that the lead has not heard of
)

// lawAfter is how long after the reminders of a morning the law comes.
const lawAfter = 15 * time.Minute

// Heard is that the lead was told of a change of the law. It is stored: fields may be
// added, never renamed.
type Heard struct {
	Change string        `json:"change"`
	On     calendar.Date `json:"on"`
	Set    time.Time     `json:"set"`
}

// RecordKind names the records.
func (Heard) RecordKind() string { return "law-change" }

// RecordIndex finds them by their time.
func (x Heard) RecordIndex() bot.Index { return bot.Index{Opened: x.Set} }

// law finds the first morning of the week, after the reminders of that day.
func (h handler) law(_ context.Context, t bot.Turn, _ scheduler.Job) (bot.Outcome, error) {
	at := t.Mornings().At(t.Today(), t.Org.Zone).Add(lawAfter)
	return bot.Outcome{Jobs: []scheduler.Job{{Key: scheduler.Key{Kind: lawTellKind, Name: "week"}, Due: at, Class: scheduler.Routine}}}, nil
}

// tellLaw tells the lead of each change of the law once, where training is kept at all.
func (h handler) tellLaw(ctx context.Context, t bot.Turn, _ scheduler.Job) (bot.Outcome, error) {
	some, err := bot.Find[Refresher](ctx, t, bot.Query{States: []string{open}, Limit: 1})
	if err != nil || len(some) == 0 {
		return bot.Outcome{}, err
	}
	o := bot.Outcome{Save: map[bot.Ref]bot.Record{}}
	for _, change := range h.content.Changes {
		_, err := bot.Load[Heard](ctx, t, bot.Ref(change.ID))
		if err != nil && !errors.Is(err, bot.ErrNotFound) {
			return bot.Outcome{}, err
		}
		if err == nil || !change.Holds(t.Today()) {
			continue
		}
		o.Save[bot.Ref(change.ID)] = Heard{Change: change.ID, On: t.Today(), Set: t.Now}
		m := bot.Say(t.Say("training.law", "title", change.Title), change.Means)
		m.Sources = sources(h.content.SourcesOfChange(change))
		m.With(button(t, bot.Ref(change.ID), "law", bot.Primary))
		o.Posts = append(o.Posts, bot.Post{Key: "training/law/" + change.ID, To: bot.ToRole(bot.DPLead), Class: scheduler.Routine, Message: *m})
	}
	return o, nil
}

// trainOnLaw opens the refresher form for a change of the law.
func (h handler) trainOnLaw(_ context.Context, t bot.Turn, ref bot.Ref) (bot.Outcome, error) {
	at := slices.IndexFunc(h.content.Changes, func(c knowledge.Change) bool { return c.ID == string(ref) })
	if at < 0 {
		return t.Reply("bot.unknown-button"), nil
	}
	d := draft{Topic: changeTopic, Title: h.content.Changes[at].Title, Who: string(everyone), Often: "0"}
	return bot.Outcome{Ask: h.refresher().Begin(d)}, nil
}
