package commands

import (
	"strings"
	"testing"
)

func TestAReleaseIsCalledAsItWasBuilt(t *testing.T) {
	for _, release := range []string{"", "1.2.3"} {
		version = release
		if line := versionLine(); !strings.HasPrefix(line, strings.TrimSpace("shareright "+release)) || !strings.Contains(line, "go1.") {
			t.Errorf("%q: it says %q", release, line)
		}
	}
	version = ""
}
