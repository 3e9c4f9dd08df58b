package discord

import (
	"slices"
	"strconv"
	"strings"

	"shareright/bot"
)

// drawing says how pages are drawn here.
type drawing struct {
	freeText    bool   // ask for free text about people at risk
	betterPlace string // where it is better told
}

// modalID names the page, the same in every dialogue, and carries where it belongs.
func modalID(v bot.View, own bool) string {
	id := strings.Join([]string{v.Form + "/" + v.Page, v.Session, strconv.Itoa(v.Seq)}, mark)
	if own {
		id += mark + ownDialogue
	}
	return id
}

// titleOf is the page's title with the step, as far as there is room for it.
func titleOf(v bot.View) string {
	if v.Step != "" && length(v.Title)+length(v.Step)+3 <= maxTitle {
		return v.Title + " (" + v.Step + ")"
	}
	return v.Title
}

// fits says whether the page can be shown as a modal at once. One with more to say above
// its questions is shown as a message first, where it can be read and stays.
func (d drawing) fits(v bot.View, problems map[string]string) bool {
	if v.Page == bot.CheckPage || len(problems) > 0 || len(v.Fields) == 0 {
		return false
	}
	if len(v.Intro) == 0 {
		return true
	}
	urgent := slices.ContainsFunc(v.Intro, func(b bot.Block) bool { return b.Kind == bot.Heading })
	return !urgent && len(v.Fields) < maxModalParts && length(introOf(v)) <= maxIntro
}

func introOf(v bot.View) string { return strings.Join(drawBody(v.Intro), "\n\n") }

// modal draws a page of questions. own says that it stands on a dialogue's own message. The
// introduction is drawn where there is room; otherwise it was in the message before.
func (d drawing) modal(v bot.View, own bool) modal {
	drawn := modal{CustomID: modalID(v, own), Title: bot.Cut(titleOf(v), maxTitle)}
	if intro := introOf(v); intro != "" && len(v.Fields) < maxModalParts && length(intro) <= maxIntro {
		drawn.Components = append(drawn.Components, &component{Type: wordsKind, Content: intro})
	}
	for _, f := range v.Fields {
		if len(drawn.Components) == maxModalParts {
			break
		}
		drawn.Components = append(drawn.Components, d.field(f))
	}
	return drawn
}

// field is a question with its hint, or what stands in its place where it is not asked.
func (d drawing) field(f bot.FieldView) *component {
	if f.Confided && !d.freeText {
		text := say("discord.no-free-text", "label", f.Label)
		if d.betterPlace != "" {
			text += " " + say("discord.better-place", "where", d.betterPlace)
		}
		return &component{Type: wordsKind, Content: bot.Cut(escaped(text), maxWords)}
	}
	return &component{Type: labelKind, Label: bot.Cut(f.Label, maxLabel), Description: bot.Cut(descriptionOf(f), maxDescription), Component: element(f)}
}

// descriptionOf is the hint; the whole label where it was cut; or else why it is asked.
func descriptionOf(f bot.FieldView) string {
	hint := strings.TrimSuffix(f.Hint, ".")
	if f.NotSure != "" && (asksByText(f) || !choiceField(f) && f.Kind != bot.PersonField) {
		with := say("discord.not-sure", "label", strings.ToLower(f.NotSure))
		if hint != "" {
			with = hint + ". " + with
		}
		if length(with) <= maxDescription {
			hint = with
		}
	}
	switch {
	case length(f.Label) > maxLabel:
		return f.Label
	case hint == "" && f.Why != say("bot.why-none") && length(f.Why) <= maxDescription:
		return f.Why
	}
	return hint
}

func choiceField(f bot.FieldView) bool { return f.Kind == bot.OneField || f.Kind == bot.ManyField }

// asksByText says that a question has more choices than Discord lists: then the answer is typed.
func asksByText(f bot.FieldView) bool { return choiceField(f) && len(optionsOf(f)) > maxChoices }

