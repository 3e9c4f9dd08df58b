package digest_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"shareright/bot"
	"shareright/config"
	"shareright/handlers/digest"
	"shareright/internal/program"
	"shareright/internal/store"
	"shareright/knowledge/calendar"
)

// mailbox is e-mail: nobody can answer there.
type mailbox struct {
	got   []bot.Delivery
	fails []error // taken one by one before a delivery arrives
}

func (*mailbox) Name() string                           { return "email" }
func (*mailbox) NoticeOnly() bool                       { return true }
func (*mailbox) Run(context.Context, bot.Handler) error { return nil }

func (b *mailbox) Deliver(_ context.Context, d bot.Delivery) (bot.MessageID, error) {
	if len(b.fails) > 0 {
		err := b.fails[0]
		b.fails = b.fails[1:]
		return "", err
	}
	b.got = append(b.got, d)
	return "m1", nil
}

// desk is chat.
type desk struct{ mailbox }

func (*desk) Name() string     { return "desk" }
func (*desk) NoticeOnly() bool { return false }

// club is a running bot whose clock the test moves.
type club struct {
	*program.Program
	t    *testing.T
	now  time.Time
	chat *desk
	mail *mailbox
}

func opened(t *testing.T, change func(*config.Config), features ...bot.Feature) *club {
	t.Helper()
	conf := config.Default()
	conf.Data = t.TempDir()
	conf.Organisations[0].Roles = map[string][]config.Contact{"dp-lead": {{Platform: "desk", ID: "sam"}}, "trustee": {{Platform: "desk", ID: "tess"}}}
	change(&conf)
	c := &club{t: t, now: time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC), chat: &desk{}, mail: &mailbox{}}
	var err error
	c.Program, err = program.Open(t.Context(), conf, program.Parts{Features: append(features, digest.Feature())}, program.Options{Now: func() time.Time { return c.now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	c.Bot.Attach(c.chat)
	c.Bot.Attach(c.mail)
	if err := c.Bot.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	return c
}

func withMailbox(c *config.Config) {
	c.Mail.Server, c.Organisations[0].Mailbox = "smtp.example.org:587", "tess@example.org"
}

// wait moves the clock on, from one due job to the next.
func (c *club) wait(d time.Duration) {
	c.t.Helper()
	until := c.now.Add(d)
	for {
		at, some, err := c.Store.NextJob(c.t.Context())
		if err != nil {
			c.t.Fatal(err)
		}
		if !some || at.After(until) {
			break
		}
		if at.After(c.now) {
			c.now = at
		}
		if _, err := c.Runner.RunDue(c.t.Context(), c.now); err != nil {
			c.t.Fatal(err)
		}
	}
	c.now = until
}

func (c *club) happens(what string) {
	c.t.Helper()
	err := c.Store.Update(c.t.Context(), func(tx bot.Tx) error {
		return tx.Append(c.t.Context(), "main", bot.Entry{At: c.now, What: what})
	})
	if err != nil {
		c.t.Fatal(err)
	}
}

// sound says whether the trail is whole and fits what was sent.
func (c *club) sound(lines string) {
	c.t.Helper()
	points, err := store.ParseCheckpoints(lines)
	if err != nil || len(points) == 0 {
		c.t.Fatalf("%q holds %d checkpoints, %v", lines, len(points), err)
	}
	if r, err := c.Store.Verify(c.t.Context(), "main", points...); err != nil || !r.OK() {
		c.t.Errorf("held against %q: %+v, %v", lines, r, err)
	}
}

// Each day on which something happened ends in one line outside the machine. What the sending
// itself leaves in the trail is no reason for another.
func TestEachDaysCheckpointGoesToTheMailboxOnce(t *testing.T) {
	c := opened(t, withMailbox)
	c.wait(24 * time.Hour)
	if len(c.mail.got) != 0 {
		t.Fatalf("a trail without entries was sent: %+v", c.mail.got)
	}
	c.happens("breach.report")
	before, err := c.Store.Checkpoint(t.Context(), "main")
	if err != nil {
		t.Fatal(err)
	}
	for day, want := range []int{1, 1, 1, 2, 2} {
		if day == 3 {
			c.happens("breach.closed")
		}
		c.wait(24 * time.Hour)
		if len(c.mail.got) != want {
			t.Fatalf("after day %d there are %d e-mails, want %d", day+1, len(c.mail.got), want)
		}
	}
	first, second := c.mail.got[0], c.mail.got[1]
	if first.Trail != before.String() || first.To.User != "tess@example.org" || first.Urgent || first.Legal || first.Edit != "" {
		t.Errorf("sent %+v, want %s", first, before)
	}
	c.sound("> " + first.Trail + "\n  " + second.Trail + "\n")
	if len(c.chat.got) != 0 {
		t.Errorf("somebody was bothered in chat: %+v", c.chat.got)
	}
}

// A mail server that is down for days loses no day's line, and none comes twice.
func TestACheckpointIsTriedUntilItArrives(t *testing.T) {
	c := opened(t, withMailbox)
	c.happens("breach.report")
	for range 400 { // a try each quarter of an hour
		c.mail.fails = append(c.mail.fails, errors.New("the server is down"))
	}
	c.wait(72 * time.Hour)
	if len(c.mail.got) != 0 {
		t.Fatalf("sent %+v", c.mail.got)
	}
	c.wait(72 * time.Hour)
	if len(c.mail.got) != 1 {
		t.Fatalf("%d e-mails", len(c.mail.got))
	}
	c.sound(c.mail.got[0].Trail)
}

// With an address that the server refuses, the next day tries anew.
func TestARefusedMailboxIsTriedAgainTheNextDay(t *testing.T) {
	c := opened(t, withMailbox)
	c.happens("breach.report")
	c.mail.fails = []error{&bot.Unreachable{Err: errors.New("550"), Fix: "Put the right one into the settings."}}
	c.wait(48 * time.Hour)
	if len(c.mail.got) != 1 {
		t.Errorf("%d e-mails", len(c.mail.got))
	}
}

// Without a mailbox the line stands under the weekly list of those in charge, and nobody gets a message more.
func TestWithoutAMailboxTheCheckpointStandsUnderTheWeeklyList(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(*config.Config)
		want   []string // whose list holds it
	}{
		"no mailbox":             {func(*config.Config) {}, []string{"sam", "tess"}},
		"a mailbox without mail": {func(c *config.Config) { c.Organisations[0].Mailbox = "tess@example.org" }, []string{"sam", "tess"}},
		"a mailbox":              {withMailbox, nil},
	} {
		t.Run(name, func(t *testing.T) {
			toDo := bot.Feature{Name: "todo", Doings: func(_ context.Context, t bot.Turn) ([]bot.Doing, error) {
				var all []bot.Doing
				for _, who := range []bot.PersonID{"desk:sam", "desk:tess", "desk:jo"} {
					all = append(all, bot.Doing{Owner: who, Text: "Look", Due: calendar.Date{Year: 2026, Month: 11, Day: 20}})
				}
				return all, nil
			}}
			c := opened(t, tc.change, toDo)
			c.happens("breach.report")
			c.wait(4 * 24 * time.Hour)
			held := map[string]bool{}
			for _, d := range c.chat.got {
				if text := d.Message.Plain(); strings.Contains(text, "\ntrail main ") {
					held[d.To.User] = true
					c.sound(text)
				}
			}
			if len(c.chat.got) != 3 || len(held) != len(tc.want) {
				t.Fatalf("%d lists came, and %v hold a checkpoint", len(c.chat.got), held)
			}
			for _, who := range tc.want {
				if !held[who] {
					t.Errorf("not %s", who)
				}
			}
		})
	}
}
