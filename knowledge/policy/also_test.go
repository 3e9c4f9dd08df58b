package policy

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

func TestWhatPeopleAlsoAskIsAnsweredByAPassageNotYetShown(t *testing.T) {
	l := boats(t)
	const question = "how long do we keep committee minutes"
	found := l.Search(question, 3)
	also := l.Also(found, 3)
	if len(also) == 0 || len(also) > 3 {
		t.Fatalf("got %d questions: %v", len(also), also)
	}
	seen := []string{found.Hits[0].Quote}
	for _, a := range also {
		r := l.Search(a.Question, 1)
		if !r.Answered {
			t.Errorf("%q is offered and not answered", a.Question)
			continue
		}
		if slices.Contains(seen, r.Hits[0].Quote) {
			t.Errorf("%q leads to words that are shown already: %q", a.Question, r.Hits[0].Quote)
		}
		seen = append(seen, r.Hits[0].Quote)
		if l.lexicon.Asks(a.Topic) != a.Question {
			t.Errorf("topic %s does not lead back to %q", a.Topic, a.Question)
		}
	}
}

func TestADeclinedQuestionOffersOnlyWhatItIsClearlyAbout(t *testing.T) {
	l := boats(t)
	for question, want := range map[string]bool{
		"how much is a season ticket for the car park": false,
		"who won the raffle":                           false,
		"qwertyuiop":                                   false,
	} {
		r := l.Search(question, 3)
		if r.Answered {
			t.Fatalf("%q is answered", question)
		}
		if got := l.Also(r, 3); len(got) > 0 != want {
			t.Errorf("%q: got %v", question, got)
		}
	}
}

func TestTheSameQuestionOffersTheSameAgain(t *testing.T) {
	l := boats(t)
	r := l.Search("can dad read his daughters notes", 3)
	first := l.Also(r, 3)
	for range 5 {
		if again := l.Also(r, 3); !slices.Equal(first, again) {
			t.Fatalf("got %v, then %v", first, again)
		}
	}
}

func TestMistakesInWhatPeopleAlsoAskAreNamed(t *testing.T) {
	const head = "source: here\nchecked: 2026-11-23\nsubject: boats\n"
	tests := map[string]struct{ also, want string }{
		"a topic that is not there": {"{mooring_feess: May I moor here?}", `did you mean "mooring_fees"`},
		"no question":               {"{mooring_fees: Mooring fees}", "is no question"},
		"too long for a button":     {"{mooring_fees: " + strings.Repeat("very ", 15) + "long?}", "at most 70 characters"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := ReadLexicon(fstest.MapFS{
				"words.yaml": {Data: []byte("source: here\nchecked: 2026-11-23\nlittle: a the\n")},
				"boats.yaml": {Data: []byte(head + "topics:\n  - {id: mooring_fees, means: [mooring fee]}\nalso: " + test.also + "\n")},
			})
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}
