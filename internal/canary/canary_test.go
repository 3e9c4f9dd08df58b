package canary

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"shareright/bot"
	"shareright/config"
	"shareright/internal/papers"
	"shareright/internal/parts"
	"shareright/internal/program"
	"shareright/internal/racing"
	"shareright/knowledge/policy"
)

// secrets are set as they would be. None of them may ever be seen.
var secrets = map[string]string{
	"master key":     strings.Repeat("c0ffee00", 8),
	"bot token":      "xoxb-canary-bot-token",
	"app token":      "xapp-canary-app-token",
	"signing secret": "canary-signing-secret",
	"client secret":  "canary-client-secret",
	"discord token":  "canary-discord-token",
}

func settings(t *testing.T, tenants []*tenant) config.Config {
	t.Helper()
	c := config.Default()
	c.Data = t.TempDir()
	c.MasterKey = config.Secret(secrets["master key"])
	c.Slack.BotToken, c.Slack.AppToken = config.Secret(secrets["bot token"]), config.Secret(secrets["app token"])
	c.Slack.SigningSecret, c.Slack.ClientSecret = config.Secret(secrets["signing secret"]), config.Secret(secrets["client secret"])
	c.Discord.Token = config.Secret(secrets["discord token"])
	c.HTTPAddr, c.MetricsAddr = free(t), free(t)
	c.Organisations = nil
	for _, x := range tenants {
		o := config.Default().Organisations[0]
		o.ID, o.Name = strings.ToLower(x.workspace), "Club of "+x.workspace
		o.Workspaces = []config.Contact{{Platform: "slack", ID: x.workspace}}
		o.Escalation = config.Contact{Platform: "slack", ID: x.channel()}
		o.Roles = map[string][]config.Contact{}
		for _, role := range config.Roles {
			o.Roles[role] = []config.Contact{{Platform: "slack", ID: role + x.workspace}}
		}
		c.Organisations = append(c.Organisations, o)
	}
	return c
}

func free(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func tenants() []*tenant {
	make := func(workspace, word, called, name, phone, mail, nhs string) *tenant {
		return &tenant{workspace: workspace, word: word, called: called, lead: "dp-lead" + workspace, jo: "U0JO" + workspace, buttons: map[string]string{}, refs: map[string]bool{},
			personal: map[string]string{"name": name, "phone": phone, "mail": mail, "NHS number": nhs}}
	}
	return []*tenant{
		make("T0OAK", "zorblatt", "Bramwell Tidy", "Quillon Fernsby", "07700 900461", "fernsby@oak.example.org", "943 476 5919"),
		make("T0ELM", "wexmoor", "Isolde Quench", "Thandeka Ostrow", "07700 900738", "ostrow@elm.example.org", "401 023 2137"),
	}
}

// Two organisations play everything the program can do. Afterwards nothing of the one is
// at the other; nothing personal is in a channel, a log, a figure, the files or a backup;
// and no secret is anywhere.
func TestNoCanaryIsWhereItMustNotBe(t *testing.T) {
	if racing.On {
		t.Skip("a long walk, one turn after the other: go test without -race")
	}
	both := tenants()
	c := settings(t, both)
	log := &lines{}
	logger := slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	w := &world{t: t, tenants: both, in: make(chan bot.Handler), now: time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)}
	var err error
	w.p, err = program.Open(t.Context(), c, parts.All(), program.Options{Now: w.clock, Log: logger})
	if err != nil {
		t.Fatal(err)
	}
	defer w.p.Close()
	defer w.serve(logger)()
	everything(w)
	w.probe()
	takenOut := map[*tenant][]string{}
	for _, x := range both {
		takenOut[x] = w.exports(x)
	}
	if w.turns < 400 || len(both[0].refs) < 5 || len(w.channels) < 2 {
		t.Fatalf("only %d turns, %d records, %d posts in channels: the test does not play what it says", w.turns, len(both[0].refs), len(w.channels))
	}
	for i, x := range both {
		other := both[1-i]
		typed := 0
		for _, text := range append(x.seen, takenOut[x]...) {
			absent(t, "what "+x.workspace+" sees", text, append(other.canaries(), other.workspace)...)
			if strings.Contains(text, x.word) {
				typed++
			}
		}
		if typed < 10 {
			t.Errorf("%s sees its own word only %d times, so its absence elsewhere proves little", x.workspace, typed)
		}
	}
	all := append(both[0].canaries(), both[1].canaries()...)
	for _, text := range w.channels {
		absent(t, "a channel", text, personal(both)...)
	}
	typed := append(personal(both), both[0].word, both[1].word)
	for _, title := range w.titles {
		if name, is := strings.CutPrefix(title, "Policy review: "); is {
			absent(t, "the name of a policy, which a locked screen shows", name, personal(both)...) // it is what the task is called
			continue
		}
		absent(t, "the title of a message, which a locked screen shows", title, typed...)
	}
	if n := len(log.String()); n < 1000 {
		t.Errorf("%d bytes of log, so what is absent from it proves little", n)
	}
	absent(t, "the log", log.String(), all...)
	figures := w.figures()
	absent(t, "the figures", figures, append(all, values(secrets)...)...)
	absentFromFiles(t, c.Data, all)
	backup := filepath.Join(t.TempDir(), "backup.db")
	if err := w.p.Store.Backup(t.Context(), backup); err != nil {
		t.Fatal(err)
	}
	absentFromFiles(t, filepath.Dir(backup), all)
	for _, text := range slices.Concat(both[0].seen, both[1].seen, w.channels, []string{log.String(), printed(t, c)}) {
		absent(t, "somewhere", text, values(secrets)...)
	}
	t.Logf("%d turns, %d and %d things seen, %d posts in channels, %d bytes of log, %d of figures", w.turns, len(both[0].seen), len(both[1].seen),
		len(w.channels), len(log.String()), len(figures))
}

