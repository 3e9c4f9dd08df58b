package registers_test

import (
	"path/filepath"
	"strings"
	"testing"

	"shareright/bot"
	"shareright/bot/slack"
	"shareright/handlers/registers"
	"shareright/internal/program"
	"shareright/internal/talk"
	knowledge "shareright/knowledge/registers"
)

func TestConversationsAboutRegisters(t *testing.T) {
	files, err := filepath.Glob("../../testdata/talk/register-*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no conversations: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			t.Parallel()
			parts := program.Parts{Features: []bot.Feature{registers.Feature(knowledge.Default())}, Checks: []func(bot.View) []string{slack.Check}}
			if err := talk.PlayFile(t.Context(), file, parts); err != nil {
				t.Error(err)
			}
		})
	}
}
