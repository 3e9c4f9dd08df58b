package breach

import (
	"slices"
	"time"

	"shareright/bot"
	"shareright/knowledge/calendar"
)

// Breach is the record of Article 33(5) UK GDPR. It is stored: fields may be added, never renamed.
type Breach struct {
	Cause  string   `json:"cause"`
	Story  string   `json:"story,omitempty"`
	People *int     `json:"people,omitempty"` // nil: not yet known
	Data   []string `json:"data,omitempty"`   // pick-list values of knowledge/breach
	Whom   []string `json:"whom,omitempty"`
	Back   string   `json:"back,omitempty"` // "yes", "no" or not known: is it back, or stopped?
	Locked string   `json:"locked,omitempty"`
	Danger string   `json:"danger,omitempty"`
	Link   string   `json:"link,omitempty"` // permalink, never the text

	Who    string `json:"who,omitempty"`    // who has it now, a value of knowledge/breach
	Meant  string `json:"meant,omitempty"`  // "yes", "no" or not known: did somebody do it on purpose?
	Copied string `json:"copied,omitempty"` // the same: was a copy taken out?
	Spare  string `json:"spare,omitempty"`  // the same: is there another copy that works?
	Loss   string `json:"loss,omitempty"`   // how long it could not be used, a value of knowledge/breach

	Happened time.Time `json:"happened,omitzero"`
	Found    time.Time `json:"found,omitzero"`
	Aware    time.Time `json:"aware"`    // when the 72 hours began
	Reported time.Time `json:"reported"` // when the bot was told

	By     bot.PersonID `json:"by"`
	ByName string       `json:"by_name"`
	Other  string       `json:"other,omitempty"` // "yes": reported for somebody else, who may be out of reach
	About  bot.Role     `json:"about,omitempty"` // a report about somebody in charge goes round them
	Drill  bot.Ref      `json:"drill,omitempty"` // an answer to this drill: it is never stored as a breach

	State      string       `json:"state"`
	Holder     bot.PersonID `json:"holder,omitempty"`
	HolderName string       `json:"holder_name,omitempty"`
	HeldAt     time.Time    `json:"held_at,omitzero"` // taken, or last confirmed
	AskedAt    time.Time    `json:"asked_at,omitzero"`
	Chased     int          `json:"chased,omitempty"`  // how often nobody had it when somebody should
	Warned     *int         `json:"warned,omitempty"`  // the last milestone told, in hours left
	Handing    bot.Role     `json:"handing,omitempty"` // the holder asked this role to take over
	Seen       []Seen       `json:"seen,omitempty"`    // who confirmed in the last hours

	Like     []bot.Ref `json:"like,omitempty"`      // open breaches this may be the same as
	JoinedTo bot.Ref   `json:"joined_to,omitempty"` // the same event was reported before

	Contained map[string]string `json:"contained,omitempty"` // steps of the mail sequence: "worked" or "failed"
	Got       []Recipient       `json:"got,omitempty"`       // everybody it went to, without names
	Asked     int               `json:"asked,omitempty"`     // how often the lead was reminded of them
	Facts     map[string]string `json:"facts,omitempty"`     // answers that decide who else must hear: "yes" or "no"
	Heard     map[string]Heard  `json:"heard,omitempty"`     // by the id of who was told
	Reviews   []Review          `json:"reviews,omitempty"`   // private notes of a second pair of eyes
	ReviewBy  bot.Role          `json:"review_by,omitempty"` // who was asked for a review

	Decision *Decision  `json:"decision,omitempty"`
	ICOAt    time.Time  `json:"ico_at,omitzero"`
	ICORef   string     `json:"ico_ref,omitempty"`
	Phases   []Phase    `json:"phases,omitempty"` // what was promised to the regulator after the first report
	Notes    PackNotes  `json:"notes,omitzero"`   // the lead's words for papers
	ClosedAt time.Time  `json:"closed_at,omitzero"`
	Lessons  string     `json:"lessons,omitempty"`
	Tasks    []FollowOn `json:"tasks,omitempty"`

	Log []Line `json:"log"` // append-only: a correction is a new line
}

// Decision is what the lead decided, beside what was advised.
type Decision struct {
	ICO     string       `json:"ico"`    // "yes" or "no"
	People  string       `json:"people"` // "yes" or "no"
	Reason  string       `json:"reason"` // kept either way, Article 33(5)
	Advised string       `json:"advised"`
	By      bot.PersonID `json:"by"`
	ByName  string       `json:"by_name"`
	At      time.Time    `json:"at"`
}