// everything lets a volunteer and the lead of each organisation use every command and every button.
func everything(w *world) {
	for round := range 2 {
		for _, x := range w.tenants {
			for _, c := range w.p.Bot.Commands() {
				root, text, _ := strings.Cut(strings.TrimSpace(c.Under+" "+c.Name), " ")
				w.does(x, x.jo, bot.Ran{Command: root, Text: text})
				w.does(x, x.lead, bot.Ran{Command: root, Text: strings.TrimSpace(text + " " + x.word)})
				w.once(x, x.lead, bot.Typing{Command: root, Text: text})
			}
			for _, said := range []string{"can I share " + x.personal["name"] + "'s number " + x.personal["phone"] + " with the police?",
				x.word + " has collapsed, can I tell the ambulance the NHS number " + x.personal["NHS number"],
				"can I mail " + x.personal["mail"] + " about " + x.word + "?", "how long do we keep " + x.word + " forms"} {
				w.does(x, x.jo, bot.Said{Text: said})
			}
			w.once(x, x.lead, bot.Opened{})
			w.press(x)
		}
		w.later(time.Duration(1+30*round) * 24 * time.Hour)
	}
}

// press presses, as the lead and as the second in charge, each button that was shown, on
// each kind of record.
func (w *world) press(x *tenant) {
	pressed := map[string]bool{}
	for range 3 { // what is pressed brings new buttons
		for _, key := range sortedKeys(x.buttons) {
			if pressed[key] {
				continue
			}
			pressed[key] = true
			action, ref, _ := strings.Cut(x.buttons[key], "\x00")
			w.does(x, x.lead, bot.Pressed{Action: action, Ref: bot.Ref(ref)})
			w.does(x, "trustee"+x.workspace, bot.Pressed{Action: action, Ref: bot.Ref(ref)})
		}
	}
}

// probe tries, as each lead, every button and command on the other's references, and
// compares the answer with that about a reference that nobody has.
func (w *world) probe() {
	x, other, tried := w.tenants[0], w.tenants[1], 0
	for _, key := range sortedKeys(other.buttons) {
		action, ref, _ := strings.Cut(other.buttons[key], "\x00")
		mine := reference.FindString(ref)
		if mine == "" {
			continue // a card or a choice, which both have
		}
		nobodys := strings.ReplaceAll(ref, mine, kindOf(bot.Ref(mine))+"-2222")
		tried++
		theirs := w.once(x, x.lead, bot.Pressed{Action: action, Ref: bot.Ref(ref)})
		none := w.once(x, x.lead, bot.Pressed{Action: action, Ref: bot.Ref(nobodys)})
		if a, b := answered(theirs, ref), answered(none, nobodys); a != b {
			w.t.Errorf("%s tells another organisation's record from none:\n%s\n%s", action, a, b)
		}
	}
	if tried < 10 {
		w.t.Errorf("only %d buttons were tried on another's records", tried)
	}
}

// reference is what a record is called.
var reference = regexp.MustCompile(`\b[A-Z]{2}-[2-9A-HJ-NP-Z]{4}\b`)

func answered(r bot.Response, ref string) string {
	if r.Show != nil {
		return "a form: " + r.Show.Title
	}
	if r.Reply == nil {
		return ""
	}
	return strings.ReplaceAll(r.Reply.Plain(), ref, "REF")
}

