// Package share answers "can I share this?": from a command, a message or a mention. It
// reads facts from the words, asks only what could still change the answer, and keeps a
// receipt of the decision when the person wants one. Around the answer stand the message
// to send, the officials' door, a lead's approval, and practice.
//
// The rules, the words and the questions are in knowledge/share. A question itself is not
// kept: only the facts understood from it, for a day, so that buttons work.
package share

import (
	"context"
	"slices"
	"time"

	"shareright/bot"
	knowledge "shareright/knowledge/share"
	"shareright/knowledge/words"
)

// Policies finds what the organisation's own policies say about a question.
type Policies func(ctx context.Context, t bot.Turn, question string) ([]bot.Block, error)

// Notice names what a text gives away about people, such as "a phone number".
type Notice func(text string) []string

// Feature is everything this package offers.
func Feature(book *knowledge.Book, policies Policies, notice Notice) bot.Feature {
	h := handler{book: book, policies: policies, notice: notice}
	return bot.Feature{
		Name: "share",
		Commands: []bot.Command{
			{Name: "canishare", Home: bot.HomeButton, Help: "Can I share this?", Hint: "[what, and with whom]",
				Example: "/canishare her address with the police", Run: h.command},
			{Under: "dp", Name: "official", Help: "Police or another official asks: what to check", Example: "/dp official", Run: h.door},
			{Under: "dp", Name: "practise", Help: "Ask just to learn; nothing is kept", Hint: "[question]",
				Example: "/dp practise can I tell his new school about his asthma?", Run: h.practise},
			{Under: "dp", Name: "receipts", Help: "See the receipts of sharing decisions", Run: h.receipts},
			{Under: "dp", Name: "approval", Help: "Choose which answers you want to see first", Who: leads(), Run: h.choose},
		},
		Forms:     []bot.Dialogue{h.first(), h.questions(), h.details(), h.drafting(), h.official(), h.choosing(), h.deciding()},
		Actions:   h.actions(),
		Timers:    []bot.Timer{{Kind: waitKind, Do: h.chase}},
		Keeps:     keeps(),
		Registers: []bot.Register{register()},
		Hears:     h.hears,
	}
}

// say is a sentence of a form. Forms are made before anybody is spoken to, so in English.
func say(key string) string { return words.Say("en", "share."+key) }

func leads() []bot.Role { return []bot.Role{bot.DPLead, bot.Deputy} }

func (h handler) actions() []bot.Action {
	actions := []bot.Action{
		{ID: "share.correct", Do: h.withQuestion(h.correct)},
		{ID: "share.unlike", Do: h.withQuestion(h.unlike)},
		{ID: "share.law", Do: h.withQuestion(h.law)},
		{ID: "share.draft", Do: h.withQuestion(h.draft)},
		{ID: "share.official", Do: h.withQuestion(h.atTheDoor)},
		{ID: "share.keep", Do: h.withQuestion(h.keep("yes"))},
		{ID: "share.keep-no", Do: h.withQuestion(h.keep("no"))},
		{ID: "share.details", Do: h.askDetails},
		{ID: "share.lead", Do: h.withQuestion(h.askLead)},
		{ID: "share.seen", Who: leads(), Do: h.seen},
		{ID: "share.approve", Who: leads(), Do: h.approve},
		{ID: "share.decide", Who: leads(), Do: h.askDecision},
	}
	for _, fact := range knowledge.Keys() {
		actions = append(actions, bot.Action{ID: fixAction(fact), Do: h.withQuestion(h.fix(fact))})
	}
	return actions
}

// Last answers what only hints at sharing and nobody else has answered. It stands last
// in the list of features.
func Last(book *knowledge.Book, policies Policies, notice Notice) bot.Feature {
	h := handler{book: book, policies: policies, notice: notice}
	return bot.Feature{Name: "share/last", Hears: func(ctx context.Context, t bot.Turn, said string) (bot.Outcome, bool, error) {
		if _, may := book.MaySay(said); !may {
			return bot.Outcome{}, false, nil
		}
		o, err := h.ask(ctx, t, said)
		return o, true, err
	}}
}

