package training

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"shareright/bot"
	"shareright/knowledge/calendar"
	knowledge "shareright/knowledge/training"
	"shareright/scheduler"
)

// Quiz is questions of two minutes for some people, sent once or again and again. What
// somebody answered is nowhere in it: it counts. It is stored: fields may be added, never renamed.
type Quiz struct {
	Subject string         `json:"subject,omitempty"` // of knowledge/training; empty: chosen for each person
	Cards   int            `json:"cards"`             // questions for each person, each time
	Months  int            `json:"months,omitempty"`  // between two times; 0 means once
	Roles   []bot.Role     `json:"roles,omitempty"`
	Named   []bot.PersonID `json:"named,omitempty"`
	State   string         `json:"state"`
	Next    calendar.Date  `json:"next,omitzero"` // the next time

	Round    int              `json:"round"` // how often it was sent
	Sent     int              `json:"sent"`  // to how many people, this time
	Finished int              `json:"finished"`
	Tally    map[string]Tally `json:"tally,omitempty"` // by subject, this time

	By     bot.PersonID `json:"by"`
	ByName string       `json:"by_name"`
	Set    time.Time    `json:"set"`
}

// Tally counts answers, of everybody together.
type Tally struct {
	Right int `json:"right"`
	Wrong int `json:"wrong"`
}

// RecordKind names the records.
func (Quiz) RecordKind() string { return "quiz" }

// RecordIndex finds a quiz by its state.
func (q Quiz) RecordIndex() bot.Index { return bot.Index{State: q.State, Opened: q.Set} }

// quizDraft is what the form fills in.
type quizDraft struct {
	Subject string        `json:"subject"`
	Who     string        `json:"who"`
	Cards   string        `json:"cards"`
	Often   string        `json:"often"`
	First   calendar.Date `json:"first,omitzero"`
}

// quiz answers "/dp quiz": a question to practise, and for the lead what runs and the way to send one.
func (h handler) quiz(ctx context.Context, t bot.Turn, _ string) (bot.Outcome, error) {
	if !t.By.Has(leads()...) {
		return h.try(ctx, t, "")
	}
	all, err := bot.Find[Quiz](ctx, t, bot.Query{States: []string{open}})
	if err != nil {
		return bot.Outcome{}, err
	}
	m := bot.Say(t.Say("training.quiz"), t.Say("training.quiz-what"))
	for _, f := range all {
		m.List(bot.Bullets, h.quizLine(t, f.Ref, f.Record))
		if len(m.Buttons) < 5 {
			m.With(bot.Button{Action: "training.quiz-show", Label: string(f.Ref), Ref: f.Ref})
		}
	}
	if n := len(h.content.Lapsed(t.Today())); n > 0 {
		m.Add(bot.SmallLine, t.Say("training.quiz-lapsed", "n", strconv.Itoa(n)))
	}
	m.With(bot.Button{Action: "training.suggest", Label: t.Say("training.button-quiz"), Style: bot.Primary},
		bot.Button{Action: "training.try", Label: t.Say("training.button-try")})
	return bot.Outcome{Reply: m}, nil
}

func (h handler) quizLine(t bot.Turn, ref bot.Ref, q Quiz) string {
	about := t.Say("training.quiz-chosen")
	if q.Subject != "" {
		about = h.content.Subject(q.Subject)
	}
	return t.Say("training.quiz-line", "ref", string(ref), "about", about, "sent", strconv.Itoa(q.Sent), "done", few(t, q.Finished))
}

// askQuiz opens the form, with the subject that a breach suggests when there is one.
func (h handler) askQuiz(_ context.Context, t bot.Turn, ref bot.Ref) (bot.Outcome, error) {
	d := quizDraft{Who: string(everyone), Cards: "1", Often: "0"}
	if ref != "" && h.content.Subject(string(ref)) != "" {
		d.Subject, d.Cards = string(ref), "3"
	}
	return bot.Outcome{Ask: h.quizForm().Begin(d)}, nil
}

