package retention

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

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

// known reads "left=2020-06-30 dob=1960-07-31"; a trigger may stand there twice.
func known(text string) Inputs {
	in := Inputs{Dates: map[string][]calendar.Date{}}
	for pair := range strings.FieldsSeq(text) {
		name, value, _ := strings.Cut(pair, "=")
		switch name {
		case "sex":
			in.Sex = value
		case "base":
			in.Base = value
		case "years":
			in.ExtraYears = int(value[0] - '0')
		case "hold":
			in.Holds = append(in.Holds, value)
		case "today":
			in.Today = day(value)
		default:
			in.Dates[name] = append(in.Dates[name], day(value))
		}
	}
	return in
}

func TestEveryRule(t *testing.T) {
	for _, c := range []struct{ rule, inputs, want string }{
		{"staff_personnel", "left=2020-06-30", "2026-06-30"},
		{"staff_file", "left=2020-02-29", "2026-02-28"},
		{"successful_applicant", "left=2026-05-01", "2026-05-01"},
		{"unsuccessful_applicant", "decision=2026-08-31", "2027-02-28"},
		{"shortlisting_unsuccessful", "decision=2026-01-15", "2026-07-15"},
		{"volunteer", "left=2024-11-22", "2026-11-22"},
		{"volunteer_allegation", "left=2016-11-22 dob=1960-07-31", "2026-11-30"},
		{"volunteer_allegation", "left=2024-11-22 dob=1950-07-31", "2034-11-22"}, // sex makes no difference
		{"volunteer_allegation", "left=2024-11-22 dob=1999-01-31", "2067-01-31"},
		{"staff_allegation", "left=2024-03-01 dob=1961-03-05", "2034-03-01"},
		{"staff_allegation", "left=2024-03-01 allegation=2025-06-01 dob=1961-03-05", "2035-06-01"},
		{"trustee_allegation", "left=2024-03-01 dob=1985-03-05", "2053-03-05"},
		{"trustee", "left=2020-06-30", "2026-06-30"},
		{"dbs_no_issues", "decision=2026-05-31", "2026-11-30"},
		{"dbs_issues_max", "decision=2026-05-31", "2029-05-31"},
		{"family_no_concern", "support_ended=2025-11-30", "2026-11-30"},
		{"family_abuse_75", "last_entry=2026-03-14", "2101-03-14"},
		{"roca_not_referred", "child_dob=2012-02-29", "2037-03-01"},
		{"roca_below_threshold", "child_dob=2010-09-01", "2035-09-01"},
		{"roca_siblings", "child_dobs=2010-09-01 child_dobs=2015-04-03 child_dobs=2012-01-01", "2040-04-03"},
		{"roca_not_referred", "child_dob=2010-09-01 child_dobs=2015-04-03", "2040-04-03"},
		{"family_other", "support_ended=2019-11-22", "2026-11-22"},
		{"family_consent_extension", "support_ended=2025-11-30 base=family_no_concern years=5", "2031-11-30"},
		{"family_consent_extension", "support_ended=2025-11-30 base=family_other years=2", "2034-11-30"},
		{"family_consent_extension", "support_ended=2025-11-30 base=family_no_concern", "2031-11-30"},
		{"legal_involvement", "proceedings_ended=2020-01-31", "2027-01-31"},
		{"accident_book", "last_accident=2015-05-05", "2027-05-05"},
		{"accident_book", "last_accident=2015-05-05 child_dob=2012-08-20", "2033-08-20"}, // a child can claim until 21
		{"membership", "left=2016-12-01", "2026-12-01"},
		{"lease", "expired=2014-03-31", "2026-03-31"},
		{"hire_purchase", "expiry=2020-03-31", "2026-03-31"},
		{"employers_liability_cert", "expiry=2024-03-31", "2064-03-31"},
		{"financial", "year_end=2020-03-31", "2026-03-31"},
		{"payroll", "year_end=2020-04-05", "2026-04-05"},
		{"rtw_check_record", "left=2020-06-30", "2026-06-30"},
		{"rtw_evidence", "left=2020-06-30", "2022-06-30"}, // what the law asks for
		{"rtw_evidence", "", ""},
		{"health_safety", "created=2014-06-30", "2026-06-30"},
		{"injury_record", "event=2014-06-30", "2026-06-30"},
		{"injury_record", "last_accident=2014-06-30", "2026-06-30"},
		{"dbs_form", "", ""},
		{"dpia_exception", "", ""},
		{"permanent", "", ""},
		{"board_minutes", "left=2020-01-01", ""},
	} {
		t.Run(c.rule+" "+c.inputs, func(t *testing.T) {
			got, err := Default().Compute(c.rule, known(c.inputs))
			if err != nil || got.Date.String() != c.want {
				t.Errorf("got %q, %v; want %q", got.Date, err, c.want)
			}
			if len(got.Steps) == 0 || len(got.Sources) == 0 {
				t.Errorf("no working or no source: %+v", got.Due)
			}
		})
	}
}

