package breach_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"shareright/bot"
	"shareright/config"
	"shareright/internal/program"
)

// workspace is a platform that remembers what came where, and in which some places are gone.
type workspace struct {
	gone map[string]bool     // a user or a channel
	came map[string][]string // by user or channel
}

func (*workspace) Name() string                           { return "test" }
func (*workspace) Run(context.Context, bot.Handler) error { return nil }

func (w *workspace) Deliver(_ context.Context, d bot.Delivery) (bot.MessageID, error) {
	to := d.To.User
	if to == "" {
		to = d.To.Channel
	}
	if w.gone[to] {
		return "", &bot.Unreachable{Err: errors.New("not there"), Fix: "Type /invite and try again."}
	}
	w.came[to] = append(w.came[to], d.Message.Title)
	return bot.MessageID("m" + fmt.Sprint(len(w.came[to]))), nil
}

func (w *workspace) got(to, part string) bool {
	return strings.Contains(strings.Join(w.came[to], "\n"), part)
}

func at(t *testing.T, w *workspace, channel string, more ...bot.Feature) (*program.Program, func(user string, what bot.Deed) bot.Response) {
	t.Helper()
	c := config.Default()
	c.Data = t.TempDir()
	org := &c.Organisations[0]
	org.Roles = map[string][]config.Contact{}
	for role, who := range map[string]string{"dp-lead": "sam", "deputy": "dee", "trustee": "tess"} {
		org.Roles[role] = []config.Contact{{Platform: "test", ID: who}}
	}
	if channel != "" {
		org.Escalation = config.Contact{Platform: "test", ID: channel}
	}
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	all := parts()
	all.Features = append(all.Features, more...)
	p, err := program.Open(t.Context(), c, all, program.Options{Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	p.Bot.Attach(w)
	return p, func(user string, what bot.Deed) bot.Response {
		t.Helper()
		r, err := p.Bot.Handle(t.Context(), bot.Event{Platform: "test", User: user, What: what})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Runner.RunDue(t.Context(), now); err != nil {
			t.Fatal(err)
		}
		return r
	}
}

// report sends the shortest report and returns its reference.
func report(t *testing.T, do func(string, bot.Deed) bot.Response) bot.Ref {
	t.Helper()
	r := do("jo", bot.Ran{Command: "breach"})
	for !r.Done {
		answers := map[string][]string{}
		if r.Show.Page == "what" {
			answers = map[string][]string{"cause": {"lost"}}
		}
		r = do("jo", bot.Submitted{Session: r.Show.Session, Seq: r.Show.Seq, Answers: answers})
	}
	_, ref, _ := strings.Cut(strings.TrimSuffix(r.Reply.Title, "."), "Reported as ")
	return bot.Ref(ref)
}

func TestABreachReachesTheLeadWhenTheChannelIsArchived(t *testing.T) {
	w := &workspace{gone: map[string]bool{"leads": true}, came: map[string][]string{}}
	_, do := at(t, w, "leads")
	ref := report(t, do)
	if !w.got("sam", "Breach "+string(ref)) {
		t.Errorf("the lead got %q", w.came["sam"])
	}
	if !w.got("sam", "I could not reach") {
		t.Errorf("the lead was not told that the channel is gone: %q", w.came["sam"])
	}
}

func TestABreachReachesTheDeputyWhenTheLeadHasLeft(t *testing.T) {
	w := &workspace{gone: map[string]bool{"sam": true}, came: map[string][]string{}}
	_, do := at(t, w, "")
	ref := report(t, do)
	if !w.got("dee", "Breach "+string(ref)) {
		t.Fatalf("the deputy got %q", w.came["dee"])
	}
	do("dee", bot.Pressed{Action: "breach.ack", Ref: ref})
	if !w.got("dee", "has got this.") {
		t.Errorf("the deputy could not take it on: %q", w.came["dee"])
	}
}

func TestAPressOnAnOldCardChangesNothing(t *testing.T) {
	w := &workspace{came: map[string][]string{}}
	_, do := at(t, w, "")
	ref := report(t, do)
	do("sam", bot.Pressed{Action: "breach.ack", Ref: ref})
	before := len(w.came["sam"])
	for _, press := range []bot.Pressed{
		{Action: "breach.ack", Ref: ref}, {Action: "breach.ack", Ref: "BR-2222"}, {Action: "breach.close", Ref: ref},
		{Action: "breach.set", Ref: ref + "/9/confirmed"}, {Action: "breach.one", Ref: ref + "/x"}, {Action: "breach.task", Ref: ref + "/-1"},
		{Action: "breach.join", Ref: ref + "/BR-2222"}, {Action: "breach.paper", Ref: ref + "/poem"}, {Action: "breach.step", Ref: ref + "/search/worked"},
		{Action: "breach.later", Ref: ref}, {Action: "drill.ack", Ref: ref},
	} {
		if r := do("sam", press); r.Reply == nil || r.Show != nil {
			t.Errorf("%s on %s: %+v", press.Action, press.Ref, r)
		}
	}
	if len(w.came["sam"]) != before {
		t.Errorf("old presses led to %q", w.came["sam"][before:])
	}
}

func TestSomebodyWithoutARoleCannotTouchABreach(t *testing.T) {
	w := &workspace{came: map[string][]string{}}
	_, do := at(t, w, "")
	ref := report(t, do)
	if r := do("kim", bot.Pressed{Action: "breach.list", Ref: ref}); r.Show != nil {
		t.Error("a stranger may list recipients")
	}
	for _, action := range []string{"breach.show", "breach.facts", "breach.papers", "breach.aware", "breach.join", "breach.set"} {
		if r := do("kim", bot.Pressed{Action: action, Ref: ref + "/1"}); r.Show != nil || !strings.Contains(r.Reply.Title, "That button is for") {
			t.Errorf("%s answered a stranger: %+v", action, r.Reply)
		}
	}
}
