package store

import (
	"testing"

	"shareright/bot"
)

// Whoever steals the database does not read who looks after what: a name may have been typed.
func TestAnOwnerIsFoundAndNotReadWithoutTheKey(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		row := breach("BR-1", "said")
		row.Owner = "slack:quillon-fernsby"
		w.put(oak, row)
		w.put(elm, row)
		for _, org := range []bot.OrgID{oak, elm} {
			if got, err := w.get(org, "breach", "BR-1"); err != nil || got.Owner != row.Owner || string(got.Body) != string(row.Body) {
				t.Errorf("read back %q %s, %v", got.Owner, got.Body, err)
			}
		}
		if n := w.count(`SELECT COUNT(DISTINCT owner) FROM rows WHERE ref = 'BR-1'`); n != 2 {
			t.Error("one person has the same mark in two organisations")
		}
		if n := w.count(`SELECT COUNT(*) FROM rows WHERE owner LIKE '%fernsby%'`); n != 0 {
			t.Errorf("%d rows tell the name", n)
		}
		w.reopen()
		w.owned(oak, "slack:quillon-fernsby", 1)
		w.owned(oak, "slack:somebody-else", 0)
		w.owned("nobody-yet", "slack:quillon-fernsby", 0)
	})
}

// A row that an older program stored, with its owner as it is, is found and read, and marked when it is next saved.
func TestARowOfAnOlderProgramIsFoundByItsOwner(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		old := breach("BR-1", "said")
		old.Owner, old.Version = "slack:U1", 1
		err := w.raw(t.Context(), func(x *tx) error {
			if err := x.beginWrite(t.Context(), oak); err != nil {
				return err
			}
			key, err := x.key(t.Context(), oak)
			if err != nil {
				return err
			}
			sealed, wrapped, err := sealRow(key, oak, old)
			if err != nil {
				return err
			}
			return x.insert(t.Context(), oak, old, sealed, wrapped)
		})
		if err != nil {
			t.Fatal(err)
		}
		w.owned(oak, "slack:U1", 1)
		got, err := w.get(oak, "breach", "BR-1")
		if err != nil || got.Owner != "slack:U1" {
			t.Fatalf("read back %q, %v", got.Owner, err)
		}
		w.put(oak, got)
		w.owned(oak, "slack:U1", 1)
		if n := w.count(`SELECT COUNT(*) FROM rows WHERE owner = 'slack:U1'`); n != 0 {
			t.Error("it is not marked after it was saved")
		}
	})
}

func (w *world) owned(org bot.OrgID, owner bot.PersonID, want int) {
	w.t.Helper()
	err := w.View(w.t.Context(), func(tx bot.Tx) error {
		rows, err := tx.Find(w.t.Context(), org, bot.Query{Kind: "breach", Owner: owner})
		if err == nil && len(rows) != want {
			w.t.Errorf("%s owns %d rows of %s, want %d", owner, len(rows), org, want)
		}
		return err
	})
	if err != nil {
		w.t.Error(err)
	}
}
