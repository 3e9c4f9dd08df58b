package main

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"

	"shareright/bot"
	"shareright/bot/slack/slacktest"
	"shareright/internal/store"
)

// drillKey is the master key of the drills.
const drillKey = "5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a"

// office is a bot that serves, in a process of its own, and the settings it has.
type office struct {
	t     *testing.T
	slack *slacktest.Server
	env   []string
	dir   string
	bot   *exec.Cmd
	log   *bytes.Buffer
}

func newOffice(t *testing.T, database string) *office {
	t.Helper()
	o := &office{t: t, slack: slacktest.New(t), dir: t.TempDir(), log: &bytes.Buffer{}}
	o.env = append(os.Environ(), "SHARERIGHT_TEST_MAIN=yes", "SHARERIGHT_CONFIG=", "SHARERIGHT_DATA="+o.dir, "SHARERIGHT_DATABASE_URL="+database,
		"SHARERIGHT_DP_LEAD=slack:U0LEAD", "SHARERIGHT_MASTER_KEY="+drillKey, "SHARERIGHT_HTTP_ADDR="+freeAddress(t), "SHARERIGHT_METRICS_ADDR="+freeAddress(t),
		"SLACK_API_URL="+o.slack.URL(), "SLACK_BOT_TOKEN="+slacktest.BotToken, "SLACK_APP_TOKEN="+slacktest.AppToken)
	return o
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// with is the same office with other settings.
func (o *office) with(settings ...string) []string {
	return append(append([]string{}, o.env...), settings...)
}

func (o *office) serve() {
	o.t.Helper()
	o.bot = exec.Command(os.Args[0], "serve")
	o.bot.Env, o.bot.Stderr = o.env, o.log
	if err := o.bot.Start(); err != nil {
		o.t.Fatal(err)
	}
	o.t.Cleanup(func() { _ = o.bot.Process.Kill(); _, _ = o.bot.Process.Wait() })
	o.slack.Ready(2)
}

// stop ends the bot as an operator would.
func (o *office) stop() {
	o.t.Helper()
	if err := o.bot.Process.Signal(os.Interrupt); err != nil {
		o.t.Fatal(err)
	}
	if err := o.bot.Wait(); err != nil {
		o.t.Fatalf("the bot ended with %v\n%s", err, o.log)
	}
}

// run is a command that an operator types.
func run(t *testing.T, env []string, args ...string) (string, error) {
	t.Helper()
	c := exec.CommandContext(t.Context(), os.Args[0], args...)
	c.Env = env
	out, err := c.CombinedOutput()
	return string(out), err
}

func mustRun(t *testing.T, env []string, args ...string) string {
	t.Helper()
	out, err := run(t, env, args...)
	if err != nil {
		t.Fatalf("shareright %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return out
}

// load lets people ask for the list of commands, without a pause, and counts what was acknowledged.
type load struct {
	stop    chan struct{}
	working sync.WaitGroup
	mu      sync.Mutex
	acked   int
}

func (o *office) load(people int) *load {
	l := &load{stop: make(chan struct{})}
	for n := range people {
		user := fmt.Sprintf("U0P%d", n)
		l.working.Go(func() {
			for {
				select {
				case <-l.stop:
					return
				default:
				}
				if ack := o.slack.Slash(user, "/dp", "practise"); ack.OK {
					l.mu.Lock()
					l.acked++
					l.mu.Unlock()
				}
			}
		})
	}
	return l
}

func (l *load) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.acked
}

// until waits for what the load must bring about.
func (l *load) until(t *testing.T, n int) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); l.count() < n; {
		if time.Now().After(deadline) {
			t.Fatalf("only %d acknowledged", l.count())
		}
		time.Sleep(5 * time.Millisecond) // other processes do the work
	}
}

func (l *load) end() { close(l.stop); l.working.Wait() }

// report files a breach, whose 72-hour clock is what a restore must bring back.
func (o *office) report(user string) {
	o.t.Helper()
	before := len(o.slack.Calls("views.open"))
	if ack := o.slack.Slash(user, "/breach", ""); !ack.OK {
		o.t.Fatalf("the command was not taken: %+v", ack)
	}
	o.slack.Wait("views.open", before+1)
	for range 12 {
		view := o.slack.View()
		if view["submit"] == nil {
			return // the receipt
		}
		if ack := o.slack.Submit(user, view, firstChoices(view)); !ack.OK {
			o.t.Fatalf("a page was not taken: %+v", ack)
		}
	}
	o.t.Fatalf("the report has no end: %v", o.slack.Complaints())
}

