package commands

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"
)

func TestALineThatBreaksStopsNoOther(t *testing.T) {
	var out, log bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
	defer slog.SetDefault(before)
	type line struct{ ID, Text string }
	err := answerLines(strings.NewReader(`{"id":"1","text":"break"}`+"\n"+`{"id":"2","text":"hello"}`+"\n"), &out, func(l line) (any, error) {
		if l.Text == "break" {
			panic("cannot read quillonfernsby")
		}
		return l, nil
	})
	if !errors.Is(err, errSomeLines) {
		t.Error(err)
	}
	if got := out.String(); !strings.Contains(got, `"id":"1","error":"panic: string"`) || !strings.Contains(got, `"Text":"hello"`) {
		t.Errorf("answered\n%s", got)
	}
	if !strings.Contains(log.String(), "an answer panicked") || strings.Contains(log.String(), "quillonfernsby") {
		t.Errorf("the log is\n%s", log.String())
	}
}
