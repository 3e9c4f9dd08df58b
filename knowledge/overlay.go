package knowledge

import (
	"errors"
	"io/fs"
	"path"
	"reflect"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
)

// Extra begins the name of a file that adds to another: "extra-phrases.yaml" adds to
// "phrases.yaml" beside it. An entry with an id (or a key) that is there already takes
// that entry's place; the others are added.
const Extra = "extra-"

// ExtraFor is the name of the file that adds to another.
func ExtraFor(name string) string {
	dir, file := path.Split(name)
	return dir + Extra + file
}

// Over lays an organisation's own files over those of base. A file of the same name takes
// the place of ours, one of another name is read beside ours, and an extra file adds to
// the one it names (see Extra). Listings leave extra files out.
func Over(own, base fs.FS) fs.FS { return layers{own, base} }

type layers struct{ own, base fs.FS }

// Open opens the organisation's file, or ours where it has none.
func (l layers) Open(name string) (fs.File, error) {
	file, err := l.own.Open(name)
	if err == nil {
		info, statErr := file.Stat()
		if statErr == nil && !info.IsDir() {
			return file, nil
		}
		_ = file.Close() // a folder: ours may hold more
	} else if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	ours, err := l.base.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return l.own.Open(name)
	}
	return ours, err
}

// ReadDir lists a folder of both, in order of their names.
func (l layers) ReadDir(name string) ([]fs.DirEntry, error) {
	own, err := fs.ReadDir(l.own, name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	ours, baseErr := fs.ReadDir(l.base, name)
	if baseErr != nil && (err != nil || !errors.Is(baseErr, fs.ErrNotExist)) {
		return nil, baseErr
	}
	byName := map[string]fs.DirEntry{}
	for _, e := range append(ours, own...) {
		if !strings.HasPrefix(e.Name(), Extra) && !strings.HasPrefix(e.Name(), ".") {
			byName[e.Name()] = e
		}
	}
	list := make([]fs.DirEntry, 0, len(byName))
	for _, e := range byName {
		list = append(list, e)
	}
	slices.SortFunc(list, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return list, nil
}

// merge puts what an extra file holds into what its file holds. Maps go by key and lists
// of entries by id; other lists grow; single values are replaced.
func merge(into, more reflect.Value) {
	switch into.Kind() {
	case reflect.Map:
		if into.IsNil() {
			into.Set(reflect.MakeMap(into.Type()))
		}
		for _, key := range more.MapKeys() {
			into.SetMapIndex(key, more.MapIndex(key))
		}
	case reflect.Slice:
		for i := range more.Len() {
			entry := more.Index(i)
			if at := find(into, idOf(entry)); at >= 0 {
				into.Index(at).Set(entry)
				continue
			}
			into.Set(reflect.Append(into, entry))
		}
	case reflect.Struct:
		for i := range into.NumField() {
			if into.Type().Field(i).IsExported() {
				merge(into.Field(i), more.Field(i))
			}
		}
	case reflect.Pointer:
		if into.IsNil() || more.IsNil() {
			if !more.IsNil() {
				into.Set(more)
			}
			return
		}
		merge(into.Elem(), more.Elem())
	default:
		if !more.IsZero() {
			into.Set(more)
		}
	}
}

// find is where the list holds an entry with this id; -1 without one.
func find(list reflect.Value, id string) int {
	for i := range list.Len() {
		if id != "" && idOf(list.Index(i)) == id {
			return i
		}
	}
	return -1
}

// idOf is what an entry is called: its field "id", or "rule" in a schedule of records.
func idOf(entry reflect.Value) string {
	if entry.Kind() != reflect.Struct {
		return ""
	}
	for _, key := range []string{"id", "rule"} {
		for i := range entry.NumField() {
			field := entry.Type().Field(i)
			if name, _, _ := strings.Cut(field.Tag.Get("yaml"), ","); name == key && field.Type.Kind() == reflect.String {
				return entry.Field(i).String()
			}
		}
	}
	return ""
}

// Excerpt shows the lines of a content file around a place, such as "$[3].when", for
// mistakes that only show once everything is read. It is empty when there is no such place.
func Excerpt(files fs.FS, name, place string) (excerpt string) {
	defer func() {
		if recover() != nil { // the reader panics on some texts that are no YAML
			excerpt = ""
		}
	}()
	text, err := fs.ReadFile(files, name)
	if err != nil {
		return ""
	}
	at, err := yaml.PathString(place)
	if err != nil {
		return ""
	}
	lines, err := at.AnnotateSource(text, false)
	if err != nil {
		return ""
	}
	return "\n" + strings.TrimRight(string(lines), "\n")
}
