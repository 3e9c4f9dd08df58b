package training_test

import (
	"path/filepath"
	"strings"
	"testing"

	"shareright/bot"
	"shareright/bot/slack"
	"shareright/handlers/breach"
	"shareright/handlers/training"
	"shareright/internal/program"
	"shareright/internal/talk"
	breaches "shareright/knowledge/breach"
	learning "shareright/knowledge/training"
)

func TestConversationsAboutTraining(t *testing.T) {
	files, err := filepath.Glob("../../testdata/talk/training-*.txt")
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
	return program.Parts{Features: []bot.Feature{training.Feature(learning.Default(), breaches.Default()), breach.Feature(breaches.Default())}, Checks: []func(bot.View) []string{slack.Check}}
}
