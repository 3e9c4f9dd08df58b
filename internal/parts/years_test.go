package parts

import (
	"context"
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"shareright/bot"
	"shareright/bot/terminal"
	"shareright/config"
	"shareright/internal/program"
	"shareright/knowledge/calendar"
)

// A small organisation and one year; SHARERIGHT_TEN_YEARS makes it 300 people and ten.
var yearsOfIt, peopleIn = 1, 40

// Ten years of an organisation of 300 people with training, files and the yearly round,
// and the program off every Wednesday: each reminder comes once, none is missed, nobody
// gets more than one digest a week, and what the lead and one volunteer read makes sense.
func TestTenYearsOfAnOrganisation(t *testing.T) {
	if os.Getenv("SHARERIGHT_TEN_YEARS") != "" {
		yearsOfIt, peopleIn = 10, 300
	}
	synctest.Test(t, func(t *testing.T) {
		w := found(t)
		w.setUp()
		end := w.now().AddDate(yearsOfIt, 0, 0)
		for w.now().Before(end) {
			w.day()
		}
		w.judge()
	})
}

// world is an organisation with everybody in it, and all that they were sent.
type world struct {
	t      *testing.T
	p      *program.Program
	zone   *time.Location
	posts  []posted
	seen   map[string]int      // deliveries that were not edits, by key of the post
	stands map[string]standing // what each person could press now: by person and record
	events int
}

// standing is a button on somebody's screen, under the words it stands with.
type standing struct {
	who, title string
	b          bot.Button
}

type posted struct {
	at   time.Time
	to   string
	id   bot.MessageID
	text string
}

func found(t *testing.T) *world {
	w := &world{t: t, seen: map[string]int{}, stands: map[string]standing{}}
	c := config.Default()
	c.Data = inMemory(t)
	org := &c.Organisations[0]
	w.zone = org.Zone
	// The bubble's clock starts in the year 2000.
	time.Sleep(time.Until(time.Date(2026, 1, 5, 9, 0, 0, 0, w.zone)))
	org.Name = "Riverside Youth Club"
	for role, who := range map[string]string{"dp-lead": "sam", "deputy": "dee", "safeguarding-lead": "sue", "trustee": "tess"} {
		org.Roles[role] = []config.Contact{{Platform: terminal.Platform, ID: who}}
	}
	var err error
	if w.p, err = program.Open(t.Context(), c, All(), program.Options{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.p.Close() })
	w.p.Bot.Attach(w)
	if err := w.p.Bot.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) now() time.Time { return time.Now().In(w.zone) }

