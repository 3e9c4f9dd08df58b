package bot_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"shareright/bot"
	"shareright/config"
	"shareright/knowledge"
	"shareright/knowledge/calendar"
)

func TestAReportIsAskedCheckedAndSent(t *testing.T) {
	w := newWorld(t, toy())
	one := w.do("jo", bot.Ran{Command: "lost"})
	if one.Show.Page != "one" || one.Show.CanBack {
		t.Fatalf("first page: %+v", one.Show)
	}
	two := w.answer("jo", one, map[string][]string{"what": {"Paper"}, "story": {"on the bus"}})
	if two.Show.Page != "two" || two.Show.Step != "2 of 2" {
		t.Fatalf("paper asks how many pages: %+v", two.Show)
	}
	check := w.answer("jo", two, map[string][]string{"many": {"not sure"}})
	if check.Show.Page != bot.CheckPage || check.Show.Submit != "Send report" {
		t.Fatalf("no check-your-answers: %+v", check.Show)
	}
	var got []string
	for _, line := range check.Show.Check {
		got = append(got, line.Label+" "+line.Answer)
	}
	if want := []string{"What did you lose? Paper", "Tell us in a few words on the bus", "How many pages? Not yet known"}; !slices.Equal(got, want) {
		t.Errorf("check lines\n got %q\nwant %q", got, want)
	}
	sent := w.answer("jo", check, nil)
	if !sent.Done || !strings.HasPrefix(sent.Reply.Title, "Reported as LO-") {
		t.Errorf("after sending: %+v", sent)
	}
	w.runDue()
	if got := w.desk.to("sam"); !slices.Equal(got, []string{"Lost: paper"}) {
		t.Errorf("the lead got %q", got)
	}
}

func TestAnAnswerThatDoesNotFitIsExplainedAndNothingIsLost(t *testing.T) {
	w := newWorld(t, toy())
	one := w.do("jo", bot.Ran{Command: "lost"})
	again := w.answer("jo", one, map[string][]string{"what": {"umbrella"}, "story": {"in the café"}})
	if p := again.Problems["what"]; !strings.Contains(p, "“umbrella” is not one of the choices") {
		t.Errorf("problem: %q", p)
	}
	if again.Show.Seq != one.Show.Seq {
		t.Errorf("the screen changed its number from %d to %d", one.Show.Seq, again.Show.Seq)
	}
	if got := again.Show.Fields[1].Value; !slices.Equal(got, []string{"in the café"}) {
		t.Errorf("the story is gone: %q", got)
	}
	for _, said := range []string{"why?", "Why"} {
		if p := w.answer("jo", again, map[string][]string{"what": {said}}).Problems["what"]; p != "It says where to look." {
			t.Errorf("%s is answered %q", said, p)
		}
	}
	if p := w.answer("jo", again, nil).Problems["what"]; p != "Answer “What did you lose?”." {
		t.Errorf("an empty answer: %q", p)
	}
	long := w.answer("jo", again, map[string][]string{"what": {"rucksack"}, "story": {strings.Repeat("é", 5000)}})
	if p := long.Problems["story"]; !strings.Contains(p, "5000 characters") {
		t.Errorf("a long story: %q", p)
	}
}

func TestTextIsCleanedOfWhatNobodyCanSee(t *testing.T) {
	w := newWorld(t, toy())
	r := w.answer("jo", w.do("jo", bot.Ran{Command: "lost"}), map[string][]string{"what": {"bag"}, "story": {"a\u202eb\x00c\u200b <b>@everyone</b> "}})
	if got := r.Show.Check[1].Answer; got != "abc <b>@everyone</b>" {
		t.Errorf("stored as %q", got)
	}
}

func TestBackAndChangeKeepTheAnswers(t *testing.T) {
	w := newWorld(t, toy())
	two := w.answer("jo", w.do("jo", bot.Ran{Command: "lost"}), map[string][]string{"what": {"paper"}})
	back := w.do("jo", bot.Submitted{Session: two.Show.Session, Seq: two.Show.Seq, Answers: map[string][]string{"many": {"7"}}, Go: bot.Go{Back: true}})
	if back.Show.Page != "one" || !slices.Equal(back.Show.Fields[0].Value, []string{"paper"}) {
		t.Fatalf("back shows %+v", back.Show)
	}
	two = w.answer("jo", back, map[string][]string{"what": {"paper"}})
	if !slices.Equal(two.Show.Fields[0].Value, []string{"7"}) {
		t.Errorf("the draft of page two is gone: %+v", two.Show.Fields[0])
	}
	check := w.answer("jo", two, map[string][]string{"many": {"7"}})
	change := w.do("jo", bot.Submitted{Session: check.Show.Session, Seq: check.Show.Seq, Go: bot.Go{Change: "one"}})
	check = w.answer("jo", change, map[string][]string{"what": {"paper"}, "story": {"now with a story"}})
	if check.Show.Page != bot.CheckPage || check.Show.Check[1].Answer != "now with a story" {
		t.Errorf("a change does not return to check-your-answers: %+v", check.Show)
	}
}

