package bot_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"shareright/bot"
	"shareright/knowledge/calendar"
	"shareright/scheduler"
)

// loan is a record that ends on a day, or not yet.
type loan struct {
	Back calendar.Date `json:"back,omitzero"`
	As   string        `json:"as,omitempty"`
}

func (loan) RecordKind() string     { return "loan" }
func (loan) RecordIndex() bot.Index { return bot.Index{} }

// lending is a feature whose records end. Whatever is in holds must not go.
func lending(holds map[bot.Ref]bool) bot.Feature {
	return bot.Feature{Name: "lending",
		Keeps: []bot.Keep{bot.KeepOf(func(_ context.Context, _ bot.Turn, _ bot.Ref, l loan) (bot.End, error) {
			return bot.End{On: l.Back, As: l.As}, nil
		})},
		Holds:  func(_ context.Context, _ bot.Turn, ref bot.Ref) (bool, error) { return holds[ref], nil },
		Timers: []bot.Timer{{Kind: "loan.remind", Do: func(context.Context, bot.Turn, scheduler.Job) (bot.Outcome, error) { return bot.Outcome{}, nil }}},
	}
}

func lends(t *testing.T, holds map[bot.Ref]bool) *world {
	w := newWorld(t)
	w.kept = map[string]int{"loan": 24, "long": 60, "member": 72, "volunteer": 24}
	w.open(lending(holds))
	return w
}

