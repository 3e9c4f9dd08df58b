// Package plain reads the plain part of YAML, in which nearly all of our content is
// written, straight into Go values. It is there because reading the content is most of a
// start, and it takes a tenth of the time that a full reader takes.
//
// It takes no risk: where it is not sure that a full reader would see the same, it says
// that the text is not plain, and the full reader has the word. So it has no mistakes to
// tell either. Tests compare the two on every file and on texts that nobody wrote.
package plain

import (
	"encoding"
	"errors"
	"reflect"
	"strconv"
	"strings"
	"sync"
)

// Read reads a text into what a pointer points to, and says whether it was plain and
// fitted. When it was not, nothing is changed.
func Read(text string, into any) bool {
	to := reflect.ValueOf(into).Elem()
	root, ok := parse(text)
	if !ok {
		return false
	}
	fresh := reflect.New(to.Type()).Elem()
	fresh.Set(to)
	if !put(root, fresh) {
		return false
	}
	to.Set(fresh)
	return true
}

// put puts a node into a value, as the full reader does with the options we give it.
func put(n *node, to reflect.Value) bool {
	switch at := to.Addr().Interface().(type) {
	case interface{ UnmarshalYAML(func(any) error) error }:
		return at.UnmarshalYAML(func(into any) error {
			if !put(n, reflect.ValueOf(into).Elem()) {
				return errNotPlain
			}
			return nil
		}) == nil
	case encoding.TextUnmarshaler:
		return n.says() && at.UnmarshalText([]byte(n.text)) == nil
	}
	switch to.Kind() {
	case reflect.String:
		if !n.says() && !n.counts() && !n.truth() {
			return false
		}
		to.SetString(n.text)
		return true
	case reflect.Bool:
		if !n.truth() {
			return false
		}
		to.SetBool(n.text == "true")
		return true
	case reflect.Int:
		if !n.counts() {
			return false
		}
		whole, err := strconv.ParseInt(n.text, 10, 32)
		to.SetInt(whole)
		return err == nil
	case reflect.Float64:
		if n.kind != bare || !decimal(n.text) {
			return false
		}
		number, err := strconv.ParseFloat(n.text, 64)
		to.SetFloat(number)
		return err == nil
	case reflect.Pointer:
		to.Set(reflect.New(to.Type().Elem()))
		return put(n, to.Elem())
	case reflect.Slice:
		return putList(n, to)
	case reflect.Map:
		return putMap(n, to)
	case reflect.Struct:
		return putStruct(n, to)
	}
	return false
}

// errNotPlain is what a type with a reading of its own hears when a node does not fit.
var errNotPlain = errors.New("not plain")

func putList(n *node, to reflect.Value) bool {
	if n.kind != list {
		return false
	}
	all := reflect.MakeSlice(to.Type(), len(n.kids), len(n.kids))
	for i := range n.kids {
		if !put(n.kids[i], all.Index(i)) {
			return false
		}
	}
	to.Set(all)
	return true
}

func putMap(n *node, to reflect.Value) bool {
	if n.kind != pairs || to.Len() > 0 || to.Type().Key().Kind() != reflect.String {
		return false
	}
	all := reflect.MakeMapWithSize(to.Type(), len(n.kids))
	for i, key := range n.keys {
		value := reflect.New(to.Type().Elem()).Elem()
		if !put(n.kids[i], value) {
			return false
		}
		all.SetMapIndex(reflect.ValueOf(key).Convert(to.Type().Key()), value)
	}
	to.Set(all)
	return true
}

func putStruct(n *node, to reflect.Value) bool {
	if n.kind != pairs {
		return false
	}
	fields, ok := fieldsOf(to.Type())
	if !ok {
		return false
	}
	for i, key := range n.keys {
		at, known := fields[key]
		if !known || !put(n.kids[i], to.FieldByIndex(at)) {
			return false
		}
	}
	return true
}

var known sync.Map // reflect.Type to map[string][]int; nil when the type is not plain

// fieldsOf finds the fields of a struct by their keys.
func fieldsOf(t reflect.Type) (map[string][]int, bool) {
	if have, ok := known.Load(t); ok {
		fields, _ := have.(map[string][]int)
		return fields, fields != nil
	}
	fields := map[string][]int{}
	for i := range t.NumField() {
		f := t.Field(i)
		name, more, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		switch {
		case !f.IsExported() || name == "-":
		case strings.Contains(more, "inline"):
			inner, ok := fieldsOf(f.Type)
			if !ok || f.Type.Kind() != reflect.Struct {
				fields = nil
			}
			for key, at := range inner {
				fields[key] = append([]int{i}, at...)
			}
		case name == "" || fields[name] != nil:
			fields = nil // the full reader has rules for these
		default:
			fields[name] = []int{i}
		}
		if fields == nil {
			break
		}
	}
	known.Store(t, fields)
	return fields, fields != nil
}