func (h handler) quizForm() bot.Form[quizDraft] {
	subjects := []bot.Option{{Value: chosen, Label: "Choose for each person", Hint: "By role, season and what went wrong lately"}}
	for _, id := range h.content.Subjects() {
		subjects = append(subjects, bot.Option{Value: id, Label: h.content.Subject(id)})
	}
	return bot.Form[quizDraft]{ID: "training.quiz", Title: "Two-minute questions", Submit: "Send the questions", Done: h.setQuiz,
		Pages: []bot.Page[quizDraft]{{ID: "quiz", Fields: []bot.Field[quizDraft]{
			bot.AskOne("subject", "What is it about?", func(d *quizDraft) *string { return &d.Subject }, subjects...).Shown().
				Why("A question about what has just gone wrong is remembered best."),
			bot.AskText("who", "Who gets it?", func(d *quizDraft) *string { return &d.Who }).Shown().
				Hint("Names, or trustees, staff, volunteers, everyone; with commas between").Why("Each person is asked privately."),
			bot.AskOne("cards", "How many questions each?", func(d *quizDraft) *string { return &d.Cards },
				bot.Option{Value: "1", Label: "1"}, bot.Option{Value: "3", Label: "3"}, bot.Option{Value: "5", Label: "5"}).Shown().
				Why("One question takes two minutes."),
			bot.AskOne("often", "How often?", func(d *quizDraft) *string { return &d.Often },
				bot.Option{Value: "0", Label: "Once"}, bot.Option{Value: "1", Label: "Every month"},
				bot.Option{Value: "3", Label: "Every 3 months"}, bot.Option{Value: "6", Label: "Every 6 months"}).Shown().
				Why("A little and often keeps more than a lot once."),
			bot.AskDate("first", "When?", func(d *quizDraft) *calendar.Date { return &d.First }).Optional().Ahead().
				Hint("Leave empty for now").Why("On a working day, at 9 in the morning."),
		}}},
	}
}

// chosen is the subject that is chosen for each person.
const chosen = "chosen"

// setQuiz keeps the quiz and plans its first sending.
func (h handler) setQuiz(ctx context.Context, t bot.Turn, d quizDraft) (bot.Outcome, error) {
	if no := refused(t); no != nil {
		return *no, nil
	}
	all, err := teamOf(ctx, t)
	if err != nil {
		return bot.Outcome{}, err
	}
	again := func(key string) (bot.Outcome, error) {
		return bot.Outcome{Ask: h.quizForm().Begin(d).Saying(bot.Block{Kind: bot.Para, Text: t.Say(key)})}, nil
	}
	who := all.crowd(t, d.Who, "")
	switch {
	case len(who.ids) == 0:
		d.Who = ""
		return again("training.form-nobody")
	case !d.First.IsZero() && d.First.Before(t.Today()):
		d.First = calendar.Date{}
		return again("training.form-past")
	}
	cards, _ := strconv.Atoi(d.Cards) // one of the options
	months, _ := strconv.Atoi(d.Often)
	if d.Subject == chosen {
		d.Subject = ""
	}
	ref := t.NewRef("QZ")
	q := Quiz{Subject: d.Subject, Cards: cards, Months: months, Roles: who.roles, State: open, Next: d.First, By: t.By.ID, ByName: t.ByName(), Set: t.Now}
	for _, id := range who.ids {
		if who.as[id] == bot.Anyone {
			q.Named = append(q.Named, id)
		}
	}
	due := t.Now
	if q.Next.After(t.Today()) || !t.Mornings().Open(t.Today()) {
		due = t.Mornings().At(calendar.Latest(q.Next, t.Today()), t.Org.Zone)
	}
	return bot.Outcome{
		Save: map[bot.Ref]bot.Record{ref: q}, Audit: []string{"training.quiz"},
		Jobs: []scheduler.Job{{Key: scheduler.Key{Kind: sendKind, Name: string(ref)}, Due: due, Class: scheduler.Routine, About: string(ref)}},
		Reply: bot.Say(t.Say("training.quiz-set", "ref", string(ref), "n", strconv.Itoa(len(who.ids))),
			t.Say("training.quiz-private"), t.Say("training.quiz-takes", "minutes", strconv.Itoa(minutes(len(who.ids))))),
	}, nil
}

