package year_test

import (
	"path/filepath"
	"strings"
	"testing"

	"shareright/bot"
	"shareright/bot/slack"
	"shareright/handlers/year"
	"shareright/internal/program"
	"shareright/internal/talk"
	"shareright/knowledge/governance"
)

func TestConversationsAboutTheYear(t *testing.T) {
	files, err := filepath.Glob("../../testdata/talk/year-*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no conversations: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			t.Parallel()
			parts := program.Parts{Features: []bot.Feature{year.Feature(governance.DefaultYear())}, Checks: []func(bot.View) []string{slack.Check}}
			if err := talk.PlayFile(t.Context(), file, parts); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestEveryScheduleOfTheYearCanBeKept(t *testing.T) {
	for _, problem := range year.Check(governance.DefaultYear()) {
		t.Error(problem)
	}
	broken := &governance.Year{Items: []governance.Item{{ID: "x", When: "0 9 31 2 *"}}}
	if len(year.Check(broken)) != 1 {
		t.Error("31 February is not told")
	}
}
