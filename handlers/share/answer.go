package share

import (
	"context"
	"slices"
	"strings"

	"shareright/bot"
	knowledge "shareright/knowledge/share"
	"shareright/scheduler"
)

// extra is what an answer shows beside the decision.
type extra struct {
	words     map[string]string // the person's own words for a fact
	policies  []bot.Block
	personal  []string
	checklist []bot.Block // of the officials' door
	practice  bool
	note      string // from a lead, or about one
}

// answer decides on the facts. When facts that are not known could change the decision,
// it asks for them, with the answer so far above; a person in danger is never asked first.
func (h handler) answer(ctx context.Context, t bot.Turn, ref bot.Ref, q question, x extra) (bot.Outcome, error) {
	a := h.decide(t, q.Facts)
	o := bot.Outcome{}
	if a.Decision == knowledge.ShareNow && q.Facts.Danger != "" && q.Facts.Danger != "no" && !x.practice {
		o.Posts = append(o.Posts, h.alarm(t, ref))
	}
	if next := h.next(a, q); len(next) > 0 && !x.practice {
		o.Ask = h.questions().Begin(asking{Ref: ref, Question: q, Ask: next, Words: x.words, Policies: x.policies}).Saying(h.soFar(t, a, q, x)...)
		return h.saved(o, ref, q, x), nil
	}
	if x.practice {
		o.Reply = h.practiceMessage(t, a, q, x)
		return o, nil
	}
	topic, hours, err := h.mustWait(ctx, t, q, a)
	if err != nil {
		return bot.Outcome{}, err
	}
	if topic != "" {
		return h.wait(t, ref, q, a, x, hours), nil
	}
	if q.Wait != nil && q.Wait.open() && !q.Wait.Asked {
		h.stopWaiting(t, ref, &q, &o)
	}
	o.Reply = h.message(t, ref, a, q, x)
	return h.saved(o, ref, q, x), nil
}

// decide answers on these facts, in the words for the nations where the organisation works.
func (h handler) decide(t bot.Turn, f knowledge.Facts) knowledge.Answer {
	return h.book.In(h.book.Decide(f), t.Org.WorksIn...)
}

// saved keeps the facts of a question for its buttons; practice keeps nothing.
func (h handler) saved(o bot.Outcome, ref bot.Ref, q question, x extra) bot.Outcome {
	if !x.practice {
		o.Save = map[bot.Ref]bot.Record{ref: q}
	}
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
	return bot.Post{Key: "share/" + string(ref) + "/alarm", To: bot.ToRole(bot.SafeguardingLead), Class: scheduler.Escalation,
		Message: *bot.Say(t.Say("share.alarm"), t.Say("share.alarm-more", "name", t.ByName()))}
}

// soFar is the answer on what is known, above the questions.
func (h handler) soFar(t bot.Turn, a knowledge.Answer, q question, x extra) []bot.Block {
	blocks := []bot.Block{{Kind: bot.Para, Text: t.Say("share.emergency-line")}}
	blocks = append(blocks, bot.Block{Kind: bot.Para, Text: t.Say("share.so-far", "do", a.Parts.Do)})
	if facts := h.understood(t, a, q, x.words); len(facts) > 0 {
		blocks = append(blocks, bot.Block{Kind: bot.SmallLine, Text: t.Say("share.understood", "facts", strings.Join(facts, "; "))})
	}
	return append(blocks, h.personalNote(t, x)...)
}

func (h handler) personalNote(t bot.Turn, x extra) []bot.Block {
	if len(x.personal) == 0 {
		return nil
	}
	return []bot.Block{{Kind: bot.SmallLine, Text: t.Say("share.personal", "what", strings.Join(x.personal, ", "))},
		{Kind: bot.SmallLine, Text: t.Say("share.personal-how")}}
}

// message is the whole answer with its buttons.
func (h handler) message(t bot.Turn, ref bot.Ref, a knowledge.Answer, q question, x extra) *bot.Message {
	return h.body(t, a, q, x).With(h.buttons(t, ref, a, q)...)
}

