package parts

import (
	"context"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"shareright/bot"
	"shareright/handlers/ask"
	"shareright/handlers/breach"
	"shareright/handlers/digest"
	"shareright/handlers/registers"
	"shareright/handlers/retention"
	"shareright/handlers/rights"
	"shareright/handlers/training"
	"shareright/handlers/year"
	"shareright/knowledge/calendar"
)

// How the records of a kind come to an end.
const (
	ends   = "ends"   // when it has ended, a time of knowledge/retention counts; then it is erased
	itself = "itself" // it is born with the moment at which it is erased
	used   = "used"   // kept while the bot is used, for a reason that stands in docs/security.md
)

// lasting is what was decided for every kind of row. A kind that is not here is a mistake:
// somebody made a record without saying when it goes.
var lasting = map[string]string{
	"breach": ends, "near-miss": ends, "decision": ends, "review": ends, "training": ends, "refresher": ends, "quiz": ends,
	"register-line": ends, "member": ends, "person": ends, "alias": ends, "welcome": ends, "digest": ends, "backlog": ends,

	"request": itself, "question": itself, "drill": itself, "tool-check": itself, "quiz-people": itself, "quiz-sitting": itself,
	"pasted": itself, "linkcode": itself, "setupcode": itself, "session": itself, "post": itself, "export": itself,

	"policy": used, "policies": used, "backlog_setting": used, "approval": used, "chosen": used, "law-change": used, "year": used, "checkpoint": used,
	"rollcall": used, "ahead": used, "slackinstall": used,
}

