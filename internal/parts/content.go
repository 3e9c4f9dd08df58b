package parts

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"shareright/handlers"
	"shareright/handlers/year"
	"shareright/knowledge"
	"shareright/knowledge/ask"
	"shareright/knowledge/breach"
	"shareright/knowledge/calendar"
	"shareright/knowledge/governance"
	"shareright/knowledge/policy"
	"shareright/knowledge/registers"
	"shareright/knowledge/retention"
	"shareright/knowledge/rights"
	"shareright/knowledge/share"
	"shareright/knowledge/tool"
	"shareright/knowledge/training"
	"shareright/knowledge/words"
)

// topic is one subject of what we know, as an organisation can change it: a folder of its
// own content folder, laid over ours.
type topic struct {
	name string
	base fs.FS
	adds []string // patterns of files that may be added to ours
}

// topics are the folders that an organisation's own content folder may have.
func topics() []topic {
	return []topic{
		{"share", share.Files(), []string{"rules/*.yaml"}},
		{"policy", policy.Files(), []string{"*.yaml"}},
		{"retention", retention.Files(), []string{"rules-*.yaml"}},
		{"ask", ask.Files(), nil},
		{"breach", breach.Files(), nil},
		{"rights", rights.Files(), []string{"letters/*.md"}},
		{"training", training.Files(), []string{"cards-*.yaml"}},
		{"registers", registers.Files(), nil},
		{"tool", tool.Files(), nil},
		{"governance", governance.Files(), nil},
		{"calendar", calendar.Files(), nil},
		{"words", words.Files, []string{"en/*.yaml", "cy/*.yaml", "??/*.yaml"}},
	}
}

// fixed are the topics that only a new release changes; they are read to find mistakes.
var fixed = []struct {
	name string
	read func()
}{
	{"retention", func() { retention.Default(); retention.DefaultLimits() }},
}

// Content reads all content, with an organisation's own folder over it unless that is
// empty, proves what must hold of it, and returns every mistake.
func Content(folder string) []error {
	var mistakes []error
	for _, t := range fixed {
		if err := guarded(t.read); err != nil {
			mistakes = append(mistakes, fmt.Errorf("%s: %w", t.name, err))
		}
	}
	if folder == "" {
		return append(mistakes, proofs(builtIn())...)
	}
	_, own := Know(folder)
	return append(mistakes, own...)
}

// proofs proves what must hold of what is built in. It takes a while, so a start leaves it to the tests.
func proofs(known handlers.Knowledge, mistakes []error) []error {
	if len(mistakes) > 0 {
		return mistakes
	}
	return append(mistakes, provedShare(known.Share)...)
}

func provedShare(b *share.Book) []error {
	if err := errors.Join(b.Check(), b.Alarms()); err != nil {
		return each("share", err)
	}
	return nil
}

// builtIn is what the program knows by itself, read once.
var builtIn = sync.OnceValues(func() (handlers.Knowledge, []error) {
	known, _, mistakes := read(nil)
	return known, mistakes
})

// Know reads what the features know, with an organisation's own folder over it unless that
// is empty. The rules of such a folder are proved as well. With mistakes there is no knowledge.
func Know(folder string) (handlers.Knowledge, []error) {
	if folder == "" {
		return builtIn()
	}
	known, _, mistakes := know(folder)
	return known, mistakes
}

// know is Know for a folder, with the sentences beside.
func know(folder string) (handlers.Knowledge, words.Book, []error) {
	if info, err := os.Stat(folder); err != nil || !info.IsDir() {
		return handlers.Knowledge{}, nil, []error{fmt.Errorf("the content folder %s cannot be read; check its name, or make it with: shareright content copy %s", folder, folder)}
	}
	known, said, mistakes := read(os.DirFS(folder))
	if len(mistakes) == 0 {
		mistakes = provedShare(known.Share)
	}
	if len(mistakes) > 0 {
		return handlers.Knowledge{}, nil, mistakes
	}
	return known, said, nil
}

