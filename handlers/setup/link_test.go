package setup_test

import (
	"strings"
	"testing"

	"shareright/bot"
)

// link joins an account to whoever asks for a code.
func (o *office) link(asks, types string) {
	o.t.Helper()
	code := strings.TrimSuffix(strings.Fields(o.do(asks, bot.Ran{Command: "dp", Text: "link"}))[3], ".")
	if got := o.do(types, bot.Ran{Command: "dp", Text: "link " + code}); !strings.Contains(got, "You are one person") {
		o.t.Fatalf("linking: %q", got)
	}
}

// heard counts the messages to somebody that begin so, and keeps the last button of them.
func (o *office) heard(user, begins string) (n int, undo bot.Button) {
	for _, m := range o.desk.got {
		if m.To.User == user && strings.HasPrefix(m.Message.Title, begins) {
			n++
			for _, b := range m.Message.Buttons {
				undo = b
			}
		}
	}
	return n, undo
}

// Mallory talks the lead out of a code, and is the lead from then on. The lead hears of it at
// once, and so does the deputy; either of them takes it back.
func TestWhoeverJoinsAnAccountToTheLeadsIsHeardOfAtOnce(t *testing.T) {
	for _, who := range []string{"sam", "dee"} {
		t.Run(who, func(t *testing.T) {
			o := opened(t, `{"dp-lead":["desk:sam"],"deputy":["desk:dee"]}`)
			o.link("sam", "mallory")
			for _, user := range []string{"sam", "mallory", "dee"} {
				if n, undo := o.heard(user, "Two accounts are one person now"); n != 1 || undo.Action != "setup.unlink" {
					t.Errorf("%s was told %d times, with the button %q", user, n, undo.Action)
				}
			}
			_, undo := o.heard(who, "Two accounts are one person now")
			if got := o.do("jo", bot.Pressed{Action: undo.Action, Ref: undo.Ref}); strings.Contains(got, "apart") {
				t.Errorf("a stranger took them apart: %q", got)
			}
			if got := o.do("mallory", bot.Ran{Command: "dp", Text: "setup"}); !strings.Contains(got, "How far the set-up is") {
				t.Errorf("before: %q", got)
			}
			if got := o.do(who, bot.Pressed{Action: undo.Action, Ref: undo.Ref}); !strings.Contains(got, "apart again") {
				t.Errorf("taken apart by %s: %q", who, got)
			}
			if got := o.do("mallory", bot.Ran{Command: "dp", Text: "setup"}); strings.Contains(got, "How far the set-up is") {
				t.Errorf("afterwards mallory is still the lead: %q", got)
			}
			if n, _ := o.heard("sam", "Two accounts are apart again"); n != 1 {
				t.Errorf("the lead was told %d times that they are apart", n)
			}
			if got := o.do(who, bot.Pressed{Action: undo.Action, Ref: undo.Ref}); !strings.Contains(got, "apart already") {
				t.Errorf("the second time: %q", got)
			}
		})
	}
}

// The lead types a code that somebody sent: then it is the lead's account that belongs to another.
func TestALeadWhoTypesSomebodyElsesCodeGetsTheRoleBack(t *testing.T) {
	o := opened(t, `{"dp-lead":["desk:sam"],"deputy":["desk:dee"]}`)
	o.link("mallory", "sam")
	_, undo := o.heard("sam", "Two accounts are one person now")
	if n, _ := o.heard("dee", "Two accounts are one person now"); n != 1 {
		t.Errorf("the deputy was told %d times", n)
	}
	o.do("sam", bot.Pressed{Action: undo.Action, Ref: undo.Ref})
	if got := o.do("sam", bot.Ran{Command: "dp", Text: "setup"}); !strings.Contains(got, "How far the set-up is") {
		t.Errorf("afterwards the lead is told %q", got)
	}
}

// Two accounts of a volunteer are nobody else's business.
func TestAVolunteersAccountsAreNobodyElsesBusiness(t *testing.T) {
	o := opened(t, `{"dp-lead":["desk:sam"],"deputy":["desk:dee"]}`)
	o.link("jo", "jojo")
	if n, _ := o.heard("jo", "Two accounts are one person now"); n != 1 {
		t.Errorf("jo was told %d times", n)
	}
	if n, _ := o.heard("sam", "Two accounts"); n != 0 {
		t.Error("the lead was told")
	}
}
