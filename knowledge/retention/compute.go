package retention

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"shareright/knowledge/calendar"
)

// Inputs is what is known of a record.
type Inputs struct {
	Dates      map[string][]calendar.Date // by trigger; several for child_dobs
	Sex        string                     // m or f, as the pension service has it; needed only for old birth dates
	Base       string                     // for an extension: the rule it extends
	ExtraYears int                        // for an extension: years of consent; 0 means the rule's most
	Holds      []string                   // why the record must not be destroyed yet
	Today      calendar.Date              // for remarks only; may be zero
}

// Result is when a record may be destroyed. A rule that keeps for ever, keeps nothing, or
// leaves it to the organisation has no Date.
type Result struct {
	Rule Rule
	calendar.Due
	Held bool // on hold: it may not be destroyed, whatever the Date
}

// MissingError says which dates are needed before a rule gives a date.
type MissingError struct {
	Rule     string
	Triggers []string // any one of these will do
	text     string
}

// Error is a sentence that asks for the date.
func (e *MissingError) Error() string { return e.text }

// DateError says that a date cannot be, such as a birth that makes somebody 130.
type DateError struct {
	Trigger string // which date to ask for again
	text    string
}

// Error is a sentence that says what to check.
func (e *DateError) Error() string { return e.text }

// Compute works out when a record under a rule may be destroyed. A date that the rule
// needs and that is not there is a *MissingError; it is never guessed.
func (s *Schedule) Compute(name string, in Inputs) (Result, error) {
	r, err := s.Rule(name)
	if err != nil {
		return Result{}, err
	}
	if err := s.checkDates(in); err != nil {
		return Result{}, err
	}
	res := Result{Rule: r}
	res.Sources = s.Sources(r)
	switch r.Kind {
	case Permanent, Local:
		res.step(s.phrases.Say(string(r.Kind), "says", r.Says))
	case Extension:
		err = s.extend(&res, in)
	case Never:
		res.step(s.phrases.Say("never", "says", r.Says))
		if s.longest(&res, in) == nil && !res.Date.IsZero() {
			res.step(s.phrases.Say("never_law_date", "date", res.Date))
		}
	default:
		if err = s.longest(&res, in); err == nil {
			res.step(s.phrases.Say(map[Kind]string{After: "keep_to", Maximum: "maximum"}[r.Kind], "date", res.Date))
		}
	}
	if err != nil {
		return Result{}, err
	}
	s.remark(&res, in)
	return res, nil
}

func (r *Result) step(sentence string) { r.Steps = append(r.Steps, sentence) }

// longest puts the latest end of the rule's periods into the result, with the working.
func (s *Schedule) longest(res *Result, in Inputs) error {
	ends := 0
	for _, k := range res.Rule.Keep {
		start, trigger, several := latestOf(in, k.From)
		if start.IsZero() {
			if k.Optional {
				continue
			}
			return s.missing(res.Rule, k.From)
		}
		end, err := s.end(res, k, start, trigger, several, in.Sex)
		if err != nil {
			return err
		}
		res.Date = calendar.Latest(res.Date, end)
		ends++
	}
	if ends > 1 {
		res.step(s.phrases.Say("latest", "date", res.Date))
	}
	return nil
}

// latestOf is the latest known date of the triggers: for children, the youngest child's.
func latestOf(in Inputs, triggers []string) (latest calendar.Date, trigger string, several bool) {
	for _, t := range triggers {
		several = several || len(in.Dates[t]) > 1
		for _, d := range in.Dates[t] {
			if d.After(latest) {
				latest, trigger = d, t
			}
		}
	}
	return latest, trigger, several
}

func (s *Schedule) end(res *Result, k Span, start calendar.Date, trigger string, several bool, sex string) (calendar.Date, error) {
	switch {
	case k.Pension:
		end, warnings, err := s.pensions.Latest(start, sex)
		if err != nil {
			return calendar.Date{}, err
		}
		if sex == "" && s.pensions.NeedsSex(start) {
			res.step(s.phrases.Say("pension_sex_unknown"))
		}
		res.step(s.phrases.Say("pension", "date", end))
		res.Warnings = append(res.Warnings, warnings...)
		return end, nil
	case k.Age > 0:
		end, name, person := start.Birthday(k.Age), "age", "The child"
		if several {
			name = "age_youngest"
		}
		if trigger == "dob" {
			person = "The person"
		}
		res.step(s.phrases.Say(name, "person", person, "start", start.Plain(), "age", k.Age, "date", end))
		return end, nil
	}
	end := start.AddMonths(12*k.Years + k.Months)
	res.step(s.phrases.Say("period", "period", k.period(), "trigger", s.triggers[trigger], "start", start.Plain(), "date", end))
	return end, nil
}

