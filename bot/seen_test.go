package bot_test

import (
	"slices"
	"strings"
	"testing"

	"shareright/bot"
)

// looks is what the audit trail holds about who looked at what, and who was turned away.
func (w *world) looks() (all []string) {
	w.t.Helper()
	err := w.store.Entries(w.t.Context(), "main", func(_ int64, e bot.Entry) error {
		if e.What == "seen" || e.What == "refused" {
			all = append(all, strings.Join([]string{string(e.Who), e.What, e.Note, string(e.Ref)}, " "))
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return all
}

func TestItIsOnRecordWhoLookedAndWhoWasTurnedAway(t *testing.T) {
	w := newWorld(t, toy())
	ref := w.report("jo")
	w.do("sam", bot.Ran{Command: "dp", Text: "secret of Ali Example"})
	w.do("jo", bot.Ran{Command: "dp", Text: "secret"})
	w.do("jo", bot.Pressed{Action: "toy.take", Ref: ref})
	w.do("sam", bot.Pressed{Action: "toy.take", Ref: ref}) // changes the record, which is noted as that
	w.do("sam", bot.Pressed{Action: "toy.take", Ref: ref}) // only tells who has it
	w.do("jo", bot.Pressed{Action: "toy.take", Ref: "07700 900461 of Ali Example"})
	want := []string{"desk:sam seen dp secret ", "desk:jo refused dp secret ", "desk:jo refused toy.take " + string(ref),
		"desk:sam seen toy.take " + string(ref), "desk:jo refused toy.take "}
	if got := w.looks(); !slices.Equal(got, want) {
		t.Errorf("on record is\n%q, want\n%q", got, want)
	}
}
