package share

import (
	"testing"

	"pgregory.net/rapid"

	knowledge "shareright/knowledge/share"
)

// Whatever somebody answers, and however often they are not sure, at most four questions are asked.
// Then they have their answer.
func TestAtMostFourQuestionsAreAsked(t *testing.T) {
	h, turn := at(t)
	rapid.Check(t, func(t *rapid.T) {
		q := question{Facts: anyFacts(t, h.book)}
		begun := rapid.Bool().Draw(t, "asked at the beginning")
		if begun { // whether anybody is in danger, on the first form
			q.Asked = 1
		}
		var asked []string
		for {
			next := h.next(h.decide(turn, q.Facts), q)
			if len(next) == 0 {
				break
			}
			for _, fact := range next {
				options := h.book.Question(fact).Options
				if i := rapid.IntRange(-1, len(options)-1).Draw(t, fact); i >= 0 { // -1: not sure
					if err := h.book.Set(&q.Facts, fact, options[i].Value); err != nil {
						t.Fatal(err)
					}
				}
			}
			asked = append(asked, next...)
			q.Asked += len(next)
			if most := knowledge.MostQuestions; len(asked) > most || begun && len(asked) > most-1 || most > 4 {
				t.Fatalf("asked %v", asked)
			}
		}
	})
}

// The count goes on from page to page: it is what is shown that is counted.
func TestWhatIsShownIsCountedAsAsked(t *testing.T) {
	h, turn := at(t)
	q := question{Owner: turn.By.ID}
	for range knowledge.MostQuestions + 1 {
		o, err := h.answered(t.Context(), turn, asking{Ref: "Q-2222", Question: q, Ask: []string{"recipient"}})
		if err != nil {
			t.Fatal(err)
		}
		q = o.Save["Q-2222"].(question)
		if o.Ask == nil {
			if q.Asked != knowledge.MostQuestions {
				t.Errorf("the answer came after %d questions", q.Asked)
			}
			return
		}
	}
	t.Error("it asks on and on")
}
