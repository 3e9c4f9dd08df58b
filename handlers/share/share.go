// Package share answers "can I share this?": from a command, a message or a mention. It
// reads facts from the words, asks only what could still change the answer, and keeps a
// receipt of the decision when the person wants one.
//
// The rules, the words and the questions are in knowledge/share. A question itself is not
// kept: only the facts understood from it, for a day, so that buttons work.
package share

import (
	"context"
	"slices"
	"strings"
	"time"

	"shareright/bot"
	knowledge "shareright/knowledge/share"
	"shareright/scheduler"
)

// Policies finds what the organisation's own policies say about a question.
type Policies func(ctx context.Context, t bot.Turn, question string) ([]bot.Block, error)

// Notice names what a text gives away about people, such as "a phone number".
type Notice func(text string) []string

// Feature is everything this package offers.
func Feature(book *knowledge.Book, policies Policies, notice Notice) bot.Feature {
	h := handler{book: book, policies: policies, notice: notice}
	lead := []bot.Role{bot.DPLead, bot.Deputy}
	return bot.Feature{
		Name: "share",
		Commands: []bot.Command{
			{Name: "canishare", Help: "Can I share this?", Menu: "Can I share this?", Hint: "[what, and with whom]",
				Example: "/canishare her address with the police", Run: h.command},
			{Under: "dp", Name: "receipts", Help: "See the receipts of sharing decisions", Run: h.receipts},
		},
		Forms: []bot.Dialogue{h.first(), h.questions(), h.keeping()},
		Actions: []bot.Action{
			{ID: "share.correct", Do: h.withQuestion(h.correct)},
			{ID: "share.law", Do: h.withQuestion(h.law)},
			{ID: "share.keep", Do: h.withQuestion(h.keep)},
			{ID: "share.lead", Do: h.withQuestion(h.askLead)},
			{ID: "share.seen", Who: lead, Do: h.seen},
		},
		Registers: []bot.Register{register()},
		Hears:     h.hears,
	}
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
	Facts  knowledge.Facts `json:"facts"`
	Asked  int             `json:"asked"` // how many questions were asked so far
	Owner  bot.PersonID    `json:"owner"`
	At     time.Time       `json:"at"`
	LeadAt time.Time       `json:"lead_at,omitzero"` // when the lead was asked
}

// questionLife is how long the buttons of an answer work.
const questionLife = 24 * time.Hour

// RecordKind names the rows of questions.
func (question) RecordKind() string { return "question" }

// RecordIndex lets a question erase itself after a day.
func (q question) RecordIndex() bot.Index {
	return bot.Index{Owner: q.Owner, Opened: q.At, Expires: q.At.Add(questionLife)}
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
	reading := h.book.Read(text)
	q := question{Facts: reading.Facts, Owner: t.By.ID, At: t.Now}
	says, err := h.policies(ctx, t, text)
	if err != nil {
		return bot.Outcome{}, err
	}
	return h.answer(t, t.NewRef("Q"), q, extra{understood: h.understood(t, reading), policies: says, personal: h.notice(text)}), nil
}

// extra is what an answer shows beside the decision.
type extra struct {
	understood string
	policies   []bot.Block
	personal   []string
}

// answer decides on the facts. When facts that are not known could change the decision,
// it asks for them, with the answer so far above; a person in danger is never asked first.
func (h handler) answer(t bot.Turn, ref bot.Ref, q question, x extra) bot.Outcome {
	a := h.book.Decide(q.Facts)
	o := bot.Outcome{Save: map[bot.Ref]bot.Record{ref: q}}
	if a.Decision == knowledge.ShareNow && q.Facts.Danger != "" && q.Facts.Danger != "no" {
		o.Posts = append(o.Posts, h.alarm(t, ref))
	}
	next := h.next(a, q)
	if len(next) == 0 {
		o.Reply = h.message(t, ref, a, x)
		return o
	}
	asking := asking{Ref: ref, Question: q, Ask: next}
	o.Ask = h.questions().Begin(asking).Saying(h.soFar(t, a, x)...)
	return o
}

// perPage is how many questions are asked before the answer is worked out again: what is
// learnt often makes the others needless.
const perPage = 2

