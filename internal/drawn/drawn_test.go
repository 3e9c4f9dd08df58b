package drawn

import (
	"bytes"
	"encoding/json"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"shareright/bot"
	"shareright/bot/discord"
	"shareright/bot/discord/discordtest"
	"shareright/bot/slack"
	"shareright/bot/slack/slacktest"
	"shareright/config"
	"shareright/internal/parts"
	"shareright/internal/program"
	"shareright/internal/racing"
	"shareright/internal/talk"
)

var update = flag.Bool("update", false, "write the golden files anew")

// canvas is how a platform draws, and what it cannot show.
type canvas struct {
	name        string
	reply, post func(bot.Message) any
	page        func(bot.View, map[string]string) any
	why         func(bot.View) any         // where the reasons for the questions are a message of their own
	unfit       func(bot.Message) []string // of a reply
	unposted    func(bot.Message) []string
	unfits      func(bot.View) []string
	refuses     func(drawn any) []string // by the rules of the platform itself, written down a second time
}

// platforms is every platform that draws. One joins with a line.
var platforms = []canvas{
	{"slack", slack.Draw, slack.Draw, slack.DrawPage, nil, slack.CheckMessage, slack.CheckMessage, slack.Check, slacktest.Faults},
	{"discord", discord.Draw, discord.DrawPost, discord.DrawPage, discord.DrawWhy, discord.CheckMessage, discord.CheckPost, discord.Check, discordtest.Faults},
}

// album collects what was drawn, each kind of message once.
type album struct {
	t     *testing.T
	lines map[string]map[string]string // by platform and kind, see put
	older map[string]bool              // kinds that another album has
	shown int
}

func newAlbum(t *testing.T) *album {
	a := &album{t: t, lines: map[string]map[string]string{}}
	for _, p := range platforms {
		a.lines[p.name] = map[string]string{}
	}
	return a
}

var (
	reference = regexp.MustCompile(`\b([A-Z]{1,3})-[2-9A-HJ-NP-Z]{4}\b`)
	secret    = regexp.MustCompile(`\b[2-9A-HJ-NP-Z]{10,12}\b`)
	figures   = regexp.MustCompile(`[0-9]+`)
	length    = regexp.MustCompile(`[0-9]+ bytes`)
	trail     = regexp.MustCompile(`\btrail ([0-9a-z-]+) [0-9]+ [0-9a-f]{64}\b`)
)

// plain makes what is made by chance the same every time.
func plain(raw []byte) []byte {
	raw = reference.ReplaceAll(raw, []byte("$1-7K3Q"))
	raw = length.ReplaceAll(raw, []byte("1 bytes"))
	raw = trail.ReplaceAll(raw, []byte("trail $1 1 "+strings.Repeat("0a", 32)))
	return secret.ReplaceAll(raw, []byte("SESSION7K3Q"))
}

// put keeps one drawing of each kind: of those with the same words and buttons and other
// figures, the first in the order of their text. What came first is sometimes chance.
func (a *album) put(platform string, drawn any) {
	var raw bytes.Buffer
	encoder := json.NewEncoder(&raw)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(drawn); err != nil {
		a.t.Fatal(err)
	}
	line := string(plain(raw.Bytes()))
	kind := figures.ReplaceAllString(line, "0")
	if a.older[platform+kind] {
		return
	}
	if kept, there := a.lines[platform][kind]; !there || line < kept {
		a.lines[platform][kind] = line
	}
}

// message draws what somebody is told: a post, or the reply to what they did.
func (a *album) message(m bot.Message, post bool) {
	a.shown++
	for _, p := range platforms {
		draw, unfit := p.reply, p.unfit
		if post {
			draw, unfit = p.post, p.unposted
		}
		a.draw(p, draw(m), unfit(m))
	}
}

func (a *album) page(v bot.View, problems map[string]string) {
	a.shown++
	for _, p := range platforms {
		a.draw(p, p.page(v, problems), p.unfits(v))
	}
}

// draw keeps a drawing, and fails the test for what of it does not fit.
func (a *album) draw(p canvas, drawn any, faults []string) {
	a.t.Helper()
	for _, fault := range append(faults, p.refuses(drawn)...) {
		a.t.Errorf("%s: %s", p.name, fault)
	}
	a.put(p.name, drawn)
}

