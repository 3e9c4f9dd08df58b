package rights

import (
	"time"

	"shareright/bot"
	"shareright/knowledge/calendar"
	knowledge "shareright/knowledge/rights"
)

// The states of a request.
const (
	open     = "open"
	answered = "answered"
	refused  = "refused"
	joined   = "joined"  // the same request, logged twice
	dropped  = "dropped" // the person took it back
	lapsed   = "lapsed"  // the person has died: the right belongs to the living
)

// What people ask for. The values are stored.
const (
	access    = "access"
	rectify   = "rectify"
	erase     = "erase"
	restrict  = "restrict"
	port      = "port"
	object    = "object"
	withdraw  = "withdraw"
	automated = "automated"
	complaint = "complaint"
)

// Request is somebody's request about their own information, or a complaint. It never
// holds their name. It is stored: fields may be added, never renamed.
type Request struct {
	Right string        `json:"right"`
	Asker string        `json:"asker"` // "self", "parent" or "other"
	How   string        `json:"how"`
	Came  calendar.Date `json:"came"`
	Mark  string        `json:"mark"`            // what the organisation calls the person's file
	Files []string      `json:"files,omitempty"` // other files it touches
	About bot.Role      `json:"about,omitempty"` // a request about somebody in charge goes round them

	By     bot.PersonID `json:"by"`
	ByName string       `json:"by_name"`
	Logged time.Time    `json:"logged"`

	State      string       `json:"state"`
	Holder     bot.PersonID `json:"holder,omitempty"`
	HolderName string       `json:"holder_name,omitempty"`
	Same       bot.Ref      `json:"same,omitempty"` // the request it was joined to

	Age       *int          `json:"age,omitempty"`       // of the child a parent asks for, in years
	May       string        `json:"may,omitempty"`       // why somebody may ask for another, or "no"
	Authority calendar.Date `json:"authority,omitzero"`  // proof came that they may
	School    string        `json:"school,omitempty"`    // "yes": it is a pupil's own school record
	Closed    []Closed      `json:"closed,omitempty"`    // days on which the school does not meet
	Marketing string        `json:"marketing,omitempty"` // "yes": it is about newsletters or appeals
	Stopped   calendar.Date `json:"stopped,omitzero"`    // what must stop on the same day has stopped
	Granted   calendar.Date `json:"granted,omitzero"`    // the lead decided that it may be erased

	Doubt    string        `json:"doubt,omitempty"` // "yes" or "no": was there real doubt who it is?
	Proof    string        `json:"proof,omitempty"` // what was asked for
	IDAsked  calendar.Date `json:"id_asked,omitzero"`
	IDCame   calendar.Date `json:"id_came,omitzero"`
	FeeAsked calendar.Date `json:"fee_asked,omitzero"`
	FeePaid  calendar.Date `json:"fee_paid,omitzero"`
	Pauses   []Pause       `json:"pauses,omitempty"` // oldest first
	Notice   calendar.Date `json:"notice,omitzero"`  // they were told that it takes longer
	Longer   string        `json:"longer,omitempty"` // why it takes longer

	Steps    []Done    `json:"steps,omitempty"`    // of the checklist; the last of each letter counts
	Round    []Holder  `json:"round,omitempty"`    // who was asked to search
	Kept     []Kept    `json:"kept,omitempty"`     // what may be kept back
	Checks   []Check   `json:"checks,omitempty"`   // who looked at the copies before they went
	Transfer *Transfer `json:"transfer,omitempty"` // how the copies travel

	Acknowledged calendar.Date   `json:"acknowledged,omitzero"` // of a complaint
	Enquiry      calendar.Date   `json:"enquiry,omitzero"`      // when somebody began to look into it
	Updates      []calendar.Date `json:"updates,omitempty"`     // they heard how it goes
	Upheld       string          `json:"upheld,omitempty"`      // "yes", "part" or "no"
	Lesson       string          `json:"lesson,omitempty"`

	Ended   calendar.Date `json:"ended,omitzero"`
	Result  string        `json:"result,omitempty"` // how it was answered, or why it was refused
	Ground  string        `json:"ground,omitempty"` // of a refusal or a fee
	Passed  string        `json:"passed,omitempty"` // were those who got the data told? "told", "nobody" or "cannot"
	LateBy  int           `json:"late_by,omitempty"`
	AckLate int           `json:"ack_late,omitempty"` // days by which a complaint was acknowledged late
	Keep    calendar.Date `json:"keep,omitzero"`      // this record erases itself on this day

	Next calendar.Date `json:"next"` // the day to work to, as last worked out
	Told calendar.Date `json:"told"` // the last reminder
	Log  []Line        `json:"log"`  // append-only: a correction is a new line
}

