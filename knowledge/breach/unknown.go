package breach

import "slices"

// couldChange names the attributes that are not known and whose value could still change
// the advice, in the order in which they are asked. Each is tried with the others as they
// stand, at their mildest and at their worst, and beside each value of each other one.
func (c *Content) couldChange(a Attributes, now duty) []string {
	open := unknownOf(a)
	if len(open) == 0 {
		return []string{}
	}
	mild, worst := a, a
	for _, name := range open {
		values := c.values(name)
		values[0](&mild)
		values[len(values)-1](&worst)
	}
	found := []string{}
	for _, name := range open {
		if c.changes(a, name, now) || c.varies(mild, name) || c.varies(worst, name) || c.variesBeside(a, name, open) {
			found = append(found, name)
		}
	}
	return found
}

// changes reports that some value of one attribute leads to other advice than now.
func (c *Content) changes(a Attributes, name string, now duty) bool {
	return slices.ContainsFunc(c.values(name), func(set func(*Attributes)) bool {
		set(&a)
		return c.findings(a).duty != now
	})
}

// varies reports that two values of one attribute lead to different advice.
func (c *Content) varies(a Attributes, name string) bool {
	values := c.values(name)
	values[0](&a)
	return c.changes(a, name, c.findings(a).duty)
}

// variesBeside reports that one attribute matters once another has some value.
func (c *Content) variesBeside(a Attributes, name string, open []string) bool {
	for _, other := range open {
		if other == name {
			continue
		}
		for _, set := range c.values(other) {
			beside := a
			set(&beside)
			if c.varies(beside, name) {
				return true
			}
		}
	}
	return false
}

// unknownOf lists the attributes that are not known, in asking order.
func unknownOf(a Attributes) []string {
	missing := map[string]bool{
		"data_types": len(a.DataTypes) == 0, "people": a.People == nil, "special_category": a.SpecialCategory == nil,
		"vulnerable": a.Vulnerable == nil, "encrypted": a.Encrypted == nil, "backup": a.Backup == nil,
		"malicious": a.Malicious == nil, "exfiltrated": a.Exfiltrated == nil, "recovered": a.Recovered == nil,
		"recipients": a.Recipients == "", "availability_loss": a.AvailabilityLoss == "", "processor": a.Processor == nil,
	}
	var open []string
	for _, name := range attributeNames {
		if missing[name] {
			open = append(open, name)
		}
	}
	return open
}

// values returns what sets an attribute to each of its telling values, mildest first.
func (c *Content) values(name string) []func(*Attributes) {
	flag := func(field func(*Attributes) **bool, mildest bool) []func(*Attributes) {
		set := func(v bool) func(*Attributes) { return func(a *Attributes) { *field(a) = &v } }
		return []func(*Attributes){set(mildest), set(!mildest)}
	}
	switch name {
	case "special_category":
		return flag(func(a *Attributes) **bool { return &a.SpecialCategory }, false)
	case "vulnerable":
		return flag(func(a *Attributes) **bool { return &a.Vulnerable }, false)
	case "encrypted":
		return flag(func(a *Attributes) **bool { return &a.Encrypted }, true)
	case "backup":
		return flag(func(a *Attributes) **bool { return &a.Backup }, true)
	case "malicious":
		return flag(func(a *Attributes) **bool { return &a.Malicious }, false)
	case "exfiltrated":
		return flag(func(a *Attributes) **bool { return &a.Exfiltrated }, false)
	case "recovered":
		return flag(func(a *Attributes) **bool { return &a.Recovered }, true)
	case "processor":
		return flag(func(a *Attributes) **bool { return &a.Processor }, false)
	}
	var sets []func(*Attributes)
	switch name {
	case "data_types":
		for _, row := range c.tellingTypes {
			sets = append(sets, func(a *Attributes) { a.DataTypes = []string{row} })
		}
	case "people":
		for _, n := range []int{1, 100, c.Advice.VeryMany} {
			sets = append(sets, func(a *Attributes) { a.People = &n })
		}
	case "recipients":
		for _, r := range AllRecipients {
			sets = append(sets, func(a *Attributes) { a.Recipients = r })
		}
	case "availability_loss":
		for _, l := range AllLosses {
			sets = append(sets, func(a *Attributes) { a.AvailabilityLoss = l })
		}
	}
	return sets
}
