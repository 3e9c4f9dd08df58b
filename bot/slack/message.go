package slack

import (
	"encoding/json"
	"strconv"
	"strings"

	api "github.com/slack-go/slack"

	"shareright/bot"
)

// note is a message as Slack takes it: in an acknowledgement, at a response URL, or by the API.
type note struct {
	ResponseType string      `json:"response_type,omitempty"` // always "ephemeral"; empty for the API
	Replace      *bool       `json:"replace_original,omitempty"`
	Text         string      `json:"text"` // what notifications and screen readers say
	Blocks       []api.Block `json:"blocks,omitempty"`
}

// ephemeral is a reply that only the person who acted can see.
func ephemeral(m bot.Message) note {
	keep := false
	return note{ResponseType: "ephemeral", Replace: &keep, Text: fallback(m), Blocks: drawMessage(m)}
}

// fallback is the message's title: enough to know what it is about, and nothing that
// must not stand on a locked screen.
func fallback(m bot.Message) string {
	title := m.Title
	if title == "" {
		title = say("slack.untitled")
	}
	return escaped(bot.Cut(title, maxHeader))
}

// drawMessage draws at most what Slack takes; what is cut says so.
func drawMessage(m bot.Message) []api.Block {
	m, whole := shortened(m)
	blocks := drawAll(m)
	if tail := len(blocks) - (maxMessageBlocks - 1); tail > 0 || !whole {
		last := blocks[len(blocks)-1]
		if tail > 0 {
			blocks = blocks[:maxMessageBlocks-2]
		} else if len(m.Buttons) > 0 {
			blocks = blocks[:len(blocks)-1]
		}
		blocks = append(blocks, small(say("slack.more")))
		if len(m.Buttons) > 0 {
			blocks = append(blocks, last) // without its buttons a message is a dead end
		}
	}
	return blocks
}

// shortened leaves out what is beyond Slack's limit for all text together.
func shortened(m bot.Message) (short bot.Message, whole bool) {
	left := maxMessageText - 500 // room for sources and labels
	body := m.Body
	m.Body = nil
	for _, b := range body {
		n := length(strings.Join(b.Plain(), "\n"))
		if n <= left {
			m.Body = append(m.Body, b)
			left -= n
			continue
		}
		if b.Text != "" && left > 200 {
			b.Text = bot.Cut(b.Text, left)
			m.Body = append(m.Body, b)
		}
		return m, false
	}
	return m, true
}

func drawAll(m bot.Message) []api.Block {
	var blocks []api.Block
	switch {
	case m.Title == "":
	case length(literal(m.Title)) <= maxHeader:
		blocks = append(blocks, api.NewHeaderBlock(plainText(m.Title)))
	default:
		blocks = append(blocks, rich(section(bold(bot.Cut(m.Title, maxSection)))))
	}
	blocks = append(blocks, drawBody(m.Body)...)
	blocks = append(blocks, drawSources(m.Sources)...)
	return append(blocks, drawButtons(m.Buttons)...)
}

func drawBody(body []bot.Block) []api.Block {
	var blocks []api.Block
	for _, b := range body {
		if drawn := drawBlock(b); drawn != nil {
			blocks = append(blocks, drawn)
		}
	}
	return blocks
}

// drawBlock draws people's text and ours alike as rich text, in which Slack reads no
// markup. It is nil for a block with nothing in it, which Slack would refuse.
func drawBlock(b bot.Block) api.Block {
	switch b.Kind {
	case bot.Bullets, bot.Steps:
		style := api.RTEListBullet
		if b.Kind == bot.Steps {
			style = api.RTEListOrdered
		}
		var items []api.RichTextElement
		for _, item := range b.Items {
			if item != "" {
				items = append(items, section(span(item)))
			}
		}
		if len(items) == 0 {
			return nil
		}
		return rich(list{Type: api.RTEList, Style: style, Elements: items})
	case bot.Pairs:
		return drawPairs(b.Items)
	}
	if strings.TrimSpace(b.Text) == "" {
		return nil
	}
	switch b.Kind {
	case bot.Heading:
		return rich(section(bold(b.Text)))
	case bot.Quote:
		return rich(&api.RichTextQuote{Type: api.RTEQuote, Elements: []api.RichTextSectionElement{span(b.Text)}})
	case bot.SmallLine:
		return small(b.Text)
	}
	return rich(section(span(b.Text)))
}

// list is a list in rich text. The library's own always sends an offset, which Slack's
// published types do not know.
type list struct {
	Type     api.RichTextElementType     `json:"type"`
	Style    api.RichTextListElementType `json:"style"`
	Elements []api.RichTextElement       `json:"elements"`
}

