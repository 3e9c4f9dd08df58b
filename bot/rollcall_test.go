package bot_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"shareright/bot"
	"shareright/config"
)

// roll is a platform that knows who is still there.
type roll struct {
	desk
	away map[string]error // by user or channel
}

func (r *roll) Reach(_ context.Context, to bot.Address) error { return r.away[to.User+to.Channel] }

func (r *roll) Deliver(ctx context.Context, d bot.Delivery) (bot.MessageID, error) {
	if err := r.away[d.To.User+d.To.Channel]; errors.As(err, new(*bot.Unreachable)) {
		return "", err
	} else if open := new(bot.Exposed); errors.As(err, &open) && d.Closed {
		return "", &bot.Unreachable{Err: open.Err, Fix: open.Fix}
	}
	return r.desk.Deliver(ctx, d)
}

func withRoll(t *testing.T) (*world, *roll) {
	w, r := newWorld(t, toy()), &roll{away: map[string]error{}}
	w.config.Organisations[0].Escalation = config.Contact{Platform: "desk", ID: "leads"}
	w.open(toy())
	w.bot.Attach(r)
	if err := w.bot.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	return w, r
}

func (r *roll) warned() (whom []string) {
	for _, m := range r.got {
		if strings.HasPrefix(m.Message.Title, "Urgent messages may not reach") {
			whom = append(whom, m.To.User+m.To.Channel)
		}
	}
	return whom
}

func TestALeadWhoHasLeftIsNoticedWithinADay(t *testing.T) {
	w, r := withRoll(t)
	w.wait(25 * time.Hour)
	if got := r.warned(); len(got) != 0 {
		t.Fatalf("all are there, and %q were warned", got)
	}
	r.away["sam"] = gone()
	w.wait(25 * time.Hour)
	if got := r.warned(); !slices.Equal(got, []string{"dee"}) {
		t.Errorf("the lead has left: %q were told, want the deputy", got)
	}
	w.wait(72 * time.Hour)
	if got := r.warned(); len(got) != 1 {
		t.Errorf("told again and again: %q", got)
	}
	r.away["dee"] = gone()
	w.wait(25 * time.Hour)
	if got := r.warned(); !slices.Equal(got, []string{"dee", "tess"}) {
		t.Errorf("the deputy has left too: %q, want the trustee", got)
	}
	delete(r.away, "sam")
	w.wait(25 * time.Hour)
	r.away["sam"] = gone()
	w.wait(25 * time.Hour)
	if got := r.warned(); len(got) != 3 {
		t.Errorf("the new lead has left as well, and %q were told", got)
	}
}

func TestWhenNobodyIsThereEverybodyIsTriedAndTheChannelToo(t *testing.T) {
	w, r := withRoll(t)
	for _, who := range []string{"sam", "dee", "tess"} {
		r.away[who] = gone()
	}
	w.wait(25 * time.Hour)
	if got := r.warned(); len(got) != 0 {
		t.Fatalf("%q", got)
	}
	delete(r.away, "tess")
	w.wait(5 * time.Minute)
	if got := r.warned(); !slices.Contains(got, "tess") {
		t.Errorf("the first who is back hears of it: %q", got)
	}
}

func TestAChannelThatEverybodyReadsIsToldToTheLead(t *testing.T) {
	w, r := withRoll(t)
	r.away["leads"] = &bot.Exposed{Err: errors.New("public"), Fix: "Everybody can read it."}
	w.wait(25 * time.Hour)
	if got := r.warned(); !slices.Equal(got, []string{"sam"}) {
		t.Errorf("told %q, want the lead, and not in the channel", got)
	}
}

func TestWhatIsNotKnownTodayIsNoAlarm(t *testing.T) {
	w, r := withRoll(t)
	r.away["sam"] = errors.New("503")
	w.wait(25 * time.Hour)
	if got := r.warned(); len(got) != 0 {
		t.Errorf("told %q", got)
	}
}

// picked has the channel for alerts picked in chat.
func (w *world) picked(r *roll) {
	w.t.Helper()
	w.config.Organisations[0].Escalation = config.Contact{}
	w.open(toy())
	w.bot.Attach(r)
	err := w.store.Update(w.t.Context(), func(tx bot.Tx) error {
		return tx.Put(w.t.Context(), "main", bot.Row{Kind: bot.ChosenKind, Ref: bot.ChosenRef, Body: []byte(`{"alerts":{"platform":"desk","channel":"leads"}}`)})
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// Somebody opens the channel for alerts to everybody. The next card comes to the lead alone, who is told why.
func TestACardNeverComesToAChannelThatEverybodyReads(t *testing.T) {
	w, r := withRoll(t)
	w.picked(r)
	r.away["leads"] = &bot.Exposed{Err: errors.New("public"), Fix: "Everybody can read it."}
	w.report("jo")
	w.wait(time.Minute)
	if got := r.where(); slices.Contains(got, "#leads") || !slices.Contains(got, "sam") {
		t.Errorf("it came to %q", got)
	}
	if got := strings.Join(r.to("sam"), "|"); !strings.Contains(got, "Lost: bag") || !strings.Contains(got, "Everybody can read it.") {
		t.Errorf("the lead has %q", got)
	}
}

// With nobody else to turn to, a channel of everybody's is better than nobody at all.
func TestACardComesToAnOpenChannelWhereThereIsNobodyElse(t *testing.T) {
	w, r := withRoll(t)
	w.config.Organisations[0].Roles = nil
	w.picked(r)
	r.away["leads"] = &bot.Exposed{Err: errors.New("public"), Fix: "Everybody can read it."}
	w.report("jo")
	w.wait(time.Minute)
	if got := r.where(); !slices.Contains(got, "#leads") {
		t.Errorf("it came to %q", got)
	}
}

// Whoever runs the bot has put the channel into the settings, and is warned by the doctor and the roll-call.
func TestAChannelOfTheSettingsIsUsedAsItIs(t *testing.T) {
	w, r := withRoll(t)
	r.away["leads"] = &bot.Exposed{Err: errors.New("public"), Fix: "Everybody can read it."}
	w.report("jo")
	w.wait(time.Minute)
	if got := r.where(); !slices.Contains(got, "#leads") {
		t.Errorf("it came to %q", got)
	}
}
