// Package words holds every sentence of the bot's own that people read, as content: one
// file a topic and language, in this folder. A key names a sentence; {name} stands for
// what is filled in. Answers, rules and letters live with their topic instead.
package words

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"sort"
	"strings"
	"sync/atomic"

	"shareright/knowledge"
)

// Files holds the sentences that are built in.
//
//go:embed en
var Files embed.FS

var builtIn = mustRead(Files)

// own are an organisation's sentences over ours; nil while there are none.
var own atomic.Pointer[Book]

// Use lets an organisation's sentences stand in for ours. A program calls it once, before
// anybody is spoken to. A key that the book lacks is said in our words.
func Use(book Book) { own.Store(&book) }

// Book finds a sentence by language and key.
type Book map[string]map[string]string

// Read reads all languages: each folder is one, each file in it a topic whose keys are
// prefixed with the file's name ("bot.yaml" holds "bot.saved" as "saved").
func Read(files fs.FS) (Book, error) {
	book := Book{}
	names, err := fs.Glob(files, "*/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("list sentences: %w", err)
	}
	for _, name := range names {
		sentences := map[string]string{}
		if err := knowledge.ReadYAML(files, name, &sentences); err != nil {
			return nil, err
		}
		lang, topic := path.Dir(name), strings.TrimSuffix(path.Base(name), ".yaml")
		if book[lang] == nil {
			book[lang] = map[string]string{}
		}
		for key, sentence := range sentences {
			book[lang][topic+"."+key] = strings.TrimSpace(sentence)
		}
	}
	return book, nil
}

// Say returns the sentence of this key in this language, or in English where the
// language lacks it. fill is names and values in turn. A key that does not exist is
// returned as it is; a test sees to it that none is used.
func Say(lang, key string, fill ...string) string {
	if book := own.Load(); book != nil && book.holds(lang, key) {
		return book.Say(lang, key, fill...)
	}
	return builtIn.Say(lang, key, fill...)
}

// holds says whether the book has the key in this language or, where nobody else speaks it, in English.
func (b Book) holds(lang, key string) bool {
	if _, ok := b[lang][key]; ok {
		return true
	}
	_, ours := builtIn[lang][key]
	_, english := b["en"][key]
	return !ours && english
}

// Say is the function Say, over this book.
func (b Book) Say(lang, key string, fill ...string) string {
	sentence, ok := b[lang][key]
	if !ok {
		if sentence, ok = b["en"][key]; !ok {
			return key
		}
	}
	if len(fill) == 0 {
		return sentence
	}
	pairs := make([]string, 0, len(fill))
	for i := 0; i+1 < len(fill); i += 2 {
		pairs = append(pairs, "{"+fill[i]+"}", fill[i+1])
	}
	return strings.NewReplacer(pairs...).Replace(sentence)
}

// Keys lists every key of a language in order.
func (b Book) Keys(lang string) []string {
	keys := make([]string, 0, len(b[lang]))
	for key := range b[lang] {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}

// Has says whether English has the key.
func Has(key string) bool {
	_, ok := builtIn["en"][key]
	return ok
}

func mustRead(files fs.FS) Book {
	book, err := Read(files)
	if err != nil {
		panic(err) // the files are part of the program
	}
	return book
}
