package store

import (
	"bytes"
	"cmp"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"shareright/bot"
	"shareright/scheduler"
)

func (w *world) find(org bot.OrgID, q bot.Query) (refs string) {
	w.t.Helper()
	err := w.View(w.t.Context(), func(tx bot.Tx) error {
		rows, err := tx.Find(w.t.Context(), org, q)
		var list []string
		for _, r := range rows {
			list = append(list, r.Ref)
		}
		refs = strings.Join(list, " ")
		return err
	})
	if err != nil {
		w.t.Fatalf("find %+v: %v", q, err)
	}
	return refs
}

func TestFind(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		day := func(n int) time.Time { return monday.AddDate(0, 0, n) }
		for _, r := range []bot.Row{
			{Kind: "breach", Ref: "BR-c", Index: bot.Index{State: "open", Owner: "slack:U1", Opened: day(2), Due: day(3)}},
			{Kind: "breach", Ref: "BR-a", Index: bot.Index{State: "open", Owner: "slack:U2", Opened: day(1), Due: day(9)}},
			{Kind: "breach", Ref: "BR-B", Index: bot.Index{State: "closed", Opened: day(1), Expires: day(5)}},
			{Kind: "breach", Ref: "BX-é", Index: bot.Index{State: "held", Opened: day(0), Expires: day(6)}},
			{Kind: "person", Ref: "BR-a", Index: bot.Index{State: "open", Owner: "slack:U1", Opened: day(4)}},
		} {
			w.put(oak, r)
		}
		for _, c := range []struct {
			name  string
			query bot.Query
			want  string
		}{
			{"oldest first, then by ref as bytes", bot.Query{Kind: "breach"}, "BX-é BR-B BR-a BR-c"},
			{"every kind when none is named", bot.Query{Refs: "BR-a"}, "BR-a BR-a"},
			{"refs that begin with something", bot.Query{Kind: "breach", Refs: "BR-"}, "BR-B BR-a BR-c"},
			{"a percent sign means itself", bot.Query{Kind: "breach", Refs: "%"}, ""},
			{"one state", bot.Query{Kind: "breach", States: []string{"open"}}, "BR-a BR-c"},
			{"several states", bot.Query{Kind: "breach", States: []string{"held", "closed"}}, "BX-é BR-B"},
			{"an owner", bot.Query{Kind: "breach", Owner: "slack:U1"}, "BR-c"},
			{"due before a moment, and only those that are due at all", bot.Query{Kind: "breach", DueBefore: day(9)}, "BR-c"},
			{"expired at a moment, that moment included", bot.Query{Kind: "breach", Expired: day(5)}, "BR-B"},
			{"a limit", bot.Query{Kind: "breach", Limit: 2}, "BX-é BR-B"},
			{"all conditions at once", bot.Query{Kind: "breach", Refs: "BR", States: []string{"open"}, Owner: "slack:U2", DueBefore: day(10)}, "BR-a"},
		} {
			if got := w.find(oak, c.query); got != c.want {
				t.Errorf("%s: found %q, want %q", c.name, got, c.want)
			}
		}
	})
}

func TestFindStopsAtAThousand(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		w.update(func(tx bot.Tx) error {
			var err error
			for i := range defaultLimit + 1 {
				err = cmp.Or(err, tx.Put(t.Context(), oak, bot.Row{Kind: "k", Ref: fmt.Sprintf("%04d", i)}))
			}
			return err
		})
		if got := strings.Fields(w.find(oak, bot.Query{Kind: "k"})); len(got) != defaultLimit {
			t.Errorf("found %d rows", len(got))
		}
	})
}

