package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Whatever stands in the settings and the environment, every mistake is told in words, and no secret is.
func FuzzSettingsAreReadOrTold(f *testing.F) {
	f.Add("organisation:\n  name: X\n  roles:\n    dp-lead: slack:U0SAM\n", "SHARERIGHT_DP_LEAD=slack:U0SAM")
	f.Add("organisations:\n  - {id: a, name: A}\n  - id: b\nslack: {transport: http}\n", "SHARERIGHT_HTTP_ADDR=:1")
	f.Add("a: &a [*a]\n", "SHARERIGHT_DATABASE_URL=postgres://u:p@h/d")
	f.Add("organisation: [", "SHARERIGHT_MASTER_KEY=secret-canary-value")
	f.Fuzz(func(t *testing.T, text, env string) {
		if strings.ContainsRune(env, 0) || strings.Contains(env, "_FILE=") || strings.HasPrefix(env, "SHARERIGHT_CONFIG") || len(text) > 4096 {
			return
		}
		file := filepath.Join(t.TempDir(), "settings.yaml")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		const secret = "xoxb-canary-0123456789"
		c, err := Load(file, []string{env, "SLACK_BOT_TOKEN=" + secret})
		if err != nil {
			if err.Error() == "" || strings.Contains(err.Error(), secret) {
				t.Fatalf("told %q", err)
			}
			return
		}
		if len(c.Organisations) == 0 || c.Organisations[0].ID == "" || c.Organisations[0].Zone == nil {
			t.Fatalf("taken as %+v", c.Organisations)
		}
	})
}