// firstChoices answers what must be answered on a page.
func firstChoices(view map[string]any) map[string]map[string]any {
	values := map[string]map[string]any{}
	blocks, _ := view["blocks"].([]any)
	for _, b := range blocks {
		block, _ := b.(map[string]any)
		element, _ := block["element"].(map[string]any)
		if block["type"] != "input" || block["optional"] == true || element == nil {
			continue
		}
		state := map[string]any{"type": element["type"]}
		options, _ := element["options"].([]any)
		switch element["type"] {
		case "plain_text_input":
			state["value"] = "12"
		case "static_select", "radio_buttons":
			state["selected_option"] = options[0]
		default:
			state["selected_options"] = options[:min(1, len(options))]
		}
		values[block["block_id"].(string)] = map[string]any{element["action_id"].(string): state}
	}
	return values
}

var nextLine = regexp.MustCompile(`(?m)^Next \S+: \S+$`)

// A backup is taken while people are at work, and put back on another computer: the trail is
// whole and fits the checkpoints kept elsewhere, everything acknowledged before is there, and
// the next clocks are the same.
func TestTheBackupDrill(t *testing.T) {
	o := newOffice(t, "")
	o.serve()
	o.report("U0JO")
	l := o.load(4)
	l.until(t, 40)
	points := filepath.Join(t.TempDir(), "checkpoints")
	if err := os.WriteFile(points, []byte(mustRun(t, o.env, "audit", "checkpoint")), 0o600); err != nil {
		t.Fatal(err)
	}
	backup := filepath.Join(t.TempDir(), "backup.db")
	mustRun(t, o.env, "backup", backup)
	l.until(t, l.count()+20) // the bot never noticed
	l.end()
	o.stop()

	there := t.TempDir()
	stale := filepath.Join(there, "shareright.db-wal")
	if err := os.WriteFile(stale, []byte("left over"), 0o600); err != nil {
		t.Fatal(err)
	}
	env := o.with("SHARERIGHT_DATA=" + there)
	if out, err := run(t, env, "restore", backup); err == nil {
		t.Errorf("a log that was left over was taken:\n%s", out)
	}
	if err := os.Remove(stale); err != nil {
		t.Fatal(err)
	}
	text := mustRun(t, env, "restore", backup)
	if a, b := clocks(t, "sqlite3", inFolder(o.dir)), clocks(t, "sqlite3", inFolder(there)); a != b || a == "" {
		t.Errorf("the clocks were\n%s\nand are\n%s", a, b)
	}
	sameClocks(t, text, o.lives(t))
	if out := mustRun(t, env, "audit", "verify", "--against", points); !strings.Contains(out, "whole") {
		t.Errorf("the trail: %s", out)
	}
	if a, b := register(t, o.env), register(t, env); a != b || !strings.Contains(a, "BR-") {
		t.Errorf("the register was\n%s\nand is\n%s", a, b)
	}
}

// lives is what a restore says of a second backup, taken after everything: the clocks as they run.
func (o *office) lives(t *testing.T) string {
	t.Helper()
	last := filepath.Join(t.TempDir(), "last.db")
	mustRun(t, o.env, "backup", last)
	return mustRun(t, o.with("SHARERIGHT_DATA="+t.TempDir()), "restore", last)
}

func sameClocks(t *testing.T, restored, lives string) {
	t.Helper()
	want := nextLine.FindAllString(lives, -1)
	if len(want) < 2 {
		t.Fatalf("no clocks run:\n%s", lives)
	}
	for _, clock := range want {
		if strings.HasPrefix(clock, "Next breach") && !strings.Contains(restored, clock) {
			t.Errorf("%q is not in\n%s", clock, restored)
		}
	}
	if !strings.Contains(restored, "The backup is back and whole.") {
		t.Errorf("the restore says\n%s", restored)
	}
}

func register(t *testing.T, env []string) string {
	t.Helper()
	return mustRun(t, env, "export", "breaches", "--for", "trustee")
}

