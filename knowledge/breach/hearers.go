package breach

import (
	"slices"
	"strings"
)

// Hearer is somebody who may have to hear of a breach.
type Hearer struct {
	ID      string   `yaml:"id"`
	Label   string   `yaml:"label"`
	Nations []string `yaml:"nations"` // EW, S, NI; none means everywhere
	When    []string `yaml:"when"`    // any of these facts
	Within  string   `yaml:"within"`
	Hours   int      `yaml:"hours"` // the same as hours from awareness, 0 where no rule counts hours
	How     string   `yaml:"how"`
	Say     string   `yaml:"say"`
	Sources []string `yaml:"sources"`
}

// Fact is one thing that decides who must hear; those with a question are asked.
type Fact struct {
	ID       string `yaml:"id"`
	Label    string `yaml:"label"`
	Question string `yaml:"question"`
	Hint     string `yaml:"hint"`
}

// Situation is what is known when it is decided who else must hear.
type Situation struct {
	Nation     string // EW, S or NI
	Network    string // name of the network body, "" when there is none
	Cause      string
	Attributes Attributes
	NotifyICO  bool            // by the lead's decision, or the advice before there is one
	TellPeople bool            // the same
	Known      map[string]bool // answers by fact; a fact that is absent is not known
}

// Notice is one line of "who else must hear".
type Notice struct {
	Hearer
	Must  bool     // a fact that holds asks for it; otherwise it depends
	Facts []string // the facts that ask for it, or those still to be answered
}

// Questions returns the facts that a person has to answer, in asking order.
func (c *Content) Questions() []Fact {
	var asked []Fact
	for _, f := range c.Facts {
		if f.Question != "" {
			asked = append(asked, f)
		}
	}
	return asked
}

// WhoElse lists who must hear, and after them who may have to, each group in the order of
// the content. A body that no fact asks for is left out.
func (c *Content) WhoElse(s Situation) []Notice {
	known := c.known(s)
	var must, depends []Notice
	for _, h := range c.Hearers {
		if len(h.Nations) > 0 && !slices.Contains(h.Nations, s.Nation) {
			continue
		}
		var holds, open []string
		for _, fact := range h.When {
			if value, ok := known[fact]; !ok {
				open = append(open, fact)
			} else if value {
				holds = append(holds, fact)
			}
		}
		h.Label = strings.NewReplacer("{{regulator}}", c.Regulator, "{{network}}", s.Network).Replace(h.Label)
		switch {
		case len(holds) > 0:
			must = append(must, Notice{h, true, holds})
		case len(open) > 0:
			depends = append(depends, Notice{h, false, open})
		}
	}
	return append(must, depends...)
}

// TellFirst returns whom to tell at once of a cause, in the order of the content, without
// bodies of another nation.
func (c *Content) TellFirst(cause, nation string) []Hearer {
	k, _ := c.Cause(cause)
	var first []Hearer
	for _, id := range k.Tell {
		for _, h := range c.Hearers {
			if h.ID == id && (len(h.Nations) == 0 || slices.Contains(h.Nations, nation)) {
				first = append(first, h)
			}
		}
	}
	return first
}

// known adds to the answers what follows from the record.
func (c *Content) known(s Situation) map[string]bool {
	known := map[string]bool{"always": true, "notify_ico": s.NotifyICO, "notify_individuals": s.TellPeople, "network_member": s.Network != ""}
	if k, ok := c.Cause(s.Cause); ok {
		known["cyber"] = k.Cyber()
		known["stolen"] = slices.Contains(k.Nature, "stolen") && !k.Cyber() && !no(s.Attributes.Malicious)
	}
	if s.Attributes.Processor != nil || s.Cause == "supplier" {
		known["processor"] = s.Cause == "supplier" || yes(s.Attributes.Processor)
	}
	if len(s.Attributes.DataTypes) > 0 {
		known["bank_details"] = slices.Contains(s.Attributes.DataTypes, "financial")
	}
	for fact, value := range s.Known {
		known[fact] = value
	}
	return known
}
