package exports_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"shareright/bot"
	"shareright/config"
	"shareright/handlers/exports"
	"shareright/internal/program"
)

// thing is a record of which some go round somebody in charge.
type thing struct {
	What  string   `json:"what"`
	About bot.Role `json:"about"`
}

func (thing) RecordKind() string     { return "thing" }
func (thing) RecordIndex() bot.Index { return bot.Index{} }

func things(second bool, who ...bot.Role) bot.Register {
	return bot.Register{Kind: "thing", Name: "things", Title: "Things", Who: who, Second: second,
		Hidden: func(record []byte, p bot.Person) bool {
			var x thing
			return json.Unmarshal(record, &x) != nil || x.About != bot.Anyone && p.Has(x.About)
		},
		Columns: []bot.Column{bot.ColumnOf("What", func(x thing) string { return x.What })}}
}

// desk remembers what was delivered, and the files.
type desk struct {
	got   []bot.Delivery
	files map[string]string // by whom it went to
}

func (*desk) Name() string                           { return "desk" }
func (*desk) Run(context.Context, bot.Handler) error { return nil }
func (d *desk) Deliver(_ context.Context, m bot.Delivery) (bot.MessageID, error) {
	d.got = append(d.got, m)
	return bot.MessageID(fmt.Sprint(len(d.got))), nil
}

func (d *desk) DeliverFile(ctx context.Context, m bot.Delivery, _ string, content []byte) (bot.MessageID, error) {
	d.files[m.To.User] = string(content)
	return d.Deliver(ctx, m)
}

// office is an organisation with one register of three things, two of them about somebody in charge.
type office struct {
	t    *testing.T
	p    *program.Program
	desk *desk
	now  time.Time
}