// Line is one line of a breach's timeline.
type Line struct {
	At   time.Time `json:"at"`             // when it was written down
	When time.Time `json:"when,omitzero"`  // when it happened, where that is another time
	Link string    `json:"link,omitempty"` // a message it rests on, as a link
	Who  string    `json:"who,omitempty"`
	What string    `json:"what"`
}

// Seen says that somebody in charge has confirmed the breach in the last hours.
type Seen struct {
	By    bot.PersonID `json:"by"`
	Roles []bot.Role   `json:"roles"`
	At    time.Time    `json:"at"`
}

// Recipient is somebody who got what was not meant for them. It is a number, never a name or an address.
type Recipient struct {
	State string    `json:"state"` // one of the states below
	At    time.Time `json:"at"`
}

// The states of a recipient.
const (
	unasked   = "unasked"
	asked     = "asked"
	confirmed = "confirmed" // in writing
	refused   = "refused"
	silent    = "silent" // no reply
)

// Heard is somebody who was told of the breach, as the trustees may have to show.
type Heard struct {
	At     time.Time `json:"at"`
	Number string    `json:"number,omitempty"` // their reference
	By     string    `json:"by"`
}

// Review is the view of a second pair of eyes. It stays with those in charge: no paper and no export shows it.
type Review struct {
	View string    `json:"view"` // "agree", "change" or "unsure"
	Note string    `json:"note,omitempty"`
	By   string    `json:"by"`
	At   time.Time `json:"at"`
}

// Phase is something promised to the regulator for later, Article 33(4) UK GDPR.
type Phase struct {
	Promised calendar.Date `json:"promised"`
	Sent     time.Time     `json:"sent,omitzero"`
	Number   string        `json:"number,omitempty"`
}

// PackNotes are the lead's own words for the papers. Unlike the story they are written to be passed on.
type PackNotes struct {
	What         string `json:"what,omitempty"`
	How          string `json:"how,omitempty"`
	Consequences string `json:"consequences,omitempty"`
	Records      *int   `json:"records,omitempty"`
	Staff        string `json:"staff,omitempty"`    // "yes", "no" or not known
	Training     string `json:"training,omitempty"` // what training they had, and when
	Before       string `json:"before,omitempty"`   // measures in place before
	Actions      string `json:"actions,omitempty"`  // taken and planned
	Impact       string `json:"impact,omitempty"`
	Recovery     string `json:"recovery,omitempty"`
	Delay        string `json:"delay,omitempty"` // reasons for a report after 72 hours
	Advice       string `json:"advice,omitempty"`
}

// FollowOn is something to do once the breach is closed.
type FollowOn struct {
	What   string        `json:"what"` // a key of the sentences
	Due    calendar.Date `json:"due"`
	DoneAt time.Time     `json:"done_at,omitzero"`
}

// RecordKind names the register.
func (Breach) RecordKind() string { return "breach" }

// RecordIndex finds a breach by state, reporter and the end of its clock.
func (b Breach) RecordIndex() bot.Index {
	return bot.Index{State: b.State, Owner: b.By, Opened: b.Reported, Due: b.clock().End()}
}

// over says that nothing more is to be decided.
func (b Breach) over() bool { return b.State == closed || b.State == joined }

// peopleUntold says that the decision was to tell the people affected (Article 34), and nobody has noted that it was done.
func (b Breach) peopleUntold() bool {
	_, told := b.heard("people")
	return b.Decision != nil && b.Decision.People == "yes" && !told
}

// confirmed counts the recipients who have confirmed in writing.
func (b Breach) confirmed() int {
	n := 0
	for _, r := range b.Got {
		if r.State == confirmed {
			n++
		}
	}
	return n
}

// waiting lists the numbers of recipients whose answer is still to come, from 1 on.
func (b Breach) waiting() []int {
	var open []int
	for i, r := range b.Got {
		if r.State == unasked || r.State == asked {
			open = append(open, i+1)
		}
	}
	return open
}

// phaseOpen is the promise to the regulator that is not kept yet, or nil.
func (b *Breach) phaseOpen() *Phase {
	at := slices.IndexFunc(b.Phases, func(p Phase) bool { return p.Sent.IsZero() })
	if at < 0 {
		return nil
	}
	return &b.Phases[at]
}