// Every kind of row that the source stores has a decided end, the features keep to it, and the
// document says the same.
func TestEveryKindOfRecordHasADecidedEnd(t *testing.T) {
	stored := storedKinds(t)
	for _, kind := range slices.Sorted(maps.Keys(stored)) {
		if lasting[kind] == "" {
			t.Errorf("%s stores the kind %q, and nothing says when it goes", stored[kind], kind)
		}
	}
	declared := map[string]bool{"person": true, "alias": true, "member": true} // by the engine
	for _, f := range All().Features {
		for _, k := range f.Keeps {
			if declared[k.Kind] {
				t.Errorf("%s: a second end for %q", f.Name, k.Kind)
			}
			declared[k.Kind] = true
		}
	}
	page, err := os.ReadFile("../../docs/security.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, found := strings.Cut(string(page), "## How long it keeps its own records")
	section, _, _ = strings.Cut(section, "\n## ")
	for kind, how := range lasting {
		if stored[kind] == "" {
			t.Errorf("%q is stored nowhere any more", kind)
		}
		if declared[kind] != (how == ends) {
			t.Errorf("%q %s, and a feature finds its end: %v", kind, how, declared[kind])
		}
		if !found || !strings.Contains(section, "`"+kind+"`") {
			t.Errorf("docs/security.md does not say how long %q is kept", kind)
		}
	}
	for id, months := range All().Kept {
		if row := regexp.MustCompile("(?m)^\\|.*`" + id + "`.*$").FindString(section); !strings.Contains(row, fmt.Sprint(" ", months/12, " years ")) {
			t.Errorf("docs/security.md does not say %d years for %s: %q", months/12, id, row)
		}
	}
}

// storedKinds finds every kind of row that the source stores, with its folder: what a RecordKind
// returns, and what is given to the Kind of a row.
func storedKinds(t *testing.T) map[string]string {
	t.Helper()
	kinds, texts, named := map[string]string{}, map[string]string{}, map[string][]string{}
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		folder := filepath.ToSlash(filepath.Dir(path))
		note := func(x ast.Expr) {
			switch x := x.(type) {
			case *ast.BasicLit:
				if text, err := strconv.Unquote(x.Value); err == nil && text != "" {
					kinds[text] = folder
				}
			case *ast.Ident:
				named[folder+"."+x.Name] = append(named[folder+"."+x.Name], folder)
			case *ast.SelectorExpr:
				if p, is := x.X.(*ast.Ident); is && p.Name == "bot" {
					named["../../bot."+x.Sel.Name] = append(named["../../bot."+x.Sel.Name], folder)
				}
			}
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ValueSpec:
				for i, value := range n.Values {
					if lit, is := value.(*ast.BasicLit); is && lit.Kind == token.STRING {
						texts[folder+"."+n.Names[i].Name], _ = strconv.Unquote(lit.Value)
					}
				}
			case *ast.FuncDecl:
				if n.Name.Name == "RecordKind" && n.Body != nil && len(n.Body.List) == 1 {
					note(n.Body.List[0].(*ast.ReturnStmt).Results[0])
				}
			case *ast.CompositeLit:
				if name := typeName(n.Type); name == "Row" {
					for _, e := range n.Elts {
						if kv, is := e.(*ast.KeyValueExpr); is && fmt.Sprint(kv.Key) == "Kind" {
							note(kv.Value)
						}
					}
				}
			case *ast.AssignStmt:
				for i, to := range n.Lhs {
					if sel, is := to.(*ast.SelectorExpr); is && sel.Sel.Name == "Kind" && typeName(sel.X) == "row" && len(n.Rhs) == len(n.Lhs) {
						note(n.Rhs[i])
					}
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, folders := range named {
		if text := texts[name]; text != "" {
			kinds[text] = folders[0]
		}
	}
	if len(kinds) < 30 {
		t.Fatalf("only %d kinds were found", len(kinds))
	}
	return kinds
}

// typeName is the last word of an expression: Row of bot.Row, row of s.row.
func typeName(x ast.Expr) string {
	switch x := x.(type) {
	case *ast.Ident:
		return x.Name
	case *ast.SelectorExpr:
		return x.Sel.Name
	}
	return ""
}

// raw is a record of a type that only its feature knows.
type raw struct {
	kind string
	body string
}

func (r raw) RecordKind() string           { return r.kind }
func (r raw) RecordIndex() bot.Index       { return bot.Index{} }
func (r raw) MarshalJSON() ([]byte, error) { return json.Marshal(json.RawMessage(r.body)) }

// kept is one record and the moment from which it is to be gone; zero for never.
type kept struct {
	ref  bot.Ref
	rec  bot.Record
	gone time.Time
}

// examples are records of every kind in every state that matters, all of one moment.
func examples(now time.Time, zone *time.Location) []kept {
	today := calendar.On(now, zone)
	after := func(d calendar.Date, months int) time.Time { return calendar.Local(d.AddMonths(months), 0, zone).Time }
	never := time.Time{}
	whole := func(b breach.Breach) breach.Breach {
		b.Aware, b.Reported, b.By, b.State = now, now, "terminal:jo", "closed"
		b.Decision, b.ClosedAt = &breach.Decision{ICO: "no", People: "no"}, now
		return b
	}
	open, half, untold, joined, whose := whole(breach.Breach{}), whole(breach.Breach{}), whole(breach.Breach{}), whole(breach.Breach{JoinedTo: "BR-END"}), whole(breach.Breach{JoinedTo: "BR-OPEN"})
	open.State, open.ClosedAt, joined.State, whose.State = "held", never, "joined", "joined"
	half.Phases, untold.Decision = []breach.Phase{{Promised: today}}, &breach.Decision{People: "yes"}
	lined, tasked, lead := whole(breach.Breach{}), whole(breach.Breach{}), whole(breach.Breach{About: bot.DPLead})
	lined.Log = []breach.Line{{At: now}, {At: now.AddDate(3, 0, 0)}}
	tasked.Tasks = []breach.FollowOn{{What: "effect", Due: today.AddDays(90)}}
	destroyed := retention.Review{File: "V-1", Set: now, Disposal: &retention.Disposal{Confirmed: now}}
	list := []kept{
		{"BR-END", whole(breach.Breach{}), after(today, 72)}, {"BR-LEAD", lead, after(today, 72)}, {"BR-JOIN", joined, after(today, 72)},
		{"BR-LINE", lined, after(today, 72+36)}, {"BR-TASK", tasked, after(today.AddDays(90), 72)},
		{"BR-OPEN", open, never}, {"BR-HALF", half, never}, {"BR-TOLD", untold, never}, {"BR-WHOSE", whose, never},
		{"BR-ASKED", whole(breach.Breach{}), never}, // somebody's request about it is open
		{"NM-1", breach.NearMiss{At: now}, after(today, 24)},
		{"SH-1", raw{"decision", saidOf(now, `"About":"adult"`)}, after(today, 72)},
		{"SH-2", raw{"decision", saidOf(now, `"About":"child","Harm":"none"`)}, after(today, 300)},
		{"SH-3", raw{"decision", saidOf(now, `"About":"adult","Harm":"abuse"`)}, after(today, 900)},
		{"RV-1", destroyed, after(today, 300)}, {"RV-2", retention.Review{File: "V-2", Set: now}, never},
		{"RV-3", retention.Review{File: "V-3", Set: now, Hold: &retention.Hold{Why: "claim"}}, never},
		{"RF-1", training.Refresher{State: "closed", Set: now.AddDate(-9, 0, 0)}, after(today, 72)}, // with its last part
		{"RF-1-1", training.Part{State: "closed", Set: now.AddDate(-9, 0, 0), Done: []training.Evidence{{On: today}}}, after(today, 72)},
		{"RF-2", training.Refresher{State: "closed", Set: now}, after(today, 72)}, {"RF-3", training.Refresher{State: "open", Set: now}, never},
		{"RF-3-1", training.Part{State: "open", Set: now, Done: []training.Evidence{{On: today}}}, never},
		{"QZ-1", training.Quiz{State: "closed", Set: now.AddDate(-5, 0, 0)}, now.AddDate(2, 0, 0)}, // with its last questions
		{"QZ-2", training.Quiz{State: "open", Set: now}, never}, {"QZ-3", training.Quiz{State: "closed", Set: now}, after(today, 24)},
		{"PR-1", registers.Entry{State: "closed", Set: now}, after(today, 72)}, {"PR-2", registers.Entry{State: "open", Set: now}, never},
		{"ME-1", bot.Member{Person: "terminal:vi", Does: []bot.Role{"volunteer"}, Left: today}, after(today, 24)},
		{"ME-2", bot.Member{Person: "terminal:st", Does: []bot.Role{"staff"}, Left: today}, after(today, 72)}, {"ME-3", bot.Member{Person: "terminal:al"}, never},
		{"topic", ask.Gap{Topic: "topic", Last: now}, after(calendar.On(now, time.UTC), 24)},
		{"DP-1", rights.Request{State: "closed", Right: "access", Logged: now, Keep: today.AddMonths(36)}, calendar.Local(today.AddMonths(36), 0, time.UTC).Time},
		{"DP-2", rights.Request{State: "open", Right: "access", Logged: now, Files: []string{"br asked"}}, never},
		{"PO-1", ask.Policy{Added: now}, never}, {ask.EditionRef, ask.Edition{Number: 1}, never}, {"setting", ask.GapSetting{Allowed: true}, never},
		{"topics", raw{"approval", "{}"}, never}, {bot.ChosenRef, bot.Chosen{At: now}, never}, {"duaa", training.Heard{Set: now}, never},
		{"YR-1", year.Task{State: "off", Set: now}, never}, {"last", digest.Told{Size: 1}, never},
	}
	for _, who := range []struct {
		id   bot.PersonID
		gone time.Time
	}{{"terminal:vi", after(today, 24)}, {"terminal:st", after(today, 72)}, {"terminal:al", never}} {
		list = append(list, kept{bot.Ref(who.id), bot.Speaker{Name: "V", ID: who.id}, who.gone}, kept{bot.Ref(who.id), raw{"welcome", "{}"}, who.gone},
			kept{bot.Ref(who.id), digest.Habit{Day: 1}, who.gone}, kept{"chat:" + bot.Ref(who.id[9:]), bot.Alias{Person: who.id}, who.gone})
	}
	for ref, r := range map[bot.Ref]bot.Record{"DR-1": breach.Drill{Called: now}, "TC-1": registers.Check{At: now}, "QZ-2/1": training.Invited{Quiz: "QZ-2", Set: now},
		"QZ-1/1/jo": training.Sitting{Quiz: "QZ-1", Set: now}, "PA-1": bot.Pasted{Set: now}, "SC-1": bot.SetupCode{Until: now.Add(24 * time.Hour)}} {
		list = append(list, kept{ref, r, r.RecordIndex().Expires})
	}
	return list
}

// saidOf is a receipt with these facts.
func saidOf(now time.Time, facts string) string {
	return fmt.Sprintf(`{"facts":{%s},"decision":"yes","at":%q}`, facts, now.Format(time.RFC3339))
}

// One record of every kind, in every state that matters, and the years go by. None goes early, none
// stays a day longer than it should, and what is open, held or asked for never goes.
func TestNoRecordGoesEarlyAndNoneStaysTooLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := found(t)
		list := examples(w.now().UTC().Truncate(time.Second), w.zone)
		for _, k := range list {
			w.save(k.ref, k.rec)
		}
		// What only its feature can make: a question, a code, a form half filled in, and a card.
		w.act("jo", bot.Said{Text: "can I share a phone number with the school?"}, map[string]string{"danger": "no", "harm": "none", "consent": "given", "purpose": "referral"})
		w.act("jo", bot.Ran{Command: "dp", Text: "link"}, nil)
		w.act("jo", bot.Ran{Command: "dp", Text: "nearmiss"}, map[string]string{"kind": "bcc"})
		w.begin("jo", bot.Ran{Command: "breach"})
		w.begin("sam", bot.Ran{Command: "dp", Text: "breaches export"}) // waits for a second person
		var kinds []string
		for _, row := range w.rows("") {
			kinds = append(kinds, row.Kind)
			if lasting[row.Kind] == itself && row.Expires.IsZero() && row.Kind != "request" {
				t.Errorf("%s %s has no moment at which it goes", row.Kind, row.Ref)
			}
			if !slices.ContainsFunc(list, func(k kept) bool { return k.rec.RecordKind() == row.Kind && string(k.ref) == row.Ref }) && lasting[row.Kind] == itself {
				list = append(list, kept{bot.Ref(row.Ref), raw{kind: row.Kind}, row.Expires})
			}
		}
		for kind := range lasting {
			if !slices.Contains(kinds, kind) && !slices.Contains([]string{"rollcall", "ahead", "slackinstall"}, kind) {
				t.Errorf("there is no %s to try", kind)
			}
		}
		var moments []time.Time
		for _, k := range list {
			if !k.gone.IsZero() {
				moments = append(moments, k.gone.Add(-time.Minute), k.gone.Add(23*time.Hour))
			}
		}
		moments = append(moments, w.now().AddDate(10, 0, 0), w.now().AddDate(80, 0, 0))
		slices.SortFunc(moments, time.Time.Compare)
		early, late := 0, 0
		for _, at := range moments {
			time.Sleep(max(0, time.Until(at)))
			w.elapse()
			there := map[string]bool{}
			for _, row := range w.rows("") {
				there[row.Kind+" "+row.Ref] = true
			}
			for _, k := range list {
				name := k.rec.RecordKind() + " " + string(k.ref)
				switch {
				case !there[name] && k.rec.RecordKind() == "export": // over as soon as it is answered
				case !there[name] && (k.gone.IsZero() || w.now().Before(k.gone)):
					t.Errorf("%s is gone on %v, and should stay to %v", name, w.now(), k.gone)
					early++
				case there[name] && !k.gone.IsZero() && w.now().Sub(k.gone) >= 23*time.Hour:
					t.Errorf("%s is still there on %v, and should have gone on %v", name, w.now(), k.gone)
					late++
				}
			}
			if early+late > 20 {
				t.FailNow()
			}
		}
		t.Logf("%d records at %d moments: %d early, %d late", len(list), len(moments), early, late)
	})
}

