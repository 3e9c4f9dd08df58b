package store

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"shareright/bot"
)

func TestTheTrailFindsOutWhoeverTampersWithIt(t *testing.T) {
	const copyEntry = `INSERT INTO entries (org, seq, at, who, what, ref, note, link)
		SELECT %s, at, who, what, ref, note, link FROM entries WHERE org = 'oak-youth' AND seq = 5`
	for name, c := range map[string]struct {
		tampering []string
		want      string // in the report
	}{
		"nothing happened":             {nil, ""},
		"an entry was changed":         {[]string{`UPDATE entries SET what = 'nothing' WHERE org = 'oak-youth' AND seq = 3`}, "Entry 3 was changed"},
		"who did it was changed":       {[]string{`UPDATE entries SET who = 'slack:U9' WHERE org = 'oak-youth' AND seq = 3`}, "Entry 3 was changed"},
		"a time was changed":           {[]string{`UPDATE entries SET at = at - 60000 WHERE org = 'oak-youth' AND seq = 1`}, "Entry 1 was changed"},
		"text moved to the next field": {[]string{`UPDATE entries SET what = what || ref, ref = '' WHERE org = 'oak-youth' AND seq = 2`}, "Entry 2 was changed"},
		"an entry is missing":          {[]string{`DELETE FROM entries WHERE org = 'oak-youth' AND seq = 4`}, "Entry 4 is missing"},
		"several are missing":          {[]string{`DELETE FROM entries WHERE org = 'oak-youth' AND seq IN (4, 5)`}, "Entries 4 to 5 are missing"},
		"the first is missing":         {[]string{`DELETE FROM entries WHERE org = 'oak-youth' AND seq = 1`}, "Entry 1 is missing"},
		"the end is cut off":           {[]string{`DELETE FROM entries WHERE org = 'oak-youth' AND seq > 6`}, "The end is cut off"},
		"all is gone":                  {[]string{`DELETE FROM entries WHERE org = 'oak-youth'`}, "The end is cut off"},
		"the end and the head are cut": {[]string{`DELETE FROM entries WHERE org = 'oak-youth' AND seq > 6`,
			`UPDATE trails SET size = 6, link = (SELECT link FROM entries WHERE org = 'oak-youth' AND seq = 6) WHERE org = 'oak-youth'`}, "a checkpoint names entry 8"},
		"an entry was put in at the end":  {[]string{fmt.Sprintf(copyEntry, "org, 9")}, "put in"},
		"one was put in before the first": {[]string{fmt.Sprintf(copyEntry, "org, 0")}, "Entry 0 was put in"},
		"one was put in the middle": {[]string{`UPDATE entries SET seq = 9 WHERE org = 'oak-youth' AND seq = 8`,
			`UPDATE entries SET seq = 8 WHERE org = 'oak-youth' AND seq = 7`, fmt.Sprintf(copyEntry, "org, 7")}, "Entry 7 was changed, put in or moved"},
		"two were swapped": {[]string{`UPDATE entries SET seq = 99 WHERE org = 'oak-youth' AND seq = 3`,
			`UPDATE entries SET seq = 3 WHERE org = 'oak-youth' AND seq = 4`, `UPDATE entries SET seq = 4 WHERE org = 'oak-youth' AND seq = 99`}, "Entry 3 was changed, put in or moved"},
		"another organisation's entry": {[]string{`DELETE FROM entries WHERE org = 'oak-youth' AND seq = 2`,
			`INSERT INTO entries (org, seq, at, who, what, ref, note, link) SELECT 'oak-youth', seq, at, who, what, ref, note, link FROM entries WHERE org = 'elm-trust' AND seq = 2`}, "Entry 2 was changed"},
		"a link was changed":   {[]string{`UPDATE entries SET link = (SELECT link FROM entries WHERE org = 'oak-youth' AND seq = 1) WHERE org = 'oak-youth' AND seq = 5`}, "Entry 5 was changed"},
		"the head was changed": {[]string{`UPDATE trails SET link = (SELECT link FROM entries WHERE org = 'oak-youth' AND seq = 1) WHERE org = 'oak-youth'`}, "The head of the trail"},
		"the key is gone":      {[]string{`DELETE FROM org_keys WHERE org = 'oak-youth'`}, "The key of the organisation is missing"},
	} {
		t.Run(name, func(t *testing.T) {
			eachEngine(t, func(t *testing.T, w *world) {
				for i := range 4 {
					w.append(oak, fmt.Sprint("step ", i), fmt.Sprint("step ", i, " again"))
					w.append(elm, fmt.Sprint("other ", i))
				}
				kept, err := w.Checkpoint(t.Context(), oak)
				if err != nil {
					t.Fatal(err)
				}
				for _, query := range c.tampering {
					w.tamper(query)
				}
				w.reopen() // the keys that are remembered are no part of the evidence
				r, err := w.Verify(t.Context(), oak, kept)
				found := strings.Join(r.Problems, "\n")
				if err != nil || !strings.Contains(found, c.want) || (c.want == "") != r.OK() {
					t.Errorf("the report is %q, %v, want %q", found, err, c.want)
				}
				if r, err := w.Verify(t.Context(), elm); err != nil || !r.OK() || r.Entries != 4 {
					t.Errorf("the other trail is %+v, %v", r, err)
				}
			})
		})
	}
}

