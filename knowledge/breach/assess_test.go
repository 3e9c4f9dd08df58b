package breach

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// referenceCase is one line of testdata/cases/breach.
type referenceCase struct {
	ID          string          `json:"id"`
	Description string          `json:"description"`
	Attributes  json.RawMessage `json:"attributes"`
	Expected    map[string]bool `json:"expected"`
	Either      []string        `json:"accept_either"`
}

func referenceCases(t testing.TB) []referenceCase {
	t.Helper()
	files, err := filepath.Glob("../../testdata/cases/breach/*.jsonl")
	if err != nil || len(files) == 0 {
		t.Fatalf("no reference cases: %v", err)
	}
	var cases []referenceCase
	for _, name := range files {
		file, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		for lines := bufio.NewScanner(file); lines.Scan(); {
			var one referenceCase
			if err := json.Unmarshal(lines.Bytes(), &one); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			cases = append(cases, one)
		}
	}
	return cases
}

func TestReferenceCasesGetTheAdviceOfTheGuidance(t *testing.T) {
	cases := referenceCases(t)
	if len(cases) < 160 {
		t.Fatalf("only %d reference cases", len(cases))
	}
	for _, one := range cases {
		t.Run(one.ID, func(t *testing.T) {
			a, err := Default().ReadAttributes(one.Attributes)
			if err != nil {
				t.Fatal(err)
			}
			result := Assess(a)
			got := map[string]bool{"record": result.Record, "notify_ico": result.NotifyICO, "notify_individuals": result.NotifyIndividuals}
			for key, want := range one.Expected {
				if !slices.Contains(one.Either, key) && got[key] != want {
					t.Errorf("%s = %v, want %v: %s\nreasons: %q", key, got[key], want, one.Description, result.Reasons)
				}
			}
		})
	}
}

var (
	yesOrNo = rapid.Bool()
	flags   = []func(*Attributes) **bool{
		func(a *Attributes) **bool { return &a.SpecialCategory }, func(a *Attributes) **bool { return &a.Vulnerable },
		func(a *Attributes) **bool { return &a.Encrypted }, func(a *Attributes) **bool { return &a.Backup },
		func(a *Attributes) **bool { return &a.Malicious }, func(a *Attributes) **bool { return &a.Exfiltrated },
		func(a *Attributes) **bool { return &a.Recovered }, func(a *Attributes) **bool { return &a.Processor },
	}
	worseWhen = []bool{true, true, false, false, true, true, false, true} // the worse value of each flag
)

// someAttributes draws facts; each may be not known.
func someAttributes(t *rapid.T) Attributes {
	a := Attributes{
		DataTypes:        rapid.SliceOfNDistinct(rapid.SampledFrom(Default().DataTypeNames()), 0, 4, rapid.ID).Draw(t, "types"),
		Recipients:       rapid.SampledFrom(append([]Recipients{""}, AllRecipients...)).Draw(t, "recipients"),
		AvailabilityLoss: rapid.SampledFrom(append([]Loss{""}, AllLosses...)).Draw(t, "loss"),
	}
	if yesOrNo.Draw(t, "people known") {
		n := rapid.SampledFrom([]int{0, 1, 2, 8, 20, 21, 50, 51, 100, 101, 999, 10000, 200000}).Draw(t, "people")
		a.People = &n
	}
	for _, flag := range flags {
		if yesOrNo.Draw(t, "flag known") {
			value := yesOrNo.Draw(t, "flag")
			*flag(&a) = &value
		}
	}
	return a
}

func dutyOf(a Attributes) duty { return Default().findings(a).duty }

