package arch

import (
	"go/ast"
	"go/types"
	"path"
	"slices"
	"strings"
	"testing"
)

// serving are the packages that run while people are served. A panic in a goroutine of theirs
// that nothing catches would end the program for everybody, and print its value.
var serving = []string{"bot", "bot/slack", "bot/discord", "bot/mail", "bot/terminal", "scheduler", "config", "internal/program", "internal/commands",
	"internal/store", "internal/parts", "internal/papers", "internal/directory", "internal/caught"}

// harmless is what is begun beside the rest without being caught where it begins, and why it need not be.
var harmless = map[string]string{
	"bot/discord/discord.go p.lanes.Wait":     "waits",
	"bot/slack/slack.go p.lanes.Wait":         "waits",
	"bot/slack/slack.go p.suspect":            "puts a name in a queue",
	"bot/slack/socket.go c.hangUp":            "closes",
	"bot/discord/gateway.go conn.Close":       "closes",
	"bot/mail/mail.go server.Close":           "closes",
	"scheduler/runner.go time.AfterFunc":      "cancels",
	"scheduler/runner.go cancel":              "cancels",
	"bot/terminal/terminal.go close":          "cuts what is typed into lines",
	"internal/commands/lines.go close":        "cuts a file into lines",
	"internal/commands/lines.go answerLine":   "caught in answerLine",
	"internal/parts/content.go r.topic":       "caught in guarded",
	"internal/program/serve.go s.runPlatform": "caught in run",
	"internal/program/serve.go s.Runner.Run":  "caught in each worker",
	"internal/program/serve.go server.Serve":  "each page is caught in unbroken",
}

// Whatever runs beside the rest is caught when it panics: the log says where, without the
// value, and the program goes on.
func TestNothingThatRunsBesideTheRestEndsTheProgram(t *testing.T) {
	begun, used := 0, map[string]bool{}
	for from, file := range sources(t) {
		at := path.Dir(from)
		if !slices.Contains(serving, at) && !covers("knowledge/...", at) && !covers("handlers/...", at) || strings.Contains(from, "mutants") {
			continue
		}
		ast.Inspect(file, func(n ast.Node) bool {
			started := starts(n)
			if started == nil {
				return true
			}
			begun++
			if name := from + " " + first(started); harmless[name] != "" {
				used[name] = true
			} else if !catches(started) && !catches(declared(file, started)) {
				t.Errorf("%s is begun beside the rest; begin it with caught.Run or caught.Again, or say here why it cannot panic", name)
			}
			return true
		})
	}
	if begun < 20 {
		t.Errorf("only %d were found: the test looks in the wrong place", begun)
	}
	for name := range harmless {
		if !used[name] {
			t.Errorf("%s is not begun any more", name)
		}
	}
}

// starts is what a statement or call begins beside the rest, or nil.
func starts(n ast.Node) ast.Node {
	switch n := n.(type) {
	case *ast.GoStmt:
		if lit, ok := n.Call.Fun.(*ast.FuncLit); ok {
			return lit
		}
		return n.Call
	case *ast.CallExpr:
		if sel, ok := n.Fun.(*ast.SelectorExpr); ok && len(n.Args) > 0 && (sel.Sel.Name == "Go" || sel.Sel.Name == "AfterFunc") {
			return n.Args[len(n.Args)-1]
		}
	}
	return nil
}

// first names the first call in what is begun.
func first(started ast.Node) (name string) {
	switch started := started.(type) {
	case *ast.SelectorExpr:
		return types.ExprString(started)
	case *ast.Ident:
		return started.Name
	}
	ast.Inspect(started, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && name == "" {
			name = types.ExprString(call.Fun)
		}
		return name == ""
	})
	return name
}

// catches says whether a piece of code recovers, by itself or with the package for it.
func catches(n ast.Node) (yes bool) {
	if n == nil {
		return false
	}
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			pkg, ok := n.X.(*ast.Ident)
			yes = yes || ok && pkg.Name == "caught"
		case *ast.Ident:
			yes = yes || n.Name == "recover"
		}
		return !yes
	})
	return yes
}

// declared is the function of this file that is begun by its name, or nil.
func declared(file *ast.File, started ast.Node) ast.Node {
	call, ok := started.(*ast.CallExpr)
	if !ok {
		return nil
	}
	name := types.ExprString(call.Fun)
	for _, d := range file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && strings.HasSuffix("."+name, "."+f.Name.Name) {
			return f
		}
	}
	return nil
}
