package slack

import (
	"encoding/json"
	"slices"
	"strings"

	api "github.com/slack-go/slack"

	"shareright/bot"
)

// drawView draws a page as a modal. channel is where the dialogue was begun. Problems
// are drawn above the page and beside each field; they are for the cases in which Slack's
// own way of showing errors does not reach.
func drawView(v bot.View, channel string, problems map[string]string) api.ModalViewRequest {
	kept, err := json.Marshal(metadata{Session: v.Session, Seq: v.Seq, Channel: channel})
	if err != nil {
		kept = nil // strings and a number always encode
	}
	submit := v.Submit
	if submit == "" {
		submit = say("bot.continue")
	}
	blocks := pageBlocks(v, problems)
	if len(blocks) > maxViewBlocks {
		blocks = blocks[:maxViewBlocks]
	}
	return api.ModalViewRequest{
		Type: api.VTModal, Title: plainText(bot.Cut(v.Title, maxTitle)), Blocks: api.Blocks{BlockSet: blocks},
		Submit: plainText(bot.Cut(submit, maxTitle)), Close: plainText(say("slack.close")),
		CallbackID: bot.Cut(callbackOf(v), maxCallback), PrivateMetadata: string(kept), NotifyOnClose: true,
	}
}

// pageBlocks is everything on the page, however much it is.
func pageBlocks(v bot.View, problems map[string]string) []api.Block {
	var blocks []api.Block
	if v.Step != "" {
		blocks = append(blocks, small(say("slack.step", "step", v.Step)))
	}
	blocks = append(blocks, drawProblems(v, problems)...)
	blocks = append(blocks, drawBody(v.Intro)...)
	for _, f := range v.Fields {
		blocks = append(blocks, drawField(f)...)
		if problem := problems[f.ID]; problem != "" {
			blocks = append(blocks, small("⚠ "+problem))
		}
	}
	for i, l := range v.Check {
		blocks = append(blocks, drawCheck(l, i == 0 || v.Check[i-1].Page != l.Page))
	}
	if nav := drawNavigation(v); nav != nil {
		blocks = append(blocks, nav)
	}
	return blocks
}

// callbackOf names the page, the same in every session.
func callbackOf(v bot.View) string { return v.Form + "/" + v.Page }

func drawProblems(v bot.View, problems map[string]string) []api.Block {
	if len(problems) == 0 {
		return nil
	}
	elements := []api.RichTextSectionElement{bold(say("slack.problem"))}
	if whole := problems[""]; whole != "" {
		elements = append(elements, span("\n"+whole))
	}
	for _, f := range v.Fields {
		if problem := problems[f.ID]; problem != "" {
			elements = append(elements, span("\n"+f.Label+": "+problem))
		}
	}
	return []api.Block{rich(section(elements...))}
}

// drawField is the question, and under it why it is asked.
func drawField(f bot.FieldView) []api.Block {
	input := api.NewInputBlock(f.ID, plainText(bot.Cut(f.Label, maxLabel)), nil, drawElement(f))
	input.Optional = f.Optional
	if hint := hintOf(f); hint != "" {
		input.Hint = plainText(bot.Cut(hint, maxHint))
	}
	blocks := []api.Block{input}
	if f.Why != "" && f.Why != say("bot.why-none") {
		blocks = append(blocks, small(say("slack.why")+" "+f.Why))
	}
	return blocks
}

// hintOf names "not sure" as an answer where there is no box to tick for it.
func hintOf(f bot.FieldView) string {
	if f.NotSure == "" || choice(f.Kind) || f.Kind == bot.PersonField {
		return f.Hint
	}
	return strings.TrimSpace(strings.TrimSuffix(f.Hint, ".") + ". " + say("slack.not-sure", "label", strings.ToLower(f.NotSure)))
}

func choice(kind bot.FieldKind) bool { return kind == bot.OneField || kind == bot.ManyField }

// optionsOf is what can be chosen, "not sure" included.
func optionsOf(f bot.FieldView) []bot.Option {
	if f.NotSure == "" || !choice(f.Kind) {
		return f.Options
	}
	return append(slices.Clone(f.Options), bot.Option{Value: bot.NotSureValue, Label: f.NotSure})
}

// fewChoices is how many are shown all at once. An answer to an optional question must
// be possible to take back, which radio buttons do not allow.
const fewChoices = 7

func drawElement(f bot.FieldView) api.BlockElement {
	switch f.Kind {
	case bot.OneField:
		options := drawOptions(f)
		chosen := chosenOf(options, f.Value)
		if len(options) <= fewChoices && !f.Optional {
			radio := api.NewRadioButtonsBlockElement(actionOf(f), options...)
			if len(chosen) > 0 {
				radio.InitialOption = chosen[0]
			}
			return radio
		}
		list := api.NewOptionsSelectBlockElement(api.OptTypeStatic, plainText(say("slack.choose")), actionOf(f), options...)
		if len(chosen) > 0 {
			list.InitialOption = chosen[0]
		}
		return list
	case bot.ManyField:
		options := drawOptions(f)
		chosen := chosenOf(options, f.Value)
		if len(options) <= maxRadio {
			boxes := api.NewCheckboxGroupsBlockElement(actionOf(f), options...)
			boxes.InitialOptions = chosen
			return boxes
		}
		list := api.NewOptionsMultiSelectBlockElement(api.MultiOptTypeStatic, plainText(say("slack.choose-many")), actionOf(f), options...)
		list.InitialOptions = chosen
		return list
	case bot.PersonField:
		users := api.NewOptionsSelectBlockElement(api.OptTypeUser, plainText(say("slack.choose-person")), actionOf(f))
		for _, value := range f.Value {
			if id, ours := strings.CutPrefix(value, personPrefix); ours {
				users.InitialUser = id
			}
		}
		return users
	}
	return drawText(f)
}

