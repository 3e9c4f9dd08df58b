package rights

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"shareright/bot"
	"shareright/internal/papers"
	knowledge "shareright/knowledge/rights"
)

var update = flag.Bool("update", false, "write the golden files anew")

// answeredRequest is a request with everything that can happen to one on its way to the answer.
func answeredRequest() Request {
	day := date("2026-11-23")
	return Request{Right: access, Asker: "parent", How: "letter", Came: day, Mark: "F-118", ByName: "Jo", Logged: time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC),
		State: open, Holder: "desk:sam", HolderName: "Sam", Next: date("2026-12-23"),
		Steps: []Done{{Step: "E", On: day, ByName: "Sam", Parts: []string{"scope", "years"}, Note: "one small file"}, {Step: "C", On: day, Passed: true},
			{Step: "F", On: date("2026-11-30"), ByName: "Sam"}, {Step: "F", On: date("2026-11-24"), ByName: "Sam", Parts: []string{"systems", "people", "suppliers"}}},
		Round: []Holder{{Who: "desk:ann", Name: "Ann", Places: []string{"email"}, Hint: "HINT", Asked: day, Due: date("2026-11-30"), Answer: holdsSome, On: date("2026-11-25"), Found: "12 e-mails"},
			{Who: "desk:dan", Name: "Dan", Places: []string{"finance"}, Asked: day, Due: date("2026-11-30"), Silent: date("2026-12-01")}},
		Kept: []Kept{{Kind: "others", Where: "20", Plan: "hide", Why: "A neighbour spoke", Apart: "no", Agreed: "unasked", Fair: "no", ByName: "Sam", Verdict: "yes", SecondAs: "Dee", Decided: date("2026-12-02")},
			{Kind: "harm", Where: "12", Plan: "keep", Why: "A doctor warned us", ByName: "Sam", Verdict: "back"}},
		Checks:   []Check{{By: "desk:sam", ByName: "Sam", On: date("2026-12-03")}, {By: "desk:dee", ByName: "Dee", On: date("2026-12-03")}},
		Transfer: &Transfer{Way: "hand", Risk: "The wrong person may take it", On: date("2026-12-04"), ByName: "Sam"},
		Log:      []Line{{At: time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC), Who: "Jo", What: "Logged."}}}
}

func paperOf(t *testing.T, r Request, id string) bot.Message {
	t.Helper()
	at := turnOn(date("2026-12-04"))
	at.Org.Name, at.Org.Contact = "Riverside Youth Club", bot.Contact{Name: "Sam Sample", Phone: "07700 900100", Email: "dp@example.org"}
	m, ok := Paper(knowledge.Default(), knowledge.DefaultGuide(), at, "SAR-7K3Q", r, id)
	if !ok {
		t.Fatalf("there is no paper %s", id)
	}
	return m
}

// What people copy and send is looked at line by line.
func TestPapersAreAsTheyWereLookedAt(t *testing.T) {
	refusedOne, long := answeredRequest(), answeredRequest()
	refusedOne.State, refusedOne.Ended, refusedOne.Result = refused, date("2026-12-04"), "The child can judge this, and did not agree."
	long.Notice, long.Longer = date("2026-12-04"), "Three requests came at once."
	outcome := Request{Right: complaint, Came: date("2026-11-23"), State: answered, Result: "A letter was opened by mistake.", Lesson: "Two people open the post.", HolderName: "Sam", Next: date("2026-12-23")}
	for id, r := range map[string]Request{"response": answeredRequest(), "checklist": answeredRequest(), "refusal": refusedOne, "extension": long, "complaint_outcome": outcome} {
		t.Run(id, func(t *testing.T) {
			m := paperOf(t, r, id)
			path := filepath.Join("testdata", "paper-"+id+".golden")
			got := m.Plain() + "\n"
			if *update {
				if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Error(diff)
			}
			if _, err := papers.PDF(m, "Riverside Youth Club", time.Date(2026, 12, 4, 0, 0, 0, 0, time.UTC)); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestEveryRequestHasItsOwnPapers(t *testing.T) {
	has := func(right string) string {
		return " " + strings.Join(Papers(knowledge.DefaultGuide(), Request{Right: right}), " ") + " "
	}
	for right, want := range map[string][2]string{ // what it has, and what it must not have
		access:    {" response ", " answer "},
		port:      {" checklist ", " complaint_ack "},
		erase:     {" answer ", " response "},
		complaint: {" complaint_outcome ", " refusal "},
	} {
		if list := has(right); !strings.Contains(list, want[0]) || strings.Contains(list, want[1]) {
			t.Errorf("%s has%s", right, list)
		}
	}
}

// While two people have not agreed, the letter must not say that nothing was kept back.
func TestALetterDoesNotDecideWhatTwoPeopleMust(t *testing.T) {
	r := answeredRequest()
	r.Kept = append(r.Kept, Kept{Kind: "court", Where: "30", Plan: "keep"})
	if m := paperOf(t, r, "response").Plain(); !strings.Contains(m, "[what was kept back, and why]") || strings.Contains(m, "We kept nothing back") {
		t.Error("the letter speaks before two people have decided")
	}
	r.Kept = nil
	if m := paperOf(t, r, "response").Plain(); !strings.Contains(m, "We kept nothing back") {
		t.Error("the letter does not say that nothing was kept back")
	}
}

// Nothing that people typed about the search may leave in a letter to the person.
func TestNoLetterHoldsWordsFromTheSearch(t *testing.T) {
	r := answeredRequest()
	for _, id := range Papers(knowledge.DefaultGuide(), r) {
		if id == wholePaper || id == stepsPaper {
			continue
		}
		text := paperOf(t, r, id).Plain()
		for _, secret := range []string{"HINT", "12 e-mails", "neighbour", "doctor", "F-118", "Ann", "Dan", "Jo,"} {
			if strings.Contains(text, secret) {
				t.Errorf("%s holds %q", id, secret)
			}
		}
	}
}

// A letter about the lead names neither the lead nor how to reach them.
func TestALetterAboutTheLeadDoesNotNameTheLead(t *testing.T) {
	r := Request{Right: complaint, About: bot.DPLead, Came: date("2026-11-23"), State: open, HolderName: "Tess", Next: date("2026-12-23")}
	if m := paperOf(t, r, "complaint_ack").Plain(); strings.Contains(m, "Sam Sample") || strings.Contains(m, "900100") || !strings.Contains(m, "Tess") {
		t.Error(m)
	}
}