func opened(t *testing.T, roles string, list bot.Register) *office {
	t.Helper()
	c := config.Default()
	c.Data = t.TempDir()
	o := &office{t: t, desk: &desk{files: map[string]string{}}, now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	toy := bot.Feature{Name: "toy", Registers: []bot.Register{list}, Commands: []bot.Command{{Under: "dp", Name: "things", Who: list.Who,
		Run: func(ctx context.Context, t bot.Turn, text string) (bot.Outcome, error) {
			return exports.Ask(ctx, t, list, text)
		}}}}
	var err error
	o.p, err = program.Open(t.Context(), c, program.Parts{Features: []bot.Feature{toy, exports.Feature()}}, program.Options{Now: func() time.Time { return o.now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { o.p.Close() })
	o.p.Bot.Attach(o.desk)
	o.put(bot.ChosenKind, bot.ChosenRef, `{"roles":`+roles+`}`)
	o.put("thing", "TH-1", `{"what":"plain"}`)
	o.put("thing", "TH-2", `{"what":"of the lead","about":"dp-lead"}`)
	o.put("thing", "TH-3", `{"what":"of the deputy","about":"deputy"}`)
	return o
}

func (o *office) put(kind, ref, body string) {
	o.t.Helper()
	err := o.p.Store.Update(o.t.Context(), func(tx bot.Tx) error {
		row, err := tx.Get(o.t.Context(), "main", kind, ref)
		if err != nil {
			row = bot.Row{Kind: kind, Ref: ref}
		}
		row.Body = []byte(body)
		if kind == bot.AliasKind {
			row.Owner = bot.PersonID("desk:sam")
		}
		return tx.Put(o.t.Context(), "main", row)
	})
	if err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) do(user string, what bot.Deed) string {
	o.t.Helper()
	r, err := o.p.Bot.Handle(o.t.Context(), bot.Event{Platform: "desk", User: user, What: what})
	if err != nil {
		o.t.Fatal(err)
	}
	o.due(0)
	if r.Reply == nil {
		return ""
	}
	return r.Reply.Plain()
}

func (o *office) wants(user, format string) string {
	o.t.Helper()
	return o.do(user, bot.Ran{Command: "dp", Text: "things " + format})
}

func (o *office) due(later time.Duration) {
	o.t.Helper()
	o.now = o.now.Add(later)
	if _, err := o.p.Runner.RunDue(o.t.Context(), o.now); err != nil {
		o.t.Fatal(err)
	}
}

// asked is the reference of the question that came to somebody last.
func (o *office) asked(user string) (ref bot.Ref) {
	for _, m := range o.desk.got {
		for _, b := range m.Message.Buttons {
			if m.To.User == user && b.Action == "exports.agree" {
				ref = b.Ref
			}
		}
	}
	return ref
}

func (o *office) told(user, text string) bool {
	return slices.ContainsFunc(o.desk.got, func(m bot.Delivery) bool { return m.To.User == user && strings.Contains(m.Message.Plain(), text) })
}

// trail is what the audit trail says of files.
func (o *office) trail() (lines []string) {
	o.t.Helper()
	err := o.p.Store.Entries(o.t.Context(), "main", func(_ int64, e bot.Entry) error {
		if strings.HasPrefix(e.What, "export.") || strings.HasSuffix(e.What, ".exported") {
			lines = append(lines, string(e.Who)+" "+e.What)
		}
		return nil
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return lines
}

func agree(ref bot.Ref) bot.Deed  { return bot.Pressed{Action: "exports.agree", Ref: ref} }
func refuse(ref bot.Ref) bot.Deed { return bot.Pressed{Action: "exports.refuse", Ref: ref} }

const three = `{"dp-lead":["desk:sam"],"deputy":["desk:dee"],"trustee":["desk:tess"]}`

var all = []bot.Role{bot.DPLead, bot.Deputy, bot.Trustee}

// The lead agrees to a file for the deputy. The lead learns nothing of the report about the lead that is
// in it, and the file leaves out the one about the deputy.
func TestNobodyTakesARegisterOutAlone(t *testing.T) {
	o := opened(t, three, things(true, all...))
	if said := o.wants("dee", ""); !strings.Contains(said, "A second person needs to agree") || len(o.desk.files) > 0 {
		t.Fatalf("dee is answered %q, and files went to %v", said, o.desk.files)
	}
	ref := o.asked("sam")
	if ref == "" || o.asked("tess") != ref || o.asked("dee") != "" {
		t.Fatalf("asked: sam %q, tess %q, dee %q", ref, o.asked("tess"), o.asked("dee"))
	}
	for _, m := range o.desk.got {
		if text := m.Message.Plain(); strings.Contains(text, "TH-") || strings.Contains(text, " of the ") {
			t.Errorf("the question to %s tells what is in the register: %q", m.To.User, text)
		}
	}
	for user, want := range map[string]string{"dee": "You were the first", "jo": "That button is for", "mallory": "That button is for"} {
		if said := o.do(user, agree(ref)); !strings.Contains(said, want) || len(o.desk.files) > 0 {
			t.Errorf("%s agrees and is told %q", user, said)
		}
	}
	if said := o.do("sam", agree(ref)); !strings.Contains(said, "the deputy gets the register") {
		t.Errorf("sam agrees: %q", said)
	}
	file := o.desk.files["dee"]
	if len(o.desk.files) != 1 || !strings.Contains(file, "plain") || !strings.Contains(file, "of the lead") || strings.Contains(file, "of the deputy") {
		t.Errorf("the files are %q", o.desk.files)
	}
	if got, want := o.trail(), []string{"desk:dee export.asked", "desk:dee export.saved", "desk:sam thing.exported", "desk:sam export.agreed", "desk:sam export.erased"}; !slices.Equal(got, want) {
		t.Errorf("the audit trail says %q", got)
	}
	o.wants("dee", "xlsx")
	if o.do("tess", refuse(o.asked("tess"))); !o.told("dee", "tess did not agree") {
		t.Error("dee is not told of the no")
	}
	o.desk.files = map[string]string{}
	if o.due(48 * time.Hour); len(o.desk.files) > 0 {
		t.Error("a no counts for nothing after a day")
	}
}

func TestWhoIsSilentForADayDoesNotLockARegisterUp(t *testing.T) {
	o := opened(t, three, things(true, bot.DPLead, bot.Deputy))
	o.wants("dee", "")
	if o.asked("tess") != "" {
		t.Error("somebody who may not read the register is asked")
	}
	if o.due(23 * time.Hour); len(o.desk.files) > 0 {
		t.Fatal("the file is made too early")
	}
	o.due(2 * time.Hour)
	if o.desk.files["dee"] == "" || !o.told("sam", "Nobody answered for a day") || !o.told("tess", "Nobody answered for a day") {
		t.Errorf("the file is %q; told: %+v", o.desk.files["dee"], o.desk.got)
	}
	if said := o.do("sam", agree(o.asked("sam"))); !strings.Contains(said, "waits no longer") {
		t.Errorf("a yes after the day: %q", said)
	}
}

// The program was off when the day was over. After a week nobody waits for the file any more.
func TestAQuestionAboutAFileIsOverAfterAWeek(t *testing.T) {
	o := opened(t, three, things(true, all...))
	o.wants("dee", "")
	o.now = o.now.Add(8 * 24 * time.Hour)
	if said := o.do("sam", agree(o.asked("sam"))); !strings.Contains(said, "waits no longer") || len(o.desk.files) > 0 {
		t.Errorf("after eight days: %q, files %v", said, o.desk.files)
	}
	o.due(24 * time.Hour)
	if len(o.desk.files) > 0 || !o.told("dee", "waits no longer") {
		t.Errorf("files %v; told %+v", o.desk.files, o.desk.got)
	}
}

// Whoever has lost the role meanwhile gets no file, whether somebody agrees or nobody answers.
func TestWhoMayNotReadTheRegisterAnyMoreGetsNoFile(t *testing.T) {
	for name, end := range map[string]func(*office){
		"agreed": func(o *office) { o.do("sam", agree(o.asked("sam"))) },
		"silent": func(o *office) { o.due(25 * time.Hour) },
	} {
		o := opened(t, three, things(true, all...))
		o.wants("dee", "")
		o.put(bot.ChosenKind, bot.ChosenRef, `{"roles":{"dp-lead":["desk:sam"],"trustee":["desk:tess"]}}`)
		if end(o); len(o.desk.files) > 0 || !o.told("sam", "may not read the register") {
			t.Errorf("%s: files %v; told %+v", name, o.desk.files, o.desk.got)
		}
	}
	o := opened(t, three, things(true, all...))
	o.wants("dee", "")
	ref := o.asked("sam")
	o.put(bot.ChosenKind, bot.ChosenRef, `{"roles":{"dp-lead":["desk:tess"],"deputy":["desk:dee"]}}`)
	if said := o.do("sam", agree(ref)); !strings.Contains(said, "That button is for") || len(o.desk.files) > 0 {
		t.Errorf("who was in charge agrees: %q", said)
	}
}

// Nobody else is there who could agree: one person alone, the same person on two platforms, and
// somebody in charge who may not read this register. That one hears of it.
func TestWhereNobodyElseIsInChargeTheFileComesAtOnce(t *testing.T) {
	for name, roles := range map[string]string{
		"one person alone":       `{"dp-lead":["desk:sam"]}`,
		"one person in two":      `{"dp-lead":["desk:sam"],"deputy":["desk:sam"]}`,
		"two accounts of theirs": `{"dp-lead":["desk:sam"],"deputy":["other:sam"]}`,
		"a trustee":              `{"dp-lead":["desk:sam"],"trustee":["desk:tess"]}`,
	} {
		o := opened(t, roles, things(true, bot.DPLead, bot.Deputy))
		o.put(bot.AliasKind, "other:sam", `{"person":"desk:sam"}`)
		if said := o.wants("sam", ""); !strings.Contains(said, "things.csv comes to you") || o.desk.files["sam"] == "" {
			t.Errorf("%s: %q, files %v", name, said, o.desk.files)
		}
		if heard := o.told("tess", "sam has taken out the register"); heard != (name == "a trustee") {
			t.Errorf("%s: told %+v", name, o.desk.got)
		}
	}
	o := opened(t, three, things(false, all...))
	if o.wants("dee", ""); o.desk.files["dee"] == "" || o.asked("sam") != "" {
		t.Error("a register that needs nobody's yes waits for one")
	}
}