// worsen changes one known fact to a worse one; false when there is none to change.
func worsen(t *rapid.T, a Attributes) (Attributes, bool) {
	switch which := rapid.IntRange(0, 10).Draw(t, "worsen"); which {
	case 8:
		if len(a.DataTypes) == 0 {
			return a, false // naming the first kind is learning, not worsening
		}
		more := rapid.SampledFrom(Default().DataTypeNames()).Draw(t, "another type")
		row, _ := Default().DataType(more)
		if yes(a.SpecialCategory) && row.Special {
			return a, false // may only name what "special category" already stood for
		}
		a.DataTypes = append(slices.Clone(a.DataTypes), more)
	case 9:
		if a.People == nil {
			return a, false
		}
		n := *a.People + rapid.SampledFrom([]int{1, 30, 100, 100000}).Draw(t, "more people")
		a.People = &n
	case 10:
		known := []Recipients{KnownTrusted, KnownUntrusted, KnownMany, KnownHostile, UnknownMany}
		at := slices.Index(known, a.Recipients)
		if at < 0 || at == len(known)-1 {
			return a, false
		}
		a.Recipients = known[rapid.IntRange(at+1, len(known)-1).Draw(t, "worse recipients")]
	default:
		value := *flags[which](&a)
		if value == nil || *value == worseWhen[which] {
			return a, false
		}
		worse := worseWhen[which]
		*flags[which](&a) = &worse
	}
	return a, true
}

func TestAWorseFactNeverLowersTheAdvice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before := someAttributes(t)
		after, ok := worsen(t, before)
		if ok && dutyOf(after) < dutyOf(before) {
			t.Fatalf("advice fell from %v to %v\nbefore %s\nafter  %s", dutyOf(before), dutyOf(after), show(before), show(after))
		}
	})
}

func TestALongerLossNeverLowersTheAdvice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := someAttributes(t)
		if yes(a.Backup) { // with a working copy "permanent" says only that the original is gone
			a.Backup = nil
		}
		at := rapid.IntRange(1, 3).Draw(t, "loss")
		shorter, longer := a, a
		shorter.AvailabilityLoss, longer.AvailabilityLoss = AllLosses[at], AllLosses[at+1]
		if dutyOf(longer) < dutyOf(shorter) {
			t.Fatalf("advice fell: %s", show(longer))
		}
	})
}

func TestNotKnownNeverAdvisesLessThanTheMildestValue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := someAttributes(t)
		open := unknownOf(a)
		if len(open) == 0 {
			return
		}
		name := rapid.SampledFrom(open).Draw(t, "attribute")
		mildest := tellPeople
		for _, set := range Default().values(name) {
			known := a
			set(&known)
			mildest = min(mildest, dutyOf(known))
		}
		if dutyOf(a) < mildest {
			t.Fatalf("%s not known advises %v, its mildest value %v: %s", name, dutyOf(a), mildest, show(a))
		}
	})
}

func TestEncryptedWithABackupNeverTellsPeopleWhileTheInformationCanBeUsed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := someAttributes(t)
		truth := true
		a.Encrypted, a.Backup = &truth, &truth
		if a.AvailabilityLoss == LostDays { // care may suffer although nobody can read anything
			a.AvailabilityLoss = LostHours
		}
		if Assess(a).NotifyIndividuals {
			t.Fatalf("tells people: %s", show(a))
		}
	})
}

func TestWhatIsNotListedAsUnknownCannotChangeTheAdvice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := someAttributes(t)
		result := Assess(a)
		for _, name := range unknownOf(a) {
			if slices.Contains(result.Unknown, name) {
				continue
			}
			for _, set := range Default().values(name) {
				known := a
				set(&known)
				if dutyOf(known) != dutyOf(a) {
					t.Fatalf("%s is not listed but changes the advice: %s", name, show(a))
				}
			}
		}
	})
}

func TestEveryAssessmentIsRecordedAndHoldsTogether(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := someAttributes(t)
		r := Assess(a)
		if !r.Record || r.NotifyIndividuals && !r.NotifyICO || len(r.Reasons) < 2 || r.Overrides == nil || r.Unknown == nil {
			t.Fatalf("%s gives %+v", show(a), r)
		}
		if len(r.Overrides) > 0 && !r.NotifyIndividuals {
			t.Fatalf("an override must tell people: %s", show(a))
		}
		if s := r.Severity; s.DPC < 1 || s.DPC > 4 || s.EI < 0.25 || s.EI > 1 || s.CB < 0 || s.CB > 2 || s.Band == "" {
			t.Fatalf("%s scores %+v", show(a), s)
		}
	})
}

