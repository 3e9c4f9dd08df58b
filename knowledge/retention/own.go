package retention

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"shareright/knowledge"
)

// Own is how long the program keeps one kind of its own records after they have ended.
type Own struct {
	ID      string   `yaml:"id"`
	Label   string   `yaml:"label"`
	From    string   `yaml:"from"` // what ends it, in words
	Months  int      `yaml:"months"`
	Why     string   `yaml:"why"`
	Sources []string `yaml:"sources"`
}

// ownKinds are the records that need a time. One that is left out would stay for ever unseen.
var ownKinds = strings.Fields("breach near-miss decision decision-child decision-harm review training refresher quiz register-line member volunteer backlog")

// mostMonths is more than any record is kept: 100 years are a slip of the hand.
const mostMonths = 1200

// LoadOwn reads own.yaml and reports every mistake in it.
func LoadOwn(files fs.FS) ([]Own, error) {
	var list []Own
	if err := knowledge.ReadYAML(files, "own.yaml", &list); err != nil {
		return nil, err
	}
	sources, err := knowledge.ReadSources(files, "sources.yaml")
	if err != nil {
		return nil, err
	}
	var problems []error
	var ids []string
	for _, o := range list {
		if !slices.Contains(ownKinds, o.ID) {
			problems = append(problems, fmt.Errorf("own.yaml: there is no kind %q%s", o.ID, knowledge.DidYouMean(o.ID, ownKinds)))
		}
		if slices.Contains(ids, o.ID) {
			problems = append(problems, fmt.Errorf("own.yaml: %q stands there twice", o.ID))
		}
		ids = append(ids, o.ID)
		if o.Label == "" || o.From == "" || o.Why == "" {
			problems = append(problems, fmt.Errorf("own.yaml: %q needs a label, from and why", o.ID))
		}
		if o.Months < 1 || o.Months > mostMonths {
			problems = append(problems, fmt.Errorf("own.yaml: %q is kept for %d months; use 1 to %d", o.ID, o.Months, mostMonths))
		}
		if _, err := sources.Pick(o.Sources...); err != nil || len(o.Sources) == 0 {
			problems = append(problems, errors.Join(fmt.Errorf("own.yaml: %q needs known sources", o.ID), err))
		}
	}
	for _, kind := range ownKinds {
		if !slices.Contains(ids, kind) {
			problems = append(problems, fmt.Errorf("own.yaml: nothing says how long %q is kept", kind))
		}
	}
	return list, errors.Join(problems...)
}
