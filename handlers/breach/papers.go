package breach

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"shareright/bot"
	knowledge "shareright/knowledge/breach"
	"shareright/knowledge/calendar"
	"shareright/scheduler"
)

// paperIDs are the papers of a breach, in the order of their buttons.
var paperIDs = []string{"ico", "people", "wrong_recipient", "apology", "publisher", "board", "case"}

// papers offers the papers of a breach as buttons.
func (h handler) papers(_ context.Context, t bot.Turn, ref bot.Ref, _ Breach) (bot.Outcome, error) {
	m := bot.Say(t.Say("breach.papers", "ref", string(ref)), t.Say("breach.papers-names"))
	for _, id := range paperIDs {
		m.With(bot.Button{Action: "breach.paper", Label: t.Say("breach.paper-" + id), Ref: ref + "/" + bot.Ref(id)})
	}
	return bot.Outcome{Reply: m.With(bot.Button{Action: "breach.notes", Label: t.Say("breach.button-notes"), Ref: ref},
		bot.Button{Action: "breach.trained", Label: t.Say("breach.button-trained"), Ref: ref})}, nil
}

func (h handler) paper(_ context.Context, t bot.Turn, ref bot.Ref, b Breach, id string) (bot.Outcome, error) {
	m, ok := Paper(h.content, t, ref, b, id)
	if !ok {
		return t.Reply("bot.unknown-button"), nil
	}
	m.With(bot.Button{Action: "breach.pdf", Label: t.Say("breach.button-pdf"), Ref: ref + "/" + bot.Ref(id)},
		bot.Button{Action: "breach.notes", Label: t.Say("breach.button-notes"), Ref: ref})
	return bot.Outcome{Reply: &m, Audit: []string{"breach.paper." + id}}, nil
}

// pdf sends a paper as a file, by direct message to the person who asked and nobody else.
func (h handler) pdf(_ context.Context, t bot.Turn, ref bot.Ref, b Breach, id string) (bot.Outcome, error) {
	m, ok := Paper(h.content, t, ref, b, id)
	if !ok {
		return t.Reply("bot.unknown-button"), nil
	}
	name := string(ref) + "-" + id + ".pdf"
	file := &bot.File{Name: name, Paper: &m, Instead: t.Say("breach.pdf-instead", "command", "shareright paper "+string(ref)+" "+id+" --pdf "+name)}
	return sendFile(t, file, "breach.paper."+id, t.Say("breach.pdf-here", "paper", t.Say("breach.paper-"+id), "ref", string(ref)), t.Say("breach.papers-names")), nil
}

// sendFile is a file for the person who acted.
func sendFile(t bot.Turn, file *bot.File, audit string, says ...string) bot.Outcome {
	return bot.Outcome{
		Reply: bot.Say(t.Say("breach.file-comes", "name", file.Name)),
		Posts: []bot.Post{{Key: "file/" + string(t.NewSecret()), To: bot.ToPerson(t.By.ID), Class: scheduler.Routine,
			Message: *bot.Say(says[0], says[1:]...), File: file}},
		Audit: []string{audit},
	}
}

// makePaper is Paper for the command line.
func (h handler) makePaper(ctx context.Context, t bot.Turn, ref bot.Ref, id string) (bot.Message, error) {
	b, err := bot.Load[Breach](ctx, t, ref)
	if err != nil {
		return bot.Message{}, err
	}
	m, ok := Paper(h.content, t, ref, b, id)
	if b.hidden(t.By) || !ok {
		return bot.Message{}, fmt.Errorf("paper %s of %s: %w", id, ref, bot.ErrNotFound)
	}
	return m, nil
}

