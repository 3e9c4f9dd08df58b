package breach

import (
	"slices"
	"strconv"
	"strings"
)

// Assessment is what the facts of a breach lead to. It is advice: the record shows it
// beside the decision of the data protection lead.
type Assessment struct {
	Record            bool       `json:"record"`             // always: UK GDPR Article 33(5)
	NotifyICO         bool       `json:"notify_ico"`         // Article 33(1), within 72 hours
	NotifyIndividuals bool       `json:"notify_individuals"` // Article 34(1), without undue delay
	Likelihood        Likelihood `json:"likelihood"`
	Severity          Severity   `json:"severity"`
	Reasons           []string   `json:"reasons"`   // plain sentences, the advice first
	Overrides         []string   `json:"overrides"` // what makes it high risk whatever the score
	Unknown           []string   `json:"unknown"`   // attributes that could still change the advice, in asking order
}

// Likelihood is how likely harm to people is, in the words of the regulator's form.
type Likelihood string

// The steps of likelihood.
const (
	VeryUnlikely Likelihood = "very unlikely"
	Unlikely     Likelihood = "unlikely"
	Likely       Likelihood = "likely"
	VeryLikely   Likelihood = "very likely"
)

// Exposure is a step on the ladder of who has the information, from nobody to everybody.
type Exposure int

// The ladder. A rule that names a step holds from that step upwards.
const (
	Nobody    Exposure = iota
	Contained          // somebody trusted, confirmed gone or back
	Trusted            // somebody trusted, or nothing was copied, or found again
	Confirmed          // an outsider who says it is gone
	Outsider           // an outsider, or lost where anybody may find it
	Many               // many people, a thief, or somebody who took it on purpose
	Hostile            // somebody known who may mean harm
	Public             // strangers have a copy
	Never              // above the ladder: a rule that never holds by itself
)

// duty is what an assessment asks for; a higher one includes the lower ones.
type duty int

const (
	recordOnly duty = iota
	tellICO
	tellPeople
)

// Assess weighs the facts and returns the advice. Facts not known are read as the law
// asks: reportable until shown otherwise, no safeguard believed before it is known.
func (c *Content) Assess(a Attributes) Assessment {
	f := c.findings(a)
	result := Assessment{
		Record:            true,
		NotifyICO:         f.duty >= tellICO,
		NotifyIndividuals: f.duty >= tellPeople,
		Likelihood:        f.likelihood(),
		Severity:          c.severity(a, f),
		Overrides:         f.overrides,
		Unknown:           c.couldChange(a, f.duty),
	}
	result.Reasons = c.reasons(a, f, result.Severity)
	return result
}

// findings are the steps between the facts and the advice.
type findings struct {
	duty       duty
	exposure   Exposure
	outage     bool // an event of use only: nobody got the information
	vulnerable bool
	few, many  bool
	theft      bool // together enough to steal an identity
	kinds      []DataType
	worst      DataType
	gone       duty // what the loss of use alone asks for
	overrides  []string
}

func (c *Content) findings(a Attributes) findings {
	f := findings{kinds: c.kinds(a), outage: outage(a), overrides: []string{}}
	f.exposure = exposure(a, f.outage)
	f.vulnerable = yes(a.Vulnerable)
	bundled := 0
	for _, kind := range f.kinds {
		f.vulnerable = f.vulnerable || kind.AtRisk
		if kind.Bundle {
			bundled++
		}
	}
	f.theft = bundled >= 2
	f.many = a.People != nil && *a.People >= c.Advice.VeryMany
	f.weighExposure(a)
	f.weighLoss(a)
	if keys := overrides(a, f); len(keys) > 0 {
		f.duty = tellPeople
		for _, key := range keys {
			f.overrides = append(f.overrides, c.Advice.Overrides[key])
		}
	}
	return f
}

// kinds returns the rows of the data types, with a row for what is not named yet.
func (c *Content) kinds(a Attributes) []DataType {
	var kinds []DataType
	special := false
	for _, t := range slices.Compact(slices.Sorted(slices.Values(a.DataTypes))) {
		if row, ok := c.types[t]; ok {
			kinds = append(kinds, row)
			special = special || row.Special
		}
	}
	if yes(a.SpecialCategory) && !special {
		kinds = append(kinds, c.types["special_not_named"])
	}
	if len(kinds) == 0 {
		kinds = append(kinds, c.types["not_known"])
	}
	return kinds
}

