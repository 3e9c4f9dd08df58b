package arch

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "shareright"

// allowed says which of our packages a package may import. The longest prefix decides;
// "x/..." covers everything below x. Tests may import more: they put parts together.
var allowed = []struct {
	from string
	to   []string
}{
	{"config", []string{"internal/bounds"}},
	{"scheduler", []string{"internal/caught"}},
	{"knowledge/...", []string{"knowledge/...", "internal/bounds"}},
	{"bot", []string{"scheduler", "knowledge/words", "knowledge/calendar", "internal/failpoint", "internal/caught"}},
	{"bot/...", []string{"bot", "scheduler", "knowledge/words", "internal/failpoint", "internal/caught", "internal/punctual"}},
	{"handlers", []string{"handlers/...", "bot", "knowledge/...", "scheduler"}},
	{"handlers/lists", []string{"bot", "knowledge/table"}},
	{"handlers/exports", []string{"bot", "scheduler"}},
	{"handlers/...", []string{"bot", "knowledge/...", "scheduler", "handlers/lists", "handlers/exports"}},
	{"internal/store", []string{"bot", "scheduler", "internal/store/...", "internal/failpoint"}},
	{"internal/store/...", []string{"bot", "scheduler", "internal/store/...", "internal/failpoint"}},
	{"internal/failpoint", nil},
	{"internal/bounds", nil},
	{"internal/caught", nil},
	{"internal/punctual", nil},
	{"internal/console", []string{"bot"}},
	{"internal/directory", []string{"bot", "config"}},
}

// outside says what a package may not import from the library or from others: a feature
// knows no platform, no SQL and no HTTP; a decision reads no files but its own content.
var outside = []struct {
	from string
	bans []string
}{
	{"handlers/...", []string{"database/sql", "net/http", "os", "github.com/slack-go/slack", "github.com/bwmarrin/discordgo"}},
	{"knowledge/...", []string{"database/sql", "net/http", "github.com/slack-go/slack", "github.com/bwmarrin/discordgo"}},
	{"bot", []string{"database/sql", "net/http", "os", "github.com/slack-go/slack", "github.com/bwmarrin/discordgo"}},
	{"scheduler", []string{"database/sql", "net/http", "os"}},
}

func TestImportsPointOneWay(t *testing.T) {
	for from, file := range sources(t) {
		for _, spec := range file.Imports {
			to := strings.Trim(spec.Path.Value, `"`)
			if ours, is := strings.CutPrefix(to, module+"/"); is {
				if rule, found := ruleFor(path.Dir(from)); found && !matches(rule, ours) {
					t.Errorf("%s imports %s, which %s may not", from, ours, path.Dir(from))
				}
				continue
			}
			for _, rule := range outside {
				if covers(rule.from, path.Dir(from)) && slices.ContainsFunc(rule.bans, func(ban string) bool { return to == ban || strings.HasPrefix(to, ban+"/") }) {
					t.Errorf("%s imports %s, which %s may not", from, to, rule.from)
				}
			}
		}
	}
}

// A file of a whole register is asked for by handlers/exports alone, which asks a second person.
func TestOneWayLeadsARegisterOutOfTheChat(t *testing.T) {
	made := 0
	for from, file := range sources(t) {
		ast.Inspect(file, func(n ast.Node) bool {
			lit, ok := n.(*ast.CompositeLit)
			if !ok {
				return true
			}
			sel, ok := lit.Type.(*ast.SelectorExpr)
			if !ok || sel.Sel.Name != "File" {
				return true
			}
			for _, e := range lit.Elts {
				pair, named := e.(*ast.KeyValueExpr)
				if !named {
					t.Errorf("%s makes a file without naming its fields", from)
					continue
				}
				if id, ok := pair.Key.(*ast.Ident); ok && id.Name == "Register" {
					if made++; path.Dir(from) != "handlers/exports" {
						t.Errorf("%s sends a whole register; use exports.Ask", from)
					}
				}
			}
			return true
		})
	}
	if made != 1 {
		t.Errorf("a file of a register is made in %d places: the test looks in the wrong place", made)
	}
}

func TestOnlyTheEngineAndTheSchedulerReadTheClock(t *testing.T) {
	for from, file := range sources(t) {
		if !covers("handlers/...", path.Dir(from)) && !covers("knowledge/...", path.Dir(from)) {
			continue
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok {
				if pkg, ok := sel.X.(*ast.Ident); ok && pkg.Name == "time" && slices.Contains([]string{"Now", "Since", "Until", "Sleep"}, sel.Sel.Name) {
					t.Errorf("%s uses time.%s; take the time from the turn or as a value", from, sel.Sel.Name)
				}
			}
			return true
		})
	}
}

func TestTheHubKnowsNoFeature(t *testing.T) {
	for from, file := range sources(t) {
		if path.Dir(from) != "bot" {
			continue
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				for _, word := range []string{"breach", "retention", "training", "receipt"} {
					if strings.Contains(strings.ToLower(id.Name), word) {
						t.Errorf("%s names the feature word %q in %s", from, word, id.Name)
					}
				}
			}
			return true
		})
	}
}

func sources(t *testing.T) map[string]*ast.File {
	t.Helper()
	files := map[string]*ast.File{}
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && strings.HasPrefix(d.Name(), ".") && d.Name() != ".." {
			return fs.SkipDir
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, name)
		files[filepath.ToSlash(rel)] = file
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 20 {
		t.Fatalf("found only %d files: the test looks in the wrong place", len(files))
	}
	return files
}

func ruleFor(from string) (to []string, found bool) {
	best := -1
	for _, rule := range allowed {
		if covers(rule.from, from) && len(rule.from) > best {
			best, to, found = len(rule.from), rule.to, true
		}
	}
	return to, found
}

func matches(rules []string, to string) bool {
	return slices.ContainsFunc(rules, func(rule string) bool { return covers(rule, to) })
}

func covers(rule, name string) bool {
	if base, below := strings.CutSuffix(rule, "/..."); below {
		return name == base && base == "knowledge" || strings.HasPrefix(name, base+"/")
	}
	return rule == name
}
