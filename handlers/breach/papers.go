package breach

import (
	"context"
	"fmt"
	"slices"
	"strconv"
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
	return bot.Outcome{Reply: m.With(bot.Button{Action: "breach.notes", Label: t.Say("breach.button-notes"), Ref: ref})}, nil
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
	return sendFile(t, file, t.Say("breach.pdf-here", "paper", t.Say("breach.paper-"+id), "ref", string(ref)), "breach.paper."+id), nil
}

// sendFile is a file for the person who acted.
func sendFile(t bot.Turn, file *bot.File, says, audit string) bot.Outcome {
	return bot.Outcome{
		Reply: bot.Say(t.Say("breach.file-comes", "name", file.Name)),
		Posts: []bot.Post{{Key: "file/" + string(t.NewSecret()), To: bot.ToPerson(t.By.ID), Class: scheduler.Routine,
			Message: *bot.Say(says, t.Say("breach.papers-names")), File: file}},
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
	m := bot.Say(letter.Title)
	if len(missing) > 0 {
		var lack []string
		for _, field := range missing {
			lack = append(lack, letter.Fields[field])
		}
		m.Add(bot.Heading, t.Say("breach.paper-missing")).List(bot.Bullets, lack...)
	}
	for part := range strings.SplitSeq(strings.TrimSpace(text), "\n\n") {
		m.Add(bot.Para, strings.ReplaceAll(part, "**", ""))
	}
	return *m, true
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

// Pack is the regulator's breach report in the regulator's own order, with what is missing first. It names
// nobody who is affected: what happened is in the lead's words, never in the reporter's.
func Pack(content *knowledge.Content, t bot.Turn, ref bot.Ref, b Breach) bot.Message {
	h := handler{content: content}
	values := h.packValues(t, b)
	cause, _ := content.Cause(b.Cause)
	var missing []string
	body := bot.Message{}
	for _, s := range content.Report {
		if s.OnlyWhen == "cyber" && !cause.Cyber() {
			continue
		}
		var rows []string
		for _, f := range s.Fields {
			value := values[f.ID]
			if value == "" && f.Optional {
				continue
			}
			if value == "" {
				missing = append(missing, f.Label)
				value = t.Say("breach.pack-unknown")
			}
			rows = append(rows, f.Label, value)
		}
		body.Add(bot.Heading, s.Heading).List(bot.Pairs, rows...)
	}
	m := bot.Say(t.Say("breach.pack", "ref", string(ref)), t.Say("breach.pack-names"))
	if left := b.clock().Left(t.Now); left <= 0 && b.ICOAt.IsZero() {
		m.Add(bot.Para, t.Say("breach.over-now")+" "+t.Say("breach.over-reasons"))
		if b.Notes.Delay == "" {
			missing = append([]string{t.Say("breach.pack-delay")}, missing...)
		}
	}
	if len(missing) > 0 {
		m.Add(bot.Heading, t.Say("breach.pack-missing", "n", strconv.Itoa(len(missing)))).List(bot.Bullets, missing...)
	}
	m.Body = append(m.Body, body.Body...)
	return *m
}

// packValues are the answers to the regulator's form, by the ids of knowledge/breach/report.yaml.
func (h handler) packValues(t bot.Turn, b Breach) map[string]string {
	a := h.content.Assess(h.attributes(b))
	cause, _ := h.content.Cause(b.Cause)
	v := map[string]string{
		"report_type": t.Say("breach.pack-first"), "delay_reasons": b.Notes.Delay, "what_happened": b.Notes.What, "how": b.Notes.How,
		"cyber": t.Say("breach.pack-no"), "how_found": t.Say("breach.pack-found"), "records": number(b.Notes.Records), "people": number(b.People),
		"consequences": b.Notes.Consequences, "likelihood": capital(string(a.Likelihood)), "contact_name": b.contact(t).Name, "contact_phone": b.contact(t).Phone,
		"contact_email": b.contact(t).Email, "registration": t.Org.Registration, "impact": b.Notes.Impact, "recovery_time": b.Notes.Recovery,
		"training": b.Notes.Training, "measures_before": b.Notes.Before, "actions_taken": b.Notes.Actions, "organisation": t.Org.Name,
		"effect": strings.Join(cause.Effect, ", "), "told_others": strings.Join(h.toldLines(t, b), "; "),
	}
	if !b.ICOAt.IsZero() {
		v["report_type"], v["previous_reference"] = t.Say("breach.pack-follow"), b.ICORef
	}
	if cause.Cyber() {
		v["cyber"] = t.Say("breach.pack-yes")
	} else if b.Cause == "" || b.Cause == "other" || b.Cause == "supplier" {
		v["cyber"] = ""
	}
	if v["what_happened"] == "" && cause.Label != "" && b.Cause != "other" {
		v["what_happened"] = cause.Label
	}
	v["discovered_at"], v["occurred_at"] = b.packTime(t, true), b.packTime(t, false)
	if b.Notes.Staff != "" {
		v["staff_involved"] = t.Say("breach.pack-" + b.Notes.Staff)
	}
	if told, ok := b.heard("people"); ok {
		v["told_people"] = t.Say("breach.pack-told", "when", moment(t, told.At))
	} else if b.Decision != nil && b.Decision.People == "no" {
		v["told_people"] = t.Say("breach.pack-no")
	}
	v["data_categories"] = strings.Join(h.formWords(b), ", ")
	v["people_kinds"] = strings.Join(h.peopleWords(b), ", ")
	return v
}

func (b Breach) packTime(t bot.Turn, found bool) string {
	at := b.Happened
	if found {
		if at = b.Found; at.IsZero() {
			at = b.Aware
		}
	}
	if at.IsZero() {
		return ""
	}
	return moment(t, at)
}

// formWords are the categories of data in the words of the regulator's form.
func (h handler) formWords(b Breach) []string {
	var words []string
	for _, k := range h.content.DataKinds {
		if slices.Contains(b.Data, k.ID) {
			words = append(words, k.Form...)
		}
	}
	return h.inFormOrder("data_categories", words)
}

func (h handler) peopleWords(b Breach) []string {
	var words []string
	for _, k := range h.content.PeopleKinds {
		if slices.Contains(b.Whom, k.ID) {
			words = append(words, k.Form...)
		}
	}
	return h.inFormOrder("people_kinds", words)
}

// inFormOrder are the answers of one field, each once, in the order of the form.
func (h handler) inFormOrder(field string, words []string) []string {
	var ordered []string
	for _, s := range h.content.Report {
		for _, f := range s.Fields {
			if f.ID != field {
				continue
			}
			for _, choice := range f.Choices {
				if slices.Contains(words, choice) {
					ordered = append(ordered, choice)
				}
			}
		}
	}
	return ordered
}

func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// noting is what the form with the lead's words fills in.
type noting struct {
	Ref bot.Ref `json:"ref"`
	PackNotes
}

func (h handler) askNotes(_ context.Context, _ bot.Turn, ref bot.Ref, b Breach) (bot.Outcome, error) {
	return bot.Outcome{Ask: h.packNotes().Begin(noting{Ref: ref, PackNotes: b.Notes})}, nil
}

// packNotes asks for what the papers need and the report does not hold.
func (h handler) packNotes() bot.Form[noting] {
	story := func(id, label, hint string, at func(*noting) *string) bot.Field[noting] {
		return bot.AskStory(id, label, at).Hint(hint).Optional().Shown().Why("The papers use your words. The regulator must not be given names.")
	}
	return bot.Form[noting]{
		ID: "breach.notes", Title: "Words for the papers", Submit: "Save", Done: h.noted,
		Pages: []bot.Page[noting]{
			{ID: "what", Title: "What happened", Fields: []bot.Field[noting]{
				story("what", "What happened, without names?", "One or two plain sentences", func(n *noting) *string { return &n.What }),
				story("how", "How did it happen?", "Without names", func(n *noting) *string { return &n.How }),
				bot.AskNumber("records", "How many records?", func(n *noting) **int { return &n.Records }).NotSure("Not yet known").Optional().Shown().Why("The regulator’s form asks for it."),
				story("consequences", "What may follow for people?", "For example worry, fraud or harm", func(n *noting) *string { return &n.Consequences }),
				story("advice", "What can the people do now?", "Short steps", func(n *noting) *string { return &n.Advice }),
			}},
			{ID: "done", Title: "What was done", Fields: []bot.Field[noting]{
				bot.AskOne("staff", "Were staff or volunteers involved?", func(n *noting) *string { return &n.Staff },
					bot.Option{Value: "yes", Label: "Yes"}, bot.Option{Value: "no", Label: "No"}).NotSure("Not yet known").Optional().Shown().Why("The regulator’s form asks for it."),
				story("training", "Which training had they had, and when?", "The role, never the name", func(n *noting) *string { return &n.Training }),
				story("before", "What was in place before?", "Rules, locks, checks", func(n *noting) *string { return &n.Before }),
				story("actions", "What have you done, and what is planned?", "To stop it, and to keep people safe", func(n *noting) *string { return &n.Actions }),
				story("delay", "Why is the report late?", "Only after 72 hours", func(n *noting) *string { return &n.Delay }),
			}},
			{ID: "cyber", Title: "Computers", Fields: []bot.Field[noting]{
				story("impact", "What could you not do?", "Only for attacks on computers", func(n *noting) *string { return &n.Impact }),
				bot.AskText("recovery", "How long until all works again?", func(n *noting) *string { return &n.Recovery }).Optional().Shown().Why("The regulator’s form asks for it."),
			}},
		},
	}
}

func (h handler) noted(ctx context.Context, t bot.Turn, n noting) (bot.Outcome, error) {
	return h.sent(ctx, t, n.Ref, func(t bot.Turn, b Breach) bot.Outcome {
		b.Notes = n.PackNotes
		line := t.Say("breach.line-notes", "name", t.ByName())
		b.note(t, line)
		o := h.changed(t, n.Ref, b, line)
		pack := Pack(h.content, t, n.Ref, b)
		o.Reply = bot.Say(line, fmt.Sprintf("%s %s", t.Say("breach.notes-next"), pack.Title)).
			With(bot.Button{Action: "breach.papers", Label: t.Say("breach.button-papers"), Ref: n.Ref, Style: bot.Primary})
		return o
	})
}
