// Package ask answers questions about policy: how long something is kept, what a policy
// says, who is responsible. It quotes the passage that answers and names its source, and
// says so when nothing it knows supports an answer.
//
// Reading and searching documents is in knowledge/policy, putting an answer together in
// knowledge/ask. This package keeps an organisation's documents and shows the answer.
package ask

import (
	"context"
	"strings"

	"shareright/bot"
	knowledge "shareright/knowledge/ask"
	"shareright/scheduler"
)

// Intent says what a plain message is about, in the words of the ask command's kinds.
type Intent func(text string) knowledge.Kind

// Feature is everything this package offers.
func Feature(book *knowledge.Book, shelf *Shelf, intent Intent) bot.Feature {
	h := handler{book: book, shelf: shelf, intent: intent}
	return bot.Feature{
		Name: "ask",
		Commands: []bot.Command{
			{Under: "dp", Name: "ask", Help: "Ask what our policies say", Home: bot.HomeButton, Hint: "[question]", Example: "/dp ask who may see the files?", Run: h.command},
			{Under: "dp", Name: "word", Help: "See what a word of the law means", Hint: "[word]", Example: "/dp word LADO", Run: h.word},
			{Under: "dp", Name: "policies", Help: "See which policies I have read", Run: h.policies},
			{Under: "dp", Name: "backlog", Help: "See what people asked in vain", Who: []bot.Role{bot.DPLead, bot.Deputy}, Hint: "[on or off]", Run: h.backlog},
		},
		Actions: []bot.Action{{ID: "ask.lead", Do: h.tellLead}, {ID: "ask.also", Do: h.also}},
		Hears:   h.hears,
		Keeps:   keeps(),
	}
}

type handler struct {
	book   *knowledge.Book
	shelf  *Shelf
	intent Intent
}

func (h handler) command(ctx context.Context, t bot.Turn, text string) (bot.Outcome, error) {
	if text == "" {
		return bot.Outcome{Reply: bot.Say(t.Say("ask.empty"), t.Say("ask.empty-more"))}, nil
	}
	a, err := h.find(ctx, t, text)
	if err != nil {
		return bot.Outcome{}, err
	}
	return h.noted(ctx, t, a, h.show(t, a))
}

// hears takes every message that is not about sharing. What belongs to another dialogue
// is handed over with a button.
func (h handler) hears(ctx context.Context, t bot.Turn, said string) (bot.Outcome, bool, error) {
	switch h.intent(said) {
	case knowledge.Breach:
		return offer(t, "ask.breach", bot.Button{Action: "bot.run", Ref: "breach", Style: bot.Primary}), true, nil
	case knowledge.Rights:
		return offer(t, "ask.rights", bot.Button{Action: "bot.run", Ref: "dp request", Style: bot.Primary}), true, nil
	case knowledge.Concern:
		return offer(t, "ask.concern", bot.Button{Action: "ask.lead", Ref: "concern", Style: bot.Primary}), true, nil
	}
	a, err := h.find(ctx, t, said)
	if err != nil || a.Kind == knowledge.Share {
		return bot.Outcome{}, false, err // the sharing rules answer it, with their own buttons
	}
	o, err := h.noted(ctx, t, a, h.show(t, a))
	return o, true, err
}

func offer(t bot.Turn, key string, b bot.Button) bot.Outcome {
	b.Label = t.Say(key + "-button")
	return bot.Outcome{Reply: bot.Say(t.Say(key), t.Say(key+"-more")).With(b)}
}

func (h handler) find(ctx context.Context, t bot.Turn, text string) (knowledge.Answer, error) {
	library, err := h.shelf.Library(ctx, t)
	if err != nil {
		return knowledge.Answer{}, err
	}
	return h.book.Answer(knowledge.Question{Text: text, Library: library, Today: t.Now, Nations: t.Org.WorksIn, Suggest: true})
}

// show draws an answer. A question without one offers to ask the lead.
func (h handler) show(t bot.Turn, a knowledge.Answer) bot.Outcome {
	title, rest, _ := strings.Cut(a.Text, "\n")
	m := bot.Say(title)
	quoting := ""
	for line := range strings.SplitSeq(rest, "\n") {
		opened, opens := strings.CutPrefix(line, "“")
		switch {
		case opens:
			quoting = opened
		case quoting != "":
			quoting += "\n" + line
		case strings.TrimSpace(line) != "":
			m.Add(bot.Para, line)
		}
		if quoted, closes := strings.CutSuffix(quoting, "”"); closes {
			m.Add(bot.Quote, quoted)
			quoting = ""
		}
	}
	if quoting != "" {
		m.Add(bot.Para, quoting)
	}
	for _, q := range a.Quotes {
		title := q.Source
		if q.URL != "" {
			title = q.Passage // the law: its title is all that is quoted
		}
		m.Sources = append(m.Sources, bot.Source{Title: strings.TrimSuffix(title+", "+q.Section, ", "), URL: q.URL})
	}
	if !a.Answered {
		m.With(bot.Button{Action: "ask.lead", Label: t.Say("ask.button-lead"), Ref: "question"})
	}
	if len(a.Also) > 0 {
		m.Add(bot.SmallLine, t.Say("ask.also"))
	}
	for _, also := range a.Also {
		m.With(bot.Button{Action: "ask.also", Label: also.Question, Ref: bot.Ref(also.Topic)})
	}
	return bot.Outcome{Reply: m}
}

// also answers one of the questions that people also ask. A button may be older than the
// content: a question that is gone asks for another.
func (h handler) also(ctx context.Context, t bot.Turn, topic bot.Ref) (bot.Outcome, error) {
	return h.command(ctx, t, h.book.Asks(string(topic)))
}

// tellLead asks the lead (or for a worry about somebody, the safeguarding lead) to speak
// to this person. It carries no words of theirs.
func (h handler) tellLead(_ context.Context, t bot.Turn, about bot.Ref) (bot.Outcome, error) {
	who := bot.DPLead
	if about == "concern" {
		who = bot.SafeguardingLead
	}
	name := t.By.Name
	if name == "" {
		name = string(t.By.ID)
	}
	key := "ask/" + string(about) + "/" + string(t.By.ID) + "/" + t.Now.Format("20060102T1504")
	return bot.Outcome{
		Posts: []bot.Post{{Key: key, To: bot.ToRole(who), Class: scheduler.Escalation, Message: *bot.Say(t.Say("ask.lead-"+string(about), "name", name))}},
		Reply: bot.Say(t.Say("ask.told", "who", t.Called(who))),
	}, nil
}

// policies lists what has been read, and what is past its review date.
func (h handler) policies(ctx context.Context, t bot.Turn, _ string) (bot.Outcome, error) {
	library, err := h.shelf.Library(ctx, t)
	if err != nil {
		return bot.Outcome{}, err
	}
	var rows []string
	for _, d := range library.Documents() {
		row := d.Title
		if d.Owner != "" {
			row += ", " + d.Owner
		}
		if d.Stale(t.Now) {
			row += ". " + t.Say("ask.stale")
		}
		rows = append(rows, row)
	}
	if len(rows) == 0 {
		return bot.Outcome{Reply: bot.Say(t.Say("ask.policies-none"), t.Say("ask.policies-add"))}, nil
	}
	return bot.Outcome{Reply: bot.Say(t.Say("ask.policies")).List(bot.Bullets, rows...)}, nil
}