// Closed is a run of days on which a school does not meet, both included.
type Closed struct {
	From calendar.Date `json:"from"`
	To   calendar.Date `json:"to"`
}

// Done is one step of the checklist, with its day and person. A correction is a new entry.
type Done struct {
	Step   string        `json:"step"`
	On     calendar.Date `json:"on"`
	By     bot.PersonID  `json:"by"`
	ByName string        `json:"by_name"`
	Parts  []string      `json:"parts,omitempty"` // the ticked ones
	Note   string        `json:"note,omitempty"`
	Passed bool          `json:"passed,omitempty"` // not needed this time
	At     time.Time     `json:"at"`               // when it was written down
}

// Holder is somebody who was asked whether they hold anything, and where they looked.
type Holder struct {
	Who      bot.PersonID  `json:"who"`
	Name     string        `json:"name"`
	Places   []string      `json:"places"`
	Hint     string        `json:"hint,omitempty"` // the lead's own words on where to look
	Asked    calendar.Date `json:"asked"`
	Due      calendar.Date `json:"due"`
	Reminded calendar.Date `json:"reminded,omitzero"`
	Silent   calendar.Date `json:"silent,omitzero"` // the day their silence was noted
	Answer   string        `json:"answer,omitempty"`
	On       calendar.Date `json:"on,omitzero"`
	By       string        `json:"by,omitempty"`    // whoever gave the answer, where it was not they
	Found    string        `json:"found,omitempty"` // where it is, without names
}

// Kept is something that may be kept back: what one person proposes, and a second decides.
type Kept struct {
	Kind     string        `json:"kind"`  // an exemption of knowledge/rights
	Where    string        `json:"where"` // page numbers, never the words
	Plan     string        `json:"plan"`  // "hide", "keep" or "give"
	Why      string        `json:"why"`
	Apart    string        `json:"apart,omitempty"`  // can we answer without showing who they are?
	Agreed   string        `json:"agreed,omitempty"` // do they agree?
	Fair     string        `json:"fair,omitempty"`   // is it reasonable all the same?
	Opinion  calendar.Date `json:"opinion,omitzero"` // of a health professional
	Read     string        `json:"read,omitempty"`   // "yes": the regulator's guidance on it was read
	By       bot.PersonID  `json:"by"`
	ByName   string        `json:"by_name"`
	On       calendar.Date `json:"on"`
	Verdict  string        `json:"verdict,omitempty"` // "yes", "no", or "back" where it was taken back
	Second   bot.PersonID  `json:"second,omitempty"`
	SecondAs string        `json:"second_name,omitempty"`
	Decided  calendar.Date `json:"decided,omitzero"`
}

// Check is one person's look at the copies and the letter before they go.
type Check struct {
	By     bot.PersonID  `json:"by"`
	ByName string        `json:"by_name"`
	On     calendar.Date `json:"on"`
}

// Transfer is how the copies travel, as the person wanted it.
type Transfer struct {
	Way    string        `json:"way"`
	Risk   string        `json:"risk"` // what could go wrong, and what is done about it
	On     calendar.Date `json:"on"`
	ByName string        `json:"by_name"`
}

// Pause is a question to the person that stops the clock. Answered is zero while it is open.
type Pause struct {
	Asked    calendar.Date `json:"asked"`
	Answered calendar.Date `json:"answered,omitzero"`
	Reason   string        `json:"reason"`
}

// Line is one line of what was done.
type Line struct {
	At   time.Time `json:"at"`
	Who  string    `json:"who"`
	What string    `json:"what"`
}

// RecordKind names the register.
func (Request) RecordKind() string { return "request" }

