package training

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"shareright/bot"
	"shareright/knowledge/calendar"
	knowledge "shareright/knowledge/training"
	"shareright/scheduler"
)

// trying marks the buttons of a question that is only practised.
const trying = "try"

// question is the next question of a sitting, with an answer on each button.
func (h handler) question(t bot.Turn, ref bot.Ref, s Sitting) *bot.Message {
	card, known := h.content.Card(s.Cards[s.At])
	if !known {
		return bot.Say(t.Say("training.card-gone"))
	}
	m := h.asked(t, ref, s.Person, s.At, card)
	if n := len(s.Cards); n > 1 {
		m.Add(bot.SmallLine, t.Say("training.card-of", "n", strconv.Itoa(s.At+1), "of", strconv.Itoa(n)))
	}
	return m.Add(bot.SmallLine, t.Say("training.card-private"))
}

// asked draws a card. The answers stand in another order for each person.
func (h handler) asked(t bot.Turn, ref bot.Ref, who bot.PersonID, at int, card knowledge.Card) *bot.Message {
	m := bot.Say(t.Say("training.card", "subject", h.content.Subject(card.Subject)), card.Ask)
	for _, i := range card.Order(string(who)) {
		press := string(ref) + "/" + strconv.Itoa(at) + "/" + strconv.Itoa(i)
		if ref == trying {
			press = string(ref) + "/" + card.ID + "/" + strconv.Itoa(i)
		}
		m.With(bot.Button{Action: "training.answer", Label: card.Answers[i].Say, Ref: bot.Ref(press)})
	}
	return m
}

// try is a question to practise. Nothing of it is kept.
func (h handler) try(ctx context.Context, t bot.Turn, ref bot.Ref) (bot.Outcome, error) {
	all, err := teamOf(ctx, t)
	if err != nil {
		return bot.Outcome{}, err
	}
	wish := knowledge.Wish{Person: string(t.By.ID) + t.Today().String(), On: t.Today()}
	for _, role := range all.does(t, t.By.ID) {
		wish.Roles = append(wish.Roles, string(role))
	}
	cards := h.content.Choose(wish)
	if len(cards) == 0 {
		return t.Reply("training.card-gone"), nil
	}
	next := 0 // after the one they have just had
	for i, card := range cards {
		if card.ID == string(ref) {
			next = (i + 1) % len(cards)
		}
	}
	m := h.asked(t, trying, t.By.ID, 0, cards[next])
	return bot.Outcome{Reply: m.Add(bot.SmallLine, t.Say("training.try-private"))}, nil
}

// answer takes a press on an answer: in a sitting, or to practise.
func (h handler) answer(ctx context.Context, t bot.Turn, press bot.Ref) (bot.Outcome, error) {
	parts := strings.Split(string(press), "/")
	if len(parts) != 3 {
		return t.Reply("bot.unknown-button"), nil
	}
	said, err := strconv.Atoi(parts[2])
	if err != nil || said < 0 {
		return t.Reply("bot.unknown-button"), nil
	}
	if parts[0] == trying {
		card, known := h.content.Card(parts[1])
		if !known || said >= len(card.Answers) {
			return t.Reply("training.card-gone"), nil
		}
		m := h.told(t, card, said)
		return bot.Outcome{Reply: m.With(bot.Button{Action: "training.try", Label: t.Say("training.button-another"), Ref: bot.Ref(card.ID)})}, nil
	}
	at, err := strconv.Atoi(parts[1])
	if err != nil {
		return t.Reply("bot.unknown-button"), nil
	}
	return h.sat(ctx, t, bot.Ref(parts[0]), at, said)
}

// sat takes an answer in a sitting: it is counted, the next question follows, and at the
// end stands the evidence that somebody did it.
func (h handler) sat(ctx context.Context, t bot.Turn, ref bot.Ref, at, said int) (bot.Outcome, error) {
	s, err := bot.Load[Sitting](ctx, t, ref)
	if errors.Is(err, bot.ErrNotFound) {
		return t.Reply("training.card-gone"), nil
	}
	if err != nil {
		return bot.Outcome{}, err
	}
	q, err := bot.Load[Quiz](ctx, t, s.Quiz)
	if err != nil {
		return bot.Outcome{}, err
	}
	switch {
	case s.Person != t.By.ID:
		return t.Reply("training.not-yours"), nil
	case at < s.At || s.At >= len(s.Cards):
		return t.Reply("training.card-had"), nil
	}
	card, known := h.content.Card(s.Cards[s.At])
	if !known || at != s.At || said >= len(card.Answers) {
		return t.Reply("training.card-gone"), nil
	}
	t.Ref = s.Quiz
	s.At++
	o := bot.Outcome{Reply: h.told(t, card, said), Save: map[bot.Ref]bot.Record{ref: s}}
	if q.Round == s.Round {
		q.count(card, card.Answers[said].Right, s.At == len(s.Cards))
		o.Save[s.Quiz] = q
	}
	next := bot.Say(t.Say("training.card-end"))
	if s.At < len(s.Cards) {
		next = h.question(t, ref, s)
	} else {
		o.Save[ref+"/done"] = h.evidence(t, s, q)
		o.Audit = []string{"training.quiz-done"}
		o.Reply.Add(bot.Para, t.Say("training.card-record"))
	}
	o.Posts = []bot.Post{{Key: sittingKey(ref), To: bot.ToPerson(s.Person), Class: scheduler.Routine, Message: *next}}
	return o, nil
}

// count adds an answer to the tally of everybody.
func (q *Quiz) count(card knowledge.Card, right, last bool) {
	tally := map[string]Tally{}
	for id, old := range q.Tally {
		tally[id] = old
	}
	now := tally[card.Subject]
	if right {
		now.Right++
	} else {
		now.Wrong++
	}
	tally[card.Subject] = now
	q.Tally = tally
	if last {
		q.Finished++
	}
}

// evidence is that somebody answered their questions on a day; how well is nobody's business.
func (h handler) evidence(t bot.Turn, s Sitting, q Quiz) Part {
	title := t.Say("training.quiz-title")
	if q.Subject != "" {
		title += ": " + h.content.Subject(q.Subject)
	}
	how := t.Say("training.quiz-how", "n", strconv.Itoa(len(s.Cards)))
	return Part{Refresher: s.Quiz, Topic: quizTopic, Title: title, Person: s.Person, Name: t.By.Name, State: closed, Due: t.Today(), Told: t.Today(),
		Quiet: calendar.Date{}, Set: t.Now, Done: []Evidence{{On: t.Today(), How: how, By: t.By.ID, ByName: t.ByName(), At: t.Now}}}
}

// told says whether it was right, and why.
func (h handler) told(t bot.Turn, card knowledge.Card, said int) *bot.Message {
	m := bot.Say(t.Say("training.right"), card.Why)
	if !card.Answers[said].Right {
		m = bot.Say(t.Say("training.wrong"), t.Say("training.better", "answer", card.Answers[card.Right()].Say), card.Why)
	}
	m.Sources = sources(h.content.SourcesOfCard(card))
	return m
}
