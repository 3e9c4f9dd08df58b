package words

import (
	"slices"
	"sync"
)

// English is the language that everything is said in where nobody chose another.
const English = "en"

// nameKey is what a language calls itself. A language without it is not offered.
const nameKey = "bot.language-name"

// Language is one that people can choose: its folder, and what it calls itself.
type Language struct{ Code, Name string }

// Languages lists what can be chosen, English first.
func Languages() []Language {
	if book := own.Load(); book != nil {
		return book.languages()
	}
	return builtIn.languages()
}

func (b Book) languages() []Language {
	all := []Language{{English, Say(English, nameKey)}}
	for lang := range b {
		if name := b[lang][nameKey]; lang != English && name != "" {
			all = append(all, Language{lang, name})
		}
	}
	slices.SortFunc(all[1:], func(x, y Language) int {
		if x.Code < y.Code {
			return -1
		}
		return 1
	})
	return all
}

// Spoken says whether a language can be chosen.
func Spoken(lang string) bool {
	return slices.ContainsFunc(Languages(), func(l Language) bool { return l.Code == lang })
}

// In gives a whole English sentence of ours in another language, as it is where that lacks it. It is
// for what is made before anybody is spoken to, such as the questions of a form.
func In(lang, english string) string {
	book := own.Load()
	if lang == English || lang == "" || book == nil {
		return english
	}
	for _, key := range keysOf(book)[english] {
		if said, ok := (*book)[lang][key]; ok {
			return said
		}
	}
	return english
}

var indexed struct {
	sync.Mutex
	book *Book
	keys map[string][]string
}

// keysOf finds the keys of each English sentence, in order.
func keysOf(book *Book) map[string][]string {
	indexed.Lock()
	defer indexed.Unlock()
	if indexed.book != book {
		keys := map[string][]string{}
		for _, b := range []Book{builtIn, *book} {
			for _, key := range b.Keys(English) {
				if said := b[English][key]; !slices.Contains(keys[said], key) {
					keys[said] = append(keys[said], key)
				}
			}
		}
		indexed.book, indexed.keys = book, keys
	}
	return indexed.keys
}

// Gap is what a language does not say yet, so that English stands there.
type Gap struct {
	Lang string
	Keys []string // in order
	Name bool     // it does not name itself, so nobody can choose it
}

// Gaps lists what each language but English lacks.
func (b Book) Gaps() []Gap {
	var all []Gap
	for lang, said := range b {
		if lang == English {
			continue
		}
		gap := Gap{Lang: lang, Name: said[nameKey] == ""}
		for _, key := range builtIn.Keys(English) {
			if _, ok := said[key]; !ok {
				gap.Keys = append(gap.Keys, key)
			}
		}
		if len(gap.Keys) > 0 {
			all = append(all, gap)
		}
	}
	slices.SortFunc(all, func(x, y Gap) int {
		if x.Lang < y.Lang {
			return -1
		}
		return 1
	})
	return all
}
