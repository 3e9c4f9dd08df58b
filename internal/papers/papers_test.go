package papers

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"shareright/bot"
)

var day = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

func list() bot.Register {
	return bot.Register{Title: "Things", Columns: []bot.Column{{Name: "Text", Value: func(record []byte) string { return string(record) }}}}
}

func TestNoCellRunsAsAFormula(t *testing.T) {
	for _, evil := range []string{`=HYPERLINK("http://example.org")`, "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＠A1"} {
		rows := []Row{{Ref: "BR-2222", Body: []byte(evil)}}
		var text, book bytes.Buffer
		if err := CSV(&text, list(), rows); err != nil {
			t.Fatal(err)
		}
		cells, err := csv.NewReader(&text).ReadAll()
		if err != nil || !strings.HasPrefix(cells[1][1], "'") {
			t.Errorf("CSV of %q: %q, %v", evil, cells, err)
		}
		if err := XLSX(&book, list(), rows); err != nil {
			t.Fatal(err)
		}
		f, err := excelize.OpenReader(&book)
		if err != nil {
			t.Fatal(err)
		}
		value, err := f.GetCellValue("Register", "B2")
		formula, err2 := f.GetCellFormula("Register", "B2")
		if err != nil || err2 != nil || formula != "" || !strings.HasPrefix(value, "'") {
			t.Errorf("XLSX of %q: value %q, formula %q, %v %v", evil, value, formula, err, err2)
		}
	}
}

func TestAPaperIsDrawnWhateverPeopleTyped(t *testing.T) {
	for _, text := range []string{"thanks \U0001F600", "\u202eturned", "\x00\x1b[2J", string([]byte{0xff, 0xfe})} {
		m := bot.Say(text, text).List(bot.Pairs, text, text).List(bot.Steps, text).Add(bot.Heading, text)
		if _, err := PDF(*m, text, day); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestOrdinaryCellsStayAsTheyAre(t *testing.T) {
	var text bytes.Buffer
	if err := CSV(&text, list(), []Row{{Ref: "BR-2222", Body: []byte("a \"quoted\", text – with 1 line")}}); err != nil {
		t.Fatal(err)
	}
	want := "Reference,Text\r\nBR-2222,\"a \"\"quoted\"\", text – with 1 line\"\r\n"
	if text.String() != want {
		t.Errorf("got %q, want %q", text.String(), want)
	}
}

func TestALongMessageRunsOverPagesAndIsTheSameEachTime(t *testing.T) {
	m := bot.Say("A long paper", "With a paragraph.")
	for range 60 {
		m.Add(bot.Heading, "A heading").List(bot.Pairs, "A label that is long enough to wrap in its column", strings.Repeat("value ", 40)).List(bot.Bullets, "one", "two")
	}
	first, err := PDF(*m, "Example Trust", day)
	if err != nil {
		t.Fatal(err)
	}
	again, err := PDF(*m, "Example Trust", day)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first, again) {
		t.Error("the same paper gives other bytes")
	}
	if pages := bytes.Count(first, []byte("/Type /Page\n")); pages < 5 {
		t.Errorf("%d pages", pages)
	}
	other, err := PDF(*bot.Say("A long paper", "With another paragraph."), "Example Trust", day)
	if err != nil || bytes.Equal(first, other) {
		t.Errorf("another paper gives the same bytes, %v", err)
	}
}
