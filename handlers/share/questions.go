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
		ID: "share.first", Title: say("first-title-can-i-share"), Submit: say("first-submit-ask"), Quick: true, Done: h.begun,
		Pages: []bot.Page[beginning]{
			{ID: "danger", Fields: []bot.Field[beginning]{
				bot.AskOne("danger", danger.Label, func(b *beginning) *string { return &b.Danger }, options(danger)...).Why(danger.Why).NotSure()}},
			{ID: "words", When: func(b beginning) bool { return b.Danger != "now" && b.Danger != "civil" }, Fields: []bot.Field[beginning]{
				bot.AskStory("words", say("first-label-what-do-you"), func(b *beginning) *string { return &b.Words }).
					Hint(say("first-hint-leave-out-names-for")).
					Why(say("first-why-the-answer-depends-on"))}},
		},
	}
}

func (h handler) begun(ctx context.Context, t bot.Turn, b beginning) (bot.Outcome, error) {
	if b.Words == "" {
		q := question{Facts: knowledge.Facts{Danger: b.Danger}, Owner: t.By.ID, Name: t.ByName(), At: t.Now}
		return h.answer(ctx, t, t.NewRef("Q"), q, extra{})
	}
	q, x, err := h.read(ctx, t, b.Words)
	if err != nil {
		return bot.Outcome{}, err
	}
	if q.Facts.Danger == "" {
		q.Facts.Danger = b.Danger
	}
	q.Asked = 1
	return h.answer(ctx, t, t.NewRef("Q"), q, x)
}

// asking is what the form with the missing questions fills in.
type asking struct {
	Ref      bot.Ref  `json:"ref"`
	Question question `json:"question"`
	Ask      []string `json:"ask"`
	Slots    []slot   `json:"slots,omitempty"`

	// Words are the person's own for the facts, as far as they may be said again. They end with the dialogue.
	Words map[string]string `json:"words,omitempty"`
	// Policies is what the organisation's own policies say about the question.
	Policies []bot.Block `json:"policies,omitempty"`
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
	return bot.Form[asking]{ID: "share.facts", Title: say("first-title-a-few-questions"), Submit: say("first-submit-get-the-answer"), Quick: true, Done: h.answered, Pages: []bot.Page[asking]{page}}
}

// options are the answers to show. A value that is understood from words but too rare to list stays as it is.
func options(q knowledge.Question) []bot.Option {
	var list []bot.Option
	for _, o := range q.Common() {
		list = append(list, bot.Option{Value: o.Value, Label: o.Label})
	}
	return list
}

func (h handler) answered(ctx context.Context, t bot.Turn, a asking) (bot.Outcome, error) {
	for _, s := range a.Slots {
		if !slices.Contains(a.Ask, s.Fact) {
			continue
		}
		if err := h.book.Set(&a.Question.Facts, s.Fact, s.Value); err != nil {
			return bot.Outcome{}, err
		}
		a.Question.Guessed = slices.DeleteFunc(a.Question.Guessed, func(fact string) bool { return fact == s.Fact })
		delete(a.Words, s.Fact)
	}
	a.Question.Asked += len(a.Ask)
	a.Question.At = t.Now
	return h.answer(ctx, t, a.Ref, a.Question, extra{words: a.Words, policies: a.Policies})
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

// correct shows what was understood, to be changed: first what has no button of its own.
func (h handler) correct(_ context.Context, _ bot.Turn, ref bot.Ref, q question) (bot.Outcome, error) {
	facts := h.known(q)
	if len(facts) > mostFixes {
		facts = facts[mostFixes:]
	}
	if len(facts) == 0 {
		facts = []string{"danger", "harm", "recipient", "about"}
	}
	return bot.Outcome{Ask: h.again(ref, q, facts[:min(mostShown, len(facts))]...)}, nil
}

// fixAction is the button that corrects one fact. It is stored in messages.
func fixAction(fact string) string { return "share.fix." + fact }

// fix asks one question again.
func (h handler) fix(fact string) func(context.Context, bot.Turn, bot.Ref, question) (bot.Outcome, error) {
	return func(_ context.Context, _ bot.Turn, ref bot.Ref, q question) (bot.Outcome, error) {
		return bot.Outcome{Ask: h.again(ref, q, fact)}, nil
	}
}

// again asks for facts that were understood already. Correcting is not being asked, so it
// does not use up the four questions.
func (h handler) again(ref bot.Ref, q question, facts ...string) *bot.Asking {
	a := asking{Ref: ref, Question: q, Ask: facts}
	for _, fact := range facts {
		a.Slots = append(a.Slots, slot{Fact: fact, Value: q.Facts.Get(fact)})
	}
	a.Question.Asked = q.Asked - len(facts)
	return h.questions().Begin(a)
}

// unlike answers again by the rules alone: the question is not like the one that the answer followed.
func (h handler) unlike(ctx context.Context, t bot.Turn, ref bot.Ref, q question) (bot.Outcome, error) {
	q.Facts.Like, q.Facts.Instead = "", ""
	return h.answer(ctx, t, ref, q, extra{})
}

// law unfolds the bases and conditions of an answer, the rule, and every source.
func (h handler) law(_ context.Context, t bot.Turn, _ bot.Ref, q question) (bot.Outcome, error) {
	a := h.decide(t, q.Facts)
	return bot.Outcome{Reply: h.unfold(t, bot.Say(t.Say("share.law")), a)}, nil
}

// fourNations is how many nations the United Kingdom has; a rule that lists them all says what differs.
const fourNations = 4

func (h handler) unfold(t bot.Turn, m *bot.Message, a knowledge.Answer) *bot.Message {
	var rows []string
	for _, basis := range a.Basis {
		rows = append(rows, t.Say("share.basis-"+basis))
	}
	if len(rows) == 0 {
		rows = []string{t.Say("share.basis-none")}
	}
	m.List(bot.Bullets, rows...)
	if len(a.Nation) == fourNations {
		m.Add(bot.Para, t.Say("share.law-nation-each"))
	} else {
		for _, nation := range a.Nation {
			m.Add(bot.Para, t.Say("share.law-nation-"+nation))
		}
	}
	m.Add(bot.SmallLine, t.Say("share.law-rule", "rule", a.Rule, "version", a.Version)).
		Add(bot.SmallLine, t.Say("share.law-checked", "date", a.Checked)).
		Add(bot.SmallLine, t.Say("share.law-advice"))
	m.Sources = sourcesOf(a)
	return m
}