func TestARepeatedEventGivesTheSameAnswerAndDoesNothing(t *testing.T) {
	w := newWorld(t, toy())
	r := w.answer("jo", w.do("jo", bot.Ran{Command: "lost"}), map[string][]string{"what": {"bag"}})
	send := bot.Event{ID: "e1", Platform: "desk", User: "jo", What: bot.Submitted{Session: r.Show.Session, Seq: r.Show.Seq}}
	first, second := w.event(send), w.event(send)
	if first.Reply.Title != second.Reply.Title {
		t.Errorf("two receipts: %q and %q", first.Reply.Title, second.Reply.Title)
	}
	send.ID = "e2" // a double press: another event, the same screen
	if third := w.event(send); !third.Done || third.Reply.Title != "That form is finished or has expired. Start again with the same command." {
		t.Errorf("a second press: %+v", third.Reply)
	}
	w.runDue()
	if got := w.desk.to("sam"); len(got) != 1 {
		t.Errorf("the lead got %q", got)
	}
}

func TestAnOldScreenAndSomebodyElseChangeNothing(t *testing.T) {
	w := newWorld(t, toy())
	one := w.do("jo", bot.Ran{Command: "lost"})
	two := w.answer("jo", one, map[string][]string{"what": {"paper"}})
	old := w.answer("jo", one, map[string][]string{"what": {"bag"}})
	if old.Show.Page != "two" || old.Problems[""] == "" {
		t.Errorf("an old screen: %+v", old)
	}
	if other := w.answer("max", two, map[string][]string{"many": {"3"}}); other.Reply.Title != "That form belongs to somebody else. Start your own with the same command." {
		t.Errorf("somebody else: %+v", other.Reply)
	}
	if check := w.answer("jo", two, map[string][]string{"many": {"3"}}); check.Show.Check[0].Answer != "Paper" {
		t.Errorf("the answer changed: %+v", check.Show.Check)
	}
}

func TestADialogueLeftHalfWayIsOfferedAgain(t *testing.T) {
	w := newWorld(t, toy())
	one := w.do("jo", bot.Ran{Command: "lost"})
	w.do("jo", bot.Left{Session: one.Show.Session, Seq: one.Show.Seq, Answers: map[string][]string{"what": {"bag"}, "story": {"in the park"}}})
	w.store.Close()
	w.open(toy()) // a restart in between
	offer := w.do("jo", bot.Ran{Command: "lost"})
	if offer.Reply == nil || offer.Reply.Buttons[0].Label != "Go on" {
		t.Fatalf("no offer to go on: %+v", offer)
	}
	on := w.do("jo", bot.Pressed{Action: offer.Reply.Buttons[0].Action, Ref: offer.Reply.Buttons[0].Ref})
	if !slices.Equal(on.Show.Fields[1].Value, []string{"in the park"}) {
		t.Errorf("the draft is gone: %+v", on.Show.Fields)
	}
	anew := w.do("jo", bot.Pressed{Action: offer.Reply.Buttons[1].Action, Ref: offer.Reply.Buttons[1].Ref})
	if len(anew.Show.Fields[1].Value) != 0 {
		t.Errorf("start again keeps %q", anew.Show.Fields[1].Value)
	}
	gone := w.do("jo", bot.Submitted{Session: anew.Show.Session, Seq: anew.Show.Seq, Go: bot.Go{Cancel: true}})
	if !gone.Done || w.do("jo", bot.Ran{Command: "lost"}).Show == nil {
		t.Errorf("cancel leaves something behind: %+v", gone)
	}
	w.runDue()
	if got := w.desk.to("jo"); !slices.Equal(got, []string{"Another time, then."}) {
		t.Errorf("what follows a form that was stopped: %q", got)
	}
	w.now = w.now.Add(25 * time.Hour)
	if late := w.answer("jo", anew, nil); late.Reply == nil || !strings.Contains(late.Reply.Title, "finished or has expired") {
		t.Errorf("after a day: %+v", late)
	}
}

