package retention

import (
	"testing"

	"pgregory.net/rapid"

	"shareright/bot"
	"shareright/knowledge/calendar"
	knowledge "shareright/knowledge/retention"
)

func date(t *testing.T, iso string) calendar.Date {
	t.Helper()
	if iso == "" {
		return calendar.Date{}
	}
	d, err := calendar.ParseISO(iso)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestWhenAFileMayBeDestroyed(t *testing.T) {
	for name, tc := range map[string]struct {
		kind        knowledge.Kind
		date, until string
		held        bool
		on          string
		may         bool
	}{
		"on its last day it is kept":               {kind: knowledge.After, date: "2026-11-20", on: "2026-11-20"},
		"the day after it may go":                  {kind: knowledge.After, date: "2026-11-20", on: "2026-11-21", may: true},
		"kept longer with a reason":                {kind: knowledge.After, date: "2026-11-20", until: "2027-01-01", on: "2026-12-24"},
		"and then it may go":                       {kind: knowledge.After, date: "2026-11-20", until: "2027-01-01", on: "2027-01-02", may: true},
		"a reason never makes the time shorter":    {kind: knowledge.After, date: "2026-11-20", until: "2025-01-01", on: "2026-11-01"},
		"a hold wins":                              {kind: knowledge.After, date: "2006-11-20", held: true, on: "2026-11-21"},
		"a hold wins over what is never kept":      {kind: knowledge.Never, held: true, on: "2026-11-21"},
		"a hold wins over a longest time":          {kind: knowledge.Maximum, date: "2026-11-20", held: true, on: "2026-11-21"},
		"what is never kept may go at once":        {kind: knowledge.Never, on: "2026-11-21", may: true},
		"unless the law wants a copy until a date": {kind: knowledge.Never, date: "2027-05-01", on: "2026-11-21"},
		"a longest time may be cut short":          {kind: knowledge.Maximum, date: "2027-11-20", on: "2026-11-21", may: true},
		"for ever is for ever":                     {kind: knowledge.Permanent, on: "2126-11-21"},
		"as decided in writing":                    {kind: knowledge.Local, until: "2026-11-20", on: "2026-11-21", may: true},
		"not decided yet":                          {kind: knowledge.Local, on: "2026-11-21"},
	} {
		t.Run(name, func(t *testing.T) {
			r := Review{Kind: tc.kind, Date: date(t, tc.date), Until: date(t, tc.until), SetOn: date(t, "2026-11-01")}
			if tc.held {
				r.Hold = &Hold{Why: "claim"}
			}
			if got := r.mayDestroy(date(t, tc.on)); got != tc.may {
				t.Errorf("may be destroyed: %v", got)
			}
		})
	}
}

func TestASnoozeNeverPassesTheLastDayAllowed(t *testing.T) {
	for name, tc := range map[string]struct {
		kind        knowledge.Kind
		date, today string
		long        bool
		want        string
	}{
		"a week":                              {kind: knowledge.After, date: "2027-01-01", today: "2026-11-23", want: "2026-11-30"},
		"a month ends where a month ends":     {kind: knowledge.After, date: "2027-01-01", today: "2027-01-31", long: true, want: "2027-02-28"},
		"a month, but it may not be kept":     {kind: knowledge.Maximum, date: "2026-12-01", today: "2026-11-23", long: true, want: "2026-12-01"},
		"the last day allowed has passed":     {kind: knowledge.Maximum, date: "2026-11-01", today: "2026-11-23", long: true, want: "2026-11-24"},
		"the last day allowed is still ahead": {kind: knowledge.Maximum, date: "2027-12-01", today: "2026-11-23", want: "2026-11-30"},
	} {
		t.Run(name, func(t *testing.T) {
			r := Review{Kind: tc.kind, Date: date(t, tc.date)}
			if got := r.snoozed(date(t, tc.today), tc.long); got != date(t, tc.want) {
				t.Errorf("got %s, want %s", got, tc.want)
			}
		})
	}
}

// Whatever the rule, the dates, the reasons and the day: nothing goes before its rule's
// date, a hold always wins, what is kept for ever has no reminder, and no reminder comes
// earlier than 30 days before.
func TestNothingIsDestroyedBeforeItsDate(t *testing.T) {
	schedule := knowledge.Default()
	h := handler{schedule: schedule}
	start := calendar.Date{Year: 2024, Month: 1, Day: 1}
	rapid.Check(t, func(rt *rapid.T) {
		rule := rapid.SampledFrom(schedule.Rules()).Draw(rt, "rule")
		r := Review{Rule: rule.Name, Kind: rule.Kind, SetOn: start, Told: start}
		for _, ask := range h.asks(rule) {
			back := rapid.IntRange(0, 20_000).Draw(rt, "days ago")
			if !ask.optional || rapid.Bool().Draw(rt, "known") {
				r.Days = append(r.Days, Day{Trigger: ask.trigger, On: start.AddDays(-back)})
			}
		}
		if h.compute(&r, start) != "" {
			rt.Skip("dates that cannot be")
		}
		if rapid.Bool().Draw(rt, "kept longer") {
			r.Until = start.AddDays(rapid.IntRange(-1000, 5000).Draw(rt, "until"))
		}
		if rapid.Bool().Draw(rt, "held") {
			r.Hold = &Hold{Why: "inquiry", Since: start}
		}
		if rapid.Bool().Draw(rt, "put off") {
			r.Quiet = r.snoozed(start.AddDays(rapid.IntRange(0, 400).Draw(rt, "put off on")), true)
		}
		on := start.AddDays(rapid.IntRange(-100, 40_000).Draw(rt, "on"))
		if r.mayDestroy(on) {
			switch {
			case r.Hold != nil:
				rt.Fatal("a held file may be destroyed")
			case rule.Kind == knowledge.Permanent:
				rt.Fatal("what is kept for ever may be destroyed")
			case rule.Kind != knowledge.Maximum && !on.After(calendar.Latest(r.Date, r.Until)):
				rt.Fatalf("%s may be destroyed on %s; it is kept to %s", rule.Name, on, calendar.Latest(r.Date, r.Until))
			}
		}
		next := r.next(calendar.Mornings{})
		switch {
		case rule.Kind == knowledge.Permanent && r.Hold == nil && !next.IsZero():
			rt.Fatal("a reminder about what is kept for ever")
		case next.IsZero():
		case !next.After(r.Told):
			rt.Fatalf("the next reminder on %s is not after %s", next, r.Told)
		case r.Hold == nil && next.Before(r.act().AddDays(-notice-4)) && (r.Quiet.IsZero() || next.Before(r.Quiet)):
			rt.Fatalf("a reminder on %s for %s", next, r.act())
		}
	})
}

// A live request holds a file whatever its rule and day, and is never stored with it.
func TestALiveRequestHoldsAFile(t *testing.T) {
	for _, kind := range []knowledge.Kind{knowledge.Maximum, knowledge.Never, knowledge.Local} {
		r := Review{Kind: kind, Date: calendar.Date{Year: 2020, Month: 1, Day: 1}, SetOn: calendar.Date{Year: 2020, Month: 1, Day: 1}}
		today := calendar.Date{Year: 2026, Month: 11, Day: 23}
		if !r.mayDestroy(today) {
			t.Errorf("%s: it could not be destroyed in any case", kind)
		}
		r.live = []bot.Ref{"SAR-7K3Q"}
		if r.mayDestroy(today) || r.state() != held {
			t.Errorf("%s: it may be destroyed while SAR-7K3Q is open", kind)
		}
		if r.RecordIndex().State == held {
			t.Errorf("%s: the hold of a request is stored with the file", kind)
		}
	}
}
