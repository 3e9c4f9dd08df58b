package slack

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"regexp"
	"strings"

	"shareright/bot"
)

// origin is how a person reached us; it decides in which ways they can be answered.
type origin int

const (
	fromNobody   origin = iota // nothing to do but to acknowledge
	fromCommand                // the acknowledgement carries the reply
	fromShortcut               // a trigger, but no place to reply in, or only a response URL
	fromButton                 // in a message
	fromModal                  // a button in a dialogue
	fromSubmit                 // the acknowledgement carries the next page
	fromClose
	fromHome
	fromMessage // the engine replies by a post
	fromOther   // somebody of another organisation, in a shared channel
	fromSlack   // the app was removed, or a token revoked
)

// incoming is one thing that happened, with what is needed to answer it.
type incoming struct {
	event  bot.Event
	origin origin

	trigger  string // opens a modal, once, within three seconds
	response string // a URL for up to five replies in 30 minutes
	channel  string // where it happened; empty in a home tab and for global shortcuts
	thread   string
	view     *view
	used     string // the label of a button that goes away, for its question is answered
	attempt  int    // of the Events API; 0 is the first
}

// lane is whose turn it is: what one person does is carried out in the order they did it.
func (in incoming) lane() string { return in.event.Workspace + "/" + in.event.User }

// messageSuffix marks the shortcut that points at a message: "breach_message" runs "breach".
const messageSuffix = "_message"

// read turns a payload into an event. kind is Socket Mode's envelope type.
func read(kind string, p payload, attempt int) (incoming, error) {
	switch kind {
	case "slash_commands":
		return readCommand(p), nil
	case "interactive":
		return readInteraction(p), nil
	case "events_api":
		in, err := readEvent(p)
		in.attempt = attempt
		return in, err
	}
	return incoming{}, nil
}

func readCommand(p payload) incoming {
	return incoming{
		origin: fromCommand, trigger: p.TriggerID, response: p.ResponseURL, channel: p.ChannelID,
		event: bot.Event{ID: "command:" + p.TriggerID, Platform: Name, Workspace: p.TeamID, User: p.UserID, UserName: p.UserName, Channel: shared(p.ChannelID),
			What: bot.Ran{Command: strings.TrimPrefix(p.Command, "/"), Text: unescape(p.Text)}},
	}
}

// shared is the channel unless it is a direct message.
func shared(channel string) string {
	if strings.HasPrefix(channel, "D") {
		return ""
	}
	return channel
}

func readInteraction(p payload) incoming {
	in := incoming{trigger: p.TriggerID, response: p.ResponseURL, channel: p.Channel.ID, view: p.View, thread: p.Container.ThreadTS,
		event: bot.Event{Platform: Name, Workspace: p.Team.ID, User: p.User.ID, UserName: p.User.Name}}
	if in.channel == "" {
		in.channel = p.Container.ChannelID
	}
	if in.event.UserName == "" {
		in.event.UserName = p.User.Username
	}
	if p.Enterprise == nil && p.User.TeamID != "" && p.Team.ID != "" && p.User.TeamID != p.Team.ID {
		in.origin = fromOther // in one company's grid the teams may differ; elsewhere it is a stranger
		return in
	}
	if p.View == nil && (p.Type == "view_submission" || p.Type == "view_closed") {
		return in
	}
	switch p.Type {
	case "shortcut", "message_action":
		in.origin, in.event.ID = fromShortcut, "shortcut:"+p.TriggerID
		in.event.What = bot.Ran{Command: strings.TrimSuffix(p.CallbackID, messageSuffix)}
		if p.Type == "message_action" {
			in.event.Link = permalink(p)
		}
	case "block_actions":
		return readAction(in, p)
	case "view_submission":
		readView(&in, "submit")
		in.origin = fromSubmit
		kept := metadataOf(p.View)
		in.event.What = bot.Submitted{Session: kept.Session, Seq: kept.Seq, Answers: answers(p.View)}
	case "view_closed":
		readView(&in, "close")
		in.origin = fromClose
		kept := metadataOf(p.View)
		in.event.What = bot.Left{Session: kept.Session, Seq: kept.Seq, Answers: answers(p.View)}
	}
	return in
}

