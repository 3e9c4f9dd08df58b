package commands

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"shareright/bot"
	"shareright/bot/mail"
	"shareright/bot/mail/mailtest"
	"shareright/internal/parts"
	"shareright/internal/program"
)

// runs is one command line, over the settings of the environment.
func runs(t *testing.T, c interface {
	Run(*Commands, program.Parts) error
}) (string, error) {
	t.Helper()
	return printed(t, func() error { return c.Run(&Commands{}, parts.All()) })
}

func mustRun(t *testing.T, c interface {
	Run(*Commands, program.Parts) error
}) string {
	t.Helper()
	text, err := runs(t, c)
	if err != nil {
		t.Fatalf("%T: %v\n%s", c, err, text)
	}
	return text
}

// within opens the records as a command does.
func within(t *testing.T, do func(ctx context.Context, p *program.Program) error) {
	t.Helper()
	if err := (&Commands{}).open(parts.All(), do); err != nil {
		t.Fatal(err)
	}
}

func keptIn(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func erased(t *testing.T, ref string) {
	t.Helper()
	within(t, func(ctx context.Context, p *program.Program) error {
		return p.Store.Update(ctx, func(tx bot.Tx) error { return tx.Erase(ctx, "main", "breach", ref) })
	})
}

// elsewhere is another computer with the copy of the key.
func elsewhere(t *testing.T) string {
	t.Helper()
	key, err := os.ReadFile(filepath.Join(os.Getenv("SHARERIGHT_DATA"), "master.key"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "master.key"), key, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("SHARERIGHT_DATA", dir)
	return dir
}

func breaches(t *testing.T) string {
	t.Helper()
	return mustRun(t, &Export{Register: "breaches", Format: "csv", Reader: Reader{For: "trustee"}})
}

// A backup of Monday is put back on another computer. What was erased on Tuesday is erased
// again, the trail fits the checkpoints kept elsewhere, and the clocks are the same.
func TestARestoreErasesAgainWhatWasErasedSince(t *testing.T) {
	refs := reported(t)
	monday := filepath.Join(t.TempDir(), "monday.db")
	if text := mustRun(t, &Backup{File: monday}); !strings.Contains(text, monday) {
		t.Errorf("the backup says %q", text)
	}
	if text, err := runs(t, &Backup{File: monday}); err == nil {
		t.Errorf("a backup was written over another: %q", text)
	}
	points := keptIn(t, "points", mustRun(t, &Checkpoint{}))
	erased(t, refs["breach"])
	ledger := keptIn(t, "erased.jsonl", mustRun(t, &Erasures{}))
	if before := breaches(t); strings.Contains(before, refs["breach"]) || !strings.Contains(before, refs["lead"]) {
		t.Fatalf("the register holds\n%s", before)
	}
	var clocks map[string]time.Time
	within(t, func(ctx context.Context, p *program.Program) (err error) { clocks, err = p.Store.Next(ctx); return err })

	dir := elsewhere(t)
	if text, err := runs(t, &Restore{File: monday, Erasures: keptIn(t, "bad", `{"life":"x"}`)}); err == nil {
		t.Errorf("half a ledger was taken: %q", text)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "shareright.db*")); len(left) > 0 {
		t.Errorf("a restore that was refused left %v", left)
	}
	text := mustRun(t, &Restore{File: monday, Erasures: ledger})
	for _, want := range []string{"Erased again: 1.", "entries, whole.", "The backup is back and whole."} {
		if !strings.Contains(text, want) {
			t.Errorf("the restore lacks %q:\n%s", want, text)
		}
	}
	if strings.Contains(text, "I do not know what was erased") {
		t.Errorf("it was told and says it was not:\n%s", text)
	}
	for kind, at := range clocks {
		if !strings.Contains(text, "Next "+kind+": "+at.Format(time.RFC3339)) {
			t.Errorf("the clock %s at %v is not in\n%s", kind, at, text)
		}
	}
	if after := breaches(t); strings.Contains(after, refs["breach"]) || !strings.Contains(after, refs["lead"]) {
		t.Errorf("what was erased is back:\n%s", after)
	}
	if text := mustRun(t, &Verify{Against: points}); !strings.Contains(text, "whole") {
		t.Errorf("against the checkpoints: %s", text)
	}
	if again := mustRun(t, &Erasures{}); strings.Count(again, "\n") < 1 {
		t.Error("the ledger was not carried over, so the next restore would bring it back")
	}

	if text, err := runs(t, &Restore{File: monday}); err == nil || !strings.Contains(err.Error(), "--replace") {
		t.Errorf("a database was written over: %q, %v", text, err)
	}
	// Set aside, its own ledger is used without being asked for.
	text = mustRun(t, &Restore{File: monday, Replace: true})
	if aside, _ := filepath.Glob(filepath.Join(dir, "shareright.db.before-*")); len(aside) == 0 || !strings.Contains(text, "Erased again: 1.") || strings.Contains(text, "I do not know what was erased") {
		t.Errorf("set aside %v:\n%s", aside, text)
	}
}

func TestARestoreIsRefusedWhereItWouldLoseSomething(t *testing.T) {
	reported(t)
	backup := filepath.Join(t.TempDir(), "monday.db")
	mustRun(t, &Backup{File: backup})
	dir := elsewhere(t)
	if err := os.WriteFile(filepath.Join(dir, "shareright.db-wal"), []byte("left over"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := runs(t, &Restore{File: backup}); err == nil || !strings.Contains(err.Error(), "shareright.db-wal is there") {
		t.Errorf("a log that is left over: %v", err)
	}
	if err := os.Remove(filepath.Join(dir, "shareright.db-wal")); err != nil {
		t.Fatal(err)
	}
	bot := taken(t)
	for _, c := range keeping(backup) {
		why := "There are no records in " + dir
		if _, is := c.(*Restore); is {
			why = "Stop it first"
		}
		if text, err := runs(t, c); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%T while a bot runs: %q, %v", c, text, err)
		}
	}
	if err := bot.Close(); err != nil {
		t.Fatal(err)
	}
	mustRun(t, &Restore{File: backup})
	t.Setenv("SHARERIGHT_DATABASE_URL", "postgres://127.0.0.1:1/none")
	if _, err := runs(t, &Restore{File: backup}); err == nil || !strings.Contains(err.Error(), "pg_dump") || !strings.Contains(err.Error(), "audit erase-again") {
		t.Errorf("records in PostgreSQL: %v", err)
	}
}

// A backup can come back by other tools than ours. What was erased since is then erased by a
// command of its own, which can be run as often as somebody likes.
func TestWhatOtherToolsPutBackIsErasedAgain(t *testing.T) {
	refs := reported(t)
	monday := filepath.Join(t.TempDir(), "monday.db")
	mustRun(t, &Backup{File: monday})
	erased(t, refs["breach"])
	ledger := keptIn(t, "erased.jsonl", mustRun(t, &Erasures{}))
	elsewhere(t)
	if text := mustRun(t, &Restore{File: monday}); !strings.Contains(text, "I do not know what was erased since this backup.") || !strings.Contains(text, "audit erase-again FILE") {
		t.Errorf("nobody is told that the list is missing:\n%s", text)
	}
	if back := breaches(t); !strings.Contains(back, refs["breach"]) {
		t.Fatalf("the backup lacks what was erased since:\n%s", back)
	}
	if text, err := runs(t, &EraseAgain{File: keptIn(t, "bad", `{"life":"x"}`)}); err == nil {
		t.Errorf("half a ledger was taken: %q", text)
	}
	for _, want := range []string{"Erased again: 1.", "Erased again: 0."} {
		if text := mustRun(t, &EraseAgain{File: ledger}); !strings.Contains(text, want) || !strings.Contains(text, "entries, whole.") {
			t.Errorf("it says\n%s", text)
		}
	}
	if after := breaches(t); strings.Contains(after, refs["breach"]) || !strings.Contains(after, refs["lead"]) {
		t.Errorf("what was erased is back:\n%s", after)
	}
}

// The wrong key does not open a backup, and says so before anything is served.
func TestABackupDoesNotOpenWithAnotherKey(t *testing.T) {
	reported(t)
	backup := filepath.Join(t.TempDir(), "monday.db")
	mustRun(t, &Backup{File: backup})
	elsewhere(t)
	t.Setenv("SHARERIGHT_MASTER_KEY", strings.Repeat("ab", 32))
	if _, err := runs(t, &Restore{File: backup}); err == nil || !strings.Contains(err.Error(), "does not open this database") {
		t.Errorf("it says %v", err)
	}
}

func TestAChangedMasterKeyOpensEverythingAndTheOldOneNothing(t *testing.T) {
	refs := reported(t)
	file := filepath.Join(os.Getenv("SHARERIGHT_DATA"), "master.key")
	old, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	text := mustRun(t, &Rotate{})
	aside, _ := filepath.Glob(file + ".before-*")
	if len(aside) != 1 || !strings.Contains(text, "Sealed under the new key: 1.") || !strings.Contains(text, aside[0]) {
		t.Fatalf("set aside %v:\n%s", aside, text)
	}
	for _, name := range []string{file, aside[0]} {
		if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", name, info.Mode(), err)
		}
	}
	if list := breaches(t); !strings.Contains(list, refs["breach"]) {
		t.Errorf("with the new key:\n%s", list)
	}
	now, err := os.ReadFile(file)
	if err != nil || string(now) == string(old) {
		t.Fatalf("the key is the same, %v", err)
	}
	key := func(text []byte) string {
		lines := strings.Split(strings.TrimSpace(string(text)), "\n")
		return lines[len(lines)-1]
	}
	if strings.Contains(text, key(now)) || strings.Contains(text, key(old)) {
		t.Error("the command prints a key")
	}
	t.Setenv("SHARERIGHT_MASTER_KEY", key(old))
	if _, err := runs(t, &Verify{}); err == nil {
		t.Error("the old key still opens the records")
	}
	// By setting: the new key first, then the old one.
	t.Setenv("SHARERIGHT_MASTER_KEY", strings.Repeat("cd", 32)+","+key(now))
	if text := mustRun(t, &Rotate{}); !strings.Contains(text, "take the old key out of SHARERIGHT_MASTER_KEY") {
		t.Errorf("it says %q", text)
	}
	t.Setenv("SHARERIGHT_MASTER_KEY", strings.Repeat("cd", 32))
	if text := mustRun(t, &Verify{}); !strings.Contains(text, "whole") {
		t.Errorf("the trail: %s", text)
	}
}

// tampered changes the database behind the program's back.
func tampered(t *testing.T, queries ...string) {
	t.Helper()
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(os.Getenv("SHARERIGHT_DATA"), "shareright.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, q := range queries {
		if _, err := db.ExecContext(t.Context(), q); err != nil {
			t.Fatalf("%s: %v", q, err)
		}
	}
}

func TestTamperingIsFoundFromTheCommandLine(t *testing.T) {
	const cutTheHead = `UPDATE trails SET size = 2, link = (SELECT link FROM entries WHERE org = 'main' AND seq = 2) WHERE org = 'main'`
	for name, tc := range map[string]struct {
		tampering []string
		alone     bool // the trail by itself shows it
		says      string
	}{
		"nothing":              {nil, true, "main: "},
		"an entry changed":     {[]string{`UPDATE entries SET who = 'slack:U9' WHERE seq = 2`}, true, "Entry 2 was changed"},
		"the end cut off":      {[]string{`DELETE FROM entries WHERE seq > 2`, cutTheHead}, false, "a checkpoint names entry"},
		"the whole trail gone": {[]string{`DELETE FROM entries WHERE org = 'main'`, `DELETE FROM trails WHERE org = 'main'`}, false, "a checkpoint names entry"},
		"all of an organisation": {[]string{`DELETE FROM row_keys WHERE org = 'main'`, `DELETE FROM rows WHERE org = 'main'`, `DELETE FROM inbox WHERE org = 'main'`,
			`DELETE FROM entries WHERE org = 'main'`, `DELETE FROM trails WHERE org = 'main'`, `DELETE FROM org_keys WHERE org = 'main'`}, false, "a checkpoint names entry"},
	} {
		t.Run(name, func(t *testing.T) {
			reported(t)
			within(t, func(ctx context.Context, p *program.Program) error { // a second organisation, whose trail stays whole
				return p.Store.Update(ctx, func(tx bot.Tx) error {
					return tx.Append(ctx, "other", bot.Entry{At: time.Now(), What: "breach.report"})
				})
			})
			points := keptIn(t, "points", "\n"+mustRun(t, &Checkpoint{}))
			tampered(t, tc.tampering...)
			text, err := runs(t, &Verify{Against: points})
			if !strings.Contains(text, tc.says) || (err == nil) != (tc.tampering == nil) {
				t.Errorf("against the checkpoints: %v\n%s", err, text)
			}
			if tc.tampering != nil && !strings.Contains(text, "other: 1 entries, whole.") {
				t.Errorf("the other trail:\n%s", text)
			}
			if _, err := runs(t, &Verify{}); (err != nil) != (tc.alone && tc.tampering != nil) {
				t.Errorf("alone: %v", err)
			}
		})
	}
	if _, err := runs(t, &Verify{Against: keptIn(t, "points", "trail main two")}); err == nil || !strings.Contains(err.Error(), "no checkpoint") {
		t.Errorf("a line that is no checkpoint: %v", err)
	}
}

// What a trustee saved of the e-mails is taken as it is, and finds a trail that was cut.
func TestTheTrusteesMailboxFindsATrailThatWasCut(t *testing.T) {
	reported(t)
	line := strings.TrimSpace(mustRun(t, &Checkpoint{}))
	server, err := mailtest.New()
	if err != nil {
		t.Fatal(err)
	}
	defer server.Stop()
	p, err := mail.New(mail.Config{Server: server.Address, From: "Shareright <bot@example.org>", Roots: server.Roots})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Deliver(t.Context(), bot.Delivery{To: bot.Address{Platform: "email", User: "tess@example.org"}, Trail: line, Once: "a"}); err != nil {
		t.Fatal(err)
	}
	letter := keptIn(t, "letter", server.Letters()[0].Raw)
	quoted := keptIn(t, "quoted", "Keep these:\n> "+line+"\n")
	for _, file := range []string{letter, quoted} {
		if text := mustRun(t, &Verify{Against: file}); !strings.Contains(text, "whole") {
			t.Errorf("the whole trail: %s", text)
		}
	}
	tampered(t, `DELETE FROM entries WHERE seq > 2`,
		`UPDATE trails SET size = 2, link = (SELECT link FROM entries WHERE org = 'main' AND seq = 2) WHERE org = 'main'`)
	for _, file := range []string{letter, quoted} {
		if text, err := runs(t, &Verify{Against: file}); err == nil || !strings.Contains(text, "a checkpoint names entry") {
			t.Errorf("a trail that was cut: %v\n%s", err, text)
		}
	}
	if _, err := runs(t, &Verify{Against: keptIn(t, "none", "Hello\n")}); err == nil || !strings.Contains(err.Error(), "no checkpoint in") {
		t.Errorf("a file without checkpoints: %v", err)
	}
}

func TestEverythingMovesToPostgresFromTheCommandLine(t *testing.T) {
	server := os.Getenv("SHARERIGHT_TEST_POSTGRES")
	if server == "" {
		t.Skip("SHARERIGHT_TEST_POSTGRES names no server")
	}
	refs := reported(t)
	before := breaches(t)
	to := schema(t, server)
	text := mustRun(t, &Move{To: to})
	if !strings.Contains(text, "main: ") || !strings.Contains(text, "whole") || strings.Contains(text, to) {
		t.Errorf("the move says\n%s", text)
	}
	if _, err := runs(t, &Verify{}); err == nil || !strings.Contains(err.Error(), "moved") {
		t.Errorf("the old database: %v", err)
	}
	t.Setenv("SHARERIGHT_DATABASE_URL", to)
	if after := breaches(t); after != before || !strings.Contains(after, refs["breach"]) {
		t.Errorf("before\n%s\nafter\n%s", before, after)
	}
	if _, err := runs(t, &Move{To: to}); err == nil || !strings.Contains(err.Error(), "in PostgreSQL already") {
		t.Errorf("a second move: %v", err)
	}
	if _, err := runs(t, &Backup{File: filepath.Join(t.TempDir(), "x")}); err == nil || !strings.Contains(err.Error(), "pg_dump") {
		t.Errorf("a backup of PostgreSQL: %v", err)
	}
}

// schema is an empty PostgreSQL database of the test's own.
func schema(t *testing.T, server string) string {
	t.Helper()
	db, err := sql.Open("pgx", server)
	if err != nil {
		t.Fatal(err)
	}
	name := strings.ToLower("commands_" + filepath.Base(t.TempDir()) + time.Now().Format("150405.000000"))
	name = strings.ReplaceAll(name, ".", "_")
	if _, err := db.ExecContext(t.Context(), "CREATE SCHEMA "+name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_, _ = db.ExecContext(context.Background(), "DROP SCHEMA "+name+" CASCADE")
		db.Close()
	})
	glue := "?"
	if strings.Contains(server, "?") {
		glue = "&"
	}
	return server + glue + "search_path=" + name
}

