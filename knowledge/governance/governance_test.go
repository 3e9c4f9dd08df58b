package governance

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"shareright/knowledge/calendar"
)

func day(text string) calendar.Date {
	if text == "" {
		return calendar.Date{}
	}
	d, err := calendar.ParseISO(text)
	if err != nil {
		panic(err)
	}
	return d
}

func TestPolicyReview(t *testing.T) {
	for name, c := range map[string]struct {
		last         string
		years        int
		today, want  string
		warningsHold string
	}{
		"two years on":                  {"2023-05-31", 2, "", "2025-05-31", ""},
		"lapsed reviews are said to be": {"2023-05-31", 2, "2026-11-22", "2025-05-31", "was due on 31 May 2025"},
		"due today has not lapsed":      {"2024-11-22", 2, "2026-11-22", "2026-11-22", ""},
		"the usual interval is named":   {"2026-01-01", 0, "2026-11-22", "2028-01-01", "usual 2 years"},
		"the leap day ends February":    {"2024-02-29", 1, "", "2025-02-28", ""},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Default().Next(day(c.last), c.years, day(c.today))
			if err != nil || got.Date != day(c.want) {
				t.Errorf("due %s, %v; want %s", got.Date, err, c.want)
			}
			if warned := strings.Join(got.Warnings, " "); !strings.Contains(warned, c.warningsHold) || c.warningsHold == "" && warned != "" {
				t.Errorf("warnings %q; want %q", warned, c.warningsHold)
			}
		})
	}
	for _, c := range []struct {
		last  string
		years int
	}{{"", 2}, {"2024-01-01", -1}, {"2024-01-01", 26}} {
		if got, err := Default().Next(day(c.last), c.years, calendar.Date{}); err == nil {
			t.Errorf("last %q and %d years gave %s", c.last, c.years, got.Date)
		}
	}
}

func TestMistakesInTheContentAreExplained(t *testing.T) {
	sources, err := fs.ReadFile(content, "sources.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"every_years: 0\nsources: [policy-review]":  "every_years is 0",
		"every_years: 2\nsources: [policy-reviews]": `did you mean "policy-review"`,
		"every_yers: 2": "every_yers",
	} {
		_, err := Load(fstest.MapFS{"reviews.yaml": {Data: []byte(text)}, "sources.yaml": {Data: sources}})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v; want %q", text, err, want)
		}
	}
}
