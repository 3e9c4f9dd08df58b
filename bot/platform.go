package bot

import (
	"context"
	"time"
)

// Event is one thing that happened on a platform, already verified as coming from it.
type Event struct {
	ID        string // the same for every redelivery; empty where the platform never repeats
	Platform  string // "slack", "discord", "terminal"
	Workspace string // the team, guild or data folder; decides the organisation
	User      string // the platform's id of the person
	UserName  string // what they are called there, when the platform says so
	Link      string // permalink of the message pointed at, never its text
	What      Deed
	Channel   string // where it happened, when others can read there too

	// ReplyTo is set where the platform cannot answer in the same breath (a mention, a
	// direct message). The reply then goes out as a durable post to this place, and a
	// form is offered with a button that opens it.
	ReplyTo *Address
}

// Deed is what the person did: one of the types below.
type Deed interface{ deed() }

type (
	// Ran is a command: "/dp" with the rest of the line.
	Ran struct{ Command, Text string }
	// Said is a plain message to the bot.
	Said struct{ Text string }
	// Submitted answers the page of a dialogue that is on the screen.
	Submitted struct {
		Session string
		Seq     int // the sequence number of the view that was answered
		Answers map[string][]string
		Go      Go
	}
	// Resumed asks for an unfinished dialogue again.
	Resumed struct{ Session string }
	// Pressed is a button.
	Pressed struct {
		Action string
		Ref    Ref
	}
	// Left closes a dialogue half-way. What was typed so far, if the platform tells, is kept as a draft.
	Left struct {
		Session string
		Seq     int
		Answers map[string][]string
	}
	// Opened is the person's own page with the bot, or their messages with it.
	Opened struct{ Messages bool }
	// Typing is a command that is not finished: what could come next? It changes nothing.
	Typing struct{ Command, Text string }
)

func (Ran) deed()       {}
func (Said) deed()      {}
func (Submitted) deed() {}
func (Resumed) deed()   {}
func (Pressed) deed()   {}
func (Left) deed()      {}
func (Opened) deed()    {}
func (Typing) deed()    {}

// Go is where a submit leads. The zero Go is forward.
type Go struct {
	Back   bool
	Change string // the id of the page to change, from check-your-answers
	Cancel bool
}

// Response is what the person sees at once. It is private to them, always.
type Response struct {
	Reply    *Message
	Show     *View             // the next page, or the same one with Problems
	Problems map[string]string // by field id; "" is about the whole page
	Done     bool              // the dialogue that was on the screen is over
	Page     []Message         // the sections of the person's own page, for Opened
	Choices  []Option          // what could come next, for Typing; only what this person may use
}

// View is one page of a dialogue, ready to draw.
type View struct {
	Session string
	Seq     int
	Form    string // the form's id
	Page    string // the page's id; CheckPage on the last one
	Title   string
	Step    string // "2 of 3"
	Intro   []Block
	Fields  []FieldView
	Check   []CheckLine // on check-your-answers
	Submit  string      // the label of the button that goes on
	CanBack bool
}

// CheckPage is the id of the page that shows all answers before they are sent.
const CheckPage = "check"

// CheckLine is one answer on check-your-answers, and the page that changes it.
type CheckLine struct{ Page, Field, Label, Answer string }

// FieldKind says how a question is answered.
type FieldKind string

const (
	TextField   FieldKind = "text"   // one line
	StoryField  FieldKind = "story"  // several lines
	NumberField FieldKind = "number" // a whole number; words such as "about 40" are understood
	WhenField   FieldKind = "when"   // a date and a time, in plain words
	DateField   FieldKind = "date"   // a date, in plain words
	OneField    FieldKind = "one"    // one of Options
	ManyField   FieldKind = "many"   // any of Options
	PersonField FieldKind = "person" // somebody in the workspace, or a name
)

// FieldView is one question of a page.
type FieldView struct {
	ID       string
	Kind     FieldKind
	Label    string
	Hint     string
	Why      string // the answer to "why do you need to know that?"
	Options  []Option
	Value    []string // what is already known
	Optional bool
	NotSure  string // the label of "not sure"; empty where it is no answer
	Confided bool   // free text about somebody at risk: not asked where the platform is no safe place for it
}

// NotSureValue is the value of the answer "not sure" on every field that allows it.
const NotSureValue = "not-sure"

// Option is one choice. Value is stable and stored; Label is what people read.
type Option struct {
	Value, Label, Hint string
	Also               []string // other words for it, understood but not shown
}

// Handler is the engine, as platforms see it.
type Handler interface {
	// Handle carries out one event. When it returns without an error everything the
	// event led to is committed, so the platform may acknowledge. The same event ID
	// gives the same response again and changes nothing. With an error nothing was
	// saved; the response then holds what to tell the person, and an event that the
	// sender would repeat should be left unacknowledged.
	Handle(ctx context.Context, e Event) (Response, error)
}

// Platform is one way to talk to people.
type Platform interface {
	Name() string
	// Run receives events until ctx ends. It returns an error only when it cannot go on.
	Run(ctx context.Context, h Handler) error
	// Deliver posts a message, or edits it when d.Edit is set, and returns its id.
	// A permanent failure is wrapped in Unreachable.
	Deliver(ctx context.Context, d Delivery) (MessageID, error)
}

// MessageID is a platform's name for a message it has posted.
type MessageID string

// Address is one place a message can go to.
type Address struct {
	Platform  string `json:"platform"`
	Workspace string `json:"workspace,omitempty"`
	Channel   string `json:"channel,omitempty"`
	User      string `json:"user,omitempty"`   // a direct message, or with Channel: seen in the channel by this person only
	Thread    string `json:"thread,omitempty"` // the message it answers
	Name      string `json:"name,omitempty"`   // what to call it in a log or a terminal: a role, or a person
}

// Delivery is one message on its way to one place.
type Delivery struct {
	To      Address
	Message Message
	Edit    MessageID // the message to edit, if it was posted before
	Under   MessageID // the message whose thread it joins
	Once    string    // the same for every attempt, so that a platform can refuse a double
	Repeat  bool      // an earlier attempt may have arrived
	Urgent  bool      // goes before anything that is not
	Legal   bool      // tells of a legal time limit, and is never held back
	Closed  bool      // not for a channel that everybody reads: that is Unreachable then, and others are asked

	About Ref       // the record it is about; empty for none
	Trail string    // a checkpoint of the audit trail, which a platform that only gives notice sends as it is
	Chat  []Waiting // where the message waits, for a platform that only gives notice
}

// Unreachable wraps a failure that no retry will mend: the channel is archived, the
// person has left, the token was revoked. Fix says in plain words how to mend it.
type Unreachable struct {
	Err error
	Fix string
}

func (u *Unreachable) Error() string { return u.Err.Error() }
func (u *Unreachable) Unwrap() error { return u.Err }

// Busy wraps a failure with the time after which the platform wants to be asked again.
type Busy struct {
	Err   error
	After time.Duration
}

func (b *Busy) Error() string { return b.Err.Error() }
func (b *Busy) Unwrap() error { return b.Err }

// RetryAfter makes Busy a scheduler.Later.
func (b *Busy) RetryAfter() time.Duration { return b.After }