// Everything of Elm holds the canary. Nothing that Oak does may see or move it.
func TestOrganisationsNeverMeet(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.update(func(tx bot.Tx) error { return aTurn(ctx, tx, elm, "BR-1") })
		held := w.claim(monday.Add(time.Hour), 1)[0]
		before := w.everything()

		w.update(func(tx bot.Tx) error {
			if _, err := tx.Get(ctx, oak, "breach", "BR-1"); err != bot.ErrNotFound {
				t.Errorf("get: %v", err)
			}
			if rows, err := tx.Find(ctx, oak, bot.Query{}); err != nil || len(rows) > 0 {
				t.Errorf("find: %v, %v", rows, err)
			}
			if _, done, err := tx.Answered(ctx, oak, "Ev-BR-1"); err != nil || done {
				t.Errorf("answered: %v, %v", done, err)
			}
			for _, about := range []string{"", "BR-7K3Q"} {
				if jobs, err := tx.Pending(ctx, string(oak), about); err != nil || len(jobs) > 0 {
					t.Errorf("pending: %v, %v", jobs, err)
				}
			}
			taken := held
			taken.Org = string(oak)
			if err := tx.FinishJob(ctx, taken); err != scheduler.ErrLost {
				t.Errorf("finish: %v", err)
			}
			return cmp.Or(tx.Erase(ctx, oak, "breach", "BR-1"), tx.StopJob(ctx, taken.Key))
		})
		taken := held
		taken.Org = string(oak)
		if err := w.PutBack(ctx, taken, monday, "not mine"); err != nil {
			t.Errorf("put back: %v", err)
		}
		if r, err := w.Verify(ctx, oak); err != nil || r.Entries != 0 || !r.OK() {
			t.Errorf("verify: %+v, %v", r, err)
		}
		if _, err := w.Checkpoint(ctx, oak); err == nil {
			t.Error("there is a checkpoint of a trail that is not there")
		}
		if after := w.everything(); after != before {
			t.Errorf("Elm had\n%s\nand now has\n%s", before, after)
		}
		// The same names in Oak are other things.
		w.update(func(tx bot.Tx) error { return aTurn(ctx, tx, oak, "BR-1") })
		w.update(func(tx bot.Tx) error { return tx.Erase(ctx, oak, "breach", "BR-1") })
		if _, err := w.get(elm, "breach", "BR-1"); err != nil {
			t.Errorf("Elm's record after Oak erased its own: %v", err)
		}
	})
}

// everything is what the tables hold of Elm.
func (w *world) everything() string {
	w.t.Helper()
	var all strings.Builder
	for _, query := range []string{
		`SELECT kind || ref || version FROM rows WHERE org = ? ORDER BY 1`,
		`SELECT kind || name || due || tries || token || leased FROM jobs WHERE org = ? ORDER BY 1`,
		`SELECT event FROM inbox WHERE org = ? ORDER BY 1`,
		`SELECT what || seq FROM entries WHERE org = ? ORDER BY 1`,
	} {
		rows, err := w.engine.reader().QueryContext(w.t.Context(), w.engine.rebind(query), elm)
		if err != nil {
			w.t.Fatal(err)
		}
		for rows.Next() {
			var line string
			if err := rows.Scan(&line); err != nil {
				w.t.Fatal(err)
			}
			fmt.Fprintln(&all, line)
		}
		if err := rows.Close(); err != nil {
			w.t.Fatal(err)
		}
	}
	return all.String()
}

const canary = "CANARY-Ali-07700-900123"

// dump is every byte that a thief of the database would have: the files of SQLite, the
// tables of PostgreSQL.
func (w *world) dump() []byte {
	w.t.Helper()
	var all bytes.Buffer
	if w.opts.URL == "" {
		err := filepath.WalkDir(w.opts.Dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			content, err := os.ReadFile(path)
			all.Write(content)
			return err
		})
		if err != nil {
			w.t.Fatal(err)
		}
		return all.Bytes()
	}
	for _, table := range []string{"rows", "row_keys", "org_keys", "facts", "inbox", "entries", "trails", "jobs", "erasures"} {
		rows, err := w.engine.reader().QueryContext(w.t.Context(), `SELECT x::text FROM `+table+` x`)
		if err != nil {
			w.t.Fatal(err)
		}
		for rows.Next() {
			var line []byte
			if err := rows.Scan(&line); err != nil {
				w.t.Fatal(err)
			}
			all.Write(line)
		}
		if err := rows.Close(); err != nil {
			w.t.Fatal(err)
		}
	}
	return all.Bytes()
}

func TestWhatPeopleSaidIsSealedAtRest(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.put(oak, breach("BR-1", canary))
		w.update(func(tx bot.Tx) error { return tx.Answer(ctx, oak, "Ev1", []byte(canary), monday) })
		w.update(func(tx bot.Tx) error { return tx.Append(ctx, oak, bot.Entry{At: monday, What: "visible-marker"}) })
		all := w.dump()
		if !bytes.Contains(all, []byte("visible-marker")) {
			t.Error("the scan does not read what is stored")
		}
		for _, form := range []string{canary, fmt.Sprintf("%x", canary)} {
			if bytes.Contains(all, []byte(form)) {
				t.Errorf("%q can be read without the key", form)
			}
		}
	})
}

