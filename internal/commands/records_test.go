package commands

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"shareright/internal/program"
)

// Whoever types a command for the operator elsewhere than in the bot's own folder is told so. A
// new, empty database would look like records, and a copy of it like a backup.
func TestAFolderWithoutRecordsIsRefusedAndStaysEmpty(t *testing.T) {
	copied := filepath.Join(t.TempDir(), "monday.db")
	for name, c := range map[string]interface {
		Run(*Commands, program.Parts) error
	}{
		"backup":            &Backup{File: copied},
		"export":            &Export{Register: "breaches", Format: "csv", Reader: Reader{For: "dp-lead"}},
		"paper":             &Paper{Ref: "BR-7K3Q", Paper: "ico", Reader: Reader{For: "dp-lead"}},
		"report":            &Report{Months: 12, Reader: Reader{For: "trustee"}},
		"audit verify":      &Verify{},
		"audit checkpoint":  &Checkpoint{},
		"audit erasures":    &Erasures{},
		"audit erase-again": &EraseAgain{File: copied},
		"keys rotate":       &Rotate{},
		"move":              &Move{To: "postgres://example.org/none"},
	} {
		for _, made := range []bool{true, false} {
			t.Run(name, func(t *testing.T) {
				data := filepath.Join(t.TempDir(), "data")
				if made {
					if err := os.Mkdir(data, 0o700); err != nil {
						t.Fatal(err)
					}
				}
				t.Setenv("SHARERIGHT_DATA", data)
				text, err := runs(t, c)
				if err == nil || !strings.Contains(err.Error(), "There are no records in "+data) || !strings.Contains(err.Error(), "SHARERIGHT_DATA") {
					t.Errorf("it says %v\n%s", err, text)
				}
				if left, _ := os.ReadDir(data); len(left) > 0 {
					t.Errorf("it left %v", left)
				}
				if _, err := os.Stat(data); !made && err == nil {
					t.Error("it made the folder")
				}
				if _, err := os.Stat(copied); err == nil {
					t.Error("it made a backup of nothing")
				}
			})
		}
	}
}
