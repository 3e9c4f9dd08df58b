// Package registers knows which registers an organisation keeps and what stands in each:
// sharing agreements, processors, the record of processing, DPIAs and more, as content.
//
// Filling them in, reminding people and exporting belong to handlers/registers. Nothing
// here reads the clock.
package registers

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"sync"
	"unicode/utf8"

	"shareright/knowledge"
)

//go:embed *.yaml
var content embed.FS

// Kind is how a field is asked for.
type Kind string

// The kinds of fields.
const (
	Text  Kind = "text"  // one line
	Story Kind = "story" // a few lines
	One   Kind = "one"   // one of the options
	Many  Kind = "many"  // any of the options
	Day   Kind = "day"
)

// What fits on every platform, in characters, and on one screen.
const (
	maxTitle  = 24
	maxLabel  = 45
	maxHint   = 75
	perScreen = 5
)

// Register is one register and how it is kept.
type Register struct {
	ID     string `yaml:"id"`
	Title  string `yaml:"title"`  // what people read
	Form   string `yaml:"form"`   // the title of its form, 24 characters at most
	Prefix string `yaml:"prefix"` // of its references, such as "PR"
	About  string `yaml:"about"`
	Anyone bool   `yaml:"anyone"` // everybody may add a line and see their own; otherwise only the lead
	Months int    `yaml:"months"` // after how many months a line is looked at again; 0 means never
	Back   string `yaml:"back"`   // the field with the day by which something is due back or runs out
	Name   string `yaml:"name"`   // the field that a line is called by

	Pages   []Page   `yaml:"pages"`
	Sources []string `yaml:"sources"`
}

// Page is one screen of a register's form.
type Page struct {
	ID     string  `yaml:"id"`
	Title  string  `yaml:"title"`
	Fields []Field `yaml:"fields"`
}

// Field is one thing that stands in a line.
type Field struct {
	ID       string   `yaml:"id"`
	Kind     Kind     `yaml:"kind"`
	Label    string   `yaml:"label"`
	Hint     string   `yaml:"hint"`
	Why      string   `yaml:"why"`
	Optional bool     `yaml:"optional"`
	Options  []Option `yaml:"options"`
}

// Option is one choice of a field.
type Option struct {
	ID    string `yaml:"id"`
	Label string `yaml:"label"`
}

// Content is the registers that were read and checked.
type Content struct {
	Registers []Register
	sources   knowledge.Sources
}

// Load reads registers.yaml and sources.yaml and reports every mistake in them.
func Load(files fs.FS) (*Content, error) {
	c := &Content{}
	if err := knowledge.ReadYAML(files, "registers.yaml", &c.Registers); err != nil {
		return nil, err
	}
	var err error
	if c.sources, err = knowledge.ReadSources(files, "sources.yaml"); err != nil {
		return nil, err
	}
	check := checker{c: c, seen: map[string]bool{}}
	for _, r := range c.Registers {
		check.register(r)
	}
	return c, errors.Join(check.problems...)
}

// Default is the content that the program carries.
var Default = sync.OnceValue(func() *Content {
	c, err := Load(content)
	if err != nil {
		panic(err) // the embedded content is tested; a mistake here is a programmer's
	}
	return c
})

// Register finds a register by its id.
func (c *Content) Register(id string) (Register, bool) {
	i := slices.IndexFunc(c.Registers, func(r Register) bool { return r.ID == id })
	if i < 0 {
		return Register{}, false
	}
	return c.Registers[i], true
}

// SourcesOf lists where a register comes from.
func (c *Content) SourcesOf(r Register) []knowledge.Source {
	list, err := c.sources.Pick(r.Sources...)
	if err != nil {
		return nil // a register that Load did not check
	}
	return list
}

// Fields lists the fields of all pages in order.
func (r Register) Fields() []Field {
	var all []Field
	for _, p := range r.Pages {
		all = append(all, p.Fields...)
	}
	return all
}

// Field finds a field by its id.
func (r Register) Field(id string) (Field, bool) {
	all := r.Fields()
	i := slices.IndexFunc(all, func(f Field) bool { return f.ID == id })
	if i < 0 {
		return Field{}, false
	}
	return all[i], true
}