func TestWhatARuleNeedsIsAskedFor(t *testing.T) {
	for _, c := range []struct{ rule, inputs, trigger string }{
		{"staff_personnel", "", "left"},
		{"volunteer_allegation", "left=2020-01-01", "dob"},
		{"staff_allegation", "dob=1980-01-01", "left"},
		{"roca_siblings", "dob=1980-01-01", "child_dobs"},
		{"family_consent_extension", "base=family_no_concern", "support_ended"},
	} {
		_, err := Default().Compute(c.rule, known(c.inputs))
		var missing *MissingError
		if !errors.As(err, &missing) || !slices.Contains(missing.Triggers, c.trigger) || !strings.Contains(err.Error(), c.trigger) {
			t.Errorf("%s with %q: %v; want it to ask for %s", c.rule, c.inputs, err, c.trigger)
		}
	}
}

func TestWhatCannotBe(t *testing.T) {
	for _, c := range []struct{ rule, inputs, want string }{
		{"staf_personnel", "left=2020-01-01", `did you mean "staff_personnel"`},
		{"volunteer records", "", "the nearest are volunteer"},
		{"family_consent_extension", "support_ended=2025-01-01", "as base"},
		{"family_consent_extension", "support_ended=2025-01-01 base=family_no_concern years=6", "1 to 5 extra years"},
		{"family_consent_extension", "base=permanent", "has no end"},
		{"family_consent_extension", "base=dbs_issues_max decision=2025-01-01", "has no end"},
		{"family_consent_extension", "base=family_consent_extension", "has no end"},
		{"staff_allegation", "left=2020-01-01 dob=2021-01-01", "is after the day the person left"},
		{"staff_allegation", "left=2020-01-01 dob=1890-01-01 today=2026-11-22", "makes the person 136"},
		{"roca_not_referred", "child_dob=2027-01-01 today=2026-11-22", "is in the future"},
	} {
		if _, err := Default().Compute(c.rule, known(c.inputs)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s with %q: %v; want %q", c.rule, c.inputs, err, c.want)
		}
	}
}

func TestPolicyAndLawAreBothShown(t *testing.T) {
	for rule, want := range map[string]string{
		"volunteer_allegation left=2020-01-01 dob=1980-01-01": "two things about volunteers", // F2
		"staff_allegation left=2020-01-01 dob=1980-01-01":     "what starts the 10 years",    // F3
		"legal_involvement proceedings_ended=2020-01-01":      "Family files use 7 years",    // F4
		"rtw_check_record left=2020-01-01":                    "2 years after",               // F5
		"dbs_no_issues decision=2020-01-01":                   "DBS code",                    // F6
		"family_abuse_75 last_entry=2020-01-01":               "what starts the 75 years",    // F20
	} {
		name, inputs, _ := strings.Cut(rule, " ")
		got, err := Default().Compute(name, known(inputs))
		if err != nil || !strings.Contains(strings.Join(got.Warnings, " "), want) {
			t.Errorf("%s: %q, %v; want a warning with %q", rule, got.Warnings, err, want)
		}
	}
}

func TestAHoldWinsOverAnyDate(t *testing.T) {
	got, err := Default().Compute("staff_personnel", known("left=2010-01-01 hold=request"))
	if err != nil || !got.Held || !strings.HasPrefix(got.Warnings[0], "On hold (request)") {
		t.Errorf("got held %v, %q, %v", got.Held, got.Warnings, err)
	}
	free, _ := Default().Compute("volunteer", known("left=2010-01-01"))
	if free.Held || !Longest(free, got).Held {
		t.Error("a hold on one record holds the file it is in")
	}
}

func TestATriggerInTheFutureIsRemarkedOn(t *testing.T) {
	got, err := Default().Compute("volunteer", known("left=2027-01-01 today=2026-11-22"))
	if err != nil || !slices.Contains(got.Warnings, "The day the person left is in the future. Work the date out again when it has happened.") {
		t.Errorf("got %q, %v", got.Warnings, err)
	}
}

