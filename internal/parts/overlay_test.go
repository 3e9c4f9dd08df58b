package parts

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"shareright/bot"
	"shareright/knowledge/calendar"
	"shareright/knowledge/words"
)

// folder writes an organisation's own content and returns where it is.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

const ourFunder = `- id: our-funder
  when: {recipient: funder, data: list}
  decision: ask_dp_lead
  do: Send the grant form with numbers only.
  share: ["@anon"]
  sources: [ico-code]
`

func TestEachWayToChangeOurContentTakesEffect(t *testing.T) {
	own := folder(t, map[string]string{
		"README.md":                           "What we changed, and why.",
		"share/rules/36-ours.yaml":            ourFunder,
		"share/rules/extra-70-public.yaml":    "", // begun, and nothing in it yet
		"share/rules/.36-ours.yaml.swp":       "what an editor leaves behind",
		"share/rules/37-guide.yaml":           "- id: guide\n  when: {recipient: landlord, data: reference}\n  decision: ask_dp_lead\n  do: See our guide.\n  sources: [our-guide]\n",
		"share/rules/extra-99-rest.yaml":      strings.NewReplacer("our-funder", "ask-the-lead", "{recipient: funder, data: list}", "{}").Replace(ourFunder),
		"share/extra-phrases.yaml":            "anon: Numbers are enough.\n",
		"share/extra-sources.yaml":            "- {id: our-guide, title: Our guide, checked: 2026-11-22}\n",
		"share/lexicon/extra-recipients.yaml": `- {fact: recipient, value: funder, phrases: "the lottery people"}`,
		"words/en/extra-share.yaml":           "law: Our law.\n",
		"breach/letters/board.md":             ours(t, "breach", "letters/board.md"),
		"retention/rules-people.yaml":         ours(t, "retention", "rules-people.yaml"),
		"ask/extra-sentences.yaml":            "ask_person: Ask Sam.\n",
		"calendar/mornings.yaml":              "hour: 18\ndays: [tuesday, saturday]\n",
		"words/en/extra-breach.yaml":          "ico-number: The number they gave you\n",
		"policy/ours.yaml":                    "subject: ours\nkind: policy\nsource: ours\nchecked: \"2026-11-22\"\ntopics: [{id: minibus, means: [minibus], says: [the van]}]\n",
	})
	known, said, mistakes := know(own)
	if len(mistakes) > 0 {
		t.Fatal(errors.Join(mistakes...))
	}
	a := known.Share.Decide(known.Share.Read("can the lottery people have a list of who came?").Facts)
	if a.Rule != "our-funder" || strings.Join(a.Parts.Share, " ") != "Numbers are enough." {
		t.Errorf("rule %s says %q", a.Rule, a.Parts.Share)
	}
	if a := known.Share.Decide(known.Share.Read("who knows").Facts); a.Rule != "ask-the-lead" || a.Parts.Do != "Send the grant form with numbers only." {
		t.Errorf("our rule in the place of theirs: %s says %q", a.Rule, a.Parts.Do)
	}
	if got := said.Say("en", "share.law"); got != "Our law." {
		t.Errorf("the sentence is %q", got)
	}
	on := known.Calendar.Mornings(calendar.Scotland)
	if got := on.At(calendar.Date{Year: 2026, Month: time.November, Day: 25}, time.UTC); got.Format(time.DateTime) != "2026-11-28 18:00:00" {
		t.Errorf("after a Wednesday people are reminded at %s", got)
	}
	if got := said.Say("en", "breach.ico-number"); got != "The number they gave you" {
		t.Errorf("the form about the regulator asks %q", got)
	}
	if got := said.Say("en", "share.keep"); got == "share.keep" && words.Has("share.keep") {
		t.Error("a sentence that was not changed is lost")
	}
}

func ours(t *testing.T, name, file string) string {
	t.Helper()
	for _, topic := range topics() {
		if topic.name == name {
			text, err := fs.ReadFile(topic.base, file)
			if err != nil {
				t.Fatal(err)
			}
			return string(text)
		}
	}
	t.Fatalf("no topic %s", name)
	return ""
}