// Somebody with disk and keys can write a whole new trail, but not one that fits a
// checkpoint that hangs on a wall elsewhere.
func TestATrailThatWasWrittenAnewDoesNotFitItsCheckpoint(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		w.append(oak, "one", "two", "three")
		kept, err := w.Checkpoint(t.Context(), oak)
		if err != nil {
			t.Fatal(err)
		}
		w.tamper(`DELETE FROM entries`)
		w.tamper(`DELETE FROM trails`)
		w.append(oak, "one", "nothing", "three", "four")
		if r, err := w.Verify(t.Context(), oak); err != nil || !r.OK() {
			t.Fatalf("by itself it looks whole: %+v, %v", r, err)
		}
		r, err := w.Verify(t.Context(), oak, kept)
		if err != nil || r.OK() || !strings.Contains(r.Problems[0], "written anew") {
			t.Errorf("the report is %+v, %v", r, err)
		}
	})
}

func TestACheckpointCanBeReadBack(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		w.append(oak, "one", "two")
		kept, err := w.Checkpoint(t.Context(), oak)
		if err != nil {
			t.Fatal(err)
		}
		read, err := ParseCheckpoint(kept.String() + "\n")
		if err != nil || read.String() != kept.String() {
			t.Errorf("%q became %q, %v", kept, read, err)
		}
		w.append(oak, "three")
		if r, err := w.Verify(t.Context(), oak, read); err != nil || !r.OK() || r.Entries != 3 {
			t.Errorf("after one more entry: %+v, %v", r, err)
		}
		read.Org = elm
		if r, err := w.Verify(t.Context(), oak, read); err != nil || r.OK() {
			t.Errorf("another's checkpoint was accepted: %+v, %v", r, err)
		}
	})
	for _, line := range []string{"", "trail oak 3", "trail oak x " + strings.Repeat("ab", 32), "trail oak 3 abc", "trail oak 0 " + strings.Repeat("ab", 32)} {
		if _, err := ParseCheckpoint(line); err == nil {
			t.Errorf("%q was read as a checkpoint", line)
		}
	}
}

func TestEntriesAreReadInOrder(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		w.append(oak, "one", "two")
		w.append(elm, "other")
		var got []string
		err := w.Entries(t.Context(), oak, func(seq int64, e bot.Entry) error {
			got = append(got, fmt.Sprintf("%d %s %s %s %s %v", seq, e.What, e.Who, e.Ref, e.Note, e.At.Equal(monday)))
			return nil
		})
		want := "1 one slack:U0123 BR-7K3Q 12 people true, 2 two slack:U0123 BR-7K3Q 12 people true"
		if err != nil || strings.Join(got, ", ") != want {
			t.Errorf("got %v, %v", got, err)
		}
		if orgs, err := w.Trails(t.Context()); err != nil || fmt.Sprint(orgs) != "[elm-trust oak-youth]" {
			t.Errorf("the trails are %v, %v", orgs, err)
		}
	})
}

// A turn sees the end of the trail as it was before it, and its own entries once it has made them.
func TestATurnSeesTheEndOfItsTrail(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		head := func(in func(ctx context.Context, fn func(bot.Tx) error) error) (h bot.Head) {
			err := in(t.Context(), func(tx bot.Tx) (err error) { h, err = tx.Head(t.Context(), oak); return err })
			if err != nil {
				t.Fatal(err)
			}
			return h
		}
		if h := head(w.View); h != (bot.Head{}) {
			t.Errorf("of an empty trail: %+v", h)
		}
		w.append(oak, "one", "two")
		w.append(elm, "other")
		for _, in := range []func(context.Context, func(bot.Tx) error) error{w.View, w.Update} {
			if kept, err := w.Checkpoint(t.Context(), oak); err != nil || head(in) != (bot.Head{Size: 2, Line: kept.String()}) {
				t.Errorf("the end is %+v, want %s, %v", head(in), kept, err)
			}
		}
		err := w.Update(t.Context(), func(tx bot.Tx) error {
			if err := tx.Append(t.Context(), oak, bot.Entry{At: monday, What: "three"}); err != nil {
				return err
			}
			h, err := tx.Head(t.Context(), oak)
			if err == nil && h.Size != 3 {
				t.Errorf("after its own entry: %+v", h)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestCheckpointsAreFoundHoweverTheyWerePasted(t *testing.T) {
	code := strings.Repeat("0a", 32)
	one, two := "trail oak-youth 8 "+code, "trail elm-trust 12 "+code
	for name, tc := range map[string]struct {
		text string
		want int
	}{
		"lines":                    {one + "\n" + two + "\n", 2},
		"quoted":                   {"> " + one + "\r\n>> > " + two, 2},
		"with spaces before":       {"\n   " + one + "  \n\t" + two, 2},
		"broken by a mail program": {"> trail oak-youth 8\n> " + code + "\n", 1},
		"as a raw e-mail":          {"Subject: x\n\n" + one[:60] + "=\n" + one[60:] + "\n", 1},
		"words around":             {"Sam wrote on 23 November 2026:\nKeep this line: " + one + "\nThe audit trail is whole.", 1},
		"with a capital letter":    {"Trail oak-youth 8 " + code, 1},
		"nothing":                  {"Hello\n", 0},
	} {
		got, err := ParseCheckpoints(tc.text)
		if err != nil || len(got) != tc.want || len(got) > 0 && got[0].String() != one {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	for name, spoilt := range map[string]string{"cut": one[:60], "another word": "> trail oak-youth eight " + code, "in the middle": two + "\ntrail oak-youth 8 " + code[:63] + "\n" + two} {
		if got, err := ParseCheckpoints(spoilt); err == nil {
			t.Errorf("%s was passed over: %v", name, got)
		}
	}
}