func (k Span) period() string {
	switch {
	case k.Years > 0 && k.Months > 0:
		return fmt.Sprintf("%s and %s", plural(k.Years, "year"), plural(k.Months, "month"))
	case k.Months > 0:
		return plural(k.Months, "month")
	}
	return plural(k.Years, "year")
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func (s *Schedule) missing(r Rule, triggers []string) error {
	return &MissingError{Rule: r.Name, Triggers: slices.Clone(triggers),
		text: s.phrases.Say("missing", "trigger", s.triggers[triggers[0]], "name", strings.Join(triggers, " or "))}
}

// extend adds the years of a consent to the date of another rule.
func (s *Schedule) extend(res *Result, in Inputs) error {
	if in.Base == "" {
		return errors.New(s.phrases.Say("no_base"))
	}
	years := in.ExtraYears
	if years == 0 {
		years = res.Rule.ExtraYears
		res.step(s.phrases.Say("extension_default", "years", years))
	}
	if years < 1 || years > res.Rule.ExtraYears {
		return errors.New(s.phrases.Say("extension_too_long", "most", res.Rule.ExtraYears, "years", in.ExtraYears))
	}
	rule, err := s.Rule(in.Base)
	if err != nil {
		return err
	}
	if rule.Kind != After {
		return errors.New(s.phrases.Say("base_undated", "base", in.Base))
	}
	base := Result{Rule: rule}
	if err := s.longest(&base, in); err != nil {
		return err
	}
	res.Date = base.Date.AddYears(years)
	res.Steps = append(base.Steps, res.Steps...)
	res.step(s.phrases.Say("extension", "years", years, "base", in.Base, "date", res.Date))
	res.step(s.phrases.Say("keep_to", "date", res.Date))
	res.Warnings = append(base.Warnings, s.phrases.Say("extension_renew"))
	for _, d := range s.Differences(rule) {
		res.Warnings = append(res.Warnings, d.Warn...)
	}
	res.Sources = append(res.Sources, s.Sources(rule)...)
	return nil
}

// remark adds what somebody must know before acting on the date.
func (s *Schedule) remark(res *Result, in Inputs) {
	for _, hold := range in.Holds {
		res.Held = true
		res.Warnings = append(res.Warnings, s.phrases.Say("hold", "reason", hold))
	}
	for _, d := range s.Differences(res.Rule) {
		res.Warnings = append(res.Warnings, d.Warn...)
	}
	if in.Today.IsZero() {
		return
	}
	for _, k := range res.Rule.Keep {
		if start, trigger, _ := latestOf(in, k.From); start.After(in.Today) {
			res.Warnings = append(res.Warnings, s.phrases.Say("future", "trigger", capital(s.triggers[trigger])))
		}
	}
}

func capital(text string) string {
	if text == "" {
		return text
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

// oldest is the greatest age, in years, that is read as meant.
const oldest = 120

// checkDates refuses birth dates that cannot be.
func (s *Schedule) checkDates(in Inputs) error {
	for _, name := range []string{"dob", "child_dob", "child_dobs"} {
		for _, dob := range in.Dates[name] {
			switch {
			case !in.Today.IsZero() && dob.After(in.Today):
				return &DateError{name, s.phrases.Say("born_future", "dob", dob.Plain())}
			case !in.Today.IsZero() && dob.Birthday(oldest).Before(in.Today):
				return &DateError{name, s.phrases.Say("too_old", "dob", dob.Plain(), "age", in.Today.Year-dob.Year)}
			}
		}
	}
	for _, dob := range in.Dates["dob"] {
		for _, name := range []string{"left", "allegation"} {
			for _, d := range in.Dates[name] {
				if d.Before(dob) {
					return &DateError{"dob", s.phrases.Say("born_after", "dob", dob.Plain(), "trigger", s.triggers[name], "date", d.Plain())}
				}
			}
		}
	}
	return nil
}

// Longest picks, of several rules that fit one record, the one that keeps it longest: for
// ever, then as the organisation decided, then the latest date. A longest-allowed date
// (Maximum) never makes another record wait: it counts only when nothing else is left,
// and then the earliest does.
func Longest(results ...Result) Result {
	rank := func(r Result) int {
		switch r.Rule.Kind {
		case Permanent:
			return 3
		case Local:
			return 2
		case Maximum, Never:
			return 0
		}
		return 1
	}
	var best Result
	held := false
	for i, r := range results {
		held = held || r.Held
		a, b := rank(r), rank(best)
		if i == 0 || a > b || a == b && (a > 0 && r.Date.After(best.Date) || a == 0 && r.Date.Before(best.Date)) {
			best = r
		}
	}
	best.Held = held
	return best
}
