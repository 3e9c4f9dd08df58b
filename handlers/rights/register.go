package rights

import (
	"encoding/json"
	"strconv"
	"strings"

	"shareright/bot"
	"shareright/knowledge/calendar"
)

// HiddenFrom says whether a stored request goes round this person, so that an export must
// leave it out, counts included.
func HiddenFrom(record []byte, p bot.Person) bool {
	var r Request
	return json.Unmarshal(record, &r) != nil || r.hidden(p)
}

// register is the list of requests for exports. It names nobody who asked.
func register() bot.Register {
	column := bot.ColumnOf[Request]
	date := func(name string, value func(Request) calendar.Date) bot.Column {
		return column(name, func(r Request) string { return calendarDay(value(r)) })
	}
	return bot.Register{Kind: Request{}.RecordKind(), Name: "requests", Title: "Requests and complaints", Who: leads(), Hidden: HiddenFrom, Second: true, Columns: []bot.Column{
		column("State", func(r Request) string { return r.State }),
		column("Asked for", func(r Request) string { return labelOf(rightOptions(), r.Right) }),
		column("Asked by", func(r Request) string { return labelOf(askerOptions(), r.Asker) }),
		column("How it came", func(r Request) string { return labelOf(howOptions(), r.How) }),
		date("Came", func(r Request) calendar.Date { return r.Came }),
		column("Our references", func(r Request) string { return strings.Join(r.marks(), ", ") }),
		date("Due", func(r Request) calendar.Date { return r.Next }),
		column("May they ask", func(r Request) string { return labelOf(mayOptions(), r.May) }),
		date("Proof that they may", func(r Request) calendar.Date { return r.Authority }),
		column("Real doubt who they are", func(r Request) string { return r.Doubt }),
		date("Proof of identity asked", func(r Request) calendar.Date { return r.IDAsked }),
		date("Proof of identity came", func(r Request) calendar.Date { return r.IDCame }),
		column("Clock stopped", func(r Request) string {
			var list []string
			for _, p := range r.Pauses {
				list = append(list, p.Asked.String()+" to "+calendarDay(p.Answered))
			}
			return strings.Join(list, ", ")
		}),
		date("Told it takes longer", func(r Request) calendar.Date { return r.Notice }),
		column("Why longer", func(r Request) string { return r.Longer }),
		date("Fee asked", func(r Request) calendar.Date { return r.FeeAsked }),
		date("Fee paid", func(r Request) calendar.Date { return r.FeePaid }),
		date("Stopped at once", func(r Request) calendar.Date { return r.Stopped }),
		column("People asked to search", func(r Request) string { return count(len(r.Round)) }),
		column("Silent", func(r Request) string {
			n := 0
			for _, x := range r.Round {
				if !x.Silent.IsZero() {
					n++
				}
			}
			return count(n)
		}),
		column("Kept back", func(r Request) string {
			var list []string
			for _, k := range r.Kept {
				if k.Verdict == "yes" && k.Plan != "give" {
					list = append(list, k.Kind+": "+k.Plan)
				}
			}
			return strings.Join(list, ", ")
		}),
		column("Checked by", func(r Request) string {
			var list []string
			for _, c := range r.Checks {
				list = append(list, c.ByName)
			}
			return strings.Join(list, ", ")
		}),
		column("How it went", func(r Request) string {
			if r.Transfer == nil {
				return ""
			}
			return r.Transfer.Way
		}),
		column("Others told of the change", func(r Request) string { return r.Passed }),
		date("Complaint acknowledged", func(r Request) calendar.Date { return r.Acknowledged }),
		date("Enquiry begun", func(r Request) calendar.Date { return r.Enquiry }),
		column("Upheld", func(r Request) string { return r.Upheld }),
		column("Learnt", func(r Request) string { return r.Lesson }),
		date("Ended", func(r Request) calendar.Date { return r.Ended }),
		column("Days late", func(r Request) string { return count(max(r.LateBy, r.AckLate)) }),
		column("Ground", func(r Request) string { return r.Ground }),
		date("Erases itself", func(r Request) calendar.Date { return r.Keep }),
	}}
}

func count(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// calendarDay is a day as registers show it, or nothing.
func calendarDay(d calendar.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}
