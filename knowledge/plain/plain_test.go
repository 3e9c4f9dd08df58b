package plain

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// oneOrMore reads itself, as types of our content do.
type oneOrMore []string

func (l *oneOrMore) UnmarshalYAML(unmarshal func(any) error) error {
	var many []string
	if unmarshal(&many) == nil {
		*l = many
		return nil
	}
	var one string
	err := unmarshal(&one)
	*l = oneOrMore{one}
	return err
}

// upper is a type that reads a text in its own way.
type upper string

func (u *upper) UnmarshalText(text []byte) error {
	if strings.Contains(string(text), "wrong") {
		return errors.New("wrong")
	}
	*u = upper(strings.ToUpper(string(text)))
	return nil
}

type inner struct {
	Low  int `yaml:"low"`
	High int `yaml:"high,omitempty"`
}

// entry has a field of each sort that our content has.
type entry struct {
	ID     string               `yaml:"id"`
	Text   upper                `yaml:"text"`
	Number int                  `yaml:"number"`
	Weight float64              `yaml:"weight"`
	Sure   bool                 `yaml:"sure"`
	Maybe  *int                 `yaml:"maybe"`
	Words  []string             `yaml:"words"`
	When   map[string]oneOrMore `yaml:"when"`
	Says   map[string]string    `yaml:"says"`
	Kids   []entry              `yaml:"kids"`
	Inner  inner                `yaml:"inner"`
	Limits `yaml:",inline"`
}

// Limits stands in entry as if its fields were entry's own.
type Limits struct {
	Least int  `yaml:"least"`
	Most  *int `yaml:"most"`
}

// shapes are what a text is read into.
var shapes = []func() any{
	func() any { return new([]entry) },
	func() any { return new(entry) },
	func() any { return new(map[string]string) },
	func() any { return new(map[string]oneOrMore) },
	func() any { return new([]string) },
	func() any { return new(map[string][]map[string]string) },
	func() any { return new(map[string]int) },
}

// agrees checks that what is read here is what the full reader sees, and returns how many shapes were read.
func agrees(t *testing.T, text string) (read int) {
	t.Helper()
	for _, shape := range shapes {
		quick, full := shape(), shape()
		if !Read(text, quick) {
			if !reflect.DeepEqual(quick, shape()) {
				t.Errorf("%T was refused and changed:\n%s", quick, text)
			}
			continue
		}
		read++
		if err := yaml.UnmarshalWithOptions([]byte(text), full, yaml.Strict()); err != nil {
			t.Errorf("%T: the full reader refuses what was read here: %v\n%s", quick, err, text)
		} else if !reflect.DeepEqual(quick, full) {
			q, _ := json.Marshal(quick)
			f, _ := json.Marshal(full)
			t.Errorf("%T: read here as\n%s\nand by the full reader as\n%s\n%s", quick, q, f, text)
		}
	}
	return read
}

// texts are plain, each in its own way.
var texts = []string{
	"- id: one\n  number: 12\n  sure: true\n  weight: 1.5\n- {id: two, words: [a, \"b, c\", 'd'], maybe: 3}\n",
	"# a remark\nid: one # and another\nsays:\n  a: b\n\n  c: \"d \\\"e\\\" \\u00e9\"\nwords:\n- x\n- y z\n",
	"id: |\n  first\n    second\n\n  third\ntext: >-\n  one\n  two\n\n  three\n",
	"when: {a: [b, c], d: e}\ninner: {low: 1, high: -2}\nleast: 4\nmost: 0\n",
	"words: &w [a, b]\nkids:\n  - words: *w\n",
	"kids:\n- {id: a, words: &few [a, b]}\n- {id: b, words: *few, text: c}\n- {words: *few}\n",
	"a: nan\nb: =one two\n",
	"kids:\n  - id: a\n    kids:\n      - {id: b,\n         words: [c,\n           d]}\n",
	"a: b\n\"no\": no\nc: 2026-11-23\nd: it's so\ne: https://example.org/a#b\n",
	"a:\n  - b\n  - c\nd: [e]\n",
	"- a\n- b c, d\n- \"\"\n",
	"a: 1\nb: 0\nc: -12\n",
	"a: []\nb: [ ]\n",
	"inner: {}\nwhen: {}\nsays: { }\n",
}

func TestWhatIsPlainIsReadAsTheFullReaderReadsIt(t *testing.T) {
	for _, text := range texts {
		if agrees(t, text) == 0 {
			t.Errorf("nothing reads this, which is plain:\n%s", text)
		}
	}
}

// What is wrong or not plain is left to the full reader, which says what is wrong.
func TestWhatIsNotPlainIsLeftToTheFullReader(t *testing.T) {
	for _, text := range []string{
		"", "\n", "a", "a: b", "- id: x\n  id: y\n", "a: b: c\n", "a: [b\n", "a: \"b\n", "a: 'it''s'\n", "a: *none\n",
		"a: !tag b\n", "? a\n: b\n", "---\na: b\n", "a: b\n c: d\n", "a:\n\tb: c\n", "a: b\r\n", "a: one\n  two\n", "<<: {a: b}\n", "a: ~\n", "a:\nb: c\n",
		"number: 0x10\n", "number: 1_000\n", "id: 1.10\n", "a: \"\\x41\"\n", "a: @b\n", "number: 99999999999999999999\n",
		"kids: [" + strings.Repeat("{kids: [", 30) + strings.Repeat("]}", 30) + "]\n",
	} {
		for _, shape := range shapes {
			if into := shape(); Read(text, into) {
				t.Errorf("read into %T as %v:\n%s", into, into, text)
			}
		}
	}
	for _, text := range []string{"id: x\nunknown: y\n", "id: x\nsure: yes\n", "text: wrong\n", "words: a\n", "number: a\n", "maybe: \"1\"\n", "inner: []\n"} {
		if into := (entry{Number: 7}); Read(text, &into) || !reflect.DeepEqual(into, entry{Number: 7}) {
			t.Errorf("read as %v:\n%s", into, text)
		}
	}
}

func FuzzAgreesWithTheFullReader(f *testing.F) {
	for _, text := range texts {
		f.Add(text)
	}
	names, err := filepath.Glob("../*/*.yaml")
	if err != nil || len(names) < 10 {
		f.Fatal(len(names), err)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		if len(text) < 4000 {
			f.Add(string(text))
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) < 10_000 {
			agrees(t, text)
		}
	})
}
