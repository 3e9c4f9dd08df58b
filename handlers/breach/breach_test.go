package breach_test

import (
	"path/filepath"
	"strings"
	"testing"

	"shareright/internal/talk"
)

func TestConversationsAboutABreach(t *testing.T) {
	files, err := filepath.Glob("../../testdata/talk/breach-*.txt")
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
