package retention

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"shareright/knowledge/calendar"
)

// What the schedule of the source says, written down a second time by hand from the notes
// on the law (section d.3), and reckoned in another way: month by month, day by day.
var oracle = []struct {
	rule, trigger string
	months, age   int
}{
	{"staff_personnel", "left", 72, 0}, {"successful_applicant", "left", 0, 0}, {"unsuccessful_applicant", "decision", 6, 0},
	{"shortlisting_unsuccessful", "decision", 6, 0}, {"staff_file", "left", 72, 0}, {"rtw_check_record", "left", 72, 0},
	{"rtw_evidence", "left", 24, 0}, {"injury_record", "event", 144, 0}, {"dbs_no_issues", "decision", 6, 0},
	{"dbs_issues_max", "decision", 36, 0}, {"trustee", "left", 72, 0}, {"volunteer", "left", 24, 0},
	{"family_no_concern", "support_ended", 12, 0}, {"family_abuse_75", "last_entry", 900, 0}, {"roca_below_threshold", "child_dob", 0, 25},
	{"roca_not_referred", "child_dob", 0, 25}, {"roca_siblings", "child_dobs", 0, 25}, {"family_other", "support_ended", 84, 0},
	{"legal_involvement", "proceedings_ended", 84, 0}, {"financial", "year_end", 72, 0}, {"payroll", "year_end", 72, 0},
	{"employers_liability_cert", "expiry", 480, 0}, {"membership", "left", 120, 0}, {"hire_purchase", "expiry", 72, 0},
	{"lease", "expired", 144, 0}, {"accident_book", "last_accident", 144, 0}, {"health_safety", "created", 144, 0},
}

// addMonthsSlowly goes through the calendar a month at a time, and then back from the
// day that the month does not have.
func addMonthsSlowly(year, month, day, months int) string {
	for range months {
		if month++; month > 12 {
			year, month = year+1, 1
		}
	}
	for {
		at := time.Date(year, time.Month(month), day, 12, 0, 0, 0, time.UTC)
		if int(at.Month()) == month {
			return at.Format(time.DateOnly)
		}
		day--
	}
}

// birthdaySlowly is the day somebody reaches an age; who was born on 29 February reaches
// it on 1 March in other years, which keeps longer.
func birthdaySlowly(year, month, day, age int) string {
	return time.Date(year+age, time.Month(month), day, 12, 0, 0, 0, time.UTC).Format(time.DateOnly)
}

// More than a hundred dates, with the days that go wrong most easily in each.
func TestDatesAgainstASecondReckoning(t *testing.T) {
	days := []string{"2024-02-29", "2025-08-31", "2026-03-31", "2023-12-31", "2026-10-25"}
	chance := rand.New(rand.NewPCG(26, 11))
	cases := 0
	for _, o := range oracle {
		for _, text := range append(days, fmt.Sprintf("%d-%02d-%02d", 1996+chance.IntN(30), 1+chance.IntN(12), 1+chance.IntN(28))) {
			d := day(text)
			want := addMonthsSlowly(d.Year, int(d.Month), d.Day, o.months)
			if o.age > 0 {
				want = birthdaySlowly(d.Year, int(d.Month), d.Day, o.age)
			}
			got, err := Default().Compute(o.rule, Inputs{Dates: map[string][]calendar.Date{o.trigger: {d}}})
			if err != nil || got.Date.String() != want {
				t.Errorf("%s from %s: %s, %v; want %s", o.rule, text, got.Date, err, want)
			}
			cases++
		}
	}
	if cases < 100 {
		t.Errorf("only %d cases", cases)
	}
}

