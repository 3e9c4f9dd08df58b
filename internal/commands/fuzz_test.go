package commands

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"time"
)

// Whatever a line of questions holds, it gets one line back.
func FuzzAskLine(f *testing.F) {
	asker, err := newAsker("", "", io.Discard)
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{`{"id":1,"question":"Can I share her address with the police?"}`, `{"id":{"a":[]},"question":"x","facts":{"recipient":"police","danger":[1],"x":{}},"now":"2026-11-23T10:00:00Z"}`, `{"question":null}`, `[]`, `{"question":"\u0000\u202e"}`, `{`} {
		f.Add(seed)
	}
	clock := func() time.Time { return someday() }
	f.Fuzz(func(t *testing.T, line string) {
		oneForOne(t, line, func(in io.Reader, out io.Writer) error { return asker.lines(in, out, clock) })
	})
}

// Whatever a line about a breach holds, it gets one line back.
func FuzzAssessLine(f *testing.F) {
	for _, seed := range []string{`{"id":"a","attributes":{"people":12,"data":["health"],"cause":"lost"}}`, `{"attributes":{"people":-1e999}}`, `{"attribute":{}}`, `{"attributes":[[[]]]}`, `null`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, line string) { oneForOne(t, line, assessLines) })
}

func oneForOne(t *testing.T, line string, answer func(io.Reader, io.Writer) error) {
	t.Helper()
	if strings.ContainsAny(line, "\n") || strings.TrimSpace(line) == "" {
		return
	}
	var out bytes.Buffer
	if err := answer(strings.NewReader(line), &out); err != nil && !errors.Is(err, errSomeLines) {
		t.Fatal(err)
	}
	if n := strings.Count(out.String(), "\n"); n != 1 || !json.Valid(out.Bytes()) {
		t.Errorf("%d lines for one: %s", n, out.String())
	}
}

// A list of what was erased is read or refused as a whole: half of it would bring the rest back.
func FuzzErasuresAreReadOrRefused(f *testing.F) {
	f.Add(`{"org":"main","life":"ABC","at":"2026-11-23T10:00:00Z"}` + "\n")
	f.Add("{}\n[]")
	f.Fuzz(func(t *testing.T, text string) {
		list, err := readErasures(strings.NewReader(text))
		if err != nil {
			return
		}
		for _, e := range list {
			if e.Org == "" || e.Life == "" {
				t.Fatalf("a line that names nothing was taken: %+v", e)
			}
		}
	})
}
