// Package knowledge holds what Shareright knows: rules, schedules and sentences as
// content files, and the pure decisions over them.
//
// This package itself gives the topics below it what they share: sources with the
// date they were checked, content files read strictly, and books of ordered rules.
// It leaves conversations to bot and handlers, and storage to internal/store. It
// reads no clock and keeps no state: the same values always give the same answer.
package knowledge

import (
	"errors"
	"fmt"
	"io/fs"
	"reflect"
	"strings"

	"github.com/goccy/go-yaml"

	"shareright/internal/bounds"
	"shareright/knowledge/plain"
)

// Source is where a fact comes from, so that an answer can be checked by the person who reads it.
type Source struct {
	ID      string `yaml:"id" json:"id"`
	Title   string `yaml:"title" json:"title"`
	Section string `yaml:"section,omitempty" json:"section,omitempty"` // article, paragraph or heading
	URL     string `yaml:"url,omitempty" json:"url,omitempty"`
	Checked string `yaml:"checked" json:"checked"` // ISO date on which somebody last read it
}

// Sources finds a source by its id.
type Sources map[string]Source

// ReadSources reads a content file that lists sources. It reports a source without
// a title or a date checked, and an id that is used twice.
func ReadSources(files fs.FS, name string) (Sources, error) {
	var list []Source
	if err := ReadYAML(files, name, &list); err != nil {
		return nil, err
	}
	found := Sources{}
	var problems []error
	for _, s := range list {
		switch {
		case s.ID == "" || s.Title == "" || s.Checked == "":
			problems = append(problems, fmt.Errorf("%s: source %q needs an id, a title and the date it was checked", name, s.ID))
		case found[s.ID].ID != "":
			problems = append(problems, fmt.Errorf("%s: source %q is listed twice", name, s.ID))
		}
		found[s.ID] = s
	}
	return found, errors.Join(problems...)
}

// Pick returns the sources with these ids, in the order asked for. An unknown id is
// an error that names the nearest known one.
func (s Sources) Pick(ids ...string) ([]Source, error) {
	picked := make([]Source, 0, len(ids))
	for _, id := range ids {
		source, ok := s[id]
		if !ok {
			known := make([]string, 0, len(s))
			for k := range s {
				known = append(known, k)
			}
			return nil, fmt.Errorf("there is no source %q%s", id, DidYouMean(id, known))
		}
		picked = append(picked, source)
	}
	return picked, nil
}

// ReadYAML reads one content file into a value, and into it the file that adds to it, if
// there is one (see Extra). A key the value does not have is an error; the error shows
// file, line and the place in the text.
func ReadYAML(files fs.FS, name string, into any) error {
	if err := ReadOne(files, name, into); err != nil {
		return err
	}
	extra := ExtraFor(name)
	if _, err := fs.Stat(files, extra); err != nil {
		return nil // nothing is added
	}
	more := reflect.New(reflect.TypeOf(into).Elem())
	if err := ReadOne(files, extra, more.Interface()); err != nil {
		return err
	}
	merge(reflect.ValueOf(into).Elem(), more.Elem())
	return nil
}

// ReadOne reads one content file into a value, and nothing that adds to it.
func ReadOne(files fs.FS, name string, into any) error {
	text, err := fs.ReadFile(files, name)
	if err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	if w, is := files.(Watched); is {
		defer func() { w.Was(name, text, into) }()
	}
	if err := bounds.YAML(text); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if plain.Read(string(text), into) {
		return nil
	}
	if err := decode(text, into); err != nil {
		return fmt.Errorf("%s: %s", name, yaml.FormatError(err, false, true))
	}
	return nil
}

// decode reads strictly. The reader panics on some texts that are no YAML, which is a mistake like any other.
func decode(text []byte, into any) (err error) {
	defer func() {
		if recover() != nil {
			err = errors.New("it is not YAML: look for a “!” or a bracket that does not belong there")
		}
	}()
	return yaml.UnmarshalWithOptions(text, into, yaml.Strict())
}

// Watched are files that hear what was made of each of them, for tests that compare it
// with another reading.
type Watched interface {
	fs.FS
	Was(name string, text []byte, into any)
}

// DidYouMean returns "; did you mean "x"?" with the nearest of the known words, or
// nothing when none is near enough to be a slip of the finger.
func DidYouMean(word string, known []string) string {
	best, distance := "", len(word)/3+2
	for _, k := range known {
		if d := Distance(word, k); d < distance || d == distance && best != "" && k < best {
			best, distance = k, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %q?", best)
}

// Distance counts the letters to add, drop, change or swap to make b from a, ignoring case.
func Distance(a, b string) int {
	s, t := []rune(strings.ToLower(a)), []rune(strings.ToLower(b))
	before, last, row := make([]int, len(t)+1), make([]int, len(t)+1), make([]int, len(t)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(s); i++ {
		row[0] = i
		for j := 1; j <= len(t); j++ {
			cost := 1
			if s[i-1] == t[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && s[i-1] == t[j-2] && s[i-2] == t[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(t)]
}
