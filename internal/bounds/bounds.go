// Package bounds says whether a file that somebody wrote keeps to the limits within which it is
// safe to read. What stands in the file is for whoever reads it.
package bounds

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// Limits of a YAML file. They are far above what people write, and keep a file that was
// made to do harm from taking the program's time and memory: the reader knows no limit.
const (
	Most       = 1 << 20 // bytes
	maxNesting = 100     // lists and maps within each other
	fewAliases = 30      // however they are nested, these stand for less than maxNodes
	maxNodes   = 100_000 // what a file may stand for when all its aliases are written out
)

// YAML says whether a YAML file keeps to the limits. The error is a sentence.
func YAML(text []byte) (err error) {
	defer func() {
		if recover() != nil { // the parser panics on some texts that are no YAML
			err = errors.New("it is not YAML")
		}
	}()
	if len(text) > Most {
		return fmt.Errorf("it is larger than %d MB; split it", Most>>20)
	}
	if nesting(text) > maxNesting {
		return fmt.Errorf("its lists stand more than %d deep within each other", maxNesting)
	}
	if aliases(text) > fewAliases {
		file, err := parser.ParseBytes(text, 0)
		if err != nil {
			return nil // whoever reads it says what is wrong, and where
		}
		w := weigher{named: map[string]int{}}
		for _, doc := range file.Docs {
			w.weigh(doc.Body)
		}
		if w.total > maxNodes {
			return errors.New("its names (&) and what stands for them (*) would grow without end; write them out")
		}
	}
	return nil
}

// nesting is at least how deep the text nests, by its brackets, its indents and its dashes.
// Brackets within sentences count too, which does no harm: they are closed again.
func nesting(text []byte) (deepest int) {
	open := 0
	for line := range bytes.Lines(text) {
		indent, levels := 0, 0
		for i := 0; i < len(line) && (line[i] == ' ' || line[i] == '-' || line[i] == '?'); i++ {
			if line[i] == ' ' {
				indent++
			} else {
				levels++
			}
		}
		deepest = max(deepest, indent/4, levels)
		for _, c := range line {
			switch c {
			case '[', '{':
				open++
				deepest = max(deepest, open)
			case ']', '}':
				open = max(0, open-1)
			}
		}
	}
	return deepest
}

// aliases counts what looks like an alias: a star before a letter, where a value may begin.
func aliases(text []byte) (n int) {
	for i := 1; i+1 < len(text); i++ {
		if text[i] == '*' && bytes.IndexByte([]byte(" \t\n,[{:-"), text[i-1]) >= 0 && text[i+1] > ' ' && text[i+1] != '*' {
			n++
		}
	}
	return n
}

// weigher counts what a file stands for when all its aliases are written out.
type weigher struct {
	named map[string]int
	total int
}

func (w *weigher) weigh(node ast.Node) int {
	before := w.total
	switch n := node.(type) {
	case *ast.MappingNode:
		for _, pair := range n.Values {
			w.weigh(pair)
		}
	case *ast.MappingValueNode:
		w.weigh(n.Key)
		w.weigh(n.Value)
	case *ast.SequenceNode:
		for _, value := range n.Values {
			w.weigh(value)
		}
	case *ast.AnchorNode:
		w.named[n.Name.String()] = w.weigh(n.Value)
	case *ast.AliasNode:
		w.add(w.named[n.Value.String()])
	case *ast.TagNode:
		w.weigh(n.Value)
	}
	w.add(1)
	return w.total - before
}

func (w *weigher) add(n int) { w.total = min(w.total+n, 100*maxNodes) }
