package bot

import "time"

// Pasted is a list that somebody pasted and that has rows to mend. It waits a day, so that
// nothing has to be pasted twice, and then erases itself. It is stored: fields may be
// added, never renamed.
type Pasted struct {
	Text string    `json:"text"`
	Set  time.Time `json:"set"`
}

// RecordKind names the records.
func (Pasted) RecordKind() string { return "pasted" }

// RecordIndex lets the list expire.
func (p Pasted) RecordIndex() Index { return Index{Opened: p.Set, Expires: p.Set.Add(24 * time.Hour)} }
