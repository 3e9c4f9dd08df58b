package config

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"shareright/internal/bounds"
)

// Load reads the file, and then the variables in environ (as os.Environ gives them),
// which win. Without a file name it uses SHARERIGHT_CONFIG; without that, no file. The
// error is Problems: every mistake, in the order of the file.
func Load(file string, environ []string) (Config, error) {
	c := Default()
	env := map[string]string{}
	for _, pair := range environ {
		name, value, _ := strings.Cut(pair, "=")
		env[name] = value
	}
	if file == "" {
		file = env["SHARERIGHT_CONFIG"]
	}
	var problems Problems
	if file != "" {
		c.File = file
		problems = c.readFile(file)
	}
	problems = append(problems, c.readEnvironment(env)...)
	if c.Data != "" {
		if abs, err := filepath.Abs(c.Data); err == nil {
			c.Data = abs
		}
	}
	for i, o := range c.Organisations {
		if !o.HasNation && len(o.WorksIn) > 0 {
			c.Organisations[i].Nation = NationOf(o.WorksIn[0])
		}
	}
	problems = append(problems.sorted(), c.contradictions()...)
	if len(problems) > 0 {
		return c, problems
	}
	return c, nil
}

func (c *Config) readFile(name string) Problems {
	text, err := read(name)
	if err != nil {
		return Problems{{File: name, Key: "file", What: "cannot be read: " + reason(err), Do: "check the name in SHARERIGHT_CONFIG"}}
	}
	if err := bounds.YAML(text); err != nil {
		return Problems{{File: name, Key: "file", What: "cannot be read: " + err.Error(), Do: "check the name in SHARERIGHT_CONFIG"}}
	}
	parsed, err := parser.ParseBytes(text, 0, parser.AllowDuplicateMapKey()) // told by section, with the other mistakes
	if err != nil {
		return Problems{{File: name, Key: "file", What: "is not YAML: " + yaml.FormatError(err, false, true), Do: "mend the line that is marked"}}
	}
	r := &fileReader{name: name, config: c}
	for _, doc := range parsed.Docs {
		if doc.Body != nil {
			r.top(doc.Body)
		}
	}
	return r.problems
}

// read reads no more of a file than a file of settings can hold.
func read(name string) ([]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, bounds.Most+1))
}

// reason is an error of the file system without the path, which the problem names already.
func reason(err error) string {
	text := err.Error()
	return strings.TrimSpace(text[strings.LastIndex(text, ": ")+1:])
}

// fileReader walks the file, setting what it knows and noting what it does not.
type fileReader struct {
	name     string
	config   *Config
	problems Problems
}

func (r *fileReader) note(node ast.Node, key, value, what, do string) {
	r.problems = append(r.problems, Problem{File: r.name, Line: node.GetToken().Position.Line, Key: key, Value: value, What: what, Do: do})
}

// top reads the whole file. An organisation's settings stand under "organisation", or
// under "organisations" as a list when the program serves several.
func (r *fileReader) top(body ast.Node) {
	known := program(r.config)
	for _, s := range organisation(&r.config.Organisations[0]) {
		s.key = "organisation." + s.key
		known = append(known, s)
	}
	list := &setting{key: "organisations"}
	r.section(body, "", append(known, *list))
}

// section reads the settings whose keys begin with prefix.
func (r *fileReader) section(node ast.Node, prefix string, known []setting) {
	pairs, ok := mapping(node)
	if !ok {
		r.note(node, strings.TrimSuffix(prefix, "."), scalar(node), "is not a list of settings", "write each as “name: value”, indented")
		return
	}
	seen := map[string]bool{}
	for _, pair := range pairs {
		key := prefix + scalar(pair.Key)
		if seen[key] {
			r.note(pair.Key, key, "", "stands twice", "keep one of them")
			continue
		}
		seen[key] = true
		r.entry(pair, key, known)
	}
}

func (r *fileReader) entry(pair *ast.MappingValueNode, key string, known []setting) {
	at := slices.IndexFunc(known, func(s setting) bool { return s.key == key })
	switch {
	case key == "organisations":
		r.organisations(pair.Value)
	case at >= 0:
		r.apply(known[at], pair)
	case slices.ContainsFunc(known, func(s setting) bool { return strings.HasPrefix(s.key, key+".") }):
		r.section(pair.Value, key+".", known)
	default:
		var names []string
		parent := key[:strings.LastIndex(key, ".")+1]
		for _, s := range known {
			if name, ok := strings.CutPrefix(s.key, parent); ok {
				name, _, _ = strings.Cut(name, ".")
				names = append(names, name)
			}
		}
		slices.Sort(names)
		r.note(pair.Key, key, "", "is not a setting", nearest(strings.TrimPrefix(key, parent), slices.Compact(names)))
	}
}

func (r *fileReader) apply(s setting, pair *ast.MappingValueNode) {
	values, ok := scalars(pair.Value)
	switch {
	case s.secret:
		r.note(pair.Key, s.key, "", "is a secret, which may not stand in a file", "take it out, and set "+s.env+" or "+s.env+"_FILE")
	case !ok:
		r.note(pair.Value, s.key, "", "holds settings where one value belongs", "write the value on the same line")
	case len(values) > 1 && !s.list:
		r.note(pair.Value, s.key, strings.Join(values, ", "), "is a list where one value belongs", "keep one")
	default:
		if err := s.set(values); err != nil {
			r.note(pair.Value, s.key, strings.Join(values, ", "), "cannot be used", err.Error())
			return
		}
		r.config.explicit[s.key] = true
	}
}

