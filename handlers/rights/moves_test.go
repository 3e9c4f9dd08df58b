package rights

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"shareright/bot"
	"shareright/knowledge/calendar"
	knowledge "shareright/knowledge/rights"
	"shareright/scheduler"
)

func date(s string) calendar.Date {
	d, err := calendar.ParseISO(s)
	if err != nil {
		panic(err)
	}
	return d
}

func turnOn(day calendar.Date) bot.Turn {
	return bot.Turn{Org: bot.Org{Nation: "EW", Zone: time.UTC, ICO: "ICO"}, Lang: "en",
		By:  bot.Person{ID: "desk:sam", Name: "Sam", Roles: []bot.Role{bot.DPLead}},
		Now: time.Date(day.Year, day.Month, day.Day, 10, 0, 0, 0, time.UTC)}
}

func asked(right string) Request {
	return Request{Right: right, Asker: "self", How: "letter", Came: date("2026-11-23"), State: open, Told: date("2026-11-23")}
}

// A button may stand on an old screen: what no longer fits says so and changes nothing.
func TestStepsThatNoLongerFit(t *testing.T) {
	h := handler{clocks: knowledge.Default(), guide: knowledge.DefaultGuide()}
	for name, tc := range map[string]struct {
		m    move
		with func(*Request)
		want string
	}{
		"proof that nobody asked for":     {h.idCame(), func(*Request) {}, "rights.id-not-asked"},
		"proof asked for twice":           {h.idAsked(), func(r *Request) { r.IDAsked = r.Came }, "rights.id-asked-already"},
		"an answer without a question":    {h.clear(), func(*Request) {}, "rights.clear-none"},
		"a question before the answer":    {h.clarify(), func(r *Request) { r.Pauses = []Pause{{Asked: r.Came}} }, "rights.clarify-already"},
		"extended twice":                  {h.extend(), func(r *Request) { r.Notice = r.Came }, "rights.extended-already"},
		"an extension of a complaint":     {h.extend(), func(r *Request) { r.Right = complaint }, "rights.not-for-this"},
		"a complaint refused":             {h.refuse(), func(r *Request) { r.Right = complaint }, "rights.not-for-this"},
		"an acknowledgement of a request": {h.acknowledge(), func(*Request) {}, "rights.not-for-this"},
		"a request that is over":          {h.done(), func(r *Request) { r.State = answered }, "rights.over-already"},
	} {
		t.Run(name, func(t *testing.T) {
			at, r := turnOn(date("2026-11-24")), asked(access)
			tc.with(&r)
			want := at.Say(tc.want, "ref", "SAR-TEST", "date", r.Came.Long())
			if got := h.bar(at, "SAR-TEST", r, tc.m); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

func TestOnlyTheLeadMayFinishAFormThatIsOpen(t *testing.T) {
	h, at := handler{clocks: knowledge.Default(), guide: knowledge.DefaultGuide()}, turnOn(date("2026-11-24"))
	at.By.Roles = nil
	if got := h.bar(at, "SAR-TEST", asked(access), h.done()); got == "" {
		t.Error("somebody who lost the role could still answer the request")
	}
}

// filled is a step as somebody might fill it in.
func filled(rt *rapid.T, m move, on calendar.Date) step {
	s := step{On: on, To: on.AddDays(rapid.IntRange(0, 5).Draw(rt, "to")), Yes: rapid.SampledFrom([]string{"yes", "no"}).Draw(rt, "yes"), Why: "F-118", Note: "because"}
	for _, f := range m.fields {
		for _, v := range f.Options() {
			s.Ticks = append(s.Ticks, v.Value)
		}
	}
	if len(s.Ticks) > 0 {
		s.Pick = rapid.SampledFrom(s.Ticks).Draw(rt, "pick")
	}
	return s
}

// Whatever happens in whatever order: the log only grows, the day is the one that
// knowledge/rights gives, and an open request always has its next reminder.
func TestAnyOrderOfStepsKeepsTheClock(t *testing.T) {
	h := handler{clocks: knowledge.Default(), guide: knowledge.DefaultGuide()}
	moves, ended := h.moves(), 0
	rapid.Check(t, func(rt *rapid.T) {
		r := asked(rapid.SampledFrom([]string{access, erase, complaint, withdraw, port}).Draw(rt, "right"))
		r.Asker = rapid.SampledFrom([]string{"self", "parent", "other"}).Draw(rt, "asker")
		now := r.Came
		for range rapid.IntRange(1, 12).Draw(rt, "steps") {
			now = now.AddDays(rapid.IntRange(0, 20).Draw(rt, "days on"))
			at, m := turnOn(now), moves[rapid.IntRange(0, len(moves)-1).Draw(rt, "move")]
			at.By.ID = rapid.SampledFrom([]bot.PersonID{"desk:sam", "desk:dee"}).Draw(rt, "who")
			if h.bar(at, "SAR-TEST", r, m) != "" {
				continue
			}
			next, line, problem := h.moved(at, r, m, filled(rt, m, now))
			if problem != "" {
				continue
			}
			o, err := h.changed(at, "SAR-TEST", r, next, line)
			if err != nil {
				rt.Fatalf("%s on %s: %v", m.id, now, err)
			}
			saved := o.Save["SAR-TEST"].(Request)
			if len(saved.Log) != len(r.Log)+1 || !slices.Equal(saved.Log[:len(r.Log)], r.Log) {
				rt.Fatalf("%s rewrote the log", m.id)
			}
			if len(saved.Steps) < len(r.Steps) || len(r.Steps) > 0 && !cmp.Equal(saved.Steps[:len(r.Steps)], r.Steps) {
				rt.Fatalf("%s rewrote the checklist", m.id)
			}
			if saved.over() {
				ended++
				stops := slices.ContainsFunc(o.Stop, func(k scheduler.Key) bool { return k.Kind == remindKind })
				if !stops || len(o.Jobs) != 0 || !saved.Keep.After(saved.Ended) {
					rt.Fatalf("%s ends it: reminder stopped %v, %d jobs stay, erased on %s", m.id, stops, len(o.Jobs), saved.Keep)
				}
				return
			}
			due, err := h.due(at, saved)
			if err != nil || due.Date != saved.Next {
				rt.Fatalf("%s: works to %s, the law gives %s (%v)", m.id, saved.Next, due.Date, err)
			}
			if len(o.Jobs) != 1 {
				rt.Fatalf("%s: an open request has no reminder", m.id)
			}
			first := calendar.On(o.Jobs[0].Due, time.UTC)
			if !h.waits(at, saved) && saved.Told.Before(saved.Next) && first.After(saved.Next) {
				rt.Fatalf("%s: the first reminder is on %s, after the last day %s", m.id, first, saved.Next)
			}
			r = saved
		}
	})
	if ended == 0 {
		t.Error("no request ended; the test looks at too little")
	}
}