// RecordIndex finds a request by its state, who logged it and the day it is due. When it
// is over it erases itself on its day.
func (r Request) RecordIndex() bot.Index {
	return bot.Index{State: r.State, Owner: r.By, Opened: r.Logged, Due: midnight(r.Next), Expires: midnight(r.Keep)}
}

// midnight is the beginning of a day, or no time at all for no day.
func midnight(d calendar.Date) time.Time {
	if d.IsZero() {
		return time.Time{}
	}
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)
}

func (r Request) over() bool { return r.State != open }

// waiting is the question to the person that is still without an answer, or nil.
func (r *Request) waiting() *Pause {
	if n := len(r.Pauses); n > 0 && r.Pauses[n-1].Answered.IsZero() {
		return &r.Pauses[n-1]
	}
	return nil
}

// note adds to the log. The list is copied, because a turn may run twice.
func (r *Request) note(t bot.Turn, what string) {
	r.Log = append(r.Log[:len(r.Log):len(r.Log)], Line{At: t.Now, Who: t.ByName(), What: what})
}

// facts are what the law counts from.
func (r Request) facts(n calendar.Nation) knowledge.Request {
	f := knowledge.Request{Received: r.Came, Nation: n, IDAsked: r.IDAsked, IDReceived: r.IDCame, Authority: r.Authority, Fee: r.FeePaid,
		Extended: !r.Notice.IsZero(), Notice: r.Notice}
	switch r.Doubt {
	case "yes":
		f.ID = knowledge.Needed
	case "no":
		f.ID = knowledge.NotNeeded
	}
	for _, p := range r.Pauses {
		f.Clarifications = append(f.Clarifications, knowledge.Pause{Asked: p.Asked, Answered: p.Answered})
	}
	return f
}

// inquiry is how many days after its acknowledgement we look at a complaint again. The law
// asks for no undue delay and gives no figure (section 164A Data Protection Act 2018).
const inquiry = 14

// due is the day to work to. For a complaint that is acknowledged it is our own, not the law's.
func (h handler) due(t bot.Turn, r Request) (calendar.Due, error) {
	switch {
	case r.School == "yes":
		return h.clocks.EducationRecord(knowledge.SchoolRequest{Written: r.Came, Closed: r.closedDays(), Nation: t.Nation()})
	case r.Right != complaint:
		return h.clocks.Access(r.facts(t.Nation()))
	case r.Acknowledged.IsZero():
		return h.clocks.ComplaintAcknowledgement(r.Came, t.Nation())
	}
	day := h.clocks.NextWorkingDay(t.Nation(), r.Acknowledged.AddDays(inquiry))
	return calendar.Due{Date: day, Steps: []string{t.Say("rights.complaint-next")}}, nil
}

// closedDays are all days on which the school does not meet.
func (r Request) closedDays() []calendar.Date {
	var list []calendar.Date
	for _, c := range r.Closed {
		for d := c.From; !d.After(c.To); d = d.AddDays(1) {
			list = append(list, d)
		}
	}
	return list
}

// copies says that copies of what we hold go to the person, so that the checklist A to M holds.
func (r Request) copies() bool { return r.Right == access || r.Right == port }

// atOnce says that something must stop on the same day: marketing, Article 21(3), and what
// only consent allowed, Article 7(3) UK GDPR.
func (r Request) atOnce() bool {
	return r.Right == withdraw || r.Right == object && r.Marketing == "yes"
}

// extended says whether the extension has effect: whether it moves the date.
func (h handler) extended(t bot.Turn, r Request) bool {
	if r.Notice.IsZero() {
		return false
	}
	short := r
	short.Notice = calendar.Date{}
	with, err := h.due(t, r)
	without, errShort := h.due(t, short)
	return err == nil && errShort == nil && with.Date.After(without.Date)
}

// stopped says since when the clock stands still. A question that came after the time ran out stops nothing.
func (h handler) stopped(t bot.Turn, r Request) (since calendar.Date, yes bool) {
	p := r.waiting()
	if p == nil || r.over() {
		return since, false
	}
	if due, err := h.due(t, r); err != nil || p.Asked.After(due.Date) {
		return since, false
	}
	return p.Asked, true
}
