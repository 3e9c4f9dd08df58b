package rights

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"shareright/knowledge/calendar"
)

func closed(from, to string) []calendar.Date {
	var list []calendar.Date
	for d := day(from); !d.After(day(to)); d = d.AddDays(1) {
		list = append(list, d)
	}
	return list
}

func TestFifteenSchoolDays(t *testing.T) {
	for name, c := range map[string]struct {
		written string
		closed  []calendar.Date
		want    string
	}{
		"half-term is left out":             {"2026-10-12", closed("2026-10-26", "2026-10-30"), "2026-11-09"},
		"three weeks in the middle of term": {"2026-09-07", nil, "2026-09-28"},
		"a Friday starts on Monday":         {"2026-09-11", nil, "2026-10-02"},
		"a Saturday starts on Monday too":   {"2026-09-12", nil, "2026-10-02"},
		"a bank holiday is left out":        {"2026-04-20", nil, "2026-05-12"},
		"Christmas holidays are left out":   {"2026-12-10", closed("2026-12-19", "2027-01-03"), "2027-01-14"},
		"summer holidays are left out":      {"2026-07-20", closed("2026-07-22", "2026-09-01"), "2026-09-21"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Default().EducationRecord(SchoolRequest{Written: day(c.written), Closed: c.closed})
			if err != nil || got.Date != day(c.want) {
				t.Errorf("due %s, %v; want %s", got.Date, err, c.want)
			}
			if said(got.Warnings, "school_holidays_unknown") != (c.closed == nil) {
				t.Errorf("closed days given: %v, yet it says %q", c.closed != nil, got.Warnings)
			}
		})
	}
	if _, err := Default().EducationRecord(SchoolRequest{}); err == nil {
		t.Error("without the day of the request there is no date")
	}
}

func TestAComplaintIsAcknowledgedInThirtyDays(t *testing.T) {
	for name, c := range map[string]struct {
		received string
		nation   calendar.Nation
		want     string
		warns    string
	}{
		"a Sunday moves to Monday":             {"2026-06-19", "EW", "2026-07-20", "complaint_look_now"},
		"a working day stays":                  {"2026-09-01", "EW", "2026-10-01", ""},
		"Christmas and its weekend":            {"2026-11-25", "EW", "2026-12-29", ""},
		"the New Year holiday in Scotland":     {"2026-12-02", "S", "2027-01-05", ""}, // Monday 4 January stands in for the 2nd
		"before the law began":                 {"2026-05-01", "EW", "2026-06-01", "complaint_before_law"},
		"the Battle of the Boyne, substituted": {"2026-06-13", "NI", "2026-07-14", ""},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Default().ComplaintAcknowledgement(day(c.received), c.nation)
			if err != nil || got.Date != day(c.want) {
				t.Errorf("due %s, %v; want %s", got.Date, err, c.want)
			}
			if c.warns != "" && !said(got.Warnings, c.warns) {
				t.Errorf("it does not warn of %s: %q", c.warns, got.Warnings)
			}
		})
	}
}

// Every sentence that the code asks for is there, every sentence there is asked for, and
// all are short.
func TestSentences(t *testing.T) {
	used := map[string]bool{}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`"([a-z_]+)"`).FindAllStringSubmatch(string(text), -1) {
			used[m[1]] = true
		}
		for _, m := range regexp.MustCompile(`(?:Say|problem)\("([a-z_]+)"|(?:step|warn)\(&?due, "([a-z_]+)"`).FindAllStringSubmatch(string(text), -1) {
			if _, ok := Default().phrases[m[1]+m[2]]; !ok {
				t.Errorf("%s uses the sentence %q, which is not there", name, m[1]+m[2])
			}
		}
	}
	for name, text := range Default().phrases {
		if !used[name] {
			t.Errorf("nothing uses the sentence %q", name)
		}
		for sentence := range strings.SplitSeq(strings.TrimRight(text, ".")+" ", ". ") {
			if n := len(strings.Fields(sentence)); n > 20 {
				t.Errorf("%s has a sentence of %d words: %s", name, n, sentence)
			}
		}
	}
}

func TestMistakesInTheContentAreExplained(t *testing.T) {
	for name, c := range map[string]struct{ file, from, to, want string }{
		"a source that is not there": {"clocks.yaml", "[ukgdpr-12a, dpa-54]", "[ukgdpr-12aa]", `did you mean "ukgdpr-12a"`},
		"a period that is not there": {"clocks.yaml", "id: education_record", "id: eduction_record", `"education_record" is missing`},
		"a key that is misspelt":     {"clocks.yaml", "months: 3", "month: 3", "month"},
		"a source without its date":  {"sources.yaml", "  checked: 2026-11-22\n", "", "date it was checked"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Load(overlay(t, c.file, c.from, c.to), calendar.Default())
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v; want %q", err, c.want)
			}
		})
	}
}
