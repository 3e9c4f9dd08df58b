package canary

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/xuri/excelize/v2"

	"shareright/bot"
	"shareright/bot/discord"
	"shareright/bot/slack"
	"shareright/bot/terminal"
	"shareright/internal/papers"
	"shareright/internal/racing"
)

// hostile reads the texts that somebody may type to do harm.
func hostile(t *testing.T) (texts []string) {
	t.Helper()
	f, err := os.Open("testdata/hostile.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		line := lines.Text()
		if line == "" || strings.HasPrefix(line, "# ") && !strings.Contains(line, `\n`) {
			continue
		}
		text, err := strconv.Unquote(`"` + strings.ReplaceAll(strings.ReplaceAll(line, `\"`, `"`), `"`, `\"`) + `"`)
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		texts = append(texts, text)
	}
	if len(texts) < 70 {
		t.Fatalf("only %d texts", len(texts))
	}
	return texts
}

// everywhere is a message that holds the text in each place where one can stand.
func everywhere(text string) bot.Message {
	m := bot.Say(text, text).Add(bot.Heading, text).Add(bot.Quote, text).Add(bot.SmallLine, text).
		List(bot.Bullets, text, text).List(bot.Steps, text, text).List(bot.Pairs, text, text, "Where", text)
	m.Sources = []bot.Source{{Title: text, URL: "https://example.org/a"}, {Title: "x", URL: text}, {Title: text, Checked: text}}
	return *m.With(bot.Button{Action: "breach.show", Label: text, Ref: "BR-7K3Q"}, bot.Button{Action: "breach.close", Label: "Close", Ref: "BR-7K3Q", Style: bot.Danger, Confirm: text})
}

func form(text string) bot.View {
	return bot.View{Session: "S1", Seq: 2, Form: "f", Page: "p", Title: text, Step: text, Submit: text, CanBack: true, Intro: everywhere(text).Body,
		Fields: []bot.FieldView{{ID: "a", Kind: bot.StoryField, Label: text, Hint: text, Why: text, Value: []string{text}},
			{ID: "b", Kind: bot.OneField, Label: text, Options: []bot.Option{{Value: "v", Label: text, Hint: text}}, NotSure: text}}}
}

func check(text string) bot.View {
	return bot.View{Session: "S1", Seq: 2, Form: "f", Page: bot.CheckPage, Title: text, Submit: "Send", CanBack: true,
		Check: []bot.CheckLine{{Page: "p", Field: "a", Label: text, Answer: text}}}
}

// A text that somebody typed is text on every surface: it calls nobody, leads nowhere
// under another name, runs nothing, and forges no line.
func TestAHostileTextIsTextEverywhere(t *testing.T) {
	if racing.On {
		t.Skip("a long walk, one turn after the other: go test without -race")
	}
	surfaces := map[string]func(t *testing.T, text string){
		"Slack": slackSurface, "Discord": discordSurface, "terminal": terminalSurface,
		"PDF": pdfSurface, "CSV": csvSurface, "XLSX": xlsxSurface, "log": logSurface,
	}
	texts := hostile(t)
	for name, surface := range surfaces {
		t.Run(name, func(t *testing.T) {
			for _, text := range texts {
				surface(t, text)
			}
		})
	}
}

// drawn is what leaves for a platform, as it reads it again.
func drawn(t *testing.T, what any) any {
	t.Helper()
	raw, err := json.Marshal(what)
	if err != nil {
		t.Fatal(err)
	}
	var read any
	if err := json.Unmarshal(raw, &read); err != nil {
		t.Fatal(err)
	}
	return read
}

// each calls fn for every object in what was drawn.
func each(node any, fn func(map[string]any)) {
	switch n := node.(type) {
	case map[string]any:
		fn(n)
		for _, child := range n {
			each(child, fn)
		}
	case []any:
		for _, child := range n {
			each(child, fn)
		}
	}
}

// slackMark is whatever Slack reads between angle brackets; ours are links to where they say.
var (
	slackMark = regexp.MustCompile(`<([^>]*)>`)
	ourLink   = regexp.MustCompile(`^https?://[^|<>\s]+\|[^|<>]*$`)
)

func slackSurface(t *testing.T, text string) {
	t.Helper()
	seen := 0
	for _, what := range []any{slack.Draw(everywhere(text)), slack.DrawPage(form(text), map[string]string{"a": text, "": text}),
		slack.DrawPage(check(text), nil), slack.DrawHome([]bot.Message{everywhere(text)})} {
		each(drawn(t, what), func(o map[string]any) {
			said, is := o["text"].(string)
			if !is {
				return
			}
			seen++
			switch o["type"] {
			case "plain_text":
				if o["emoji"] == true {
					t.Errorf("%q: a plain text draws emoji names", text)
				}
				return
			case "text": // a part of a rich text, in which nothing is read as a mark
				return
			}
			for _, mark := range slackMark.FindAllStringSubmatch(said, -1) {
				if !ourLink.MatchString(mark[1]) {
					t.Errorf("%q is drawn with the mark <%s>", text, mark[1])
				}
			}
		})
	}
	if seen < 15 {
		t.Fatalf("%q: only %d texts were drawn", text, seen)
	}
}

// discordMark is what Discord would read as a call, a link with another name, or hidden text.
var discordMark = regexp.MustCompile(`@everyone|@here|(?:^|[^\\])(?:\\\\)*(?:<[@#&/]|<t:|<id:|\|\|)`)

