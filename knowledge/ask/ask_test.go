package ask

import (
	"encoding/json"
	"errors"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"shareright/knowledge"
	"shareright/knowledge/policy"
	"shareright/knowledge/retention"
)

const policyText = `# Privacy policy

Next review: May 2025

## Requests

Subject access requests must be submitted in writing to the data protection lead.
We answer within one month of receipt.

## Pictures

A parent gives written consent before we take photographs of a child.
`

var today = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

// notShared is a sharing rule book to which no question is about sharing.
func notShared(string, map[string]json.RawMessage, []string) (Shared, bool, error) {
	return Shared{}, false, nil
}

func book(t *testing.T, sharing Sharing) (*Book, *policy.Library) {
	t.Helper()
	lexicon, err := policy.DefaultLexicon()
	if err != nil {
		t.Fatal(err)
	}
	b, err := New(lexicon, retention.Default(), sharing)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := policy.Read("privacy.md", []byte(policyText))
	if err != nil {
		t.Fatal(err)
	}
	return b, policy.New(lexicon, doc)
}

func answer(t *testing.T, sharing Sharing, question string) Answer {
	t.Helper()
	b, library := book(t, sharing)
	a, err := b.Answer(Question{Text: question, Library: library, Today: today})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestAPolicyIsQuotedWithItsLapseAndTheLaw(t *testing.T) {
	a := answer(t, notShared, "does a subject access request have to be in writing")
	if !a.Answered || a.Kind != Rights || a.Decision != nil {
		t.Errorf("answered %v, kind %s, decision %v", a.Answered, a.Kind, a.Decision)
	}
	if len(a.Quotes) == 0 || a.Quotes[0].Source != "privacy.md" || !strings.Contains(a.Quotes[0].Passage, "must be submitted in writing") {
		t.Fatalf("quotes %+v", a.Quotes)
	}
	for _, want := range []string{"Your own policy says", "due for a fresh look by May 2025", "The law takes a request in any form"} {
		if !strings.Contains(a.Text, want) {
			t.Errorf("%q is missing in:\n%s", want, a.Text)
		}
	}
}

func TestAnOlderCopyIsNamedAndAContradictionShown(t *testing.T) {
	b, _ := book(t, notShared)
	lexicon, err := policy.DefaultLexicon()
	if err != nil {
		t.Fatal(err)
	}
	const shared = "# Visitors policy\n\nVersion: %\n\nLock the door behind every visitor.\n\nGive each visitor a badge at the desk.\n\nVisitor sign-in sheets are kept for two years.\n\nTell the office when a badge is missing.\n"
	var docs []policy.Document
	for name, text := range map[string]string{
		"old.md": strings.Replace(shared, "%", "1", 1), "new.md": strings.Replace(shared, "%", "2", 1),
		"records.md": "# Records guide\n\nDestroy visitor sign-in sheets after six months.\n",
	} {
		doc, err := policy.Read(name, []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		docs = append(docs, doc)
	}
	a, err := b.Answer(Question{Text: "how long do we keep the visitor sign-in sheets", Library: policy.New(lexicon, docs...), Today: today})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"two years", "Another passage says something else", "six months"} {
		if !strings.Contains(a.Text, want) {
			t.Errorf("%q is missing in:\n%s", want, a.Text)
		}
	}
}

func TestWhatNothingSupportsIsNotAnswered(t *testing.T) {
	for _, question := range []string{"who won the raffle", "what is our insurance policy number", "*bold* <b>x</b> @channel"} {
		a := answer(t, notShared, question)
		if a.Answered || len(a.Quotes) > 0 || !strings.Contains(a.Text, "I do not know") || !strings.Contains(a.Text, "data protection lead") {
			t.Errorf("%q: %+v", question, a)
		}
		if strings.Contains(a.Text, "<b>") || strings.Contains(a.Text, "@channel") {
			t.Errorf("%q is repeated in the answer", question)
		}
	}
}

func TestKeepingIsAnsweredByTheScheduleWithoutAnyPolicy(t *testing.T) {
	b, _ := book(t, notShared)
	lexicon, err := policy.DefaultLexicon()
	if err != nil {
		t.Fatal(err)
	}
	a, err := b.Answer(Question{Text: "how long do we keep personnel files", Library: policy.New(lexicon), Today: today})
	if err != nil {
		t.Fatal(err)
	}
	if !a.Answered || a.Kind != Retention || !strings.Contains(a.Text, "6 years") {
		t.Errorf("%+v", a)
	}
}

func TestADecisionLeadsAndThePolicyStandsBeside(t *testing.T) {
	decide := func(string, map[string]json.RawMessage, []string) (Shared, bool, error) {
		return Shared{Decision: "share_now", Basis: []string{"vital_interests"}, Text: "Share it now. Call 999.",
			Sources: []knowledge.Source{{ID: "law", Title: "UK GDPR", Section: "Article 6"}}}, true, nil
	}
	a := answer(t, decide, "can we take photographs of a child")
	if a.Kind != Share || a.Decision == nil || *a.Decision != "share_now" || !a.Answered || !strings.HasPrefix(a.Text, "Share it now.") {
		t.Errorf("%+v", a)
	}
	if len(a.Quotes) > maxQuotes || a.Quotes[0].Source != "privacy.md" {
		t.Errorf("quotes %+v", a.Quotes)
	}
}

func TestThanksAreNoQuestion(t *testing.T) {
	for _, said := range []string{"thanks", "Thank you!", "ok, thanks.", "cheers", "bye"} {
		if a := answer(t, notShared, said); a.Kind != Help || !a.Answered || !strings.Contains(a.Text, "welcome") {
			t.Errorf("%q: %+v", said, a)
		}
	}
	if a := answer(t, notShared, "thanks, and who won the raffle"); strings.Contains(a.Text, "welcome") {
		t.Errorf("a question after thanks was passed over: %s", a.Text)
	}
}

func TestAFailingRuleBookFailsTheAnswer(t *testing.T) {
	broken := errors.New("broken")
	b, library := book(t, func(string, map[string]json.RawMessage, []string) (Shared, bool, error) {
		return Shared{}, false, broken
	})
	if _, err := b.Answer(Question{Text: "x", Library: library}); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}

func TestEveryListIsThereInJSON(t *testing.T) {
	for _, question := range []string{"", "help", "who won the raffle", "who agrees to photographs of a child"} {
		text, err := json.Marshal(answer(t, notShared, question))
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(strings.ReplaceAll(string(text), `"decision":null`, ""), "null") {
			t.Errorf("%q: %s", question, text)
		}
	}
}

// plainest are words an answer avoids.
var plainest = regexp.MustCompile(`(?i)\b(please|sorry|valid|invalid|forbidden|oops)\b`)

func TestSentencesAreShortAndPlain(t *testing.T) {
	b, _ := book(t, notShared)
	s := b.sentences
	texts := []string{s.PolicySays, s.Contradicts, s.Older, s.LawDiffers, s.Stale, s.Old, s.AskLead, s.Unknown, s.UnknownNoPolicies, s.AskPerson, s.Nearest, s.Retention, s.Empty, s.Help, s.HelpMore, s.Thanks}
	for _, d := range b.differences {
		texts = append(texts, d.Law...)
	}
	for _, text := range texts {
		if plainest.MatchString(text) {
			t.Errorf("avoid the word in %q", text)
		}
		for _, sentence := range policy.Sentences(text) {
			if n := len(strings.Fields(sentence)); n > 20 {
				t.Errorf("%d words: %s", n, sentence)
			}
		}
	}
}

func TestAnUnknownSourceIsToldWithTheNearest(t *testing.T) {
	lexicon, err := policy.DefaultLexicon()
	if err != nil {
		t.Fatal(err)
	}
	_, err = Read(fstest.MapFS{
		"sources.yaml":     {Data: []byte("- {id: gdpr, title: UK GDPR, checked: 2026-11-22}\n")},
		"sentences.yaml":   {Data: []byte("unknown: I do not know.\n")},
		"differences.yaml": {Data: []byte("differences:\n  - {id: a, mark: F1, passages: [x], law: [y], source: gdrp}\n")},
	}, lexicon, retention.Default(), notShared)
	if err == nil {
		t.Fatal("nothing was told")
	}
	for _, want := range []string{`did you mean "gdpr"`, "name the date"} {
		if diff := cmp.Diff(true, strings.Contains(err.Error(), want)); diff != "" {
			t.Errorf("%q is missing in %v", want, err)
		}
	}
}

func TestWhatPeopleAlsoAskIsNamedOnlyWhenWantedAndNeverInTheContract(t *testing.T) {
	b, library := book(t, notShared)
	const question = "does a subject access request have to be in writing"
	plain, err := b.Answer(Question{Text: question, Library: library, Today: today})
	if err != nil {
		t.Fatal(err)
	}
	if len(plain.Also) != 0 || b.WithAlso(plain) != plain.Text {
		t.Errorf("offered unasked: %v", plain.Also)
	}
	a, err := b.Answer(Question{Text: question, Library: library, Today: today, Suggest: true})
	if err != nil {
		t.Fatal(err)
	}
	if len(a.Also) == 0 || len(a.Also) > 3 {
		t.Fatalf("offered %v", a.Also)
	}
	for _, also := range a.Also {
		if !strings.Contains(b.WithAlso(a), "\n- "+also.Question) || b.Asks(also.Topic) != also.Question {
			t.Errorf("%+v is not named in\n%s", also, b.WithAlso(a))
		}
	}
	want, _ := json.Marshal(plain)
	if got, _ := json.Marshal(a); string(got) != string(want) {
		t.Errorf("the contract's answer changed to %s", got)
	}
}
