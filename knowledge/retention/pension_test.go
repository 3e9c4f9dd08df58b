package retention

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"shareright/knowledge/calendar"
)

func TestStatePensionAge(t *testing.T) {
	for _, c := range []struct{ dob, sex, want string }{
		{"1945-03-10", "m", "2010-03-10"}, {"1945-03-10", "f", "2005-03-10"},
		{"1950-04-05", "f", "2010-04-05"}, {"1950-04-06", "f", "2010-05-06"}, {"1950-05-05", "f", "2010-05-06"},
		{"1950-05-06", "f", "2010-07-06"}, {"1951-11-20", "f", "2013-07-06"}, {"1951-12-06", "f", "2013-09-06"},
		{"1952-02-06", "f", "2014-01-06"}, {"1953-04-05", "f", "2016-03-06"}, {"1953-04-06", "f", "2016-07-06"},
		{"1953-05-06", "Female", "2016-11-06"}, {"1953-12-05", "f", "2018-11-06"}, {"1953-12-05", "m", "2018-12-05"},
		{"1953-04-06", "m", "2018-04-06"}, {"1953-12-06", "", "2019-03-06"}, {"1954-01-05", "", "2019-03-06"},
		{"1954-01-06", "", "2019-05-06"}, {"1954-04-05", "", "2019-09-06"}, {"1954-09-06", "", "2020-09-06"},
		{"1954-10-05", "", "2020-09-06"}, {"1954-10-06", "", "2020-10-06"}, {"1960-04-05", "", "2026-04-05"},
		{"1960-02-29", "", "2026-03-01"}, {"1960-04-06", "", "2026-05-06"}, {"1960-04-30", "", "2026-05-30"},
		{"1960-07-31", "", "2026-11-30"}, {"1960-08-31", "", "2027-01-31"}, {"1960-12-31", "", "2027-09-30"},
		{"1961-01-31", "", "2027-11-30"}, {"1961-02-28", "", "2028-01-28"}, {"1961-03-05", "", "2028-02-05"},
		{"1961-03-06", "", "2028-03-06"}, {"1970-06-15", "", "2037-06-15"}, {"1977-04-05", "", "2044-04-05"},
		{"1977-04-06", "", "2044-05-06"}, {"1977-12-31", "", "2045-09-06"}, {"1978-03-06", "", "2046-03-06"},
		{"1978-04-05", "", "2046-03-06"}, {"1978-04-06", "", "2046-04-06"}, {"1990-01-31", "", "2058-01-31"},
		{"1980-02-29", "", "2048-02-29"}, {"1996-02-29", "m", "2064-02-29"},
	} {
		got, err := DefaultPensions().Age(day(c.dob), c.sex)
		if err != nil || got.Date != day(c.want) {
			t.Errorf("born %s %s: %s, %v; want %s", c.dob, c.sex, got.Date, err, c.want)
		}
	}
}

func TestPensionAgeIsWithinTheLawForEveryBirthday(t *testing.T) {
	p := DefaultPensions()
	for dob := day("1940-01-01"); dob.Year < 2000; dob = dob.AddDays(1) {
		for _, sex := range []string{"m", "f"} {
			due, err := p.Age(dob, sex)
			if err != nil {
				t.Fatal(err)
			}
			if due.Date.Before(dob.AddYears(60)) || due.Date.After(dob.Birthday(68)) {
				t.Fatalf("born %s %s: %s", dob, sex, due.Date)
			}
			if kept, _, err := p.Latest(dob, ""); err != nil || kept.Before(due.Date) {
				t.Fatalf("born %s: without sex %s is earlier than %s for %s", dob, kept, due.Date, sex)
			}
		}
	}
}

