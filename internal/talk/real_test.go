package talk_test

import (
	"path/filepath"
	"strings"
	"testing"

	"shareright/internal/parts"
	"shareright/internal/racing"
	"shareright/internal/talk"
)

// Every conversation that people may have, against the whole program.
func TestConversationsWithTheWholeProgram(t *testing.T) {
	if racing.On {
		t.Skip("a long walk, one turn after the other: go test without -race")
	}
	files, err := filepath.Glob("../../testdata/talk/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no conversations: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			t.Parallel()
			if err := talk.PlayFile(t.Context(), file, parts.All()); err != nil {
				t.Error(err)
			}
		})
	}
}
