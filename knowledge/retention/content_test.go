package retention

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// What people read about every rule, so that a change of content shows as a change of words.
func TestExplanations(t *testing.T) {
	var b strings.Builder
	for _, r := range Default().Rules() {
		lines, err := Default().Explain(r.Name)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s (%s)\n", r.Category, r.Name)
		for _, line := range lines {
			fmt.Fprintf(&b, "  %s\n", line)
		}
	}
	golden := filepath.Join("testdata", "explanations.txt")
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("run with -update after reading it (-want +got):\n%s", diff)
	}
	if _, err := Default().Explain("nothing"); err == nil {
		t.Error("a rule that is not there is explained")
	}
}

func TestEveryRowOfTheScheduleIsThere(t *testing.T) {
	var rows []string
	for _, r := range Default().Rules() {
		rows = append(rows, r.Rows...)
	}
	for i := 1; i <= 35; i++ {
		if row := fmt.Sprintf("R%02d", i); !slices.Contains(rows, row) {
			t.Errorf("row %s is in no rule", row)
		}
	}
	for _, row := range []string{"EXC-A", "EXC-A2", "EXC-B"} {
		if !slices.Contains(rows, row) {
			t.Errorf("exception %s is in no rule", row)
		}
	}
}

// The sentences of the package are plain: short, and without words that scold.
func TestSentences(t *testing.T) {
	var texts []string
	s := Default()
	for name, text := range s.phrases {
		if !usedInCode(t, name) && name != "age_youngest" && name != "maximum" && name != "keep_to" {
			t.Errorf("nothing uses the sentence %q", name)
		}
		texts = append(texts, text)
	}
	for _, text := range DefaultLimits().phrases {
		texts = append(texts, text)
	}
	for _, r := range s.Rules() {
		texts = append(texts, r.Says, r.Disposal)
		texts = append(texts, r.Notes...)
		if strings.Count(r.Says, "child abuse") == 0 && len(r.Called) == 0 {
			t.Errorf("%s: nobody calls it anything", r.Name)
		}
	}
	for _, d := range s.differences {
		texts = append(texts, d.Warn...)
	}
	banned := regexp.MustCompile(`(?i)\b(please|sorry|valid|invalid|forbidden|oops)\b`)
	for _, text := range texts {
		for sentence := range strings.SplitSeq(strings.TrimRight(text, "."), ". ") {
			if n := len(strings.Fields(sentence)); n > 20 {
				t.Errorf("%d words: %s", n, sentence)
			}
		}
		if banned.MatchString(text) {
			t.Errorf("a word we do not use: %s", text)
		}
	}
}

func usedInCode(t *testing.T, name string) bool {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if text, err := os.ReadFile(file); err == nil && !strings.HasSuffix(file, "_test.go") && strings.Contains(string(text), `"`+name+`"`) {
			return true
		}
	}
	return slices.Contains([]string{string(Permanent), string(Local), string(Never)}, name)
}

func TestMistakesInAScheduleAreExplained(t *testing.T) {
	const rule = "- {rule: a, category: A, says: Keep it., disposal: Shred it., section: 1, "
	for name, c := range map[string]struct{ rules, want string }{
		"a trigger that is misspelt":          {rule + "keep: [{from: [lefft], years: 1}]}", `no trigger "lefft"; did you mean "left"`},
		"a kind that is misspelt":             {rule + "kind: permanant}", `did you mean "permanent"`},
		"a rule that keeps nothing":           {rule + "called: [a]}", "needs a period"},
		"a period without a trigger":          {rule + "keep: [{years: 1}]}", "needs a trigger"},
		"a period of two sorts":               {rule + "keep: [{from: [left], years: 1, age: 2}]}", "is either"},
		"an exception that goes nowhere":      {rule + "keep: [{from: [left], years: 1}], exceptions: [{when: x, use: b}]}", `"b", which is not there`},
		"a difference that is not there":      {rule + "keep: [{from: [left], years: 1}], differs: [clb]}", `did you mean "club"`},
		"a permanent rule with a period":      {rule + "kind: permanent, keep: [{from: [left], years: 1}]}", "no period of its own"},
		"an extension with no years":          {rule + "kind: extension}", "needs extra_years"},
		"an extension of nothing known":       {rule + "kind: extension, extra_years: 1, of: [b]}", `extends "b", which is no rule with an end`},
		"of where nothing is extended":        {rule + "kind: permanent, of: [a]}", "only an extension"},
		"a rule twice":                        {rule + "kind: permanent}\n" + rule + "kind: permanent}", "twice"},
		"a key that is misspelt":              {rule + "kindd: permanent}", "kindd"},
		"a rule that says nothing to anybody": {"- {rule: a, kind: permanent}", "needs a rule name, category"},
	} {
		t.Run(name, func(t *testing.T) {
			files := fstest.MapFS{"rules-x.yaml": {Data: []byte(c.rules)}}
			for _, n := range []string{"schedule.yaml", "differences.yaml", "sentences.yaml", "sources.yaml"} {
				text, err := os.ReadFile(filepath.Join("testdata/sports-club", n))
				if err != nil {
					t.Fatal(err)
				}
				files[n] = &fstest.MapFile{Data: text}
			}
			if _, err := Load(files, DefaultPensions()); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v; want %q", err, c.want)
			}
		})
	}
	if _, err := Load(fstest.MapFS{}, DefaultPensions()); !errors.Is(err, fs.ErrNotExist) && err == nil {
		t.Error("an empty folder is a schedule")
	}
}