func readAction(in incoming, p payload) incoming {
	if len(p.Actions) == 0 {
		return in
	}
	a := p.Actions[0]
	in.origin, in.event.ID = fromButton, "action:"+p.TriggerID
	if p.TriggerID == "" {
		in.event.ID = "action:" + a.ActionTS
	}
	if p.View != nil && p.View.Type == "home" {
		in.origin = fromShortcut
	} else if p.View != nil {
		in.origin = fromModal
		in.channel = metadataOf(p.View).Channel
	}
	if p.View == nil && p.Container.Ephemeral && a.BlockID == choiceBlock {
		in.used = a.Text.Text
	}
	name, _, _ := strings.Cut(a.ActionID, actionMark)
	value := a.Value
	if a.Option != nil {
		value = a.Option.Value
	}
	kept := metadataOf(p.View)
	submitted := bot.Submitted{Session: kept.Session, Seq: kept.Seq, Answers: answers(p.View)}
	switch name {
	case goBack:
		submitted.Go.Back = true
		in.event.What = submitted
	case goChange:
		submitted.Go.Change = value
		in.event.What = submitted
	case goCancel:
		submitted.Go.Cancel = true
		in.event.What = submitted
	case goResume:
		in.event.What = bot.Resumed{Session: value}
	default:
		if in.origin == fromModal && kept.Session != "" && value == "" {
			in.origin = fromNobody // a choice made in a form: it is read when the form is sent
			return in
		}
		in.event.What = bot.Pressed{Action: name, Ref: bot.Ref(value)}
	}
	return in
}

// readView names a submission. After errors Slack keeps a view's hash, so the hash alone
// would make a corrected submission look like a repeat of the first.
func readView(in *incoming, deed string) {
	in.channel = metadataOf(in.view).Channel
	in.event.ID = deed + ":" + in.view.ID + ":"
	if in.trigger != "" {
		in.event.ID += in.trigger
		return
	}
	state, err := json.Marshal(in.view.State.Values)
	if err != nil {
		state = nil // plain strings always encode
	}
	sum := sha256.Sum256(state)
	in.event.ID += in.view.Hash + ":" + base64.RawURLEncoding.EncodeToString(sum[:12])
}

func readEvent(p payload) (incoming, error) {
	var e event
	if err := json.Unmarshal(p.Event, &e); err != nil {
		var kind struct {
			Type string `json:"type"`
		}
		_ = json.Unmarshal(p.Event, &kind) // only to name it
		return incoming{}, fmt.Errorf("read event %s: %w", kind.Type, err)
	}
	in := incoming{channel: e.Channel, thread: e.ThreadTS,
		event: bot.Event{ID: p.EventID, Platform: Name, Workspace: p.TeamID, User: e.User}}
	if e.Type == "app_uninstalled" || e.Type == "tokens_revoked" {
		in.origin = fromSlack
		return in, nil
	}
	if e.User == "" || e.User == "USLACKBOT" || e.BotID != "" {
		return in, nil
	}
	if e.UserTeam != "" && e.UserTeam != p.TeamID && p.Shared {
		return in, nil // a stranger in a shared channel gets no answer, and causes no post
	}
	switch {
	case e.Type == "app_home_opened" && e.Tab == "home":
		in.origin, in.event.What = fromHome, bot.Opened{}
	case e.Type == "app_home_opened" && e.Tab == "messages":
		in.origin, in.event.What = fromMessage, bot.Opened{Messages: true}
		in.event.ReplyTo = &bot.Address{Platform: Name, Workspace: p.TeamID, User: e.User}
	case e.Type == "app_mention" && e.Subtype == "":
		in.origin = fromMessage
		in.event.What = bot.Said{Text: withoutMention(e.Text)}
		in.event.ReplyTo = &bot.Address{Platform: Name, Workspace: p.TeamID, Channel: e.Channel, User: e.User, Thread: e.ThreadTS}
	case e.Type == "message" && e.ChannelType == "im" && (e.Subtype == "" || e.Subtype == "file_share"):
		in.origin = fromMessage
		in.event.What = bot.Said{Text: unescape(e.Text)}
		in.event.ReplyTo = &bot.Address{Platform: Name, Workspace: p.TeamID, User: e.User, Thread: e.ThreadTS}
	}
	return in, nil
}