// State Pension age by another road than the table: the law's own three steps for the
// years where it is a whole number of months (Pensions Act 1995, schedule 4).
func TestAllegationsAgainstASecondReckoning(t *testing.T) {
	pension := func(d calendar.Date) string {
		born := d.String()
		switch {
		case born >= "1954-10-06" && born < "1960-04-06":
			return addMonthsSlowly(d.Year, int(d.Month), d.Day, 66*12)
		case born >= "1960-04-06" && born < "1961-03-06":
			bands := (d.Year-1960)*12 + int(d.Month) - 4
			if d.Day >= 6 {
				bands++
			}
			return addMonthsSlowly(d.Year, int(d.Month), d.Day, 66*12+bands)
		case born >= "1961-03-06" && born < "1977-04-06":
			return addMonthsSlowly(d.Year, int(d.Month), d.Day, 67*12)
		case born >= "1978-04-06":
			return addMonthsSlowly(d.Year, int(d.Month), d.Day, 68*12)
		}
		return ""
	}
	chance := rand.New(rand.NewPCG(4, 1995))
	cases := 0
	for cases < 120 {
		born := calendar.Date{Year: 1954, Month: 10, Day: 6}.AddDays(chance.IntN(18_000))
		left := calendar.Date{Year: 2015, Month: 1, Day: 1}.AddDays(chance.IntN(4_300))
		at := pension(born)
		if at == "" || born.Month == 2 && born.Day == 29 {
			continue // fixed days, which the table's own test covers
		}
		cases++
		want := addMonthsSlowly(left.Year, int(left.Month), left.Day, 120)
		rule := []string{"staff_allegation", "trustee_allegation", "volunteer_allegation"}[cases%3]
		got, err := Default().Compute(rule, Inputs{Dates: map[string][]calendar.Date{"left": {left}, "dob": {born}}})
		if err != nil || got.Date.String() != max(want, at) {
			t.Errorf("%s, born %s, left %s: %s, %v; want %s", rule, born, left, got.Date, err, max(want, at))
		}
	}
}

// Every rule says where in its source it stands, by the line.
func TestEveryRuleNamesItsLine(t *testing.T) {
	for _, r := range Default().Rules() {
		if !strings.Contains(r.Section, "(line") {
			t.Errorf("%s stands in %q, without a line", r.Name, r.Section)
		}
		if len(Default().Sources(r)) == 0 {
			t.Errorf("%s has no source", r.Name)
		}
	}
}

// Whatever the rule and the dates: what is kept for ever has no date, a month end stays
// within its month, a hold is told and changes no date, and the youngest child governs.
func TestWhatHoldsForEveryRule(t *testing.T) {
	s := Default()
	rapid.Check(t, func(rt *rapid.T) {
		r := rapid.SampledFrom(s.Rules()).Draw(rt, "rule")
		in := Inputs{Dates: map[string][]calendar.Date{}}
		for _, trigger := range s.Triggers() {
			in.Dates[trigger] = []calendar.Date{{Year: rapid.IntRange(1995, 2040).Draw(rt, trigger), Month: time.Month(rapid.IntRange(1, 12).Draw(rt, "month")), Day: 28}}
		}
		in.Dates["dob"] = []calendar.Date{{Year: 1970, Month: 5, Day: 6}}
		if r.Kind == Extension {
			in.Base = "family_no_concern"
		}
		got, err := s.Compute(r.Name, in)
		if err != nil {
			rt.Fatal(err)
		}
		if (r.Kind == Permanent || r.Kind == Local) != got.Date.IsZero() && r.Kind != Never {
			rt.Fatalf("%s (%s) has the date %q", r.Name, r.Kind, got.Date)
		}
		in.Holds = []string{"claim"}
		held, err := s.Compute(r.Name, in)
		if err != nil || !held.Held || held.Date != got.Date {
			rt.Fatalf("on hold: %v, %s instead of %s, %v", held.Held, held.Date, got.Date, err)
		}
		if youngest := in.Dates["child_dobs"][0].AddYears(1); r.Name == "roca_siblings" {
			in.Dates["child_dobs"] = append(in.Dates["child_dobs"], youngest)
			in.Dates["child_dob"] = nil
			if two, err := s.Compute(r.Name, in); err != nil || two.Date != youngest.Birthday(25) {
				rt.Fatalf("the youngest of two was born on %s: %s, %v", youngest, two.Date, err)
			}
		}
		last := calendar.Date{Year: 2027, Month: 1, Day: 31}
		for months := range 48 {
			end := last.AddMonths(months)
			if total := 2027*12 + months; end.Year*12+int(end.Month)-1 != total {
				rt.Fatalf("%d months after %s is %s", months, last, end)
			}
		}
	})
}
