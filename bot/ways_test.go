package bot_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"shareright/bot"
	"shareright/config"
	"shareright/scheduler"
)

// post is a platform that only gives notice.
type post struct{ desk }

func (*post) Name() string     { return "email" }
func (*post) NoticeOnly() bool { return true }

// withMail is the world with a channel and e-mail addresses of the lead and the deputy.
func withMail(t *testing.T) (*world, *post) {
	w := newWorld(t, toy())
	o := &w.config.Organisations[0]
	o.Escalation = config.Contact{Platform: "desk", ID: "leads"}
	o.Emails = map[string][]string{"dp-lead": {"sam@example.org"}, "deputy": {"dee@example.org"}}
	w.open(toy())
	p := &post{}
	w.bot.Attach(p)
	return w, p
}

// where lists what came to which place, in order.
func (d *desk) where() []string {
	var all []string
	for _, m := range d.got {
		to := m.To.User
		if to == "" {
			to = "#" + m.To.Channel
		}
		all = append(all, to)
	}
	return all
}

func times(n int, err error) (all []error) {
	for range n {
		all = append(all, err)
	}
	return all
}

func gone() error { return &bot.Unreachable{Err: errors.New("gone"), Fix: "Choose another."} }

// tried is what the audit trail holds about deliveries.
func (w *world) tried() []string {
	w.t.Helper()
	var all []string
	err := w.store.Entries(w.t.Context(), "main", func(_ int64, e bot.Entry) error {
		if strings.HasPrefix(e.What, "post.") {
			_, where, _ := strings.Cut(e.Note, " ")
			all = append(all, strings.TrimPrefix(e.What, "post.")+": "+where)
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return all
}

func TestAPermanentFailureGoesOnAtOnceByEveryWayInOrder(t *testing.T) {
	w, mail := withMail(t)
	w.desk.fails = times(2, gone()) // the channel, then the lead
	ref := w.report("jo")
	w.runDue()
	if got := w.desk.where(); len(got) == 0 || got[0] != "dee" {
		t.Errorf("in chat: %q", got)
	}
	if got := mail.where(); !slices.Equal(got, []string{"sam@example.org"}) {
		t.Errorf("by e-mail: %q", got)
	}
	if m := mail.got[0]; m.About != ref || len(m.Chat) != 2 || !m.Chat[0].Channel || m.Chat[1].Channel {
		t.Errorf("the notice says %+v", m)
	}
	want := []string{"sent: email direct dp-lead", "sent: desk direct deputy", "unreachable: desk channel dp-lead", "unreachable: desk direct dp-lead"}
	for _, line := range want {
		if !slices.Contains(w.tried(), line) {
			t.Errorf("%q is not on record: %q", line, w.tried())
		}
	}
	for _, line := range w.tried() {
		if strings.Contains(line, "sam") || strings.Contains(line, "dee") {
			t.Errorf("whose address it was is on record: %q", line)
		}
	}
}

func TestAWayThatFailsForATimeIsNotWaitedForForLong(t *testing.T) {
	w, mail := withMail(t)
	w.desk.fails = times(14, errors.New("503")) // as long as chat is down: seven walks
	w.report("jo")
	w.wait(time.Minute)
	if got := mail.where(); !slices.Equal(got, []string{"sam@example.org", "dee@example.org"}) {
		t.Fatalf("within a minute: %q", got)
	}
	w.wait(10 * time.Minute)
	if got := w.desk.where(); len(got) == 0 || got[0] != "#leads" && !slices.Contains(got, "#leads") {
		t.Errorf("once chat is back the card comes to the channel: %q", got)
	}
	if got := mail.where(); len(got) != 2 {
		t.Errorf("notice was given again and again: %q", got)
	}
}

func TestARoutineMessageNeverGoesByEmail(t *testing.T) {
	w, mail := withMail(t)
	w.report("jo")
	w.wait(time.Minute)
	w.desk.fails = times(4, gone())
	w.wait(25 * time.Hour) // the reminder of the toy is routine
	if got := mail.where(); len(got) != 0 {
		t.Errorf("by e-mail: %q", got)
	}
}

func TestWhatNobodyAnswersComesByEveryWay(t *testing.T) {
	w, mail := withMail(t)
	err := w.bot.Tell(t.Context(), bot.Post{Key: "loud", To: bot.ToRole(bot.DPLead).Louder(), Class: "escalation", Message: *bot.Say("Nobody has answered.")})
	if err != nil {
		t.Fatal(err)
	}
	w.runDue()
	if got, want := fmt.Sprint(w.desk.where(), mail.where()), "[#leads sam] [sam@example.org]"; got != want {
		t.Errorf("it came to %s, want %s", got, want)
	}
}

// The answer to an e-mail is lost, and the message is edited before the next try: a mailbox must know the second one again.
func TestAnEmailThatComesAgainHasTheNameOfTheFirst(t *testing.T) {
	w, mail := withMail(t)
	mail.lost = true
	w.desk.fails = times(6, gone())
	ref := w.report("jo")
	w.runDue()
	w.do("sam", bot.Pressed{Action: "toy.take", Ref: ref})
	w.runDue()
	if len(mail.got) < 2 || mail.got[0].Once != mail.got[1].Once || mail.got[0].To != mail.got[1].To {
		t.Errorf("%+v", mail.got)
	}
}

func TestAPlatformThatWantsToBeLeftAloneForLongIsNotWaitedFor(t *testing.T) {
	w, mail := withMail(t)
	w.desk.fails = times(1, &bot.Busy{Err: errors.New("429"), After: 10 * time.Minute})
	w.report("jo")
	w.runDue()
	if got := w.desk.where(); !slices.Equal(got, []string{"sam"}) || len(mail.got) != 0 {
		t.Errorf("it came to %q and %q", got, mail.where())
	}
	w.wait(11 * time.Minute)
	if got := w.desk.where(); !slices.Equal(got, []string{"sam", "#leads"}) {
		t.Errorf("later: %q", got)
	}
}

// A process that stood still for longer than its lease goes on with a post that another one has sent meanwhile.
func TestWhoStoodStillDoesNotSendWhatAnotherHasSent(t *testing.T) {
	w := newWorld(t, toy())
	w.report("jo")
	claim := func(at time.Time) scheduler.Job {
		jobs, err := w.store.ClaimJobs(t.Context(), scheduler.Claim{Now: at, Lease: 30 * time.Second, Limit: 1})
		if err != nil || len(jobs) != 1 {
			t.Fatalf("claimed %v, %v", jobs, err)
		}
		return jobs[0]
	}
	first := claim(w.now)
	w.now = w.now.Add(time.Minute)
	if err := w.bot.Work(t.Context(), first); !errors.Is(err, scheduler.ErrLost) || len(w.desk.got) > 0 {
		t.Errorf("after its lease it sent %d messages, %v", len(w.desk.got), err)
	}
	second := claim(w.now)
	if err := w.bot.Work(t.Context(), second); err != nil || len(w.desk.got) != 1 {
		t.Errorf("who has it now sent %d messages, %v", len(w.desk.got), err)
	}
	if err := w.bot.Work(t.Context(), first); err != nil && !errors.Is(err, scheduler.ErrLost) || len(w.desk.got) != 1 {
		t.Errorf("then the first one sent it too: %d messages, %v", len(w.desk.got), err)
	}
}

// One way wants to be left alone for ten minutes, and the others fail for a moment.
func TestNoSingleWayDecidesWhenTheOthersAreTriedAgain(t *testing.T) {
	w, mail := withMail(t)
	w.desk.fails = append(times(1, &bot.Busy{Err: errors.New("429"), After: 10 * time.Minute}), times(3, errors.New("503"))...)
	mail.fails = times(2, errors.New("451"))
	w.report("jo")
	w.runDue()
	if len(w.desk.got)+len(mail.got) > 0 {
		t.Fatalf("it came to %q and %q", w.desk.where(), mail.where())
	}
	w.wait(5 * time.Second)
	if len(w.desk.got) == 0 {
		t.Error("nobody has it, though everything works again")
	}
}

// Somebody presses a button of a card in the channel while the same card is still on its way to the lead.
func TestAPostThatIsChangedOnItsWayComesOnce(t *testing.T) {
	for name, fails := range map[string][]error{"and arrives": nil, "and does not arrive": times(1, errors.New("503"))} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, toy())
			ref := w.report("jo")
			w.desk.during = func() {
				w.do("sam", bot.Pressed{Action: "toy.take", Ref: ref})
				w.runDue() // a second worker looks for jobs
			}
			w.desk.fails = fails
			w.runDue()
			w.wait(time.Second)
			want := []string{"Lost: bag", "edit: Lost: bag. Sam has got this."}
			if fails != nil {
				want = []string{"Lost: bag. Sam has got this."}
			}
			if got := w.desk.to("sam"); !slices.Equal(got, want) {
				t.Errorf("the lead has %q, want %q", got, want)
			}
			if jobs := w.pending("deliver"); jobs != 0 {
				t.Errorf("%d deliveries are left over", jobs)
			}
		})
	}
}

// Whoever had the first edition in hand is gone for good. The second one comes when its lease has ended.
func TestAPostThatIsChangedBeforeItsSenderDiesStillComes(t *testing.T) {
	w := newWorld(t, toy())
	ref := w.report("jo")
	if _, err := w.store.ClaimJobs(t.Context(), scheduler.Claim{Now: w.now, Lease: 30 * time.Second, Limit: 1}); err != nil {
		t.Fatal(err)
	}
	w.do("sam", bot.Pressed{Action: "toy.take", Ref: ref})
	w.wait(31 * time.Second)
	if got, want := w.desk.to("sam"), []string{"Lost: bag. Sam has got this. (repeat)"}; !slices.Equal(got, want) {
		t.Errorf("the lead has %q, want %q", got, want)
	}
}

// pending counts the jobs of a kind.
func (w *world) pending(kind string) (n int) {
	w.t.Helper()
	err := w.store.View(w.t.Context(), func(tx bot.Tx) error {
		jobs, err := tx.Pending(w.t.Context(), "main", "")
		for _, j := range jobs {
			if j.Kind == kind {
				n++
			}
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}
