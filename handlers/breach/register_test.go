package breach_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"shareright/bot"
	"shareright/handlers/breach"
	"shareright/internal/papers"
	knowledge "shareright/knowledge/breach"
)

func registers(t *testing.T) map[string]bot.Register {
	t.Helper()
	all := map[string]bot.Register{}
	for _, r := range breach.Feature(knowledge.Default()).Registers {
		all[r.Kind] = r
	}
	return all
}

func TestTheRegisterHoldsTheRecordTheLawAsksForAndNoNames(t *testing.T) {
	_, b := told(t)
	b.Notes.What = "=cmd()" // a text that a spreadsheet would run
	body, err := json.Marshal(b)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := papers.CSV(&out, registers(t)["breach"], []papers.Row{{Ref: "BR-7K3Q", Body: body}}); err != nil {
		t.Fatal(err)
	}
	text := out.String()
	rows, err := csv.NewReader(&out).ReadAll()
	if err != nil || len(rows) != 2 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for column, want := range map[string]string{"Reference": "BR-7K3Q", "Facts": "'=cmd()", "Effects": "People may worry.", "Action": "We asked for deletion.",
		"Reason": "Health details.", "Tell the regulator": "yes", "People": "12", "Others told": "police", "Nature": "disclosed"} {
		at := slices.Index(rows[0], column)
		if at < 0 || rows[1][at] != want {
			t.Errorf("column %s: got %q, want %q", column, rows[1][max(at, 0)], want)
		}
	}
	for _, never := range []string{"Ann", "Bob", "Jo Reporter", "PRIVATE NOTE", "test:jo"} {
		if strings.Contains(text, never) {
			t.Errorf("the register holds %q", never)
		}
	}
}

func TestDrillsAreInNoRegisterAndNearMissesInTheirOwn(t *testing.T) {
	all := registers(t)
	if _, ok := all[breach.Drill{}.RecordKind()]; ok {
		t.Error("drills have a register")
	}
	if (breach.NearMiss{}).RecordKind() == (breach.Breach{}).RecordKind() {
		t.Error("near misses are counted as breaches")
	}
	if _, ok := all["near-miss"]; !ok {
		t.Error("near misses have no register of their own")
	}
}

func TestAReportAboutSomebodyIsHiddenFromThemInExports(t *testing.T) {
	_, b := told(t)
	for _, role := range []bot.Role{bot.DPLead, bot.SafeguardingLead, bot.Trustee} {
		b.About = role
		body, err := json.Marshal(b)
		if err != nil {
			t.Fatal(err)
		}
		if !breach.HiddenFrom(body, bot.Person{Roles: []bot.Role{role}}) || breach.HiddenFrom(body, bot.Person{Roles: []bot.Role{bot.Deputy}}) {
			t.Errorf("a report about the %s is shown to the wrong people", role)
		}
	}
}