// optionsOf is what can be chosen, "not sure" included.
func optionsOf(f bot.FieldView) []bot.Option {
	if f.NotSure == "" || !choiceField(f) {
		return f.Options
	}
	return append(slices.Clone(f.Options), bot.Option{Value: bot.NotSureValue, Label: f.NotSure})
}

func element(f bot.FieldView) *component {
	switch {
	case choiceField(f) && !asksByText(f):
		return drawSelect(f)
	case f.Kind == bot.PersonField:
		return drawPerson(f)
	}
	return drawText(f)
}

// required tells Discord whether it may send the page without an answer.
func required(f bot.FieldView) *bool {
	yes := !f.Optional
	return &yes
}

func drawSelect(f bot.FieldView) *component {
	options := optionsOf(f)
	c := &component{Type: selectKind, CustomID: f.ID, Required: required(f), Placeholder: say("discord.choose")}
	least := 1
	if f.Optional {
		least = 0
	}
	c.MinValues, c.MaxValues = &least, 1
	if f.Kind == bot.ManyField {
		c.MaxValues, c.Placeholder = len(options), say("discord.choose-many")
	}
	for _, o := range options {
		drawn := choice{Label: bot.Cut(o.Label, maxChoice), Value: o.Value, Description: bot.Cut(o.Hint, maxDescription), Default: slices.Contains(f.Value, o.Value)}
		if length(o.Label) > maxChoice {
			drawn.Description = bot.Cut(o.Label, maxDescription)
		}
		c.Options = append(c.Options, drawn)
	}
	return c
}

func drawPerson(f bot.FieldView) *component {
	c := &component{Type: userKind, CustomID: f.ID, Required: required(f), MaxValues: 1, Placeholder: say("discord.choose-person")}
	least := 1
	if f.Optional {
		least = 0
	}
	c.MinValues = &least
	for _, value := range f.Value {
		if id, ours := strings.CutPrefix(value, personPrefix); ours {
			c.Defaults = []named{{ID: id, Type: "user"}}
		}
	}
	return c
}

// Styles of text input, and how much is taken in each: what the engine takes.
const (
	oneLine    = 1
	severals   = 2
	lineLength = 300
	textLength = 3000
)

// drawText is a box to type in. Numbers, dates and times are typed in plain words too.
func drawText(f bot.FieldView) *component {
	c := &component{Type: textKind, CustomID: f.ID, Style: oneLine, Required: required(f), MaxLength: lineLength}
	if f.Kind == bot.StoryField {
		c.Style, c.MaxLength = severals, textLength
	}
	value := strings.Join(f.Value, "\n")
	if asksByText(f) {
		value = strings.Join(f.Value, ", ")
	}
	if len(f.Value) == 1 && f.Value[0] == bot.NotSureValue {
		value = f.NotSure
	}
	c.Value = bot.Cut(value, c.MaxLength)
	return c
}

// before is the message of a dialogue between its pages: what is said above the next one,
// what to put right, and the way on. A modal cannot follow a modal, and it has no way back.
func (d drawing) before(v bot.View, reply *bot.Message, problems map[string]string, t typed) []note {
	if v.Page == bot.CheckPage {
		return d.check(v, reply, problems)
	}
	var parts []string
	if reply != nil {
		parts = append(parts, content(*reply))
	}
	goOnLabel := say("bot.continue")
	if len(problems) > 0 {
		parts = append(parts, drawProblems(v, problems, t))
		goOnLabel = say("discord.mend")
	} else {
		parts = append(parts, "**"+escaped(say("discord.next", "page", titleOf(v)))+"**")
	}
	if intro := introOf(v); intro != "" {
		parts = append([]string{intro}, parts...)
	}
	session, at := mark+v.Session, mark+v.Session+mark+strconv.Itoa(v.Seq)
	buttons := row(button(goOn+session, goOnLabel, blue))
	if v.CanBack {
		buttons.Components = append(buttons.Components, button(goBack+at, say("bot.back"), grey))
	}
	buttons.Components = append(buttons.Components, button(goWhy+session, say("discord.why"), grey), button(goEnd+at, say("discord.discard"), grey))
	return parted(strings.Join(parts, "\n\n"), []*component{buttons})
}