// read reads every topic, with an organisation's own files over ours unless there are none.
// The topics are read side by side: reading is most of a start.
func read(own fs.FS) (handlers.Knowledge, words.Book, []error) { return readTopics(own, topics()) }

func readTopics(own fs.FS, all []topic) (handlers.Knowledge, words.Book, []error) {
	r := reader{own: own, all: all}
	r.strangers()
	known := &r.known
	known.Calendar = calendar.Default()
	r.topics(map[string]func(fs.FS) error{"calendar": func(files fs.FS) (err error) {
		days, err := calendar.Load(files)
		if err == nil {
			known.Calendar = days // legal clocks wait for it; without a mistake they count with these
		}
		return err
	}})
	r.topics(map[string]func(fs.FS) error{
		"words":  r.words,
		"breach": func(files fs.FS) (err error) { known.Breach, err = breach.Load(files); return },
		"rights": func(files fs.FS) (err error) {
			if known.Clocks, err = rights.Load(files, known.Calendar); err == nil {
				known.Rights, err = rights.LoadGuide(files)
			}
			return err
		},
		"policy": func(files fs.FS) (err error) { known.Lexicon, err = policy.ReadLexicon(files); return },
		"retention": func(files fs.FS) (err error) {
			pensions, err := retention.LoadPensions(files)
			if err == nil {
				known.Retention, err = retention.Load(files, pensions)
			}
			kept, wrong := retention.LoadOwn(files)
			known.Kept = kept
			return errors.Join(err, wrong)
		},
		"training":  func(files fs.FS) (err error) { known.Training, err = training.Load(files); return },
		"registers": func(files fs.FS) (err error) { known.Registers, err = registers.Load(files); return },
		"tool":      func(files fs.FS) (err error) { known.Tools, err = tool.Load(files); return },
		"governance": func(files fs.FS) (err error) {
			if known.Year, err = governance.LoadYear(files); err != nil {
				return err
			}
			_, reviews := governance.Load(files)
			return errors.Join(append(year.Check(known.Year), reviews)...)
		},
		"share": func(files fs.FS) (err error) { known.Share, err = share.Load(files); return },
	})
	if len(r.mistakes) == 0 {
		r.topics(map[string]func(fs.FS) error{"ask": func(files fs.FS) (err error) {
			known.Ask, err = ask.Read(files, known.Lexicon, known.Retention, Sharing(known.Share))
			return err
		}})
	}
	if len(r.mistakes) > 0 {
		return handlers.Knowledge{}, nil, r.mistakes
	}
	return r.known, r.said, nil
}

// reader reads topic after topic and gathers mistakes.
type reader struct {
	own      fs.FS // nil for none
	all      []topic
	known    handlers.Knowledge
	said     words.Book
	mistakes []error
}

// topics reads several topics side by side. Mistakes are in the order of the topics.
func (r *reader) topics(reads map[string]func(fs.FS) error) {
	mistakes := make([][]error, len(r.all))
	var reading sync.WaitGroup
	for i, t := range r.all {
		if read, wanted := reads[t.name]; wanted {
			reading.Go(func() { mistakes[i] = r.topic(t, read) })
		}
	}
	reading.Wait()
	r.mistakes = append(r.mistakes, slices.Concat(mistakes...)...)
}

func (r *reader) topic(t topic, read func(fs.FS) error) []error {
	files := t.base
	if r.own != nil {
		own, err := fs.Sub(r.own, t.name)
		if err != nil {
			return []error{err}
		}
		files = knowledge.Over(own, t.base)
	}
	err := guarded(func() {
		if err := read(files); err != nil {
			panic(err)
		}
	})
	if err == nil {
		return nil
	}
	return each(t.name, err)
}

// words reads the sentences.
func (r *reader) words(files fs.FS) (err error) {
	if err := words.Check(files); err != nil {
		return err
	}
	r.said, err = words.Read(files)
	return err
}

