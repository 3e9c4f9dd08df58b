package bot

import (
	"context"
	"errors"
	"time"

	"shareright/scheduler"
)

// ErrNotFound says that there is no such row, in this organisation.
var ErrNotFound = errors.New("not found")

// ErrConflict says that somebody else changed the row since it was read. The engine runs the turn again.
var ErrConflict = errors.New("changed by somebody else meanwhile")

// Store keeps everything. Implemented in internal/store, for SQLite and PostgreSQL.
type Store interface {
	// Update runs fn in one transaction: all of it is committed durably, or nothing.
	// After a conflict fn runs again from the start, so it must have no other effect.
	Update(ctx context.Context, fn func(Tx) error) error
	// View runs fn in a transaction that only reads.
	View(ctx context.Context, fn func(Tx) error) error
}

// Tx is one transaction: rows, jobs, the inbox and the audit trail together.
type Tx interface {
	Rows
	scheduler.Queue
	Inbox
	Trail
}

// Row is one stored thing: a record, an unfinished dialogue, a post, a person. Body is
// JSON and is sealed at rest under a key of its own; the other columns are not sealed
// and hold no personal data.
type Row struct {
	Kind    string
	Ref     string
	Version int64 // 0 for a new row; a row read and put back must still have the version it was read with
	Index
	Body []byte
}

// Rows keeps rows apart by organisation, kind and reference.
type Rows interface {
	// Get returns ErrNotFound when there is no such row in the organisation.
	Get(ctx context.Context, org OrgID, kind, ref string) (Row, error)
	// Put stores the row with its version raised by one, or returns ErrConflict.
	Put(ctx context.Context, org OrgID, row Row) error
	// Erase destroys the row and its key, and notes it in the erasure ledger. A backup made
	// before still holds both, sealed under the organisation's key: the ledger is there to
	// erase them again after a restore. It is no error when there is no such row.
	Erase(ctx context.Context, org OrgID, kind, ref string) error
	// Find lists rows, oldest first by Opened and then by Ref.
	Find(ctx context.Context, org OrgID, q Query) ([]Row, error)
}

// Query chooses rows of one kind. Empty fields choose everything.
type Query struct {
	Kind      string
	Refs      string // rows whose ref begins with this
	States    []string
	Owner     PersonID
	DueBefore time.Time
	Expired   time.Time // rows whose Expires is set and not after this
	Limit     int       // 0 means 1,000
	// Spoilt is told of each row that cannot be opened, which is then left out. Where it is nil such a row is an error.
	Spoilt func(error)
}

// Inbox remembers which events were carried out, and what was answered.
type Inbox interface {
	// Answered returns the stored response of an event, if it was carried out before.
	Answered(ctx context.Context, org OrgID, event string) (response []byte, done bool, err error)
	// Answer stores it for at least 72 hours after at. The response is sealed like a row.
	Answer(ctx context.Context, org OrgID, event string, response []byte, at time.Time) error
}

// Trail is the audit trail: append-only, chained, without personal data.
type Trail interface {
	Append(ctx context.Context, org OrgID, entry Entry) error
	// Head is the end of the trail as this transaction sees it; the zero Head where nothing is in it.
	Head(ctx context.Context, org OrgID) (Head, error)
}

// Head is the end of an audit trail: how many entries there are, and the checkpoint that names the last.
type Head struct {
	Size int64
	Line string // what somebody keeps elsewhere, to hold the trail against it later
}

// Entry is one line of the audit trail.
type Entry struct {
	At   time.Time `json:"at"`
	Who  PersonID  `json:"who,omitempty"` // an id, never a name; empty when a clock ran out
	What string    `json:"what"`          // "breach.report", "breach.ack", "session.begin"
	Ref  Ref       `json:"ref,omitempty"`
	Note string    `json:"note,omitempty"` // facts without personal data
}

// Directory knows organisations, people and where they can be reached.
type Directory interface {
	// Org returns the organisation that a workspace belongs to.
	Org(ctx context.Context, platform, workspace string) (Org, error)
	// OrgByID returns an organisation that a job names.
	OrgByID(ctx context.Context, id OrgID) (Org, error)
	// Orgs lists every organisation.
	Orgs(ctx context.Context) ([]Org, error)
	// Now returns the organisation as it is in this transaction, with the people and the
	// place for alerts that were chosen in chat.
	Now(ctx context.Context, tx Tx, org Org) (Org, error)
	// Person returns who a platform's user is, with their roles as they are now.
	Person(ctx context.Context, tx Tx, org Org, platform, user, name string) (Person, error)
	// ByID returns a person, or ErrNotFound.
	ByID(ctx context.Context, tx Tx, org Org, id PersonID) (Person, error)
	// Routes lists, best first, the ways to reach an audience. Each route is a set of
	// addresses that must all be served; the next route is for when one is unreachable.
	Routes(ctx context.Context, tx Tx, org Org, to Audience) ([]Route, error)
}

// Route is a set of addresses that together reach an audience.
type Route []Address