// outage reports an event in which the information could not be used for a while and
// nothing points to anybody having got it: a power cut, a server down.
func outage(a Attributes) bool {
	interrupted := a.AvailabilityLoss == LostMinutes || a.AvailabilityLoss == LostHours || a.AvailabilityLoss == LostDays
	unseen := a.Recipients == NoneKnown || a.Recipients == ""
	return interrupted && unseen && !yes(a.Malicious) && !yes(a.Exfiltrated)
}

// exposure finds the step of the ladder: who has it now, and did anything later remove the risk?
func exposure(a Attributes, outage bool) Exposure {
	if yes(a.Encrypted) || outage {
		return Nobody
	}
	meant := yes(a.Malicious)
	back := yes(a.Recovered) && !meant // the word of somebody who took it on purpose settles nothing
	step := Outsider
	switch a.Recipients {
	case KnownTrusted:
		step = pick(back, Contained, pick(no(a.Recovered), Confirmed, Trusted))
	case KnownUntrusted:
		step = pick(back, Confirmed, Outsider)
	case KnownMany:
		step = pick(back, Outsider, Many)
	case KnownHostile:
		step = Hostile
	case UnknownMany:
		step = pick(back, Hostile, Public)
	default:
		return exposureUnseen(a, back)
	}
	if meant && step < Hostile {
		step = max(step, Many)
	}
	return step
}

// exposureUnseen is the exposure when no recipient is known.
func exposureUnseen(a Attributes, back bool) Exposure {
	switch {
	case yes(a.Exfiltrated) && !no(a.Malicious):
		return Public // copies do not walk out by themselves: meant until shown otherwise
	case yes(a.Exfiltrated):
		return Many
	case no(a.Exfiltrated) || back:
		return Trusted
	case yes(a.Malicious):
		return Many
	}
	return Outsider
}

func pick(condition bool, then, otherwise Exposure) Exposure {
	if condition {
		return then
	}
	return otherwise
}

// weighExposure finds the duty that follows from who has which kinds of information.
func (f *findings) weighExposure(a Attributes) {
	f.worst = f.kinds[0]
	worstLimits, worstGrade := Never+Never, None
	f.few = a.People != nil
	for _, kind := range f.kinds {
		ico, people, few := f.limits(a, kind)
		f.few = f.few && few
		if f.exposure >= ico {
			f.duty = max(f.duty, tellICO)
		}
		if f.exposure >= people {
			f.duty = max(f.duty, tellPeople)
		}
		if kind.Grade > worstGrade || kind.Grade == worstGrade && ico+people < worstLimits {
			f.worst, worstLimits, worstGrade = kind, ico+people, kind.Grade
		}
	}
}

// limits returns from which exposure on the regulator and the people hear of one kind of
// information, given how many and how vulnerable the people are.
func (f *findings) limits(a Attributes, kind DataType) (ico, people Exposure, few bool) {
	ico, people = kind.ICO, kind.People
	few = a.People != nil && kind.Few.UpTo > 0 && *a.People <= kind.Few.UpTo && !f.vulnerable && !yes(a.Malicious)
	if few {
		ico, people = kind.Few.ICO, kind.Few.People
	}
	if kind.Grade == None {
		return ico, people, few
	}
	if f.vulnerable {
		floor := Outsider // ordinary details of vulnerable people that came back need no report
		if kind.Grade >= Sensitive {
			floor = Trusted
		}
		ico, people = lower(ico, 1, floor), lower(people, 1, Outsider)
	}
	if f.many && people < Never {
		people = lower(people, 2, Many)
	}
	if f.theft && kind.Bundle {
		people = lower(people, 1, Outsider)
	}
	return ico, people, few
}

// lower takes steps off a limit, but not below the floor, and never raises it.
func lower(limit Exposure, steps, floor Exposure) Exposure {
	return min(limit, max(limit-steps, floor))
}

// weighLoss finds the duty that follows from information that cannot be used.
func (f *findings) weighLoss(a Attributes) {
	for _, kind := range f.kinds {
		f.gone = max(f.gone, f.loss(a, kind))
	}
	f.duty = max(f.duty, f.gone)
}

