package breach

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"shareright/bot"
)

// register is the list of breaches for exports: facts, effects and action (Article 33(5) UK GDPR).
// It holds neither the reporter's words nor any private note, so that no name leaves with it.
func register(h handler) bot.Register {
	column := bot.ColumnOf[Breach]
	decision := func(value func(Decision) string) func(Breach) string {
		return func(b Breach) string {
			if b.Decision == nil {
				return ""
			}
			return value(*b.Decision)
		}
	}
	return bot.Register{Kind: Breach{}.RecordKind(), Name: "breaches", Title: "Breaches", Who: h.who(), Hidden: HiddenFrom, Second: true, Columns: []bot.Column{
		column("State", func(b Breach) string { return b.State }),
		column("Cause", func(b Breach) string { return b.Cause }),
		column("Nature", func(b Breach) string { c, _ := h.content.Cause(b.Cause); return strings.Join(c.Nature, ", ") }),
		column("Happened", func(b Breach) string { return stamp(b.Happened) }),
		column("Found", func(b Breach) string { return stamp(b.Found) }),
		column("Aware", func(b Breach) string { return stamp(b.Aware) }),
		column("Reported", func(b Breach) string { return stamp(b.Reported) }),
		column("People", func(b Breach) string { return number(b.People) }),
		column("Information", func(b Breach) string { return labels(h.dataKinds(), b.Data) }),
		column("Facts", func(b Breach) string { return b.Notes.What }),
		column("Effects", func(b Breach) string { return b.Notes.Consequences }),
		column("Action", func(b Breach) string { return b.Notes.Actions }),
		column("Advised", decision(func(d Decision) string { return d.Advised })),
		column("Tell the regulator", decision(func(d Decision) string { return d.ICO })),
		column("Tell the people", decision(func(d Decision) string { return d.People })),
		column("Reason", decision(func(d Decision) string { return d.Reason })),
		column("Regulator told", func(b Breach) string { return stamp(b.ICOAt) }),
		column("Regulator reference", func(b Breach) string { return b.ICORef }),
		column("Others told", func(b Breach) string {
			ids := make([]string, 0, len(b.Heard))
			for id := range b.Heard {
				ids = append(ids, id)
			}
			slices.Sort(ids)
			return strings.Join(ids, ", ")
		}),
		column("Lessons", func(b Breach) string { return b.Lessons }),
		column("Closed", func(b Breach) string { return stamp(b.ClosedAt) }),
	}}
}

// HiddenFrom says whether a stored breach goes round this person, so that an export must leave it out, counts included.
func HiddenFrom(record []byte, p bot.Person) bool {
	var b Breach
	return json.Unmarshal(record, &b) != nil || b.hidden(p)
}

func stamp(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(time.RFC3339)
}

func number(n *int) string {
	if n == nil {
		return ""
	}
	return strconv.Itoa(*n)
}
