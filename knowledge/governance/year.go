package governance

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"shareright/knowledge"
	"shareright/knowledge/calendar"
)

// From is what the next time of an item counts from.
type From string

// Done counts from the day it was done, Fixed from the calendar.
const (
	Done  From = "done"
	Fixed From = "fixed"
)

// Item is something that comes round in the year of a data protection lead.
type Item struct {
	ID        string   `yaml:"id"`
	Title     string   `yaml:"title"`
	When      string   `yaml:"when"` // words or cron, see scheduler.ParseSchedule; {start} is the first day
	After     From     `yaml:"after"`
	First     int      `yaml:"first"` // days after setting up
	Owner     string   `yaml:"owner"` // a role
	Statutory bool     `yaml:"statutory"`
	Last      bool     `yaml:"last"` // the day is the last one allowed
	AnyDay    bool     `yaml:"any_day"`
	Names     []string `yaml:"names"` // there are several, and these to begin with
	Why       string   `yaml:"why"`
	Do        []string `yaml:"do"`
	Evidence  string   `yaml:"evidence"`
	Sources   []string `yaml:"sources"`
}

// Year is the items that were read and checked.
type Year struct {
	Items   []Item
	sources knowledge.Sources
}

// LoadYear reads year.yaml and sources.yaml and reports every mistake in them. Whether a
// cron spec can be kept is for scheduler to say.
func LoadYear(files fs.FS) (*Year, error) {
	y := &Year{}
	if err := knowledge.ReadYAML(files, "year.yaml", &y.Items); err != nil {
		return nil, err
	}
	var err error
	if y.sources, err = knowledge.ReadSources(files, "sources.yaml"); err != nil {
		return nil, err
	}
	var problems []error
	seen := map[string]bool{}
	for _, item := range y.Items {
		for _, problem := range y.faults(item) {
			problems = append(problems, fmt.Errorf("year.yaml: %q: %s", item.ID, problem))
		}
		if seen[item.ID] {
			problems = append(problems, fmt.Errorf("year.yaml: %q stands there twice", item.ID))
		}
		seen[item.ID] = true
	}
	return y, errors.Join(problems...)
}

// maxTitle is how many characters of a title fit on a button, on every platform.
const maxTitle = 60

func (y *Year) faults(item Item) []string {
	roles := []string{"dp-lead", "deputy", "safeguarding-lead", "trustee"}
	var found []string
	wrong := func(when bool, format string, a ...any) {
		if when {
			found = append(found, fmt.Sprintf(format, a...))
		}
	}
	wrong(item.ID == "" || item.Title == "" || item.Why == "" || len(item.Do) == 0 || item.Evidence == "" || len(item.Sources) == 0,
		"it needs an id, a title, why, do, evidence and sources")
	wrong(item.After != Done && item.After != Fixed, "after is %q; use done or fixed", item.After)
	wrong(item.After == Done && !strings.Contains(item.When, "{start}"), "what counts from the day it was done needs {start} in when")
	wrong(item.First < 1 || item.First > 366, "first is %d; use 1 to 366 days", item.First)
	wrong(!slices.Contains(roles, item.Owner), "there is no role %q%s", item.Owner, knowledge.DidYouMean(item.Owner, roles))
	wrong(utf8.RuneCountInString(item.Title) > maxTitle, "the title has more than %d characters", maxTitle)
	if _, err := y.sources.Pick(item.Sources...); err != nil {
		found = append(found, err.Error())
	}
	return found
}

// DefaultYear is the year that the program carries.
var DefaultYear = sync.OnceValue(func() *Year {
	y, err := LoadYear(content)
	if err != nil {
		panic(err) // the embedded content is tested; a mistake here is a programmer's
	}
	return y
})

// Item finds an item by its id.
func (y *Year) Item(id string) (Item, bool) {
	i := slices.IndexFunc(y.Items, func(item Item) bool { return item.ID == id })
	if i < 0 {
		return Item{}, false
	}
	return y.Items[i], true
}

// SourcesOf lists where an item comes from.
func (y *Year) SourcesOf(item Item) []knowledge.Source {
	list, err := y.sources.Pick(item.Sources...)
	if err != nil {
		return nil // an item that LoadYear did not check
	}
	return list
}

// Spec is the item's schedule from a first day, as scheduler.ParseSchedule reads it.
func (i Item) Spec(start calendar.Date) string {
	return strings.ReplaceAll(i.When, "{start}", start.String())
}