// showQuiz is what the lead sees of a quiz: counts, never an answer.
func (h handler) showQuiz(ctx context.Context, t bot.Turn, ref bot.Ref) (bot.Outcome, error) {
	q, err := bot.Load[Quiz](ctx, t, ref)
	if err != nil {
		return bot.Outcome{}, err
	}
	m := h.results(t, ref, q)
	if q.State == open {
		stop := bot.Button{Action: "training.quiz-stop", Label: t.Say("training.button-quiz-stop"), Ref: ref, Style: bot.Danger, Confirm: t.Say("training.quiz-stop-sure")}
		m.With(stop)
	}
	return bot.Outcome{Reply: m}, nil
}

// results are the counts of the last sending. What few did is not told: it would point at somebody.
func (h handler) results(t bot.Turn, ref bot.Ref, q Quiz) *bot.Message {
	m := bot.Say(t.Say("training.quiz-result", "ref", string(ref), "sent", strconv.Itoa(q.Sent), "done", few(t, q.Finished)))
	var lines []string
	for _, id := range h.content.Subjects() {
		if tally, asked := q.Tally[id]; asked {
			lines = append(lines, h.content.Subject(id)+": "+shown(t, tally))
		}
	}
	return m.List(bot.Bullets, lines...)
}

// few says a number of people; one and two are not told apart, and nobody is pointed at.
func few(t bot.Turn, n int) string {
	if n > 0 && n < knowledge.Few {
		return t.Say("training.few")
	}
	return strconv.Itoa(n)
}

// shown says how many answered right, where that points at nobody.
func shown(t bot.Turn, tally Tally) string {
	n := tally.Right + tally.Wrong
	switch {
	case n < knowledge.Few:
		return t.Say("training.tally-few")
	case tally.Wrong < knowledge.Few:
		return t.Say("training.tally-most", "n", strconv.Itoa(n))
	case tally.Right < knowledge.Few:
		return t.Say("training.tally-least", "n", strconv.Itoa(n))
	}
	return t.Say("training.tally", "right", strconv.Itoa(tally.Right), "n", strconv.Itoa(n))
}

func (h handler) stopQuiz(ctx context.Context, t bot.Turn, ref bot.Ref) (bot.Outcome, error) {
	q, err := bot.Load[Quiz](ctx, t, ref)
	if errors.Is(err, bot.ErrNotFound) {
		return t.Reply("bot.unknown-button"), nil
	}
	if err != nil {
		return bot.Outcome{}, err
	}
	t.Ref, q.State = ref, closed
	return bot.Outcome{Save: map[bot.Ref]bot.Record{ref: q}, Audit: []string{"training.quiz-stopped"}, Reply: bot.Say(t.Say("training.quiz-stopped", "ref", string(ref))),
		Stop: []scheduler.Key{{Kind: sendKind, Name: string(ref)}, {Kind: resultKind, Name: string(ref)}}}, nil
}

// audience is everybody who gets the questions this time, each once.
func (q Quiz) audience(t bot.Turn, all team) []bot.PersonID {
	c := crowd{as: map[bot.PersonID]bot.Role{}}
	for _, id := range q.Named {
		if !all.gone[id] {
			c.add(id, bot.Anyone)
		}
	}
	for _, role := range q.Roles {
		for _, id := range all.holders(t, role) {
			c.add(id, role)
		}
	}
	return slices.Clip(c.ids)
}
