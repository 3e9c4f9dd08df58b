package config

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func page(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile("../" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// everything is the example with all that is off in it turned on, but for the several organisations.
func everything(t *testing.T) string {
	t.Helper()
	example := page(t, "deploy/shareright.yaml")
	off := regexp.MustCompile(`(?m)^( *)# ((?: *)[a-z_]+:(?: .*)?)$`)
	var lines []string
	for line := range strings.Lines(example) {
		if !strings.HasPrefix(line, "# organisations:") {
			line = off.ReplaceAllString(line, "$1$2")
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "")
}

// Every setting that is known stands in the page about settings and in the example, and the example can be used
// as it is. A secret stands there by the name of its variable only.
func TestEverySettingStandsInThePageAndInTheExample(t *testing.T) {
	docs, example := page(t, "docs/configuration.md"), page(t, "deploy/shareright.yaml")
	if _, err := Load(write(t, example), nil); err != nil {
		t.Errorf("the example as it is: %v", err)
	}
	all, err := Load(write(t, everything(t)), nil)
	if err != nil {
		t.Errorf("the example with everything turned on: %v", err)
	}
	c := Default()
	known := program(&c)
	for _, s := range organisation(&c.Organisations[0]) {
		s.key = "organisation." + s.key
		known = append(known, s)
	}
	if len(known) < 50 {
		t.Fatalf("only %d settings are known", len(known))
	}
	var names []string
	for _, s := range known {
		key := strings.TrimPrefix(s.key, "organisation.")
		switch {
		case s.secret && !strings.Contains(example, s.env):
			t.Errorf("%s is not named in the example", s.env)
		case !s.secret && !all.Given(s.key):
			t.Errorf("%s is not in the example", s.key)
		}
		if !s.secret && !strings.Contains(docs, "`"+key+"`") {
			t.Errorf("%s is not in the page about settings", s.key)
		}
		if s.env != "" && !strings.Contains(docs, "`"+s.env+"`") {
			t.Errorf("%s is not in the page about settings", s.env)
		}
		names = append(names, s.env)
	}
	for _, name := range regexp.MustCompile("`((?:SHARERIGHT|SLACK|DISCORD)_[A-Z_]+)`").FindAllStringSubmatch(docs, -1) {
		if !slices.Contains(names, name[1]) && name[1] != "SHARERIGHT_CONFIG" {
			t.Errorf("the page names %s, which nothing reads", name[1])
		}
	}
}
