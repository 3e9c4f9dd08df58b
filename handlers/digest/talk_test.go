package digest_test

import (
	"path/filepath"
	"strings"
	"testing"

	"shareright/internal/parts"
	"shareright/internal/talk"
)

func TestConversationsAboutTheWeek(t *testing.T) {
	files, err := filepath.Glob("../../testdata/talk/digest-*.txt")
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
