// Package bot is the conversation: the words in which features and platforms speak to
// each other, dialogues as data, and the engine that carries out what features decide.
//
// A feature (a folder under handlers) returns an Outcome and knows no platform, no
// database and no clock. A platform (a folder under bot) draws and delivers and knows
// no feature. The engine in between commits everything that one turn leads to in one
// transaction, and sends nothing that was not committed first.
package bot

import (
	"context"
	"time"

	"shareright/knowledge/calendar"
	"shareright/scheduler"
)

// OrgID names an organisation. It is the first argument of every store call.
type OrgID string

// PersonID names a person within an organisation, such as "slack:U0123" or a linked "P-7K3Q".
type PersonID string

// Role is what a person is in the organisation; it decides which buttons work for them.
type Role string

// The roles of an organisation. Anyone means that no role is asked for.
const (
	Anyone           Role = ""
	DPLead           Role = "dp-lead"
	Deputy           Role = "deputy"
	SafeguardingLead Role = "safeguarding-lead"
	Trustee          Role = "trustee"
)

// Ref is what people call a record, such as "BR-7K3Q".
type Ref string

// Lang is a language people read: "en", or the name of another folder of sentences.
type Lang string

// Feature is what a folder under handlers offers. The engine knows nothing else of it.
type Feature struct {
	Name      string
	Commands  []Command
	Forms     []Dialogue
	Actions   []Action
	Timers    []Timer
	Registers []Register
	Papers    []Papers
	Intakes   []Intake
	// Hears looks at a plain message and says whether it is this feature's. Features are
	// asked in the order of handlers.All; the first that says "mine" answers.
	Hears func(ctx context.Context, t Turn, said string) (o Outcome, mine bool, err error)
	// Opened makes the person's own page with the bot; the first feature that has one does.
	Opened func(ctx context.Context, t Turn, o Opened) (Outcome, error)
	// Doings tells what people have to do by a day, for the weekly digest and the home page; nil for nothing.
	Doings func(ctx context.Context, t Turn) ([]Doing, error)
	// Figures counts what happened in some days, for the page that trustees read; nil for nothing.
	Figures func(ctx context.Context, t Turn, span Span) ([]Figure, error)
	// Clocks lists the jobs that its running legal clocks ought to have pending, so that one that was
	// lost is put back; nil for none.
	Clocks func(ctx context.Context, t Turn) ([]scheduler.Job, error)
	// Keeps finds when the feature's records have ended, so that each is erased when its time is over;
	// a kind that is not here erases itself by its own Expires, or is kept while it is used.
	Keeps []Keep
	// Holds says that a record must not go, whatever its day; nil where nothing holds one.
	Holds func(ctx context.Context, t Turn, ref Ref) (bool, error)
	// Proofs tells what is on record that somebody did, for another feature's papers; nil for nothing.
	Proofs func(ctx context.Context, t Turn, who PersonID) ([]Proof, error)
}

// Command is something typed: "/breach", or "/dp retention" when Under is "dp".
type Command struct {
	Name    string // without the slash
	Under   string // the root command it belongs to; empty for a root of its own
	Help    string // one line
	Hint    string // what may follow, such as "[what you want to share]"
	Example string
	Menu    string // what it is called in a message's own menu, such as "Report as a breach"; empty: it is not there
	Who     []Role // any of these; empty means everyone
	Home    Place  // where it stands on the person's own page
	Quiet   bool   // it works, and no list names it
	Run     func(ctx context.Context, t Turn, text string) (Outcome, error)
	// Suggest lists what may follow what has been typed, for platforms that show it while
	// people type. It changes nothing; nil suggests nothing.
	Suggest func(ctx context.Context, t Turn, typed string) ([]Option, error)
}

// Place is where a command stands on a person's own page. The zero Place is nowhere.
type Place string

// The places on the page.
const (
	HomeFirst  Place = "first"  // its button comes first and stands out
	HomeButton Place = "button" // a button beside the first
	HomeShown  Place = "shown"  // what it answers stands on the page; it must change nothing
)

// Action is a button. Who is checked when it is pressed, not when it was drawn.
type Action struct {
	ID  string // stable: it is stored in messages people still have on their screens
	Who []Role // any of these; empty means everyone
	Do  func(ctx context.Context, t Turn, ref Ref) (Outcome, error)
}

