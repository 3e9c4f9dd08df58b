package setup_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"shareright/bot"
	"shareright/config"
	"shareright/handlers/setup"
	"shareright/internal/program"
)

// office is an organisation whose people were put in charge in chat, on one day.
type office struct {
	t    *testing.T
	p    *program.Program
	desk *desk
	now  time.Time
}

func opened(t *testing.T, roles string) *office {
	t.Helper()
	return openedWith(t, `{"roles":`+roles+`}`, func(*config.Config) {})
}

func openedWith(t *testing.T, chosen string, settings func(*config.Config)) *office {
	t.Helper()
	c := config.Default()
	c.Data = t.TempDir()
	settings(&c)
	o := &office{t: t, desk: &desk{}, now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	var err error
	o.p, err = program.Open(t.Context(), c, program.Parts{Features: []bot.Feature{setup.Feature()}}, program.Options{Now: func() time.Time { return o.now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { o.p.Close() })
	o.p.Bot.Attach(o.desk)
	err = o.p.Store.Update(t.Context(), func(tx bot.Tx) error {
		return tx.Put(t.Context(), "main", bot.Row{Kind: bot.ChosenKind, Ref: bot.ChosenRef, Body: []byte(chosen)})
	})
	if err != nil {
		t.Fatal(err)
	}
	return o
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

func (o *office) due(later time.Duration) {
	o.t.Helper()
	o.now = o.now.Add(later)
	if _, err := o.p.Runner.RunDue(o.t.Context(), o.now); err != nil {
		o.t.Fatal(err)
	}
}

// wants begins the set-up again and names who is to be in charge.
func (o *office) wants(user string, people map[string][]string) string {
	o.t.Helper()
	return o.wantsIn(user, "", people)
}

// wantsIn does so in a channel.
func (o *office) wantsIn(user, channel string, people map[string][]string) string {
	o.t.Helper()
	r, err := o.p.Bot.Handle(o.t.Context(), bot.Event{Platform: "desk", User: user, Channel: channel, What: bot.Ran{Command: "dp", Text: "setup again"}})
	for range 5 {
		if err != nil {
			o.t.Fatal(err)
		}
		if r.Show == nil {
			break
		}
		r, err = o.p.Bot.Handle(o.t.Context(), bot.Event{Platform: "desk", User: user, What: bot.Submitted{Session: r.Show.Session, Seq: r.Show.Seq, Answers: people}})
	}
	o.due(0)
	if r.Reply == nil {
		o.t.Fatalf("no reply to %v", people)
	}
	return r.Reply.Plain()
}

// asked is the reference of the question to agree that came to somebody.
func (o *office) asked(user string) (ref bot.Ref) {
	for _, m := range o.desk.got {
		for _, b := range m.Message.Buttons {
			if m.To.User == user && b.Action == "setup.agree" {
				ref = b.Ref
			}
		}
	}
	return ref
}

func (o *office) told(user, text string) bool {
	return slices.ContainsFunc(o.desk.got, func(m bot.Delivery) bool { return m.To.User == user && strings.Contains(m.Message.Plain(), text) })
}

// org is the organisation as it is.
func (o *office) org() bot.Org {
	o.t.Helper()
	org, err := o.p.Directory.OrgByID(o.t.Context(), "main")
	if err == nil {
		err = o.p.Store.View(o.t.Context(), func(tx bot.Tx) (err error) { org, err = o.p.Directory.Now(o.t.Context(), tx, org); return err })
	}
	if err != nil {
		o.t.Fatal(err)
	}
	return org
}

// leads is who holds the role now.
func (o *office) leads() string {
	o.t.Helper()
	var ids []string
	for _, id := range o.org().People[bot.DPLead] {
		ids = append(ids, string(id))
	}
	return strings.Join(ids, ",")
}

func agree(ref bot.Ref) bot.Deed  { return bot.Pressed{Action: "setup.agree", Ref: ref} }
func refuse(ref bot.Ref) bot.Deed { return bot.Pressed{Action: "setup.refuse", Ref: ref} }

const three = `{"dp-lead":["desk:sam"],"deputy":["desk:dee"],"trustee":["desk:tess"]}`

func TestOnePersonAloneCannotChangeWhoIsInCharge(t *testing.T) {
	o := opened(t, three)
	coup := map[string][]string{"lead": {"desk:dee"}, "deputy": {"desk:dee"}, "trustee": {"desk:tess"}}
	if said := o.wants("dee", coup); !strings.Contains(said, "A second person needs to agree") || o.leads() != "desk:sam" {
		t.Fatalf("answered %q; the lead is %s", said, o.leads())
	}
	ref := o.asked("sam")
	if ref == "" || o.asked("tess") != ref || o.asked("dee") != "" {
		t.Fatalf("asked: sam %q, tess %q, dee %q", ref, o.asked("tess"), o.asked("dee"))
	}
	for user, want := range map[string]string{"dee": "You were the first", "jo": "That button is for", "mallory": "for"} {
		if said := o.do(user, agree(ref)); !strings.Contains(said, want) || o.leads() != "desk:sam" {
			t.Errorf("%s agrees and is told %q; the lead is %s", user, said, o.leads())
		}
	}
	if said := o.do("sam", refuse(ref)); !strings.Contains(said, "nothing has changed") || !o.told("dee", "did not agree") {
		t.Errorf("sam refuses and is told %q", said)
	}
	if said := o.do("tess", agree(ref)); !strings.Contains(said, "waits no longer") || o.leads() != "desk:sam" {
		t.Errorf("after the no: %q; the lead is %s", said, o.leads())
	}
	o.wants("dee", coup)
	if said := o.do("tess", agree(o.asked("tess"))); !strings.Contains(said, "Who is in charge has changed") || o.leads() != "desk:dee" {
		t.Errorf("tess agrees: %q; the lead is %s", said, o.leads())
	}
	if !o.told("sam", "Who is in charge has changed") {
		t.Error("whoever lost the role is not told")
	}
	if said := o.do("sam", agree(ref)); !strings.Contains(said, "for") {
		t.Errorf("who lost the role may still agree: %q", said)
	}
}

// Where they work is asked for as well. It waits with the rest for the second person, and
// bank holidays follow it.
func TestWhereTheyWorkIsSetUpInChat(t *testing.T) {
	o := opened(t, three)
	works := func() string { return strings.TrimSpace(o.org().Nation + " " + strings.Join(o.org().WorksIn, " ")) }
	same := map[string][]string{"lead": {"desk:sam"}, "deputy": {"desk:dee"}, "trustee": {"desk:tess"}, "works-in": {"scotland", "northern-ireland"}}
	if said := o.wants("sam", same); !strings.Contains(said, "In which nation do you work?: Scotland, Northern Ireland") || works() != "S scotland northern-ireland" {
		t.Errorf("answered %q; they work in %s", said, works())
	}
	other := map[string][]string{"lead": {"desk:dee"}, "deputy": {"desk:dee"}, "trustee": {"desk:tess"}, "works-in": {"wales"}}
	if said := o.wants("sam", other); !strings.Contains(said, "A second person needs to agree") || works() != "S scotland northern-ireland" {
		t.Errorf("alone: %q; they work in %s", said, works())
	}
	if !o.told("dee", "In which nation do you work?: Wales") {
		t.Error("the second person does not see what would change")
	}
	if o.do("dee", agree(o.asked("dee"))); works() != "EW wales" {
		t.Errorf("agreed: they work in %s", works())
	}
}

// A lone lead hands over: the successor agrees, and nobody can do both.
func TestALoneLeadHandsOverToSomebodyWhoAgrees(t *testing.T) {
	o := opened(t, `{"dp-lead":["desk:sam"]}`)
	o.wants("sam", map[string][]string{"lead": {"desk:ann"}})
	if o.leads() != "desk:sam" || o.asked("ann") == "" {
		t.Fatalf("the lead is %s, and ann was asked %q", o.leads(), o.asked("ann"))
	}
	o.do("ann", agree(o.asked("ann")))
	if o.leads() != "desk:ann" {
		t.Errorf("the lead is %s", o.leads())
	}
}

// The lead has left without a word. After a day the successor's yes counts, so nobody is locked out.
func TestWhoIsSilentForADayDoesNotLockTheOthersOut(t *testing.T) {
	o := opened(t, `{"dp-lead":["desk:sam"],"deputy":["desk:dee"]}`)
	o.wants("dee", map[string][]string{"lead": {"desk:ann"}, "deputy": {"desk:dee"}})
	if o.asked("ann") != "" {
		t.Fatal("ann is asked before anybody in charge could answer")
	}
	o.due(23 * time.Hour)
	if o.asked("ann") != "" {
		t.Fatal("ann is asked too early")
	}
	o.due(2 * time.Hour)
	if said := o.do("ann", agree(o.asked("ann"))); o.leads() != "desk:ann" {
		t.Errorf("ann agrees: %q; the lead is %s", said, o.leads())
	}
	o = opened(t, three)
	o.wants("dee", map[string][]string{"lead": {"desk:dee"}, "deputy": {"desk:dee"}, "trustee": {"desk:tess"}})
	ref := o.asked("sam")
	o.due(8 * 24 * time.Hour)
	if said := o.do("sam", agree(ref)); !strings.Contains(said, "waits no longer") || o.leads() != "desk:sam" {
		t.Errorf("a week later: %q; the lead is %s", said, o.leads())
	}
}
