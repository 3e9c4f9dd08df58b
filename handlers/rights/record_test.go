package rights

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"shareright/bot"
	"shareright/knowledge/calendar"
	knowledge "shareright/knowledge/rights"
)

// A record of the first release, as it stands in people's databases.
const firstRelease = `{"right":"access","asker":"self","how":"letter","came":"2026-11-23","mark":"F-118","by":"desk:jo","by_name":"Jo",
	"logged":"2026-11-23T10:00:00Z","state":"open","doubt":"yes","id_asked":"2026-11-24","next":"2026-12-23","told":"2026-11-23",
	"log":[{"at":"2026-11-23T10:00:00Z","who":"Jo","what":"Logged."}]}`

func TestARecordOfTheFirstReleaseGoesOn(t *testing.T) {
	h, at := handler{clocks: knowledge.Default(), guide: knowledge.DefaultGuide()}, turnOn(date("2026-11-25"))
	var r Request
	if err := json.Unmarshal([]byte(firstRelease), &r); err != nil {
		t.Fatal(err)
	}
	next, line, problem := h.moved(at, r, h.idCame(), step{On: date("2026-11-25")})
	if problem != "" {
		t.Fatal(problem)
	}
	o, err := h.changed(at, "SAR-7K3Q", r, next, line)
	if err != nil || o.Save["SAR-7K3Q"].(Request).Next != date("2026-12-29") { // Christmas Day, Boxing Day's substitute
		t.Errorf("it goes on to %s, %v", o.Save["SAR-7K3Q"].(Request).Next, err)
	}
}

func TestTheRegisterNamesNobodyWhoAsked(t *testing.T) {
	r := answeredRequest()
	body, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var cells []string
	for _, c := range register().Columns {
		cells = append(cells, c.Name+": "+c.Value(body))
	}
	all := strings.Join(cells, "\n")
	for _, want := range []string{"Asked for: See what we hold", "People asked to search: 2", "Silent: 1", "Kept back: others: hide", "Checked by: Sam, Dee", "How it went: hand"} {
		if !strings.Contains(all, want) {
			t.Errorf("the register lacks %q:\n%s", want, all)
		}
	}
	for _, secret := range []string{"HINT", "12 e-mails", "neighbour", "doctor", "Ann", "Dan"} {
		if strings.Contains(all, secret) {
			t.Errorf("the register holds %q", secret)
		}
	}
}

func TestARequestThatIsOverErasesItselfOnItsDay(t *testing.T) {
	h, at := handler{clocks: knowledge.Default(), guide: knowledge.DefaultGuide()}, turnOn(date("2026-11-25"))
	r := asked(rectify)
	if !r.RecordIndex().Expires.IsZero() {
		t.Error("an open request has a day to erase itself")
	}
	next, _, problem := h.moved(at, r, h.drop(), step{On: date("2026-11-25"), Why: "by phone"})
	if want := time.Date(2029, 11, 25, 0, 0, 0, 0, time.UTC); problem != "" || next.RecordIndex().Expires != want {
		t.Errorf("it erases itself at %s, want %s (%s)", next.RecordIndex().Expires, want, problem)
	}
}

func TestWhichFilesARequestHolds(t *testing.T) {
	for name, c := range map[string]struct {
		r    Request
		file string
		want bool
	}{
		"the file it names":                           {Request{Right: access, Mark: "F-118"}, "F-118", true},
		"the same file, written in another way":       {Request{Right: access, Mark: "f 118"}, "F-118", true},
		"a file added later":                          {Request{Right: access, Mark: "F-1", Files: []string{"F-118"}}, "F-118", true},
		"another file":                                {Request{Right: access, Mark: "F-119"}, "F-118", false},
		"a longer number":                             {Request{Right: access, Mark: "F-1180"}, "F-118", false},
		"to see data, and no file named":              {Request{Right: access}, "F-118", true},
		"to take data along, and no file named":       {Request{Right: port, Mark: " - "}, "F-118", true},
		"to stop newsletters, and no file named":      {Request{Right: object}, "F-118", false},
		"a complaint about the file":                  {Request{Right: complaint, Mark: "F-118"}, "F-118", true},
		"to erase it, before the lead has decided":    {Request{Right: erase, Mark: "F-118"}, "F-118", true},
		"to erase it, after the lead has decided":     {Request{Right: erase, Mark: "F-118", Granted: date("2026-11-24")}, "F-118", false},
		"to restrict it, whatever was decided before": {Request{Right: restrict, Mark: "F-118", Granted: date("2026-11-24")}, "F-118", true},
	} {
		t.Run(name, func(t *testing.T) {
			c.r.State = open
			if got := c.r.holds(c.file); got != c.want {
				t.Errorf("holds: %v, want %v", got, c.want)
			}
			for _, over := range []string{answered, refused, joined, dropped, lapsed} {
				if c.r.State = over; c.r.holds(c.file) {
					t.Errorf("it still holds when it is %s", over)
				}
			}
		})
	}
}

