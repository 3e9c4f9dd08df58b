package training

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"shareright/bot"
	"shareright/knowledge/calendar"
	knowledge "shareright/knowledge/training"
)

var start = calendar.Date{Year: 2026, Month: 11, Day: 23}

func turn() bot.Turn {
	return bot.Turn{Org: bot.Org{Nation: "EW", Zone: time.UTC, People: map[bot.Role][]bot.PersonID{
		bot.DPLead: {"desk:sam"}, bot.Trustee: {"desk:tess", "desk:tim"}}},
		By: bot.Person{ID: "desk:sam", Name: "Sam"}, Now: time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC), Lang: "en"}
}

func TestWhoIsMeant(t *testing.T) {
	for name, tc := range map[string]struct {
		who  string
		one  bot.PersonID
		want []bot.PersonID
	}{
		"names with commas":              {who: "jo, max ,jo", want: []bot.PersonID{"desk:jo", "desk:max"}},
		"a role is all who hold it":      {who: "the trustees", want: []bot.PersonID{"desk:tess", "desk:tim"}},
		"a role and one of its holders":  {who: "tess, trustee", want: []bot.PersonID{"desk:tess", "desk:tim"}},
		"mentions with spaces":           {who: "<@U12|jo> <@U13>", want: []bot.PersonID{"desk:U12", "desk:U13"}},
		"me":                             {who: "me", want: []bot.PersonID{"desk:sam"}},
		"a person that was chosen":       {one: "desk:mo", want: []bot.PersonID{"desk:mo"}},
		"a role that nobody holds":       {who: "deputy"},
		"nobody":                         {who: " , ;"},
		"a full id":                      {who: "slack:U12", want: []bot.PersonID{"slack:U12"}},
		"the name of a role in settings": {who: "dp-lead", want: []bot.PersonID{"desk:sam"}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := newTeam(turn(), nil).crowd(turn(), tc.who, tc.one).ids; !slices.Equal(got, tc.want) {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestHowOften(t *testing.T) {
	n := func(i int) *int { return &i }
	for name, tc := range map[string]struct {
		d    draft
		want int
	}{
		"every year":       {draft{Often: "12"}, 12},
		"once":             {draft{Often: "0"}, 0},
		"another number":   {draft{Often: other, Months: n(18)}, 18},
		"not known":        {draft{Often: other}, -1},
		"never":            {draft{Often: other, Months: n(0)}, -1},
		"once in an age":   {draft{Often: other, Months: n(61)}, -1},
		"the longest time": {draft{Often: other, Months: n(60)}, 60},
	} {
		if got := tc.d.months(); got != tc.want {
			t.Errorf("%s: %d, want %d", name, got, tc.want)
		}
	}
}

func TestHowFarARefresherIs(t *testing.T) {
	part := func(due int, state string, done bool) bot.Found[Part] {
		p := Part{Due: start.AddDays(due), State: state}
		if done {
			p.Done = []Evidence{{On: start}}
		}
		return bot.Found[Part]{Record: p}
	}
	found := []bot.Found[Part]{
		part(-3, open, false),    // late
		part(0, open, false),     // due today is not late
		part(365, open, true),    // done, and due again in a year
		part(-1, closed, true),   // done once and for all
		part(-1, closed, false),  // no longer in it
		part(31, open, false),    // not yet near
		part(30, open, true),     // near again
		part(-300, closed, true), // done, and no longer in it
	}
	got := stands(found, start)
	if want := (standing{all: 7, todo: 3, late: 1, earliest: start.AddDays(-3)}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// Through years of done, put off and silence: no reminder before its plan, the evidence
// only grows, and the next date is counted from the day it was done.
func TestTrainingComesRoundAgainAndNeverEarly(t *testing.T) {
	h := handler{content: knowledge.Default()}
	rapid.Check(t, func(rt *rapid.T) {
		at := turn()
		p := Part{Months: rapid.IntRange(1, knowledge.MaxMonths).Draw(rt, "months"), Title: "Training", State: open, Told: start,
			Due: start.AddDays(rapid.IntRange(0, 400).Draw(rt, "due"))}
		for range 6 {
			next := p.reminders(calendar.Mornings{}).Next(p.Told)
			if next.Before(p.Due.AddDays(-before()[0])) && (p.Quiet.IsZero() || next.Before(p.Quiet)) {
				rt.Fatalf("a reminder on %s for %s", next, p.Due)
			}
			p.Told = next
			at.Now = time.Date(next.Year, next.Month, next.Day, 9, 0, 0, 0, time.UTC)
			if !rapid.Bool().Draw(rt, "done") {
				continue
			}
			had := len(p.Done)
			on := next.AddDays(-rapid.IntRange(0, 3).Draw(rt, "days ago"))
			o := h.finished(at, "TR-TEST-1", p, finishing{Ref: "TR-TEST-1", On: on})
			saved, ok := o.Save["TR-TEST-1"].(Part)
			if !ok {
				if had == 0 || on.After(p.Done[had-1].On) {
					rt.Fatalf("done on %s is not recorded", on)
				}
				continue
			}
			if len(saved.Done) != had+1 || saved.Due != on.AddMonths(p.Months) {
				rt.Fatalf("done on %s: due again on %s with %d times recorded", on, saved.Due, len(saved.Done))
			}
			p = saved
		}
	})
}
