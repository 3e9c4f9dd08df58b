//go:build failpoint

package campaign

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"shareright/bot"
	"shareright/bot/mail"
	"shareright/bot/mail/mailtest"
	"shareright/bot/slack/slacktest"
	"shareright/handlers/breach"
	"shareright/scheduler"
)

// told is one breach that nobody has taken, ten minutes after its 72 hours, and what is known of it.
func told(t *testing.T) (scene, *ledger) {
	t.Helper()
	n, now := 7, time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	s := scene{now: now, posts: map[string]outgoing{}, held: map[bot.Ref][]held{}, cases: map[bot.Ref]breach.Breach{
		"BR-7K3Q": {People: &n, State: "open", Reported: now.Add(-10 * time.Minute), Aware: now.Add(-72*time.Hour - 10*time.Minute)}}}
	l := newLedger(t, filepath.Join(t.TempDir(), "ledger"))
	rep := &report{Number: n, User: "U0P7"}
	l.begin(rep)
	l.acked(rep)
	return s, l
}

// posted has a real e-mail sent about a breach, and notes that it was.
func (s scene) posted(t *testing.T, server *mailtest.Server, role bot.Role, once string, known bool) {
	t.Helper()
	p, err := mail.New(mail.Config{Server: server.Address, From: "bot@example.org", User: server.User, Password: server.Secret, Roots: server.Roots})
	if err != nil {
		t.Fatal(err)
	}
	to := bot.Address{Platform: "email", User: mailboxes[role], Name: string(role)}
	id, err := p.Deliver(t.Context(), bot.Delivery{To: to, About: "BR-7K3Q", Once: once, Message: *bot.Say(story(7)),
		Chat: []bot.Waiting{{Platform: "slack", Channel: true, Link: "https://slack.example.org/x"}, {Platform: "discord"}}})
	if err != nil {
		t.Fatal(err)
	}
	if known {
		s.posts["breach/BR-7K3Q/0h/"+string(role)] = outgoing{Class: scheduler.Statutory, To: bot.Audience{Role: role, Loud: true}, Sent: []arrived{{to, id}}}
	}
}

// What may not be in the mail, what is missing there and what comes twice under another name is seen.
func TestWhatIsWrongInTheMailIsSeen(t *testing.T) {
	s, l := told(t)
	server, _ := newMail(t, t.TempDir())
	for role := range mailboxes {
		s.posted(t, server, role, "first-"+string(role), true)
	}
	s.posted(t, server, bot.DPLead, "first-"+string(bot.DPLead), true)
	good := server.Letters()
	var none judgment
	if again := s.judgeMail(&none, good, l, true); len(none) > 0 || again != 1 {
		t.Fatalf("%d came again, %v", again, none)
	}
	s.posted(t, server, bot.DPLead, "second", false)
	double := server.Letters()
	change := func(do func(*mailtest.Letter)) []mailtest.Letter {
		all := append([]mailtest.Letter{}, good...)
		do(&all[0])
		return all
	}
	for name, c := range map[string]struct {
		came []mailtest.Letter
		want string
	}{
		"it tells the story":    {change(func(x *mailtest.Letter) { x.Body += "\n" + story(7) + "\n" }), "I9: an e-mail says"},
		"it goes to a stranger": {change(func(x *mailtest.Letter) { x.To = []string{"stranger@example.org"} }), "I10: an e-mail went to stranger@example.org"},
		"a second one":          {double, "I3: an e-mail about BR-7K3Q"},
		"nothing came":          {nil, "I1: report 7 was acknowledged"},
	} {
		var j judgment
		s.judgeMail(&j, c.came, l, true)
		if !found(j, c.want) {
			t.Errorf("%s: %v", name, j)
		}
	}
}

// A message for later that no clock wants, that is missing, or that nobody knows of is seen.
func TestWhatIsWrongWithMessagesForLaterIsSeen(t *testing.T) {
	s, _ := told(t)
	due := s.now.Add(time.Hour)
	clock := scheduler.Job{Key: scheduler.Key{Kind: "breach.milestone", Name: "BR-7K3Q/4h"}, Due: due, About: "BR-7K3Q"}
	kept := slacktest.Kept{ID: "Q1", Channel: "D0LEAD", At: due.Add(grace)}
	row := held{ID: inChannel(kept), At: kept.At, clock: "breach.milestone/BR-7K3Q/4h"}
	for name, c := range map[string]struct {
		job  bool
		rows []held
		kept []slacktest.Kept
		want string
	}{
		"all is well":    {true, []held{row}, []slacktest.Kept{kept}, ""},
		"it is not kept": {true, []held{row}, nil, "counts as left with Slack, and is not there"},
		"none was left":  {true, nil, nil, "no message lies ready"},
		"an orphan":      {false, nil, []slacktest.Kept{kept}, "nobody knows of"},
		"too many":       {false, []held{row}, []slacktest.Kept{kept}, "that no clock wants"},
	} {
		s.jobs, s.held = nil, map[bot.Ref][]held{"BR-7K3Q": c.rows}
		if c.job {
			s.jobs = []scheduler.Job{clock}
		}
		var j judgment
		s.judgeKept(&j, c.kept, nil, true)
		if c.want == "" && len(j) > 0 || c.want != "" && !found(j, c.want) {
			t.Errorf("%s: %v", name, j)
		}
	}
}

func found(j judgment, part string) bool {
	for _, v := range j {
		if strings.Contains(v.Invariant+": "+v.What, part) {
			return true
		}
	}
	return false
}
