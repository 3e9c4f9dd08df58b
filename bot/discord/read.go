package discord

import (
	"encoding/json"
	"strconv"
	"strings"

	"shareright/bot"
)

// origin is how a person reached us; it decides in which ways they can be answered.
type origin int

const (
	fromNobody  origin = iota // nothing to do
	fromCommand               // typed, or from a message's menu
	fromButton                // in a message
	fromSubmit                // a modal was sent
	fromTyping                // suggestions are wanted
	fromMessage               // the engine replies by a post
	fromOther                 // somebody of another server
)

// ask is what a press wants of this package alone, before or instead of the engine.
type ask int

const (
	askEngine  ask = iota
	askSure        // does the person mean it?
	askStop        // do they mean to delete their answers?
	askNothing     // they do not
	askWhy         // why are these questions asked?
)

// incoming is one thing that happened, with what is needed to answer it.
type incoming struct {
	event  bot.Event
	origin origin
	ask    ask

	id, token, app string
	guild, channel string
	own            bool   // it came from the message of a dialogue, which may be replaced
	pressed        string // the custom_id of the button
	label          string // what stands on it
	focused        string // the option that is being typed
}

// lane is whose turn it is: what one person does is carried out in the order they did it.
func (in incoming) lane() string { return in.event.User }

// mark parts what a custom_id carries: what it does, then references, never an answer.
const mark = "|"

// Names of our own buttons. They are stored in messages that people still have on their
// screens.
const (
	goOn     = "go:on"     // session
	goWhy    = "go:why"    // session
	goBack   = "go:back"   // session, sequence
	goSend   = "go:send"   // session, sequence
	goChange = "go:change" // session, sequence; the page is the choice
	goEnd    = "go:end"    // session, sequence: asks first
	goStop   = "go:stop"   // session, sequence
	goNot    = "go:not"    // they do not mean it
	goSure   = "go:sure"   // action, reference: they mean it
	askFirst = "ask"       // action, reference: asks first

	ownDialogue = "m" // ends the id of a modal that was opened from a dialogue's own message
)

func readInteraction(i interaction) incoming {
	in := incoming{id: i.ID, token: i.Token, app: i.Application, guild: i.Guild, channel: i.Channel,
		event: bot.Event{ID: "interaction:" + i.ID, Platform: Name, Workspace: i.Guild}}
	who, nick := i.User, ""
	if i.Member != nil {
		who, nick = &i.Member.User, i.Member.Nick
	}
	if who == nil || who.ID == "" || i.ID == "" {
		return in
	}
	in.event.User, in.event.UserName = who.ID, firstOf(nick, who.Name, who.Username)
	switch i.Type {
	case commandKind:
		in.origin = fromCommand
		in.event.What, in.event.Link = readCommand(i)
	case typingKind:
		in.origin = fromTyping
		readTyping(&in, i)
	case pressKind:
		in.origin = fromButton
		readPress(&in, i)
	case submitKind:
		readSubmit(&in, i)
	}
	return in
}

func firstOf(names ...string) string {
	for _, n := range names {
		if n != "" {
			return n
		}
	}
	return ""
}

// moreCommands is the subcommand for commands that have none of their own.
const (
	moreCommands = "other"
	commandInput = "command"
	textInput    = "text"
)

// readCommand makes one line of a command and what was given with it.
func readCommand(i interaction) (bot.Deed, string) {
	if i.Data.Type == messageMenu {
		place := i.Guild
		if place == "" {
			place = "@me"
		}
		return bot.Ran{Command: menuPrefix + i.Data.Name}, "https://discord.com/channels/" + place + "/" + i.Channel + "/" + i.Data.Target
	}
	return bot.Ran{Command: i.Data.Name, Text: strings.Join(wordsOf(i.Data.Options), " ")}, ""
}

// wordsOf are a command's subcommands and values in the order they were given.
func wordsOf(options []option) []string {
	var out []string
	for _, o := range options {
		if o.Name != moreCommands && len(o.Value) == 0 {
			out = append(out, o.Name)
		}
		if v := o.text(); v != "" {
			out = append(out, v)
		}
		out = append(out, wordsOf(o.Options)...)
	}
	return out
}

// text is the option's value as somebody would type it.
func (o option) text() string {
	var s string
	if json.Unmarshal(o.Value, &s) == nil {
		return strings.TrimSpace(s)
	}
	return strings.Trim(string(o.Value), `"`)
}

func readTyping(in *incoming, i interaction) {
	options := i.Data.Options
	before := []string{i.Data.Name}
	for len(options) == 1 && len(options[0].Value) == 0 && !options[0].Focused {
		if options[0].Name != moreCommands {
			before = append(before, options[0].Name)
		}
		options = options[0].Options
	}
	in.event.ID = ""
	for _, o := range options {
		if o.Focused {
			in.focused = o.Name
			in.event.What = bot.Typing{Command: strings.Join(before, " "), Text: o.text()}
		}
	}
	if in.event.What == nil {
		in.event.What = bot.Typing{Command: strings.Join(before, " ")}
	}
}

