package breach

import (
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (-want +got):\n%s", name, diff)
	}
}

// sentencesOf returns every text that people read, by where it stands.
func sentencesOf(c *Content) map[string][]string {
	found := map[string][]string{}
	add := func(where string, texts ...string) { found[where] = append(found[where], texts...) }
	for _, k := range c.Causes {
		add(k.Value, k.Label)
		add(k.Value, append(slices.Clone(k.Now), k.Avoid...)...)
	}
	for _, d := range c.DataKinds {
		add(d.ID, d.Label)
	}
	for _, p := range c.PeopleKinds {
		add(p.ID, p.Label)
	}
	for _, f := range c.Facts {
		add(f.ID, f.Label, f.Question, f.Hint)
	}
	for _, h := range c.Hearers {
		add(h.ID, h.Label, h.Within, h.How, h.Say)
	}
	for _, s := range c.Report {
		add(s.ID, s.Heading, s.Hint)
		for _, f := range s.Fields {
			add(f.ID, f.Label, f.Hint)
		}
	}
	for _, texts := range []map[string]string{c.Advice.Advice, c.Advice.Reasons, c.Advice.Overrides, c.Advice.Questions} {
		for key, text := range texts {
			add(key, text)
		}
	}
	for _, e := range c.Advice.Exposures {
		add(e.ID, e.Says)
	}
	for _, s := range c.Advice.Steps {
		add(s.ID, s.Asks)
	}
	for _, l := range c.Letters {
		text, _, _ := l.Write(nil)
		add(l.ID, l.Title, l.Why, regexp.MustCompile(`\[[^\]]*\]|\*\*`).ReplaceAllString(text, " "))
	}
	return found
}

func TestSentencesAreShortAndPlain(t *testing.T) {
	ends := regexp.MustCompile(`[.?!:]+\s|\n`)
	banned := regexp.MustCompile(`(?i)\b(please|invalid|forbidden|oops|pursuant|hereby|aforementioned|data subjects?|controller|utili[sz]e)\b`)
	for where, texts := range sentencesOf(Default()) {
		for _, text := range texts {
			for _, sentence := range ends.Split(text, -1) {
				if n := len(strings.Fields(sentence)); n > 20 {
					t.Errorf("%s: %d words: %s", where, n, sentence)
				}
			}
			if word := banned.FindString(text); word != "" {
				t.Errorf("%s: says %q: %s", where, word, text)
			}
		}
	}
}

func TestStepsAreWholeSentences(t *testing.T) {
	for _, k := range Default().Causes {
		for _, step := range append(slices.Clone(k.Now), k.Avoid...) {
			if !strings.HasSuffix(step, ".") || step[0] < 'A' || step[0] > 'Z' {
				t.Errorf("%s: a comma may have cut this step in two: %q", k.Value, step)
			}
		}
		if len(k.Now) > 7 {
			t.Errorf("%s: %d steps are too many for five minutes", k.Value, len(k.Now))
		}
	}
}

func TestTheSixThingsThatCanHappenAreCauses(t *testing.T) {
	c := Default()
	for _, value := range []string{"lost", "stolen", "destroyed", "altered", "disclosed", "made_available"} {
		k, ok := c.Cause(value)
		if !ok || !slices.Contains(k.Nature, value) {
			t.Errorf("%s: got %+v", value, k)
		}
		if found := c.MatchCauses(strings.ReplaceAll(value, "_", " ")); len(found) == 0 || found[0].Value != value {
			t.Errorf("typing %q does not find the cause first", value)
		}
	}
}

func TestPeoplesOwnWordsFindTheCause(t *testing.T) {
	for words, want := range map[string]string{
		"lost": "lost", "Lost folder": "lost", "left on the bus": "lost", "e-mail to the wrong person": "wrong_email",
		"I put them in CC instead of BCC!": "bcc", "clicked a link": "phishing", "my laptop was a stolen laptop": "stolen_device",
		"WhatsApp": "chat", "virus": "ransomware", "system down": "outage", "posted to the wrong address": "post",
		"not sure": "other", "our supplier had a breach": "supplier", "nasty comments about a member": "bullying",
	} {
		if found := Default().MatchCauses(words); len(found) == 0 || found[0].Value != want {
			t.Errorf("%q: got %v, want %s", words, found, want)
		}
	}
	if found := Default().MatchCauses(" ?! "); found != nil {
		t.Errorf("nothing said finds %v", found)
	}
}