func (w *world) save(records map[bot.Ref]bot.Record) {
	w.t.Helper()
	_, err := w.bot.Carry(w.t.Context(), "main", bot.Person{}, func(context.Context, bot.Turn) (bot.Outcome, error) {
		return bot.Outcome{Save: records}, nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// on moves the clock to an hour of a day and erases what has ended.
func (w *world) on(day calendar.Date, hour int) (erased int) {
	w.t.Helper()
	w.now = calendar.Local(day, time.Duration(hour)*time.Hour, w.config.Organisations[0].Zone).Time
	n, err := w.bot.Expire(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

// there lists the references of a kind.
func (w *world) there(kind string) (refs []string) {
	w.t.Helper()
	err := w.store.View(w.t.Context(), func(tx bot.Tx) error {
		rows, err := tx.Find(w.t.Context(), "main", bot.Query{Kind: kind, Limit: 1000})
		for _, row := range rows {
			refs = append(refs, row.Ref)
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	slices.Sort(refs)
	return refs
}

func day(y int, m time.Month, d int) calendar.Date { return calendar.Date{Year: y, Month: m, Day: d} }

// A record goes on its day, at its first hour, with what was planned about it. One that is open stays.
func TestARecordThatHasEndedIsErasedOnItsDay(t *testing.T) {
	w := lends(t, nil)
	w.save(map[bot.Ref]bot.Record{
		"LN-1": loan{Back: day(2026, 10, 23)}, "LN-2": loan{Back: day(2026, 10, 23), As: "long"}, "LN-3": loan{},
		"LN-4": loan{Back: day(2026, 8, 31), As: "unheard of"},
	})
	w.update(func(tx bot.Tx) error {
		return tx.PutJob(t.Context(), scheduler.Job{Key: scheduler.Key{Org: "main", Kind: "loan.remind", Name: "LN-1"}, Due: w.now.AddDate(9, 0, 0), About: "LN-1"})
	})
	for _, step := range []struct {
		day   calendar.Date
		hour  int
		there string
	}{
		{day(2026, 10, 24), 9, "LN-1 LN-2 LN-3 LN-4"},
		{day(2028, 10, 22), 23, "LN-1 LN-2 LN-3 LN-4"},
		{day(2028, 10, 23), 0, "LN-2 LN-3 LN-4"},
		{day(2031, 10, 22), 23, "LN-2 LN-3 LN-4"},
		{day(2031, 10, 23), 0, "LN-3 LN-4"},
		{day(2099, 1, 1), 0, "LN-3 LN-4"},
	} {
		w.on(step.day, step.hour)
		if got := strings.Join(w.there("loan"), " "); got != step.there {
			t.Errorf("on %v there is %s, want %s", step.day, got, step.there)
		}
	}
	ledger, err := w.store.Erasures(t.Context(), time.Time{})
	if err != nil || len(ledger) != 2 {
		t.Errorf("the erasure ledger has %d lines, %v", len(ledger), err)
	}
	var lines []string
	err = w.store.Entries(t.Context(), "main", func(_ int64, e bot.Entry) error {
		if e.What == "loan.expired" {
			lines = append(lines, string(e.Ref)+string(e.Who))
		}
		return nil
	})
	if err != nil || !slices.Equal(lines, []string{"LN-1", "LN-2"}) {
		t.Errorf("the audit trail says that %q went", lines)
	}
	w.update(func(tx bot.Tx) error {
		left, err := tx.Pending(t.Context(), "main", "LN-1")
		if len(left) > 0 {
			t.Errorf("%d jobs about what is gone are left", len(left))
		}
		return err
	})
}

// What somebody asked for stays until they have it, and goes the day after.
func TestWhatIsHeldIsNotErased(t *testing.T) {
	holds := map[bot.Ref]bool{"LN-1": true}
	w := lends(t, holds)
	w.save(map[bot.Ref]bot.Record{"LN-1": loan{Back: day(2026, 10, 23)}})
	if w.on(day(2030, 1, 1), 1) != 0 {
		t.Error("a record was erased that is held")
	}
	delete(holds, "LN-1")
	if w.on(day(2030, 1, 1), 23) != 0 || w.on(day(2030, 1, 2), 0) != 1 {
		t.Error("it is looked more than once a day, or never again")
	}
}

// One record that cannot be read stands in the way of no other, however many there are.
func TestOneUnreadableRecordKeepsNoOther(t *testing.T) {
	w := lends(t, nil)
	many := map[bot.Ref]bot.Record{}
	for n := range 250 {
		many[bot.Ref(fmt.Sprintf("LN-%03d", n))] = loan{Back: day(2026, 10, 23)}
	}
	w.save(many)
	w.update(func(tx bot.Tx) error {
		row, err := tx.Get(t.Context(), "main", "loan", "LN-007")
		row.Body = []byte(`"what is that?"`)
		return errors.Join(err, tx.Put(t.Context(), "main", row))
	})
	if n := w.on(day(2029, 1, 1), 3); n != 249 || len(w.there("loan")) != 1 {
		t.Errorf("%d were erased, and %q are there", n, w.there("loan"))
	}
}

// Somebody left. What is kept about them alone goes together: a volunteer's after two years, a
// member of staff's after six. Who came back, or holds a role, has not left.
func TestWhatIsKeptAboutAPersonGoesAfterTheyLeft(t *testing.T) {
	w := lends(t, nil)
	left := day(2026, 3, 31)
	w.save(map[bot.Ref]bot.Record{
		"ME-1": bot.Member{Person: "desk:vol", Does: []bot.Role{"volunteer"}, Left: left}, "desk:vol": bot.Speaker{Name: "Vi"},
		"ME-2": bot.Member{Person: "desk:staff", Does: []bot.Role{"volunteer", "staff"}, Left: left},
		"ME-3": bot.Member{Person: "desk:here", Does: []bot.Role{"volunteer"}},
		"ME-4": bot.Member{Person: "desk:sam", Does: []bot.Role{"volunteer"}, Left: left}, // still the lead
		"ME-5": bot.Member{Person: "desk:unsaid", Left: left},
	})
	w.save(map[bot.Ref]bot.Record{"desk:here": bot.Speaker{Name: "Hal"}, "chat:v": bot.Alias{Person: "desk:vol"}, "chat:h": bot.Alias{Person: "desk:here"}})
	w.on(day(2028, 3, 30), 23)
	if got := w.there("member"); len(got) != 5 || len(w.there("person")) != 2 {
		t.Errorf("the day before, %q are there", got)
	}
	w.on(day(2028, 3, 31), 0)
	if got := strings.Join(slices.Concat(w.there("member"), w.there("person"), w.there("alias")), " "); got != "ME-2 ME-3 ME-4 ME-5 desk:here chat:h" {
		t.Errorf("two years after, %s are there", got)
	}
	w.on(day(2032, 3, 31), 0)
	if got := strings.Join(w.there("member"), " "); got != "ME-3 ME-4" {
		t.Errorf("six years after, %s are there", got)
	}
}