func TestAnEmergencyInTheMiddleOfAFormIsAnsweredAtOnce(t *testing.T) {
	w := newWorld(t, toy())
	one := w.do("jo", bot.Ran{Command: "lost"})
	next := w.answer("jo", one, map[string][]string{"what": {"paper"}, "story": {"she has collapsed"}})
	if len(next.Show.Intro) == 0 || next.Show.Intro[0].Text != "Call 999 now." {
		t.Errorf("the next page begins with %+v", next.Show.Intro)
	}
	if next.Show.Page != "two" {
		t.Errorf("the form does not go on: %s", next.Show.Page)
	}
}

func TestTheNameOfAChoiceIsNoEmergency(t *testing.T) {
	w := newWorld(t, toy())
	one := w.do("jo", bot.Ran{Command: "lost"})
	chosen := w.answer("jo", one, map[string][]string{"what": {"collapsed_shelf"}})
	if chosen.Show == nil || len(chosen.Show.Intro) != 0 {
		t.Errorf("a choice was read as an emergency: %+v", chosen)
	}
	again := w.do("kim", bot.Ran{Command: "lost"})
	typed := w.answer("kim", again, map[string][]string{"what": {"he has collapsed"}})
	if len(typed.Show.Intro) == 0 || typed.Show.Intro[0].Text != "Call 999 now." {
		t.Errorf("what was typed in place of a choice was not read: %+v", typed.Show.Intro)
	}
}

func TestAnEmergencyIsAnsweredWithTheDatabaseDown(t *testing.T) {
	w := newWorld(t, toy())
	w.store.Close()
	r, err := w.bot.Handle(t.Context(), bot.Event{Platform: "desk", User: "jo", What: bot.Said{Text: "she has collapsed"}})
	if err == nil || r.Reply.Title != "Call 999 now." {
		t.Errorf("got %+v, %v", r.Reply, err)
	}
	r, err = w.bot.Handle(t.Context(), bot.Event{Platform: "desk", User: "jo", What: bot.Said{Text: "hello"}})
	if err == nil || !strings.Contains(r.Reply.Plain(), "call 999 now") {
		t.Errorf("got %q, %v", r.Reply.Plain(), err)
	}
}

func TestAButtonIsCheckedWhenItIsPressed(t *testing.T) {
	w := newWorld(t, toy())
	ref := w.report("jo")
	w.runDue()
	if r := w.do("jo", bot.Pressed{Action: "toy.take", Ref: ref}); r.Reply.Title != "That button is for the data protection lead." {
		t.Errorf("the wrong person: %q", r.Reply.Title)
	}
	w.do("sam", bot.Pressed{Action: "toy.take", Ref: ref})
	if r := w.do("sam", bot.Pressed{Action: "toy.take", Ref: ref}); r.Reply.Title != "Sam has this already." {
		t.Errorf("a second press: %q", r.Reply.Title)
	}
	for _, p := range []bot.Pressed{{Action: "toy.take", Ref: "LO-0000"}, {Action: "gone", Ref: ref}} {
		if r := w.do("sam", p); !strings.Contains(r.Reply.Title, "no longer works") {
			t.Errorf("%+v: %q", p, r.Reply.Title)
		}
	}
	w.runDue()
	if got := w.desk.to("sam"); !slices.Equal(got, []string{"Lost: bag", "edit: Lost: bag. Sam has got this."}) {
		t.Errorf("the lead got %q", got)
	}
}

func TestCommandsExplainThemselves(t *testing.T) {
	w := newWorld(t, toy())
	for _, c := range []struct{ user, command, text, want string }{
		{"jo", "dp", "", "What I can do"},
		{"jo", "/dp", "help", "What I can do"},
		{"jo", "lost", "help", "For example: /lost"},
		{"jo", "dp", "secret", "That is for the data protection lead."},
		{"sam", "dp", "secret", "secret"},
		{"jo", "dp", "dance now", "I do not know “/dp dance”."},
		{"jo", "launch", "", "I do not know “/launch”."},
	} {
		if got := w.do(c.user, bot.Ran{Command: c.command, Text: c.text}).Reply.Plain(); !strings.Contains(got, c.want) {
			t.Errorf("/%s %s: got %q, want %q in it", c.command, c.text, got, c.want)
		}
	}
	if strings.Contains(w.do("jo", bot.Ran{Command: "dp"}).Reply.Plain(), "secret") {
		t.Error("help shows a command that Jo may not use")
	}
	for _, said := range []string{"", "  \n", "\u202e"} {
		if got := w.do("jo", bot.Said{Text: said}).Reply.Title; !strings.HasPrefix(got, "There is nothing in your message") {
			t.Errorf("%q: %q", said, got)
		}
	}
}

