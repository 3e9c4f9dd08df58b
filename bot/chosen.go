package bot

import "time"

// ChosenKind is the kind of the one row that says what was set up in chat, under ChosenRef.
const (
	ChosenKind = "chosen"
	ChosenRef  = "organisation"
)

// Chosen is who holds each role, where alerts go and where people work, as somebody set it up in chat. What the
// configuration says counts more. It is stored: fields may be added, never renamed.
type Chosen struct {
	Roles   map[Role][]PersonID `json:"roles"`
	Alerts  Address             `json:"alerts"`
	Emails  map[Role]string     `json:"emails,omitempty"`   // where the holders get notice when chat does not reach them
	WorksIn []string            `json:"works_in,omitempty"` // see Org
	By      PersonID            `json:"by"`
	At      time.Time           `json:"at"`
	Test    Ref                 `json:"test,omitempty"`   // the last test alert
	Proved  time.Time           `json:"proved,omitzero"`  // when a test alert was last acknowledged
	Wanted  *Wanted             `json:"wanted,omitempty"` // a change that waits for a second person
}

// Wanted is a change of who is in charge that one person wants. It is stored: fields may be
// added, never renamed.
type Wanted struct {
	Ref     Ref                 `json:"ref"`
	Roles   map[Role][]PersonID `json:"roles"`
	Alerts  Address             `json:"alerts"`
	Emails  map[Role]string     `json:"emails,omitempty"`
	WorksIn []string            `json:"works_in,omitempty"`
	By      PersonID            `json:"by"`
	At      time.Time           `json:"at"`
	Asked   []PersonID          `json:"asked"` // whose yes counts
}

// RecordKind names the row.
func (Chosen) RecordKind() string { return ChosenKind }

// RecordIndex names who set it up.
func (c Chosen) RecordIndex() Index { return Index{Owner: c.By, Opened: c.At} }

// SetupCode lets whoever knows it set the bot up, while nobody is in charge yet. Its
// reference is the code. It is stored: fields may be added, never renamed.
type SetupCode struct {
	Until time.Time `json:"until"`
}

// RecordKind names the rows of codes.
func (SetupCode) RecordKind() string { return "setupcode" }

// RecordIndex lets a code erase itself.
func (c SetupCode) RecordIndex() Index { return Index{Expires: c.Until} }