func show(a Attributes) string {
	text, _ := json.Marshal(a)
	return string(text)
}

func TestHardOverridesHoldWhateverTheScore(t *testing.T) {
	for _, one := range []struct{ name, attributes, want string }{
		{"an address reaches somebody hostile", `{"data_types":["address"],"people":1,"recipients":"known_hostile"}`, "location_hostile"},
		{"contact details of somebody at risk reach somebody hostile", `{"data_types":["contact"],"people":1,"vulnerable":true,"recipients":"known_hostile"}`, "location_hostile"},
		{"a safeguarding file is outside, even if handed back", `{"data_types":["child_protection"],"people":1,"recipients":"known_untrusted","recovered":true}`, "safeguarding_outside"},
		{"an adoption file is outside", `{"data_types":["adoption"],"people":1,"recipients":"known_untrusted"}`, "adoption_outside"},
		{"the address of somebody at risk is lost", `{"data_types":["address"],"people":1,"vulnerable":true,"recipients":"none_known"}`, "location_at_risk"},
	} {
		t.Run(one.name, func(t *testing.T) {
			a, err := Default().ReadAttributes([]byte(one.attributes))
			if err != nil {
				t.Fatal(err)
			}
			got := Assess(a)
			if !got.NotifyIndividuals || !slices.Contains(got.Overrides, Default().Advice.Overrides[one.want]) {
				t.Errorf("got %+v", got)
			}
			truth := true
			a.Encrypted = &truth
			if got := Assess(a); len(got.Overrides) > 0 {
				t.Errorf("encrypted with a safe key still has overrides %q", got.Overrides)
			}
		})
	}
}

func TestTheScoreFollowsTheFormula(t *testing.T) {
	for _, one := range []struct {
		name, attributes string
		want             Severity
	}{
		{"a statement sent to one wrong person", `{"data_types":["financial"],"people":1,"recipients":"known_untrusted"}`,
			Severity{"ENISA 2013", 3, 0.75, 0.25, 2.5, "medium"}},
		{"clinic log book stolen, the only copy", `{"data_types":["health","identity"],"malicious":true,"recipients":"none_known","availability_loss":"permanent"}`,
			Severity{"ENISA 2013", 4, 1, 1, 5, "very_high"}},
		{"encrypted stick stolen", `{"data_types":["contact"],"encrypted":true,"malicious":true,"recipients":"none_known"}`,
			Severity{"ENISA 2013", 1, 0.25, 0.5, 0.75, "low"}},
	} {
		t.Run(one.name, func(t *testing.T) {
			a, err := Default().ReadAttributes([]byte(one.attributes))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(one.want, Assess(a).Severity); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestMisspeltAttributesNameTheNearestWord(t *testing.T) {
	for text, want := range map[string]string{
		`{"peple":3}`:                  `there is no attribute "peple"; did you mean "people"?`,
		`{"data_types":["helth"]}`:     `there is no data type "helth"; did you mean "health"?`,
		`{"data_types":["not_known"]}`: `there is no data type "not_known"`,
		`{"recipients":"hostile"}`:     `recipients cannot be "hostile"; choose one of none_known, known_trusted, known_untrusted, known_many, known_hostile, unknown_many`,
		`{"availability_loss":"day"}`:  `availability_loss cannot be "day"; did you mean "days"?`,
		`{"people":"about forty"}`:     `people must be a whole number, or null when it is not known`,
		`{"people":4.5}`:               `people must be a whole number, or null when it is not known`,
		`{"people":-1}`:                `people must be 0 or more, or null when it is not known`,
		`{"encrypted":"no"}`:           `encrypted must be true, false or null`,
		`[]`:                           `attributes must be an object such as {"people": 12}`,
	} {
		if _, err := Default().ReadAttributes([]byte(text)); err == nil || err.Error() != want {
			t.Errorf("%s: got %v, want %s", text, err, want)
		}
	}
}

func BenchmarkAssess(b *testing.B) {
	people := 80
	a := Attributes{DataTypes: []string{"identity", "service_record"}, People: &people, Recipients: UnknownMany}
	for b.Loop() {
		Assess(a)
	}
}
