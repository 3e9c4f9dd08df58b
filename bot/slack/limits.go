package slack

import (
	"fmt"
	"unicode/utf8"

	"shareright/bot"
)

// Slack's limits, in characters (code points) or items, as its reference gives them.
const (
	maxMessageBlocks = 50
	maxViewBlocks    = 100
	maxMessageText   = 12_000  // all text of a message; above about 13,000 Slack refuses the whole
	maxViewBytes     = 250_000 // JSON
	maxAckBytes      = 20 << 10
	maxHeader        = 150
	maxSection       = 3000
	maxFieldText     = 2000
	maxContext       = 10 // elements
	maxActions       = 25 // elements
	maxButton        = 75
	maxButtonValue   = 2000
	maxActionID      = 255
	maxBlockID       = 255
	maxTitle         = 24 // of a modal, and of its submit and close buttons
	maxLabel         = 2000
	maxHint          = 2000
	maxInput         = 3000
	maxPlaceholder   = 150
	maxRadio         = 10
	maxSelect        = 100
	maxOption        = 75 // text, description and value alike
	maxConfirmTitle  = 100
	maxConfirmText   = 300
	maxConfirmButton = 30
	maxMetadata      = 3000
	maxCallback      = 255
	maxError         = 2000 // beside a field
)

// checker gathers what does not fit, with where it stands.
type checker struct {
	where string
	found []string
}

func (c *checker) text(what, s string, max int) {
	if n := utf8.RuneCountInString(s); n > max {
		c.found = append(c.found, fmt.Sprintf("%s: %s has %d characters; Slack shows %d", c.where, what, n, max))
	}
}

func (c *checker) count(what string, n, max int) {
	if n > max {
		c.found = append(c.found, fmt.Sprintf("%s: %d %s; Slack takes %d", c.where, n, what, max))
	}
}

// Check lists what of a page Slack would cut or refuse. It is empty for a page that fits.
func Check(v bot.View) []string {
	c := &checker{where: "form " + v.Form + ", page " + v.Page}
	c.text("the title", v.Title, maxTitle)
	c.text("the last button", v.Submit, maxTitle)
	c.text("the id", callbackOf(v), maxCallback)
	for _, b := range v.Intro {
		c.block(b)
	}
	for _, f := range v.Fields {
		c.field(f)
	}
	for _, l := range v.Check {
		c.text("the label "+quoted(l.Label), l.Label, maxFieldText-2)
		c.text("the id of page "+quoted(l.Page), l.Page, maxButtonValue)
	}
	drawn := drawView(v, "", nil)
	c.count("blocks", len(pageBlocks(v, nil)), maxViewBlocks)
	c.count("bytes", size(drawn), maxViewBytes)
	c.text("its reference", drawn.PrivateMetadata, maxMetadata)
	return c.found
}

func (c *checker) field(f bot.FieldView) {
	at := "question " + quoted(f.ID) + ": "
	c.text(at+"the id", f.ID, maxBlockID)
	c.text(at+"the label", f.Label, maxLabel)
	c.text(at+"the hint", hintOf(f), maxHint)
	c.text(at+"the reason", f.Why, maxSection)
	options := optionsOf(f)
	c.count(at+"choices", len(options), maxSelect)
	for _, o := range options {
		c.text(at+"the choice "+quoted(o.Label), o.Label, maxOption)
		c.text(at+"the value "+quoted(o.Value), o.Value, maxOption)
		c.text(at+"the hint of choice "+quoted(o.Label), o.Hint, maxOption)
	}
}

func (c *checker) block(b bot.Block) {
	switch b.Kind {
	case bot.SmallLine:
		c.text("a small line", b.Text, maxSection)
	default:
		n := 0
		for _, line := range b.Plain() {
			n += utf8.RuneCountInString(line)
		}
		c.count("characters in one block", n, maxMessageText)
	}
}

// CheckMessage lists what of a message Slack would cut or refuse. It is empty for a message that fits.
func CheckMessage(m bot.Message) []string {
	c := &checker{where: "message " + quoted(bot.Cut(m.Title, 40))}
	c.text("the title", m.Title, maxSection)
	c.text("the whole text", m.Plain(), maxMessageText)
	for _, b := range m.Body {
		c.block(b)
	}
	primary := 0
	for _, b := range m.Buttons {
		at := "button " + quoted(b.Label) + ": "
		c.text(at+"the label", b.Label, maxButton)
		c.text(at+"the action", b.Action, maxActionID-4)
		c.text(at+"the reference", string(b.Ref), maxButtonValue)
		c.text(at+"the question before it acts", b.Confirm, maxConfirmText)
		if b.Style == bot.Danger && b.Confirm == "" {
			c.found = append(c.found, c.where+": "+at+"it is dangerous and asks nothing before it acts")
		}
		if b.Style == bot.Primary {
			primary++
		}
	}
	c.count("primary buttons", primary, 1)
	c.count("buttons", len(m.Buttons), maxActions)
	c.count("blocks", len(drawAll(m)), maxMessageBlocks)
	return c.found
}

func quoted(s string) string { return "“" + s + "”" }
