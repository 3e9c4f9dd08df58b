package bottest

import (
	"flag"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write docs/platforms.md anew")

// The page lists what each platform cannot do; it is made from the table and never by hand.
func TestWhatEachPlatformCannotDoIsWrittenDown(t *testing.T) {
	var page strings.Builder
	page.WriteString("# What each platform keeps of the contract\n\n" +
		"`bot/bottest` tests every platform against these promises. This page is made by `go test ./bot/bottest -update`.\n")
	says := map[Clause]string{}
	for _, c := range clauses {
		says[c.is] = c.says
	}
	for _, platform := range slices.Sorted(maps.Keys(Cannot)) {
		page.WriteString("\n## " + strings.ToUpper(platform[:1]) + platform[1:] + "\n\n| The promise | Here |\n|---|---|\n")
		for clause := range Cannot[platform] {
			if says[clause] == "" {
				t.Errorf("%s cannot keep %q, which is no promise", platform, clause)
			}
		}
		for _, c := range clauses {
			here := "kept"
			if why, cannot := Cannot[platform][c.is]; cannot {
				here = "**cannot:** " + why
			}
			page.WriteString("| " + c.says + " | " + here + " |\n")
		}
	}
	const file = "../../docs/platforms.md"
	if *update {
		if err := os.WriteFile(file, []byte(page.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(kept) != page.String() {
		t.Errorf("%s is not what the table says; run the test with -update", file)
	}
}
