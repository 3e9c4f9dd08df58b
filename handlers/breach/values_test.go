package breach

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"shareright/bot"
	"shareright/knowledge/calendar"
)

func TestNumbersOfRecipientsAreReadAsPeopleWriteThem(t *testing.T) {
	for text, want := range map[string][]int{
		"all": {1, 2, 3, 4, 5}, "ALL ": {1, 2, 3, 4, 5}, "1": {1}, "1, 3": {1, 3}, "1 and 3": {1, 3}, "2 to 4": {2, 3, 4}, "2-4,1": {2, 3, 4, 1}, "2–3": {2, 3},
		"6": nil, "0": nil, "4-2": nil, "some": nil, "": nil, "1, x": nil,
	} {
		if got := numbers(text, 5); cmp.Diff(want, got) != "" {
			t.Errorf("%q: got %v, want %v", text, got, want)
		}
	}
}

func TestADrillGivesPointsForEachQuarterOfTheTime(t *testing.T) {
	for took, want := range map[time.Duration]int{-1: 0, 0: 5, 4 * time.Minute: 5, 5 * time.Minute: 4, 16 * time.Minute: 3, 17 * time.Minute: 2, 72 * time.Minute: 1, 73 * time.Minute: 0} {
		if got := drillScore(took); got != want {
			t.Errorf("%s: %d points, want %d", took, got, want)
		}
	}
}

func TestInTheLastHoursBothSidesMustConfirm(t *testing.T) {
	aware := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	end := aware.Add(72 * time.Hour)
	for name, tc := range map[string]struct {
		about bot.Role
		seen  []Seen
		now   time.Time
		want  int
	}{
		"before the last hours nobody":         {now: end.Add(-5 * time.Hour), want: 0},
		"then both sides":                      {now: end.Add(-3 * time.Hour), want: 2},
		"the lead alone is not enough":         {now: end.Add(-3 * time.Hour), seen: []Seen{{Roles: []bot.Role{bot.DPLead}, At: end.Add(-4 * time.Hour)}}, want: 1},
		"a deputy stands for the lead":         {now: end.Add(-3 * time.Hour), seen: []Seen{{Roles: []bot.Role{bot.Deputy}, At: end.Add(-4 * time.Hour)}}, want: 1},
		"an earlier press does not count":      {now: end.Add(-3 * time.Hour), seen: []Seen{{Roles: []bot.Role{bot.DPLead}, At: end.Add(-5 * time.Hour)}}, want: 2},
		"one person with both roles is enough": {now: end.Add(-3 * time.Hour), seen: []Seen{{Roles: []bot.Role{bot.DPLead, bot.Trustee}, At: end.Add(-3 * time.Hour)}}, want: 0},
		"about a trustee only the lead's side": {about: bot.Trustee, now: end.Add(-3 * time.Hour), want: 1},
	} {
		t.Run(name, func(t *testing.T) {
			b := Breach{State: held, Aware: aware, About: tc.about, Seen: tc.seen}
			if got := b.unseen(bot.Turn{Now: tc.now}); len(got) != tc.want {
				t.Errorf("still needed: %v, want %d", got, tc.want)
			}
		})
	}
}

func TestAMovedClockTellsNothingTwiceAndStillTellsThatItIsOver(t *testing.T) {
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	for hours, want := range map[int]int{0: -1, 25: 48, 50: 24, 71: 1, 80: 1} {
		b := Breach{Aware: now}
		b.moveClock(bot.Turn{Now: now}, now.Add(-time.Duration(hours)*time.Hour))
		got := -1
		if b.Warned != nil {
			got = *b.Warned
		}
		if got != want {
			t.Errorf("aware %d hours ago: last told at %d hours left, want %d", hours, got, want)
		}
		if latest, missed := b.passed(now); hours == 80 && (latest != 0 || len(missed) > 0) {
			t.Errorf("after the end: latest %d, missed %v", latest, missed)
		}
	}
}

func TestTheMorningIsAWorkingMorning(t *testing.T) {
	zone, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct{ now, day, want string }{
		{"2026-11-27T10:00:00Z", "2026-11-28", "2026-11-30T09:00:00Z"}, // Saturday
		{"2026-12-24T18:00:00Z", "2026-12-25", "2026-12-29T09:00:00Z"}, // Christmas, Boxing Day moved to Monday
		{"2026-11-23T08:00:00Z", "2026-11-23", "2026-11-23T09:00:00Z"},
		{"2026-11-23T10:00:00Z", "2026-11-23", "2026-11-24T09:00:00Z"}, // nine has passed
		{"2026-06-01T10:00:00Z", "2026-06-02", "2026-06-02T08:00:00Z"}, // summer time
	} {
		now, err := time.Parse(time.RFC3339, tc.now)
		if err != nil {
			t.Fatal(err)
		}
		day, err := calendar.ParseISO(tc.day)
		if err != nil {
			t.Fatal(err)
		}
		got := morning(bot.Turn{Now: now, Org: bot.Org{Nation: "EW", Zone: zone}}, day).UTC().Format(time.RFC3339)
		if got != tc.want {
			t.Errorf("%s: got %s, want %s", tc.day, got, tc.want)
		}
	}
}

func TestATimeThatComesTwiceIsNamed(t *testing.T) {
	zone, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{"2026-10-25T00:30:00Z": "BST", "2026-10-25T01:30:00Z": "GMT", "2026-10-25T03:30:00Z": "", "2026-07-01T12:00:00Z": ""} {
		at, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		name, twice := doubled(at, zone)
		if twice != (want != "") || twice && name != want {
			t.Errorf("%s: %s, %v; want %q", text, name, twice, want)
		}
	}
}
