package scheduler

import (
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"
)

func london(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func TestNextTimesInTheOrganisationsZone(t *testing.T) {
	zone := london(t)
	for _, c := range []struct{ name, spec, after, want string }{
		{"Monday mornings", "0 9 * * 1", "2026-11-23T10:00:00Z", "2026-11-30T09:00:00Z"},
		{"every day across the clocks going forward", "0 9 * * *", "2026-03-28T09:30:00Z", "2026-03-29T08:00:00Z"},
		{"every day across the clocks going back", "0 9 * * *", "2026-10-24T09:30:00Z", "2026-10-25T09:00:00Z"},
		{"2am exists on the day the clocks go forward", "0 2 * * *", "2026-03-29T00:30:00Z", "2026-03-29T01:00:00Z"},
		{"every two years from a date", "every 2 years from 2024-05-01", "2026-05-01T08:00:00Z", "2028-05-01T08:00:00Z"},
		{"the first time is the date itself", "every 2 years from 2030-05-01", "2026-11-23T00:00:00Z", "2030-05-01T08:00:00Z"},
		{"a leap day has its own year again", "every year from 2024-02-29", "2027-03-01T00:00:00Z", "2028-02-29T09:00:00Z"},
		{"a leap day in a common year", "every year from 2024-02-29", "2026-03-01T00:00:00Z", "2027-02-28T09:00:00Z"},
		{"a month end does not stick at February", "every month from 2026-01-31", "2026-02-28T09:00:00Z", "2026-03-31T08:00:00Z"},
		{"every six months", "every 6 months from 2026-08-31", "2026-09-01T00:00:00Z", "2027-02-28T09:00:00Z"},
		{"every three weeks", "every 3 weeks from 2026-10-20", "2026-10-20T08:00:00Z", "2026-11-10T09:00:00Z"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := ParseSchedule(c.spec, zone)
			if err != nil {
				t.Fatal(err)
			}
			after, _ := time.Parse(time.RFC3339, c.after)
			if got := s.Next(after).UTC().Format(time.RFC3339); got != c.want {
				t.Errorf("%s after %s: got %s, want %s", c.spec, c.after, got, c.want)
			}
		})
	}
}

func TestADailyScheduleFiresOnceEveryLocalDay(t *testing.T) {
	zone := london(t)
	for _, spec := range []string{"0 0 * * *", "30 0 * * *", "0 2 * * *", "0 9 * * *", "every day from 2026-01-01"} {
		s, err := ParseSchedule(spec, zone)
		if err != nil {
			t.Fatal(err)
		}
		at := time.Date(2026, 1, 1, 12, 0, 0, 0, zone)
		days := map[string]int{}
		for at.Year() < 2029 {
			at = s.Next(at)
			days[at.In(zone).Format(time.DateOnly)]++
		}
		for day := time.Date(2026, 1, 2, 12, 0, 0, 0, zone); day.Year() < 2029; day = day.AddDate(0, 0, 1) {
			if n := days[day.Format(time.DateOnly)]; n != 1 {
				t.Errorf("%s fires %d times on %s", spec, n, day.Format(time.DateOnly))
			}
		}
	}
}

func TestSchedulesThatCannotBeKeptAreRefused(t *testing.T) {
	for spec, why := range map[string]string{
		"30 1 * * *":                         "clock change",
		"0 * * * *":                          "clock change",
		"0 9 31 2 *":                         "never happens",
		"TZ=0":                               "five fields",
		"CRON_TZ=Europe/London":              "five fields",
		"@every 0s":                          "five fields",
		"":                                   "cannot be read",
		"0 9 * * 8":                          "cannot be read",
		"every 0 years from 2026-01-01":      "every 2 years from",
		"every 2 fortnights from 2026-01-01": "every 2 years from",
		"every 2 years from 1/2/3":           "every 2 years from",
		"every now and then":                 "every 2 years from",
	} {
		if _, err := ParseSchedule(spec, time.UTC); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%q: got %v, want %q in it", spec, err, why)
		}
	}
}

func TestALegalClockRunsInElapsedTime(t *testing.T) {
	zone := london(t)
	clock := Clock{From: time.Date(2026, 10, 23, 9, 15, 0, 0, zone), Limit: 72 * time.Hour, Warn: []time.Duration{24 * time.Hour, time.Hour}}
	if got := clock.End().In(zone).Format(time.DateTime); got != "2026-10-26 08:15:00" {
		t.Errorf("72 hours over the October change end at %s", got)
	}
	var left []time.Duration
	for _, m := range clock.Milestones() {
		if clock.Left(m.At) != m.Left {
			t.Errorf("at %s %s are left, not %s", m.At, clock.Left(m.At), m.Left)
		}
		left = append(left, m.Left)
	}
	if !slices.Equal(left, []time.Duration{24 * time.Hour, time.Hour, 0}) {
		t.Errorf("milestones at %v left", left)
	}
}