func TestPensionAgeAsksForSexOnlyWhereItMatters(t *testing.T) {
	p := DefaultPensions()
	if _, err := p.Age(day("1953-12-05"), ""); !errors.Is(err, ErrSexNeeded) {
		t.Errorf("born 5 December 1953: %v", err)
	}
	if _, err := p.Age(day("1953-12-06"), ""); err != nil {
		t.Errorf("born 6 December 1953: %v", err)
	}
	for _, c := range []struct{ dob, sex string }{{"1950-01-01", "x"}, {"1820-01-01", "m"}, {"", "m"}} {
		if _, err := p.Age(day(c.dob), c.sex); err == nil {
			t.Errorf("born %q, sex %q should be refused", c.dob, c.sex)
		}
	}
}

func TestATimetableWithMistakesIsRefused(t *testing.T) {
	const head = "version: x\nsources: []\nmen: [{born: 1850-01-01, years: 65}]\nwomen: [{born: 1850-01-01, years: 60}]\n"
	for name, c := range map[string]struct{ text, want string }{
		"rows out of order":  {head + "all: [{born: 1960-01-01, years: 66}, {born: 1959-01-01, years: 67}]", "must go forward"},
		"a row with neither": {head + "all: [{born: 1960-01-01}]", "either on or years"},
		"no rows":            {head, `"all" is empty`},
		"rows in the wrong table": {
			"version: x\nsources: []\nmen: [{born: 1970-01-01, years: 65}]\nwomen: [{born: 1850-01-01, years: 60}]\nall: [{born: 1960-01-01, years: 66}]", "must come before"},
	} {
		_, err := LoadPensions(fstest.MapFS{"pension.yaml": {Data: []byte(c.text)}, "sources.yaml": {Data: []byte("[]")}})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v; want %q", name, err, c.want)
		}
	}
}

func TestLimitation(t *testing.T) {
	for name, c := range map[string]struct {
		kind                string
		nation              calendar.Nation
		happened, dob, want string
	}{
		"a child can claim until 21":                      {"pi_child", "EW", "2022-05-05", "2012-08-20", "2033-08-20"},
		"in Northern Ireland too":                         {"pi_child", "NI", "2022-05-05", "2012-08-20", "2033-08-20"},
		"in Scotland until 19":                            {"pi_child", "S", "2022-05-05", "2012-08-20", "2031-08-20"},
		"hurt at 17 in Scotland, three years from then":   {"pi_child", "S", "2029-09-01", "2012-08-20", "2032-09-01"},
		"hurt at 18, three years from then":               {"pi_child", "EW", "2030-09-01", "2012-08-20", "2033-09-01"},
		"born on the leap day, the later custom":          {"pi_child", "EW", "2022-05-05", "2012-02-29", "2033-03-01"},
		"without the day of the injury it is childhood's": {"pi_child", "EW", "", "2012-08-20", "2033-08-20"},
		"an adult, three years":                           {"pi_adult", "EW", "2022-05-05", "", "2025-05-05"},
		"a contract in England":                           {"contract", "EW", "2022-05-05", "", "2028-05-05"},
		"a contract in Scotland":                          {"contract", "S", "2022-05-05", "", "2027-05-05"},
		"a deed":                                          {"deed", "NI", "2022-05-05", "", "2034-05-05"},
	} {
		got, err := DefaultLimits().Until(c.kind, c.nation, day(c.happened), day(c.dob))
		if err != nil || got.Date != day(c.want) || len(got.Sources) == 0 {
			t.Errorf("%s: %s, %v; want %s", name, got.Date, err, c.want)
		}
	}
	for want, c := range map[string]struct {
		kind          string
		nation        calendar.Nation
		happened, dob string
	}{
		"as dob":                  {"pi_child", "EW", "2022-05-05", ""},
		"as injured":              {"pi_adult", "EW", "", ""},
		"before the birth":        {"pi_child", "EW", "2010-05-05", "2012-08-20"},
		`did you mean "pi_child"`: {"pi_chid", "EW", "2022-05-05", "2012-08-20"},
		"is not known here":       {"deed", "S", "2022-05-05", ""},
	} {
		if _, err := DefaultLimits().Until(c.kind, c.nation, day(c.happened), day(c.dob)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v; want %q", c, err, want)
		}
	}
}
