package rights

import (
	"encoding/json"
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
	Mark  string        `json:"mark"` // what the organisation calls the person's file

	By     bot.PersonID `json:"by"`
	ByName string       `json:"by_name"`
	Logged time.Time    `json:"logged"`

	State      string       `json:"state"`
	Holder     bot.PersonID `json:"holder,omitempty"`
	HolderName string       `json:"holder_name,omitempty"`

	Doubt   string        `json:"doubt,omitempty"` // "yes" or "no": was there real doubt who it is?
	IDAsked calendar.Date `json:"id_asked,omitzero"`
	IDCame  calendar.Date `json:"id_came,omitzero"`
	Pauses  []Pause       `json:"pauses,omitempty"` // oldest first
	Notice  calendar.Date `json:"notice,omitzero"`  // they were told that it takes longer
	Longer  string        `json:"longer,omitempty"` // why it takes longer

	Acknowledged calendar.Date `json:"acknowledged,omitzero"` // of a complaint
	Ended        calendar.Date `json:"ended,omitzero"`
	Result       string        `json:"result,omitempty"` // how it was answered, or why it was refused

	Next calendar.Date `json:"next"` // the day to work to, as last worked out
	Told calendar.Date `json:"told"` // the last reminder
	Log  []Line        `json:"log"`  // append-only: a correction is a new line
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

// RecordIndex finds a request by its state, who logged it and the day it is due.
func (r Request) RecordIndex() bot.Index {
	return bot.Index{State: r.State, Owner: r.By, Opened: r.Logged, Due: time.Date(r.Next.Year, r.Next.Month, r.Next.Day, 0, 0, 0, 0, time.UTC)}
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
	f := knowledge.Request{Received: r.Came, Nation: n, IDAsked: r.IDAsked, IDReceived: r.IDCame, Extended: !r.Notice.IsZero(), Notice: r.Notice}
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
	case r.Right != complaint:
		return h.clocks.Access(r.facts(t.Nation()))
	case r.Acknowledged.IsZero():
		return h.clocks.ComplaintAcknowledgement(r.Came, t.Nation())
	}
	day := calendar.Default().NextWorkingDay(t.Nation(), r.Acknowledged.AddDays(inquiry))
	return calendar.Due{Date: day, Steps: []string{t.Say("rights.complaint-next")}}, nil
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

// register is the list of requests for exports. It names nobody.
func register() bot.Register {
	column := func(name string, value func(Request) string) bot.Column {
		return bot.Column{Name: name, Value: func(record []byte) string {
			var r Request
			if json.Unmarshal(record, &r) != nil {
				return ""
			}
			return value(r)
		}}
	}
	return bot.Register{Kind: Request{}.RecordKind(), Name: "requests", Title: "Requests and complaints", Who: leads(), Columns: []bot.Column{
		column("State", func(r Request) string { return r.State }),
		column("Asked for", func(r Request) string { return labelOf(rightOptions(), r.Right) }),
		column("Asked by", func(r Request) string { return labelOf(askerOptions(), r.Asker) }),
		column("How it came", func(r Request) string { return labelOf(howOptions(), r.How) }),
		column("Came", func(r Request) string { return r.Came.String() }),
		column("Our reference", func(r Request) string { return r.Mark }),
		column("Due", func(r Request) string { return r.Next.String() }),
		column("Proof of identity asked", func(r Request) string { return r.IDAsked.String() }),
		column("Proof of identity came", func(r Request) string { return r.IDCame.String() }),
		column("Told it takes longer", func(r Request) string { return r.Notice.String() }),
		column("Complaint acknowledged", func(r Request) string { return r.Acknowledged.String() }),
		column("Ended", func(r Request) string { return r.Ended.String() }),
	}}
}