type handler struct {
	book     *knowledge.Book
	policies Policies
	notice   Notice
}

// question is what was understood of a question: never its words. It is stored for a
// day; fields may be added, never renamed.
type question struct {
	Facts   knowledge.Facts `json:"facts"`
	Asked   int             `json:"asked"` // how many questions were asked so far
	Owner   bot.PersonID    `json:"owner"`
	Name    string          `json:"name,omitempty"` // what the owner is called
	At      time.Time       `json:"at"`
	Guessed []string        `json:"guessed,omitempty"` // the facts that were read from words, by name
	Minimum []string        `json:"minimum,omitempty"` // what was ticked for a message, by id
	Kept    bot.Ref         `json:"kept,omitempty"`    // its receipt
	Wait    *waiting        `json:"wait,omitempty"`    // a lead was asked

	LeadAt time.Time `json:"lead_at,omitzero"` // of earlier releases: when the lead was asked
}

// questionLife is how long the buttons of an answer work.
const questionLife = 24 * time.Hour

// RecordKind names the rows of questions.
func (question) RecordKind() string { return "question" }

// RecordIndex lets a question erase itself after a day, or a day after a lead's time is over.
func (q question) RecordIndex() bot.Index {
	last := q.At
	if q.Wait != nil && q.Wait.Until.After(last) {
		last = q.Wait.Until
	}
	return bot.Index{Owner: q.Owner, Opened: q.At, Expires: last.Add(questionLife)}
}

// command answers the words after /canishare, or asks for them, danger first.
func (h handler) command(ctx context.Context, t bot.Turn, text string) (bot.Outcome, error) {
	if text == "" {
		return bot.Outcome{Ask: h.first().Begin(beginning{})}, nil
	}
	return h.ask(ctx, t, text)
}

// hears takes a message that asks about sharing, or that tells of somebody in danger.
func (h handler) hears(ctx context.Context, t bot.Turn, said string) (bot.Outcome, bool, error) {
	if !h.book.Emergency(said) && h.book.Intent(said).Kind != knowledge.IntentShare {
		return bot.Outcome{}, false, nil
	}
	o, err := h.ask(ctx, t, said)
	return o, true, err
}

// ask reads the facts from the words and answers.
func (h handler) ask(ctx context.Context, t bot.Turn, text string) (bot.Outcome, error) {
	q, x, err := h.read(ctx, t, text)
	if err != nil {
		return bot.Outcome{}, err
	}
	return h.answer(ctx, t, t.NewRef("Q"), q, x)
}

// read understands a text. Of the text itself nothing goes on but words that name nobody.
func (h handler) read(ctx context.Context, t bot.Turn, text string) (question, extra, error) {
	reading := h.book.Read(text)
	says, err := h.policies(ctx, t, text)
	if err != nil {
		return question{}, extra{}, err
	}
	q := question{Facts: reading.Facts, Owner: t.By.ID, Name: t.ByName(), At: t.Now}
	for _, fact := range knowledge.Keys() {
		if _, guessed := reading.From[fact]; guessed {
			q.Guessed = append(q.Guessed, fact)
		}
	}
	return q, extra{words: h.echoes(reading), policies: says, personal: h.seesPersonal(t, text)}, nil
}

// echoes are the person's own words for each fact, as far as they may be said again.
func (h handler) echoes(r knowledge.Reading) map[string]string {
	words := map[string]string{}
	for fact := range r.From {
		if said := h.book.Echo(r, fact); said != "" && len(h.noticed(said)) == 0 {
			words[fact] = said
		}
	}
	return words
}

// noticed is what a text gives away about people. When the check itself fails, everything
// counts as personal, so that nothing is said again.
func (h handler) noticed(text string) (found []string) {
	defer func() {
		if recover() != nil {
			found = []string{""}
		}
	}()
	return h.notice(text)
}

// seesPersonal names what the question gives away, in words for a person.
func (h handler) seesPersonal(t bot.Turn, text string) []string {
	found := h.noticed(text)
	if slices.Contains(found, "") {
		return []string{t.Say("share.personal-unchecked")}
	}
	return found
}