func TestTheFiguresOfAYear(t *testing.T) {
	day := func(s string) calendar.Date { return date(s) }
	list := []Request{
		{Right: access, State: answered, Came: day("2026-01-05"), Ended: day("2026-01-25")},
		{Right: access, State: answered, Came: day("2026-02-05"), Ended: day("2026-03-17"), LateBy: 12, Notice: day("2026-03-01")},
		{Right: erase, State: refused, Came: day("2026-02-05"), Ended: day("2026-02-15")},
		{Right: erase, State: open, Came: day("2026-12-31")},
		{Right: object, State: dropped, Came: day("2026-05-01")},
		{Right: access, State: joined, Came: day("2026-05-01")},
		{Right: access, State: answered, Came: day("2025-12-31"), Ended: day("2026-01-02")},
		{Right: complaint, State: answered, Came: day("2026-06-20"), Acknowledged: day("2026-06-22"), Upheld: "part"},
		{Right: complaint, State: open, Came: day("2026-06-20"), Acknowledged: day("2026-07-30"), AckLate: 10},
	}
	y := Count(list, bot.Span{From: day("2026-01-01"), To: day("2026-12-31")})
	y.ByRight = nil
	want := Year{Came: 5, InTime: 2, Late: 1, Open: 1, Refused: 1, Longer: 1, Withdrawn: 1, Complaints: 2, AckInTime: 1, AckLate: 1, Upheld: 1, Settled: 1, Days: 20 + 40 + 10}
	if y.Came != want.Came || y.InTime != want.InTime || y.Late != want.Late || y.Open != want.Open || y.Refused != want.Refused || y.Longer != want.Longer ||
		y.Withdrawn != want.Withdrawn || y.Complaints != want.Complaints || y.AckInTime != want.AckInTime || y.AckLate != want.AckLate || y.Upheld != want.Upheld ||
		y.Settled != want.Settled || y.Days != want.Days {
		t.Errorf("got  %+v\nwant %+v", y, want)
	}
}

// Whoever it is about: nothing that follows from any step, reminder or search goes to
// somebody in that role, or to a channel that they may read.
func TestNothingAboutSomebodyInChargeReachesThem(t *testing.T) {
	h := handler{clocks: knowledge.Default(), guide: knowledge.DefaultGuide()}
	moves := h.moves()
	people := map[bot.Role][]bot.PersonID{bot.DPLead: {"desk:sam"}, bot.Deputy: {"desk:dee"}, bot.Trustee: {"desk:tess", "desk:tom"}, bot.SafeguardingLead: {"desk:sol"}}
	seen := 0
	rapid.Check(t, func(rt *rapid.T) {
		r := asked(rapid.SampledFrom([]string{access, erase, complaint, object}).Draw(rt, "right"))
		r.About = rapid.SampledFrom([]bot.Role{bot.DPLead, bot.Deputy, bot.Trustee, bot.SafeguardingLead}).Draw(rt, "about")
		r.Logged = turnOn(r.Came).Now
		at := turnOn(r.Came.AddDays(rapid.IntRange(0, 60).Draw(rt, "days on")))
		at.Org.People = people
		at.By = bot.Person{ID: "desk:ann", Name: "Ann", Roles: []bot.Role{bot.DPLead, bot.Deputy, bot.Trustee}}
		at.By.Roles = slices.DeleteFunc(at.By.Roles, func(role bot.Role) bool { return role == r.About })
		m := moves[rapid.IntRange(0, len(moves)-1).Draw(rt, "move")]
		posts := []bot.Post{h.card(at, "SAR-TEST", r)}
		for _, to := range h.whom(at, r) {
			posts = append(posts, bot.Post{To: to})
		}
		if h.bar(at, "SAR-TEST", r, m) == "" {
			s := filled(rt, m, at.Today())
			if next, line, problem := h.moved(at, r, m, s); problem == "" {
				o, err := h.changed(at, "SAR-TEST", r, next, line)
				if err != nil {
					rt.Fatal(err)
				}
				if m.then != nil {
					m.then(at, "SAR-TEST", next, s, &o)
				}
				posts = append(posts, o.Posts...)
			}
		}
		for _, p := range posts {
			seen++
			if p.To.Role == r.About && r.About == bot.DPLead {
				rt.Fatalf("a post goes to the %s, about whom it is", r.About)
			}
			for _, id := range people[r.About] {
				if p.To.Person == id || p.To.Role != "" && (!p.To.Private || !slices.Contains(p.To.Not, id)) {
					rt.Fatalf("%s could read %q, which is about the %s", id, p.Key, r.About)
				}
			}
		}
	})
	if seen < 200 {
		t.Errorf("only %d posts were looked at", seen)
	}
}

