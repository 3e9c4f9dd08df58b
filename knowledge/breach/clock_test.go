package breach

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"shareright/knowledge/calendar"
)

func at(t testing.TB, text string) *calendar.Instant {
	t.Helper()
	if text == "" {
		return nil
	}
	zone, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	in, err := calendar.ParseLocal(text, zone)
	if err != nil {
		t.Fatal(err)
	}
	return &in
}

func TestSeventyTwoHoursAreElapsedTime(t *testing.T) {
	for name, c := range map[string]struct{ aware, want, latest string }{
		"over the spring change it ends an hour later on the clock": {"2026-03-27T18:00", "2026-03-30T19:00:00+01:00", ""},
		"over the autumn change it ends an hour earlier":            {"2026-10-23T09:15", "2026-10-26T08:15:00Z", ""},
		"it may end beside the hour that is skipped":                {"2027-03-25T02:10", "2027-03-28T03:10:00+01:00", ""},
		"it may cross the hour that comes twice":                    {"2026-10-24T01:30", "2026-10-27T00:30:00Z", ""},
		"over a leap day":                                           {"2028-02-27T10:00", "2028-03-01T10:00:00Z", ""},
		"Christmas does not stop it":                                {"2026-12-24T17:00", "2026-12-27T17:00:00Z", ""},
		"over the end of the year":                                  {"2026-12-31T23:15", "2027-01-03T23:15:00Z", ""},
		"a time that came twice is the earlier":                     {"2026-10-25T01:30", "2026-10-28T00:30:00Z", "2026-10-28T01:30:00Z"},
	} {
		t.Run(name, func(t *testing.T) {
			clock, err := Start(Happened{Aware: at(t, c.aware)})
			if err != nil {
				t.Fatal(err)
			}
			if want := at(t, c.want).Time; !clock.Deadline.Equal(want) {
				t.Errorf("aware at %s: %s; want %s", c.aware, clock.Deadline, want)
			}
			if c.latest == "" && !clock.Latest.IsZero() || c.latest != "" && !clock.Latest.Equal(at(t, c.latest).Time) {
				t.Errorf("latest %s; want %s", clock.Latest, c.latest)
			}
			if len(clock.Steps) != 2 || (c.latest != "") != (len(clock.Warnings) > 0) {
				t.Errorf("steps %q, warnings %q", clock.Steps, clock.Warnings)
			}
		})
	}
}

func TestWhatStartsTheClock(t *testing.T) {
	const early, middle, late = "2026-11-20T10:00", "2026-11-21T10:00", "2026-11-22T10:00"
	for name, c := range map[string]struct {
		aware, discovered, occurred, from, safe string
		warns                                   bool
	}{
		"awareness, not the occurrence":                     {late, "", early, late, "", false},
		"discovery where awareness is not known":            {"", middle, early, middle, "", false},
		"awareness before discovery, with both dates":       {late, middle, early, late, middle, true},
		"the occurrence alone gives the earliest it can be": {"", "", early, early, early, true},
		"an occurrence after awareness is pointed out":      {early, "", late, early, "", true},
		"discovery after awareness changes nothing":         {early, late, "", early, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			clock, err := Start(Happened{Aware: at(t, c.aware), Discovered: at(t, c.discovered), Occurred: at(t, c.occurred)})
			if err != nil {
				t.Fatal(err)
			}
			if !clock.From.Equal(at(t, c.from).Time) || !clock.Deadline.Equal(clock.From.Add(72*time.Hour)) {
				t.Errorf("from %s to %s; want it from %s", clock.From, clock.Deadline, c.from)
			}
			if c.safe == "" != clock.Safe.IsZero() || c.safe != "" && !clock.Safe.Equal(Deadline(at(t, c.safe).Time)) {
				t.Errorf("safe %s; want 72 hours from %q", clock.Safe, c.safe)
			}
			if c.warns != (len(clock.Warnings) > 0) {
				t.Errorf("warnings %q", clock.Warnings)
			}
		})
	}
	if _, err := Start(Happened{}); !errors.Is(err, ErrNoStart) {
		t.Errorf("nothing known: %v", err)
	}
}

func TestMilestonesCountDownInOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		aware := time.Unix(rapid.Int64Range(1_577_836_800, 2_240_524_800).Draw(t, "aware"), 0) // 2020 to 2040
		last := aware
		for _, m := range Milestones(aware) {
			if !m.At.After(last) || Deadline(aware).Sub(m.At) != m.Left || m.At.Location() != time.UTC {
				t.Fatalf("%s left at %s", m.Left, m.At)
			}
			last = m.At
		}
		if got := Deadline(aware).Sub(aware); got != 72*time.Hour {
			t.Fatalf("the clock runs %s", got)
		}
	})
	var hours []float64
	for _, m := range Milestones(time.Unix(0, 0)) {
		hours = append(hours, m.Left.Hours())
	}
	for i, want := range []float64{48, 24, 12, 4, 1} {
		if hours[i] != want {
			t.Errorf("milestone %d has %v hours left; want %v", i+1, hours[i], want)
		}
	}
}
