package share

import "strings"

// EmergencyText is what anybody sees first when somebody may be in danger. It needs no
// rules, no store and no network.
const EmergencyText = `Call 999 now if anyone is in danger.
Tell the call handler what they need to keep people safe. You need no consent for that.
Then tell your safeguarding lead. Do not wait for an answer from this bot.
Write it down afterwards, when everyone is safe.`

// The headings of an answer, in the order in which they are read.
const (
	emergencyLine = "If anyone is in danger now, call 999 first."
	soFar         = "This is the answer so far. Your answers to a few questions may change it."
)

// Text is the answer as the volunteer reads it: what to do first, then why, what, how, and
// the sources last. While danger is not ruled out, the emergency line leads.
func (a Answer) Text() string {
	var b strings.Builder
	if a.Provisional && a.danger {
		b.WriteString(emergencyLine + "\n")
	}
	b.WriteString(a.Parts.Do + "\n")
	if a.Provisional {
		b.WriteString(soFar + "\n")
	}
	for _, part := range []struct {
		heading   string
		sentences []string
	}{
		{"Why", a.Parts.Why}, {"Share", a.Parts.Share}, {"Leave out", a.Parts.LeaveOut}, {"How", a.Parts.How},
		{"Telling them", a.Parts.Tell}, {"Write down", a.Parts.Record}, {"Ask", a.Parts.Ask},
	} {
		if len(part.sentences) > 0 {
			b.WriteString("\n" + part.heading + ": " + strings.Join(part.sentences, " "))
		}
	}
	titles := make([]string, len(a.Sources))
	for i, s := range a.Sources {
		titles[i] = s.Title
		if s.Section != "" {
			titles[i] += ", " + s.Section
		}
	}
	b.WriteString("\n\nSources (checked " + a.Checked + "): " + strings.Join(titles, "; "))
	return b.String()
}
