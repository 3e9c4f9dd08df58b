package breach

import "strings"

// Step is one question of the regulator's self-assessment, with the answer the facts give.
type Step struct{ Question, Answer string }

// Steps answers the regulator's three questions, and what removed the risk as a question of
// its own, in order. The last one is left out when the regulator need not hear.
func (c *Content) Steps(a Attributes) []Step {
	f := c.findings(a)
	answers := map[string]string{"living": "yes", "risk": "likely", "removed": removed(a, f), "high": "no"}
	if f.duty == recordOnly {
		answers["risk"] = "unlikely"
	}
	if f.duty == tellPeople {
		answers["high"] = "high"
	}
	var steps []Step
	for _, s := range c.Advice.Steps {
		if s.ID == "high" && f.duty == recordOnly {
			continue
		}
		answer := strings.ReplaceAll(c.Advice.Answers[answers[s.ID]], "{{regulator}}", c.Regulator)
		steps = append(steps, Step{s.Asks, answer})
	}
	return steps
}

// removed says whether something took the risk away after the event.
func removed(a Attributes, f findings) string {
	lost := a.AvailabilityLoss != "" && a.AvailabilityLoss != NoLoss && f.gone > recordOnly
	safe := yes(a.Encrypted) || yes(a.Recovered) && f.exposure <= Trusted
	switch {
	case safe && !lost:
		return "yes"
	case safe || yes(a.Recovered) && f.exposure <= Outsider && !yes(a.Malicious):
		return "in_part"
	}
	return "no"
}