func TestTheTrusteesPageHoldsCountsAndNoCase(t *testing.T) {
	refs := reported(t)
	out := filepath.Join(t.TempDir(), "report.pdf")
	text := mustRun(t, &Report{Months: 12, Reader: Reader{For: "trustee"}})
	for _, ref := range refs {
		if strings.Contains(text, ref) {
			t.Errorf("the page names %s:\n%s", ref, text)
		}
	}
	if len(text) < 100 || strings.Contains(text, "Ann") || strings.Contains(text, "Jo ") {
		t.Errorf("the page is\n%s", text)
	}
	mustRun(t, &Report{Months: 12, PDF: out, Reader: Reader{For: "trustee"}})
	if content, err := os.ReadFile(out); err != nil || !strings.HasPrefix(string(content), "%PDF-") {
		t.Errorf("no PDF: %v", err)
	}
}

// Roles that were filled in chat count as those in the settings do: a report about the lead is
// not exported to the deputy when that is the same person.
func TestAnExportKnowsWhoWasPutInChargeInChat(t *testing.T) {
	refs := reported(t)
	t.Setenv("SHARERIGHT_DP_LEAD", "")
	within(t, func(ctx context.Context, p *program.Program) error {
		return p.Store.Update(ctx, func(tx bot.Tx) error {
			return tx.Put(ctx, "main", bot.Row{Kind: bot.ChosenKind, Ref: bot.ChosenRef,
				Body: []byte(`{"roles":{"dp-lead":["slack:U0SAM"],"deputy":["slack:U0SAM"]}}`)})
		})
	})
	text := mustRun(t, &Export{Register: "breaches", Format: "csv", Reader: Reader{For: "deputy"}})
	if strings.Contains(text, refs["lead"]) || !strings.Contains(text, refs["breach"]) {
		t.Errorf("exported\n%s", text)
	}
}