// answers reads a form's state: what was typed or chosen, by field. A field with nothing
// in it is present and empty, which is how the engine tells "nothing" from "not asked".
func answers(v *view) map[string][]string {
	if v == nil || len(v.State.Values) == 0 {
		return nil
	}
	out := make(map[string][]string, len(v.State.Values))
	for block, elements := range v.State.Values {
		values := []string{}
		for _, s := range elements {
			values = append(values, s.all()...)
		}
		out[block] = values
	}
	return out
}

func (s stateValue) all() []string {
	var out []string
	add := func(value string) {
		if value != "" {
			out = append(out, value)
		}
	}
	add(s.Value)
	if s.Option != nil {
		add(s.Option.Value)
	}
	for _, o := range s.Options {
		if o.Value == bot.NotSureValue && len(s.Options) > 1 {
			continue // what is known says more than "not sure" beside it
		}
		add(o.Value)
	}
	for _, user := range append(s.UserList, s.User) {
		if user != "" {
			add(personPrefix + user)
		}
	}
	add(strings.TrimSpace(s.Date + " " + s.Time))
	return out
}

// personPrefix makes a user id a person id, as the engine keeps them.
const personPrefix = Name + ":"

// permalink is the address of the message a shortcut points at. It is made, not fetched:
// the call would cost time that the trigger does not have.
func permalink(p payload) string {
	ts := p.MessageTS
	if ts == "" {
		ts = p.Message.TS
	}
	if p.Team.Domain == "" || p.Channel.ID == "" || ts == "" {
		return ""
	}
	link := "https://" + p.Team.Domain + ".slack.com/archives/" + p.Channel.ID + "/p" + strings.ReplaceAll(ts, ".", "")
	if thread := p.Message.ThreadTS; thread != "" && thread != ts {
		link += "?thread_ts=" + thread + "&cid=" + p.Channel.ID
	}
	return link
}

// metadata is what a modal carries: references, never an answer. Stored in open views, so
// fields may be added, never renamed.
type metadata struct {
	Session string `json:"session,omitempty"`
	Seq     int    `json:"seq,omitempty"`
	Channel string `json:"channel,omitempty"` // where the dialogue was begun, to reply there
}

func metadataOf(v *view) metadata {
	var m metadata
	if v != nil && v.Metadata != "" {
		_ = json.Unmarshal([]byte(v.Metadata), &m) // not ours: then there is no session, and the engine says so
	}
	return m
}

var (
	mention = regexp.MustCompile(`^\s*<@[UW][A-Z0-9]+(\|[^>]*)?>[\s,:]*`)
	control = regexp.MustCompile(`<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>`)
)

// withoutMention takes the bot's own name from the beginning of what was said to it.
func withoutMention(text string) string { return unescape(mention.ReplaceAllString(text, "")) }

// unescape turns Slack's own marks back into what the person saw on the screen.
func unescape(text string) string {
	text = control.ReplaceAllStringFunc(text, func(mark string) string {
		parts := control.FindStringSubmatch(mark)
		kind, target, label := parts[1], parts[2], parts[3]
		switch {
		case kind == "!" && label == "":
			label, _, _ = strings.Cut(target, "^")
		case label == "":
			label = strings.TrimPrefix(target, "mailto:")
		}
		switch kind {
		case "@", "#":
			return kind + strings.TrimPrefix(label, kind)
		case "!":
			return "@" + strings.TrimPrefix(label, "@")
		}
		return label
	})
	return strings.TrimSpace(html.UnescapeString(text))
}
