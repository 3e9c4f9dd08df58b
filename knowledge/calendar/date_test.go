package calendar

import (
	"encoding/json"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// anyDate draws a day from 1900 to 2120.
func anyDate(t *rapid.T, label string) Date {
	return Date{1900, 1, 1}.AddDays(rapid.IntRange(0, 80_000).Draw(t, label))
}

// clamped is written another way than AddMonths: let the day overflow, then step back into the month.
func clamped(d Date, n int) Date {
	first := time.Date(d.Year, d.Month, 1, 0, 0, 0, 0, time.UTC).AddDate(0, n, 0)
	got := first.AddDate(0, 0, d.Day-1)
	for got.Month() != first.Month() {
		got = got.AddDate(0, 0, -1)
	}
	return Date{got.Year(), got.Month(), got.Day()}
}

func TestMonthsEndWhereTheMonthEndsForEveryStart(t *testing.T) {
	for d := (Date{2024, 1, 1}); d.Year < 2033; d = d.AddDays(1) {
		for _, n := range []int{1, 2, 3, 6, 12, 900} {
			if got, want := d.AddMonths(n), clamped(d, n); got != want {
				t.Fatalf("%s and %d months is %s; want %s", d, n, got, want)
			}
		}
	}
}

func TestMonthsGoBackToo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, n := anyDate(t, "day"), rapid.IntRange(-600, 900).Draw(t, "months")
		if got, want := d.AddMonths(n), clamped(d, n); got != want {
			t.Fatalf("%s and %d months is %s; want %s", d, n, got, want)
		}
	})
}

func TestABirthdayOnTheLeapDayIsKeptLonger(t *testing.T) {
	born := Date{2012, 2, 29}
	for age, want := range map[int]string{4: "2016-02-29", 18: "2030-03-01", 25: "2037-03-01"} {
		if got := born.Birthday(age).String(); got != want {
			t.Errorf("age %d is reached on %s; want %s", age, got, want)
		}
	}
	if got := (Date{2012, 2, 28}).Birthday(25).String(); got != "2037-02-28" {
		t.Errorf("born on the 28th: %s", got)
	}
}

func TestDatesAreWrittenAndReadInISO(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := anyDate(t, "day")
		text, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		var back Date
		if err := json.Unmarshal(text, &back); err != nil || back != d {
			t.Fatalf("%s read back as %s, %v", text, back, err)
		}
		if d.AddDays(1).DaysTo(d) != -1 || !d.AddDays(1).After(d) || d.Weekday() != d.AddDays(7).Weekday() {
			t.Fatalf("the days around %s do not fit", d)
		}
	})
}

func TestWhatIsNotAnISODate(t *testing.T) {
	for _, text := range []string{"2026-02-30", "2026-13-01", "2026-1-1", "22/11/2026", "2026-11-22T10:00", "0000-01-01", "+026-01-01", "x"} {
		if d, err := ParseISO(text); err == nil {
			t.Errorf("ParseISO(%q) = %s; want an error", text, d)
		}
	}
}

func TestNations(t *testing.T) {
	for text, want := range map[string]Nation{"EW": EnglandWales, "wales": EnglandWales, " Scotland ": Scotland, "ni": NorthernIreland} {
		if got, err := ParseNation(text); err != nil || got != want {
			t.Errorf("ParseNation(%q) = %q, %v; want %q", text, string(got), err, string(want))
		}
	}
	if _, err := ParseNation("France"); err == nil {
		t.Error("France is not one of the nations")
	}
}
