package commands

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// policies writes made-up policies into a folder and returns it.
func policies(t *testing.T, files map[string]string) string {
	t.Helper()
	folder := t.TempDir()
	for name, text := range files {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

func askNow() time.Time { return time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC) }

func TestAskAnswersEveryLineInOrderUnderItsID(t *testing.T) {
	folder := policies(t, map[string]string{"pictures.md": "# Pictures\n\nA parent gives written consent before we take photographs of a child.\n"})
	var problems, out bytes.Buffer
	a, err := newAsker("", folder, &problems)
	if err != nil {
		t.Fatal(err)
	}
	in := `{"id":"a","question":"who agrees to photos of children"}
{"id":2,"question":"who won the raffle"}
{"id":"c"}
not json
{"id":"e","question":""}
`
	if err := a.lines(strings.NewReader(in), &out, askNow); !errors.Is(err, errSomeLines) {
		t.Errorf("got %v", err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	want := []struct {
		id       string
		answered bool
		fails    bool
	}{{`"a"`, true, false}, {`2`, false, false}, {`"c"`, false, true}, {`null`, false, true}, {`"e"`, false, false}}
	if len(lines) != len(want) {
		t.Fatalf("%d lines: %s", len(lines), out.String())
	}
	for i, line := range lines {
		var got struct {
			ID       json.RawMessage
			Answered bool
			Error    string
			Quotes   []struct{ Source, Passage string }
		}
		if err := json.Unmarshal([]byte(line), &got); err != nil {
			t.Fatal(err)
		}
		if string(got.ID) != want[i].id || got.Answered != want[i].answered || (got.Error != "") != want[i].fails {
			t.Errorf("line %d: %s", i, line)
		}
		if i == 0 && (len(got.Quotes) == 0 || got.Quotes[0].Source != "pictures.md") {
			t.Errorf("quotes: %s", line)
		}
	}
}

func TestAskAnswersForTheNationsOfTheSettings(t *testing.T) {
	settings := filepath.Join(t.TempDir(), "shareright.yaml")
	question := "I think a girl of 6 is hit at home, can I tell social services?"
	for works, want := range map[string][2]bool{ // Scotland and Northern Ireland are named
		"name: Riverside":                     {true, true},
		"works_in: [scotland]":                {true, false},
		"works_in: [england, wales]":          {false, false},
		"works_in: [wales, northern_ireland]": {false, true},
	} {
		if err := os.WriteFile(settings, []byte("organisation:\n  "+works+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		a, err := newAsker("", "", &bytes.Buffer{})
		if err != nil {
			t.Fatal(err)
		}
		a.nations = (&Commands{Config: settings}).worksIn()
		var out, lines bytes.Buffer
		if err := errors.Join(a.one(&out, question, askNow()), a.lines(strings.NewReader(`{"id":1,"question":"`+question+`"}`), &lines, askNow)); err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{out.String(), lines.String()} {
			if got := [2]bool{strings.Contains(text, "Scotland"), strings.Contains(text, "Northern Ireland")}; got != want {
				t.Errorf("%s: Scotland and Northern Ireland are named: %v, want %v\n%s", works, got, want, text)
			}
		}
	}
}

func TestPoliciesCheckShowsWhatIsReadAndWhatIsNot(t *testing.T) {
	folder := policies(t, map[string]string{
		"a.md":        "# Records\n\nNext review: May 2025\n\nFiles are kept for a year.\n",
		"sub/b.txt":   "Phones\n\nLock your phone away at night.\n",
		"broken.docx": "no archive", "picture.png": "x", ".hidden.md": "# Hidden\n\nNot read.\n",
	})
	var out bytes.Buffer
	if err := checkPolicies(&out, folder, false, askNow()); err == nil {
		t.Error("a file left out is no success")
	}
	for _, want := range []string{"a.md: Records, 2 passages, next review 2025-05, PAST ITS REVIEW", "sub/b.txt: Phones, 1 passages", "left out: read "} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is missing in\n%s", want, out.String())
		}
	}
	for _, not := range []string{"picture.png", "Hidden"} {
		if strings.Contains(out.String(), not) {
			t.Errorf("%q was read", not)
		}
	}
}

func TestAFolderThatIsNotThereIsToldByName(t *testing.T) {
	if _, err := newAsker("", filepath.Join(t.TempDir(), "gone"), &bytes.Buffer{}); err == nil || !strings.Contains(err.Error(), "gone") {
		t.Errorf("got %v", err)
	}
}
