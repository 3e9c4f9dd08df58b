package retention

import (
	"bytes"
	"encoding/json"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"shareright/bot"
	"shareright/internal/papers"
	"shareright/knowledge/calendar"
	knowledge "shareright/knowledge/retention"
	"shareright/knowledge/table"
)

func turnOn(day calendar.Date) bot.Turn {
	return bot.Turn{Org: bot.Org{Nation: "EW", Zone: time.UTC, People: map[bot.Role][]bot.PersonID{bot.DPLead: {"desk:sam"}}},
		By: bot.Person{ID: "desk:sam", Name: "Sam"}, Now: time.Date(day.Year, day.Month, day.Day, 10, 0, 0, 0, time.UTC), Lang: "en"}
}

// A ledger that is taken out as CSV is read in again with the same files, dates and
// owners, also when a cell begins like a formula.
func TestAnExportOfTheLedgerIsReadInAgain(t *testing.T) {
	h := handler{schedule: knowledge.Default()}
	today := calendar.Date{Year: 2026, Month: 11, Day: 23}
	at := turnOn(today)
	dated := slices.DeleteFunc(h.schedule.Rules(), func(r knowledge.Rule) bool { return r.Kind == knowledge.Extension || r.Kind == knowledge.Local })
	rapid.Check(t, func(rt *rapid.T) {
		rule := rapid.SampledFrom(dated).Draw(rt, "rule")
		r := Review{Rule: rule.Name, Kind: rule.Kind, Category: rule.Category, Owner: "desk:jo", Set: at.Now, SetOn: today, Told: today,
			File:  rapid.StringMatching(`[=+@-]?[A-Z]{1,3}-[0-9]{1,4}[,;"]?`).Draw(rt, "file"),
			Where: rapid.SampledFrom([]string{"office", "blue cabinet; \"top\"", "=2+2", "shared drive, volunteers"}).Draw(rt, "where")}
		for _, ask := range h.asks(rule) {
			if !ask.optional || rapid.Bool().Draw(rt, "known") {
				r.Days = append(r.Days, Day{Trigger: ask.trigger, On: today.AddDays(-rapid.IntRange(0, 9000).Draw(rt, "days ago"))})
			}
		}
		if h.compute(&r, today) != "" {
			rt.Skip("dates that cannot be")
		}
		body, err := json.Marshal(r)
		if err != nil {
			rt.Fatal(err)
		}
		var out bytes.Buffer
		if err := papers.CSV(&out, register(), []papers.Row{{Ref: "RT-7K3Q", Body: body}}); err != nil {
			rt.Fatal(err)
		}
		rows, problems, err := table.Read(out.String(), h.columns())
		if err != nil || len(problems) > 0 || len(rows) != 1 {
			rt.Fatalf("%v %v %v\n%s", rows, problems, err, out.String())
		}
		got, problem := intake{handler: h, taken: map[string]string{}}.review(at, rows[0])
		if problem != "" {
			rt.Fatalf("%s\n%s", problem, out.String())
		}
		if got.File != r.File || got.Where != r.Where || got.Rule != r.Rule || got.Owner != r.Owner || got.Date != r.Date {
			rt.Fatalf("got %+v\nwant %+v", got, r)
		}
	})
}

// Whatever is agreed, renewed and withdrawn: a file is never kept longer than the
// schedule's consent allows, never shorter than its rule, and a hold wins.
func TestConsentKeepsWithinItsLimits(t *testing.T) {
	h := handler{schedule: knowledge.Default()}
	start := calendar.Date{Year: 2026, Month: 11, Day: 23}
	rapid.Check(t, func(rt *rapid.T) {
		rule := rapid.SampledFrom(h.schedule.Rules()).Draw(rt, "rule")
		extension, some := h.schedule.ExtensionOf(rule.Name)
		r := Review{Rule: rule.Name, Kind: rule.Kind, SetOn: start, Date: start.AddDays(rapid.IntRange(-400, 4000).Draw(rt, "date"))}
		at := turnOn(start)
		for range rapid.IntRange(1, 5).Draw(rt, "times") {
			most, problem := h.mostYears(at, r)
			if problem != "" {
				if some && r.Consent == nil {
					rt.Fatalf("the first consent is refused: %s", problem)
				}
				break
			}
			years := rapid.IntRange(1, most).Draw(rt, "years")
			had := 0
			if r.Consent != nil {
				had = r.Consent.Years
			}
			r.Consent = &Consent{Years: had + years, Until: calendar.Latest(r.Date, r.agreed()).AddYears(years)}
		}
		if !some && r.Consent != nil {
			rt.Fatalf("%s is kept by a consent that the schedule does not have", rule.Name)
		}
		if r.Consent == nil {
			return
		}
		if !extension.Renewable && r.agreed().After(r.Date.AddYears(extension.ExtraYears)) {
			rt.Fatalf("kept until %s, %d years after %s", r.agreed(), r.Consent.Years, r.Date)
		}
		if r.act().Before(r.Date.AddDays(1)) || r.act().Before(r.agreed()) {
			rt.Fatalf("destroyed on %s, with consent until %s", r.act(), r.agreed())
		}
		r.Hold = &Hold{Why: "claim", Since: start}
		if r.mayDestroy(r.act().AddDays(1000)) {
			rt.Fatal("a held file may be destroyed")
		}
		r.Hold, r.Consent.Withdrawn = nil, start
		if r.act() != r.Date.AddDays(1) {
			rt.Fatalf("consent is withdrawn, and the file waits until %s", r.act())
		}
	})
}
