package rights

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"shareright/bot"
	"shareright/knowledge/letter"
	knowledge "shareright/knowledge/rights"
	"shareright/scheduler"
)

// The papers that are no letters.
const (
	wholePaper = "case"
	stepsPaper = "checklist"
)

// Papers are the ids of what can be written about a request: the letters that fit it, the
// checklist where there is one, and the whole record.
func Papers(guide *knowledge.Guide, r Request) []string {
	var ids []string
	for _, l := range guide.Letters {
		forComplaint := strings.HasPrefix(l.ID, "complaint")
		switch {
		case forComplaint != (r.Right == complaint):
		case l.ID == "response" && !r.copies(), l.ID == "answer" && r.copies(), l.ID == "third_party" && !r.copies():
		default:
			ids = append(ids, l.ID)
		}
	}
	if r.copies() {
		ids = append(ids, stepsPaper)
	}
	return append(ids, wholePaper)
}

// Paper makes one paper of a request as a message. Of the turn it uses the organisation,
// the language and the time. No paper holds a name that was not typed by the lead.
func Paper(clocks *knowledge.Clocks, guide *knowledge.Guide, t bot.Turn, ref bot.Ref, r Request, id string) (bot.Message, bool) {
	h := handler{clocks: clocks, guide: guide}
	if !slices.Contains(Papers(guide, r), id) {
		return bot.Message{}, false
	}
	switch id {
	case wholePaper:
		m := h.whole(t, ref, r)
		return *m, true
	case stepsPaper:
		return *h.steps(t, ref, r), true
	}
	l, _ := letter.Find(guide.Letters, id)
	text, missing, err := l.Write(h.letterValues(t, ref, r))
	if err != nil {
		return bot.Message{}, false
	}
	m := bot.Say(l.Title)
	if len(missing) > 0 {
		var lack []string
		for _, field := range missing {
			lack = append(lack, l.Fields[field])
		}
		m.Add(bot.Heading, t.Say("rights.paper-missing")).List(bot.Bullets, lack...)
	}
	for part := range strings.SplitSeq(strings.TrimSpace(text), "\n\n") {
		m.Add(bot.Para, strings.ReplaceAll(part, "**", ""))
	}
	return *m, true
}

// letterValues are what the record knows for the letters. Names, phone and e-mail are the lead's to fill in.
func (h handler) letterValues(t bot.Turn, ref bot.Ref, r Request) map[string]string {
	v := map[string]string{"organisation": t.Org.Name, "date": t.Today().Plain(), "lead": r.contact(t).Name, "phone": r.contact(t).Phone,
		"email": r.contact(t).Email, "reference": string(ref), "came": r.Came.Plain(),
		"what": lowered(labelOf(rightOptions(), r.Right)), "regulator": t.Org.ICO}
	if due, err := h.due(t, r); err == nil {
		v["answer_by"] = due.Date.Long()
	}
	switch {
	case r.State == refused:
		v["reason"] = r.Result
	case !r.Notice.IsZero():
		v["reason"] = r.Longer
	}
	if n := len(r.Pauses); n > 0 {
		v["question"] = r.Pauses[n-1].Reason
	}
	if r.Proof != "" {
		v["proof"] = lowered(labelOf(proofOptions(), r.Proof))
	}
	if r.Passed != "" {
		v["told"] = t.Say("rights.passed-" + r.Passed)
	}
	if r.State == answered {
		v["result"], v["found"] = r.Result, r.Result
	}
	v["change"] = r.Lesson
	if r.copies() {
		v["withheld"] = h.withheld(t, r)
	}
	return v
}

// withheld is what the letter says about what was kept back. Where two people have not
// decided, or where saying so could do harm, it is left for the lead.
func (h handler) withheld(t bot.Turn, r Request) string {
	if len(r.undecided()) > 0 {
		return ""
	}
	var lines []string
	for _, k := range r.Kept {
		exemption, ok := h.guide.Exemption(k.Kind)
		if stays := ok && k.Verdict == "yes" && k.Plan != "give"; stays && exemption.Quiet {
			return ""
		} else if stays {
			lines = append(lines, t.Say("rights.withheld-"+k.Plan, "law", cmp.Or(exemption.Law, exemption.Label)))
		}
	}
	if len(lines) == 0 {
		return t.Say("rights.withheld-nothing")
	}
	return strings.Join(lines, " ")
}