func TestASealedRowOpensOnlyWhereItBelongs(t *testing.T) {
	for name, tampering := range map[string]string{
		"its state was changed":       `UPDATE rows SET state = 'closed' WHERE ref = 'BR-1'`,
		"its deadline was moved":      `UPDATE rows SET due = due + 1 WHERE ref = 'BR-1'`,
		"its owner was changed":       `UPDATE rows SET owner = 'slack:U9' WHERE ref = 'BR-1'`,
		"its version was changed":     `UPDATE rows SET version = 7 WHERE ref = 'BR-1'`,
		"it holds another's body":     `UPDATE rows SET sealed = (SELECT sealed FROM rows WHERE ref = 'BR-2') WHERE ref = 'BR-1'`,
		"it has another's key":        `UPDATE row_keys SET wrapped = (SELECT wrapped FROM row_keys WHERE ref = 'BR-2') WHERE ref = 'BR-1'`,
		"its key is gone":             `DELETE FROM row_keys WHERE ref = 'BR-1'`,
		"it was given to another":     `UPDATE rows SET sealed = (SELECT sealed FROM rows WHERE ref = 'BR-3') WHERE ref = 'BR-1'`,
		"body and key were exchanged": `UPDATE rows SET sealed = (SELECT wrapped FROM row_keys WHERE ref = 'BR-1') WHERE ref = 'BR-1'`,
	} {
		t.Run(name, func(t *testing.T) {
			eachEngine(t, func(t *testing.T, w *world) {
				w.put(oak, breach("BR-1", canary))
				w.put(oak, breach("BR-2", "other"))
				w.put(elm, breach("BR-3", "other"))
				w.tamper(tampering)
				row, err := w.get(oak, "breach", "BR-1")
				if err == nil {
					t.Fatalf("it opened: %s", row.Body)
				}
				if strings.Contains(err.Error(), canary) {
					t.Errorf("the error tells what was said: %v", err)
				}
			})
		})
	}
}

// Who only wants what can be read is told of the rest, and the transaction goes on.
func TestARowThatDoesNotOpenIsLeftOutWhereThatIsAskedFor(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		for _, ref := range []string{"BR-1", "BR-2", "BR-3"} {
			w.put(oak, breach(ref, canary))
		}
		w.tamper(`UPDATE rows SET state = 'closed' WHERE ref = 'BR-2'`)
		find := func(spoilt func(error)) (refs string, err error) {
			err = w.View(t.Context(), func(tx bot.Tx) error {
				rows, err := tx.Find(t.Context(), oak, bot.Query{Kind: "breach", Spoilt: spoilt})
				for _, row := range rows {
					refs += row.Ref + " "
				}
				if err == nil {
					_, err = tx.Get(t.Context(), oak, "breach", "BR-3")
				}
				return err
			})
			return refs, err
		}
		var told []string
		refs, err := find(func(err error) { told = append(told, err.Error()) })
		if err != nil || refs != "BR-1 BR-3 " || len(told) != 1 || !strings.Contains(told[0], "BR-2") || strings.Contains(told[0], canary) {
			t.Errorf("found %q, told %q, %v", refs, told, err)
		}
		if refs, err := find(nil); err == nil || refs != "" {
			t.Errorf("who asks for all of them gets %q, %v", refs, err)
		}
	})
}

func TestWhatIsErasedIsGone(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.put(oak, breach("BR-1", canary))
		var sealed, wrapped []byte
		if err := w.engine.reader().QueryRowContext(ctx, `SELECT r.sealed, k.wrapped FROM rows r JOIN row_keys k ON k.ref = r.ref`).
			Scan(&sealed, &wrapped); err != nil {
			t.Fatal(err)
		}
		w.update(func(tx bot.Tx) error { return tx.Erase(ctx, oak, "breach", "BR-1") })
		w.update(func(tx bot.Tx) error { return tx.Erase(ctx, oak, "breach", "BR-1") }) // twice is no error
		if _, err := w.get(oak, "breach", "BR-1"); err != bot.ErrNotFound {
			t.Errorf("get gave %v", err)
		}
		for _, table := range []string{"rows", "row_keys"} {
			if n := w.count("SELECT COUNT(*) FROM " + table); n != 0 {
				t.Errorf("%s still holds %d", table, n)
			}
		}
		if _, err := w.PurgeExpired(ctx, monday); err != nil { // empties the write-ahead log
			t.Fatal(err)
		}
		all := w.dump()
		for what, left := range map[string][]byte{"the sealed body": sealed, "its key": wrapped} {
			if bytes.Contains(all, left) || bytes.Contains(all, fmt.Appendf(nil, "%x", left)) {
				t.Errorf("%s is still in the files", what)
			}
		}
		ledger, err := w.Erasures(ctx, monday.Add(-time.Hour))
		if err != nil || len(ledger) != 1 || ledger[0].Org != oak || strings.Contains(ledger[0].Life, "BR-1") {
			t.Errorf("the ledger is %+v, %v", ledger, err)
		}
	})
}

