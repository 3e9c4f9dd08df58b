package words

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"shareright/knowledge"
)

// Check finds mistakes in an organisation's own sentences: a key that nothing says, and
// a {place} to fill in that was lost or made up.
func Check(files fs.FS) error {
	book, err := Read(files)
	if err != nil {
		return err
	}
	known := builtIn.Keys("en")
	var problems []error
	for lang, sentences := range book {
		for _, key := range book.Keys(lang) {
			topic, name, _ := strings.Cut(key, ".")
			where := path.Join(lang, topic+".yaml")
			ours, ok := builtIn["en"][key]
			if !ok {
				problems = append(problems, fmt.Errorf("%s: nothing says %q%s", where, name, near(topic, name, known)))
				continue
			}
			if want, got := places(ours), places(sentences[key]); !slices.Equal(want, got) {
				problems = append(problems, fmt.Errorf("%s: %q fills in %s, and ours %s; keep them as they are", where, name, listed(got), listed(want)))
			}
		}
	}
	return errors.Join(problems...)
}

func near(topic, name string, known []string) string {
	var names []string
	for _, key := range known {
		if rest, ok := strings.CutPrefix(key, topic+"."); ok {
			names = append(names, rest)
		}
	}
	return knowledge.DidYouMean(name, names)
}

var place = regexp.MustCompile(`\{[a-z-]+\}`)

// places are what is filled into a sentence, each once, in order of the alphabet.
func places(sentence string) []string {
	found := place.FindAllString(sentence, -1)
	slices.Sort(found)
	return slices.Compact(found)
}

func listed(places []string) string {
	if len(places) == 0 {
		return "nothing"
	}
	return strings.Join(places, " ")
}