// each takes joined mistakes apart, and names the folder they stand in.
func each(name string, err error) []error {
	for strings.HasPrefix(err.Error(), "load ") && errors.Unwrap(err) != nil {
		err = errors.Unwrap(err) // what was being loaded, the file says
	}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var list []error
		for _, e := range joined.Unwrap() {
			list = append(list, each(name, e)...)
		}
		return list
	}
	return []error{fmt.Errorf("%s/%w", name, err)}
}

// guarded turns the panic of a topic that cannot be read into its error.
func guarded(read func()) (err error) {
	defer func() {
		switch p := recover().(type) {
		case nil:
		case error:
			err = p
		default:
			err = fmt.Errorf("%v", p)
		}
	}()
	read()
	return nil
}

// strangers finds files in the organisation's folder that nothing would read: a slip in a
// name would otherwise change nothing and say nothing.
func (r *reader) strangers() {
	if r.own == nil {
		return
	}
	err := fs.WalkDir(r.own, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || name == "." {
			return err
		}
		if base := path.Base(name); strings.HasPrefix(base, ".") || strings.HasSuffix(base, "~") || strings.HasPrefix(strings.ToUpper(base), "README") {
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if !d.IsDir() {
			if problem := stranger(name); problem != "" {
				r.mistakes = append(r.mistakes, fmt.Errorf("%s: %s", name, problem))
			}
		}
		return nil
	})
	if err != nil {
		r.mistakes = append(r.mistakes, err)
	}
}

// stranger says why nothing would read a file of an organisation's own.
func stranger(name string) string {
	folder, file, inside := strings.Cut(name, "/")
	all := topics()
	at := slices.IndexFunc(all, func(t topic) bool { return t.name == folder })
	if at < 0 || !inside {
		var names []string
		for _, t := range all {
			names = append(names, t.name)
		}
		return "nothing reads this; put it into one of the folders " + strings.Join(names, ", ") + knowledge.DidYouMean(folder, names)
	}
	t := all[at]
	plain := path.Join(path.Dir(file), strings.TrimPrefix(path.Base(file), knowledge.Extra))
	if _, err := fs.Stat(t.base, plain); err == nil {
		return ""
	}
	if plain != file {
		return "it adds to " + path.Base(plain) + ", and there is no such file" + knowledge.DidYouMean(plain, t.files())
	}
	for _, pattern := range t.adds {
		if ok, err := path.Match(pattern, file); ok && err == nil {
			return ""
		}
	}
	if len(t.adds) > 0 {
		return "there is no such file of ours to replace; a new file is called " + strings.Join(t.adds, " or ")
	}
	return "there is no such file of ours to replace" + knowledge.DidYouMean(file, t.files())
}

// files lists the topic's own files.
func (t topic) files() []string {
	var names []string
	_ = fs.WalkDir(t.base, ".", func(name string, d fs.DirEntry, err error) error { // the files are part of the program
		if err == nil && !d.IsDir() {
			names = append(names, name)
		}
		return err
	})
	return names
}

// CopyContent writes every file that an organisation can change into a folder, to be
// edited, and returns how many. A file that is there already is left as it is.
func CopyContent(folder string) (written, kept int, err error) {
	for _, t := range topics() {
		for _, name := range t.files() {
			text, err := fs.ReadFile(t.base, name)
			if err != nil {
				return written, kept, fmt.Errorf("read %s: %w", name, err)
			}
			to := filepath.Join(folder, t.name, filepath.FromSlash(name))
			if _, err := os.Stat(to); err == nil {
				kept++
				continue
			}
			if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
				return written, kept, fmt.Errorf("copy content: %w", err)
			}
			if err := os.WriteFile(to, text, 0o644); err != nil {
				return written, kept, fmt.Errorf("copy content: %w", err)
			}
			written++
		}
	}
	return written, kept, nil
}