// drawProblems says what to change, and what was written, so that nothing typed is lost.
func drawProblems(v bot.View, problems map[string]string, t typed) string {
	lines := []string{"**" + escaped(say("discord.problem")) + "**"}
	if whole := problems[""]; whole != "" {
		lines = append(lines, escaped(whole))
	}
	for _, f := range v.Fields {
		problem := problems[f.ID]
		if problem == "" {
			continue
		}
		lines = append(lines, "**"+escaped(f.Label)+"** "+escaped(problem))
		if wrote := strings.TrimSpace(strings.Join(t[f.ID], ", ")); wrote != "" && !choiceField(f) {
			lines = append(lines, small(escaped(say("discord.you-wrote", "answer", bot.Cut(wrote, maxIntro)))))
		}
	}
	return strings.Join(lines, "\n")
}

// typed is what a person put in, by question.
type typed map[string][]string

// again puts what was typed and could not be used back into its questions.
func (t typed) again(v bot.View) bot.View {
	if len(t) == 0 {
		return v
	}
	v.Fields = slices.Clone(v.Fields)
	for i, f := range v.Fields {
		if values, wrote := t[f.ID]; wrote && len(values) > 0 {
			v.Fields[i].Value = values
		}
	}
	return v
}

// shortAnswer is how much of an answer is read back when all of them together are long.
const shortAnswer = 150

// check is check-your-answers: every answer, a way to change each, and the button that sends.
func (d drawing) check(v bot.View, reply *bot.Message, problems map[string]string) []note {
	var parts []string
	if intro := introOf(v); intro != "" {
		parts = append(parts, intro)
	}
	if reply != nil {
		parts = append(parts, content(*reply))
	}
	if whole := problems[""]; whole != "" {
		parts = append(parts, escaped(whole))
	}
	parts = append(parts, "**"+escaped(v.Title)+"**")
	text := strings.Join(append(slices.Clone(parts), checkLines(v, textLength)), "\n\n")
	if length(text) > maxContent {
		text = strings.Join(append(parts, checkLines(v, shortAnswer)), "\n\n")
	}
	at := mark + v.Session + mark + strconv.Itoa(v.Seq)
	buttons := row(button(goSend+at, bot.Cut(v.Submit, maxButton), green))
	if v.CanBack {
		buttons.Components = append(buttons.Components, button(goBack+at, say("bot.back"), grey))
	}
	buttons.Components = append(buttons.Components, button(goEnd+at, say("discord.discard"), red))
	rows := []*component{buttons}
	if options := changeable(v); len(options) > 0 {
		rows = append(rows, row(&component{Type: selectKind, CustomID: goChange + at, Placeholder: say("discord.change"), Options: options}))
	}
	return parted(text, rows)
}

func checkLines(v bot.View, most int) string {
	var lines []string
	for _, l := range v.Check {
		answer := escaped(bot.Cut(l.Answer, most))
		if id, ours := strings.CutPrefix(l.Answer, personPrefix); ours && strings.Trim(id, "0123456789") == "" {
			answer = "<@" + id + ">" // shown by name; nobody is called
		}
		lines = append(lines, "**"+escaped(l.Label)+"** "+answer)
	}
	return strings.Join(lines, "\n")
}

// changeable lists the answers that can be changed: each one, or a page at a time where they are many.
func changeable(v bot.View) []choice {
	var options []choice
	for i, l := range v.Check {
		if len(v.Check) > maxChoices && i > 0 && v.Check[i-1].Page == l.Page || len(options) == maxChoices {
			continue
		}
		options = append(options, choice{Label: bot.Cut(l.Label, maxDescription), Value: l.Page + mark + l.Field})
	}
	return options
}

// whys answers "why do you need to know that?" for a page.
func whys(v bot.View) bot.Message {
	m := bot.Say(say("discord.why"))
	var items []string
	for _, f := range v.Fields {
		items = append(items, f.Label, f.Why)
	}
	return *m.List(bot.Pairs, items...)
}