// What a lead may get wrong is told with the file and what was meant, and nothing of it is used.
func TestASlipInOwnContentIsToldWithWhatWasMeant(t *testing.T) {
	for _, c := range []struct{ slip, file, text, says string }{
		{"a misspelt fact", "share/rules/36-ours.yaml", strings.Replace(ourFunder, "recipient:", "recipent:", 1), `share/rules/36-ours.yaml: rule "our-funder": there is no question "recipent"; did you mean "recipient"?`},
		{"a misspelt value", "share/rules/36-ours.yaml", strings.Replace(ourFunder, "funder,", "fundr,", 1), `did you mean "funder"?`},
		{"a misspelt decision", "share/rules/36-ours.yaml", strings.Replace(ourFunder, "ask_dp_lead", "ask_dp_led", 1), `share/rules/36-ours.yaml: rule "our-funder": "ask_dp_led" is no decision; did you mean "ask_dp_lead"?`},
		{"a sentence that a comma cut in two", "share/rules/36-ours.yaml", strings.Replace(ourFunder, `["@anon"]`, "[Numbers, and no names.]", 1), `"and no names." begins in the middle of a sentence`},
		{"a misspelt phrase", "share/rules/36-ours.yaml", strings.Replace(ourFunder, "@anon", "@annon", 1), `there is no phrase "annon"; did you mean "anon"?`},
		{"a misspelt source", "share/rules/36-ours.yaml", strings.Replace(ourFunder, "ico-code", "ico-cod", 1), `there is no source "ico-cod"; did you mean "ico-code"?`},
		{"a misspelt key", "share/rules/36-ours.yaml", strings.Replace(ourFunder, "  do:", "  doo:", 1), "unknown field \"doo\""},
		{"no YAML", "share/rules/36-ours.yaml", "a: [", "share/rules/36-ours.yaml: [1:4]"},
		{"an id of ours in a file of its own", "share/rules/36-ours.yaml", strings.Replace(ourFunder, "our-funder", "police", 1), "another rule has the same id"},
		{"a rule that stands before danger", "share/rules/05-ours.yaml", ourFunder, "somebody in danger is always helped at once, yet these facts lead there: danger=now"},
		{"a rule that turns a worry away", "share/rules/11-ours.yaml", "- id: ours\n  when: {danger: \"no\", recipient: childrens_services}\n  decision: do_not_share\n  do: No.\n  sources: [ico-code]\n", "a worry about harm is never turned away"},
		{"a rule that never holds", "share/rules/36-ours.yaml", strings.Replace(ourFunder, "data: list", "danger: now", 1), "never holds"},
		{"the last rule lost", "share/rules/99-rest.yaml", ourFunder, "the last rule must hold whatever the facts"},
		{"words that no longer hear an emergency", "share/lexicon/signs.yaml", "[]", "is no longer heard as an emergency"},
		{"a value in the words that no question has", "share/lexicon/extra-recipients.yaml", "- {fact: recipient, value: fundr, phrases: the lottery people}", `share/lexicon/extra-recipients.yaml: "fundr" is no value of "recipient"; did you mean "funder"?`},
		{"an extra file that adds to nothing", "share/extra-phrase.yaml", "anon: No.", `share/extra-phrase.yaml: it adds to phrase.yaml, and there is no such file; did you mean "phrases.yaml"?`},
		{"a file nobody reads", "share/rule/36-ours.yaml", ourFunder, "share/rule/36-ours.yaml: there is no such file of ours to replace; a new file is called rules/*.yaml"},
		{"a folder nobody reads", "shar/phrases.yaml", "anon: No.", `did you mean "share"?`},
		{"words for a nation that is none", "share/extra-phrases.yaml", `anon: "{scotlnd: Numbers are enough.}"` + "\n", `"scotlnd" is no nation; did you mean "scotland"?`},
		{"half a sentence for one nation", "share/extra-phrases.yaml", `anon: "Numbers {scotland: and no names} are enough."` + "\n", "{scotland: and no names} must hold whole sentences"},
		{"a brace that does not close", "share/extra-phrases.yaml", `anon: "{scotland: Numbers are enough."` + "\n", "has a brace that does not close"},
		{"a first line that one nation lacks", "share/rules/36-ours.yaml", strings.Replace(ourFunder, "do: Send the grant form with numbers only.", `do: "{england wales: Send the grant form with numbers only.}"`, 1), "the first line (do) says nothing in scotland"},
		{"a nation that is none, and what it does otherwise", "share/extra-nations.yaml", "ours: {walse: Ask the council.}\n", `nations.yaml: ours: "walse" is no nation; did you mean "wales"?`},
		{"a name for a nation that is none", "share/extra-called.yaml", "the LADO: {scotlnd: the council}\n", `called.yaml: the LADO: "scotlnd" is no nation; did you mean "scotland"?`},
		{"a name that is empty", "share/extra-called.yaml", "the LADO: {scotland: \"\"}\n", `called.yaml: "the LADO" is called "" in scotland; write both names`},
		{"a day of the week that is none", "calendar/mornings.yaml", "hour: 9\ndays: [teusday]\n", `calendar/mornings.yaml: "teusday" is no day of the week; did you mean "tuesday"?`},
		{"no day at all to be reminded on", "calendar/mornings.yaml", "hour: 9\n", "calendar/mornings.yaml: there is no day on which to remind; name one at least"},
		{"an hour that no clock shows", "calendar/extra-mornings.yaml", "hour: 24\n", "calendar/mornings.yaml: the hour is 24; use a whole hour from 0 to 23"},
		{"a question about the regulator that nothing asks", "words/en/extra-breach.yaml", "ico-numbr: Their number\n", `words/en/breach.yaml: nothing says "ico-numbr"; did you mean "ico-number"?`},
		{"a sentence that nothing says", "words/en/extra-share.yaml", "kpt: Kept.", `words/en/share.yaml: nothing says "kpt"; did you mean "kept"?`},
		{"a place to fill in that was lost", "words/en/extra-share.yaml", "kept: Kept.", `"kept" fills in nothing, and ours {ref}`},
	} {
		t.Run(c.slip, func(t *testing.T) {
			known, mistakes := Know(folder(t, map[string]string{c.file: c.text}))
			if all := errors.Join(mistakes...); all == nil || !strings.Contains(all.Error(), c.says) {
				t.Errorf("it says %v\nwant %s", all, c.says)
			}
			if known.Share != nil || known.Breach != nil {
				t.Error("some of it is used all the same")
			}
		})
	}
}

