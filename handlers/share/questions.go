package share

import (
	"context"
	"slices"

	"shareright/bot"
	knowledge "shareright/knowledge/share"
)

// beginning is what the form without words fills in: danger first.
type beginning struct {
	Danger string `json:"danger"`
	Words  string `json:"words"`
}

// first asks for the question itself. Its first question is always about danger.
func (h handler) first() bot.Form[beginning] {
	danger := h.book.Question("danger")
	return bot.Form[beginning]{
		ID: "share.first", Title: "Can I share this?", Submit: "Ask", Quick: true, Done: h.begun,
		Pages: []bot.Page[beginning]{
			{ID: "danger", Fields: []bot.Field[beginning]{
				bot.AskOne("danger", danger.Label, func(b *beginning) *string { return &b.Danger }, options(danger)...).Why(danger.Why).NotSure()}},
			{ID: "words", When: func(b beginning) bool { return b.Danger != "now" && b.Danger != "civil" }, Fields: []bot.Field[beginning]{
				bot.AskStory("words", "What do you want to share, and with whom?", func(b *beginning) *string { return &b.Words }).
					Hint("Leave out names. For example: a boy’s allergies with his new school").
					Why("The answer depends on what it is and who gets it. Your words are not kept.")}},
		},
	}
}

func (h handler) begun(ctx context.Context, t bot.Turn, b beginning) (bot.Outcome, error) {
	if b.Words == "" {
		q := question{Facts: knowledge.Facts{Danger: b.Danger}, Owner: t.By.ID, At: t.Now}
		return h.answer(t, t.NewRef("Q"), q, extra{}), nil
	}
	reading := h.book.Read(b.Words)
	if reading.Facts.Danger == "" {
		reading.Facts.Danger = b.Danger
	}
	says, err := h.policies(ctx, t, b.Words)
	if err != nil {
		return bot.Outcome{}, err
	}
	q := question{Facts: reading.Facts, Asked: 1, Owner: t.By.ID, At: t.Now}
	return h.answer(t, t.NewRef("Q"), q, extra{understood: h.understood(t, reading), policies: says, personal: h.notice(b.Words)}), nil
}

// asking is what the form with the missing questions fills in.
type asking struct {
	Ref      bot.Ref  `json:"ref"`
	Question question `json:"question"`
	Ask      []string `json:"ask"`
	Slots    []slot   `json:"slots,omitempty"`
}

type slot struct {
	Fact  string `json:"fact"`
	Value string `json:"value"`
}

// slot is where the answer about a fact goes.
func (a *asking) slot(fact string) *string {
	i := slices.IndexFunc(a.Slots, func(s slot) bool { return s.Fact == fact })
	if i < 0 {
		a.Slots, i = append(a.Slots, slot{Fact: fact}), len(a.Slots)
	}
	return &a.Slots[i].Value
}

// questions asks for the facts that are missing, and only those.
func (h handler) questions() bot.Form[asking] {
	page := bot.Page[asking]{ID: "facts"}
	for _, fact := range knowledge.Keys() {
		q := h.book.Question(fact)
		page.Fields = append(page.Fields, bot.AskOne(fact, q.Label, func(a *asking) *string { return a.slot(fact) }, options(q)...).
			Why(q.Why).NotSure().Shown().When(func(a asking) bool { return slices.Contains(a.Ask, fact) }))
	}
	return bot.Form[asking]{ID: "share.facts", Title: "A few questions", Submit: "Get the answer", Quick: true, Done: h.answered, Pages: []bot.Page[asking]{page}}
}

// options are the answers to show. A value that is understood from words but too rare to list stays as it is.
func options(q knowledge.Question) []bot.Option {
	var list []bot.Option
	for _, o := range q.Common() {
		list = append(list, bot.Option{Value: o.Value, Label: o.Label})
	}
	return list
}

func (h handler) answered(_ context.Context, t bot.Turn, a asking) (bot.Outcome, error) {
	for _, s := range a.Slots {
		if !slices.Contains(a.Ask, s.Fact) {
			continue
		}
		if err := h.book.Set(&a.Question.Facts, s.Fact, s.Value); err != nil {
			return bot.Outcome{}, err
		}
	}
	a.Question.Asked += len(a.Ask)
	a.Question.At = t.Now
	return h.answer(t, a.Ref, a.Question, extra{}), nil
}

// withQuestion wraps a button of an answer. Only the person who asked may press it.
func (h handler) withQuestion(do func(context.Context, bot.Turn, bot.Ref, question) (bot.Outcome, error)) func(context.Context, bot.Turn, bot.Ref) (bot.Outcome, error) {
	return func(ctx context.Context, t bot.Turn, ref bot.Ref) (bot.Outcome, error) {
		q, err := bot.Load[question](ctx, t, ref)
		if err != nil {
			return bot.Outcome{}, err
		}
		if q.Owner != t.By.ID {
			return bot.Outcome{}, bot.ErrNotFound
		}
		return do(ctx, t, ref, q)
	}
}

// mostShown is how many facts fit on the page that corrects them.
const mostShown = 5

// correct shows what was understood, to be changed.
func (h handler) correct(_ context.Context, _ bot.Turn, ref bot.Ref, q question) (bot.Outcome, error) {
	a := asking{Ref: ref, Question: q}
	q.Asked = 0
	for _, fact := range knowledge.Keys() {
		if value := q.Facts.Get(fact); value != "" && len(a.Ask) < mostShown {
			a.Ask = append(a.Ask, fact)
			a.Slots = append(a.Slots, slot{Fact: fact, Value: value})
		}
	}
	if len(a.Ask) == 0 {
		a.Ask = []string{"danger", "harm", "recipient", "about"}
	}
	a.Question.Asked = -len(a.Ask) // correcting is not being asked
	return bot.Outcome{Ask: h.questions().Begin(a)}, nil
}

// law unfolds the bases and conditions of an answer.
func (h handler) law(_ context.Context, t bot.Turn, _ bot.Ref, q question) (bot.Outcome, error) {
	a := h.book.Decide(q.Facts)
	var rows []string
	for _, basis := range a.Basis {
		rows = append(rows, t.Say("share.basis-"+basis))
	}
	if len(rows) == 0 {
		rows = []string{t.Say("share.basis-none")}
	}
	m := bot.Say(t.Say("share.law")).List(bot.Bullets, rows...).Add(bot.SmallLine, t.Say("share.law-checked", "date", a.Checked))
	for _, s := range a.Sources {
		m.Sources = append(m.Sources, bot.Source{Title: s.Title, URL: s.URL, Checked: s.Checked})
	}
	return bot.Outcome{Reply: m}, nil
}
