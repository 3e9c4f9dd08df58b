package rights

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
)

// overlay is the content of the package with one thing changed in one file.
func overlay(t *testing.T, name, from, to string) fs.FS {
	t.Helper()
	files := fstest.MapFS{}
	for _, n := range []string{"clocks.yaml", "sources.yaml"} {
		text, err := fs.ReadFile(content, n)
		if err != nil {
			t.Fatal(err)
		}
		if n == name {
			if !strings.Contains(string(text), from) {
				t.Fatalf("%s does not hold %q", name, from)
			}
			text = []byte(strings.Replace(string(text), from, to, 1))
		}
		files[n] = &fstest.MapFile{Data: text}
	}
	return files
}