func TestACauseIsGuessedOnlyWhereOneIsLikeliest(t *testing.T) {
	for words, want := range map[string]string{
		"I sent the trip list to the wrong person": "", "I emailed the wrong parent": "wrong_email", "sent the list to the wrong person": "",
		"left the register on the bus": "lost", "i forgot bcc on the newsletter": "bcc", "my laptop was stolen from the car": "stolen_device",
		"lost my phone": "stolen_device", "clicked a link in a scam e-mail": "phishing", "somebody posted it in the wrong group on WhatsApp": "chat",
		"our supplier was hacked": "", "something odd happened": "", "not sure": "", "": "", "wrong_email": "wrong_email",
	} {
		if got, _ := Default().GuessCause(words); got.Value != want {
			t.Errorf("%q: guessed %q, want %q", words, got.Value, want)
		}
	}
}

func TestTheMisSentEMailFollowsTheWholeSequence(t *testing.T) {
	k, _ := Default().Cause("wrong_email")
	steps := strings.ToLower(strings.Join(k.Now, "\n"))
	at := -1
	for _, word := range []string{"recall", "it support", "phone each", "delete", "in writing", "search the web"} {
		next := strings.Index(steps, word)
		if next <= at {
			t.Errorf("%q is missing or out of order in:\n%s", word, steps)
		}
		at = next
	}
	if k.Track != "recipients" {
		t.Error("the recipients are not tracked")
	}
}

func TestDangerComesFirstWhereSomebodyMayBeHarmed(t *testing.T) {
	for _, value := range []string{"bullying", "disclosed", "redaction", "impostor", "other"} {
		k, _ := Default().Cause(value)
		if !strings.Contains(k.Now[0], "999") {
			t.Errorf("%s begins with %q", value, k.Now[0])
		}
	}
}

func TestPicksBecomeAttributes(t *testing.T) {
	c := Default()
	a := c.Gather("stolen_device", []string{"health", "contact"}, []string{"children", "volunteers"})
	if !slices.Equal(a.DataTypes, []string{"contact", "health"}) || !yes(a.SpecialCategory) || !yes(a.Vulnerable) || a.People != nil || a.Encrypted != nil {
		t.Errorf("got %s", show(a))
	}
	a = c.Gather("bcc", []string{"not_known"}, []string{"not_known"})
	if a.SpecialCategory != nil || a.Vulnerable != nil || !slices.Equal(a.DataTypes, []string{"email"}) {
		t.Errorf("not known became a fact: %s", show(a))
	}
	if a := c.Gather("post", []string{"diet", "beliefs"}, nil); !Assess(a).NotifyIndividuals {
		t.Errorf("faith beside a food need is taken for the food need: %s", show(a))
	}
	a = c.Gather("bcc", []string{"health"}, nil)
	*a.Malicious, a.DataTypes[0] = true, "health"
	if k, _ := c.Cause("bcc"); !slices.Equal(k.Hints.DataTypes, []string{"email"}) || *k.Hints.Malicious {
		t.Errorf("gathering changed the content: %v", k.Hints.DataTypes)
	}
}

func noticeIDs(notices []Notice, must bool) []string {
	var ids []string
	for _, n := range notices {
		if n.Must == must {
			ids = append(ids, n.ID)
		}
	}
	return ids
}

