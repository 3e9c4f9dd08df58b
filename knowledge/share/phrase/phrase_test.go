package phrase

import (
	"slices"
	"strings"
	"testing"
)

// set holds the patterns in the order of their numbers.
func set(t *testing.T, patterns ...string) *Set {
	t.Helper()
	s := NewSet(map[string][]string{"kid": {"child", "kid", "wee_one"}, "mark": {"bruise", "=mark"}})
	for _, p := range patterns {
		if _, err := s.Add(p); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func TestAPatternFindsWhatPeopleType(t *testing.T) {
	for _, c := range []struct {
		pattern, text string
		found         bool
	}{
		{"ask the school", "we asked the schools", true},
		{"ask the school", "ask a school", false},
		{"=box", "boxes", false},
		{"tell|ring the police", "can i ring the police", true},
		{"tell the? police", "tell police", true},
		{"took .. tablets", "took a load of tablets", true},
		{"took .. tablets", "took her home, she has tablets", false}, // another clause
		{"{kid} ran off", "the wee one ran off", true},
		{"left on_his_own|alone", "left on his own", true},
		{"left on_his_own|alone", "left his own", false},
		{"doesnt want", "she doesn't want it", true}, // a pattern is opened like a text
		{"doesnt want", "she does not want it", true},
		{"{mark} & {kid}", "a kid with a bruise", true},
		{"{mark} & {kid}", "bruises on that child", true},
		{"{mark} & {kid}", "a bruise. a kid came", false}, // another sentence
		{"{mark} & {kid}", "bruises, but no kids here", false},
		{"15 years old", "15yo", true},
		{"hv", "the h.v. rang", true},
		{"safeguarding", "safegarding", true}, // a slip of the finger
		{"not eating", "isn’t eating", true},
	} {
		s := set(t, c.pattern)
		if got := len(s.Find(s.Read(c.text))) > 0; got != c.found {
			t.Errorf("%q in %q: found %v", c.pattern, c.text, got)
		}
	}
}

func TestExactPatternsKeepToTheirForm(t *testing.T) {
	s := set(t)
	if _, err := s.AddExact("box|knife"); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]bool{"box": true, "boxes": true, "boxing": false, "boxed": false, "knife": true} {
		if got := len(s.Find(s.Read(text))) > 0; got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func TestANoTurnsAroundWhatFollowsInItsClause(t *testing.T) {
	s := set(t, "warrant", "hurt")
	for text, want := range map[string]bool{
		"they have a warrant":                    false,
		"there is no warrant":                    true,
		"without a proper warrant":               true,
		"i'm not sure he was hurt":               false, // not sure takes nothing back
		"he isn't hurt":                          true,
		"no doubt he was hurt":                   false,
		"he didn't say why, she was hurt":        false, // another clause
		"not that i know but she was hurt":       false,
		"nothing hurt her":                       true,
		"why not ask whether there is a warrant": false,
	} {
		hits := s.Find(s.Read(text))
		if len(hits) == 0 {
			t.Errorf("%q: nothing found", text)
		} else if hits[0].Negated != want {
			t.Errorf("%q: negated %v", text, hits[0].Negated)
		}
	}
}

func TestAHitSaysWhereItStandsAndHowMuchOfThePatternMatched(t *testing.T) {
	s := set(t, "{mark} & {kid}")
	text := s.Read("Our KID came in with a big bruise.")
	hits := s.Find(text)
	if len(hits) != 1 {
		t.Fatalf("%d hits", len(hits))
	}
	if got := text.Quote(hits[0].First, hits[0].Last); got != "KID came in with a big bruise" {
		t.Errorf("quoted %q", got)
	}
	if hits[0].Fixed != 2 {
		t.Errorf("%d words matched", hits[0].Fixed)
	}
}

func TestWordsAreTidiedAsPeopleWriteThem(t *testing.T) {
	s := set(t, "police", "address", "allergies")
	for typed, want := range map[string]string{
		"can't":                  "can not",
		"won’t":                  "will not",
		"hes 15yo":               "he is 15 years old",
		"mum's":                  "mum",
		"she's":                  "she is",
		"a&e":                    "ae",
		"polcie want the addres": "police want the address",
		"alergies":               "allergies",
		"Reading":                "reading", // an ordinary word is never mended
		"self-harm":              "self harm",
		"":                       "",
		"\x00 \u202e 💔":          "",
	} {
		var words []string
		for _, w := range s.Read(typed).Words {
			words = append(words, w.Norm)
		}
		if got := strings.Join(words, " "); got != want {
			t.Errorf("%q is read as %q, want %q", typed, got, want)
		}
	}
}

func TestAMistakeInAPatternIsExplained(t *testing.T) {
	for pattern, says := range map[string]string{
		".. police":        "must begin and end with a word",
		"police ..":        "must begin and end with a word",
		"tell {nobody}":    "there is no list {nobody}",
		"tell a||b":        "no word between bars",
		"shoe shape?|mark": "the question mark stands after all choices",
		"bruise & ":        "must begin and end with a word",
	} {
		if _, err := set(t).Add(pattern); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v, want %q", pattern, err, says)
		}
	}
}

func TestPatternsThatNoTextCanHoldAreNamed(t *testing.T) {
	s := set(t, "drinking .. while", "drinking", "box & no kid", "he went .. because")
	if got := s.Dead(); !slices.Equal(got, []string{"drinking .. while", "he went .. because"}) {
		t.Errorf("dead: %q", got)
	}
}

func TestALongTextIsReadOnlyToItsLimit(t *testing.T) {
	s := set(t, "police")
	if got := len(s.Read(strings.Repeat("word ", 5000)).Words); got != maxWords {
		t.Errorf("%d words", got)
	}
}

// A short word with a capital may be somebody's name, and is not bent into another word; one
// with its letters swapped is a slip all the same.
func TestAShortNameIsNotTakenForASlip(t *testing.T) {
	s := NewSet(nil)
	for _, pattern := range []string{"iran", "girl"} {
		if _, err := s.Add(pattern); err != nil {
			t.Fatal(err)
		}
	}
	for said, want := range map[string]int{"Ivan wants his file": 0, "can we send Ivan's file": 0, "she flew to irran": 1, "Gilr of 9": 1, "a girk of 9": 1} {
		if hits := s.Find(s.Read(said)); len(hits) != want {
			t.Errorf("%q has %d hits, want %d", said, len(hits), want)
		}
	}
}
