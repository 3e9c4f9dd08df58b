package calendar

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"shareright/knowledge"
)

// own is the calendar with mornings of somebody's own.
func own(t *testing.T, mornings string) (*Calendar, error) {
	t.Helper()
	return Load(knowledge.Over(fstest.MapFS{"mornings.yaml": {Data: []byte(mornings)}}, Files()))
}

func TestPeopleAreRemindedOnTheirOwnDaysAndAtTheirHour(t *testing.T) {
	zone, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ mornings, day, want string }{
		"as it comes, a weekend waits for Monday":    {"", "2026-11-28", "2026-11-30 09:00"},
		"in Scotland Monday is St Andrew's Day":      {"hour: 9\ndays: [monday, tuesday]\n", "2026-11-30", "2026-12-01 09:00"},
		"a club that meets on Saturday evenings":     {"hour: 18\ndays: [Saturday]\n", "2026-11-23", "2026-11-28 18:00"},
		"Saturday is Boxing Day, so a week later":    {"hour: 18\ndays: [saturday]\n", "2026-12-20", "2027-01-09 18:00"},
		"bank holidays are as good as other days":    {"hour: 18\ndays: [saturday]\nbank_holidays: true\n", "2026-12-20", "2026-12-26 18:00"},
		"early, and in summer time":                  {"hour: 6\ndays: [wednesday]\n", "2026-07-01", "2026-07-01 06:00"},
		"midnight is an hour as well":                {"hour: 0\ndays: [wednesday]\n", "2026-07-01", "2026-07-01 00:00"},
		"the last day of the week, from the day on":  {"hour: 9\ndays: [sunday]\n", "2026-11-23", "2026-11-29 09:00"},
		"every day of the week but one, on that one": {"hour: 9\ndays: [monday, tuesday, wednesday, thursday, friday, saturday]\n", "2026-11-29", "2026-12-01 09:00"},
	} {
		t.Run(name, func(t *testing.T) {
			days := Default()
			if c.mornings != "" {
				var err error
				if days, err = own(t, c.mornings); err != nil {
					t.Fatal(err)
				}
			}
			from, err := ParseISO(c.day)
			if err != nil {
				t.Fatal(err)
			}
			nation := Scotland
			if c.mornings == "" {
				nation = EnglandWales
			}
			at := days.Mornings(nation).At(from, zone)
			if got := at.Format("2006-01-02 15:04"); got != c.want {
				t.Errorf("from %s: %s, want %s", c.day, got, c.want)
			}
			if day := On(at, zone); days.Mornings(nation).Last(day) != day || days.Mornings(nation).Next(day) != day {
				t.Errorf("%s is no day of its own calendar", day)
			}
		})
	}
}

func TestTheUsualMorningIsTheFirstOfTheWeek(t *testing.T) {
	days, err := own(t, "hour: 18\ndays: [saturday, tuesday]\n")
	if err != nil {
		t.Fatal(err)
	}
	m := days.Mornings(NorthernIreland)
	if m.Weekday() != time.Tuesday || m.Hour() != 18*time.Hour {
		t.Errorf("usually %s at %s", m.Weekday(), m.Hour())
	}
	if usual := (Mornings{}); usual.Weekday() != time.Monday || usual.Hour() != 9*time.Hour {
		t.Errorf("by itself %s at %s", usual.Weekday(), usual.Hour())
	}
}

func TestAMissedReminderWaitsUntilNobodyMinds(t *testing.T) {
	evenings, err := own(t, "hour: 18\ndays: [tuesday, saturday]\n")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		days      *Calendar
		now, want string
	}{
		"at night":                      {Default(), "2026-11-24 03:00", "2026-11-24 09:00"},
		"in the afternoon, at once":     {Default(), "2026-11-24 17:59", "2026-11-24 17:59"},
		"in the evening, tomorrow":      {Default(), "2026-11-24 18:00", "2026-11-25 09:00"},
		"on Friday evening, Monday":     {Default(), "2026-11-27 18:00", "2026-11-30 09:00"},
		"on Christmas Day, the Tuesday": {Default(), "2026-12-25 10:00", "2026-12-29 09:00"},
		"before a club's evening":       {evenings, "2026-11-24 10:00", "2026-11-24 18:00"},
		"on a club's evening":           {evenings, "2026-11-24 21:59", "2026-11-24 21:59"},
		"after a club's evening":        {evenings, "2026-11-24 22:00", "2026-11-28 18:00"},
	} {
		now, err := time.Parse("2006-01-02 15:04", c.now)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.days.Mornings(EnglandWales).Soonest(now).Format("2006-01-02 15:04"); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestASlipInTheMorningsIsTold(t *testing.T) {
	for slip, says := range map[string]string{
		"hour: 9\ndays: [mondy]\n":   `mornings.yaml: "mondy" is no day of the week; did you mean "monday"?`,
		"hour: 9\n":                  "mornings.yaml: there is no day on which to remind; name one at least",
		"hour: 25\ndays: [monday]\n": "mornings.yaml: the hour is 25; use a whole hour from 0 to 23",
		"hour: -1\ndays: [monday]\n": "mornings.yaml: the hour is -1",
		"hours: 9\n":                 `unknown field "hours"`,
	} {
		if _, err := own(t, slip); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: it says %v, want %s", slip, err, says)
		}
	}
}
