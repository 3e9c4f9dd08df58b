package parts

import (
	"fmt"

	"shareright/knowledge/breach"
	"shareright/knowledge/calendar"
	"shareright/knowledge/governance"
	"shareright/knowledge/policy"
	"shareright/knowledge/retention"
	"shareright/knowledge/rights"
	"shareright/knowledge/share"
)

// topics lists every topic of knowledge with what reads its content.
var topics = []struct {
	name string
	read func() error
}{
	{"calendar", func() error { calendar.Default(); return nil }},
	{"breach", func() error { breach.Default(); return nil }},
	{"governance", func() error { governance.Default(); return nil }},
	{"policy", func() error { _, err := policy.DefaultLexicon(); return err }},
	{"retention", func() error { retention.Default(); retention.DefaultLimits(); return nil }},
	{"share", func() error {
		book, err := share.Default()
		if err != nil {
			return err
		}
		return book.Check()
	}},
	{"rights", func() error { rights.Default(); return nil }},
}

// Content reads all content that is built in and returns every topic's mistakes.
func Content() []error {
	var mistakes []error
	for _, t := range topics {
		if err := guarded(t.read); err != nil {
			mistakes = append(mistakes, fmt.Errorf("%s: %w", t.name, err))
		}
	}
	return mistakes
}

// guarded turns the panic of a topic that cannot be read into its error.
func guarded(read func() error) (err error) {
	defer func() {
		switch p := recover().(type) {
		case nil:
		case error:
			err = p
		default:
			err = fmt.Errorf("%v", p)
		}
	}()
	return read()
}