// The same with PostgreSQL, by its own tools, as docs/operations.md shows it.
func TestTheBackupDrillOnPostgres(t *testing.T) {
	server := os.Getenv("SHARERIGHT_TEST_POSTGRES")
	if _, err := exec.LookPath("pg_dump"); err != nil || server == "" {
		t.Skip("no PostgreSQL, or no tools of it")
	}
	here, there := database(t, server, "drill_here"), database(t, server, "drill_there")
	o := newOffice(t, here)
	o.serve()
	o.report("U0JO")
	o.report("U0SAM")
	l := o.load(4)
	l.until(t, 40)
	points := filepath.Join(t.TempDir(), "checkpoints")
	if err := os.WriteFile(points, []byte(mustRun(t, o.env, "audit", "checkpoint")), 0o600); err != nil {
		t.Fatal(err)
	}
	dump := filepath.Join(t.TempDir(), "backup.dump")
	tool(t, "pg_dump", "--format=custom", "--file="+dump, here)
	l.until(t, l.count()+20)
	l.end()
	o.stop()
	gone := o.eraseOne(t, here)
	erased := filepath.Join(t.TempDir(), "erasures")
	if err := os.WriteFile(erased, []byte(mustRun(t, o.env, "audit", "erasures")), 0o600); err != nil {
		t.Fatal(err)
	}
	tool(t, "pg_restore", "--no-owner", "--exit-on-error", "--dbname="+there, dump)
	env := o.with("SHARERIGHT_DATABASE_URL="+there, "SHARERIGHT_DATA="+t.TempDir())
	if list := register(t, env); !strings.Contains(list, gone) {
		t.Fatalf("the backup lacks %s, which was erased since:\n%s", gone, list)
	}
	if out := mustRun(t, env, "audit", "erase-again", erased); !againSome.MatchString(out) || !strings.Contains(out, "The backup is back and whole.") {
		t.Errorf("erased again:\n%s", out)
	}
	if out := mustRun(t, env, "audit", "verify", "--against", points); !strings.Contains(out, "whole") {
		t.Errorf("the trail: %s", out)
	}
	if a, b := register(t, o.env), register(t, env); a != b || !strings.Contains(a, "BR-") || strings.Contains(b, gone) {
		t.Errorf("the register was\n%s\nand is\n%s", a, b)
	}
	if a, b := clocks(t, "pgx", here), clocks(t, "pgx", there); a != b || a == "" {
		t.Errorf("the clocks were\n%s\nand are\n%s", a, b)
	}
}

var againSome = regexp.MustCompile(`(?m)^Erased again: [1-9]\d*\.$`)

// eraseOne erases one of the reported breaches and returns its reference.
func (o *office) eraseOne(t *testing.T, address string) string {
	t.Helper()
	keys, err := store.ParseKeys(drillKey)
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), store.Options{URL: address, Keys: keys})
	if err != nil {
		t.Fatal(err)
	}
	ref := ""
	err = s.Update(t.Context(), func(tx bot.Tx) error {
		rows, err := tx.Find(t.Context(), "main", bot.Query{Kind: "breach", Limit: 1})
		if err != nil || len(rows) == 0 {
			return fmt.Errorf("%d breaches, %w", len(rows), err)
		}
		ref = rows[0].Ref
		return tx.Erase(t.Context(), "main", "breach", ref)
	})
	if err := errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
	return ref
}

// inFolder is the address of a data folder's database, to look at.
func inFolder(dir string) string { return "file:" + filepath.Join(dir, "shareright.db") + "?mode=ro" }

// clocks are the moments of the breach clock that are to come.
func clocks(t *testing.T, driver, address string) (text string) {
	t.Helper()
	db, err := sql.Open(driver, address)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.QueryContext(t.Context(), `SELECT kind || ' ' || name || ' ' || due FROM jobs WHERE kind LIKE 'breach%' ORDER BY 1`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			t.Fatal(err)
		}
		text += line + "\n"
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return text
}

func tool(t *testing.T, name string, args ...string) {
	t.Helper()
	if out, err := exec.CommandContext(t.Context(), name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
}

// database makes an empty database of the test's own and returns its address.
func database(t *testing.T, server, name string) string {
	t.Helper()
	db, err := sql.Open("pgx", server)
	if err != nil {
		t.Fatal(err)
	}
	name = fmt.Sprintf("%s_%d", name, time.Now().UnixNano())
	if _, err := db.ExecContext(t.Context(), "CREATE DATABASE "+name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_, err := db.Exec("DROP DATABASE " + name + " WITH (FORCE)")
		if err != nil {
			t.Error(err)
		}
		db.Close()
	})
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/" + name
	return u.String()
}