func TestWhoElseMustHear(t *testing.T) {
	child := Attributes{DataTypes: []string{"child_protection"}}
	for _, one := range []struct {
		name string
		s    Situation
		want []string
	}{
		{"serious harm in England with a network", Situation{Nation: "EW", Network: "Home-Start UK", Cause: "wrong_email", Attributes: child, NotifyICO: true,
			TellPeople: true, Known: map[string]bool{"significant_harm": true}},
			[]string{"dp_lead", "chair", "safeguarding_lead", "ico", "people", "charity_commission", "network"}},
		{"the same in Scotland without a network", Situation{Nation: "S", Cause: "wrong_email", Attributes: child, NotifyICO: true, TellPeople: true,
			Known: map[string]bool{"significant_harm": true}},
			[]string{"dp_lead", "chair", "safeguarding_lead", "ico", "people", "oscr"}},
		{"phishing in Northern Ireland", Situation{Nation: "NI", Cause: "phishing", Attributes: Attributes{DataTypes: []string{"financial"}}, NotifyICO: true},
			[]string{"dp_lead", "chair", "ico", "ccni", "report_fraud", "bank"}},
		{"a worker is taken off work", Situation{Nation: "EW", Cause: "wrong_access", Known: map[string]bool{"worker_concern": true, "worker_removed": true}},
			[]string{"dp_lead", "chair", "safeguarding_lead", "lado", "dbs"}},
		{"a small slip", Situation{Nation: "EW", Cause: "bcc", Attributes: Attributes{DataTypes: []string{"email"}}}, []string{"dp_lead", "chair"}},
	} {
		t.Run(one.name, func(t *testing.T) {
			if diff := cmp.Diff(one.want, noticeIDs(Default().WhoElse(one.s), true)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestWhomToTellFirstFollowsTheNation(t *testing.T) {
	for nation, want := range map[string][]string{
		"EW": {"dp_lead", "report_fraud", "bank", "insurer"}, "S": {"dp_lead", "police_scotland", "bank", "insurer"},
	} {
		var got []string
		for _, h := range Default().TellFirst("phishing", nation) {
			got = append(got, h.ID)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", nation, diff)
		}
	}
}

func TestTheRegulatorsQuestionsAreAnswered(t *testing.T) {
	for _, one := range []struct {
		name, attributes string
		want             []string
	}{
		{"handed back by somebody trusted", `{"data_types":["health"],"recipients":"known_trusted","recovered":true}`, []string{"Yes", "Unlikely: write it down", "Yes"}},
		{"many saw education data", `{"data_types":["education"],"people":30,"recipients":"known_many"}`, []string{"Yes", "Likely: tell the ICO", "No", "No"}},
		{"an outsider says a health note is deleted", `{"data_types":["health"],"recipients":"known_untrusted","recovered":true}`, []string{"Yes", "Likely: tell the ICO", "In part", "No"}},
		{"a safeguarding note is lost", `{"data_types":["child_protection"],"recipients":"none_known"}`, []string{"Yes", "Likely: tell the ICO", "No", "Yes: tell the people too"}},
	} {
		t.Run(one.name, func(t *testing.T) {
			a, err := Default().ReadAttributes([]byte(one.attributes))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, s := range Default().Steps(a) {
				got = append(got, s.Answer)
			}
			if diff := cmp.Diff(one.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAnUnansweredQuestionLeavesTheBodyOpen(t *testing.T) {
	s := Situation{Nation: "EW", Cause: "bcc"}
	if got := noticeIDs(Default().WhoElse(s), false); !slices.Contains(got, "lado") || !slices.Contains(got, "insurer") {
		t.Errorf("still open: %v", got)
	}
	s.Known = map[string]bool{}
	for _, f := range Default().Facts {
		if f.ID != "always" {
			s.Known[f.ID] = false
		}
	}
	if got := noticeIDs(Default().WhoElse(s), false); len(got) > 0 {
		t.Errorf("all answered, still open: %v", got)
	}
	if got := len(Default().Questions()); got != 5 {
		t.Errorf("%d questions, want five short ones", got)
	}
}

func TestTheReportKeepsTheRegulatorsOrder(t *testing.T) {
	var out strings.Builder
	for i, s := range Default().Report {
		fmt.Fprintf(&out, "%d. %s\n", i+1, s.Heading)
		for _, f := range s.Fields {
			fmt.Fprintf(&out, "   - %s\n", f.Label)
		}
	}
	golden(t, "report_order.golden", out.String())
}

func TestLettersAreWrittenAndSayWhatIsMissing(t *testing.T) {
	var out strings.Builder
	for _, l := range Default().Letters {
		values := map[string]string{"lead": "Sam Example", "phone": "07700 900123", "email": "lead@example.org", "organisation": "Example Trust"}
		text, missing, err := l.Write(values)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&out, "== %s (missing: %s)\n%s\n", l.ID, strings.Join(missing, " "), text)
	}
	golden(t, "letters.golden", out.String())
}

func TestWhatPeopleTypeIsNeverRunAsATemplate(t *testing.T) {
	l, _ := Default().Letter("apology")
	text, _, err := l.Write(map[string]string{"what_happened": "{{.lead}} <b>&"})
	if err != nil || !strings.Contains(text, "{{.lead}} <b>&") {
		t.Errorf("got %q, %v", text, err)
	}
}

func TestAnOrganisationCanReplaceOneFile(t *testing.T) {
	own := fstest.MapFS{"people_kinds.yaml": {Data: []byte("- {id: riders, label: Riders, form: [Customers]}\n")}}
	c, err := Load(Over(own, Files()))
	if err != nil {
		t.Fatal(err)
	}
	if len(c.PeopleKinds) != 1 || len(c.Causes) != len(Default().Causes) {
		t.Errorf("got %d kinds of people, %d causes", len(c.PeopleKinds), len(c.Causes))
	}
}

func TestMistakesInContentAreNamedWithFileEntryAndNearestWord(t *testing.T) {
	replace := func(file, old, new string) fstest.MapFS {
		text, err := fs.ReadFile(Files(), file)
		if err != nil || !strings.Contains(string(text), old) {
			t.Fatalf("%s does not hold %q: %v", file, old, err)
		}
		return fstest.MapFS{file: {Data: []byte(strings.Replace(string(text), old, new, 1))}}
	}
	for _, one := range []struct {
		name string
		own  fs.FS
		want string
	}{
		{"a misspelt exposure", replace("data_types.yaml", "ico: outsider", "ico: outsidr"), `did you mean "outsider"?`},
		{"a misspelt nature", replace("causes.yaml", "nature: [lost]", "nature: [lots]"), `causes.yaml:10: "lost": there is no nature "lots"; did you mean "lost"?`},
		{"a misspelt hint", replace("causes.yaml", "recipients: none_known", "recipients: none_knwn"), `did you mean "none_known"?`},
		{"a misspelt key", replace("causes.yaml", "  avoid: [", "  avoids: ["), "causes.yaml"},
		{"a source that is not listed", replace("hearers.yaml", "sources: [art34, seed-hope]", "sources: [art43, seed-hope]"), `hearers.yaml:33: "people": there is no source "art43"; did you mean "art33"?`},
		{"an unknown fact", replace("hearers.yaml", "when: [notify_ico]", "when: [notfy_ico]"), `did you mean "notify_ico"?`},
		{"a field that the letter does not explain", replace("letters/board.md", "{{.found}}", "{{.fond}}"), `letters/board.md: letters.yaml does not say what belongs in "fond"; did you mean "found"?`},
		{"a program inside a letter", replace("letters/board.md", "{{.found}}", "{{range .found}}{{end}}"), "a letter may hold only text and fields"},
		{"people before the regulator", replace("data_types.yaml", "ico: outsider, people: many", "ico: outsider, people: contained"), "the people cannot hear before the regulator"},
		{"a missing sentence", replace("advice.yaml", "  malicious: Somebody did this on purpose.\n", ""), `"malicious" needs a sentence`},
		{"a missing file", fstest.MapFS{"letters.yaml": {Data: []byte("- {id: x, title: X, file: letters/none.md, why: y, sources: [art34]}\n")}}, "letters/none.md"},
	} {
		t.Run(one.name, func(t *testing.T) {
			_, err := Load(Over(one.own, Files()))
			if err == nil || !strings.Contains(err.Error(), one.want) {
				t.Errorf("got %v\nwant %s", err, one.want)
			}
		})
	}
}
