package table

import (
	"strings"
	"testing"
)

// Whatever a list holds, every row is read or named, and no needed cell is empty.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{"person,name\nslack:U0JO,Jo\n", "\ufeffname;person\n\"a\";'=b\n", "person\tname\n\"x\n", "person\r\n\r\n", "person,person\n,,,,,\n", "\x00", "person\n\"\"\"\n"} {
		f.Add(seed)
	}
	columns := []Column{{Name: "person", Needed: true}, {Name: "name", Also: []string{"who"}}}
	f.Fuzz(func(t *testing.T, text string) {
		rows, problems, err := Read(text, columns)
		if err != nil {
			if err.Error() == "" {
				t.Fatal("refused without a word")
			}
			return
		}
		for _, row := range rows {
			if row.Cells["person"] == "" || row.Number < 2 {
				t.Fatalf("row %d was taken as %v", row.Number, row.Cells)
			}
			for name, cell := range row.Cells {
				if cell != strings.TrimSpace(cell) {
					t.Fatalf("%s is %q", name, cell)
				}
			}
		}
		for _, p := range problems {
			if p.Text == "" || p.Row < 1 {
				t.Fatalf("a problem without a word: %+v", p)
			}
		}
	})
}