// A folder with a mistake changes nothing: the program runs on what is built in, and says so.
func TestABrokenFolderNeverTakesTheEmergencyWordsDown(t *testing.T) {
	p := Over(folder(t, map[string]string{"share/lexicon/harm.yaml": "[]", "share/rules/10-emergency.yaml": "[]", "words/en/bot.yaml": "a: ["}))
	if len(p.Mistakes) == 0 {
		t.Error("nothing is told")
	}
	if _, urgent := p.Emergency("he is not breathing"); !urgent {
		t.Error("the emergency is not heard")
	}
	if len(p.Features) != len(All().Features) {
		t.Error("features are missing")
	}
	if p = Over(filepath.Join(t.TempDir(), "gone")); len(p.Mistakes) != 1 {
		t.Errorf("a folder that is not there: %v", p.Mistakes)
	}
}

func TestACopyOfOurContentIsReadBackWithoutMistakes(t *testing.T) {
	dir := t.TempDir()
	written, kept, err := CopyContent(dir)
	if err != nil || written < 50 || kept != 0 {
		t.Fatalf("%d written, %d kept, %v", written, kept, err)
	}
	if mistakes := Content(dir); len(mistakes) > 0 {
		t.Error(errors.Join(mistakes...))
	}
	if advice := Advice(dir); len(advice) < 50 {
		t.Error("nobody is told that the copies are the same as ours")
	}
	if again, kept, err := CopyContent(dir); again != 0 || kept != written || err != nil {
		t.Errorf("a second copy wrote %d over what may have been changed, %v", again, err)
	}
}

func TestALongSentenceIsAdvisedAgainst(t *testing.T) {
	long := strings.Repeat("word ", 25)
	advice := Advice(folder(t, map[string]string{"share/extra-phrases.yaml": "anon: Short. " + long + "\n", "share/rules/36-ours.yaml": strings.Replace(ourFunder, "Send the", long, 1)}))
	if len(advice) != 2 || !strings.Contains(advice[0]+advice[1], "Use 20 at most") {
		t.Errorf("advice: %q", advice)
	}
}

// heard is a platform that remembers what was delivered.
type heard struct{ said []string }

func (*heard) Name() string                           { return "slack" }
func (*heard) Run(context.Context, bot.Handler) error { return nil }
func (h *heard) Deliver(_ context.Context, d bot.Delivery) (bot.MessageID, error) {
	h.said = append(h.said, d.To.User+" "+d.Message.Plain())
	return "m", nil
}

func TestTheLeadIsToldOnceThatTheirContentIsBroken(t *testing.T) {
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	p := open(t, now, "slack:U0SAM")
	h := &heard{}
	p.Bot.Attach(h)
	for range 2 { // two starts with the same mistake
		if err := p.TellMistakes(t.Context(), []error{errors.New("share/phrases.yaml: no YAML")}); err != nil {
			t.Fatal(err)
		}
		if _, err := p.Runner.RunDue(t.Context(), now); err != nil {
			t.Fatal(err)
		}
	}
	if len(h.said) != 1 || !strings.Contains(h.said[0], "U0SAM") || !strings.Contains(h.said[0], "share/phrases.yaml: no YAML") || !strings.Contains(h.said[0], "emergencies work as always") {
		t.Errorf("told: %q", h.said)
	}
}
