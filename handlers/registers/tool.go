package registers

import (
	"context"
	"strings"
	"time"

	"shareright/bot"
	"shareright/knowledge/tool"
	"shareright/scheduler"
)

// Check is one answer to "can we use this app?", kept until it stands in the register. It
// is stored: fields may be added, never renamed.
type Check struct {
	Tool   string       `json:"tool"`
	For    string       `json:"for"`
	Facts  tool.Facts   `json:"facts"`
	Answer tool.Answer  `json:"answer"`
	By     bot.PersonID `json:"by"`
	ByName string       `json:"by_name"`
	At     time.Time    `json:"at"`
	Passed bool         `json:"passed"` // the lead has heard of it
	Line   bot.Ref      `json:"line,omitempty"`
}

// checkLife is how long a check waits to be written down.
const checkLife = 90 * 24 * time.Hour

// RecordKind names the record.
func (Check) RecordKind() string { return "tool-check" }

// RecordIndex finds a check by who asked; it erases itself after 90 days.
func (c Check) RecordIndex() bot.Index {
	return bot.Index{State: string(c.Answer), Owner: c.By, Opened: c.At, Expires: c.At.Add(checkLife)}
}

// question is what "/dp tool" fills in.
type question struct {
	Tool  string             `json:"tool"`
	For   string             `json:"for"`
	Facts map[string]*string `json:"facts,omitempty"`
}

func (h handler) tool(_ context.Context, _ bot.Turn, text string) (bot.Outcome, error) {
	return bot.Outcome{Ask: h.asking().Begin(question{Tool: text})}, nil
}

// asking is the dialogue: which tool and what for, and then what the rules look at.
func (h handler) asking() bot.Form[question] {
	first := bot.Page[question]{ID: "tool", Title: "Can we use this app?", Fields: []bot.Field[question]{
		bot.AskText("tool", "Which app or website is it?", func(q *question) *string { return &q.Tool }).Why("The answer is kept under its name."),
		bot.AskText("for", "What do you want to do with it?", func(q *question) *string { return &q.For }).
			Hint("For example: book places at the summer club").Why("An app can be right for one thing and not for another."),
	}}
	second := bot.Page[question]{ID: "more", Title: "How it is set up"}
	for _, asked := range h.tools.Questions {
		var options []bot.Option
		for _, c := range asked.Answers {
			options = append(options, bot.Option{Value: c.ID, Label: c.Label})
		}
		field := bot.AskOne(asked.ID, asked.Label, func(q *question) *string { return place(&q.Facts, asked.ID) }, options...).Hint(asked.Hint).Why(asked.Why)
		if len(first.Fields) < screen {
			first.Fields = append(first.Fields, field)
		} else {
			second.Fields = append(second.Fields, field)
		}
	}
	return bot.Form[question]{ID: "registers.tool", Title: "Can we use this app?", Submit: "See the answer", Pages: []bot.Page[question]{first, second}, Done: h.answered}
}

// screen is how many questions fit on a page.
const screen = 5

// answered decides, and passes on what the lead has to decide.
func (h handler) answered(_ context.Context, t bot.Turn, q question) (bot.Outcome, error) {
	facts := tool.Facts{}
	for id, v := range q.Facts {
		facts[id] = *v
	}
	advice := h.tools.Decide(facts)
	ref := t.NewRef("TC")
	c := Check{Tool: q.Tool, For: q.For, Facts: facts, Answer: advice.Answer, By: t.By.ID, ByName: t.ByName(), At: t.Now}
	o := bot.Outcome{Audit: []string{"registers.tool"}}
	m := h.told(t, c, advice)
	lead := t.By.Has(leads()...)
	switch {
	case lead:
		m.With(h.decide(t, ref, c)...)
	case advice.Answer == tool.Ask || advice.Answer == tool.DPIA:
		c.Passed = true
		o.Posts = append(o.Posts, h.pass(t, ref, c, advice))
		m.Add(bot.Para, t.Say("registers.tool-passed", "role", t.Called(bot.DPLead)))
	default:
		m.With(bot.Button{Action: "registers.tool-pass", Label: t.Say("registers.button-tool-pass"), Ref: ref, Style: bot.Primary})
	}
	o.Save, o.Reply = map[bot.Ref]bot.Record{ref: c}, m
	return o, nil
}

// told is the answer: what to do first, then why, what to set, what to accept and what to say to people.
func (h handler) told(t bot.Turn, c Check, a tool.Advice) *bot.Message {
	m := bot.Say(t.Say("registers.tool-"+string(a.Answer), "tool", c.Tool), a.Why)
	if len(a.Do) > 0 {
		m.Add(bot.Heading, t.Say("registers.tool-do")).List(bot.Bullets, a.Do...)
	}
	if len(a.Risks) > 0 {
		m.Add(bot.Heading, t.Say("registers.tool-risks")).List(bot.Bullets, a.Risks...)
	}
	if a.Wording != "" {
		m.Add(bot.Heading, t.Say("registers.tool-wording")).Add(bot.Quote, strings.TrimSpace(a.Wording))
	}
	for _, s := range a.Sources {
		m.Sources = append(m.Sources, bot.Source{Title: s.Title, URL: s.URL, Checked: s.Checked})
	}
	return m
}

