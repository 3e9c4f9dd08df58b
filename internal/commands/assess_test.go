package commands

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var updateAssess = flag.Bool("update-assess", false, "rewrite testdata/assess/answers.golden")

func TestAssessAnswersEveryLineInOrder(t *testing.T) {
	in, err := os.Open("../../testdata/assess/lines.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	var out bytes.Buffer
	if err := assessLines(in, &out); !errors.Is(err, errSomeLines) {
		t.Errorf("got %v, want %v", err, errSomeLines)
	}
	const name = "../../testdata/assess/answers.golden"
	if *updateAssess {
		if err := os.WriteFile(name, out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(out.String(), "\n")); diff != "" {
		t.Errorf("answers differ (-want +got):\n%s", diff)
	}
}

func TestAssessWithoutAMistakeEndsWell(t *testing.T) {
	var out bytes.Buffer
	if err := assessLines(strings.NewReader(`{"id":"a","attributes":null}`), &out); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(out.String(), `{"id":"a","record":true,"notify_ico":true,`) {
		t.Errorf("got %s", out.String())
	}
}

func TestAssessAsksForJSON(t *testing.T) {
	if err := (&Assess{}).Run(); err == nil || !strings.Contains(err.Error(), "--json") {
		t.Errorf("got %v", err)
	}
}
