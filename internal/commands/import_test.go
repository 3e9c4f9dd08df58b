package commands

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"shareright/internal/parts"
)

// Lists come in from files with each bad row named, and go out again as they came in.
func TestListsComeInAndGoOut(t *testing.T) {
	t.Setenv("SHARERIGHT_DATA", t.TempDir())
	t.Setenv("SHARERIGHT_CONFIG", "")
	t.Setenv("SHARERIGHT_DP_LEAD", "slack:U0SAM")
	folder := t.TempDir()
	list := func(text string) string {
		path := filepath.Join(folder, "list.csv")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	people := "person,name,does,started,left\nslack:U0JO,Jo Miller,volunteer,2024-09-01,\nmo,=Mo,staff,2020-01-01,\n"
	for _, step := range []struct {
		what, text string
		keepGood   bool
		bad        bool
		want       []string
	}{
		{"people", people + "ann,Ann,wizard,,\n", false, true, []string{"Nothing is changed yet. 1 rows cannot be read, 2 can.", "Row 4: nobody can do “wizard” here"}},
		{"people", people + "ann,Ann,wizard,,\n", true, true, []string{"2 people are entered", "1 rows were left out"}},
		{"training", "person,training,done,how\nJo Miller,essentials,2026-01-15,course\nslack:U0JO,Phones,2099-01-01,\n", true, true,
			[]string{"1 trainings are on record", "Row 3: done: that day has not come yet."}},
		{"ledger", "file,kind,where,owner,left\nV-1,volunteer file,office,Jo Miller,2024-02-29\n", false, false, []string{"1 files are in the ledger now"}},
		{"ledger", "file,kind,where,owner,left\nv-1,volunteer file,office,Jo Miller,2024-02-29\n", true, true, []string{"file v-1 is in the ledger already"}},
	} {
		c := Import{What: step.what, File: list(step.text), KeepGood: step.keepGood}
		text, err := printed(t, func() error { return c.Run(&Commands{}, parts.All()) })
		if (err != nil) != step.bad {
			t.Errorf("%s: %v\n%s", step.what, err, text)
		}
		for _, want := range step.want {
			if !strings.Contains(text, want) {
				t.Errorf("%s lacks %q:\n%s", step.what, want, text)
			}
		}
	}
	for register, want := range map[string]string{
		"people":   ",slack:mo,'=Mo,staff,2020-01-01,", // a name that a spreadsheet would run as a formula is guarded
		"training": "Data protection refresher,slack:U0JO,closed,2026-01-15,2026-01-15,course",
		"ledger":   "waiting,Volunteer file,V-1,office,slack:U0JO,left=2024-02-29,,,2026-03-01",
	} {
		c := Export{Register: register, Format: "csv", Reader: Reader{For: "dp-lead"}}
		text, err := printed(t, func() error { return c.Run(&Commands{}, parts.All()) })
		if err != nil || !strings.Contains(text, want) {
			t.Errorf("%s lacks %q: %v\n%s", register, want, err, text)
		}
	}
	wrong := Import{What: "peple", File: list(people)}
	if err := wrong.Run(&Commands{}, parts.All()); err == nil || !strings.Contains(err.Error(), "people, training") {
		t.Errorf("a list that is none: %v", err)
	}
}
