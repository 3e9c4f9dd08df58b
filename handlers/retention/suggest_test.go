package retention

import (
	"testing"

	"shareright/bot"
	knowledge "shareright/knowledge/retention"
)

func TestEachSuggestedKindOfRecordIsFound(t *testing.T) {
	h := handler{schedule: knowledge.Default()}
	all, err := h.suggest(t.Context(), bot.Turn{}, "")
	if err != nil || len(all) != len(h.schedule.Rules()) {
		t.Fatalf("%d suggestions, %v", len(all), err)
	}
	for _, o := range all {
		found := h.schedule.Find(o.Value)
		if len(found) == 0 || found[0].Score < knowledge.Sure || found[0].Rule.Category != o.Value {
			t.Errorf("%q finds %+v", o.Value, found[:min(len(found), 1)])
		}
	}
}

func TestSuggestionsNarrowWithWhatIsTyped(t *testing.T) {
	h := handler{schedule: knowledge.Default()}
	some, err := h.suggest(t.Context(), bot.Turn{}, "Volunt")
	if err != nil || len(some) == 0 || len(some) >= len(h.schedule.Rules()) {
		t.Errorf("%v, %v", some, err)
	}
	if none, _ := h.suggest(t.Context(), bot.Turn{}, "zebra"); len(none) != 0 {
		t.Errorf("suggested %v", none)
	}
}
