package breach_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/ledongthuc/pdf"

	"shareright/bot"
	"shareright/handlers/breach"
	"shareright/internal/papers"
	knowledge "shareright/knowledge/breach"
	"shareright/knowledge/calendar"
)

var update = flag.Bool("update", false, "write the golden files anew")

func zone(t *testing.T) *time.Location {
	t.Helper()
	z, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// told is a breach with a name in the story, which no paper may show.
func told(t *testing.T) (bot.Turn, breach.Breach) {
	t.Helper()
	now := time.Date(2026, 11, 24, 9, 30, 0, 0, time.UTC)
	people := 12
	turn := bot.Turn{Now: now, Lang: "en", Org: bot.Org{Name: "Riverside Youth Club", Nation: "EW", Zone: zone(t), ICO: "Information Commissioner’s Office (ICO)",
		Registration: "ZA000000", Contact: bot.Contact{Name: "Sam Example", Phone: "07700 900123", Email: "dp@example.org"}}}
	return turn, breach.Breach{
		Cause: "wrong_email", Story: "I sent Ann Example's list to Bob Sample", People: &people, Data: []string{"contact", "health"}, Whom: []string{"children"},
		Happened: now.Add(-24 * time.Hour), Found: now.Add(-23 * time.Hour), Aware: now.Add(-23 * time.Hour), Reported: now.Add(-22 * time.Hour),
		By: "test:jo", ByName: "Jo Reporter", State: "held", Holder: "test:sam", HolderName: "Sam",
		Got:      []breach.Recipient{{State: "confirmed"}, {State: "asked"}},
		Notes:    breach.PackNotes{What: "A list of riders went to one wrong address.", Consequences: "People may worry.", Actions: "We asked for deletion."},
		Heard:    map[string]breach.Heard{"police": {At: now, Number: "CR-1"}},
		Facts:    map[string]string{"crime": "yes"},
		Reviews:  []breach.Review{{View: "agree", Note: "PRIVATE NOTE", By: "Tess"}},
		Log:      []breach.Line{{At: now.Add(-22 * time.Hour), Who: "Jo Reporter", What: "reported it"}, {At: now, Who: "Sam", What: "Jo Reporter listed 2 recipients."}},
		Decision: &breach.Decision{ICO: "yes", People: "no", Reason: "Health details.", ByName: "Sam"},
	}
}

func TestThePackIsInTheRegulatorsOrderWithWhatIsMissingFirst(t *testing.T) {
	turn, b := told(t)
	golden(t, "pack.golden", breach.Pack(knowledge.Default(), turn, "BR-7K3Q", b).Plain())
	b.Cause = "ransomware" // then the section for cyber incidents is there too
	pack := breach.Pack(knowledge.Default(), turn, "BR-7K3Q", b)
	var headings []string
	for _, block := range pack.Body {
		if block.Kind == bot.Heading {
			headings = append(headings, block.Text)
		}
	}
	if len(headings) == 0 || !strings.HasPrefix(headings[0], "Missing: ") {
		t.Fatalf("what is missing does not stand first: %q", headings)
	}
	golden(t, "pack-headings.golden", strings.Join(headings[1:], "\n"))

	file, err := papers.PDF(pack, turn.Org.Name, turn.Now)
	if err != nil {
		t.Fatal(err)
	}
	var drawn []string
	for _, line := range linesOf(t, file) {
		if slices.Contains(headings, line) {
			drawn = append(drawn, line)
		}
	}
	if diff := cmp.Diff(headings, drawn); diff != "" {
		t.Errorf("the PDF has other headings, or another order (-text +PDF):\n%s", diff)
	}
}

// linesOf are the lines of a PDF, from top to bottom and page by page.
func linesOf(t *testing.T, file []byte) []string {
	t.Helper()
	doc, err := pdf.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for n := range doc.NumPage() {
		y := -1.0
		for _, letter := range doc.Page(n + 1).Content().Text {
			if letter.Y != y {
				lines, y = append(lines, ""), letter.Y
			}
			lines[len(lines)-1] += letter.S
		}
	}
	return lines
}

func TestALateReportSaysSoAndAsksForReasons(t *testing.T) {
	turn, b := told(t)
	turn.Now = turn.Now.Add(72 * time.Hour)
	text := breach.Pack(knowledge.Default(), turn, "BR-7K3Q", b).Plain()
	if !strings.Contains(text, "Report to the regulator now.") || !strings.Contains(text, "• Reasons for delay\n") {
		t.Errorf("a late pack does not say so:\n%s", text)
	}
	b.Notes.Delay = "The finder was in hospital."
	if text = breach.Pack(knowledge.Default(), turn, "BR-7K3Q", b).Plain(); strings.Contains(text, "• Reasons for delay\n") || !strings.Contains(text, b.Notes.Delay) {
		t.Errorf("the reasons are given and still missed:\n%s", text)
	}
}

func TestAFollowUpRefersToTheFirstReport(t *testing.T) {
	turn, b := told(t)
	b.ICOAt, b.ICORef = turn.Now, "IC-100"
	b.Phases = []breach.Phase{{Promised: calendar.Date{Year: 2026, Month: 12, Day: 1}}}
	text := breach.Pack(knowledge.Default(), turn, "BR-7K3Q", b).Plain()
	if !strings.Contains(text, "Follow-up report") || !strings.Contains(text, "IC-100") {
		t.Errorf("no follow-up:\n%s", text)
	}
}

func TestACyberBreachHasTheCyberSection(t *testing.T) {
	turn, b := told(t)
	b.Cause = "ransomware"
	if text := breach.Pack(knowledge.Default(), turn, "BR-7K3Q", b).Plain(); !strings.Contains(text, "Cyber incidents only") {
		t.Errorf("no cyber section:\n%s", text)
	}
}

func TestNoPaperNamesAnybodyOrShowsAPrivateNote(t *testing.T) {
	turn, b := told(t)
	for _, id := range []string{"ico", "people", "wrong_recipient", "apology", "publisher", "board", "case"} {
		m, ok := breach.Paper(knowledge.Default(), turn, "BR-7K3Q", b, id)
		if !ok {
			t.Fatalf("there is no paper %s", id)
		}
		golden(t, "paper-"+id+".golden", m.Plain())
		for _, never := range []string{"Ann", "Bob", "Jo Reporter", "PRIVATE NOTE"} {
			if strings.Contains(m.Plain(), never) {
				t.Errorf("paper %s holds %q", id, never)
			}
		}
		file, err := papers.PDF(m, turn.Org.Name, turn.Now)
		if err != nil || len(file) < 5000 {
			t.Errorf("paper %s as PDF: %d bytes, %v", id, len(file), err)
		}
		if dir := os.Getenv("SHARERIGHT_TEST_PAPERS"); dir != "" {
			if err := os.WriteFile(filepath.Join(dir, id+".pdf"), file, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	if _, ok := breach.Paper(knowledge.Default(), turn, "BR-7K3Q", b, "poem"); ok {
		t.Error("there is a paper that nobody wrote")
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got+"\n"); diff != "" {
		t.Errorf("%s differs (-want +got):\n%s", name, diff)
	}
}
