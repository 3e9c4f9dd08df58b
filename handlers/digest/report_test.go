package digest

import (
	"testing"
	"time"

	"shareright/bot"
	"shareright/knowledge/calendar"
)

func TestSmallNumbersOfPeopleCannotBeReadOff(t *testing.T) {
	turn := bot.Turn{Lang: "en"}
	for _, tc := range []struct {
		f    bot.Figure
		want string
	}{
		{bot.Figure{Count: 0, Small: true}, "0"},
		{bot.Figure{Count: 1, Small: true}, "<3"},
		{bot.Figure{Count: 2, Small: true}, "<3"},
		{bot.Figure{Count: 3, Small: true}, "3"},
		{bot.Figure{Count: 2}, "2"},
		{bot.Figure{Count: 1, Of: 2, Small: true}, "fewer than 3 in all"},
		{bot.Figure{Count: 2, Of: 2, Small: true}, "fewer than 3 in all"},
		{bot.Figure{Count: 5, Of: 5, Small: true}, "all 5"},
		{bot.Figure{Count: 4, Of: 5, Small: true}, "some of 5"}, // one is left, who could be recognised
		{bot.Figure{Count: 2, Of: 9, Small: true}, "some of 9"},
		{bot.Figure{Count: 5, Of: 9, Small: true}, "5 of 9"},
		{bot.Figure{Count: 0, Of: 9, Small: true}, "0 of 9"},
		{bot.Figure{Count: 1, Of: 2}, "1 of 2"},
	} {
		if got := shown(turn, tc.f); got != tc.want {
			t.Errorf("%+v: %q, want %q", tc.f, got, tc.want)
		}
	}
}

// Whatever day somebody chose, and whatever days the program was off, a week brings one
// digest at most.
func TestAWeekBringsOneDigestAtMost(t *testing.T) {
	for chosen := time.Sunday; chosen <= time.Saturday; chosen++ {
		for off := range 7 { // off on one day a week
			h := Habit{Day: chosen, Hour: 9}
			perWeek := map[calendar.Date]int{}
			weeks := 0
			for day, n := (calendar.Date{Year: 2026, Month: 1, Day: 5}), 0; n < 3650; day, n = day.AddDays(1), n+1 {
				if day.Weekday() == time.Monday {
					weeks++
				}
				if n%7 != off && h.due(calendar.Mornings{}, day) {
					perWeek[monday(day)]++
					h.Sent = day
				}
			}
			if len(perWeek) < weeks-3 && chosen != time.Sunday { // a Sunday that is missed has no later day in its week
				t.Errorf("%s, off on day %d: %d of %d weeks", chosen, off, len(perWeek), weeks)
			}
			for week, n := range perWeek {
				if n > 1 {
					t.Fatalf("%s: %d digests in the week of %s", chosen, n, week)
				}
			}
		}
	}
}
