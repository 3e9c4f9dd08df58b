package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"shareright/internal/racing"
)

// TestMain lets this test program be the real one, when a test starts it again.
func TestMain(m *testing.M) {
	if os.Getenv("SHARERIGHT_TEST_MAIN") == "yes" {
		main()
	}
	os.Exit(m.Run())
}

var fence = regexp.MustCompile("(?ms)(?:^`([a-z][^`\n]*\\.yaml)`\n)?^```(yaml|console)\n(.*?)^```$")

// The guide for leads shows files and commands with what they print. All of it is done here, in that order.
func TestTheGuideToContentDoesWhatItShows(t *testing.T) {
	if racing.On {
		t.Skip("a long walk, one turn after the other: go test without -race")
	}
	guide, err := os.ReadFile("docs/content.md")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	commands := 0
	for _, m := range fence.FindAllStringSubmatch(string(guide), -1) {
		if m[2] == "yaml" {
			path := filepath.Join(dir, m[1])
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil || m[1] == "" {
				t.Fatalf("a file without a name, or %v", err)
			}
			if err := os.WriteFile(path, []byte(m[3]), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		for _, step := range strings.Split("\n"+m[3], "\n$ ")[1:] {
			command, shown, _ := strings.Cut(step, "\n")
			follow(t, dir, command, shown)
			commands++
		}
	}
	if commands < 9 {
		t.Errorf("only %d commands were found in the guide", commands)
	}
}

// follow runs one command of the guide and compares what it prints with what is shown.
func follow(t *testing.T, dir, command, shown string) {
	t.Helper()
	if name, ok := strings.CutPrefix(command, "rm "); ok {
		if err := os.Remove(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
		return
	}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command("sh", "-c", `shareright() { "$PROGRAM" "$@"; }; `+command)
	c.Dir = dir
	c.Env = append(os.Environ(), "SHARERIGHT_TEST_MAIN=yes", "PROGRAM="+program, "SHARERIGHT_DATA="+dir)
	out, _ := c.CombinedOutput() // a mistake that is shown ends in a failure
	rest := string(out)
	for _, line := range strings.Split(strings.TrimSpace(shown), "\n") {
		for part := range strings.SplitSeq(line, "…") { // what the guide leaves out
			_, after, found := strings.Cut(rest, strings.TrimRight(part, " "))
			if !found {
				t.Errorf("$ %s\nprints\n%s\nand not\n%s", command, out, line)
				return
			}
			rest = after
		}
	}
}
