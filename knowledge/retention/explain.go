package retention

import "strings"

// Explain says a rule in plain sentences, the most important first: how long, from when,
// what changes that, where policy and law differ, and how it is destroyed.
func (s *Schedule) Explain(name string) ([]string, error) {
	r, err := s.Rule(name)
	if err != nil {
		return nil, err
	}
	lines := []string{r.Says}
	if asks := s.Asks(r); len(asks) > 0 {
		lines = append(lines, s.phrases.Say("to_get_date", "triggers", strings.Join(asks, ", and ")))
	}
	for _, e := range r.Exceptions {
		if use, err := s.Rule(e.Use); err == nil {
			lines = append(lines, s.phrases.Say("exception", "when", e.When, "says", use.Says))
		}
	}
	for _, d := range s.Differences(r) {
		lines = append(lines, d.Warn...)
	}
	lines = append(lines, r.Notes...)
	return append(lines, r.Disposal), nil
}

// Asks are the facts a rule needs before it gives a date, in words.
func (s *Schedule) Asks(r Rule) []string {
	var asks []string
	for _, k := range r.Keep {
		if !k.Optional {
			asks = append(asks, s.triggers[k.From[0]])
		}
	}
	return asks
}
