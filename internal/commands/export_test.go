package commands

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"shareright/bot"
	"shareright/config"
	"shareright/internal/parts"
	"shareright/internal/program"
)

// reported is a data folder with two breaches, one of them about the lead, a near miss and a drill.
func reported(t *testing.T) (refs map[string]string) {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("SHARERIGHT_DATA", dir)
	t.Setenv("SHARERIGHT_CONFIG", "")
	t.Setenv("SHARERIGHT_HTTP_ADDR", "127.0.0.1:1") // where no other bot of this computer answers
	t.Setenv("SHARERIGHT_DP_LEAD", "slack:U0SAM")
	t.Setenv("SHARERIGHT_TRUSTEE", "slack:U0TESS")
	t.Setenv("SHARERIGHT_LEAD_PHONE", "07700 900123")
	s, err := config.Load("", os.Environ())
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	p, err := program.Open(t.Context(), s, parts.All(), program.Options{Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	do := func(user string, what bot.Deed, answers map[string][]string) string {
		r, err := p.Bot.Handle(t.Context(), bot.Event{Platform: "slack", User: user, UserName: "Jo", What: what})
		for range 10 {
			if err != nil {
				t.Fatal(err)
			}
			if r.Show == nil {
				break
			}
			r, err = p.Bot.Handle(t.Context(), bot.Event{Platform: "slack", User: user, What: bot.Submitted{Session: r.Show.Session, Seq: r.Show.Seq, Answers: answers}})
		}
		for word := range strings.FieldsSeq(r.Reply.Plain()) {
			if word = strings.Trim(word, ".,:"); len(word) == 7 && word[2] == '-' {
				return word
			}
		}
		t.Fatalf("no reference in %q", r.Reply.Plain())
		return ""
	}
	refs = map[string]string{
		"breach":   do("U0JO", bot.Ran{Command: "breach"}, map[string][]string{"cause": {"wrong_email"}, "people": {"12"}, "story": {"Ann Example got it"}}),
		"lead":     do("U0JO", bot.Ran{Command: "breach"}, map[string][]string{"cause": {"lost"}, "about": {"dp-lead"}}),
		"nearmiss": do("U0JO", bot.Ran{Command: "dp", Text: "nearmiss"}, map[string][]string{"kind": {"bcc"}}),
		"drill":    do("U0SAM", bot.Ran{Command: "dp", Text: "drill"}, nil),
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	return refs
}

// printed runs a command and returns what it prints.
func printed(t *testing.T, run func() error) (string, error) {
	t.Helper()
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	screen := os.Stdout
	os.Stdout = write
	text := make(chan string)
	go func() { all, _ := io.ReadAll(read); text <- string(all) }()
	err = run()
	os.Stdout = screen
	if closeErr := write.Close(); closeErr != nil {
		t.Fatal(closeErr)
	}
	return <-text, err
}

func TestAnExportLeavesOutWhatGoesRoundItsReader(t *testing.T) {
	refs := reported(t)
	for _, tc := range []struct {
		register, reader, only string
		want, never            []string
	}{
		{"breaches", "dp-lead", "", []string{"Reference,State,Cause", refs["breach"] + ",open,wrong_email"}, []string{refs["lead"], refs["drill"], refs["nearmiss"], "Ann", "Jo"}},
		{"breaches", "trustee", "", []string{refs["breach"], refs["lead"]}, []string{refs["drill"], "Ann"}},
		{"Breaches", "trustee", "lost", []string{refs["lead"]}, []string{refs["breach"]}},
		{"near-misses", "dp-lead", "", []string{refs["nearmiss"] + ",bcc"}, []string{refs["breach"], "Jo"}},
	} {
		c := Export{Register: tc.register, Format: "csv", Only: tc.only, Reader: Reader{For: tc.reader}}
		text, err := printed(t, func() error { return c.Run(&Commands{}, parts.All()) })
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range tc.want {
			if !strings.Contains(text, want) {
				t.Errorf("%s for %s lacks %q:\n%s", tc.register, tc.reader, want, text)
			}
		}
		for _, never := range tc.never {
			if strings.Contains(text, never) {
				t.Errorf("%s for %s holds %q:\n%s", tc.register, tc.reader, never, text)
			}
		}
	}
	for register, want := range map[string]string{"holidays": "There is no register called holidays", "near-misses": "may not read"} {
		c := Export{Register: register, Format: "csv", Reader: Reader{For: "trustee"}}
		if err := c.Run(&Commands{}, parts.All()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", register, err)
		}
	}
}

func TestAnExportIsAWorkbookThatOpens(t *testing.T) {
	refs := reported(t)
	out := filepath.Join(t.TempDir(), "breaches.xlsx")
	c := Export{Register: "breaches", Format: "xlsx", Out: out, Reader: Reader{For: "dp-lead"}}
	if _, err := printed(t, func() error { return c.Run(&Commands{}, parts.All()) }); err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenFile(out)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := book.GetRows("Register")
	if err != nil || len(rows) != 2 || rows[1][0] != refs["breach"] {
		t.Errorf("rows %q, %v", rows, err)
	}
}

func TestPapersAreMadeOfABreachAndOfNothingElse(t *testing.T) {
	refs := reported(t)
	paper := func(ref, id, reader, pdf string) (string, error) {
		c := Paper{Ref: strings.ToLower(ref), Paper: id, PDF: pdf, Reader: Reader{For: reader}}
		return printed(t, func() error { return c.Run(&Commands{}, parts.All()) })
	}
	text, err := paper(refs["breach"], "ico", "dp-lead", "")
	if err != nil || !strings.Contains(text, "Contact: phone: 07700 900123") || strings.Contains(text, "Ann") {
		t.Errorf("%v\n%s", err, text)
	}
	out := filepath.Join(t.TempDir(), "case.pdf")
	if _, err := paper(refs["breach"], "case", "dp-lead", out); err != nil {
		t.Fatal(err)
	}
	if content, err := os.ReadFile(out); err != nil || !bytes.HasPrefix(content, []byte("%PDF-")) {
		t.Errorf("no PDF: %v", err)
	}
	if _, err := paper(refs["lead"], "case", "trustee", ""); err != nil {
		t.Errorf("the trustee gets no paper of a report about the lead: %v", err)
	}
	var none *bot.NoPaper
	for _, tc := range []struct{ ref, id, reader, want string }{
		{refs["lead"], "case", "dp-lead", "There is no record"}, {"BR-2222", "case", "dp-lead", "There is no record"},
		{refs["drill"], "ico", "dp-lead", "is a drill"}, {refs["nearmiss"], "ico", "dp-lead", "is a near miss"},
		{refs["breach"], "poem", "dp-lead", "There is no such paper. Use one of: ico"}, {refs["breach"], "ico", "safeguarding-lead", "That paper is for"},
	} {
		if text, err := paper(tc.ref, tc.id, tc.reader, ""); err == nil || !strings.Contains(err.Error(), tc.want) || text != "" {
			t.Errorf("%s %s for %s: %q, %v", tc.ref, tc.id, tc.reader, text, err)
		}
	}
	if _, err := paper(refs["drill"], "ico", "dp-lead", ""); !errors.As(err, &none) {
		t.Errorf("a drill: %v", err)
	}
}

// Somebody at the computer holds the key, so nothing stops them from writing a register out. Whoever
// may read it hears of it from the bot, except those whom a written record goes round.
func TestARegisterThatIsWrittenOutAtTheComputerIsTold(t *testing.T) {
	reported(t)
	t.Setenv("SHARERIGHT_DEPUTY", "slack:U0DEE")
	for name, tc := range map[string]struct {
		register, reader string
		told             []string
	}{
		"without the report about the lead": {"breaches", "dp-lead", []string{"U0SAM", "U0DEE", "U0TESS"}},
		"with the report about the lead":    {"breaches", "trustee", []string{"U0DEE", "U0TESS"}},
		"not for the trustee":               {"near-misses", "deputy", []string{"U0SAM", "U0DEE"}},
		"again, so told again":              {"near-misses", "deputy", []string{"U0SAM", "U0DEE"}},
		"a register about no person":        {"processors", "dp-lead", nil},
	} {
		c := Export{Register: tc.register, Format: "csv", Reader: Reader{For: tc.reader}}
		if _, err := printed(t, func() error { return c.Run(&Commands{}, parts.All()) }); err != nil {
			t.Fatal(err)
		}
		d := &desk{}
		within(t, func(ctx context.Context, p *program.Program) error { // the bot that runs
			p.Bot.Attach(d)
			_, err := p.Runner.RunDue(ctx, time.Now().Add(time.Minute))
			return err
		})
		var told []string
		for _, m := range d.got {
			if !strings.HasPrefix(m.Message.Title, "Somebody at the bot’s computer has written out the register “") {
				continue
			}
			told = append(told, m.To.User)
			if text := m.Message.Plain(); !strings.Contains(text, time.Now().Format("2 January 2006")) || !strings.Contains(text, "/breach") || strings.Contains(text, "BR-") {
				t.Errorf("%s: %s is told %q", name, m.To.User, text)
			}
		}
		slices.Sort(told)
		slices.Sort(tc.told)
		if !slices.Equal(told, tc.told) {
			t.Errorf("%s: told are %q", name, told)
		}
	}
}

// desk is a platform that remembers what it was given.
type desk struct{ got []bot.Delivery }

func (*desk) Name() string                           { return "slack" }
func (*desk) Run(context.Context, bot.Handler) error { return nil }
func (d *desk) Deliver(_ context.Context, m bot.Delivery) (bot.MessageID, error) {
	d.got = append(d.got, m)
	return bot.MessageID(fmt.Sprint(len(d.got))), nil
}
