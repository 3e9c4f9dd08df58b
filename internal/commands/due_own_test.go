package commands

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// ownContent writes an organisation's own content and returns where it is.
func ownContent(t *testing.T, files map[string]string) string {
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

// A bank holiday that was proclaimed after a release, and an office that answers complaints
// sooner than the law asks.
func TestAnOrganisationsOwnDaysAndPeriodsCountForDates(t *testing.T) {
	books, err := dueBooksOf(ownContent(t, map[string]string{
		"calendar/extra-holidays.yaml": "extra:\n  - {name: A royal occasion, nations: [EW], date: 2026-12-02}\n",
		"rights/extra-clocks.yaml":     "periods:\n  - {id: complaint_acknowledgement, days: 10, since: 2026-06-19, sources: [dpa-164a]}\n",
	}))
	if err != nil {
		t.Fatal(err)
	}
	const sar = `{"id":1,"kind":"sar","inputs":{"received":"2026-11-02","nation":"%s"}}`
	tests := map[string]struct{ line, ours, theirs string }{
		"the new holiday moves the day":        {strings.ReplaceAll(sar, "%s", "EW"), "2026-12-02", "2026-12-03"},
		"where it is no holiday nothing moves": {strings.ReplaceAll(sar, "%s", "S"), "2026-12-02", "2026-12-02"},
		"their own period":                     {`{"id":1,"kind":"complaint_ack","inputs":{"received":"2026-11-02","nation":"EW"}}`, "2026-12-02", "2026-11-12"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			for _, with := range []struct {
				books dueBooks
				want  string
			}{{builtInBooks, test.ours}, {books, test.theirs}} {
				var out bytes.Buffer
				if err := dueLines(strings.NewReader(test.line), &out, someday, with.books); err != nil {
					t.Fatal(err, out.String())
				}
				if !strings.Contains(out.String(), `"date":"`+with.want+`"`) {
					t.Errorf("want %s, got %s", with.want, out.String())
				}
			}
		})
	}
}

func TestAMistakeInTheirDaysAnswersNothingAndIsNamed(t *testing.T) {
	_, err := dueBooksOf(ownContent(t, map[string]string{"calendar/extra-holidays.yaml": "extra:\n  - {name: A day, nations: [FR], date: 2026-12-02}\n"}))
	if err == nil || !strings.Contains(err.Error(), `"FR"; use EW, S or NI`) {
		t.Errorf("got %v", err)
	}
}