// RichTextElementType makes list an element of rich text.
func (l list) RichTextElementType() api.RichTextElementType { return l.Type }

func drawPairs(items []string) api.Block {
	var elements []api.RichTextSectionElement
	for i := 0; i+1 < len(items); i += 2 {
		if i > 0 {
			elements = append(elements, span("\n"))
		}
		if items[i] != "" {
			elements = append(elements, bold(items[i]+": "))
		}
		if items[i+1] != "" {
			elements = append(elements, span(items[i+1]))
		}
	}
	if len(elements) == 0 {
		return nil
	}
	return rich(section(elements...))
}

func drawSources(sources []bot.Source) []api.Block {
	var blocks []api.Block
	var line []api.MixedElement
	for i, s := range sources {
		text := link(bot.Cut(s.Title, maxHeader), s.URL)
		if s.Checked != "" {
			text += " " + escaped(say("slack.checked", "date", bot.Day(s.Checked)))
		}
		if i == 0 {
			text = say("slack.source") + " " + text
		}
		line = append(line, api.NewTextBlockObject(api.MarkdownType, text, false, true))
		if len(line) == maxContext || i == len(sources)-1 {
			blocks = append(blocks, api.NewContextBlock("", line...))
			line = nil
		}
	}
	return blocks
}

// Names of our own buttons in dialogues. They are stored in messages and views that
// people still have on their screens.
const (
	goBack   = "go:back"
	goChange = "go:change"
	goCancel = "go:cancel"
	goResume = "go:resume"
)

// actionMark parts an action's name from the number that makes it unique in its message.
const actionMark = "#"

// choiceBlock names a row of one or two buttons: a question, which goes away once it is
// answered. A longer row is a list to choose from again. Stored in messages on screens.
const (
	choiceBlock = "choice"
	fewButtons  = 2
)

func drawButtons(buttons []bot.Button) []api.Block {
	var elements []api.BlockElement
	seen := map[string]int{}
	primary := false
	for _, b := range buttons {
		if len(elements) == maxActions {
			break
		}
		id := b.Action
		seen[id]++
		if n := seen[id]; n > 1 {
			id += actionMark + strconv.Itoa(n)
		}
		drawn := api.NewButtonBlockElement(id, string(b.Ref), plainText(bot.Cut(b.Label, maxButton)))
		switch {
		case b.Style == bot.Danger:
			drawn.Style = api.StyleDanger
		case b.Style == bot.Primary && !primary:
			drawn.Style, primary = api.StylePrimary, true
		}
		if b.Confirm != "" {
			drawn.Confirm = api.NewConfirmationBlockObject(plainText(say("slack.confirm")), plainText(bot.Cut(b.Confirm, maxConfirmText)),
				plainText(bot.Cut(b.Label, maxConfirmButton)), plainText(say("slack.no")))
			if b.Style == bot.Danger {
				drawn.Confirm.Style = api.StyleDanger
			}
		}
		elements = append(elements, drawn)
	}
	if len(elements) == 0 {
		return nil
	}
	block := ""
	if len(elements) <= fewButtons {
		block = choiceBlock
	}
	return []api.Block{api.NewActionBlock(block, elements...)}
}

func rich(elements ...api.RichTextElement) api.Block { return api.NewRichTextBlock("", elements...) }

func section(elements ...api.RichTextSectionElement) api.RichTextElement {
	return api.NewRichTextSection(elements...)
}

func span(s string) api.RichTextSectionElement {
	return api.NewRichTextSectionTextElement(literal(s), nil)
}

func bold(s string) api.RichTextSectionElement {
	return api.NewRichTextSectionTextElement(literal(s), &api.RichTextSectionTextStyle{Bold: true})
}

func small(s string) api.Block { return api.NewContextBlock("", plainText(bot.Cut(s, maxSection))) }

func size(v any) int {
	raw, err := json.Marshal(v)
	if err != nil {
		return 0 // only for what we drew ourselves, which always encodes
	}
	return len(raw)
}

// Draw is the message as it is sent to Slack's API: its blocks, and the text for notifications.
func Draw(m bot.Message) any {
	return note{Text: fallback(m), Blocks: drawMessage(m)}
}

// DrawPage is a page of a form as it is sent to Slack's API.
func DrawPage(v bot.View, problems map[string]string) any { return drawView(v, "", problems) }

// DrawHome is a person's own page as it is sent to Slack's API.
func DrawHome(page []bot.Message) any { return home(page) }
