package bot_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"shareright/bot"
	"shareright/scheduler"
)

// keeper is a platform that keeps messages for later and posts them by itself.
type keeper struct {
	desk
	held   map[bot.MessageID]bot.Kept
	whom   map[bot.MessageID]bot.Address
	posted []bot.Kept
	n      int
	lost   int // so many are kept, and the answer does not arrive
	down   bool
	during func() // what happens once, while the platform is at it
}

// meanwhile lets happen what was to happen while the platform is at it.
func (k *keeper) meanwhile() {
	if do := k.during; do != nil {
		k.during = nil
		do()
	}
}

func newKeeper() *keeper {
	return &keeper{held: map[bot.MessageID]bot.Kept{}, whom: map[bot.MessageID]bot.Address{}}
}

func (k *keeper) Hold(_ context.Context, to bot.Address, m bot.Message, at time.Time) (bot.MessageID, error) {
	if k.down {
		return "", errors.New("503")
	}
	k.n++
	id := bot.MessageID(fmt.Sprintf("q%d", k.n))
	k.held[id], k.whom[id] = bot.Kept{ID: id, At: at, Text: m.Plain()}, to
	k.meanwhile()
	if k.lost > 0 {
		k.lost--
		return "", errors.New("the connection broke")
	}
	return id, nil
}

func (k *keeper) Unhold(_ context.Context, _ bot.Address, id bot.MessageID) error {
	if k.down {
		return errors.New("503")
	}
	delete(k.held, id)
	return nil
}

func (k *keeper) Holding(context.Context, string) (all []bot.Kept, _ error) {
	k.meanwhile()
	for _, h := range k.held {
		all = append(all, h)
	}
	return all, nil
}

// pass lets the platform post what is due.
func (k *keeper) pass(now time.Time) {
	for id, h := range k.held {
		if !h.At.After(now) {
			k.posted = append(k.posted, h)
			delete(k.held, id)
		}
	}
}

func (k *keeper) times() (all []string) {
	for _, h := range k.held {
		all = append(all, h.At.Format("02 15:04"))
	}
	slices.Sort(all)
	return all
}

// clocked is a feature with a legal clock: two moments, after a day and after two.
func clocked() bot.Feature {
	key := func(n int) scheduler.Key { return scheduler.Key{Kind: "law.moment", Name: fmt.Sprintf("LAW-1/%d", n)} }
	return bot.Feature{Name: "law",
		Commands: []bot.Command{
			{Name: "begin", Run: func(_ context.Context, t bot.Turn, _ string) (bot.Outcome, error) {
				o := bot.Outcome{Save: map[bot.Ref]bot.Record{"LAW-1": lost{What: "clock"}}}
				for n := 1; n <= 2; n++ {
					o.Jobs = append(o.Jobs, scheduler.Job{Key: key(n), Due: t.Now.Add(time.Duration(n) * 24 * time.Hour), Class: scheduler.Statutory, About: "LAW-1"})
				}
				return o, nil
			}},
			{Name: "end", Run: func(_ context.Context, t bot.Turn, _ string) (bot.Outcome, error) {
				t.Ref = "LAW-1"
				return bot.Outcome{Save: map[bot.Ref]bot.Record{"LAW-1": lost{Taken: "over"}}, Stop: []scheduler.Key{key(1), key(2)}}, nil
			}},
		},
		Timers: []bot.Timer{{Kind: "law.moment",
			Do: func(_ context.Context, _ bot.Turn, job scheduler.Job) (bot.Outcome, error) {
				return bot.Outcome{Posts: []bot.Post{{Key: "law/" + job.Name, To: bot.ToRole(bot.DPLead), Class: scheduler.Statutory, Message: *bot.Say("The time runs out.")}}}, nil
			},
			Ahead: func(context.Context, bot.Turn) (bot.Audience, bool, error) { return bot.ToRole(bot.DPLead), true, nil }}}}
}

func withKeeper(t *testing.T) (*world, *keeper) {
	w, k := newWorld(t, clocked()), newKeeper()
	w.bot.Attach(k)
	return w, k
}

func TestForEveryLegalMomentAMessageLiesReady(t *testing.T) {
	w, k := withKeeper(t)
	w.do("jo", bot.Ran{Command: "/begin"})
	w.runDue()
	if got, want := fmt.Sprint(k.times()), "[24 08:25 25 08:25]"; got != want {
		t.Fatalf("kept for %s, want %s: ten minutes after each moment", got, want)
	}
	for id, h := range k.held {
		if k.whom[id].User != "sam" || !strings.Contains(h.Text, "LAW-1") || strings.Contains(h.Text, "clock") {
			t.Errorf("%+v lies ready for %+v", h, k.whom[id])
		}
	}
	w.wait(24*time.Hour + 5*time.Minute)
	if got := fmt.Sprint(k.times(), k.desk.to("sam")); got != "[25 08:25] [The time runs out.]" {
		t.Errorf("after the bot has spoken itself: %s", got)
	}
	w.do("jo", bot.Ran{Command: "/end"})
	w.runDue()
	if len(k.held) != 0 || len(k.posted) != 0 {
		t.Errorf("after the end %v lie ready, %v were posted", k.times(), k.posted)
	}
}

