// Package letter reads letters that are content: a list that says what belongs in each
// field, and a template for each letter. It fills them in and says what is missing.
//
// What the letters say is with their topic (knowledge/breach, knowledge/rights); drawing
// them as a paper belongs to internal/papers.
package letter

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"text/template"
	"text/template/parse"

	"shareright/knowledge"
)

// Letter is a letter or note to copy.
type Letter struct {
	ID      string            `yaml:"id"`
	Title   string            `yaml:"title"`
	File    string            `yaml:"file"`
	Why     string            `yaml:"why"`
	Fields  map[string]string `yaml:"fields"` // what belongs into each field
	Sources []string          `yaml:"sources"`

	body *template.Template
}

// Write fills the letter in. A field without a value is shown in brackets with what
// belongs there, and named in missing. Values are put in as they are: text, not markup.
func (l Letter) Write(values map[string]string) (text string, missing []string, err error) {
	filled := map[string]string{}
	for _, field := range slices.Sorted(maps.Keys(l.Fields)) {
		filled[field] = values[field]
		if strings.TrimSpace(values[field]) == "" {
			filled[field] = "[" + l.Fields[field] + "]"
			missing = append(missing, field)
		}
	}
	var out strings.Builder
	if err := l.body.Execute(&out, filled); err != nil {
		return "", nil, fmt.Errorf("write letter %s: %w", l.ID, err)
	}
	return out.String(), missing, nil
}

// Find returns a letter of a list by its id.
func Find(list []Letter, id string) (Letter, bool) {
	at := slices.IndexFunc(list, func(l Letter) bool { return l.ID == id })
	if at < 0 {
		return Letter{}, false
	}
	return list[at], true
}

// ReadBodies reads the templates of the letters that letters.yaml lists, and reports every
// field that is used and not described, or described and not used.
func ReadBodies(files fs.FS, list []Letter) error {
	var problems []error
	for i, l := range list {
		text, err := fs.ReadFile(files, l.File)
		if err != nil {
			problems = append(problems, fmt.Errorf("letters.yaml: letter %q: read %s: %w", l.ID, l.File, err))
			continue
		}
		body, err := template.New(l.File).Parse(string(text))
		if err != nil {
			problems = append(problems, fmt.Errorf("letters.yaml: letter %q: %w", l.ID, err))
			continue
		}
		used, plain := fieldsOf(body)
		if !plain {
			problems = append(problems, fmt.Errorf("%s: a letter may hold only text and fields such as {{.lead}}", l.File))
		}
		for _, field := range used {
			if l.Fields[field] == "" {
				problems = append(problems, fmt.Errorf("%s: letters.yaml does not say what belongs in %q%s",
					l.File, field, knowledge.DidYouMean(field, slices.Sorted(maps.Keys(l.Fields)))))
			}
		}
		for _, field := range slices.Sorted(maps.Keys(l.Fields)) {
			if !slices.Contains(used, field) {
				problems = append(problems, fmt.Errorf("%s: the field %q is described but not used", l.File, field))
			}
		}
		list[i].body = body
	}
	return errors.Join(problems...)
}

// fieldsOf lists the fields of a template; plain is false when it holds anything beside text and fields.
func fieldsOf(t *template.Template) (fields []string, plain bool) {
	for _, node := range t.Root.Nodes {
		switch n := node.(type) {
		case *parse.TextNode:
		case *parse.ActionNode:
			if len(n.Pipe.Cmds) != 1 || len(n.Pipe.Cmds[0].Args) != 1 {
				return fields, false
			}
			field, ok := n.Pipe.Cmds[0].Args[0].(*parse.FieldNode)
			if !ok || len(field.Ident) != 1 {
				return fields, false
			}
			fields = append(fields, field.Ident[0])
		default:
			return fields, false
		}
	}
	return fields, true
}
