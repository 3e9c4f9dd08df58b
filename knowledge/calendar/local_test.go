package calendar

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestTimesOnTheWallClock(t *testing.T) {
	zone := london(t)
	for text, want := range map[string]struct {
		utc, other string
		reading    Reading
	}{
		"2026-11-22T00:30:00 Europe/London": {"2026-11-22T00:30:00Z", "2026-11-22T00:30:00Z", Once},
		"2026-07-01T09:00:00 Europe/London": {"2026-07-01T08:00:00Z", "2026-07-01T08:00:00Z", Once},
		"2026-10-25T00:59:59 Europe/London": {"2026-10-24T23:59:59Z", "2026-10-24T23:59:59Z", Once},
		"2026-10-25T01:30:00 Europe/London": {"2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", Twice},
		"2026-10-25T02:00:00 Europe/London": {"2026-10-25T02:00:00Z", "2026-10-25T02:00:00Z", Once},
		"2026-03-29T01:30:00 Europe/London": {"2026-03-29T01:30:00Z", "2026-03-29T00:30:00Z", Never},
		"2026-03-29T02:00:00 Europe/London": {"2026-03-29T01:00:00Z", "2026-03-29T01:00:00Z", Once},
		"2026-03-29 00:59":                  {"2026-03-29T00:59:00Z", "2026-03-29T00:59:00Z", Once},
		"2026-07-01T09:00:00+01:00":         {"2026-07-01T08:00:00Z", "2026-07-01T08:00:00Z", Once},
		"2026-07-01T09:00:00Z":              {"2026-07-01T09:00:00Z", "2026-07-01T09:00:00Z", Once},
		"2026-07-01T09:00 Europe/Paris":     {"2026-07-01T07:00:00Z", "2026-07-01T07:00:00Z", Once},
		"2026-07-01T09:00 UTC":              {"2026-07-01T09:00:00Z", "2026-07-01T09:00:00Z", Once},
	} {
		t.Run(text, func(t *testing.T) {
			got, err := ParseLocal(text, zone)
			if err != nil {
				t.Fatal(err)
			}
			if utc, other := got.Time.UTC().Format(time.RFC3339), got.Other.UTC().Format(time.RFC3339); utc != want.utc || other != want.other || got.Reading != want.reading {
				t.Errorf("got %s or %s, reading %d; want %v", utc, other, got.Reading, want)
			}
		})
	}
	for _, text := range []string{"", "yesterday", "2026-07-01", "2026-07-01T09:00 Europe/Atlantis", "2026-02-30T09:00:00", "2026-07-01T25:00:00"} {
		if got, err := ParseLocal(text, zone); err == nil {
			t.Errorf("ParseLocal(%q) = %v; want an error", text, got)
		}
	}
}

// Whatever clocks show at an instant is read back as that instant; of an hour shown twice,
// as the earlier or the later.
func TestEveryInstantIsFoundAgain(t *testing.T) {
	zone := london(t)
	changes := []time.Time{}
	for year := 2020; year <= 2040; year++ {
		for _, m := range []time.Month{time.March, time.October} {
			last := time.Date(year, m, 31, 1, 0, 0, 0, time.UTC)
			changes = append(changes, last.AddDate(0, 0, -int(last.Weekday())))
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		near := rapid.SampledFrom(changes).Draw(t, "change")
		at := near.Add(time.Duration(rapid.IntRange(-3*3600, 3*3600).Draw(t, "seconds")) * time.Second)
		shown := at.In(zone)
		h, m, s := shown.Clock()
		got := Local(On(at, zone), time.Duration(h*3600+m*60+s)*time.Second, zone)
		if !got.Time.Equal(at) && !(got.Reading == Twice && got.Other.Equal(at)) {
			t.Fatalf("%s is read as %s or %s", shown, got.Time, got.Other)
		}
		if got.Reading == Never || got.Reading == Twice && !got.Time.Before(got.Other) {
			t.Fatalf("%s has the reading %d, %s before %s", shown, got.Reading, got.Time, got.Other)
		}
	})
}