func (r *fileReader) organisations(node ast.Node) {
	list, ok := node.(*ast.SequenceNode)
	if !ok || len(list.Values) == 0 {
		r.note(node, "organisations", scalar(node), "is not a list", "begin each organisation with a hyphen")
		return
	}
	r.config.Organisations = nil
	for _, item := range list.Values {
		o := defaultOrganisation()
		o.ID = ""
		r.section(item, "", organisation(&o))
		if o.ID == "" {
			r.note(item, "id", o.Name, "is missing", "give each organisation an id, such as riverside-youth")
		}
		r.config.Organisations = append(r.config.Organisations, o)
	}
}

func mapping(node ast.Node) ([]*ast.MappingValueNode, bool) {
	switch n := node.(type) {
	case *ast.MappingNode:
		return n.Values, true
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}, true
	}
	return nil, false
}

func scalars(node ast.Node) ([]string, bool) {
	list, ok := node.(*ast.SequenceNode)
	if !ok {
		if _, isMap := mapping(node); isMap {
			return nil, false
		}
		return nonEmpty(scalar(node)), true
	}
	var values []string
	for _, item := range list.Values {
		if _, plain := item.(ast.ScalarNode); !plain {
			return nil, false
		}
		values = append(values, nonEmpty(scalar(item))...)
	}
	return values, true
}

func nonEmpty(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

// scalar is a value as it was written, without quotes; empty for anything larger.
func scalar(node ast.Node) string {
	switch n := node.(type) {
	case *ast.StringNode:
		return n.Value
	case *ast.LiteralNode:
		return n.Value.Value
	case *ast.NullNode:
		return ""
	case ast.ScalarNode:
		return n.GetToken().Value
	}
	return ""
}

func (c *Config) readEnvironment(env map[string]string) Problems {
	var problems Problems
	known := program(c)
	for _, s := range organisation(&c.Organisations[0]) {
		s.key = "organisation." + s.key
		known = append(known, s)
	}
	names := map[string]bool{"SHARERIGHT_CONFIG": true}
	for _, s := range known {
		if s.env == "" {
			continue
		}
		names[s.env] = true
		if s.secret {
			names[s.env+"_FILE"] = true
		}
		value, given, problem := fromEnvironment(s, env)
		if problem != nil {
			problems = append(problems, *problem)
			continue
		}
		if !given {
			continue
		}
		values := nonEmpty(value)
		if s.list {
			values = strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == ' ' })
		}
		if err := s.set(values); err != nil {
			shown := value
			if s.secret {
				shown = ""
			}
			problems = append(problems, Problem{Key: s.env, Value: shown, What: "cannot be used", Do: err.Error()})
			continue
		}
		c.explicit[s.key] = true
	}
	c.noteUnknown(env, names)
	return problems
}

// fromEnvironment finds a setting's value: in its variable, or for a secret in the file that NAME_FILE points to.
func fromEnvironment(s setting, env map[string]string) (value string, given bool, problem *Problem) {
	value = strings.TrimSpace(env[s.env])
	file := strings.TrimSpace(env[s.env+"_FILE"])
	if !s.secret || file == "" {
		return value, value != "", nil
	}
	if value != "" {
		return "", false, &Problem{Key: s.env, What: "and " + s.env + "_FILE are both set", Do: "keep one of them"}
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return "", false, &Problem{Key: s.env + "_FILE", Value: file, What: "cannot be read: " + reason(err), Do: "check the name and who may read it"}
	}
	return strings.TrimSpace(string(text)), true, nil
}

// noteUnknown keeps misspelt variables of ours. They do not stop the program: another release may know them.
func (c *Config) noteUnknown(env map[string]string, names map[string]bool) {
	known := make([]string, 0, len(names))
	for name := range names {
		known = append(known, name)
	}
	slices.Sort(known)
	for name := range env {
		if !strings.HasPrefix(name, "SHARERIGHT_") || strings.HasPrefix(name, "SHARERIGHT_TEST_") || names[name] {
			continue
		}
		c.unknown = append(c.unknown, Problem{Key: name, What: "is not a variable that is read", Do: nearest(name, known)})
	}
	slices.SortFunc(c.unknown, func(a, b Problem) int { return strings.Compare(a.Key, b.Key) })
}

// contradictions finds settings that are right by themselves and wrong together.
func (c *Config) contradictions() Problems {
	var problems Problems
	ids, workspaces := map[string]bool{}, map[Contact]string{}
	for _, o := range c.Organisations {
		if o.ID != "" && ids[o.ID] {
			problems = append(problems, Problem{File: c.File, Key: "organisations", Value: o.ID, What: "is the id of two organisations", Do: "give each an id of its own"})
		}
		ids[o.ID] = true
		if len(c.Organisations) > 1 && len(o.Workspaces) == 0 {
			problems = append(problems, Problem{File: c.File, Key: "organisations", Value: o.Name, What: "has no workspaces", Do: "list them, such as workspaces: [slack:T0123]"})
		}
		for _, w := range o.Workspaces {
			if other, taken := workspaces[w]; taken {
				problems = append(problems, Problem{File: c.File, Key: "workspaces", Value: w.String(), What: fmt.Sprintf("belongs to %s and to %s", other, o.Name), Do: "keep it in one of them"})
			}
			workspaces[w] = o.Name
		}
	}
	return problems
}
