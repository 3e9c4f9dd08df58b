package breach

import (
	"slices"
	"strings"

	"shareright/knowledge"
)

// Cause is one thing that can have happened, with what to do about it at once.
type Cause struct {
	Value     string     `yaml:"value"` // stable: the record keeps it
	Label     string     `yaml:"label"`
	Also      []string   `yaml:"also"`   // other words people use for it
	Nature    []string   `yaml:"nature"` // lost, stolen, destroyed, altered, disclosed, made_available
	Effect    []string   `yaml:"effect"` // confidentiality, integrity, availability
	Hints     Attributes `yaml:"hints"`  // what the cause suggests; a person confirms it
	Now       []string   `yaml:"now"`    // the first five minutes, in order
	Avoid     []string   `yaml:"avoid"`
	Tell      []string   `yaml:"tell"`  // ids of hearers to think of at once
	Track     string     `yaml:"track"` // "recipients": each must be asked and must confirm
	Refresher string     `yaml:"refresher"`
	Sources   []string   `yaml:"sources"`
}

// Cyber reports whether the regulator's form counts the cause as a cyber incident.
func (c Cause) Cyber() bool { return c.Value == "phishing" || c.Value == "ransomware" }

// DataKind is one entry of the pick-list "what was it?".
type DataKind struct {
	ID       string   `yaml:"id"`
	Label    string   `yaml:"label"`
	Types    []string `yaml:"types"`    // data types for the assessment
	Form     []string `yaml:"form"`     // the words of the regulator's form
	Special  bool     `yaml:"special"`  // UK GDPR Article 9
	Criminal bool     `yaml:"criminal"` // UK GDPR Article 10
	AtRisk   bool     `yaml:"at_risk"`
	Alone    bool     `yaml:"alone"` // cannot be chosen with another
}

// PeopleKind is one entry of the pick-list "whom is it about?".
type PeopleKind struct {
	ID           string   `yaml:"id"`
	Label        string   `yaml:"label"`
	Form         []string `yaml:"form"` // the words of the regulator's form
	Children     bool     `yaml:"children"`
	AdultsAtRisk bool     `yaml:"adults_at_risk"`
	Vulnerable   bool     `yaml:"vulnerable"`
	Alone        bool     `yaml:"alone"`
}

// Cause returns a cause by its value.
func (c *Content) Cause(value string) (Cause, bool) {
	at := slices.IndexFunc(c.Causes, func(k Cause) bool { return k.Value == value })
	if at < 0 {
		return Cause{}, false
	}
	return c.Causes[at], true
}

// MatchCauses returns the causes that somebody's own words may mean, best first: by value,
// then by the start of the label, then by other words for it: the cause of which more words
// are said comes first. It only suggests.
func (c *Content) MatchCauses(words string) []Cause {
	said := plain(words)
	if said == "" {
		return nil
	}
	var byName, byLabel, byWord []Cause
	best := map[string]int{}
	for _, k := range c.Causes {
		for _, w := range k.Also {
			if n := saidWords(said, plain(w)); n > best[k.Value] {
				best[k.Value] = n
			}
		}
		switch {
		case said == plain(k.Value):
			byName = append(byName, k)
		case strings.HasPrefix(plain(k.Label), said):
			byLabel = append(byLabel, k)
		case best[k.Value] > 0:
			byWord = append(byWord, k)
		}
	}
	slices.SortStableFunc(byWord, func(a, b Cause) int { return best[b.Value] - best[a.Value] })
	return slices.Concat(byName, byLabel, byWord)
}

// GuessCause returns the cause that somebody's own words most likely mean, and none where
// two are as likely. The person is always shown it.
func (c *Content) GuessCause(words string) (Cause, bool) {
	found := c.MatchCauses(words)
	switch {
	case len(found) == 0 || found[0].Value == "other":
		return Cause{}, false
	case len(found) == 1:
		return found[0], true
	}
	most := func(k Cause) (n int) {
		for _, w := range k.Also {
			n = max(n, saidWords(plain(words), plain(w)))
		}
		return n
	}
	if most(found[0]) == most(found[1]) {
		return Cause{}, false
	}
	return found[0], true
}

// saidWords is how many words a phrase has if all of them are said, in this order and few words apart; otherwise 0.
func saidWords(said, phrase string) int {
	const apart = 6
	all, want := strings.Fields(said), strings.Fields(phrase)
	from, last := 0, -1
	for _, w := range want {
		at := slices.IndexFunc(all[from:], func(s string) bool { return strings.TrimSuffix(s, "s") == strings.TrimSuffix(w, "s") })
		if at < 0 || last >= 0 && at > apart {
			return 0
		}
		last = from + at
		from = last + 1
	}
	return len(want)
}

// plain makes words comparable: lower case, one space, no punctuation.
func plain(words string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(words), func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '\'' || r > 127)
	}), " ")
}

// Gather turns what was picked into attributes: the cause's hints, the kinds of
// information and the kinds of people. What was not picked stays not known.
func (c *Content) Gather(cause string, data, people []string) Attributes {
	k, _ := c.Cause(cause)
	a := k.Hints.Clone()
	truth, falsehood := true, false
	special, known := false, false
	for _, d := range c.DataKinds {
		if !slices.Contains(data, d.ID) || d.Alone {
			continue
		}
		known = true
		special = special || d.Special
		for _, t := range d.Types {
			if !slices.Contains(a.DataTypes, t) {
				a.DataTypes = append(a.DataTypes, t)
			}
		}
	}
	switch {
	case special:
		a.SpecialCategory = &truth
	case known:
		a.SpecialCategory = &falsehood
	}
	for _, p := range c.PeopleKinds {
		if !slices.Contains(people, p.ID) || p.Alone {
			continue
		}
		if p.Vulnerable {
			a.Vulnerable = &truth
		} else if a.Vulnerable == nil {
			a.Vulnerable = &falsehood
		}
	}
	return a
}

// SourcesOf returns the sources with these ids, in order; ids were checked by Load.
func (c *Content) SourcesOf(ids []string) []knowledge.Source {
	found, _ := c.Sources.Pick(ids...)
	return found
}