// Paper makes one paper of a breach as a message: "ico" is the regulator's form, "case" the whole
// record, the others are the letters of knowledge/breach. Of the turn it uses the organisation,
// the language and the time. No paper holds the reporter's words, a private note or a reporter's name.
func Paper(content *knowledge.Content, t bot.Turn, ref bot.Ref, b Breach, id string) (bot.Message, bool) {
	h := handler{content: content}
	switch id {
	case "ico":
		return Pack(content, t, ref, b), true
	case "case":
		m := h.whole(t, ref, b, false)
		m.Title = t.Say("breach.paper-case") + " " + string(ref)
		return *m, true
	}
	letter, ok := content.Letter(id)
	if !ok {
		return bot.Message{}, false
	}
	values := h.letterValues(t, ref, b)
	if id == "board" {
		values["advice"] = h.advice(t, b)
		if d := b.Decision; d != nil {
			values["decision"] = t.Say("breach.board-decision", "ico", t.Say("breach.answer-"+d.ICO), "people", t.Say("breach.answer-"+d.People), "reason", d.Reason)
		}
	}
	text, missing, err := letter.Write(values)
	if err != nil {
		return bot.Message{}, false
	}
	return *asMessage(t, letter, strings.TrimSpace(text), missing), true
}

// asMessage is a letter as a message. While something is missing, that stands first; complete, it is the letter and nothing else.
func asMessage(t bot.Turn, letter knowledge.Letter, text string, missing []string) *bot.Message {
	m := bot.Say("")
	if len(missing) > 0 {
		var lack []string
		for _, field := range missing {
			lack = append(lack, letter.Fields[field])
		}
		m = bot.Say(letter.Title).Add(bot.Heading, t.Say("breach.paper-missing")).List(bot.Bullets, lack...)
	}
	for part := range strings.SplitSeq(text, "\n\n") {
		heading, bold := strings.CutPrefix(part, "**")
		heading, whole := strings.CutSuffix(heading, "**")
		lines := strings.Split(part, "\n")
		switch {
		case bold && whole && !strings.Contains(heading, "**") && m.Title == "":
			m.Title = heading
		case bold && whole && !strings.Contains(heading, "**"):
			m.Add(bot.Heading, heading)
		case strings.HasPrefix(part, "1. "):
			m.List(bot.Steps, without(lines, regexp.MustCompile(`^\d+\. `))...)
		case strings.HasPrefix(part, "- "):
			m.List(bot.Bullets, without(lines, regexp.MustCompile(`^- `))...)
		default:
			m.Add(bot.Para, strings.ReplaceAll(part, "**", ""))
		}
	}
	return m
}

func without(lines []string, mark *regexp.Regexp) []string {
	for i, line := range lines {
		lines[i] = mark.ReplaceAllString(line, "")
	}
	return lines
}

// contact is whom papers name: the lead of the settings. A report about the lead leaves it open, for whoever has it to fill in.
func (b Breach) contact(t bot.Turn) bot.Contact {
	if b.About == bot.DPLead {
		return bot.Contact{}
	}
	return t.Org.Contact
}

// letterValues are what the record and the settings know for the letters.
func (h handler) letterValues(t bot.Turn, ref bot.Ref, b Breach) map[string]string {
	today := calendar.On(t.Now, t.Org.Zone)
	day := ""
	if !b.Happened.IsZero() {
		day = calendar.On(b.Happened, t.Org.Zone).Plain()
	}
	v := map[string]string{"organisation": t.Org.Name, "what_happened": b.Notes.What, "when": day, "data": strings.ToLower(labels(h.dataKinds(), b.Data)),
		"consequences": b.Notes.Consequences, "measures": b.Notes.Actions, "advice": b.Notes.Advice, "regulator": h.content.Regulator,
		"date": today.Plain(), "answer_by": today.AddDays(3).Long(), "reference": string(ref), "found": "", "people": number(b.People), "lessons": b.Lessons,
		"told": strings.Join(h.toldLines(t, b), "; "), "lead": b.contact(t).Name, "phone": b.contact(t).Phone, "email": b.contact(t).Email}
	if !b.Found.IsZero() {
		v["found"] = moment(t, b.Found)
	}
	return v
}

// toldLines say who has been told, when, and their reference.
func (h handler) toldLines(t bot.Turn, b Breach) []string {
	var lines []string
	for _, n := range h.notices(t, b) {
		if told, ok := b.heard(n.ID); ok {
			lines = append(lines, strings.TrimSpace(n.Label+", "+calendar.On(told.At, t.Org.Zone).Plain()+" "+told.Number))
		}
	}
	return lines
}