// body is the answer in the order of what matters: what to do, why, the minimum, how,
// whether to tell the person, what to write down, whom to ask, what was understood, sources.
func (h handler) body(t bot.Turn, a knowledge.Answer, q question, x extra) *bot.Message {
	m := bot.Say(a.Parts.Do)
	if x.note != "" {
		m.Add(bot.Para, x.note)
	}
	if a.Provisional && a.Decision != knowledge.ShareNow {
		m.Add(bot.Para, t.Say("share.emergency-line"))
		if len(x.checklist) == 0 {
			m.Add(bot.Para, t.Say("share.provisional"))
		}
	}
	if a.Decision != knowledge.ShareNow {
		m.Body = append(m.Body, x.checklist...)
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
	if facts := h.understood(t, a, q, x.words); len(facts) > 0 {
		m.Add(bot.Heading, t.Say("share.part-understood")).List(bot.Bullets, facts...)
	}
	m.Body = append(m.Body, h.personalNote(t, x)...)
	m.Sources = sourcesOf(a)
	return m
}

func sourcesOf(a knowledge.Answer) []bot.Source {
	sources := make([]bot.Source, len(a.Sources))
	for i, s := range a.Sources {
		title := s.Title
		if s.Section != "" {
			title += ", " + s.Section
		}
		sources[i] = bot.Source{Title: title, URL: s.URL, Checked: s.Checked}
	}
	return sources
}

// mostFixes is how many facts have a button of their own under an answer.
const mostFixes = 4

// buttons are what can follow an answer: the message, a receipt, the law, and a
// correction of each thing that was understood.
func (h handler) buttons(t bot.Turn, ref bot.Ref, a knowledge.Answer, q question) []bot.Button {
	var list []bot.Button
	add := func(action, label string, style bot.Style) {
		list = append(list, bot.Button{Action: action, Label: t.Say("share.button-" + label), Ref: ref, Style: style})
	}
	allows := a.Decision == knowledge.Share || a.Decision == knowledge.WithSafeguards
	switch {
	case a.Decision == knowledge.ShareNow && (q.Facts.Danger == "" || q.Facts.Danger == "no"):
		add("share.draft", "draft", bot.Plain)
	case a.Decision == knowledge.ShareNow:
		add("share.draft", "draft-after", bot.Plain) // never in the way: for when everyone is safe
	case allows && !a.Provisional:
		add("share.draft", "draft", bot.Primary)
	case a.Decision == knowledge.AskLead || a.Provisional:
		add("share.lead", "lead", bot.Primary)
		if allows {
			add("share.draft", "draft", bot.Plain)
		}
	}
	if h.book.Officials().Has(q.Facts.Recipient) && a.Decision != knowledge.ShareNow {
		add("share.official", "official", bot.Plain)
	}
	add("share.keep", "keep", bot.Plain)
	add("share.keep-no", "keep-no", bot.Plain)
	add("share.law", "law", bot.Plain)
	known := h.known(q)
	for _, fact := range known[:min(mostFixes, len(known))] {
		list = append(list, bot.Button{Action: fixAction(fact), Ref: ref, Label: h.fixLabel(t, fact, q.Facts.Get(fact))})
	}
	if a.Like != "" {
		add("share.unlike", "unlike", bot.Plain)
	}
	if len(known) == 0 || len(known) > mostFixes {
		add("share.correct", "correct", bot.Plain)
	}
	return list
}

// known are the facts that were understood: what was guessed from words first, because it
// is what may need correcting, then what the person answered.
func (h handler) known(q question) []string {
	var guessed, answered []string
	for _, fact := range knowledge.Keys() {
		switch {
		case q.Facts.Get(fact) == "":
		case slices.Contains(q.Guessed, fact):
			guessed = append(guessed, fact)
		default:
			answered = append(answered, fact)
		}
	}
	return append(guessed, answered...)
}

// understood says what was read, and from which words where they may be said again.
func (h handler) understood(t bot.Turn, a knowledge.Answer, q question, words map[string]string) []string {
	var facts []string
	if a.Like != "" {
		facts = append(facts, t.Say("share.like", "said", a.Like))
	}
	for _, fact := range h.known(q) {
		part := h.label(fact, q.Facts.Get(fact))
		if said := words[fact]; said != "" {
			part = t.Say("share.from", "fact", part, "words", said)
		}
		facts = append(facts, part)
	}
	return facts
}

// longestFact is how much of a fact fits on its button on every platform.
const longestFact = 60

func (h handler) fixLabel(t bot.Turn, fact, value string) string {
	label := []rune(h.label(fact, value))
	if len(label) > longestFact {
		label = append(label[:longestFact-1], '…')
	}
	return t.Say("share.button-fix", "fact", string(label))
}

// label is a fact in words: the answer, with its question where the answer is only yes or no.
func (h handler) label(fact, value string) string {
	q := h.book.Question(fact)
	i := slices.IndexFunc(q.Options, func(o knowledge.Option) bool { return o.Value == value })
	if i < 0 {
		return value
	}
	label := q.Options[i].Label
	if short := strings.Fields(label); len(short) < 3 && (short[0] == "Yes" || short[0] == "No" || fact == "danger" || fact == "harm") || strings.HasPrefix(label, "No,") {
		return q.Label + " " + label
	}
	return label
}
