package papers

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"

	"shareright/bot"
)

// Whatever people typed, it can be drawn and listed, and no cell begins as a formula does.
func FuzzAnyTextCanBeDrawnAndListed(f *testing.F) {
	f.Add("=1+1\t(Tj) \x00 \u202e {pages} \U0001F600 ﷽")
	f.Add(" \t=cmd|' /C calc'!A0")
	f.Fuzz(func(t *testing.T, text string) {
		m := bot.Say(text, text).List(bot.Pairs, text, text).List(bot.Bullets, text).Add(bot.Quote, text)
		if content, err := PDF(*m, text, day); err != nil || !bytes.HasPrefix(content, []byte("%PDF-")) {
			t.Fatalf("%q cannot be drawn: %v", text, err)
		}
		var out bytes.Buffer
		if err := CSV(&out, list(), []Row{{Ref: bot.Ref(text), Body: []byte(text)}}); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(&out).ReadAll()
		if err != nil || len(rows) != 2 {
			t.Fatalf("%d rows of %q, %v", len(rows), text, err)
		}
		for _, cell := range rows[1] {
			if strings.ContainsAny(firstSeen(cell), "=+-@＝＋－＠") {
				t.Fatalf("%q begins as a formula", cell)
			}
		}
	})
}

// firstSeen is the first letter that a person or a spreadsheet sees.
func firstSeen(cell string) string {
	for _, r := range cell {
		if r > ' ' && r != '\u00a0' && r != '\u200b' && r != '\ufeff' {
			return string(r)
		}
	}
	return ""
}
