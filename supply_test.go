package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// required reads the modules of go.mod, and whether each is marked as needed by others only.
func required(t *testing.T) map[string]bool {
	t.Helper()
	indirect := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^\t(\S+) v\S+(.*)$`).FindAllStringSubmatch(read(t, "go.mod"), -1) {
		indirect[m[1]] = strings.Contains(m[2], "// indirect")
	}
	if len(indirect) < 20 {
		t.Fatalf("only %d modules were found in go.mod", len(indirect))
	}
	return indirect
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// The list of licences names each module that is in go.mod, and nothing else.
func TestEachModuleHasItsLicenceListed(t *testing.T) {
	need := required(t)
	listed := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^\| (\S+\.\S+/\S+) \| (MIT|ISC|MPL-2\.0|Apache-2\.0|BSD-[23]-Clause) \|$`).FindAllStringSubmatch(read(t, "LICENCES.md"), -1) {
		listed[m[1]] = true
		if _, there := need[m[1]]; !there {
			t.Errorf("%s is listed in LICENCES.md and not in go.mod", m[1])
		}
	}
	for module := range need {
		if !listed[module] {
			t.Errorf("%s is in go.mod and has no licence in LICENCES.md that a charity can pass on", module)
		}
	}
}

// What our code imports is marked as ours in go.mod, and only that.
func TestGoModTellsWhatOurCodeImports(t *testing.T) {
	imported := map[string]bool{}
	need := required(t)
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(name, ".go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range file.Imports {
			if module := moduleOf(strings.Trim(spec.Path.Value, `"`), need); module != "" {
				imported[module] = true
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for module, indirect := range need {
		if indirect == imported[module] {
			t.Errorf("%s: marked as indirect: %v; imported by our code: %v", module, indirect, imported[module])
		}
	}
}

// moduleOf is the module of a package: the longest name that it begins with.
func moduleOf(pkg string, modules map[string]bool) (best string) {
	for module := range modules {
		if (pkg == module || strings.HasPrefix(pkg, module+"/")) && len(module) > len(best) {
			best = module
		}
	}
	return best
}

// What describes how to run the program is taken by the tools that read it, where they are here.
func TestFilesForRunningItAreTakenByTheirTools(t *testing.T) {
	for _, file := range []string{"compose.yaml", "compose.postgres.yaml", "grafana/alerts.yaml"} {
		var any map[string]any
		if err := yaml.Unmarshal([]byte(read(t, "deploy/"+file)), &any); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
	for _, command := range []string{
		"docker compose -f deploy/compose.yaml config -q",
		"docker compose -f deploy/compose.yaml -f deploy/compose.postgres.yaml config -q",
		"systemd-analyze verify --man=no SERVICE",
	} {
		words := strings.Fields(command)
		if words[0] == "docker" && exec.Command("docker", "compose", "version").Run() != nil {
			t.Log("left out, docker compose is not here: " + command)
			continue
		}
		if _, err := exec.LookPath(words[0]); err != nil {
			t.Log("left out, the tool is not here: " + command)
			continue
		}
		if words[len(words)-1] == "SERVICE" { // the program it starts must be there to be checked
			unit := filepath.Join(t.TempDir(), "shareright.service")
			text := strings.ReplaceAll(read(t, "deploy/shareright.service"), "/usr/local/bin/shareright", "/bin/true")
			if err := os.WriteFile(unit, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			words[len(words)-1] = unit
		}
		if out, err := exec.CommandContext(t.Context(), words[0], words[1:]...).CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", command, err, out)
		}
	}
}

// Nothing that could send traces, figures or crash reports to anybody is among what the program is made of.
func TestNoTracesAreSent(t *testing.T) {
	out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	sends := regexp.MustCompile(`(?i)telemetry|opencensus|opentracing|jaeger|zipkin|sentry|datadog|newrelic|honeycomb|bugsnag|rollbar|segmentio|posthog|prometheus/push|/trace/export`)
	packages := strings.Fields(string(out))
	if len(packages) < 200 {
		t.Fatalf("only %d packages were found", len(packages))
	}
	for _, name := range append(packages, slices.Collect(maps.Keys(required(t)))...) {
		if sends.MatchString(name) {
			t.Errorf("%s could send traces somewhere", name)
		}
	}
}
