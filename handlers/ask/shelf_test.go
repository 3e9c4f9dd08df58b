package ask_test

import (
	"errors"
	"strings"
	"testing"

	"shareright/bot"
	"shareright/handlers/ask"
)

func TestThePoliciesThatWereReadAreListed(t *testing.T) {
	o := open(t)
	if m := o.dp("jo", "policies"); m.Title != "I have read no policies yet." {
		t.Errorf("got %q", m.Title)
	}
	o.add("privacy.md", privacyPolicy)
	o.add("boats.md", "# Boat rules\n\nNext review: May 2030\n\nWear a life jacket on the water.\n")
	list := o.dp("jo", "policies").Plain()
	for _, want := range []string{"Privacy policy, Sam Reed. It is past its review date.", "Boat rules"} {
		if !strings.Contains(list, want) {
			t.Errorf("%q is missing in\n%s", want, list)
		}
	}
	if strings.Contains(list, "Boat rules. It is past") {
		t.Errorf("a policy that is not due is called late:\n%s", list)
	}
}

// A running bot reads the shelf anew as soon as it has changed.
func TestANewPolicyIsSearchedAtOnceAndARemovedOneNoMore(t *testing.T) {
	o := open(t)
	const question, quote = "how long do we keep volunteer files", "two years after the volunteer leaves"
	answered := func() bool {
		return strings.Contains(o.dp("jo", "ask "+question).Plain(), quote)
	}
	if answered() {
		t.Fatal("answered by no policy")
	}
	o.add("privacy.md", privacyPolicy)
	if !answered() {
		t.Error("the new policy is not searched")
	}
	o.add("privacy.md", strings.Replace(privacyPolicy, "two years after", "three years after", 1))
	if answered() {
		t.Error("the words of an earlier reading are quoted")
	}
	o.update(func(tx bot.Tx) error {
		if err := ask.Remove(t.Context(), tx, "main", "none.md"); !errors.Is(err, bot.ErrNotFound) {
			t.Errorf("removing what is not there: %v", err)
		}
		return ask.Remove(t.Context(), tx, "main", "privacy.md")
	})
	if m := o.dp("jo", "policies"); m.Title != "I have read no policies yet." {
		t.Errorf("after removing: %q", m.Title)
	}
}

func TestPoliciesOfAnotherOrganisationAreNeitherListedNorQuoted(t *testing.T) {
	o := open(t, privacyPolicy)
	o.update(func(tx bot.Tx) error {
		theirs, err := ask.List(t.Context(), tx, "another")
		if err != nil || len(theirs) != 0 {
			t.Errorf("another organisation has %d, %v", len(theirs), err)
		}
		ours, err := ask.List(t.Context(), tx, "main")
		if err != nil || len(ours) != 1 || ours[0].Document.ID != "a.md" || !ours[0].Added.Equal(now) {
			t.Errorf("we have %+v, %v", ours, err)
		}
		if err := ask.Remove(t.Context(), tx, "another", "a.md"); !errors.Is(err, bot.ErrNotFound) {
			t.Errorf("another organisation removes ours: %v", err)
		}
		return nil
	})
}

func TestTopicsAreCountedOnlyWhenTheLeadAllowsIt(t *testing.T) {
	o := open(t, privacyPolicy)
	const vain = "which paint is best for the fence"
	o.dp("jo", "ask "+vain)
	if m := o.dp("sam", "backlog"); m.Title != "Topics of unanswered questions are not counted." {
		t.Errorf("before: %q", m.Title)
	}
	if m := o.dp("jo", "backlog on"); strings.HasPrefix(m.Title, "From now on") {
		t.Error("somebody who is not the lead turns counting on")
	}
	o.dp("sam", "backlog on")
	if m := o.dp("sam", "backlog"); m.Title != "Everything was answered so far." {
		t.Errorf("what was asked before counts: %q", m.Plain())
	}
	for range 2 {
		o.dp("jo", "ask "+vain)
	}
	o.dp("jo", "ask how long do we keep volunteer files")
	list := o.dp("sam", "backlog").Plain()
	if !strings.Contains(list, ": 2, last on 23 November 2026") || strings.Contains(list, "paint") || strings.Contains(list, "fence") || strings.Count(list, "last on") != 1 {
		t.Errorf("got\n%s", list)
	}
	o.dp("sam", "backlog off")
	o.dp("sam", "backlog on")
	if m := o.dp("sam", "backlog"); m.Title != "Everything was answered so far." {
		t.Errorf("what was counted outlives turning it off: %s", m.Plain())
	}
}