func TestWhatWasErasedStaysErasedAfterARestore(t *testing.T) {
	w := newWorld(t, "")
	ctx := t.Context()
	for _, ref := range []string{"BR-1", "BR-2", "BR-3"} {
		w.put(oak, breach(ref, "said"))
	}
	w.put(elm, breach("BR-1", "said"))
	yesterday := filepath.Join(t.TempDir(), "backup.db")
	if err := w.Backup(ctx, yesterday); err != nil {
		t.Fatal(err)
	}
	// BR-1 is erased; BR-2 is erased and another takes its name, which must live on.
	w.update(func(tx bot.Tx) error {
		return cmp.Or(tx.Erase(ctx, oak, "breach", "BR-1"), tx.Erase(ctx, oak, "breach", "BR-2"))
	})
	w.put(oak, breach("BR-2", "another"))
	// BR-4 came and went since. This backup lacks it; another of between, put back later, has it.
	w.put(oak, breach("BR-4", "said"))
	w.update(func(tx bot.Tx) error { return tx.Erase(ctx, oak, "breach", "BR-4") })
	ledger, err := w.Erasures(ctx, time.Time{})
	if err != nil || len(ledger) != 3 {
		t.Fatalf("the ledger is %v, %v", ledger, err)
	}
	if n, err := w.ReplayErasures(ctx, ledger); err != nil || n != 0 {
		t.Errorf("replayed where nothing was restored, it erased %d rows, %v", n, err)
	}

	restored := &world{t: t, opts: w.opts}
	restored.opts.Dir = t.TempDir()
	if err := os.Rename(yesterday, filepath.Join(restored.opts.Dir, databaseFile)); err != nil {
		t.Fatal(err)
	}
	restored.reopen()
	defer restored.Close()
	for _, want := range []int{2, 0} { // the second time there is nothing left to do
		if n, err := restored.ReplayErasures(ctx, ledger); err != nil || n != want {
			t.Errorf("replay erased %d rows, %v, want %d", n, err, want)
		}
	}
	if got := restored.find(oak, bot.Query{Kind: "breach"}); got != "BR-3" {
		t.Errorf("after the restore Oak has %q, want BR-3", got)
	}
	if got := restored.find(elm, bot.Query{Kind: "breach"}); got != "BR-1" {
		t.Errorf("after the restore Elm has %q, want BR-1", got)
	}
	again, err := restored.Erasures(ctx, time.Time{})
	if err != nil || !slices.EqualFunc(again, ledger, func(a, b Erasure) bool { return a.Org == b.Org && a.Life == b.Life }) {
		t.Errorf("the restored ledger is %v, %v", again, err)
	}
}

func TestRowsExpireAndAnswersAreForgotten(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		for i, expires := range []time.Time{{}, monday.Add(-time.Minute), monday, monday.Add(time.Millisecond)} {
			for _, org := range []bot.OrgID{oak, elm} {
				w.put(org, bot.Row{Kind: "session", Ref: fmt.Sprint("S-", i), Index: bot.Index{Expires: expires}})
			}
		}
		for event, at := range map[string]time.Time{"old": monday.Add(-72*time.Hour - time.Millisecond), "kept": monday.Add(-72 * time.Hour)} {
			w.update(func(tx bot.Tx) error { return tx.Answer(ctx, oak, event, []byte("x"), at) })
		}
		if n, err := w.PurgeExpired(ctx, monday); err != nil || n != 4 {
			t.Errorf("purged %d rows, %v, want 4", n, err)
		}
		for _, org := range []bot.OrgID{oak, elm} {
			if got := w.find(org, bot.Query{}); got != "S-0 S-3" {
				t.Errorf("%s keeps %q", org, got)
			}
		}
		for event, want := range map[string]bool{"old": false, "kept": true} {
			if _, done, err := w.answered(oak, event); err != nil || done != want {
				t.Errorf("the answer to the %s event: %v, %v", event, done, err)
			}
		}
		if ledger, err := w.Erasures(ctx, monday); err != nil || len(ledger) != 4 {
			t.Errorf("the ledger is %v, %v", ledger, err)
		}
	})
}
