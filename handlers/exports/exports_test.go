package exports_test

import (
	"path/filepath"
	"testing"

	"shareright/internal/parts"
	"shareright/internal/talk"
)

func TestConversationsAboutExports(t *testing.T) {
	files, err := filepath.Glob("../../testdata/talk/export-*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no conversations: %v", err)
	}
	for _, file := range files {
		if err := talk.PlayFile(t.Context(), file, parts.All()); err != nil {
			t.Error(err)
		}
	}
}
