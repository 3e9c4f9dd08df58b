package commands

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"

	"shareright/knowledge"
	"shareright/knowledge/breach"
)

// Assess is the command that says what each breach asks for.
type Assess struct {
	JSON bool   `name:"json" help:"Read and write one JSON object a line."`
	File string `arg:"" optional:"" help:"File with the lines; standard input when absent."`
}

// Run answers every line.
func (c *Assess) Run() error {
	if !c.JSON {
		return errors.New("assess reads and writes JSON lines: add --json")
	}
	in, err := openBatch(c.File)
	if err != nil {
		return err
	}
	defer in.Close()
	return assessLines(in, os.Stdout)
}

// assessment is one answered line.
type assessment struct {
	ID json.RawMessage `json:"id"`
	breach.Assessment
}

// assessLines answers each line of in on out.
func assessLines(in io.Reader, out io.Writer) error {
	content := breach.Default()
	return answerLines(in, out, func(line map[string]json.RawMessage) (any, error) {
		text, ok := line["attributes"]
		if !ok {
			if err := misspelt(line); err != nil {
				return nil, err
			}
		}
		attributes, err := content.ReadAttributes(text)
		if err != nil {
			return nil, err
		}
		id := line["id"]
		if id == nil {
			id = json.RawMessage("null")
		}
		return assessment{id, content.Assess(attributes)}, nil
	})
}

// misspelt reports a key that was probably meant to be attributes, so that facts are
// not taken for unknown because of a slip of the finger.
func misspelt(line map[string]json.RawMessage) error {
	for _, key := range slices.Sorted(maps.Keys(line)) {
		if hint := knowledge.DidYouMean(key, []string{"attributes", "id", "now"}); key != "id" && key != "now" && hint != "" {
			return fmt.Errorf("there is no key %q%s", key, hint)
		}
	}
	return nil
}
