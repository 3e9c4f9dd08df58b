package bot

import (
	"testing"
	"time"
	_ "time/tzdata"

	"shareright/knowledge/calendar"
)

type dated struct {
	When time.Time
	Day  calendar.Date
}

func TestDatesAreReadInPlainWordsAndReadBack(t *testing.T) {
	zone, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	r := reader{now: time.Date(2026, 10, 26, 12, 0, 0, 0, time.UTC), zone: zone, lang: "en"}
	when := AskWhen("when", "When?", func(d *dated) *time.Time { return &d.When }).Past()
	day := AskDate("day", "Which day?", func(d *dated) *calendar.Date { return &d.Day })
	for _, c := range []struct{ said, back string }{
		{"yesterday 3pm", "25 October 2026 15:00"},
		{"27 3 2026 09:30", "27 March 2026 09:30"},
		{"two hours ago", "26 October 2026 10:00"},
		{"25 October 2026 01:30", "25 October 2026 01:30 BST"},     // comes twice: the earlier
		{"25 October 2026 01:30 gmt", "25 October 2026 01:30 GMT"}, // unless the zone is named
	} {
		var d dated
		if _, problem := when.take(&d, []string{c.said}, r); problem != "" {
			t.Errorf("%s: %s", c.said, problem)
			continue
		}
		if back := when.readable(&d, r); back != c.back {
			t.Errorf("%s is read back as %s, want %s", c.said, back, c.back)
		}
		var again dated
		if _, problem := when.take(&again, []string{when.readable(&d, r)}, r); problem != "" || !again.When.Equal(d.When) {
			t.Errorf("%s: what is read back is not read again: %s, %s", c.said, again.When, problem)
		}
	}
	for _, c := range []struct{ said, want string }{
		{"tomorrow 9am", "That is in the future. Enter when it was."},
		{"30 December 2026", "That is in the future. Enter when it was."},
	} {
		var d dated
		if _, problem := when.take(&d, []string{c.said}, r); problem != c.want || !d.When.IsZero() {
			t.Errorf("%s: problem %q, kept %s", c.said, problem, d.When)
		}
	}
	var d dated
	for _, said := range []string{"1/2/3", "31 February 2026", "soonish"} {
		if _, problem := day.take(&d, []string{said}, r); problem == "" {
			t.Errorf("%s was taken as %s", said, d.Day)
		}
	}
	if _, problem := day.take(&d, []string{"last Tuesday"}, r); problem != "" || d.Day.String() != "2026-10-20" {
		t.Errorf("last Tuesday is %s, %s", d.Day, problem)
	}
}

func TestADayThatHasPassedIsNotTakenForLater(t *testing.T) {
	r := reader{now: time.Date(2026, 10, 26, 12, 0, 0, 0, time.UTC), zone: time.UTC, lang: "en"}
	first := AskDate("first", "When?", func(d *dated) *calendar.Date { return &d.Day }).Ahead()
	for said, want := range map[string]string{
		"25 October 2026": "That day has passed. Choose today or a later day, with the year.",
		"today":           "",
		"1 March 2027":    "",
	} {
		var d dated
		if _, problem := first.take(&d, []string{said}, r); problem != want {
			t.Errorf("%s: %q, want %q", said, problem, want)
		}
	}
}
