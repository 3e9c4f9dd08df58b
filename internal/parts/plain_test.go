package parts

import (
	"io/fs"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/goccy/go-yaml"

	"shareright/knowledge/plain"
	"shareright/knowledge/retention"
)

// twice are files that are read a second time by the full reader, to compare.
type twice struct {
	fs.FS
	t    *testing.T
	name string

	mu    *sync.Mutex
	files map[string]int // how often each was read
}

// ReadFile, ReadDir and Stat are those of the files.
func (w twice) ReadFile(name string) ([]byte, error)       { return fs.ReadFile(w.FS, name) }
func (w twice) ReadDir(name string) ([]fs.DirEntry, error) { return fs.ReadDir(w.FS, name) }
func (w twice) Stat(name string) (fs.FileInfo, error)      { return fs.Stat(w.FS, name) }

// Was compares what was made of a file with what the full reader makes of it.
func (w twice) Was(name string, text []byte, into any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	file := w.name + "/" + name
	w.files[file]++
	full := reflect.New(reflect.TypeOf(into).Elem()).Interface()
	if err := yaml.UnmarshalWithOptions(text, full, yaml.Strict()); err != nil {
		w.t.Errorf("%s: the full reader says: %v", file, err)
		return
	}
	quick := reflect.New(reflect.TypeOf(into).Elem()).Interface()
	if !plain.Read(string(text), quick) {
		w.t.Errorf("%s is not plain YAML, so each start takes longer; write it as the other files are written", file)
		return
	}
	if !reflect.DeepEqual(quick, full) {
		w.t.Errorf("%s is read in two ways", file)
	}
}

// Every content file is read (but for emergencies.yaml, which only the proofs read) the quick way, and as the full reader reads it.
func TestOurContentIsReadAsTheFullReaderReadsIt(t *testing.T) {
	seen := twice{t: t, mu: &sync.Mutex{}, files: map[string]int{}}
	all := topics()
	for i := range all {
		all[i].base = twice{all[i].base, t, all[i].name, seen.mu, seen.files}
	}
	_, _, mistakes := readTopics(nil, all)
	for _, mistake := range mistakes {
		t.Error(mistake)
	}
	at := slices.IndexFunc(all, func(t topic) bool { return t.name == "retention" })
	if _, err := retention.LoadLimits(all[at].base); err != nil { // read when it is first asked for
		t.Error(err)
	}
	for _, topic := range topics() {
		for _, name := range topic.files() {
			if file := topic.name + "/" + name; strings.HasSuffix(name, ".yaml") && name != "emergencies.yaml" && seen.files[file] == 0 {
				t.Errorf("%s was not compared", file)
			}
		}
	}
}