func (f *findings) loss(a Attributes, kind DataType) duty {
	grave := f.vulnerable || yes(a.Malicious)
	if a.AvailabilityLoss == LostForGood && yes(a.Backup) {
		return recordOnly // only the original is gone: a working copy is in use
	}
	switch a.AvailabilityLoss {
	case LostHours:
		if kind.Loss == LossCare && f.vulnerable && yes(a.Malicious) {
			return tellICO
		}
	case LostDays:
		switch {
		case kind.Loss == LossCare && grave:
			return tellPeople // EDPB 01/2021: a hospital that must put off treatment
		case kind.Loss == LossLight && (yes(a.Backup) || f.few) && !grave:
			return recordOnly
		case kind.Grade > None:
			return tellICO
		}
	case LostForGood:
		switch {
		case kind.Grade == None || kind.Loss == LossLight && f.few:
			return recordOnly
		case kind.Loss == LossCare || kind.Loss == LossOrdinary && f.vulnerable:
			return tellPeople
		}
		return tellICO
	}
	return recordOnly
}

// overrides names what makes a breach high risk whatever the score says.
func overrides(a Attributes, f findings) []string {
	if f.exposure < Confirmed {
		return nil
	}
	var found []string
	for _, kind := range f.kinds {
		switch {
		case kind.ID == "child_protection":
			found = append(found, "safeguarding_outside")
		case kind.ID == "adoption":
			found = append(found, "adoption_outside")
		}
		switch {
		case (kind.Locates || f.vulnerable && kind.ID == "contact") && a.Recipients == KnownHostile:
			found = append(found, "location_hostile")
		case kind.Locates && f.vulnerable && f.exposure >= Outsider:
			found = append(found, "location_at_risk")
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

func (f findings) likelihood() Likelihood {
	switch {
	case f.duty == tellPeople && (f.exposure >= Many || f.gone == tellPeople):
		return VeryLikely
	case f.duty >= tellICO:
		return Likely
	case f.exposure <= Contained:
		return VeryUnlikely
	}
	return Unlikely
}

// reasons says in plain sentences what the advice is and what it rests on.
func (c *Content) reasons(a Attributes, f findings, s Severity) []string {
	var out []string
	say := func(key string, pairs ...string) {
		out = append(out, strings.NewReplacer(pairs...).Replace(c.Advice.Reasons[key]))
	}
	sayIf := func(holds bool, key string, pairs ...string) {
		if holds {
			say(key, pairs...)
		}
	}
	out = append(out, strings.ReplaceAll(c.Advice.Advice[[]string{"record", "ico", "individuals"}[f.duty]], "{{regulator}}", c.Regulator))
	switch {
	case yes(a.Encrypted):
		say("encrypted")
	case f.outage:
		say("outage")
	case a.Recipients == UnknownMany && f.exposure < Public:
		say("taken_down")
	case f.exposure == Trusted && no(a.Exfiltrated) && a.Recipients != KnownTrusted:
		say("not_copied")
	default:
		out = append(out, c.Advice.Exposures[f.exposure].Says)
	}
	if f.worst.ID == "not_known" {
		say("not_known")
	} else {
		say("worst_type", "{{type}}", f.worst.Label)
	}
	sayIf(f.gone == tellICO, "loss_ico", "{{how_long}}", c.Advice.HowLong[a.AvailabilityLoss])
	sayIf(f.gone == tellPeople, "loss_individuals", "{{how_long}}", c.Advice.HowLong[a.AvailabilityLoss])
	sayIf(f.gone == recordOnly && yes(a.Backup) && a.AvailabilityLoss != NoLoss && a.AvailabilityLoss != "", "restored")
	sayIf(f.vulnerable, "vulnerable")
	sayIf(yes(a.Malicious), "malicious")
	sayIf(f.theft, "identity_theft")
	if a.People != nil && *a.People > 1 && !f.few {
		say("people", "{{number}}", strconv.Itoa(*a.People))
	}
	sayIf(f.many, "very_many")
	sayIf(f.few && f.duty == recordOnly && f.exposure >= Confirmed, "few")
	sayIf(yes(a.Processor), "processor")
	sayIf(s.rank() > int(f.duty) && !yes(a.Encrypted), "second_opinion", "{{band}}", c.Advice.Bands[s.Band])
	return out
}
