package rights_test

import (
	"path/filepath"
	"strings"
	"testing"

	"shareright/bot"
	"shareright/bot/slack"
	"shareright/handlers/rights"
	"shareright/internal/program"
	"shareright/internal/talk"
	knowledge "shareright/knowledge/rights"
)

func TestConversationsAboutRequests(t *testing.T) {
	files, err := filepath.Glob("../../testdata/talk/rights-*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no conversations: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			t.Parallel()
			if err := talk.PlayFile(t.Context(), file, parts()); err != nil {
				t.Error(err)
			}
		})
	}
}

func parts() program.Parts {
	return program.Parts{Features: []bot.Feature{rights.Feature(knowledge.Default())}, Checks: []func(bot.View) []string{slack.Check}}
}