func TestWhenTheMachineIsGoneThePlatformSpeaks(t *testing.T) {
	w, k := withKeeper(t)
	w.do("jo", bot.Ran{Command: "/begin"})
	w.runDue()
	k.pass(w.now.Add(72 * time.Hour))
	if len(k.posted) != 2 {
		t.Errorf("%d of 2 were posted", len(k.posted))
	}
}

func TestItIsTakenBackOnlyOnceTheBotHasSpoken(t *testing.T) {
	w, k := withKeeper(t)
	w.do("jo", bot.Ran{Command: "/begin"})
	w.runDue()
	w.desk.fails, k.desk.fails = nil, times(1000, errors.New("503"))
	w.wait(24*time.Hour + 9*time.Minute)
	if len(k.held) != 2 {
		t.Errorf("nobody has heard yet, and %v lie ready", k.times())
	}
}

func TestALostAnswerLeavesNoOrphan(t *testing.T) {
	w, k := withKeeper(t)
	k.lost = 1
	w.do("jo", bot.Ran{Command: "/begin"})
	w.runDue()
	w.wait(time.Minute)
	if got := fmt.Sprint(k.times()); got != "[24 08:25 25 08:25]" {
		t.Errorf("kept for %s", got)
	}
}

func TestAnOrphanIsFoundAtTheStart(t *testing.T) {
	w, k := withKeeper(t)
	w.do("jo", bot.Ran{Command: "/begin"})
	w.runDue()
	if _, err := k.Hold(t.Context(), bot.Address{}, *bot.Say("From another life."), w.now.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	w.open(clocked())
	w.bot.Attach(k)
	if err := w.bot.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.runDue()
	for _, h := range k.held {
		if !strings.Contains(h.Text, "LAW-1") {
			t.Errorf("%q still lies ready", h.Text)
		}
	}
}

// The program was down in the night, and routine reminders wait for the morning. This disturbs nobody.
func TestWhatLiesReadyIsLookedAtInTheNightToo(t *testing.T) {
	w, k := withKeeper(t)
	w.do("jo", bot.Ran{Command: "/begin"})
	w.now = w.now.Add(19 * time.Hour) // a quarter past three
	w.runDue()
	if got, want := fmt.Sprint(k.times()), "[24 08:25 25 08:25]"; got != want {
		t.Errorf("kept for %s, want %s", got, want)
	}
}

// What is to be taken back is tried every minute: after ten the platform would speak.
func TestWhatLiesReadyIsTriedEveryMinute(t *testing.T) {
	w, k := withKeeper(t)
	w.do("jo", bot.Ran{Command: "/begin"})
	w.runDue()
	k.down = true
	w.do("jo", bot.Ran{Command: "/end"})
	w.wait(3 * time.Hour)
	k.down = false
	w.wait(time.Minute)
	if len(k.held) != 0 {
		t.Errorf("a minute after the platform is back %v still lie ready", k.times())
	}
}

func TestAnEndWhileThePlatformIsDownIsMadeGoodLater(t *testing.T) {
	w, k := withKeeper(t)
	w.do("jo", bot.Ran{Command: "/begin"})
	w.runDue()
	k.down = true
	w.do("jo", bot.Ran{Command: "/end"})
	w.runDue()
	if len(k.held) != 2 {
		t.Fatalf("%v", k.times())
	}
	k.down = false
	w.wait(2 * time.Minute)
	if len(k.held) != 0 {
		t.Errorf("%v still lie ready", k.times())
	}
}

// At the start the bot asks what lies ready, while somebody begins a new clock.
func TestWhatIsLeftThereWhileOrphansAreLookedForStays(t *testing.T) {
	w, k := withKeeper(t)
	if err := w.bot.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	k.during = func() {
		w.do("jo", bot.Ran{Command: "/begin"})
		w.runDue()
	}
	w.runDue()
	w.wait(time.Minute)
	if got := fmt.Sprint(k.times()); got != "[24 08:25 25 08:25]" {
		t.Errorf("kept for %s", got)
	}
}

// The clock is changed while a message is being left for it, so another worker looks at it as well.
func TestTwoWhoLookAtTheSameClockLeaveOneMessage(t *testing.T) {
	w, k := withKeeper(t)
	w.do("jo", bot.Ran{Command: "/begin"})
	k.during = func() {
		w.do("jo", bot.Ran{Command: "/begin"})
		w.runDue()
	}
	w.runDue()
	if got := fmt.Sprint(k.times()); got != "[24 08:25 25 08:25]" {
		t.Errorf("kept for %s", got)
	}
	w.do("jo", bot.Ran{Command: "/end"})
	w.runDue()
	if len(k.held) != 0 {
		t.Errorf("after the end %v lie ready", k.times())
	}
}
