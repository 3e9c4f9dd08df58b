package rights

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"shareright/knowledge/calendar"
)

func TestTheChecklistIsWholeAndEveryStepSaysWhatToDo(t *testing.T) {
	g := DefaultGuide()
	ticks := 0
	for _, s := range g.Steps {
		ticks += len(s.Parts)
	}
	if len(g.Steps) != 13 || ticks < 15 {
		t.Errorf("%d steps with %d parts", len(g.Steps), ticks)
	}
	for _, right := range []string{"access", "rectify", "erase", "restrict", "port", "object", "withdraw", "automated", "complaint"} {
		if d, ok := g.Duty(right); !ok || len(d.Do) == 0 || d.Law == "" {
			t.Errorf("nothing says what %s asks of us", right)
		}
	}
	for _, right := range []string{"rectify", "erase", "restrict"} { // Article 19
		if d, _ := g.Duty(right); !d.Tell {
			t.Errorf("%s: whoever got the data from us must be told", right)
		}
	}
}

func TestWhatAChildMayAskDiffersByNationAndNeverDecides(t *testing.T) {
	for _, c := range []struct {
		nation calendar.Nation
		years  int
		want   string
	}{
		{"S", 12, "takes it that a child can judge"}, {"S", 11, "does not assume it"},
		{"EW", 13, "ask the child"}, {"EW", 8, "Look at this child"}, {"NI", 12, "not only at the age"},
	} {
		says, from := DefaultGuide().Competence(c.nation, c.years)
		if !strings.Contains(says, c.want) || len(from) == 0 {
			t.Errorf("%s, %d years: %q, %d sources", c.nation, c.years, says, len(from))
		}
	}
}

func TestTheRuleOnChildAbuseIsNotLawInScotland(t *testing.T) {
	e, _ := DefaultGuide().Exemption("abuse")
	if len(e.NotIn) != 1 || e.NotIn[0] != calendar.Scotland {
		t.Errorf("left out in %v", e.NotIn)
	}
}

// Every sentence of the guide and of the letters is short.
func TestTheGuideIsInShortSentences(t *testing.T) {
	g := DefaultGuide()
	texts := map[string]string{}
	for _, s := range g.Steps {
		texts["step "+s.ID] = s.Do
	}
	for _, d := range g.Duties {
		texts["duty "+d.Right] = strings.Join(append(d.Do, d.Now), "\n")
	}
	for _, e := range g.Exemptions {
		texts["exemption "+e.ID] = strings.Join(e.Weigh, "\n")
	}
	for _, x := range g.Transfers {
		texts["transfer "+x.ID] = x.Risk + "\n" + x.Helps
	}
	for _, c := range g.Children {
		texts["children "+string(c.Nation)] = c.Under + "\n" + c.Over
	}
	for _, p := range g.People {
		texts["people "+p.ID] = p.Says
	}
	for _, l := range g.Letters {
		text, missing, err := l.Write(nil)
		if err != nil || len(missing) != len(l.Fields) {
			t.Errorf("letter %s: %v; %d of %d fields are missing", l.ID, err, len(missing), len(l.Fields))
		}
		texts["letter "+l.ID] = text + "\n" + l.Why
	}
	for where, text := range texts {
		for _, sentence := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(".?!\n:", r) }) {
			if n := len(strings.Fields(sentence)); n > 20 {
				t.Errorf("%s has a sentence of %d words: %s", where, n, sentence)
			}
		}
		for _, word := range []string{"please", "invalid", "oops", "sorry"} {
			if strings.Contains(strings.ToLower(text), word) {
				t.Errorf("%s says %q", where, word)
			}
		}
	}
}

// What the person must be told with the copies: Article 15(1) UK GDPR, and how to complain.
func TestTheResponseHoldsEverythingTheLawAsksFor(t *testing.T) {
	for _, l := range DefaultGuide().Letters {
		switch l.ID {
		case "response":
			for _, field := range []string{"copies", "purposes", "kinds", "shared", "kept", "from", "automated", "withheld", "regulator"} {
				if l.Fields[field] == "" {
					t.Errorf("the response lacks %s", field)
				}
			}
		case "refusal", "extension", "answer", "complaint_outcome", "fee":
			text, _, err := l.Write(map[string]string{"regulator": "Regulator", "reason": "REASON"})
			if err != nil || !strings.Contains(text, "complain to the Regulator or go to court") {
				t.Errorf("%s does not say how to complain: %v", l.ID, err)
			}
		}
	}
}

func TestMistakesInTheGuideAreExplained(t *testing.T) {
	for name, c := range map[string]struct{ file, from, to, want string }{
		"a step that is missing":        {"steps.yaml", "{id: B,", "{id: X,", "A to M in order"},
		"a kind that is not there":      {"steps.yaml", "kind: search", "kind: serch", "kinds are"},
		"a source that is not there":    {"duties.yaml", "ukgdpr-15, ico", "ukgdpr-51, ico", "did you mean"},
		"somebody who cannot be asked":  {"exemptions.yaml", "with: safeguarding", "with: nobody", `"safeguarding"`},
		"a field that is not described": {"letters.yaml", "    came: the day the request came\n    what", "    what", "came"},
	} {
		t.Run(name, func(t *testing.T) {
			files := fstest.MapFS{}
			if err := fs.WalkDir(content, ".", func(path string, d fs.DirEntry, err error) error {
				if err != nil || d.IsDir() {
					return err
				}
				text, err := fs.ReadFile(content, path)
				if path == c.file {
					if !strings.Contains(string(text), c.from) {
						t.Fatalf("%s does not hold %q", path, c.from)
					}
					text = []byte(strings.Replace(string(text), c.from, c.to, 1))
				}
				files[path] = &fstest.MapFile{Data: text}
				return err
			}); err != nil {
				t.Fatal(err)
			}
			if _, err := LoadGuide(files); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v; want %q", err, c.want)
			}
		})
	}
}
