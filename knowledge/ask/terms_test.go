package ask

import (
	"strings"
	"testing"
)

func TestAWordIsExplainedWhenNothingElseIsAsked(t *testing.T) {
	b, _ := book(t, notShared)
	for question, want := range map[string]string{
		"what is personal data?":                                "personal data",
		"What’s a LADO":                                         "LADO",
		"whats a sar??":                                         "subject access request",
		"what does MASH stand for?":                             "MASH",
		"what do you mean by “vital interests”":                 "vital interests",
		"what counts as special category data":                  "special category data",
		"define consent":                                        "consent",
		"what is a controller in data protection":               "data controller",
		"what are the principles":                               "data protection principles",
		"tell me the meaning of recognised legitimate interest": "recognised legitimate interest",
		"what is the LADO's phone number?":                      "",
		"what is our consent form":                              "",
		"what is the membership fee":                            "",
		"is consent needed for photos?":                         "",
		"what do I do with a subject access request?":           "",
		"": "",
	} {
		term, found := b.Meaning(question)
		if found != (want != "") || found && term.Words[0] != want {
			t.Errorf("%q asks for %q, found %v; want %q", question, term.Words, found, want)
		}
	}
}

func TestEveryWordIsExplainedShortlyOnceAndWithASource(t *testing.T) {
	b, _ := book(t, notShared)
	if len(b.Terms()) < 50 {
		t.Fatalf("only %d terms", len(b.Terms()))
	}
	taken := map[string]string{}
	for _, term := range b.Terms() {
		for _, word := range term.Words {
			if other, twice := taken[plainWord(word)]; twice && other != term.Words[0] {
				t.Errorf("%q is explained under %q and under %q", word, other, term.Words[0])
			}
			taken[plainWord(word)] = term.Words[0]
		}
		for _, means := range term.Means {
			if first := means[:1]; first == strings.ToLower(first) && first != strings.ToUpper(first) {
				t.Errorf("%s: %q begins in the middle of a sentence", term.Words[0], means)
			}
			for _, s := range strings.FieldsFunc(means, func(r rune) bool { return r == '.' || r == ':' || r == '?' }) {
				if n := len(strings.Fields(s)); n > 20 {
					t.Errorf("%s: %d words: %s", term.Words[0], n, s)
				}
			}
			if plainest.MatchString(means) {
				t.Errorf("%s: avoid a word in %q", term.Words[0], means)
			}
		}
		if from := term.From(); from.Title == "" || from.Checked == "" {
			t.Errorf("%s has no source", term.Words[0])
		}
	}
}
