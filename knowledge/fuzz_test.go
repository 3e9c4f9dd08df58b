package knowledge

import (
	"testing"
	"testing/fstest"
	"time"
)

// Whatever stands in a content file and in the file that adds to it, it is read or refused, and soon.
func FuzzContentIsReadOrRefused(f *testing.F) {
	f.Add("- {id: a, title: A, checked: 2026-01-01}\n", "- {id: a, title: B, checked: 2026-01-01}\n")
	f.Add("- &a {id: x}\n- *a\n- <<: *a\n", "- 1\n- [")
	f.Add("id: !!binary x\n---\n- {}", "\t\x00")
	f.Fuzz(func(t *testing.T, text, extra string) {
		if len(text)+len(extra) > 4096 {
			return
		}
		start := time.Now()
		files := fstest.MapFS{"sources.yaml": {Data: []byte(text)}, "extra-sources.yaml": {Data: []byte(extra)}}
		found, err := ReadSources(files, "sources.yaml")
		for id, s := range found {
			if err == nil && (id == "" || s.Title == "" || s.Checked == "") {
				t.Fatalf("source %q was taken as %+v", id, s)
			}
		}
		var book struct {
			Rules []struct {
				ID    string              `yaml:"id"`
				When  map[string][]string `yaml:"when"`
				Texts []string            `yaml:"texts"`
			} `yaml:"rules"`
		}
		_ = ReadYAML(files, "sources.yaml", &book) // a mistake is what most of these are
		Excerpt(files, "sources.yaml", "$[0].id")
		if took := time.Since(start); took > 5*time.Second {
			t.Fatalf("reading took %v", took)
		}
	})
}
