//go:build failpoint

package breach_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"shareright/bot"
	"shareright/config"
	"shareright/handlers/breach"
	"shareright/internal/failpoint"
	"shareright/internal/program"
)

// stepChild tells the test binary to be the bot that dies at a named place; stepDatabase is its PostgreSQL, if any.
const (
	stepChild    = "SHARERIGHT_TEST_STEP_CHILD"
	stepDatabase = "SHARERIGHT_TEST_STEP_DATABASE"
)

func init() { children[stepChild] = stepwise }

// order is one thing the child is told to do: an event, what is due, or a look at the records.
type order struct {
	ask
	Now  time.Time
	Arm  string // die at the Nth hit of this place
	Nth  int
	Work bool
	Look bool
}

// found is what the child sees in its store.
type found struct {
	Rows     map[string]breach.Breach
	Pending  map[string]int // of all breaches, by kind
	Sessions int
	Entries  uint64 // of the audit trail
	Faults   []string
}

type done struct {
	answer
	Found found
}

func stepSettings(dir string) config.Config {
	c := config.Default()
	c.Data = dir
	c.DatabaseURL = config.Secret(os.Getenv(stepDatabase))
	c.Organisations[0].Roles = map[string][]config.Contact{"dp-lead": {{Platform: "test", ID: "sam"}}, "deputy": {{Platform: "test", ID: "dee"}}, "trustee": {{Platform: "test", ID: "tess"}}}
	return c
}

// stepwise is the real engine, store and runner on the clock of whoever gives the orders.
func stepwise(dir string, in io.Reader, out io.Writer) error {
	ctx, now := context.Background(), time.Time{}
	p, err := program.Open(ctx, stepSettings(dir), parts(), program.Options{Now: func() time.Time { return now }})
	if err != nil {
		return err
	}
	p.Bot.Attach(ledger{dir})
	lines, write := bufio.NewScanner(in), json.NewEncoder(out)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var o order
		if err := json.Unmarshal(lines.Bytes(), &o); err != nil {
			return err
		}
		now = o.Now
		failpoint.Arm(o.Arm, o.Nth)
		d := done{answer: answer{ID: o.ID}}
		switch {
		case o.Look:
			d.Found, err = look(ctx, p)
		case o.Work:
			_, err = p.Runner.RunDue(ctx, now)
		default:
			d.Response, err = p.Bot.Handle(ctx, o.event())
		}
		failpoint.Arm("", 0)
		if err != nil {
			return err
		}
		if err := write.Encode(d); err != nil {
			return err
		}
	}
	return lines.Err()
}

func (a ask) event() bot.Event {
	e := bot.Event{ID: a.ID, Platform: "test", User: a.User, What: bot.Deed(bot.Ran{Command: a.Command})}
	switch {
	case a.Press != "":
		e.What = bot.Pressed{Action: a.Press, Ref: bot.Ref(a.Ref)}
	case a.Session != "":
		e.What = bot.Submitted{Session: a.Session, Seq: a.Seq, Answers: a.Answers}
	}
	return e
}

func look(ctx context.Context, p *program.Program) (found, error) {
	f := found{Rows: map[string]breach.Breach{}, Pending: map[string]int{}}
	org := bot.OrgID(p.Config.Organisations[0].ID)
	err := p.Store.View(ctx, func(tx bot.Tx) error {
		sessions, err := tx.Find(ctx, org, bot.Query{Kind: "session"})
		if err != nil {
			return err
		}
		f.Sessions = len(sessions)
		rows, err := tx.Find(ctx, org, bot.Query{Kind: "breach"})
		if err != nil {
			return err
		}
		for _, row := range rows {
			var b breach.Breach
			if err := json.Unmarshal(row.Body, &b); err != nil {
				return err
			}
			f.Rows[row.Ref] = b
			jobs, err := tx.Pending(ctx, string(org), row.Ref)
			if err != nil {
				return err
			}
			for _, job := range jobs {
				f.Pending[job.Kind]++
			}
		}
		return nil
	})
	if err != nil {
		return f, err
	}
	report, err := p.Store.Verify(ctx, org)
	f.Entries, f.Faults = uint64(report.Entries), report.Problems
	return f, err
}

// ledger is a platform that writes down what arrived, so that it outlives the process.
type ledger struct{ dir string }

func (ledger) Name() string                           { return "test" }
func (ledger) Run(context.Context, bot.Handler) error { return nil }

func (l ledger) Deliver(_ context.Context, d bot.Delivery) (bot.MessageID, error) {
	f, err := os.OpenFile(filepath.Join(l.dir, "ledger"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return "", err
	}
	_, err = fmt.Fprintf(f, "%s\t%s\t%v\t%s\n", d.Once, d.To.User, d.Repeat || d.Edit != "", d.Message.Title)
	return bot.MessageID("m-" + d.Once), errors.Join(err, f.Close())
}

// Hold, Unhold and Holding are a platform that posts by itself later: one file a message.
func (l ledger) Hold(_ context.Context, _ bot.Address, m bot.Message, at time.Time) (bot.MessageID, error) {
	dir := filepath.Join(l.dir, "held")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	f, err := os.CreateTemp(dir, strconv.FormatInt(at.Unix(), 10)+"-")
	if err != nil {
		return "", err
	}
	_, err = f.WriteString(m.Title)
	return bot.MessageID(filepath.Base(f.Name())), errors.Join(err, f.Close())
}

func (l ledger) Unhold(_ context.Context, _ bot.Address, id bot.MessageID) error {
	if err := os.Remove(filepath.Join(l.dir, "held", string(id))); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

func (l ledger) Holding(context.Context, string) ([]bot.Kept, error) {
	files, err := os.ReadDir(filepath.Join(l.dir, "held"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	var all []bot.Kept
	for _, f := range files {
		text, err := os.ReadFile(filepath.Join(l.dir, "held", f.Name()))
		if err != nil {
			return nil, err
		}
		at, _, _ := strings.Cut(f.Name(), "-")
		unix, err := strconv.ParseInt(at, 10, 64)
		if err != nil {
			return nil, err
		}
		all = append(all, bot.Kept{ID: bot.MessageID(f.Name()), At: time.Unix(unix, 0), Text: string(text)})
	}
	return all, nil
}
