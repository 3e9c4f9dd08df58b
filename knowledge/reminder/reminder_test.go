package reminder

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"shareright/knowledge/calendar"
)

func day(t *testing.T, iso string) calendar.Date {
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

func TestTheMorningsOfAPlan(t *testing.T) {
	for name, tc := range map[string]struct {
		due, quiet, after string
		before            []int
		last              bool
		nation            calendar.Nation
		want              string
	}{
		"a month before, on the day, and every week after": {due: "2027-03-03", after: "2026-11-23", before: []int{30},
			want: "2027-02-01 2027-03-03 2027-03-10 2027-03-17"},
		"a weekend waits for Monday": {due: "2027-03-06", after: "2026-11-23", before: []int{1},
			want: "2027-03-05 2027-03-08 2027-03-15 2027-03-22"},
		"the day before and the day itself can fall on one morning": {due: "2027-03-07", after: "2026-11-23", before: []int{1},
			want: "2027-03-08 2027-03-15 2027-03-22 2027-03-30"}, // 29 March 2027 is Easter Monday
		"Easter in England": {due: "2027-03-26", after: "2026-11-23", nation: calendar.EnglandWales,
			want: "2027-03-30 2027-04-02 2027-04-09 2027-04-16"},
		"Easter Monday is a working day in Scotland": {due: "2027-03-26", after: "2026-11-23", nation: calendar.Scotland,
			want: "2027-03-29 2027-04-02 2027-04-09 2027-04-16"},
		"put off by a week": {due: "2027-03-03", after: "2027-02-01", quiet: "2027-02-08", before: []int{30},
			want: "2027-02-08 2027-03-03 2027-03-10 2027-03-17"},
		"put off past the day": {due: "2027-03-03", after: "2027-03-03", quiet: "2027-04-05", before: []int{30},
			want: "2027-04-05 2027-04-07 2027-04-14 2027-04-21"},
		"the last day allowed comes forward": {due: "2027-03-06", after: "2026-11-23", last: true,
			want: "2027-03-05 2027-03-15 2027-03-22 2027-03-30"},
		"long overdue": {due: "2020-03-03", after: "2027-02-03", before: []int{30},
			want: "2027-02-09 2027-02-16 2027-02-23 2027-03-02"},
	} {
		t.Run(name, func(t *testing.T) {
			if tc.nation == "" {
				tc.nation = calendar.EnglandWales
			}
			p := Plan{Due: day(t, tc.due), Before: tc.before, Every: 7, Quiet: day(t, tc.quiet), Last: tc.last, On: calendar.Default().Mornings(tc.nation)}
			var got []string
			at := day(t, tc.after)
			for range 4 {
				at = p.Next(at)
				got = append(got, at.String())
			}
			if strings.Join(got, " ") != tc.want {
				t.Errorf("got  %s\nwant %s", strings.Join(got, " "), tc.want)
			}
		})
	}
}

func TestWhatWasMissedIsCounted(t *testing.T) {
	p := Plan{Due: day(t, "2027-03-03"), Before: []int{30, 14, 1}, Every: 7, On: calendar.Default().Mornings(calendar.EnglandWales)}
	for told, want := range map[string]int{"2026-11-23": 3, "2027-02-01": 2, "2027-02-17": 1, "2027-03-02": 0} {
		if got := p.Missed(day(t, told), day(t, "2027-03-03")); got != want {
			t.Errorf("told on %s: %d missed, want %d", told, got, want)
		}
	}
}

func TestAPlanThatEndsSaysSo(t *testing.T) {
	p := Plan{Due: day(t, "2027-03-03"), On: calendar.Default().Mornings(calendar.EnglandWales)}
	if got := p.Next(day(t, "2027-03-03")); !got.IsZero() {
		t.Errorf("after the end comes %s", got)
	}
}

func TestMorningsAreAtNineThroughClockChanges(t *testing.T) {
	zone, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	for iso, want := range map[string]string{
		"2026-10-26": "2026-10-26T09:00:00Z", // the Monday after the clocks went back
		"2026-10-23": "2026-10-23T08:00:00Z",
		"2026-12-25": "2026-12-29T09:00:00Z", // Christmas, a weekend, and Boxing Day's Monday
	} {
		if got := calendar.Default().Mornings(calendar.EnglandWales).At(day(t, iso), zone).UTC().Format(time.RFC3339); got != want {
			t.Errorf("%s: %s, want %s", iso, got, want)
		}
	}
}

// A reminder is never earlier than its plan, always on a working day, and time goes forward.
func TestAReminderIsNeverEarly(t *testing.T) {
	origin := day(t, "2024-01-01")
	rapid.Check(t, func(r *rapid.T) {
		p := Plan{
			Due:    origin.AddDays(rapid.IntRange(0, 1500).Draw(r, "due")),
			Before: rapid.SliceOfN(rapid.IntRange(0, 60), 0, 4).Draw(r, "before"),
			Every:  rapid.IntRange(1, 30).Draw(r, "every"),
			On:     calendar.Default().Mornings(rapid.SampledFrom([]calendar.Nation{calendar.EnglandWales, calendar.Scotland, calendar.NorthernIreland}).Draw(r, "nation")),
		}
		if rapid.Bool().Draw(r, "put off") {
			p.Quiet = origin.AddDays(rapid.IntRange(0, 1500).Draw(r, "quiet"))
		}
		after := origin.AddDays(rapid.IntRange(-100, 1700).Draw(r, "after"))
		first := p.Due
		for _, n := range p.Before {
			if d := p.Due.AddDays(-n); d.Before(first) {
				first = d
			}
		}
		if p.Quiet.Before(first) && !p.Quiet.IsZero() {
			first = p.Quiet
		}
		for range 5 {
			next := p.Next(after)
			switch {
			case !next.After(after):
				r.Fatalf("%s is not after %s", next, after)
			case next.Before(first) || next.Before(p.Quiet):
				r.Fatalf("%s is earlier than the plan %+v", next, p)
			case !p.On.Working(next):
				r.Fatalf("%s is no working day", next)
			case p.Missed(after, next) != 0:
				r.Fatalf("between %s and %s something is missed", after, next)
			}
			if limit := calendar.Latest(calendar.Latest(after, p.Quiet), p.Due).AddDays(p.Every + 7); next.After(limit) {
				r.Fatalf("%s comes too late after %s for %+v", next, after, p)
			}
			after = next
		}
	})
}