// next are the facts to ask for: what could still change the answer, at most four in all.
func (h handler) next(a knowledge.Answer, q question) []string {
	left := knowledge.MostQuestions - q.Asked
	if !a.Provisional || left <= 0 || a.Decision == knowledge.ShareNow {
		return nil
	}
	return a.Next[:min(left, perPage, len(a.Next))]
}

// alarm tells the safeguarding lead that somebody was told to act: no more than that.
func (h handler) alarm(t bot.Turn, ref bot.Ref) bot.Post {
	who := t.By.Name
	if who == "" {
		who = string(t.By.ID)
	}
	return bot.Post{Key: "share/" + string(ref) + "/alarm", To: bot.ToRole(bot.SafeguardingLead), Class: scheduler.Escalation,
		Message: *bot.Say(t.Say("share.alarm"), t.Say("share.alarm-more", "name", who))}
}

// soFar is the answer on what is known, above the questions.
func (h handler) soFar(t bot.Turn, a knowledge.Answer, x extra) []bot.Block {
	blocks := []bot.Block{{Kind: bot.Para, Text: t.Say("share.emergency-line")}}
	blocks = append(blocks, bot.Block{Kind: bot.Para, Text: t.Say("share.so-far", "do", a.Parts.Do)})
	if x.understood != "" {
		blocks = append(blocks, bot.Block{Kind: bot.SmallLine, Text: x.understood})
	}
	return append(blocks, h.personalNote(t, x)...)
}

func (h handler) personalNote(t bot.Turn, x extra) []bot.Block {
	if len(x.personal) == 0 {
		return nil
	}
	return []bot.Block{{Kind: bot.SmallLine, Text: t.Say("share.personal", "what", strings.Join(x.personal, ", "))}}
}

// message is the whole answer: what to do first, then why, what, how, and the sources.
func (h handler) message(t bot.Turn, ref bot.Ref, a knowledge.Answer, x extra) *bot.Message {
	m := bot.Say(a.Parts.Do)
	if a.Provisional && a.Decision != knowledge.ShareNow {
		m.Add(bot.Para, t.Say("share.emergency-line")).Add(bot.Para, t.Say("share.provisional"))
	}
	for _, part := range []struct {
		key  string
		says []string
	}{
		{"why", a.Parts.Why}, {"share", a.Parts.Share}, {"leave-out", a.Parts.LeaveOut}, {"how", a.Parts.How},
		{"tell", a.Parts.Tell}, {"record", a.Parts.Record}, {"ask", a.Parts.Ask},
	} {
		if len(part.says) > 0 {
			m.Add(bot.Heading, t.Say("share.part-"+part.key)).List(bot.Bullets, part.says...)
		}
	}
	m.Body = append(m.Body, x.policies...)
	if x.understood != "" {
		m.Add(bot.SmallLine, x.understood)
	}
	m.Body = append(m.Body, h.personalNote(t, x)...)
	for _, s := range a.Sources {
		title := s.Title
		if s.Section != "" {
			title += ", " + s.Section
		}
		m.Sources = append(m.Sources, bot.Source{Title: title, URL: s.URL, Checked: s.Checked})
	}
	button := func(id, label string) bot.Button {
		return bot.Button{Action: id, Label: t.Say("share.button-" + label), Ref: ref}
	}
	if a.Decision == knowledge.AskLead || a.Provisional && a.Decision != knowledge.ShareNow {
		lead := button("share.lead", "lead")
		lead.Style = bot.Primary
		m.With(lead)
	}
	return m.With(button("share.keep", "keep"), button("share.correct", "correct"), button("share.law", "law"))
}

// understood says what was read from the words, so that it can be corrected.
func (h handler) understood(t bot.Turn, r knowledge.Reading) string {
	var parts []string
	for _, fact := range knowledge.Keys() {
		u, ok := r.From[fact]
		if !ok || r.Facts.Get(fact) == "" {
			continue
		}
		part := h.label(fact, u.Value)
		if u.From != "" && len(h.notice(u.From)) == 0 {
			part = t.Say("share.from", "fact", part, "words", u.From)
		}
		parts = append(parts, part)
	}
	if len(parts) == 0 {
		return ""
	}
	return t.Say("share.understood", "facts", strings.Join(parts, "; "))
}

func (h handler) label(fact, value string) string {
	options := h.book.Question(fact).Options
	if i := slices.IndexFunc(options, func(o knowledge.Option) bool { return o.Value == value }); i >= 0 {
		return options[i].Label
	}
	return value
}