// Timer is what to do when a job of this kind is due. Every, when set, makes it a
// recurring schedule for each organisation (see scheduler.ParseSchedule).
type Timer struct {
	Kind  string // stable: it is stored with pending jobs
	Every string
	Do    func(ctx context.Context, t Turn, job scheduler.Job) (Outcome, error)
	// Ahead, for a legal clock, names whom a platform tells by itself when the program does not
	// speak in time; false for nobody. See Holder.
	Ahead func(ctx context.Context, t Turn) (Audience, bool, error)
}

// Turn is one thing somebody did, or one clock that ran out. It is all a feature knows of the world.
type Turn struct {
	Org  Org
	By   Person // the zero Person when a clock ran out
	Now  time.Time
	Ref  Ref // the record the turn is about, when there is one
	Lang Lang
	Link string   // permalink of the message the person pointed at, when there is one
	At   *Address // the channel where they did it, when it was one

	tx       Tx                 // records are read through Load and Find
	minted   map[Ref]bool       // references made in this turn, which must not exist yet
	mints    *mints             // the same references in every language; nil where there is one
	features []Feature          // for what they all have to tell
	dir      Directory          // for what people are called
	gate     []Role             // who may do what the person did; a form begun by it asks again
	spoilt   func(error)        // is told of records that cannot be read, which lists then leave out; nil: they are an error
	kept     map[string]int     // months that a record is kept after its end
	calendar *calendar.Calendar // the days of the organisation's content; nil for those that are built in
}

// Outcome is everything that a turn leads to. All of it is committed, or nothing. The
// function that returns it may be run twice, so it must have no effect of its own.
type Outcome struct {
	Reply *Message  // to the person who acted, and nobody else
	Ask   *Asking   // a form to show them
	Page  []Message // the sections of their own page, for Opened
	Save  map[Ref]Record
	Erase []Erased
	Posts []Post
	Jobs  []scheduler.Job
	Stop  []scheduler.Key
	Audit []string // what happened, in words without personal data, one entry each
}

// Erased names a record to destroy, with its key.
type Erased struct {
	Kind string
	Ref  Ref
}

// Record is a stored struct. Its JSON outlives every release: fields may be added, never renamed.
type Record interface {
	// RecordKind is stable and names the register, such as "breach".
	RecordKind() string
	// RecordIndex gives the few facts a record can be found by.
	RecordIndex() Index
}

// Index is what can be read of a record without unsealing it. It holds no personal data.
type Index struct {
	State   string
	Owner   PersonID
	Opened  time.Time
	Due     time.Time
	Expires time.Time // after this the record erases itself; zero means never
}

// Org is an organisation's settings, as far as features need them.
type Org struct {
	ID       OrgID
	Name     string
	Nation   string   // "EW", "S" or "NI"
	WorksIn  []string // of england, wales, scotland and northern-ireland; empty when nobody has said
	Zone     *time.Location
	School   bool
	Network  string // the network body it belongs to, if any
	ICO      string // what the regulator is called now
	People   map[Role][]PersonID
	Practice bool

	Registration string  // the number it is registered under with the regulator; empty when not set
	Contact      Contact // whom letters name

	Alerts    Address            // the leads' channel; zero for none
	Picked    bool               // that channel was picked in chat, and does not stand in the settings
	Notices   map[Role][]Address // where the holders of a role get notice, when chat does not reach them
	Mailbox   Address            // where each day's checkpoint of the audit trail goes; zero for none
	Mails     bool               // whether e-mail is set up, so that it makes sense to ask for addresses
	Installer PersonID           // who put the bot there, where the platform says so
}

// Contact is the data protection lead as letters and the regulator's form name them. What is not set is empty.
type Contact struct{ Name, Phone, Email string }

// Person is somebody who talks to the bot.
type Person struct {
	ID    PersonID
	Name  string
	Lang  Lang
	Roles []Role
}

// Has says whether the person holds any of these roles. Everybody holds Anyone.
func (p Person) Has(roles ...Role) bool {
	if len(roles) == 0 {
		return true
	}
	for _, want := range roles {
		if want == Anyone {
			return true
		}
		for _, r := range p.Roles {
			if r == want {
				return true
			}
		}
	}
	return false
}