func TestTheLongestOfSeveralRulesWinsButAMaximumNever(t *testing.T) {
	result := func(rule, inputs string) Result {
		r, err := Default().Compute(rule, known(inputs))
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	file, abuse := result("family_no_concern", "support_ended=2025-01-01"), result("family_abuse_75", "last_entry=2025-01-01")
	ever, most := result("board_minutes", ""), result("dbs_issues_max", "decision=2040-01-01")
	early, local := result("dbs_issues_max", "decision=2020-01-01"), result("dpia_exception", "")
	for name, c := range map[string]struct {
		of   []Result
		want string
	}{
		"the later date":                       {[]Result{file, abuse}, "family_abuse_75"},
		"the order does not matter":            {[]Result{abuse, file}, "family_abuse_75"},
		"for ever beats any date":              {[]Result{abuse, ever, file}, "board_minutes"},
		"a maximum does not make others wait":  {[]Result{most, file}, "family_no_concern"},
		"of two maximums the earlier":          {[]Result{most, early}, "dbs_issues_max"},
		"what the organisation agreed is kept": {[]Result{file, local}, "dpia_exception"},
	} {
		if got := Longest(c.of...); got.Rule.Name != c.want {
			t.Errorf("%s: got %s; want %s", name, got.Rule.Name, c.want)
		}
	}
	if got := Longest(most, early); got.Date != day("2023-01-01") {
		t.Errorf("of two maximums: %s", got.Date)
	}
}

// No date is earlier than any period of its rule allows, and more facts never make it earlier.
func TestNeverEarlierThanTheRule(t *testing.T) {
	s := Default()
	dates := func(t *rapid.T, label string, from string) calendar.Date {
		return day(from).AddDays(rapid.IntRange(0, 9000).Draw(t, label))
	}
	rapid.Check(t, func(t *rapid.T) {
		r := rapid.SampledFrom(s.Rules()).Draw(t, "rule")
		if r.Kind != After {
			return
		}
		in := Inputs{Dates: map[string][]calendar.Date{}}
		for _, trigger := range s.Triggers() {
			in.Dates[trigger] = []calendar.Date{dates(t, trigger, "2000-01-01")}
		}
		in.Dates["dob"] = []calendar.Date{dates(t, "born", "1950-01-01")}
		in.Dates["child_dobs"] = append(in.Dates["child_dobs"], dates(t, "second child", "2000-01-01"))
		got, err := s.Compute(r.Name, in)
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range r.Keep {
			for _, trigger := range k.From {
				for _, d := range in.Dates[trigger] {
					least := d.AddMonths(12*(k.Years+k.Age) + k.Months)
					if k.Pension {
						least = d.AddYears(60)
					}
					if got.Date.Before(least) {
						t.Fatalf("%s ends on %s, before %s (%s %s)", r.Name, got.Date, least, trigger, d)
					}
				}
			}
		}
		later := in
		later.Dates = map[string][]calendar.Date{}
		for name, list := range in.Dates {
			later.Dates[name] = list
		}
		later.Dates["child_dobs"] = append(slices.Clone(in.Dates["child_dobs"]), dates(t, "third child", "2000-01-01"))
		if more, err := s.Compute(r.Name, later); err != nil || more.Date.Before(got.Date) {
			t.Fatalf("another child made %s earlier: %s, %s, %v", r.Name, more.Date, got.Date, err)
		}
	})
}

func TestAnotherScheduleIsOnlyOtherData(t *testing.T) {
	s, err := Load(os.DirFS("testdata/sports-club"), DefaultPensions())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ rule, inputs, want string }{
		{"match_sheet", "season_end=2026-05-31", "2027-11-30"},
		{"junior_member", "left=2026-05-31 dob=2012-01-01", "2033-01-01"},
		{"junior_member", "left=2036-05-31 dob=2012-01-01", "2039-05-31"},
		{"trophies", "", ""},
	} {
		got, err := s.Compute(c.rule, known(c.inputs))
		if err != nil || got.Date.String() != c.want {
			t.Errorf("%s %s: %s, %v; want %s", c.rule, c.inputs, got.Date, err, c.want)
		}
	}
	if found := s.Find("where do team sheets go?"); len(found) == 0 || found[0].Rule.Name != "match_sheet" {
		t.Errorf("team sheets are not found: %v", found)
	}
}

func BenchmarkCompute(b *testing.B) {
	s, in := Default(), known("left=2024-03-01 dob=1961-03-05")
	for b.Loop() {
		if _, err := s.Compute("staff_allegation", in); err != nil {
			b.Fatal(err)
		}
	}
}