// Label is what people read for an option's id, or the id where there is no such option.
func (f Field) LabelOf(id string) string {
	i := slices.IndexFunc(f.Options, func(o Option) bool { return o.ID == id })
	if i < 0 {
		return id
	}
	return f.Options[i].Label
}

// checker gathers every mistake, with its place.
type checker struct {
	c        *Content
	seen     map[string]bool
	problems []error
}

func (k *checker) wrong(place, format string, a ...any) {
	k.problems = append(k.problems, fmt.Errorf("registers.yaml: %s: %s", place, fmt.Sprintf(format, a...)))
}

func (k *checker) long(place, what, text string, most int) {
	if n := utf8.RuneCountInString(text); n > most {
		k.wrong(place, "the %s has %d characters; %d fit on every screen", what, n, most)
	}
}

var prefixes = regexp.MustCompile(`^[A-Z]{2,3}$`)

func (k *checker) register(r Register) {
	place := fmt.Sprintf("%q", r.ID)
	switch {
	case r.ID == "" || r.Title == "" || r.About == "" || len(r.Pages) == 0 || len(r.Sources) == 0:
		k.wrong(place, "it needs an id, a title, about, pages and sources")
	case k.seen["id "+r.ID] || k.seen["prefix "+r.Prefix]:
		k.wrong(place, "its id or its prefix stands there twice")
	case !prefixes.MatchString(r.Prefix):
		k.wrong(place, "the prefix is %q; use two or three capital letters", r.Prefix)
	case r.Months < 0 || r.Months > 60:
		k.wrong(place, "months is %d; use 0 for never, or 1 to 60", r.Months)
	}
	k.seen["id "+r.ID], k.seen["prefix "+r.Prefix] = true, true
	k.long(place, "title of its form", r.Form, maxTitle)
	if _, err := k.c.sources.Pick(r.Sources...); err != nil {
		k.wrong(place, "%s", err)
	}
	var ids []string
	for _, p := range r.Pages {
		k.long(place, "title of page "+p.ID, p.Title, maxTitle)
		if p.ID == "" || p.ID == "check" {
			k.wrong(place, "page %q needs an id, and not check, which is the last page of every form", p.ID)
		}
		if len(p.Fields) == 0 || len(p.Fields) > perScreen {
			k.wrong(place, "page %q has %d fields; one to five fit on a screen", p.ID, len(p.Fields))
		}
		for _, f := range p.Fields {
			k.field(place, f, slices.Contains(ids, f.ID))
			ids = append(ids, f.ID)
		}
	}
	k.refers(place, "name", r, r.Name, ids, Text, One)
	if r.Back != "" {
		k.refers(place, "back", r, r.Back, ids, Day)
	}
}

// refers checks that a field that the register names is there and of a kind that fits.
func (k *checker) refers(place, what string, r Register, id string, ids []string, kinds ...Kind) {
	f, known := r.Field(id)
	switch {
	case !known:
		k.wrong(place, "%s names the field %q, which is not there%s", what, id, knowledge.DidYouMean(id, ids))
	case !slices.Contains(kinds, f.Kind):
		k.wrong(place, "%s names the field %q, which is a %s", what, id, f.Kind)
	}
}

func (k *checker) field(place string, f Field, twice bool) {
	place += fmt.Sprintf(", field %q", f.ID)
	kinds := []Kind{Text, Story, One, Many, Day}
	switch {
	case f.ID == "" || f.Label == "" || f.Why == "":
		k.wrong(place, "it needs an id, a label and why")
	case twice:
		k.wrong(place, "its id stands there twice")
	case !slices.Contains(kinds, f.Kind):
		k.wrong(place, "there is no kind %q; use text, story, one, many or day", f.Kind)
	case (f.Kind == One || f.Kind == Many) != (len(f.Options) > 0):
		k.wrong(place, "options belong to the kinds one and many, and only to them")
	}
	k.long(place, "label", f.Label, maxLabel)
	k.long(place, "hint", f.Hint, maxHint)
	for _, o := range f.Options {
		k.long(place, "option "+o.ID, o.Label, maxHint)
	}
}

// Files is the content that is built in, to lay an organisation's own files over.
func Files() fs.FS { return content }
