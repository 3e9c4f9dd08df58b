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
	"shareright/knowledge/tool"
)

func TestConversationsAboutRegisters(t *testing.T) {
	files, err := filepath.Glob("../../testdata/talk/register-*.txt")
	tools, toolErr := filepath.Glob("../../testdata/talk/tool-*.txt")
	files = append(files, tools...)
	if err != nil || toolErr != nil || len(tools) == 0 {
		t.Fatalf("no conversations: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			t.Parallel()
			parts := program.Parts{Features: []bot.Feature{registers.Feature(knowledge.Default(), tool.Default())}, Checks: []func(bot.View) []string{slack.Check}}
			if err := talk.PlayFile(t.Context(), file, parts); err != nil {
				t.Error(err)
			}
		})
	}
}
