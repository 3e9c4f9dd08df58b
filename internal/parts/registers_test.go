package parts

import (
	"slices"
	"strings"
	"testing"
)

// What tells of people, or of what went wrong, leaves only with two people. A list that is looked
// up to be shown to others does not.
func TestWhichRegistersLeaveOnlyWithTwoPeople(t *testing.T) {
	var two []string
	for _, f := range All().Features {
		for _, r := range f.Registers {
			if r.Name == "" {
				t.Errorf("the register %q has no name to ask for it by", r.Title)
			}
			if r.Second {
				two = append(two, r.Name)
			}
		}
	}
	slices.Sort(two)
	if got := strings.Join(two, " "); got != "breaches decisions near-misses people requests training" {
		t.Errorf("two people are needed for %s", got)
	}
}