func (w *world) save(ref bot.Ref, r bot.Record) {
	w.t.Helper()
	_, err := w.p.Bot.Carry(w.t.Context(), "main", bot.Person{}, func(context.Context, bot.Turn) (bot.Outcome, error) {
		return bot.Outcome{Save: map[bot.Ref]bot.Record{ref: r}}, nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// begin lets somebody start something and leave it there.
func (w *world) begin(who string, what bot.Deed) {
	w.t.Helper()
	if _, err := w.p.Bot.Handle(w.t.Context(), bot.Event{Platform: "terminal", ID: "begun" + who, User: who, UserName: who, What: what}); err != nil {
		w.t.Fatal(err)
	}
}

// elapse does what the program does in an hour: jobs that are due, and what has ended.
func (w *world) elapse() {
	w.t.Helper()
	if _, err := w.p.Runner.RunDue(w.t.Context(), time.Now()); err != nil {
		w.t.Fatal(err)
	}
	if _, err := w.p.Expire(w.t.Context(), time.Now()); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) rows(kind string) (rows []bot.Row) {
	w.t.Helper()
	err := w.p.Store.View(w.t.Context(), func(tx bot.Tx) (err error) {
		rows, err = tx.Find(w.t.Context(), "main", bot.Query{Kind: kind, Limit: 100_000})
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return rows
}
