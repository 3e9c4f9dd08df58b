package breach

import (
	"context"
	"strconv"
	"strings"
	"time"

	"shareright/bot"
	"shareright/knowledge/calendar"
)

// trainedWithin is how far back training counts, in years; the regulator's form asks for
// the last two.
const trainedWithin = 2

// involved is what the form about the people involved fills in. Their names are not kept.
type involved struct {
	Ref bot.Ref `json:"ref"`
	Who string  `json:"who"`
}

func (h handler) askTrained(_ context.Context, _ bot.Turn, ref bot.Ref, _ Breach) (bot.Outcome, error) {
	return bot.Outcome{Ask: h.trained().Begin(involved{Ref: ref})}, nil
}

func (h handler) trained() bot.Form[involved] {
	return bot.Form[involved]{ID: "breach.trained", Title: "Their training", Submit: "Look it up", Quick: true, Done: h.lookedUp,
		Pages: []bot.Page[involved]{{ID: "who", Fields: []bot.Field[involved]{
			bot.AskText("who", "Who was involved?", func(i *involved) *string { return &i.Who }).
				Hint("Names of staff or volunteers, with commas between").Why("Only counts go into the papers. The names are not kept."),
		}}},
	}
}

// lookedUp puts into the papers what training the people involved had had, as a count.
func (h handler) lookedUp(ctx context.Context, t bot.Turn, i involved) (bot.Outcome, error) {
	members, err := bot.Members(ctx, t)
	if err != nil {
		return bot.Outcome{}, err
	}
	var people [][]bot.Proof
	for name := range strings.FieldsFuncSeq(i.Who, func(r rune) bool { return r == ',' || r == ';' }) {
		if strings.TrimSpace(name) == "" {
			continue
		}
		proofs, err := t.Proofs(ctx, t.MeantAmong(members, name))
		if err != nil {
			return bot.Outcome{}, err
		}
		people = append(people, proofs)
	}
	return h.sent(ctx, t, i.Ref, func(t bot.Turn, b Breach) bot.Outcome {
		b.Notes.Training = trainingLine(t, b, people)
		line := t.Say("breach.line-trained", "name", t.ByName())
		b.note(t, line)
		o := h.changed(t, i.Ref, b, line)
		o.Reply = bot.Say(b.Notes.Training, t.Say("breach.trained-saved")).
			With(bot.Button{Action: "breach.notes", Label: t.Say("breach.button-notes"), Ref: i.Ref})
		return o
	})
}

// trainingLine says how many had had training before it happened, and the newest of it.
func trainingLine(t bot.Turn, b Breach, people [][]bot.Proof) string {
	before := calendar.On(b.began(), t.Org.Zone)
	since, had := before.AddYears(-trainedWithin), 0
	var newest bot.Proof
	for _, proofs := range people {
		counts := false
		for _, p := range proofs {
			if p.On.After(before) || p.On.Before(since) {
				continue
			}
			counts = true
			if p.On.After(newest.On) {
				newest = p
			}
		}
		if counts {
			had++
		}
	}
	if had == 0 {
		return t.Say("breach.trained-none")
	}
	return t.Say("breach.trained", "n", strconv.Itoa(had), "of", strconv.Itoa(len(people))) + " " +
		t.Say("breach.trained-newest", "what", newest.What, "date", newest.On.Plain())
}

// began is when it happened, as far as that is known.
func (b Breach) began() time.Time {
	for _, at := range []time.Time{b.Happened, b.Found} {
		if !at.IsZero() {
			return at
		}
	}
	return b.Reported
}
