package retention_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"shareright/bot"
	"shareright/bot/slack"
	"shareright/handlers/retention"
	"shareright/handlers/training"
	"shareright/internal/program"
	"shareright/internal/talk"
	breaches "shareright/knowledge/breach"
	knowledge "shareright/knowledge/retention"
	learning "shareright/knowledge/training"
)

func TestConversationsAboutKeepingFiles(t *testing.T) {
	files, err := filepath.Glob("../../testdata/talk/retention-*.txt")
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
	return program.Parts{Features: []bot.Feature{retention.Feature(knowledge.Default(), noRequests), training.Feature(learning.Default(), breaches.Default())}, Checks: []func(bot.View) []string{slack.Check}}
}

func noRequests(context.Context, bot.Turn, string) ([]bot.Ref, error) { return nil, nil }
