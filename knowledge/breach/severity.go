package breach

import "math"

// Severity is the ENISA 2013 score SE = DPC × EI + CB. It is a second opinion beside the
// regulator's three questions: the bands are practice, and no duty follows from them.
type Severity struct {
	Method string  `json:"method"`
	DPC    float64 `json:"dpc"`   // data processing context, 1 to 4
	EI     float64 `json:"ei"`    // ease of identification, 0.25 to 1
	CB     float64 `json:"cb"`    // circumstances of the breach, 0 to 2
	Score  float64 `json:"score"` // to two decimals
	Band   string  `json:"band"`  // low under 2, medium under 3, high under 4, very_high
}

// severity scores the facts.
func (c *Content) severity(a Attributes, f findings) Severity {
	s := Severity{Method: "ENISA 2013", DPC: dpc(f), EI: ease(a, f), CB: circumstances(a, f)}
	s.Score = math.Round((s.DPC*s.EI+s.CB)*100) / 100
	switch {
	case s.Score < 2:
		s.Band = "low"
	case s.Score < 3:
		s.Band = "medium"
	case s.Score < 4:
		s.Band = "high"
	default:
		s.Band = "very_high"
	}
	return s
}

// dpc is the highest context of the kinds of information: 1 to 4.
func dpc(f findings) float64 {
	highest, simple := 0, 0
	for _, kind := range f.kinds {
		value := kind.DPC
		if kind.Class == "simple" {
			simple++
		}
		if f.vulnerable && kind.Grade > None {
			value++ // people who need protection weigh more
			if kind.Locates {
				value += 2 // their safety hangs on it
			}
		}
		highest = max(highest, value)
	}
	if simple >= 3 && highest == 1 {
		highest = 2 // together they let somebody build a picture
	}
	return float64(min(highest, 4))
}

// ease is how easily a person can be named from what got out: 0.25 to 1.
func ease(a Attributes, f findings) float64 {
	if yes(a.Encrypted) {
		return 0.25
	}
	highest, naming := 0.25, 0
	for _, kind := range f.kinds {
		highest = max(highest, kind.EI)
		if kind.Names {
			naming++
		}
	}
	if naming >= 2 {
		return 1
	}
	return highest
}

// circumstances adds up what happened: confidentiality, availability and intent.
func circumstances(a Attributes, f findings) float64 {
	total := 0.0
	switch {
	case f.exposure == Public || a.Recipients == UnknownMany && !yes(a.Encrypted):
		total += 0.5
	case f.exposure > Nobody && a.Recipients != NoneKnown && a.Recipients != "" || yes(a.Exfiltrated) && !yes(a.Encrypted):
		total += 0.25
	}
	switch a.AvailabilityLoss {
	case LostHours, LostDays:
		total += 0.25
	case LostForGood:
		total += 0.5
	}
	if yes(a.Malicious) {
		total += 0.5
	}
	return total
}

// rank compares the band with the duties: low records, medium tells the regulator,
// high and very high tell the people as well.
func (s Severity) rank() int {
	switch s.Band {
	case "low":
		return int(recordOnly)
	case "medium":
		return int(tellICO)
	}
	return int(tellPeople)
}
