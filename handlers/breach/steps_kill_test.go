//go:build failpoint

package breach_test

import (
	"bufio"
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"

	"shareright/bot"
	"shareright/internal/failpoint"
)

// boss gives the orders, and starts the child again when it has died.
type boss struct {
	t      *testing.T
	dir    string
	url    string
	cmd    *exec.Cmd
	in     io.WriteCloser
	out    *bufio.Reader
	now    time.Time
	place  string
	nth    int
	deaths int
	sent   int
}

func (b *boss) start() {
	b.t.Helper()
	b.cmd = exec.Command(os.Args[0])
	b.cmd.Env = append(os.Environ(), stepChild+"="+b.dir, stepDatabase+"="+b.url)
	b.cmd.Stderr = os.Stderr
	var err error
	if b.in, err = b.cmd.StdinPipe(); err != nil {
		b.t.Fatal(err)
	}
	out, err := b.cmd.StdoutPipe()
	if err != nil {
		b.t.Fatal(err)
	}
	b.out = bufio.NewReaderSize(out, 1<<20)
	if err := b.cmd.Start(); err != nil {
		b.t.Fatal(err)
	}
}

func (b *boss) try(o order) (d done, died bool) {
	b.t.Helper()
	line, err := json.Marshal(o)
	if err != nil {
		b.t.Fatal(err)
	}
	_, _ = b.in.Write(append(line, '\n')) // whether it arrived is seen in the answer
	text, err := b.out.ReadBytes('\n')
	if err != nil {
		return d, true
	}
	if err := json.Unmarshal(text, &d); err != nil {
		b.t.Fatal(err)
	}
	return d, false
}

// tell gives an order to a child that may die of it. Then everything must be whole, and the order is given again.
func (b *boss) tell(o order) bot.Response {
	b.t.Helper()
	b.sent++
	if !o.Work {
		o.ID = fmt.Sprintf("event-%d", b.sent)
	}
	o.Now, o.Arm, o.Nth = b.now, b.place, b.nth
	d, died := b.try(o)
	if !died {
		return d.Response
	}
	b.deaths++
	if state := b.cmd.Wait(); state == nil || !strings.Contains(state.Error(), "killed") {
		b.t.Fatalf("the child ended with %v at %+v", state, o)
	}
	b.start()
	b.whole(b.look(), fmt.Sprintf("killed at %s (%d) in step %d", b.place, b.nth, b.sent))
	b.now = b.now.Add(31 * time.Second) // a claim of the dead process has run out
	o.Now, o.Arm = b.now, ""
	if d, died = b.try(o); died {
		b.t.Fatal("the child died without being told to")
	}
	return d.Response
}

func (b *boss) look() found {
	b.t.Helper()
	d, died := b.try(order{Look: true, Now: b.now})
	if died {
		b.t.Fatal("the child died of a look")
	}
	return d.Found
}

// whole says what may never be, at no moment: a breach twice, or without its clock, or with one after its end.
func (b *boss) whole(f found, when string) {
	b.t.Helper()
	if len(f.Rows) > 1 || len(f.Faults) > 0 {
		b.t.Fatalf("%s: %d breaches, audit %q", when, len(f.Rows), f.Faults)
	}
	for ref, r := range f.Rows {
		milestones, chase := 6, 1
		if r.Warned != nil {
			milestones = 5
		}
		if r.State == "closed" || !r.ICOAt.IsZero() {
			milestones, chase = 0, 0
		}
		if f.Pending["breach.milestone"] != milestones || f.Pending["breach.chase"] != chase {
			b.t.Fatalf("%s: %s is %s with these jobs: %v", when, ref, r.State, f.Pending)
		}
	}
}

// fill answers every page of a form, and the check at its end.
func (b *boss) fill(user string, r bot.Response, pages map[string]map[string][]string) bot.Response {
	b.t.Helper()
	for range 8 {
		if r.Done {
			return r
		}
		if r.Show == nil {
			b.t.Fatalf("the form stands still: %+v", r)
		}
		r = b.tell(order{ask: ask{User: user, Session: r.Show.Session, Seq: r.Show.Seq, Answers: pages[r.Show.Page]}})
	}
	b.t.Fatal("the form does not end")
	return r
}

// play reports, is chased, acknowledges, is warned, decides, tells the regulator and closes.
func (b *boss) play() (ref string, f found) {
	b.t.Helper()
	later := func(d time.Duration) { b.now = b.now.Add(d); b.tell(order{ask: ask{User: "-"}, Work: true}) }
	press := func(action string) bot.Response {
		return b.tell(order{ask: ask{User: "sam", Press: action, Ref: ref}})
	}
	r := b.fill("jo", b.tell(order{ask: ask{User: "jo", Command: "breach"}}), map[string]map[string][]string{"what": {"cause": {"lost"}, "people": {"12"}}})
	_, ref, ok := strings.Cut(strings.TrimSuffix(r.Reply.Title, "."), "Reported as ")
	if !ok {
		b.t.Fatalf("the report was answered with %q", r.Reply.Title)
	}
	later(0)
	later(4*time.Hour + 30*time.Minute)
	press("breach.ack")
	later(0)
	later(20 * time.Hour)
	b.fill("sam", press("breach.decide"), map[string]map[string][]string{"decide": {"ico": {"yes"}, "people": {"no"}, "reason": {"health details"}}})
	later(0)
	b.fill("sam", press("breach.ico"), map[string]map[string][]string{"told": {"number": {"IC-1"}}})
	later(0)
	b.fill("sam", press("breach.close"), map[string]map[string][]string{"lessons": {"lessons": {"use the tablet"}}})
	later(0)
	return ref, b.look()
}