// exports takes out every register and every paper, as files, as the lead would.
func (w *world) exports(x *tenant) (texts []string) {
	org := bot.OrgID(strings.ToLower(x.workspace))
	lead := bot.Person{ID: bot.PersonID("slack:" + x.lead), Roles: []bot.Role{bot.DPLead, bot.Trustee, bot.Deputy, bot.SafeguardingLead}}
	full, err := w.p.Directory.OrgByID(w.t.Context(), org)
	if err != nil {
		w.t.Fatal(err)
	}
	rows := 0
	for _, list := range w.p.Bot.Registers() {
		found, err := w.p.Bot.Listed(w.t.Context(), full, lead, list)
		if err != nil {
			w.t.Fatal(err)
		}
		rows += len(found)
		var text, book bytes.Buffer
		if err := papers.CSV(&text, list, papers.Rows(found)); err != nil {
			w.t.Fatal(err)
		}
		if err := papers.XLSX(&book, list, papers.Rows(found)); err != nil {
			w.t.Fatal(err)
		}
		texts = append(texts, text.String(), readFile(w.t, "x.xlsx", book.Bytes()))
	}
	if rows < 5 {
		w.t.Errorf("only %d rows in all registers", rows)
	}
	for _, ref := range reference.FindAllString(strings.Join(x.seen, "\n"), -1) {
		x.refs[ref] = true
	}
	made := 0
	for _, f := range parts.All().Features {
		for _, set := range f.Papers {
			for _, ref := range sortedKeys(x.refs) {
				for _, id := range set.IDs {
					m, err := w.p.Bot.Paper(w.t.Context(), full, lead, bot.Ref(ref), id)
					if err != nil {
						continue // a paper of another kind of record
					}
					made++
					content, err := papers.PDF(m, full.Name, w.now)
					if err != nil {
						w.t.Error(err)
					}
					texts = append(texts, m.Plain(), readFile(w.t, "x.pdf", content))
				}
			}
		}
	}
	if made < 3 {
		w.t.Errorf("only %d papers", made)
	}
	return texts
}

// readFile is the text of a file that was sent or taken out.
func readFile(t *testing.T, name string, content []byte) string {
	t.Helper()
	switch filepath.Ext(name) {
	case ".pdf":
		doc, err := policy.Read("x.pdf", content)
		if err != nil {
			t.Errorf("%s cannot be read: %v", name, err)
		}
		var text strings.Builder
		for _, p := range doc.Passages {
			text.WriteString(p.Text + "\n")
		}
		return text.String()
	case ".xlsx":
		book, err := excelize.OpenReader(bytes.NewReader(content))
		if err != nil {
			t.Errorf("%s cannot be read: %v", name, err)
			return ""
		}
		defer book.Close()
		rows, err := book.GetRows("Register")
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		return fmt.Sprint(rows)
	}
	return string(content)
}

// printed is the settings, in each way that a careless line of code could print them.
func printed(t *testing.T, c config.Config) string {
	t.Helper()
	text, err := json.Marshal(c.Slack)
	if err != nil {
		t.Fatal(err)
	}
	var line bytes.Buffer
	slog.New(slog.NewJSONHandler(&line, nil)).Info("x", "settings", c, "slack", c.Slack, "key", c.MasterKey)
	all := fmt.Sprintf("%v %+v %#v %s %s", c, c, c, text, line.String())
	if !strings.Contains(all, "[secret]") {
		t.Error("the settings are not there")
	}
	return all
}

func absent(t *testing.T, where, text string, canaries ...string) {
	t.Helper()
	for _, canary := range canaries {
		for _, form := range []string{canary, strings.ReplaceAll(canary, " ", "")} {
			if i := strings.Index(strings.ToLower(text), strings.ToLower(form)); i >= 0 {
				t.Errorf("%q is in %s: …%s…", canary, where, text[max(0, i-120):min(len(text), i+120)])
				return
			}
		}
	}
}

// absentFromFiles reads every file of a folder as bytes.
func absentFromFiles(t *testing.T, dir string, canaries []string) {
	t.Helper()
	read := 0
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		read += len(content)
		for _, canary := range append(slices.Clone(canaries), values(secrets)...) {
			if bytes.Contains(bytes.ToLower(content), []byte(strings.ToLower(canary))) {
				t.Errorf("%q is in %s", canary, filepath.Base(path))
			}
		}
		return err
	})
	if err != nil || read < 100_000 {
		t.Fatalf("read %d bytes, %v", read, err)
	}
}

func personal(tenants []*tenant) (all []string) {
	for _, x := range tenants {
		for _, what := range sortedKeys(x.personal) {
			all = append(all, x.personal[what])
		}
	}
	return all
}

func values(m map[string]string) (all []string) {
	for _, key := range sortedKeys(m) {
		all = append(all, m[key])
	}
	return all
}

func sortedKeys[V any](m map[string]V) []string {
	var keys []string
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
