package bot

import (
	"strconv"
	"strings"

	"shareright/scheduler"
)

// Message is what people read: structure, never markup. Each platform draws and escapes it.
type Message struct {
	Title   string   `json:"title,omitempty"` // the most important thing; also the notification text
	Body    []Block  `json:"body,omitempty"`
	Sources []Source `json:"sources,omitempty"`
	Buttons []Button `json:"buttons,omitempty"`
}

// BlockKind is the shape of a Block.
type BlockKind string

const (
	Para      BlockKind = "para"    // Text
	Heading   BlockKind = "heading" // Text
	Bullets   BlockKind = "bullets" // Items
	Steps     BlockKind = "steps"   // Items, numbered
	Quote     BlockKind = "quote"   // Text: somebody else's words
	Pairs     BlockKind = "pairs"   // Items are labels and values in turn
	SmallLine BlockKind = "small"   // Text: less important
)

// Block is one piece of a message. Text from people is only ever text.
type Block struct {
	Kind  BlockKind `json:"kind"`
	Text  string    `json:"text,omitempty"`
	Items []string  `json:"items,omitempty"`
}

// Source is where an answer comes from.
type Source struct {
	Title   string `json:"title"`
	URL     string `json:"url,omitempty"`
	Checked string `json:"checked,omitempty"` // ISO date
}

// Style is how much a button asks for attention.
type Style string

const (
	Plain   Style = ""
	Primary Style = "primary" // at most one a message
	Danger  Style = "danger"  // asks again before it acts
)

// Button is one press. It carries a reference, never an answer.
type Button struct {
	Action  string `json:"action"` // an Action's ID, or one of the engine's own
	Label   string `json:"label"`
	Ref     Ref    `json:"ref,omitempty"`
	Style   Style  `json:"style,omitempty"`
	Confirm string `json:"confirm,omitempty"` // asked before it acts; set for Danger
}

// Say makes a message of a title and paragraphs.
func Say(title string, paragraphs ...string) *Message {
	m := &Message{Title: title}
	for _, p := range paragraphs {
		m.Body = append(m.Body, Block{Kind: Para, Text: p})
	}
	return m
}

// Add appends a block with text and returns the message.
func (m *Message) Add(kind BlockKind, text string) *Message {
	m.Body = append(m.Body, Block{Kind: kind, Text: text})
	return m
}

// List appends a block with items and returns the message; without items it appends nothing.
func (m *Message) List(kind BlockKind, items ...string) *Message {
	if len(items) > 0 {
		m.Body = append(m.Body, Block{Kind: kind, Items: items})
	}
	return m
}

// With appends buttons and returns the message.
func (m *Message) With(buttons ...Button) *Message {
	m.Buttons = append(m.Buttons, buttons...)
	return m
}

// Plain is the whole message as text without buttons: the fallback for screen readers and logs of talk.
func (m Message) Plain() string {
	var lines []string
	if m.Title != "" {
		lines = append(lines, m.Title)
	}
	for _, b := range m.Body {
		lines = append(lines, b.Plain()...)
	}
	for _, s := range m.Sources {
		lines = append(lines, "Source: "+s.Line())
	}
	return strings.Join(lines, "\n")
}

// Plain is the block as lines of text.
func (b Block) Plain() []string {
	switch b.Kind {
	case Bullets, Steps:
		lines := make([]string, 0, len(b.Items))
		for i, item := range b.Items {
			lines = append(lines, marker(b.Kind, i)+item)
		}
		return lines
	case Pairs:
		lines := make([]string, 0, len(b.Items)/2)
		for i := 0; i+1 < len(b.Items); i += 2 {
			lines = append(lines, b.Items[i]+": "+b.Items[i+1])
		}
		return lines
	case Quote:
		return []string{"“" + b.Text + "”"}
	}
	return []string{b.Text}
}

// Line is the source as one line: title, address, date checked.
func (s Source) Line() string {
	line := s.Title
	if s.URL != "" {
		line += ", " + s.URL
	}
	if s.Checked != "" {
		line += " (checked " + s.Checked + ")"
	}
	return line
}

// Audience is who a post is for. Exactly one of Person, Role and At is set.
type Audience struct {
	Person PersonID `json:"person,omitempty"`
	Role   Role     `json:"role,omitempty"` // the role's channel when there is one, otherwise each holder
	At     *Address `json:"at,omitempty"`   // a known place: where a message came from

	Private bool       `json:"private,omitempty"` // never a channel: each holder by direct message
	Not     []PersonID `json:"not,omitempty"`     // goes round these people, and round any channel they may read
	Loud    bool       `json:"loud,omitempty"`    // nobody has answered: by every way there is to the role, not the first that works
}

// Louder is the audience, reached by every way there is.
func (a Audience) Louder() Audience {
	a.Loud = true
	return a
}

// ToPerson, ToRole and RoundPerson name the usual audiences.
func ToPerson(id PersonID) Audience { return Audience{Person: id} }

// ToRole is the role's channel, or its holders where there is no channel.
func ToRole(r Role) Audience { return Audience{Role: r} }

// ToRolePrivately is each holder of the role by direct message, except the people it goes round.
func ToRolePrivately(r Role, not ...PersonID) Audience {
	return Audience{Role: r, Private: true, Not: not}
}

// Post is a message that leaves the program. It is stored with the turn and delivered
// by the durable queue: at least once, under a key that makes a repeat an edit.
type Post struct {
	Key     string // stable within the organisation; the same Key edits the first post
	To      Audience
	Under   string          // the Key of the post whose thread it joins; empty for none
	Class   scheduler.Class // statutory and escalation go first and are tried until they arrive
	Message Message
	File    *File  // goes with the message, to one person only
	About   Ref    // the record it is about; the turn's where empty
	Trail   string // a checkpoint of the audit trail: the only words of a post that an e-mail holds

	in map[Lang]Message // in other languages, for people who chose one
}

func marker(kind BlockKind, i int) string {
	if kind == Steps {
		return strconv.Itoa(i+1) + ". "
	}
	return "• "
}