// papers offers what can be written, as buttons.
func (h handler) papers(_ context.Context, t bot.Turn, ref bot.Ref, r Request) (bot.Outcome, error) {
	m := bot.Say(t.Say("rights.papers", "ref", string(ref)), t.Say("rights.papers-names"))
	for _, id := range Papers(h.guide, r) {
		m.With(bot.Button{Action: "rights.paper", Label: h.paperLabel(t, id), Ref: ref + "/" + bot.Ref(id)})
	}
	return bot.Outcome{Reply: m}, nil
}

func (h handler) paperLabel(t bot.Turn, id string) string {
	if l, ok := letter.Find(h.guide.Letters, id); ok {
		return l.Title
	}
	return t.Say("rights.paper-" + id)
}

func (h handler) paper(_ context.Context, t bot.Turn, ref bot.Ref, r Request, id string) (bot.Outcome, error) {
	m, ok := Paper(h.clocks, h.guide, t, ref, r, id)
	if !ok {
		return t.Reply("bot.unknown-button"), nil
	}
	if l, ok := letter.Find(h.guide.Letters, id); ok {
		m.Add(bot.SmallLine, l.Why)
		m.Sources = sourcesOf(h.guide.Sources(l.Sources))
	}
	m.With(bot.Button{Action: "rights.pdf", Label: t.Say("rights.button-pdf"), Ref: ref + "/" + bot.Ref(id)})
	return bot.Outcome{Reply: &m, Audit: []string{"rights.paper." + id}}, nil
}

// pdf sends a paper as a file, by direct message to the person who asked and nobody else.
func (h handler) pdf(_ context.Context, t bot.Turn, ref bot.Ref, r Request, id string) (bot.Outcome, error) {
	m, ok := Paper(h.clocks, h.guide, t, ref, r, id)
	if !ok {
		return t.Reply("bot.unknown-button"), nil
	}
	name := string(ref) + "-" + id + ".pdf"
	file := &bot.File{Name: name, Paper: &m, Instead: t.Say("rights.file-instead", "command", "shareright paper "+string(ref)+" "+id+" --pdf "+name)}
	return sendFile(t, file, t.Say("rights.pdf-here", "paper", h.paperLabel(t, id), "ref", string(ref)), "rights.paper."+id), nil
}

// sendFile is a file for the person who acted.
func sendFile(t bot.Turn, file *bot.File, says, audit string) bot.Outcome {
	return bot.Outcome{
		Reply: bot.Say(t.Say("rights.file-comes", "name", file.Name)),
		Posts: []bot.Post{{Key: "file/" + string(t.NewSecret()), To: bot.ToPerson(t.By.ID), Class: scheduler.Routine,
			Message: *bot.Say(says, t.Say("rights.papers-names")), File: file}},
		Audit: []string{audit},
	}
}

// paperIDs are the ids of everything that can be written about any request.
func (h handler) paperIDs() []string {
	ids := make([]string, 0, len(h.guide.Letters)+2)
	for _, l := range h.guide.Letters {
		ids = append(ids, l.ID)
	}
	return append(ids, stepsPaper, wholePaper)
}

// makePaper is Paper for the command line.
func (h handler) makePaper(ctx context.Context, t bot.Turn, ref bot.Ref, id string) (bot.Message, error) {
	r, err := bot.Load[Request](ctx, t, ref)
	if err != nil {
		return bot.Message{}, err
	}
	if !r.mayAct(t.By) {
		return bot.Message{}, fmt.Errorf("paper %s of %s: %w", id, ref, bot.ErrNotFound)
	}
	m, ok := Paper(h.clocks, h.guide, t, ref, r, id)
	if !ok {
		return bot.Message{}, &bot.NoPaper{Says: t.Say("bot.paper-unknown", "papers", strings.Join(Papers(h.guide, r), ", "))}
	}
	return m, nil
}

// contact is whom letters name: the lead of the settings, or whoever has it in hand. What is about the lead names neither.
func (r Request) contact(t bot.Turn) bot.Contact {
	c := t.Org.Contact
	if r.About == bot.DPLead {
		c = bot.Contact{}
	}
	c.Name = cmp.Or(c.Name, r.HolderName)
	return c
}
