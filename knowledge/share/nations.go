package share

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"shareright/knowledge"
)

// nations are the parts of the United Kingdom in the order in which answers name them. "uk"
// stands for all four.
var nations = []string{"england", "wales", "scotland", "northern-ireland"}

const wholeUK = "uk"

// differences are what differs by nation: the sentence for each nation, by topic.
type differences map[string]map[string]string

// readNations reads what differs by nation.
func readNations(files fs.FS) (differences, error) {
	t := differences{}
	if err := knowledge.ReadYAML(files, "nations.yaml", &t); err != nil {
		return nil, err
	}
	var problems []error
	for topic, says := range t {
		for nation := range says {
			if !slices.Contains(nations, nation) {
				problems = append(problems, fmt.Errorf("nations.yaml: %s: %q is no nation%s", topic, nation, knowledge.DidYouMean(nation, nations)))
			}
		}
	}
	return t, errors.Join(problems...)
}

// byNation checks for which nations a rule is written, and adds what another nation does
// otherwise to whom to ask.
func (t *ruleText) byNation(all differences) error {
	if len(t.Nation) == 0 {
		t.Nation = oneOrMore{wholeUK} // an organisation's own rule holds wherever it works
	}
	var problems []error
	for _, n := range t.Nation {
		if n != wholeUK && !slices.Contains(nations, n) {
			problems = append(problems, fmt.Errorf("%q is no nation%s", n, knowledge.DidYouMean(n, append([]string{wholeUK}, nations...))))
		}
	}
	uk := slices.Contains(t.Nation, wholeUK)
	says, known := all[t.Elsewhere]
	switch {
	case uk && len(t.Nation) > 1:
		problems = append(problems, errors.New("nation: uk is all of them, so it stands alone"))
	case uk && t.Elsewhere != "":
		problems = append(problems, errors.New("nation: uk has nothing that is another elsewhere; list the nations"))
	case t.Elsewhere != "" && !known:
		problems = append(problems, fmt.Errorf("nations.yaml has no topic %q", t.Elsewhere))
	}
	for _, n := range nations {
		if slices.Contains(t.Nation, n) && says[n] != "" {
			t.parts.Ask = append(t.parts.Ask, says[n])
		}
	}
	return errors.Join(problems...)
}
