package calendar

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// The bank holidays as the government published them, month and day.
var published = map[Nation]map[int]string{
	EnglandWales: {
		2020: "01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28",
		2021: "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28",
		2022: "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27",
		2023: "01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26",
		2024: "01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26",
		2025: "01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26",
		2026: "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28",
		2027: "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28",
		2028: "01-03 04-14 04-17 05-01 05-29 08-28 12-25 12-26",
	},
	Scotland: {
		2022: "01-03 01-04 04-15 05-02 06-02 06-03 08-01 09-19 11-30 12-26 12-27",
		2023: "01-02 01-03 04-07 05-01 05-08 05-29 08-07 11-30 12-25 12-26",
		2024: "01-01 01-02 03-29 05-06 05-27 08-05 12-02 12-25 12-26",
		2025: "01-01 01-02 04-18 05-05 05-26 08-04 12-01 12-25 12-26",
		2026: "01-01 01-02 04-03 05-04 05-25 06-15 08-03 11-30 12-25 12-28",
		2027: "01-01 01-04 03-26 05-03 05-31 08-02 11-30 12-27 12-28",
	},
	NorthernIreland: {
		2024: "01-01 03-18 03-29 04-01 05-06 05-27 07-12 08-26 12-25 12-26",
		2025: "01-01 03-17 04-18 04-21 05-05 05-26 07-14 08-25 12-25 12-26",
		2026: "01-01 03-17 04-03 04-06 05-04 05-25 07-13 08-31 12-25 12-28",
	},
}

func TestBankHolidaysAreThePublishedOnes(t *testing.T) {
	for nation, years := range published {
		for year, want := range years {
			var got []string
			for _, h := range Default().Holidays(nation, year) {
				got = append(got, h.Date.String()[5:])
			}
			if diff := cmp.Diff(strings.Fields(want), got); diff != "" {
				t.Errorf("%s %d (-want +got):\n%s", nation, year, diff)
			}
		}
	}
}

func TestEasterFallsOnTheKnownSundays(t *testing.T) {
	for _, want := range []string{"1818-03-22", "1943-04-25", "2000-04-23", "2008-03-23", "2019-04-21", "2024-03-31", "2038-04-25", "2285-03-22"} {
		d, err := ParseISO(want)
		if err != nil {
			t.Fatal(err)
		}
		if got := easter(d.Year); got != d {
			t.Errorf("Easter %d is %s; want %s", d.Year, got, want)
		}
	}
}

func TestTheNextWorkingDayIsTheFirstWorkingDay(t *testing.T) {
	c := Default()
	rapid.Check(t, func(t *rapid.T) {
		nation := rapid.SampledFrom([]Nation{EnglandWales, Scotland, NorthernIreland}).Draw(t, "nation")
		d := Date{2002, 1, 1}.AddDays(rapid.IntRange(0, 20_000).Draw(t, "days"))
		next := c.NextWorkingDay(nation, d)
		if !c.Working(nation, next) || next.Before(d) || d.DaysTo(next) > 6 {
			t.Fatalf("after %s comes %s", d, next)
		}
		for between := d; between != next; between = between.AddDays(1) {
			if c.Working(nation, between) {
				t.Fatalf("%s is a working day before %s", between, next)
			}
		}
		last := c.LastWorkingDay(nation, d)
		if !c.Working(nation, last) || last.After(d) || last.After(next) || last.DaysTo(d) > 6 {
			t.Fatalf("before %s comes %s", d, last)
		}
	})
}

func TestTheCalendarSaysHowFarItIsKnown(t *testing.T) {
	c := Default()
	if !c.Known(c.KnownTo()) || c.Known(c.KnownTo().AddDays(1)) || c.Known(Date{1999, 12, 31}) {
		t.Errorf("known to %s, but Known does not say so", c.KnownTo())
	}
	if len(c.Sources()) == 0 {
		t.Error("the bank holidays have no source")
	}
}

func TestMistakesInTheContentAreExplained(t *testing.T) {
	const sources = "- {id: s, title: S, checked: 2026-01-01}\n"
	const head = "known_from: 2020-01-01\nknown_to: 2028-12-31\nsources: [s]\n"
	for name, c := range map[string]struct{ text, want string }{
		"a nation that is not one":      {head + "rules: [{name: X, nations: [FR], month: 1, day: 1}]", `"X" has the nation "FR"; use EW, S or NI`},
		"a month that is not one":       {head + "rules: [{name: X, nations: [EW], month: 13, day: 1}]", "there is no month 13"},
		"neither a day nor a Monday":    {head + "rules: [{name: X, nations: [EW], month: 1}]", `"X" needs a day`},
		"a misspelt key":                {head + "rulez: []", "rulez"},
		"an unknown source":             {"known_from: 2020-01-01\nknown_to: 2028-12-31\nsources: [t]", `no source "t"`},
		"an extra day without its date": {head + "extra: [{name: X, nations: [S]}]", `"X" needs a date`},
		"a day that does not exist":     {head + "extra: [{name: X, nations: [S], date: 2026-02-30}]", "there is no 30 February 2026"},
		"the horizon before the start":  {"known_from: 2020-01-01\nknown_to: 2019-12-31\nsources: [s]", "in that order"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Load(fstest.MapFS{"holidays.yaml": {Data: []byte(c.text)}, "sources.yaml": {Data: []byte(sources)}})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v; want %q", err, c.want)
			}
		})
	}
}

func BenchmarkNextWorkingDay(b *testing.B) {
	c := Default()
	d := Date{2026, 12, 25}
	for b.Loop() {
		c.NextWorkingDay(EnglandWales, d)
	}
}