// decide are the lead's buttons for a check.
func (h handler) decide(t bot.Turn, ref bot.Ref, c Check) []bot.Button {
	keep := bot.Button{Action: "registers.tool-keep", Label: t.Say("registers.button-tool-keep"), Ref: ref, Style: bot.Primary}
	if c.Answer != tool.DPIA {
		return []bot.Button{keep}
	}
	keep.Style = bot.Plain
	return []bot.Button{{Action: "registers.tool-dpia", Label: t.Say("registers.button-tool-dpia"), Ref: ref, Style: bot.Primary}, keep}
}

// pass is the post by which the lead hears of a check.
func (h handler) pass(t bot.Turn, ref bot.Ref, c Check, a tool.Advice) bot.Post {
	m := bot.Say(t.Say("registers.tool-lead", "who", c.ByName, "tool", c.Tool, "for", c.For), t.Say("registers.tool-"+string(a.Answer), "tool", c.Tool), a.Why)
	m.List(bot.Bullets, a.Do...).List(bot.Bullets, a.Risks...)
	return bot.Post{Key: "tool/" + string(ref), To: bot.ToRolePrivately(bot.DPLead), Class: scheduler.Routine, Message: *m.With(h.decide(t, ref, c)...)}
}

// toolPass sends a check on that its asker may act on, so that it comes into the register.
func (h handler) toolPass(ctx context.Context, t bot.Turn, ref bot.Ref) (bot.Outcome, error) {
	c, err := bot.Load[Check](ctx, t, ref)
	switch {
	case err != nil:
		return bot.Outcome{}, err
	case c.By != t.By.ID:
		return t.Reply("registers.not-yours", "role", t.Called(leads()...)), nil
	case c.Passed:
		return t.Reply("registers.tool-passed", "role", t.Called(bot.DPLead)), nil
	}
	c.Passed = true
	return bot.Outcome{Save: map[bot.Ref]bot.Record{ref: c}, Posts: []bot.Post{h.pass(t, ref, c, h.tools.Decide(c.Facts))},
		Reply: bot.Say(t.Say("registers.tool-passed", "role", t.Called(bot.DPLead)))}, nil
}

// toolKeep opens the register's form with what the check knows.
func (h handler) toolKeep(ctx context.Context, t bot.Turn, ref bot.Ref) (bot.Outcome, error) {
	return h.fromCheck(ctx, t, ref, "tools", func(c Check, a tool.Advice) map[string]string {
		return map[string]string{"tool": c.Tool, "use": c.For, "answer": string(c.Answer),
			"settings": strings.Join(a.Do, " "), "risks": strings.Join(a.Risks, " ")}
	})
}

// toolDPIA opens the DPIA with what the check knows.
func (h handler) toolDPIA(ctx context.Context, t bot.Turn, ref bot.Ref) (bot.Outcome, error) {
	return h.fromCheck(ctx, t, ref, "dpia", func(c Check, a tool.Advice) map[string]string {
		return map[string]string{"project": c.Tool, "how": c.For, "risks": strings.Join(a.Risks, " "), "measures": strings.Join(a.Do, " "), "level": "high"}
	})
}

func (h handler) fromCheck(ctx context.Context, t bot.Turn, ref bot.Ref, register string, fill func(Check, tool.Advice) map[string]string) (bot.Outcome, error) {
	c, err := bot.Load[Check](ctx, t, ref)
	if err != nil {
		return bot.Outcome{}, err
	}
	if c.Line != "" && register == "tools" {
		return t.Reply("registers.tool-kept", "ref", string(c.Line)), nil
	}
	r, known := h.content.Register(register)
	if !known {
		return t.Reply("registers.unknown"), nil
	}
	d := Entry{Text: fill(c, h.tools.Decide(c.Facts))}.draft("")
	d.Check = ref
	return bot.Outcome{Ask: h.form(r).Begin(d)}, nil
}

// decided tells who asked what was written down about their tool.
func (h handler) decided(ctx context.Context, t bot.Turn, d draft, ref bot.Ref, e Entry, o *bot.Outcome) error {
	if d.Check == "" || e.Register != "tools" {
		return nil
	}
	c, err := bot.Load[Check](ctx, t, d.Check)
	if err != nil {
		return err
	}
	c.Line = ref
	o.Save[d.Check] = c
	if c.By == t.By.ID {
		return nil
	}
	m := bot.Say(t.Say("registers.tool-"+e.Text["answer"], "tool", c.Tool), t.Say("registers.tool-decided", "who", t.ByName()))
	for _, id := range []string{"settings", "risks"} {
		if e.Text[id] != "" {
			m.Add(bot.Para, e.Text[id])
		}
	}
	o.Posts = append(o.Posts, bot.Post{Key: "tool/" + string(d.Check) + "/answer", To: bot.ToPerson(c.By), Class: scheduler.Routine, Message: *m})
	return nil
}
