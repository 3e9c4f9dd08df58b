package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// testNames finds the names of all tests, by the folder of their package.
func testNames(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	named := regexp.MustCompile(`(?m)^func (Test\w+|Fuzz\w+|Benchmark\w+)\(`)
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(name, "_test.go") {
			return err
		}
		text, err := os.ReadFile(name)
		for _, m := range named.FindAllStringSubmatch(string(text), -1) {
			found[m[1]] += " " + filepath.ToSlash(filepath.Dir(name)) + " "
		}
		return err
	})
	if err != nil || len(found) < 500 {
		t.Fatal(len(found), err)
	}
	return found
}

// Each promise names what holds it, and that is there: a test in the package it is said to
// be in, a conversation, a scenario, a check of the build.
func TestEachPromiseNamesATestThatIsThere(t *testing.T) {
	tests := testNames(t)
	quoted := regexp.MustCompile("`([^`]+)`")
	rows := 0
	for line := range strings.Lines(read(t, "docs/promises.md")) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		if !strings.HasPrefix(line, "| ") || len(cells) != 3 || strings.HasPrefix(cells[0], " promise") {
			continue
		}
		rows++
		held, folder := 0, ""
		for _, m := range quoted.FindAllStringSubmatch(cells[2], -1) {
			switch name := m[1]; {
			case tests[name] != "":
				held++
				if folder != "" && !strings.Contains(tests[name], " "+folder+" ") {
					t.Errorf("%s: %s is not in %s but in%s", strings.TrimSpace(cells[0]), name, folder, tests[name])
				}
			case strings.HasPrefix(name, "go test "):
				folder = strings.TrimPrefix(name[strings.LastIndex(name, " ")+1:], "./")
			case strings.Contains(name, ".txt") || strings.Contains(name, ".yaml") || strings.HasPrefix(name, ".ci/"):
				held++
				if !exists(name) && !exists(filepath.Join("testdata", "talk", name)) {
					t.Errorf("%s: there is no %s", strings.TrimSpace(cells[0]), name)
				}
			case isFolder(name):
				folder = name
			default:
				t.Errorf("%s: there is no test, file or folder %s", strings.TrimSpace(cells[0]), name)
			}
		}
		if held == 0 {
			t.Errorf("%s: no test is named", strings.TrimSpace(cells[0]))
		}
	}
	if rows < 40 {
		t.Errorf("only %d promises were found", rows)
	}
}

// withoutPromises are pages that promise nothing themselves: they list what is shown elsewhere.
var withoutPromises = map[string]bool{"promises": true, "performance": true}

// Each page of the documents has a promise in the list, so that a new page cannot promise unseen.
func TestEachPageOfTheDocumentsHasItsPromisesListed(t *testing.T) {
	list := read(t, "docs/promises.md")
	pages, err := filepath.Glob("docs/*.md")
	if err != nil || len(pages) < 10 {
		t.Fatal(pages, err)
	}
	for _, page := range pages {
		name := strings.TrimSuffix(filepath.Base(page), ".md")
		if !withoutPromises[name] && !regexp.MustCompile(`(?m)^\|[^|]*\|[^|]*\b`+name+`\b[^|]*\|`).MatchString(list) {
			t.Errorf("no promise in docs/promises.md comes from %s", page)
		}
	}
}

// Tests that kill the program are built with a tag, so "go test ./..." leaves them out. Each is
// run by the build by its name: a name that matches nothing would pass without a word.
func TestTheBuildRunsEachTestThatKills(t *testing.T) {
	steps := regexp.MustCompile(`(?m)^go test .*-tags failpoint.*$`).FindAllString(read(t, ".ci/run"), -1)
	runs := func(folder, test string) bool {
		for _, step := range steps {
			named := regexp.MustCompile(`-run (\S+)`).FindStringSubmatch(step)
			there := regexp.MustCompile(` ` + regexp.QuoteMeta(folder) + `( |$)`).MatchString(step)
			if there && (named == nil || regexp.MustCompile(named[1]).MatchString(test)) {
				return true
			}
		}
		return false
	}
	killing := regexp.MustCompile(`(?m)^//go:build failpoint$`)
	found := 0
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(name, "_test.go") {
			return err
		}
		text, err := os.ReadFile(name)
		if err != nil || !killing.Match(text) {
			return err
		}
		folder := "./" + filepath.ToSlash(filepath.Dir(name))
		if folder == "./." {
			folder = "."
		}
		for _, m := range regexp.MustCompile(`(?m)^func (Test\w+)\(t `).FindAllStringSubmatch(string(text), -1) {
			found++
			if !runs(folder, m[1]) {
				t.Errorf("the build never runs %s in %s", m[1], folder)
			}
		}
		return nil
	})
	if err != nil || found < 10 {
		t.Error(found, err)
	}
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}

func isFolder(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}