func readPress(in *incoming, i interaction) {
	in.pressed = i.Data.CustomID
	in.label = labelOf(i.Message, i.Data.CustomID)
	id, _, _ := strings.Cut(i.Data.CustomID, "#") // what makes it unique in its message
	name, rest, _ := strings.Cut(id, mark)
	first, second, _ := strings.Cut(rest, mark)
	in.own = strings.HasPrefix(name, "go:")
	seq, _ := strconv.Atoi(second) // not ours: then it is 0, and the engine says that the page has moved
	submitted := bot.Submitted{Session: first, Seq: seq}
	switch name {
	case goOn:
		in.event.What = bot.Resumed{Session: first}
	case goWhy:
		in.event.What, in.ask, in.own = bot.Resumed{Session: first}, askWhy, false
	case goBack:
		submitted.Go.Back = true
		in.event.What = submitted
	case goSend:
		in.event.What = submitted
	case goChange:
		if len(i.Data.Values) > 0 {
			submitted.Go.Change, _, _ = strings.Cut(i.Data.Values[0], mark)
		}
		in.event.What = submitted
	case goEnd:
		in.ask, in.event.What = askStop, submitted
	case goStop:
		submitted.Go.Cancel = true
		in.event.What = submitted
	case goNot:
		in.ask = askNothing
	case askFirst:
		in.ask = askSure
		in.event.What = bot.Pressed{Action: first, Ref: bot.Ref(second)}
	case goSure:
		in.event.What = bot.Pressed{Action: first, Ref: bot.Ref(second)}
	default:
		in.event.What = bot.Pressed{Action: name, Ref: bot.Ref(rest)}
	}
}

// labelOf is what stands on the button that was pressed.
func labelOf(m *posted, id string) string {
	if m == nil {
		return ""
	}
	var find func(parts []answered) string
	find = func(parts []answered) string {
		for _, c := range parts {
			if c.CustomID == id {
				return c.Label
			}
			if found := find(c.Components); found != "" {
				return found
			}
		}
		return ""
	}
	return find(m.Components)
}

func readSubmit(in *incoming, i interaction) {
	page := modalPage(i.Data.CustomID)
	if page.session == "" {
		return
	}
	in.origin, in.own = fromSubmit, page.own
	in.event.What = bot.Submitted{Session: page.session, Seq: page.seq, Answers: answers(i.Data.Components)}
}

// page is what the id of a modal carries.
type pageID struct {
	session string
	seq     int
	own     bool
}

func modalPage(id string) pageID {
	parts := strings.Split(id, mark)
	if len(parts) < 3 {
		return pageID{}
	}
	seq, _ := strconv.Atoi(parts[2]) // not ours: then the engine says that the page has moved
	return pageID{session: parts[1], seq: seq, own: len(parts) > 3 && parts[3] == ownDialogue}
}

// answers reads a modal: what was typed or chosen, by field. A field with nothing in it is
// present and empty, which is how the engine tells "nothing" from "not asked".
func answers(parts []answered) map[string][]string {
	out := map[string][]string{}
	for _, c := range parts {
		inner := c.Components
		if c.Component != nil {
			inner = append(inner, *c.Component)
		}
		for field, values := range answers(inner) {
			out[field] = values
		}
		if c.CustomID == "" {
			continue
		}
		out[c.CustomID] = c.all()
	}
	return out
}

func (c answered) all() []string {
	values := []string{}
	var one string
	if json.Unmarshal(c.Value, &one) == nil && one != "" {
		values = append(values, one)
	}
	for _, v := range c.Values {
		if v == bot.NotSureValue && len(c.Values) > 1 {
			continue // what is known says more than "not sure" beside it
		}
		if c.Type == userKind {
			v = personPrefix + v
		}
		values = append(values, v)
	}
	return values
}

// personPrefix makes a user id a person id, as the engine keeps them.
const personPrefix = Name + ":"

// readMessage makes an event of what somebody wrote to the bot directly. Other messages are
// none of its business; Discord does not send their words.
func readMessage(m written) incoming {
	in := incoming{channel: m.Channel, event: bot.Event{ID: "message:" + m.ID, Platform: Name, User: m.Author.ID,
		UserName: firstOf(m.Author.Name, m.Author.Username)}}
	if m.Guild != "" || m.Author.Bot || m.Author.ID == "" || m.Webhook != "" || m.Type != plainMessage && m.Type != replyMessage {
		return in
	}
	in.origin = fromMessage
	in.event.What = bot.Said{Text: m.Content}
	return in
}
