package discord

import (
	"fmt"
	"strings"

	"shareright/bot"
)

// Discord's limits, in characters (code points) or items, as its reference gives them.
const (
	maxContent     = 2000
	maxRows        = 5
	maxRowButtons  = 5
	maxButton      = 80
	maxCustomID    = 100
	maxModalParts  = 5
	maxTitle       = 45 // of a modal
	maxLabel       = 45
	maxDescription = 100 // below a label, and of a choice
	maxInput       = 4000
	maxWords       = 4000 // of text in a modal
	maxChoices     = 25
	maxChoice      = 45 // Discord takes 100; more than 45 is cut on a phone, and the rest goes into the description
	maxChoiceValue = 100
	maxPlaceholder = 150
	maxNonce       = 25
	maxFile        = 10 << 20 // bytes

	maxCommands    = 100
	maxSubcommands = 25
	maxName        = 32
	maxHelp        = 100
	maxCommandText = 8000 // all names, descriptions and values of a command together
	maxOption      = 6000 // of what is typed into an option
)

// Of our own: how many messages a long reply is parted into, and how long a page's
// introduction may be to stand in the modal itself.
const (
	maxNotes = 5
	maxIntro = 400
)

// checker gathers what does not fit, with where it stands.
type checker struct {
	where string
	found []string
}

func (c *checker) text(what, s string, max int) {
	if n := length(s); n > max {
		c.found = append(c.found, fmt.Sprintf("%s: %s has %d characters; Discord shows %d", c.where, what, n, max))
	}
}

func (c *checker) count(what string, n, max int) {
	if n > max {
		c.found = append(c.found, fmt.Sprintf("%s: %d %s; Discord takes %d", c.where, n, what, max))
	}
}

func (c *checker) plain(what, s string) {
	if strings.Contains(s, mark) {
		c.found = append(c.found, fmt.Sprintf("%s: %s holds %q, which parts what a button carries", c.where, what, mark))
	}
}

// Check lists what of a page Discord would cut or refuse. It is empty for a page that fits.
func Check(v bot.View) []string {
	c := &checker{where: "form " + v.Form + ", page " + v.Page}
	longest := v
	longest.Session, longest.Seq = strings.Repeat("X", 12), 99_999
	c.text("the title", titleOf(v), maxTitle)
	c.text("the id", modalID(longest, true), maxCustomID)
	c.plain("the id", v.Form+v.Page)
	c.text("the last button", v.Submit, maxButton)
	c.count("questions", len(v.Fields), maxModalParts)
	for _, f := range v.Fields {
		c.field(f)
	}
	for _, l := range v.Check {
		c.text("the id of page “"+l.Page+"”", l.Page+mark+l.Field, maxChoiceValue)
	}
	return c.found
}

func (c *checker) field(f bot.FieldView) {
	at := "question “" + f.ID + "”: "
	c.text(at+"the id", f.ID, maxCustomID)
	c.plain(at+"the id", f.ID)
	c.text(at+"the label", f.Label, maxDescription) // a label of more than 45 is cut, and stands whole below
	c.text(at+"the hint", f.Hint, maxDescription)
	if asksByText(f) {
		return
	}
	for _, o := range optionsOf(f) {
		c.text(at+"the choice “"+o.Label+"”", o.Label, maxDescription)
		c.text(at+"the value “"+o.Value+"”", o.Value, maxChoiceValue)
	}
}

// CheckMessage lists what of a message Discord would cut or refuse. It is empty for a message that fits.
func CheckMessage(m bot.Message) []string {
	c := &checker{where: "message “" + bot.Cut(m.Title, 40) + "”"}
	c.count("messages", len(split(content(m), maxContent)), maxNotes)
	c.count("buttons", len(m.Buttons), maxRows*maxRowButtons)
	primary := 0
	for _, b := range m.Buttons {
		at := "button “" + b.Label + "”: "
		c.text(at+"the label", b.Label, maxButton)
		c.text(at+"what it carries", buttonID(b)+"#25", maxCustomID)
		c.plain(at+"the action", b.Action)
		c.plain(at+"the reference", string(b.Ref))
		if b.Style == bot.Danger && b.Confirm == "" {
			c.found = append(c.found, c.where+": "+at+"it is dangerous and asks nothing before it acts")
		}
		if b.Style == bot.Primary {
			primary++
		}
	}
	c.count("primary buttons", primary, 1)
	return c.found
}

// CheckCommands lists what of the commands Discord would refuse. It is empty when they fit.
func CheckCommands(commands []bot.Command) []string {
	c := &checker{}
	drawn := drawCommands(commands)
	c.where = "the commands"
	c.count("commands", len(drawn), maxCommands)
	for _, cmd := range drawn {
		c.command("command /"+cmd.Name, cmd)
	}
	return c.found
}

func (c *checker) command(where string, cmd command) {
	c.where = where
	c.text("the name", cmd.Name, maxName)
	if cmd.Type == 0 || cmd.Type == slashCommand {
		c.text("the help", cmd.Description, maxHelp)
		if !commandName.MatchString(cmd.Name) {
			c.found = append(c.found, where+": use small letters, figures and hyphens in its name")
		}
		if cmd.Description == "" {
			c.found = append(c.found, where+": it has no help")
		}
	}
	c.count("options", len(cmd.Options), maxSubcommands)
	total := 0
	for _, o := range cmd.Options {
		total += length(o.Name) + length(o.Description)
		c.where = where + " " + o.Name
		c.text("the name", o.Name, maxName)
		c.text("the help", o.Description, maxHelp)
		if !commandName.MatchString(o.Name) || o.Description == "" {
			c.found = append(c.found, c.where+": it needs help, and a name of small letters, figures and hyphens")
		}
		for _, inner := range o.Options {
			total += length(inner.Name) + length(inner.Description)
			c.text("the hint", inner.Description, maxHelp)
		}
	}
	c.where = where
	c.count("characters in all", total+length(cmd.Name)+length(cmd.Description), maxCommandText)
}