// drawText is a box to type in. Numbers, dates and times are typed in plain words too.
func drawText(f bot.FieldView) api.BlockElement {
	box := api.NewPlainTextInputBlockElement(nil, actionOf(f))
	box.Multiline = f.Kind == bot.StoryField
	box.InitialValue = bot.Cut(strings.Join(f.Value, "\n"), maxInput)
	if len(f.Value) == 1 && f.Value[0] == bot.NotSureValue {
		box.InitialValue = f.NotSure
	}
	return box
}

// actionOf names the element by its kind; the block is named by the field.
func actionOf(f bot.FieldView) string { return "answer:" + string(f.Kind) }

func drawOptions(f bot.FieldView) []*api.OptionBlockObject {
	options := optionsOf(f)
	if len(options) > maxSelect {
		options = options[:maxSelect]
	}
	drawn := make([]*api.OptionBlockObject, len(options))
	for i, o := range options {
		var hint *api.TextBlockObject
		if o.Hint != "" {
			hint = plainText(bot.Cut(o.Hint, maxOption))
		}
		drawn[i] = api.NewOptionBlockObject(o.Value, plainText(bot.Cut(o.Label, maxOption)), hint)
	}
	return drawn
}

func chosenOf(options []*api.OptionBlockObject, values []string) []*api.OptionBlockObject {
	var chosen []*api.OptionBlockObject
	for _, o := range options {
		if slices.Contains(values, o.Value) {
			chosen = append(chosen, o)
		}
	}
	return chosen
}

// drawCheck is one answer on check-your-answers. One button a page is enough to change it.
func drawCheck(l bot.CheckLine, withButton bool) api.Block {
	label := api.NewTextBlockObject(api.MarkdownType, "*"+strings.ReplaceAll(escaped(bot.Cut(l.Label, maxFieldText/2)), "*", "∗")+"*", false, true)
	answer := plainText(bot.Cut(l.Answer, maxFieldText))
	if id, ours := strings.CutPrefix(l.Answer, personPrefix); ours && userID.MatchString(id) {
		answer = api.NewTextBlockObject(api.MarkdownType, "<@"+id+">", false, false)
	}
	var change *api.Accessory
	if withButton {
		button := api.NewButtonBlockElement(goChange, l.Page, plainText(say("slack.change")))
		button.AccessibilityLabel = bot.Cut(say("slack.change-label", "label", l.Label), maxButton)
		change = api.NewAccessory(button)
	}
	drawn := api.NewSectionBlock(nil, []*api.TextBlockObject{label, answer}, change)
	drawn.BlockID = bot.Cut("check:"+l.Page+":"+l.Field, maxBlockID)
	return drawn
}

func drawNavigation(v bot.View) api.Block {
	var elements []api.BlockElement
	if v.CanBack {
		elements = append(elements, api.NewButtonBlockElement(goBack, "", plainText(say("bot.back"))))
	}
	if v.Page == bot.CheckPage {
		cancel := api.NewButtonBlockElement(goCancel, "", plainText(say("slack.discard")))
		cancel.Style = api.StyleDanger
		cancel.Confirm = api.NewConfirmationBlockObject(plainText(say("slack.confirm")), plainText(say("slack.discard-confirm")),
			plainText(say("slack.discard")), plainText(say("slack.no")))
		elements = append(elements, cancel)
	}
	if len(elements) == 0 {
		return nil
	}
	return api.NewActionBlock("go", elements...)
}

// result is a modal that only tells something: how a dialogue ended, or what went wrong.
func result(m bot.Message) api.ModalViewRequest {
	body := m
	body.Title = ""
	title := m.Title
	if length(title) > maxTitle {
		body, title = m, say("slack.result")
	}
	blocks := drawMessage(body)
	if len(blocks) == 0 {
		blocks = []api.Block{rich(section(span(m.Title)))}
	}
	return api.ModalViewRequest{Type: api.VTModal, Title: plainText(title), Blocks: api.Blocks{BlockSet: blocks}, Close: plainText(say("slack.close")), CallbackID: "result"}
}

// home is a person's page with the bot, section by section.
func home(page []bot.Message) api.HomeTabViewRequest {
	var blocks []api.Block
	for i, m := range page {
		drawn := drawMessage(m)
		for _, b := range drawn {
			if row, ok := b.(*api.ActionBlock); ok {
				row.BlockID = "" // Slack wants each id once on a page
			}
		}
		if len(blocks)+len(drawn)+2 > maxViewBlocks {
			blocks = append(blocks, small(say("slack.more")))
			break
		}
		if i > 0 {
			blocks = append(blocks, api.NewDividerBlock())
		}
		blocks = append(blocks, drawn...)
	}
	return api.HomeTabViewRequest{Type: api.VTHomeTab, Blocks: api.Blocks{BlockSet: blocks}, CallbackID: "home"}
}