// However often one person presses, two different people have looked before copies go as checked.
func TestTheSecondLookIsNeverTheSamePerson(t *testing.T) {
	h := handler{clocks: knowledge.Default(), guide: knowledge.DefaultGuide()}
	rapid.Check(t, func(rt *rapid.T) {
		r, at := asked(access), turnOn(date("2026-11-24"))
		for range rapid.IntRange(1, 6).Draw(rt, "presses") {
			at.By.ID = rapid.SampledFrom([]bot.PersonID{"desk:sam", "desk:dee", "desk:tess"}).Draw(rt, "who")
			if h.bar(at, "SAR-TEST", r, h.check()) != "" {
				continue
			}
			next, _, problem := h.moved(at, r, h.check(), filled(rt, h.check(), at.Today()))
			if problem != "" {
				rt.Fatal(problem)
			}
			r = next
		}
		if len(r.Checks) > 2 || len(r.Checks) == 2 && r.Checks[0].By == r.Checks[1].By {
			rt.Fatalf("looked at by %+v", r.Checks)
		}
		if may := h.bar(at, "SAR-TEST", r, h.done()) == ""; may != (len(r.Checks) == 2) {
			rt.Fatalf("%d people have looked; it may go: %v", len(r.Checks), may)
		}
	})
}

// What a holder is sent names the reference and what the lead typed for them, and nothing else of the request.
func TestTheQuestionToAHolderHoldsNothingOfTheRequest(t *testing.T) {
	h, at := handler{clocks: knowledge.Default(), guide: knowledge.DefaultGuide()}, turnOn(date("2026-11-24"))
	years := 13
	r := Request{Right: complaint, Asker: "parent", How: "letter", Came: date("2026-11-23"), Mark: "F-118", Files: []string{"F-119"}, Age: &years, ByName: "Jo", HolderName: "Sam",
		Result: "RESULT", Longer: "LONGER", State: open, Kept: []Kept{{Where: "PAGE", Why: "WHY"}}, Log: []Line{{Who: "Jo", What: "LINE"}},
		Round: []Holder{{Who: "desk:ann", Name: "Ann", Places: []string{"email"}, Due: date("2026-11-30")}, {Who: "desk:dan", Name: "Dan", Hint: "OTHERS"}}}
	post := h.question(at, "SAR-7K3Q", r, 0)
	text := post.Message.Plain()
	if !strings.Contains(text, "SAR-7K3Q") || post.To.Person != "desk:ann" {
		t.Errorf("to %+v: %s", post.To, text)
	}
	for _, secret := range []string{"F-118", "F-119", "13", "Jo", "RESULT", "LONGER", "PAGE", "WHY", "LINE", "Dan", "OTHERS", "parent", "complain"} {
		if strings.Contains(text, secret) {
			t.Errorf("the question holds %q: %s", secret, text)
		}
	}
}
