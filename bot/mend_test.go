package bot_test

import (
	"slices"
	"testing"

	"shareright/bot"
	"shareright/scheduler"
)

// Somebody deletes the job of a card that is on its way, and the row of a schedule.
func TestALostJobOfACardIsPutBack(t *testing.T) {
	w := newWorld(t, toy())
	mend := func(want int) {
		t.Helper()
		if n, err := w.bot.Mend(t.Context()); err != nil || n != want {
			t.Errorf("%d jobs were put back, %v; want %d", n, err, want)
		}
	}
	ref := w.report("jo")
	mend(0)
	err := w.store.Update(t.Context(), func(tx bot.Tx) error {
		return tx.StopJob(t.Context(), scheduler.Key{Org: "main", Kind: "deliver", Name: "lost/" + string(ref)})
	})
	if err != nil {
		t.Fatal(err)
	}
	w.runDue()
	if len(w.desk.got) > 0 {
		t.Fatal("the job was not deleted")
	}
	mend(1)
	w.runDue()
	if got := w.desk.to("sam"); !slices.Equal(got, []string{"Lost: bag"}) {
		t.Errorf("the lead has %q", got)
	}
	w.do("sam", bot.Pressed{Action: "toy.take", Ref: ref})
	w.runDue()
	mend(0)
}