func TestAReplyWithoutAScreenGoesOutAsAPost(t *testing.T) {
	w := newWorld(t, toy())
	at := bot.Address{Platform: "desk", User: "jo"}
	e := bot.Event{ID: "m1", Platform: "desk", User: "jo", What: bot.Said{Text: "/lost"}, ReplyTo: &at}
	w.event(e)
	w.event(e)
	w.runDue()
	if len(w.desk.got) != 1 || w.desk.got[0].Message.Buttons[0].Label != "Answer the questions" {
		t.Fatalf("delivered %+v", w.desk.got)
	}
	b := w.desk.got[0].Message.Buttons[0]
	if r := w.do("jo", bot.Pressed{Action: b.Action, Ref: b.Ref}); r.Show == nil || r.Show.Page != "one" {
		t.Errorf("the button opens %+v", r)
	}
}

func TestAFailedDeliveryIsTriedAgainAndALostAnswerIsMarked(t *testing.T) {
	w := newWorld(t, toy())
	w.desk.fails = []error{errors.New("out of order"), &bot.Busy{Err: errors.New("slow down"), After: 30 * time.Second}}
	w.report("jo")
	w.runDue()
	if len(w.desk.got) != 0 {
		t.Fatalf("delivered %+v", w.desk.got)
	}
	w.wait(time.Second)
	w.wait(29 * time.Second)
	if len(w.desk.got) != 0 {
		t.Fatal("asked again before the platform wanted")
	}
	w.desk.lost = true
	w.wait(2 * time.Second)
	w.wait(time.Minute)
	if got := w.desk.to("sam"); !slices.Equal(got, []string{"Lost: bag (repeat)", "Lost: bag (repeat)"}) {
		t.Errorf("the lead got %q", got)
	}
	if first, last := w.desk.got[0], w.desk.got[len(w.desk.got)-1]; first.To.User != "sam" || last.To.User != "sam" || first.Once != last.Once {
		t.Error("two attempts at one delivery have different keys")
	}
	if got := w.desk.to("dee"); !slices.Equal(got, []string{"Lost: bag"}) {
		t.Errorf("while the lead's answer was open for half a minute, the deputy got %q", got)
	}
}

func TestWhoCannotBeReachedIsStoodInForAndTheLeadIsTold(t *testing.T) {
	w := newWorld(t, toy())
	w.desk.fails = []error{&bot.Unreachable{Err: errors.New("left"), Fix: "Name another lead."}}
	w.report("jo")
	w.wait(time.Minute)
	if got := w.desk.to("dee"); !slices.Equal(got, []string{"Lost: bag"}) {
		t.Errorf("the deputy got %q", got)
	}
	if got := strings.Join(w.desk.to("sam"), "\n"); !strings.Contains(got, "Name another lead.") {
		t.Errorf("the lead got %q", got)
	}
}

func TestARoutineReminderMissedAtNightWaitsForTheWorkingMorning(t *testing.T) {
	w := newWorld(t, toy())
	w.report("jo") // Friday 9.15 in London
	w.runDue()
	w.now = time.Date(2026, 10, 24, 23, 0, 0, 0, time.UTC) // Saturday night; it was due on Saturday morning
	w.runDue()
	if got := w.desk.to("sam"); len(got) != 1 {
		t.Fatalf("woken at night with %q", got)
	}
	w.wait(33 * time.Hour) // Monday 8.00 GMT
	if got := w.desk.to("sam"); len(got) != 1 {
		t.Fatalf("too early: %q", got)
	}
	w.wait(2 * time.Hour)
	if got := w.desk.to("sam"); !slices.Equal(got[1:], []string{"Still looking?"}) {
		t.Errorf("on Monday morning: %q", got)
	}
}