// discordLink is a link with a name; ours lead to the web, in angle brackets, so without a preview.
var discordLink = regexp.MustCompile(`(?:^|[^\\])(?:\\\\)*\[(?:[^\]\\]|\\.)*\]\(([^)]*)\)`)

func discordSurface(t *testing.T, text string) {
	t.Helper()
	seen := 0
	for _, what := range []any{discord.Draw(everywhere(text)), discord.DrawPost(everywhere(text)), discord.DrawPage(form(text), map[string]string{"a": text}),
		discord.DrawPage(check(text), nil), discord.DrawWhy(form(text))} {
		each(drawn(t, what), func(o map[string]any) {
			said, is := o["content"].(string)
			if !is {
				return
			}
			seen++
			if mark := discordMark.FindString(said); mark != "" {
				t.Errorf("%q is drawn with %q in\n%s", text, mark, said)
			}
			for _, link := range discordLink.FindAllStringSubmatch(said, -1) {
				if !strings.HasPrefix(link[1], "<https://") && !strings.HasPrefix(link[1], "<http://") {
					t.Errorf("%q is drawn with a link to %q", text, link[1])
				}
			}
			if _, part := o["type"]; part { // of a window, which calls nobody
				return
			}
			if allowed, _ := o["allowed_mentions"].(map[string]any); fmt.Sprint(allowed["parse"]) != "[]" {
				t.Errorf("%q: it may call somebody: %v", text, o["allowed_mentions"])
			}
		})
	}
	if seen < 3 {
		t.Fatalf("%q: only %d messages were drawn", text, seen)
	}
}

func steers(r rune) bool {
	return r != '\n' && r != '\t' && unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) && r != '\u200e' && r != '\u200f' && r != '\u061c'
}

func terminalSurface(t *testing.T, text string) {
	t.Helper()
	var out strings.Builder
	window := terminal.New(terminal.Options{In: strings.NewReader("hello\n"), Out: &out})
	if err := window.Run(t.Context(), answering{everywhere(text)}); err != nil {
		t.Fatal(err)
	}
	if i := strings.IndexFunc(out.String(), steers); i >= 0 {
		t.Errorf("%q steers the window: %q", text, out.String()[max(0, i-20):min(len(out.String()), i+20)])
	}
	if out.Len() < 100 {
		t.Error("nothing was shown")
	}
}

// answering gives the same answer to everything.
type answering struct{ with bot.Message }

func (a answering) Handle(context.Context, bot.Event) (bot.Response, error) {
	return bot.Response{Reply: &a.with}, nil
}

func pdfSurface(t *testing.T, text string) {
	t.Helper()
	content, err := papers.PDF(everywhere(text), text, time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC))
	if err != nil {
		t.Errorf("%q cannot be drawn: %v", text, err)
	}
	plain, err := papers.PDF(everywhere("plain"), "plain", time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	for _, active := range []string{"/JavaScript", "/JS", "/Launch", "/URI", "/SubmitForm", "/EmbeddedFile", "/OpenAction", "/Annot", "/AA"} {
		if bytes.Count(content, []byte(active)) > bytes.Count(plain, []byte(active)) {
			t.Errorf("%q: the paper holds %s", text, active)
		}
	}
}

// listed is a register with the text in its reference and in a column.
func listed(text string) (bot.Register, []papers.Row) {
	return bot.Register{Title: "Things", Columns: []bot.Column{{Name: "Text", Value: func(record []byte) string { return string(record) }}}},
		[]papers.Row{{Ref: bot.Ref(text), Body: []byte(text)}}
}

// runsAsFormula says whether a spreadsheet might run a cell, however it trims it.
func runsAsFormula(cell string) bool {
	cell = strings.TrimLeftFunc(cell, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) })
	return strings.IndexAny(cell, "=+-@＝＋－＠") == 0
}

func csvSurface(t *testing.T, text string) {
	t.Helper()
	list, rows := listed(text)
	var out bytes.Buffer
	if err := papers.CSV(&out, list, rows); err != nil {
		t.Fatal(err)
	}
	cells, err := csv.NewReader(&out).ReadAll()
	if err != nil || len(cells) != 2 || len(cells[1]) != 2 {
		t.Fatalf("%q breaks the table: %q, %v", text, cells, err)
	}
	for _, cell := range cells[1] {
		if runsAsFormula(cell) {
			t.Errorf("%q stands as %q", text, cell)
		}
	}
}

func xlsxSurface(t *testing.T, text string) {
	t.Helper()
	list, rows := listed(text)
	var out bytes.Buffer
	if err := papers.XLSX(&out, list, rows); err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenReader(&out)
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	defer book.Close()
	for _, at := range []string{"A2", "B2"} {
		formula, err1 := book.GetCellFormula("Register", at)
		value, err2 := book.GetCellValue("Register", at)
		if err1 != nil || err2 != nil || formula != "" || runsAsFormula(value) {
			t.Errorf("%q stands as %q, formula %q, %v %v", text, value, formula, err1, err2)
		}
	}
}

// logSurface sees to it that a text makes no line of its own in the log.
func logSurface(t *testing.T, text string) {
	t.Helper()
	var out bytes.Buffer
	slog.New(slog.NewTextHandler(&out, nil)).Info(text, "ref", text, "error", fmt.Errorf("load %s", text))
	line := strings.TrimSuffix(out.String(), "\n")
	if strings.IndexFunc(line, func(r rune) bool { return r == '\n' || steers(r) }) >= 0 {
		t.Errorf("%q forges the log: %q", text, line)
	}
}