func newBoss(t *testing.T, postgres bool, place string, nth int) *boss {
	t.Helper()
	b := &boss{t: t, dir: t.TempDir(), place: place, nth: nth, now: time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)}
	if postgres {
		b.url = schema(t)
	}
	b.start()
	t.Cleanup(func() { _ = b.cmd.Process.Kill(); _ = b.cmd.Wait() })
	return b
}

// schema makes an empty schema for one test and drops it at the end.
func schema(t *testing.T) string {
	t.Helper()
	server := os.Getenv("SHARERIGHT_TEST_POSTGRES")
	if server == "" {
		t.Skip("SHARERIGHT_TEST_POSTGRES names no server")
	}
	db, err := sql.Open("pgx", server)
	if err != nil {
		t.Fatal(err)
	}
	name := "shareright_" + strings.ToLower(rand.Text())
	if _, err := db.ExecContext(t.Context(), "CREATE SCHEMA "+name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_, err := db.ExecContext(context.Background(), "DROP SCHEMA "+name+" CASCADE")
		if err := errors.Join(err, db.Close()); err != nil {
			t.Error(err)
		}
	})
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set("search_path", name)
	u.RawQuery = q.Encode()
	return u.String()
}

var changing = regexp.MustCompile(`BR-[A-Z0-9]{4}|\d+`)

// arrivals are the messages that came, references and figures left out. A message that came twice must be marked as a repeat.
func (b *boss) arrivals() map[string]int {
	b.t.Helper()
	text, err := os.ReadFile(filepath.Join(b.dir, "ledger"))
	if err != nil {
		b.t.Fatal(err)
	}
	came, once := map[string]int{}, map[string]bool{}
	for line := range strings.Lines(string(text)) {
		parts := strings.SplitN(strings.TrimSpace(line), "\t", 4)
		if once[parts[0]] {
			if parts[2] != "true" {
				b.t.Errorf("killed at %s (%d): came twice and is not marked: %s", b.place, b.nth, line)
			}
			continue
		}
		once[parts[0]] = true
		came[parts[1]+": "+changing.ReplaceAllString(parts[3], "#")]++
	}
	return came
}

// A breach is reported, chased, acknowledged, decided, told and closed, and the process is killed
// with SIGKILL at each named place of each of these steps, at its first hit, its second, and so on
// to the last. Each event is sent again as a platform would. In the end there is one breach with one
// line for each step, a stopped clock, the same audit trail and the same messages as without any kill.
func TestAKillAtEachNamedStepLosesAndDoublesNothing(t *testing.T) {
	for _, engine := range []string{"SQLite", "PostgreSQL"} {
		t.Run(engine, func(t *testing.T) {
			calm := newBoss(t, engine == "PostgreSQL", "", 0)
			_, want := calm.play()
			messages, deaths := calm.arrivals(), 0
			for _, place := range onTheWay() {
				killed, died := 0, 1
				for nth := 1; died > 0; nth += stride(place, nth) {
					// A test of its own, so that its process and its connections are gone before the next.
					t.Run(fmt.Sprintf("%s-%d", place, nth), func(t *testing.T) {
						b := newBoss(t, engine == "PostgreSQL", place, nth)
						ref, got := b.play()
						b.same(ref, got, want, messages)
						died = b.deaths
					})
					if t.Failed() {
						return
					}
					killed += died
				}
				if killed == 0 {
					t.Errorf("nothing ever comes to %s", place)
				}
				t.Logf("%s: %d kills", place, killed)
				deaths += killed
			}
			t.Logf("%d kills", deaths)
		})
	}
}

// onTheWay are the places that this story comes to. Messages that a platform keeps for later
// are none of it: internal/campaign kills there.
func onTheWay() []string {
	return slices.DeleteFunc(failpoint.Names(), func(place string) bool { return place == "F15" || place == "F16" })
}

// stride takes every hit of a place; of the statements, of which there are many, the first ten and then every seventh.
func stride(place string, nth int) int {
	if place == "F3" && nth >= 10 {
		return 7
	}
	return 1
}

func (b *boss) same(ref string, got, want found, messages map[string]int) {
	b.t.Helper()
	when := fmt.Sprintf("killed at %s (%d)", b.place, b.nth)
	b.whole(got, when)
	r, ok := got.Rows[ref]
	if !ok || r.State != "closed" || len(r.Log) != 5 || len(r.Tasks) != 2 || r.ICORef != "IC-1" || r.Decision == nil {
		b.t.Errorf("%s: %s is %+v", when, ref, r)
	}
	if got.Pending["breach.task"] != 2 || got.Sessions != 0 || got.Entries != want.Entries {
		b.t.Errorf("%s: jobs %v, %d open dialogues, %d audit entries where %d belong", when, got.Pending, got.Sessions, got.Entries, want.Entries)
	}
	if left, err := os.ReadDir(filepath.Join(b.dir, "held")); err != nil || len(left) > 0 {
		b.t.Errorf("%s: of a closed breach the platform keeps %d messages for later, %v", when, len(left), err)
	}
	came := b.arrivals()
	for message, n := range messages {
		if came[message] < n {
			b.t.Errorf("%s: %q came %d times, not %d", when, message, came[message], n)
		}
	}
	for message, n := range came {
		if n > messages[message] {
			b.t.Errorf("%s: %q came %d times, not %d", when, message, n, messages[message])
		}
	}
}