// golden compares each platform's drawings with its file, a line for each.
func (a *album) golden(name string) {
	a.t.Helper()
	for _, p := range platforms {
		file := filepath.Join("testdata", p.name, name+".jsonl")
		var got []byte
		for _, kind := range slices.Sorted(maps.Keys(a.lines[p.name])) {
			got = append(got, a.lines[p.name][kind]...)
		}
		if *update {
			if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
				a.t.Fatal(err)
			}
			if err := os.WriteFile(file, got, 0o644); err != nil {
				a.t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			a.t.Fatal(err)
		}
		if bytes.Equal(got, want) {
			continue
		}
		before, after := parted(string(want)), parted(string(got))
		for kind, line := range after {
			if _, same := before[kind]; !same {
				a.t.Errorf("%s is drawn anew; look at it, and run the tests of internal/drawn with -update:\n%s", file, bot.Cut(line, 600))
				break
			}
		}
		for kind, line := range before {
			if _, same := after[kind]; !same {
				a.t.Errorf("%s: this is not drawn any more:\n%s", file, bot.Cut(line, 600))
				break
			}
		}
	}
}

// parted is each drawing by its parts. What is due on the same day stands in the order of
// references, which are made by chance, so the order of parts says nothing.
func parted(lines string) map[string]string {
	all := map[string]string{}
	for line := range strings.Lines(lines) {
		words := strings.Split(line, `"`)
		slices.Sort(words)
		all[strings.Join(words, `"`)] = line
	}
	return all
}

// Every page of every form, as if everything were asked.
func TestEveryPageOfEveryFormIsDrawnAsBefore(t *testing.T) {
	if racing.On {
		t.Skip("a long walk, one turn after the other: go test without -race")
	}
	all := parts.All()
	a := newAlbum(t)
	byForm := map[string][]bot.View{}
	all.Checks = []func(bot.View) []string{func(v bot.View) []string { byForm[v.Form] = append(byForm[v.Form], v); return nil }}
	if err := program.Fits(all); err != nil {
		t.Fatal(err)
	}
	var forms []string
	for id := range byForm {
		forms = append(forms, id)
	}
	slices.Sort(forms)
	for _, id := range forms {
		for _, v := range byForm[id] {
			a.page(v, nil)
			for _, p := range platforms {
				if p.why != nil && len(v.Fields) > 0 {
					a.draw(p, p.why(v), nil)
				}
			}
		}
	}
	a.golden("forms")
	t.Logf("%d pages of %d forms", a.shown, len(forms))
}

// Every message and every page that people meet in the conversations.
func TestEverythingInTheConversationsIsDrawnAsBefore(t *testing.T) {
	if racing.On {
		t.Skip("a long walk, one turn after the other: go test without -race")
	}
	files, err := filepath.Glob("../../testdata/talk/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no conversations: %v", err)
	}
	all := parts.All()
	total := 0
	seen := map[string]bool{} // in any conversation: each drawing is kept once
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".txt")
		t.Run(name, func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			a := newAlbum(t)
			a.older = seen
			err = talk.Watch(t.Context(), file, string(text), all, talk.Watcher{
				Message: func(to bot.Address, m bot.Message) { a.message(m, to.Platform != "") }, Page: a.page})
			if err != nil {
				t.Fatal(err)
			}
			a.golden(name)
			total += a.shown
			for platform, kinds := range a.lines {
				for kind := range kinds {
					seen[platform+kind] = true
				}
			}
		})
	}
	t.Logf("%d messages and pages", total)
}

// The page of each role, in the middle of a breach.
func TestThePageOfEachRoleIsDrawnAsBefore(t *testing.T) {
	if racing.On {
		t.Skip("a long walk, one turn after the other: go test without -race")
	}
	const file = "../../testdata/talk/breach-lost-folder.txt"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	a := newAlbum(t)
	err = talk.Watch(t.Context(), file, string(text), parts.All(), talk.Watcher{End: func(p *program.Program, _ time.Time) error {
		for _, role := range append([]string{"volunteer"}, config.Roles...) {
			user := "somebody-else"
			if holders := p.Config.Organisations[0].Roles[role]; len(holders) > 0 {
				user = holders[0].ID
			}
			r, err := p.Bot.Handle(t.Context(), bot.Event{Platform: "terminal", User: user, What: bot.Opened{}})
			if err != nil {
				return err
			}
			for _, m := range r.Page {
				for _, fault := range slack.CheckMessage(m) {
					t.Error(fault)
				}
			}
			a.draw(platforms[0], map[string]any{"of": "home page of " + role, "view": slack.DrawHome(r.Page)}, nil)
			if r, err = p.Bot.Handle(t.Context(), bot.Event{Platform: "terminal", User: user, What: bot.Ran{Command: "dp", Text: "home"}}); err != nil {
				return err
			}
			a.draw(platforms[1], map[string]any{"of": "home page of " + role, "messages": discord.Draw(*r.Reply)}, discord.CheckMessage(*r.Reply))
		}
		return nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	a.golden("home")
}
