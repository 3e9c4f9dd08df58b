package commands

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var updateDue = flag.Bool("update-due", false, "rewrite testdata/due/answers.jsonl")

func someday() time.Time { return time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC) }

var builtInBooks, _ = dueBooksOf("")

// Every kind of question, with what may go wrong, and the answers word for word.
func TestDueAnswers(t *testing.T) {
	questions, err := os.Open("../../testdata/due/questions.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer questions.Close()
	var got bytes.Buffer
	if err := dueLines(questions, &got, someday, builtInBooks); !errors.Is(err, errSomeLines) {
		t.Errorf("some lines are bad, yet it ends with %v", err)
	}
	const golden = "../../testdata/due/answers.jsonl"
	if *updateDue {
		if err := os.WriteFile(golden, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got.String(), "\n")); diff != "" {
		t.Errorf("run with -update-due after reading it (-want +got):\n%s", diff)
	}
}

func TestEveryQuestionIsAnsweredInOrder(t *testing.T) {
	in := `{"id":"a","kind":"state_pension_age","inputs":{"dob":"1970-06-15"}}` + "\nnonsense\n\n" +
		`{"id":{"n":1},"kind":"state_pension_age","inputs":{"dob":"1970-06-15"}}` + "\n"
	var out bytes.Buffer
	if err := dueLines(strings.NewReader(in), &out, someday, builtInBooks); !errors.Is(err, errSomeLines) {
		t.Errorf("got %v; want the error that some lines are bad", err)
	}
	var ids []string
	for line := range strings.Lines(out.String()) {
		var answer struct {
			ID    json.RawMessage
			Date  string
			Error string
		}
		if err := json.Unmarshal([]byte(line), &answer); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		if (answer.Date == "2037-06-15") == (answer.Error != "") {
			t.Errorf("neither a date nor an error: %s", line)
		}
		ids = append(ids, string(answer.ID))
	}
	if diff := cmp.Diff([]string{`"a"`, "null", `{"n":1}`}, ids); diff != "" {
		t.Errorf("ids (-want +got):\n%s", diff)
	}
}

// Whatever a line holds, it gets one line back.
func FuzzDueLine(f *testing.F) {
	questions, err := os.ReadFile("../../testdata/due/questions.jsonl")
	if err != nil {
		f.Fatal(err)
	}
	for line := range strings.Lines(string(questions)) {
		f.Add(strings.TrimSpace(line))
	}
	f.Fuzz(func(t *testing.T, line string) {
		if strings.Contains(line, "\n") || strings.TrimSpace(line) == "" {
			return
		}
		var out bytes.Buffer
		if err := dueLines(strings.NewReader(line), &out, someday, builtInBooks); err != nil && !errors.Is(err, errSomeLines) {
			t.Fatal(err)
		}
		if n := strings.Count(out.String(), "\n"); n != 1 || !json.Valid(out.Bytes()) {
			t.Errorf("%d lines for one: %s", n, out.String())
		}
	})
}
