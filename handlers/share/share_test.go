package share

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"shareright/bot"
	"shareright/bot/slack"
	knowledge "shareright/knowledge/share"
)

func at(t testing.TB) (handler, bot.Turn) {
	t.Helper()
	book, err := knowledge.Default()
	if err != nil {
		t.Fatal(err)
	}
	turn := bot.Turn{Org: bot.Org{ID: "riverside", Name: "Riverside Youth Club", Zone: time.UTC}, By: bot.Person{ID: "terminal:jo", Name: "Jo"},
		Now: time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC), Lang: "en"}
	return handler{book: book, notice: func(string) []string { return nil }}, turn
}

func anyFacts(t *rapid.T, book *knowledge.Book) knowledge.Facts {
	var f knowledge.Facts
	for _, key := range knowledge.Keys() {
		if rapid.Bool().Draw(t, "know "+key) {
			option := rapid.SampledFrom(book.Question(key).Options).Draw(t, key)
			if err := book.Set(&f, key, option.Value); err != nil {
				t.Fatal(err)
			}
		}
	}
	return f
}

// Whatever is known, the answer fits on the screen, begins with what to do, keeps its parts
// in order, names a source, and offers a receipt, the law and a correction.
func TestEveryAnswerIsWholeAndFitsTheScreen(t *testing.T) {
	h, turn := at(t)
	order := []string{"Why", "What to share", "What to leave out", "How", "Telling the person", "Write down", "Whom to ask", "What I understood"}
	rapid.Check(t, func(t *rapid.T) {
		q := question{Facts: anyFacts(t, h.book), Asked: knowledge.MostQuestions}
		a := h.book.Decide(q.Facts)
		m := h.message(turn, "Q-2222", a, q, extra{})
		if wrong := slack.CheckMessage(*m); len(wrong) > 0 {
			t.Fatalf("rule %s: %s", a.Rule, strings.Join(wrong, "; "))
		}
		if m.Title != a.Parts.Do || len(m.Sources) == 0 || m.Sources[0].Checked == "" {
			t.Fatalf("rule %s: title %q, sources %v", a.Rule, m.Title, m.Sources)
		}
		last := -1
		for _, b := range m.Body {
			if b.Kind == bot.Heading {
				if i := slices.Index(order, b.Text); i <= last {
					t.Fatalf("rule %s: %q stands in the wrong place", a.Rule, b.Text)
				} else {
					last = i
				}
			}
		}
		for _, action := range []string{"share.keep", "share.keep-no", "share.law"} {
			if !slices.ContainsFunc(m.Buttons, func(b bot.Button) bool { return b.Action == action }) {
				t.Fatalf("rule %s: no button %s", a.Rule, action)
			}
		}
		fixes := slices.ContainsFunc(m.Buttons, func(b bot.Button) bool {
			return strings.HasPrefix(b.Action, "share.fix.") || b.Action == "share.correct"
		})
		if !fixes {
			t.Fatalf("rule %s: nothing can be corrected", a.Rule)
		}
	})
}

// Who has said where they work reads nothing of other nations: in answers, receipts and practice.
func TestAnAnswerIsForTheNationsWhereTheyWork(t *testing.T) {
	h, turn := at(t)
	turn.Org.WorksIn = []string{"scotland"}
	rapid.Check(t, func(t *rapid.T) {
		q := question{Facts: anyFacts(t, h.book), Asked: knowledge.MostQuestions}
		a := h.decide(turn, q.Facts)
		for _, text := range []string{h.message(turn, "Q-2222", a, q, extra{}).Plain(), h.practiceMessage(turn, a, q, extra{}).Plain()} {
			if strings.Contains(text, "Northern Ireland") || strings.Contains(text, "In England") {
				t.Fatalf("rule %s says in Scotland: %s", a.Rule, text)
			}
		}
		if wrong := slack.CheckMessage(*h.message(turn, "Q-2222", a, q, extra{})); len(wrong) > 0 {
			t.Fatalf("rule %s: %s", a.Rule, strings.Join(wrong, "; "))
		}
	})
}

// The law unfolds for every basis there is: a new one needs a sentence.
func TestTheLawUnfoldsForEveryAnswer(t *testing.T) {
	h, turn := at(t)
	rapid.Check(t, func(t *rapid.T) {
		a := h.book.Decide(anyFacts(t, h.book))
		m := h.unfold(turn, bot.Say("law"), a)
		if text := m.Plain(); strings.Contains(text, "share.") || !strings.Contains(text, a.Version) || len(m.Sources) != len(a.Sources) {
			t.Fatalf("rule %s: %s", a.Rule, text)
		}
	})
}

// A check that breaks counts as having found something, so that nothing is said again.
func TestTheCheckForPersonalDetailsFailsClosed(t *testing.T) {
	h, turn := at(t)
	h.notice = func(string) []string { panic("broken") }
	r := h.book.Read("can I share his address with the police?")
	if said := h.echoes(r); len(said) != 0 {
		t.Errorf("words are said again: %q", said)
	}
	if found := h.seesPersonal(turn, "can I share his address?"); len(found) != 1 || found[0] != "what may be somebody’s details" {
		t.Errorf("the person is told %q", found)
	}
}

// Practice has no buttons, because a button needs something that is kept.
func TestPracticeIsMarkedAndHasNoButtons(t *testing.T) {
	h, turn := at(t)
	rapid.Check(t, func(t *rapid.T) {
		q := question{Facts: anyFacts(t, h.book)}
		a := h.book.Decide(q.Facts)
		m := h.practiceMessage(turn, a, q, extra{practice: true})
		text := m.Plain()
		if len(m.Buttons) > 0 || m.Title != "Practice answer" || !strings.Contains(text, "This is practice. Nothing is kept") || !strings.Contains(text, a.Parts.Do) {
			t.Fatalf("rule %s: %s", a.Rule, text)
		}
		if a.Decision == knowledge.ShareNow && !strings.Contains(text, "If this is real, call 999 now") {
			t.Fatal("somebody who means it is not told to call 999")
		}
		if wrong := slack.CheckMessage(*m); len(wrong) > 0 {
			t.Fatalf("rule %s: %s", a.Rule, strings.Join(wrong, "; "))
		}
	})
}

// A receipt holds all that is to be written down (GIRFEC practice guidance 4, DfE rule 7), for "no" as well.
func TestAReceiptHoldsWhatMustBeWrittenDown(t *testing.T) {
	h, turn := at(t)
	rapid.Check(t, func(t *rapid.T) {
		q := question{Facts: anyFacts(t, h.book)}
		d := h.receipt(turn, q)
		d.Did = "no"
		rows := h.rows(turn, d)
		for _, need := range []string{"Shared", "Person told", "Advice", "Who decided", "Why", "Rule, last checked", "Sources"} {
			if !slices.Contains(rows, need) {
				t.Fatalf("rule %s: the receipt lacks %q: %q", d.Rule, need, rows)
			}
		}
	})
}