func TestAMissedReminderWaitsForTheMorningsOfOurOwnContent(t *testing.T) {
	days, err := calendar.Load(knowledge.Over(fstest.MapFS{"mornings.yaml": {Data: []byte("hour: 18\ndays: [tuesday]\n")}}, calendar.Files()))
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t)
	w.store.Close()
	w.days = days
	w.open(toy(), bot.Feature{Name: "mornings", Commands: []bot.Command{{Name: "when", Help: "See when reminders come",
		Run: func(_ context.Context, t bot.Turn, _ string) (bot.Outcome, error) {
			return bot.Outcome{Reply: bot.Say(t.Mornings().At(t.Today(), t.Org.Zone).Format(time.RFC1123))}, nil
		}}}})
	if r := w.do("jo", bot.Ran{Command: "when"}); r.Reply.Title != "Tue, 27 Oct 2026 18:00:00 GMT" {
		t.Errorf("the next reminder comes on %s", r.Reply.Title)
	}
	w.report("jo") // Friday 9.15 in London
	w.runDue()
	w.now = time.Date(2026, 10, 26, 12, 0, 0, 0, time.UTC) // Monday noon; it was due on Saturday morning
	w.runDue()
	if got := w.desk.to("sam"); len(got) != 1 {
		t.Fatalf("on a day without reminders: %q", got)
	}
	w.wait(31 * time.Hour) // Tuesday 19.00
	if got := w.desk.to("sam"); !slices.Equal(got[1:], []string{"Still looking?"}) {
		t.Errorf("on Tuesday evening: %q", got)
	}
}

func TestFeaturesThatDoNotFitAreRefusedWithEveryReason(t *testing.T) {
	bad := bot.Form[lost]{ID: "bad", Title: "Bad", Pages: []bot.Page[lost]{{ID: "check"}}}
	_, err := bot.New(nil, nil, []bot.Feature{toy(), toy(), {Name: "bad", Forms: []bot.Dialogue{bad}}}, bot.Options{})
	for _, want := range []string{`command "lost" needs an id of its own`, `page "check" needs an id of its own`, "has 0 questions", "Done"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in %v", want, err)
		}
	}
}

func TestARoleThatIsLostEndsTheFormItBegan(t *testing.T) {
	form := bot.Form[struct{ Note string }]{ID: "test.note", Title: "Note", Pages: []bot.Page[struct{ Note string }]{{ID: "one",
		Fields: []bot.Field[struct{ Note string }]{bot.AskText("note", "What?", func(n *struct{ Note string }) *string { return &n.Note })}}},
		Done: func(context.Context, bot.Turn, struct{ Note string }) (bot.Outcome, error) {
			return bot.Outcome{Reply: bot.Say("Saved.")}, nil
		}}
	w := newWorld(t, bot.Feature{Name: "test", Forms: []bot.Dialogue{form}, Commands: []bot.Command{{Name: "note", Help: "Note", Who: []bot.Role{bot.DPLead},
		Run: func(context.Context, bot.Turn, string) (bot.Outcome, error) {
			return bot.Outcome{Ask: form.Begin(struct{ Note string }{})}, nil
		}}}})
	page := w.do("sam", bot.Ran{Command: "note"}).Show
	w.config.Organisations[0].Roles["dp-lead"] = []config.Contact{{Platform: "desk", ID: "new"}}
	w.open(bot.Feature{Name: "test", Forms: []bot.Dialogue{form}})
	r := w.do("sam", bot.Submitted{Session: page.Session, Seq: page.Seq, Answers: map[string][]string{"note": {"x"}}})
	if r.Show != nil || r.Reply == nil || !strings.Contains(r.Reply.Title, "data protection lead") {
		t.Errorf("somebody who is lead no more got %+v", r)
	}
}

// A feature that panics is trouble like any other: words for an emergency come all the same.
func TestAPanicIsAnsweredAndAnEmergencyAllTheSame(t *testing.T) {
	w := newWorld(t, bot.Feature{Name: "broken", Hears: func(context.Context, bot.Turn, string) (bot.Outcome, bool, error) { panic("boom") }})
	for text, want := range map[string]string{"she has collapsed": "Call 999 now.", "hello": "not saved"} {
		r, err := w.bot.Handle(t.Context(), bot.Event{Platform: "desk", User: "jo", What: bot.Said{Text: text}})
		if err == nil || r.Reply == nil || !strings.Contains(r.Reply.Plain(), want) {
			t.Errorf("%q got %+v, %v", text, r.Reply, err)
		}
	}
}
