package calendar

import (
	"errors"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func london(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// sunday is 22 November 2026, a Sunday.
var sunday = Date{2026, 11, 22}

func TestParseDate(t *testing.T) {
	for text, want := range map[string]string{
		"27 3 2007": "2007-03-27", "27/03/2007": "2007-03-27", "27.3.07": "2007-03-27", "27-3-2007": "2007-03-27",
		"2007-03-27": "2007-03-27", "27 March 2007": "2007-03-27", "27th of March, 2007": "2007-03-27",
		"March 27 2007": "2007-03-27", "27-Mar-07": "2007-03-27", "Tuesday 27 March 2007": "2007-03-27",
		"27 Mawrth 2007": "2007-03-27", "27 March": "2026-03-27", "25 December": "2025-12-25", "27/3": "2026-03-27",
		"1/2/2026": "2026-02-01", "29 February": "2024-02-29", "22 November": "2026-11-22",
		"today": "2026-11-22", "yesterday": "2026-11-21", "Ddoe": "2026-11-21", "tomorrow": "2026-11-23",
		"the day before yesterday": "2026-11-20", "last Tuesday": "2026-11-17", "Tuesday": "2026-11-17",
		"on Tuesday": "2026-11-17", "Sunday": "2026-11-22", "last Sunday": "2026-11-15", "next Tuesday": "2026-11-24",
		"dydd Mawrth": "2026-11-17", "3 days ago": "2026-11-19", "two weeks ago": "2026-11-08", "a month ago": "2026-10-22",
		"a couple of days ago": "2026-11-20", "a year ago": "2025-11-22", "1 3 98": "1998-03-01", "1/1/30": "2030-01-01",
		"31 October 2026": "2026-10-31", "about 27 March": "2026-03-27",
	} {
		t.Run(text, func(t *testing.T) {
			got, err := ParseDate(text, sunday)
			if err != nil || got.String() != want {
				t.Errorf("ParseDate(%q) = %s, %v; want %s", text, got, err, want)
			}
		})
	}
}

func TestParseDateProblems(t *testing.T) {
	for text, want := range map[string]Problem{
		"":            {Missing, "Enter a date, for example 27 3 2007."},
		"  ":          {Missing, "Enter a date, for example 27 3 2007."},
		"March":       {Missing, "The date must include a day, for example 27 3 2007."},
		"March 2026":  {Missing, "The date must include a day, for example 27 3 2007."},
		"2026":        {Missing, "The date must include a day and a month, for example 27 3 2007."},
		"27":          {Missing, "The date must include a month, for example 27 3 2007."},
		"31 April":    {Impossible, "There is no 31 April."},
		"31/4/2026":   {Impossible, "There is no 31 April 2026. That month has 30 days."},
		"29 2 2026":   {Impossible, "There is no 29 February 2026. That month has 28 days."},
		"27 13 2026":  {Impossible, "There is no month 13. Months go from 1 to 12."},
		"3/27/2026":   {Unclear, "There is no month 27. Did you mean 27 March 2026?"},
		"1/2/3":       {Unclear, "Which year is that? Enter all four digits of the year, for example 27 3 2007."},
		"last week":   {Unclear, "Which day was that? Enter the date, for example 27 3 2007."},
		"soon":        {Impossible, "That could not be read as a date. Enter it in numbers, for example 27 3 2007."},
		"a b c d e f": {Impossible, "That could not be read as a date. Enter it in numbers, for example 27 3 2007."},
	} {
		t.Run("problem with "+text, func(t *testing.T) {
			got, err := ParseDate(text, sunday)
			var p *Problem
			if !errors.As(err, &p) || *p != want {
				t.Errorf("ParseDate(%q) = %s, %v; want %v", text, got, err, want)
			}
		})
	}
}

func TestADateInTheFutureIsTold(t *testing.T) {
	if err := NotAfter(sunday.AddDays(1), sunday, "The date it happened"); err == nil || err.Error() != "The date it happened must be today or in the past." {
		t.Errorf("tomorrow gave %v", err)
	}
	if err := NotAfter(sunday, sunday, "The date it happened"); err != nil {
		t.Errorf("today gave %v", err)
	}
}

func TestParseWhen(t *testing.T) {
	zone := london(t)
	now := time.Date(2026, 11, 22, 14, 20, 0, 0, zone)
	for text, want := range map[string]struct {
		at    string
		exact bool
		notes int
	}{
		"yesterday 3pm":                 {"2026-11-21T15:00Z", true, 0},
		"yesterday at 3 pm":             {"2026-11-21T15:00Z", true, 0},
		"3.30pm yesterday":              {"2026-11-21T15:30Z", true, 0},
		"yesterday 15:30":               {"2026-11-21T15:30Z", true, 0},
		"3 o'clock yesterday afternoon": {"2026-11-21T15:00Z", true, 0},
		"at 9 this morning":             {"2026-11-22T09:00Z", true, 0},
		"9 in the morning":              {"2026-11-22T09:00Z", true, 0},
		"half past 9 this morning":      {"2026-11-22T09:30Z", true, 0},
		"quarter to 3pm yesterday":      {"2026-11-21T14:45Z", true, 0},
		"last Tuesday at noon":          {"2026-11-17T12:00Z", true, 1},
		"27 3 2007 15:30":               {"2007-03-27T14:30Z", true, 0},
		"27 March 2026, 9am":            {"2026-03-27T09:00Z", true, 0},
		"2026-11-20 08:15":              {"2026-11-20T08:15Z", true, 0},
		"2026-11-20T08:15":              {"2026-11-20T08:15Z", true, 0},
		"just now":                      {"2026-11-22T14:20Z", true, 0},
		"two hours ago":                 {"2026-11-22T12:20Z", true, 0},
		"half an hour ago":              {"2026-11-22T13:50Z", true, 0},
		"20 minutes ago":                {"2026-11-22T14:00Z", true, 0},
		"10am":                          {"2026-11-22T10:00Z", true, 0},
		"6pm":                           {"2026-11-21T18:00Z", true, 1}, // not yet today
		"last night":                    {"2026-11-21T18:00Z", false, 1},
		"last night at 2":               {"2026-11-22T02:00Z", true, 0},
		"last night at 11":              {"2026-11-21T23:00Z", true, 0},
		"yesterday":                     {"2026-11-21T00:00Z", false, 1},
		"yesterday morning":             {"2026-11-21T06:00Z", false, 1},
		"3 days ago":                    {"2026-11-19T00:00Z", false, 1},
		"yesterday midnight":            {"2026-11-21T00:00Z", true, 1},
		"yesterday 3:30":                {"2026-11-21T03:30Z", true, 1},
		"25 October 2026 1:30am":        {"2026-10-25T00:30Z", true, 1}, // twice: the earlier
		"29 March 2026 1:30am":          {"2026-03-29T01:30Z", true, 1}, // never
	} {
		t.Run(text, func(t *testing.T) {
			got, err := ParseWhen(text, now, zone)
			if err != nil {
				t.Fatalf("ParseWhen(%q): %v", text, err)
			}
			if at := got.Time.UTC().Format("2006-01-02T15:04Z"); at != want.at || got.Exact != want.exact || len(got.Notes) != want.notes {
				t.Errorf("ParseWhen(%q) = %s, exact %v, notes %q; want %v", text, at, got.Exact, got.Notes, want)
			}
		})
	}
}

func TestParseWhenProblems(t *testing.T) {
	zone := london(t)
	now := time.Date(2026, 11, 22, 14, 20, 0, 0, zone)
	for text, want := range map[string]Problem{
		"":                    {Missing, "Enter when it was, for example 27 3 2007 or yesterday 3pm."},
		"yesterday at 3":      {Unclear, "Was that 3 in the morning or in the afternoon? Enter 3am or 3pm."},
		"yesterday 25:00":     {Impossible, `There is no time "25:00". Enter it like 3:30pm or 15:30.`},
		"yesterday 13pm":      {Impossible, `There is no time "13pm". Enter it like 3:30pm or 15:30.`},
		"31 April 3pm":        {Impossible, "There is no 31 April."},
		"3pm 1/2/3":           {Unclear, "Which year is that? Enter all four digits of the year, for example 27 3 2007."},
		"when the bus turned": {Impossible, "That could not be read as a date. Enter it in numbers, for example 27 3 2007."},
	} {
		t.Run("problem with "+text, func(t *testing.T) {
			got, err := ParseWhen(text, now, zone)
			var p *Problem
			if !errors.As(err, &p) || *p != want {
				t.Errorf("ParseWhen(%q) = %v, %v; want %v", text, got, err, want)
			}
		})
	}
}

// Every day can be written in each of the usual ways and is read back the same.
func TestWrittenDatesAreReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := Date{2020, 1, 1}.AddDays(rapid.IntRange(0, 4000).Draw(t, "days"))
		for _, layout := range []string{"2006-01-02", "2/1/2006", "02.01.06", "2 January 2006", "Mon 2 Jan 2006", "January 2, 2006"} {
			text := d.noon().Format(layout)
			if got, err := ParseDate(text, sunday); err != nil || got != d {
				t.Fatalf("ParseDate(%q) = %s, %v; want %s", text, got, err, d)
			}
		}
	})
}

// Whatever people type, there is an answer or a sentence, and never a moment in the future
// unless the words say so.
func FuzzParseWhen(f *testing.F) {
	for _, seed := range []string{"yesterday 3pm", "1/2/3", "dydd", "half past", "at", "last", "a couple ago", "99999999999 days ago", "march", "next"} {
		f.Add(seed)
	}
	zone := london(f)
	now := time.Date(2026, 11, 22, 14, 20, 0, 0, zone)
	f.Fuzz(func(t *testing.T, text string) {
		_, err := ParseWhen(text, now, zone)
		var p *Problem
		if err != nil && (!errors.As(err, &p) || p.Text == "") {
			t.Errorf("ParseWhen(%q) gave %v, which is not a sentence", text, err)
		}
	})
}

func TestTimesInTheOverlapSaySo(t *testing.T) {
	w, err := ParseWhen("25 10 2026 at 1.30am", time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), london(t))
	if err != nil || !slices.Contains(w.Notes, "The clocks went back that night, so that time came twice. The earlier one is used.") {
		t.Errorf("got %v, %v", w, err)
	}
}
