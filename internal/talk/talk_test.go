package talk

import (
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestConversationsThatHold(t *testing.T) {
	files, err := filepath.Glob("testdata/holds/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no conversations: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			t.Parallel()
			if err := PlayFile(t.Context(), file, toy()); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestTheFirstLineThatDiffersIsNamed(t *testing.T) {
	form := "jo: /umbrella\n  > Where  bus\n  > What colour  red\n  > How many  2\n"
	for name, tc := range map[string]struct{ text, line, says string }{
		"another text":                {"jo: hello\nbot to jo: goodbye", "x:2:", "You said: hello"},
		"another person":              {"jo: hello\nbot to sam: hello", "x:2:", "to jo: You said: hello"},
		"nobody answers":              {"bot to jo: hello", "x:1:", "Nothing came to anybody"},
		"a message that did come":     {form + "nothing to dp-lead", "x:5:", "is lost"},
		"the wrong order":             {form + "wait 24h\nbot to dp-lead: a day has passed\nbot to dp-lead: is lost", "x:7:", "After what was matched"},
		"the same message twice":      {form + "bot to dp-lead: is lost\nbot to dp-lead: is lost", "x:6:", "After what was matched"},
		"an old message":              {form + "bot to dp-lead: is lost\njo: hello\nbot to dp-lead: is lost", "x:7:", "did not come to dp-lead"},
		"an edit that was a message":  {form + "bot edits dp-lead: is lost", "x:5:", "did not come"},
		"an unknown question":         {"jo: /umbrella\n  > When  today", "x:2:", "Where was it lost?"},
		"no form":                     {"jo: hello\n  > Where  bus", "x:2:", "no questions open"},
		"no such button":              {form + `sam: press "Go away"`, "x:5:", "no card shows"},
		"a button that went away":     {form + "dp-lead: press \"I have got this\"\nbot edits dp-lead: has got this\ndp-lead: press \"I have got this\"", "x:7:", "no card shows"},
		"no problem came":             {form + "bot says problem: number", "x:5:", "were not sent back"},
		"another problem":             {"jo: /umbrella\n  > Where  bus\n  > What colour  pink\nbot says problem: future", "x:4:", "Bright red"},
		"a line that means nothing":   {"what is this", "x:1:", "not understood"},
		"a time that has passed":      {"today 2026-03-02 09:00\nat 2026-03-01 09:00", "x:2:", "in the past"},
		"a reference nobody kept":     {"bot to jo: $R", "x:1:", "was not kept"},
		"a role that does not exist":  {"cast: sam = dp-leed", "x:1:", "dp-lead"},
		"a setting that is misspelt":  {"organisation naton: S", "x:1:", "did you mean nation?"},
		"talk while it is stopped":    {"stop\njo: hello", "x:2:", "stopped"},
		"an engine that fails":        {"jo: break", "x:1:", "made to break"},
		"a broken pattern":            {"jo: hello\nbot to jo: /(/", "x:2:", "pattern"},
		"a button the card lacks":     {form + "bot to dp-lead: is lost [Go away]", "x:5:", "[I have got this]"},
		"a wait that cannot be read":  {"wait a while", "x:1:", "not a time to wait"},
		"a form that is not complete": {"jo: /umbrella\n  > Where  bus\nbot to jo: Thank you", "x:3:", "Where was it lost?"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := Play(t.Context(), "x", tc.text, toy())
			if err == nil {
				t.Fatal("it was played as if it held")
			}
			if !strings.Contains(err.Error(), tc.line) || !strings.Contains(err.Error(), tc.says) {
				t.Errorf("want %s and %q, got:\n%v", tc.line, tc.says, err)
			}
		})
	}
}

func TestTimesAreReadInTheOrganisationsZone(t *testing.T) {
	zone, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"2026-10-25 01:30": "2026-10-25T00:30:00Z", // comes twice; the earlier
		"2026-10-25 02:30": "2026-10-25T02:30:00Z",
		"2026-07-01 09:15": "2026-07-01T08:15:00Z",
		"2026-10-25":       "2026-10-24T23:00:00Z",
	} {
		at, err := moment(text, zone)
		if got := at.UTC().Format("2006-01-02T15:04:05Z"); err != nil || got != want {
			t.Errorf("%s: want %s, got %s, %v", text, want, got, err)
		}
	}
}

func TestTimesToWaitAreReadInWords(t *testing.T) {
	for text, want := range map[string]float64{"3h": 3, "90m": 1.5, "2 days": 48, "1w": 168, "1 h 30 min": 1.5} {
		if d, err := duration(text); err != nil || d.Hours() != want {
			t.Errorf("%s: want %v hours, got %v, %v", text, want, d.Hours(), err)
		}
	}
}