// inMemory is a folder in memory where the system has one: nothing here is about durability.
func inMemory(t *testing.T) string {
	dir, err := os.MkdirTemp("/dev/shm", "shareright-years-")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// Name, Run and Deliver make the world a platform that remembers.
func (w *world) Name() string { return terminal.Platform }

func (w *world) Run(ctx context.Context, _ bot.Handler) error { <-ctx.Done(); return nil }

func (w *world) Deliver(_ context.Context, d bot.Delivery) (bot.MessageID, error) {
	if d.Edit != "" {
		return d.Edit, nil
	}
	w.seen[d.Once]++
	id := bot.MessageID(fmt.Sprint("m", len(w.posts)))
	w.posts = append(w.posts, posted{w.now(), d.To.User, id, d.Message.Plain()})
	for _, b := range d.Message.Buttons {
		if finishes[b.Action] {
			w.stands[d.To.User+" "+string(b.Ref)] = standing{d.To.User, d.Message.Title, b}
		}
	}
	return id, nil
}

// finishes are the buttons that people press to have done with something.
var finishes = map[string]bool{"training.done": true, "year.done": true, "retention.destroyed": true}

// act lets somebody do something, and answers every form that follows.
func (w *world) act(who string, what bot.Deed, answers map[string]string) {
	w.t.Helper()
	w.events++
	e := bot.Event{Platform: terminal.Platform, ID: fmt.Sprint("e", w.events), User: who, UserName: who, What: what}
	r, err := w.p.Bot.Handle(w.t.Context(), e)
	for pages := 0; err == nil && r.Show != nil; pages++ {
		if pages > 12 || len(r.Problems) > 0 {
			w.t.Fatalf("%s is stuck in %s: %v", who, r.Show.Form, r.Problems)
		}
		filled := map[string][]string{}
		for _, f := range r.Show.Fields {
			if a, known := answers[f.ID]; known {
				filled[f.ID] = []string{a}
			}
		}
		w.events++
		e.ID, e.What = fmt.Sprint("e", w.events), bot.Submitted{Session: r.Show.Session, Seq: r.Show.Seq, Answers: filled}
		r, err = w.p.Bot.Handle(w.t.Context(), e)
	}
	if err != nil {
		w.t.Fatalf("%s: %T: %v", who, what, err)
	}
}

// setUp gives everybody a yearly refresher, the lead the year, and some files their dates.
func (w *world) setUp() {
	topics := []string{"essentials", "sharing", "breaches"}
	for first := 0; first < peopleIn; first += 20 {
		var names []string
		for i := first; i < min(first+20, peopleIn); i++ {
			names = append(names, person(i))
		}
		due := calendar.On(w.now(), w.zone).AddDays(40 + first)
		w.act("sam", bot.Ran{Command: "dp", Text: "refresher"}, map[string]string{"topic": topics[first/20%3], "who": strings.Join(names, ", "),
			"often": "12", "first": due.Plain()})
	}
	w.act("sam", bot.Pressed{Action: "year.start"}, nil)
	for i := range 20 {
		left := calendar.On(w.now(), w.zone).AddDays(97 * i).AddYears(-1)
		w.act("sam", bot.Ran{Command: "dp", Text: "review volunteer file"}, map[string]string{"file": fmt.Sprint("V-", 100+i), "where": "drive", "owner": person(i),
			"day-left": left.Plain()})
	}
}

func person(i int) string { return fmt.Sprintf("p%03d", i) }

// chance is a number below 100 that is always the same for the same words.
func chance(words ...any) int {
	h := fnv.New32a()
	fmt.Fprint(h, words...)
	return int(h.Sum32() % 100)
}

// day plays one day: what is due, and then people press, or leave it.
func (w *world) day() {
	midnight := calendar.Local(calendar.On(w.now(), w.zone).AddDays(1), 0, w.zone).Time
	if w.now().Weekday() == time.Wednesday { // the program is off
		time.Sleep(time.Until(midnight))
		return
	}
	for {
		at, some, err := w.p.Store.NextJob(w.t.Context())
		if err != nil {
			w.t.Fatal(err)
		}
		if !some || !at.Before(midnight) {
			break
		}
		time.Sleep(max(0, time.Until(at)))
		if _, err := w.p.Runner.RunDue(w.t.Context(), time.Now()); err != nil {
			w.t.Fatal(err)
		}
	}
	w.press()
	time.Sleep(time.Until(midnight))
}

// press lets one in eight of those with something to do finish it.
func (w *world) press() {
	var chosen []standing
	for key, s := range w.stands {
		if chance(s.who, s.title, w.now().Format(time.DateOnly)) < 12 {
			chosen = append(chosen, s)
			delete(w.stands, key)
		}
	}
	slices.SortFunc(chosen, func(a, b standing) int { return strings.Compare(a.who+a.title, b.who+b.title) })
	for _, s := range chosen {
		w.act(s.who, bot.Pressed{Action: s.b.Action, Ref: s.b.Ref}, map[string]string{"how": "shredded", "what": "done", "method": "shredded"})
	}
}

// judge looks at everything that was sent.
func (w *world) judge() {
	perWeek := map[string]int{}
	silent := map[string]int{}
	last := map[string]time.Time{}
	for _, p := range w.posts {
		year, week := p.at.ISOWeek()
		if strings.HasPrefix(p.text, "This week:") {
			perWeek[fmt.Sprint(p.to, year, week)]++
		}
		if p.at.Weekday() == time.Wednesday {
			w.t.Errorf("something was sent while the program was off: %s", p.text)
		}
		// A late thing is told every week: were one missed, there would be a gap.
		title, _, _ := strings.Cut(p.text, "\n")
		if name, _, overdue := strings.Cut(title, "” was due "); overdue {
			if before := last[p.to+name]; !before.IsZero() && p.at.Sub(before) > 15*24*time.Hour && p.at.Sub(before) < 300*24*time.Hour {
				silent[name]++
			}
			last[p.to+name] = p.at
		}
	}
	for key, n := range w.seen {
		if n > 1 {
			w.t.Errorf("%s was posted %d times", key, n)
		}
	}
	for key, n := range perWeek {
		if n > 1 {
			w.t.Errorf("%d digests in a week: %s", n, key)
		}
	}
	if len(silent) > 0 {
		w.t.Errorf("weeks of silence about what was late: %v", silent)
	}
	w.t.Logf("%d messages in %d years to %d people, %d events", len(w.posts), yearsOfIt, peopleIn+4, w.events)
	w.everybodyWasReminded()
	w.story("p007", "sam")
}

// everybodyWasReminded checks that each person heard of each training at least once a
// year, whatever the days on which the program was off.
func (w *world) everybodyWasReminded() {
	for i := range peopleIn {
		n := 0
		for _, p := range w.posts {
			if p.to == person(i) && !strings.HasPrefix(p.text, "This week:") && strings.Contains(p.text, "” is due") {
				n++
			}
		}
		if n < yearsOfIt-1 {
			w.t.Errorf("%s heard of training %d times in %d years", person(i), n, yearsOfIt)
		}
	}
}

// story keeps what two people read in the first year as a golden file: it must read well.
func (w *world) story(people ...string) {
	var lines []string
	for _, p := range w.posts {
		if slices.Contains(people, p.to) && p.at.Year() == 2026 {
			title, _, _ := strings.Cut(p.text, "\n")
			lines = append(lines, p.at.Format("Mon 2 Jan 2006 15:04")+" to "+p.to+": "+title)
		}
	}
	// What comes in the same minute comes in no certain order.
	slices.SortStableFunc(lines, func(a, b string) int {
		at := func(line string) string { return line[:strings.Index(line, " to ")] }
		if at(a) != at(b) {
			return 0
		}
		return strings.Compare(a, b)
	})
	got := strings.Join(lines, "\n") + "\n"
	file := filepath.Join("testdata", fmt.Sprintf("story-%d.txt", peopleIn))
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			w.t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil || string(want) != got {
		w.t.Errorf("the story is another than in %s (UPDATE_GOLDEN=1 writes it): %v\n%s", file, err, got)
	}
}
