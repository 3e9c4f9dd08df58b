package breach_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"shareright/bot"
	"shareright/config"
	"shareright/handlers/breach"
	"shareright/handlers/exports"
	"shareright/internal/program"
	knowledge "shareright/knowledge/breach"
)

// childEnv tells the test binary to be the bot that gets killed; its value is the data folder.
const childEnv = "SHARERIGHT_TEST_KILL_CHILD"

// children are other ways to be a child, by the variable that names the data folder.
var children = map[string]func(dir string, in io.Reader, out io.Writer) error{}

func TestMain(m *testing.M) {
	for name, be := range children {
		if dir := os.Getenv(name); dir != "" {
			if err := be(dir, os.Stdin, os.Stdout); err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(1)
			}
			return
		}
	}
	if dir := os.Getenv(childEnv); dir != "" {
		if err := child(dir, os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// ask is one event on its way to the child; answer is what came back once it was committed.
type ask struct {
	ID, User string
	Command  string
	Session  string
	Seq      int
	Answers  map[string][]string
	Press    string // an action
	Ref      string
}

type answer struct {
	ID       string
	Response bot.Response
}

// child is the real engine, store and runner over a folder. It answers a line for a line.
func child(dir string, in io.Reader, out io.Writer) error {
	p, err := program.Open(context.Background(), settings(dir), parts(), program.Options{})
	if err != nil {
		return err
	}
	p.Bot.Attach(nowhere{})
	go p.Runner.Run(context.Background())
	lines := bufio.NewScanner(in)
	write := json.NewEncoder(out)
	for lines.Scan() {
		var a ask
		if err := json.Unmarshal(lines.Bytes(), &a); err != nil {
			return err
		}
		e := bot.Event{ID: a.ID, Platform: "test", User: a.User, What: bot.Deed(bot.Ran{Command: a.Command})}
		if a.Press != "" {
			e.What = bot.Pressed{Action: a.Press, Ref: bot.Ref(a.Ref)}
		}
		if a.Session != "" {
			e.What = bot.Submitted{Session: a.Session, Seq: a.Seq, Answers: a.Answers}
		}
		r, err := p.Bot.Handle(context.Background(), e)
		if err != nil {
			return err
		}
		if err := write.Encode(answer{ID: a.ID, Response: r}); err != nil {
			return err
		}
	}
	return lines.Err()
}

type nowhere struct{}

func (nowhere) Name() string                                                 { return "test" }
func (nowhere) Run(context.Context, bot.Handler) error                       { return nil }
func (nowhere) Deliver(context.Context, bot.Delivery) (bot.MessageID, error) { return "m", nil }

func settings(dir string) config.Config {
	c := config.Default()
	c.Data = dir
	c.Organisations[0].Roles = map[string][]config.Contact{"dp-lead": {{Platform: "test", ID: "sam"}}}
	return c
}

func parts() program.Parts {
	return program.Parts{Features: []bot.Feature{breach.Feature(knowledge.Default()), exports.Feature()}, Kept: map[string]int{"breach": 72, "near-miss": 24}}
}

// life is a running child. It dies at a moment of its own, or when it is stopped.
type life struct {
	cmd  *exec.Cmd
	in   io.WriteCloser
	out  *bufio.Reader
	died chan struct{}
	once sync.Once
}

func born(t *testing.T, dir string, dies time.Duration) *life {
	t.Helper()
	l := &life{cmd: exec.Command(os.Args[0]), died: make(chan struct{})}
	l.cmd.Env = append(os.Environ(), childEnv+"="+dir)
	l.cmd.Stderr = os.Stderr
	var err error
	if l.in, err = l.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := l.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	l.out = bufio.NewReaderSize(out, 1<<20)
	if err := l.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if dies > 0 {
		time.AfterFunc(dies, l.kill)
	}
	return l
}

func (l *life) kill() {
	l.once.Do(func() {
		l.cmd.Process.Kill()
		close(l.died)
	})
}

func (l *life) say(a ask) (bot.Response, error) {
	line, err := json.Marshal(a)
	if err != nil {
		return bot.Response{}, err
	}
	if _, err := l.in.Write(append(line, '\n')); err != nil {
		return bot.Response{}, err
	}
	text, err := l.out.ReadBytes('\n')
	if err != nil {
		return bot.Response{}, err
	}
	var got answer
	if err := json.Unmarshal(text, &got); err != nil {
		return bot.Response{}, err
	}
	if got.ID != a.ID {
		return bot.Response{}, errors.New("another event was answered")
	}
	return got.Response, nil
}

// A volunteer reports over and over while the program is killed with SIGKILL at moments
// of no one's choosing. What was not answered is sent again under the same id, as Slack
// does. Every second report is taken on, decided and closed by the lead in the same way. In
// the end every report that was acknowledged exists once, with its whole clock or none.
func TestFiftyKillsLoseAndDoubleNothing(t *testing.T) {
	kills := 50
	if testing.Short() {
		kills = 5
	}
	dir := t.TempDir()
	random := rand.New(rand.NewPCG(20261123, 1))
	// On a slow machine nobody would live to answer: after a few deaths in a row lives get longer.
	stretch, inVain := 1, 0
	dies := func() time.Duration { return time.Duration(stretch*(20+random.IntN(130))) * time.Millisecond }
	l := born(t, dir, dies())
	killed, sent := 0, 0
	send := func(a ask) bot.Response {
		for {
			r, err := l.say(a)
			if err == nil {
				inVain = 0
				return r
			}
			l.kill()
			<-l.died
			_ = l.cmd.Wait()
			killed++
			if inVain++; inVain%4 == 0 {
				stretch *= 2
			}
			l = born(t, dir, dies())
		}
	}
	fill := func(id, user string, r bot.Response, pages map[string]map[string][]string) bot.Response {
		for step := 0; !r.Done; step++ {
			if r.Show == nil || step > 6 {
				t.Fatalf("%s stands still at %+v", id, r)
			}
			r = send(ask{ID: fmt.Sprintf("%s/%d", id, step), User: user, Session: r.Show.Session, Seq: r.Show.Seq, Answers: pages[r.Show.Page]})
		}
		return r
	}
	acknowledged := map[string]bool{}
	for killed < kills {
		sent++
		id := fmt.Sprintf("report-%d", sent)
		r := fill(id, "jo", send(ask{ID: id + "/begin", User: "jo", Command: "breach"}),
			map[string]map[string][]string{"what": {"cause": {"lost"}, "people": {fmt.Sprint(sent)}}})
		_, ref, ok := strings.Cut(strings.TrimSuffix(r.Reply.Title, "."), "Reported as ")
		if !ok || acknowledged[ref] {
			t.Fatalf("report %d was acknowledged with %q", sent, r.Reply.Title)
		}
		acknowledged[ref] = true
		if sent%2 == 1 {
			continue
		}
		send(ask{ID: id + "/ack", User: "sam", Press: "breach.ack", Ref: ref})
		fill(id+"/decide", "sam", send(ask{ID: id + "/decide", User: "sam", Press: "breach.decide", Ref: ref}),
			map[string]map[string][]string{"decide": {"ico": {"no"}, "people": {"no"}, "reason": {"found again"}}})
		fill(id+"/close", "sam", send(ask{ID: id + "/close", User: "sam", Press: "breach.close", Ref: ref}),
			map[string]map[string][]string{"lessons": {"lessons": {"use the tablet"}}})
	}
	l.kill()
	_ = l.cmd.Wait()
	checkReports(t, dir, acknowledged, sent)
	t.Logf("%d kills, %d reports", killed, sent)
}

func checkReports(t *testing.T, dir string, acknowledged map[string]bool, sent int) {
	t.Helper()
	p, err := program.Open(t.Context(), settings(dir), parts(), program.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	org := bot.OrgID(p.Config.Organisations[0].ID)
	err = p.Store.View(t.Context(), func(tx bot.Tx) error {
		rows, err := tx.Find(t.Context(), org, bot.Query{Kind: "breach"})
		if err != nil {
			return err
		}
		if len(rows) != sent {
			t.Errorf("%d reports were acknowledged, %d are stored", sent, len(rows))
		}
		people := map[int]bool{}
		for _, row := range rows {
			var b breach.Breach
			if err := json.Unmarshal(row.Body, &b); err != nil {
				return err
			}
			if !acknowledged[row.Ref] || people[*b.People] {
				t.Errorf("%s is stored but was never acknowledged, or it is there twice", row.Ref)
			}
			people[*b.People] = true
			jobs, err := tx.Pending(t.Context(), string(org), row.Ref)
			if err != nil {
				return err
			}
			pending := map[string]int{}
			for _, job := range jobs {
				pending[job.Kind]++
			}
			if *b.People%2 == 1 {
				checkOpen(t, row.Ref, b, pending)
			} else {
				checkClosed(t, row.Ref, b, pending)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Store.Verify(t.Context(), org); err != nil {
		t.Errorf("the audit trail does not hold: %v", err)
	}
}

func checkOpen(t *testing.T, ref string, b breach.Breach, pending map[string]int) {
	t.Helper()
	if b.State != "open" || len(b.Log) != 1 || pending["breach.milestone"] != 6 || pending["breach.chase"] != 1 {
		t.Errorf("%s is %s with %d lines and these jobs: %v", ref, b.State, len(b.Log), pending)
	}
}

// checkClosed looks for one line each for reporting, taking, deciding and closing, a clock
// that has stopped, and the two things that are still to do.
func checkClosed(t *testing.T, ref string, b breach.Breach, pending map[string]int) {
	t.Helper()
	if b.State != "closed" || len(b.Log) != 4 || len(b.Tasks) != 2 {
		t.Errorf("%s is %s with the timeline %v and the tasks %v", ref, b.State, b.Log, b.Tasks)
	}
	if pending["breach.milestone"]+pending["breach.chase"] != 0 || pending["breach.task"] != 2 {
		t.Errorf("%s is closed with these jobs: %v", ref, pending)
	}
}
