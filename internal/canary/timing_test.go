package canary

import (
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"time"

	"shareright/bot"
	"shareright/internal/parts"
	"shareright/internal/program"
	"shareright/internal/racing"
)

// nearEnough is how far apart the usual answers about a record that goes round somebody, about
// another organisation's and about none may be. A network hides far more.
const nearEnough = 20 * time.Millisecond

// A report about the lead goes round the lead. Neither what the lead is told nor how long it takes says that there is one.
func TestHowLongAnAnswerTakesTellsNothing(t *testing.T) {
	if racing.On {
		t.Skip("time is measured: go test without -race")
	}
	both := tenants()
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	p, err := program.Open(t.Context(), settings(t, both), parts.All(), program.Options{Now: func() time.Time { return now }, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	about := func(org bot.OrgID, ref, role string) {
		err := p.Store.Update(t.Context(), func(tx bot.Tx) error {
			return tx.Put(t.Context(), org, bot.Row{Kind: "breach", Ref: ref, Index: bot.Index{State: "open"},
				Body: fmt.Appendf(nil, `{"cause":"lost","state":"open","about":%q,"aware":"2026-11-23T09:00:00Z","reported":"2026-11-23T09:00:00Z"}`, role)})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	about("t0oak", "BR-AAAA", "dp-lead")
	about("t0elm", "BR-BBBB", "")
	refs := []bot.Ref{"BR-AAAA", "BR-BBBB", "BR-CCCC"}
	took, said := map[bot.Ref][]time.Duration{}, map[bot.Ref]string{}
	for n := range 101 {
		for i := range refs {
			ref := refs[(i+n)%len(refs)] // no one of them always comes first
			start := time.Now()
			r, err := p.Bot.Handle(t.Context(), bot.Event{ID: fmt.Sprint(ref, n), Platform: "slack", Workspace: both[0].workspace, User: both[0].lead,
				What: bot.Pressed{Action: "breach.show", Ref: ref}})
			if err != nil || r.Reply == nil {
				t.Fatalf("%s: %+v, %v", ref, r, err)
			}
			took[ref], said[ref] = append(took[ref], time.Since(start)), r.Reply.Plain()
		}
	}
	usual := func(ref bot.Ref) time.Duration {
		slices.Sort(took[ref])
		return took[ref][len(took[ref])/2]
	}
	none := usual("BR-CCCC")
	for _, ref := range refs[:2] {
		if said[ref] != said["BR-CCCC"] {
			t.Errorf("about %s it says %q, about none %q", ref, said[ref], said["BR-CCCC"])
		}
		if apart := (usual(ref) - none).Abs(); apart > nearEnough {
			t.Errorf("%s takes %v, and none takes %v", ref, usual(ref), none)
		}
	}
	t.Logf("one that goes round: %v, another organisation's: %v, none: %v", usual("BR-AAAA"), usual("BR-BBBB"), none)
}
