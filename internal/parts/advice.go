package parts

import (
	"bytes"
	"io/fs"
	"os"
	"path"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"

	"shareright/internal/bounds"
	"shareright/knowledge"
	"shareright/knowledge/words"
)

// mostWords is how long a sentence may be that people read in a hurry.
const mostWords = 20

// sentenceKeys are the keys whose values people read, in content files.
var sentenceKeys = map[string]bool{"do": true, "why": true, "share": true, "leave_out": true, "how": true, "tell": true, "record": true,
	"ask": true, "says": true, "law": true, "warn": true, "label": true}

// Advice lists what is no mistake in an organisation's own content and is better changed:
// a file that says the same as ours, a sentence that is too long.
func Advice(folder string) []string {
	if folder == "" {
		return nil
	}
	var said []string
	own := os.DirFS(folder)
	for _, t := range topics() {
		_ = fs.WalkDir(own, t.name, func(name string, d fs.DirEntry, err error) error { // what cannot be read was told by Content
			if err != nil || d.IsDir() || path.Ext(name) != ".yaml" {
				return nil
			}
			text, err := fs.ReadFile(own, name)
			if err != nil {
				return nil
			}
			if ours, err := fs.ReadFile(t.base, strings.TrimPrefix(name, t.name+"/")); err == nil && bytes.Equal(ours, text) {
				said = append(said, words.Say("en", "program.advice-same", "file", name))
				return nil
			}
			for _, sentence := range long(text, t.name == "words" || strings.HasSuffix(name, "phrases.yaml")) {
				said = append(said, words.Say("en", "program.advice-long", "file", name, "count", strconv.Itoa(len(strings.Fields(sentence))), "sentence", sentence))
			}
			return nil
		})
	}
	return append(said, untold(own)...)
}

// untold lists what each other language does not say yet.
func untold(own fs.FS) (said []string) {
	files, err := fs.Sub(own, "words")
	if err != nil {
		return nil
	}
	book, err := words.Read(knowledge.Over(files, words.Files))
	if err != nil {
		return nil // Content told it
	}
	for _, gap := range book.Gaps() {
		if gap.Name {
			said = append(said, words.Say("en", "program.advice-unnamed", "lang", gap.Lang))
		}
		said = append(said, lacking(gap)...)
	}
	return said
}

// mostKeys is how many keys of a file are named in one line.
const mostKeys = 12

// lacking is one line for each file: how many sentences a language lacks, and which.
func lacking(gap words.Gap) (said []string) {
	for start := 0; start < len(gap.Keys); {
		topic, _, _ := strings.Cut(gap.Keys[start], ".")
		var keys []string
		for ; start < len(gap.Keys) && strings.HasPrefix(gap.Keys[start], topic+"."); start++ {
			keys = append(keys, strings.TrimPrefix(gap.Keys[start], topic+"."))
		}
		named := strings.Join(keys[:min(len(keys), mostKeys)], " ")
		if len(keys) > mostKeys {
			named += " …"
		}
		said = append(said, words.Say("en", "program.advice-language", "file", "words/"+gap.Lang+"/"+topic+".yaml", "count", strconv.Itoa(len(keys)), "keys", named))
	}
	return said
}

// long finds the sentences of a file with too many words. In a file of sentences every value is one.
func long(text []byte, all bool) (found []string) {
	var content any
	if bounds.YAML(text) != nil || yaml.Unmarshal(text, &content) != nil {
		return nil
	}
	var walk func(value any, read bool)
	walk = func(value any, read bool) {
		switch v := value.(type) {
		case map[string]any:
			for key, inner := range v {
				walk(inner, all || sentenceKeys[key])
			}
		case []any:
			for _, inner := range v {
				walk(inner, read)
			}
		case string:
			if !read {
				return
			}
			for _, sentence := range strings.FieldsFunc(strings.NewReplacer(". ", "\n", "! ", "\n", "? ", "\n").Replace(v), func(r rune) bool { return r == '\n' }) {
				if len(strings.Fields(sentence)) > mostWords {
					found = append(found, sentence)
				}
			}
		}
	}
	walk(content, false)
	return found
}
