package breach

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"

	"shareright/knowledge"
)

// The six things that can happen to information (UK GDPR Article 4(12)), and what they touch.
var (
	natures = []string{"lost", "stolen", "destroyed", "altered", "disclosed", "made_available"}
	effects = []string{"confidentiality", "integrity", "availability"}
	nations = []string{"EW", "S", "NI"}
	classes = []string{"simple", "behavioural", "financial", "sensitive"}
)

// checker collects the mistakes of one file.
type checker struct {
	file     string
	lines    []string
	seen     map[string]bool
	problems *[]error
}

// say reports a mistake at the line on which the entry begins.
func (k checker) say(id, format string, args ...any) {
	place := k.file
	begins := regexp.MustCompile(`^(- \{?(id|value): )?` + regexp.QuoteMeta(id) + `\b`)
	if at := slices.IndexFunc(k.lines, begins.MatchString); at >= 0 && id != "" {
		place = fmt.Sprintf("%s:%d", k.file, at+1)
	}
	*k.problems = append(*k.problems, fmt.Errorf("%s: %q: %s", place, id, fmt.Sprintf(format, args...)))
}

// once reports an entry without id or text, or an id used twice.
func (k checker) once(id, text string) {
	if id == "" || text == "" {
		k.say(id, "an entry needs an id and a text")
	}
	if k.seen[id] {
		k.say(id, "is listed twice")
	}
	k.seen[id] = true
}

// among reports words that are not among the known ones.
func (k checker) among(id, what string, words, known []string) {
	for _, w := range words {
		if !slices.Contains(known, w) {
			k.say(id, "there is no %s %q%s", what, w, knowledge.DidYouMean(w, known))
		}
	}
}

// verify checks the content as a whole and reports every mistake.
func (c *Content) verify(files fs.FS) error {
	var problems []error
	in := func(file string) checker {
		text, err := fs.ReadFile(files, file)
		if err != nil {
			problems = append(problems, fmt.Errorf("read %s: %w", file, err))
		}
		return checker{file, strings.Split(string(text), "\n"), map[string]bool{}, &problems}
	}
	c.verifyTypes(in("data_types.yaml"))
	c.verifyAdvice(in("advice.yaml"))
	c.verifyCauses(in("causes.yaml"))
	c.verifyHearers(in("facts.yaml"), in("hearers.yaml"))
	c.verifyPicks(in("data_kinds.yaml"), in("people_kinds.yaml"))
	c.verifyMail(in("mail.yaml"))
	c.verifyPapers(in("report.yaml"), in("letters.yaml"))
	return errors.Join(problems...)
}

func (c *Content) sourceIDs() []string { return slices.Sorted(maps.Keys(c.Sources)) }

// cited reports an entry without a source, or with one that is not listed.
func (c *Content) cited(k checker, id string, sources []string) {
	if len(sources) == 0 {
		k.say(id, "needs a source")
	}
	k.among(id, "source", sources, c.sourceIDs())
}

func (c *Content) verifyTypes(k checker) {
	for _, t := range c.DataTypes {
		k.once(t.ID, t.Label)
		k.among(t.ID, "class", []string{t.Class}, classes)
		if t.DPC < 1 || t.DPC > 4 || t.EI < 0.25 || t.EI > 1 {
			k.say(t.ID, "dpc must be from 1 to 4 and ei from 0.25 to 1")
		}
		if t.ICO == Nobody || t.People < t.ICO {
			k.say(t.ID, "the people cannot hear before the regulator, and nobody hears of what nobody got")
		}
		if t.Few.UpTo > 0 && (t.Few.ICO < t.ICO || t.Few.People < t.People) {
			k.say(t.ID, "the limits for few people must not be stricter than the others")
		}
		c.cited(k, t.ID, t.Sources)
	}
	for _, needed := range []string{"not_known", "special_not_named"} {
		if !c.types[needed].Unnamed {
			k.say(needed, "is needed, with unnamed: true")
		}
	}
}

func (c *Content) verifyAdvice(k checker) {
	var steps []string
	for _, e := range c.Advice.Exposures {
		k.once(e.ID, e.Says)
		steps = append(steps, e.ID)
	}
	if want := exposureNames[:Never]; !slices.Equal(steps, want) {
		k.say("exposures", "must be %q, in this order", want)
	}
	need := func(list string, have map[string]string, keys ...string) {
		for _, key := range keys {
			if have[key] == "" {
				k.say(list, "%q needs a sentence", key)
			}
		}
		for key := range have {
			k.among(list, "sentence", []string{key}, keys)
		}
	}
	need("advice", c.Advice.Advice, "record", "ico", "individuals")
	need("reasons", c.Advice.Reasons, "encrypted", "taken_down", "not_copied", "worst_type", "few", "people", "very_many", "vulnerable",
		"identity_theft", "malicious", "outage", "loss_ico", "loss_individuals", "restored", "processor", "not_known", "second_opinion")
	need("answers", c.Advice.Answers, "yes", "no", "in_part", "unlikely", "likely", "high")
	for _, s := range c.Advice.Steps {
		k.once(s.ID, s.Asks)
	}
	if len(c.Advice.Steps) != 4 {
		k.say("steps", "must be the regulator's three questions and one on what removed the risk")
	}
	need("overrides", c.Advice.Overrides, "safeguarding_outside", "adoption_outside", "location_hostile", "location_at_risk")
	need("bands", c.Advice.Bands, "low", "medium", "high", "very_high")
	need("questions", c.Advice.Questions, slices.DeleteFunc(slices.Clone(attributeNames), func(n string) bool { return n == "processor" })...)
	for _, loss := range AllLosses[1:] {
		if c.Advice.HowLong[loss] == "" {
			k.say("how_long", "%q needs words", loss)
		}
	}
	if c.Advice.VeryMany < 2 {
		k.say("very_many", "must be a number of people")
	}
	c.cited(k, "sources", c.Advice.Sources)
}

func (c *Content) verifyCauses(k checker) {
	var hearers, met []string
	for _, h := range c.Hearers {
		hearers = append(hearers, h.ID)
	}
	for _, cause := range c.Causes {
		k.once(cause.Value, cause.Label)
		k.among(cause.Value, "nature", cause.Nature, natures)
		k.among(cause.Value, "effect", cause.Effect, effects)
		k.among(cause.Value, "hearer", cause.Tell, hearers)
		if cause.Track != "" && cause.Track != "recipients" {
			k.say(cause.Value, "track can only be recipients")
		}
		if len(cause.Now) == 0 || len(cause.Avoid) == 0 || len(cause.Nature) == 0 || len(cause.Effect) == 0 || cause.Refresher == "" {
			k.say(cause.Value, "needs nature, effect, now, avoid and refresher")
		}
		for _, problem := range c.check(cause.Hints) {
			k.say(cause.Value, "hints: %v", problem)
		}
		c.cited(k, cause.Value, cause.Sources)
		met = append(met, cause.Value)
	}
	for _, needed := range append(slices.Clone(natures), "supplier", "other") {
		if !slices.Contains(met, needed) {
			k.say(needed, "must be one of the causes")
		}
	}
}

func (c *Content) verifyHearers(facts, hearers checker) {
	var known []string
	for _, f := range c.Facts {
		facts.once(f.ID, f.Label)
		known = append(known, f.ID)
	}
	for _, h := range c.Hearers {
		hearers.once(h.ID, h.Label)
		hearers.among(h.ID, "fact", h.When, known)
		hearers.among(h.ID, "nation", h.Nations, nations)
		if len(h.When) == 0 || h.Within == "" || h.How == "" || h.Say == "" {
			hearers.say(h.ID, "needs when, within, how and say")
		}
		c.cited(hearers, h.ID, h.Sources)
	}
}

// choices returns the answers of one field of the regulator's form.
func (c *Content) choices(field string) []string {
	for _, s := range c.Report {
		for _, f := range s.Fields {
			if f.ID == field {
				return f.Choices
			}
		}
	}
	return nil
}

func (c *Content) verifyPicks(data, people checker) {
	for _, d := range c.DataKinds {
		data.once(d.ID, d.Label)
		data.among(d.ID, "data type", d.Types, append(c.DataTypeNames(), "special_not_named"))
		data.among(d.ID, "category of the regulator's form", d.Form, c.choices("data_categories"))
		if len(d.Form) == 0 || len(d.Types) == 0 && !d.Alone {
			data.say(d.ID, "needs types, and the words of the regulator's form")
		}
	}
	for _, p := range c.PeopleKinds {
		people.once(p.ID, p.Label)
		people.among(p.ID, "kind of people of the regulator's form", p.Form, c.choices("people_kinds"))
		if len(p.Form) == 0 {
			people.say(p.ID, "needs the words of the regulator's form")
		}
	}
}

func (c *Content) verifyPapers(report, letters checker) {
	fields := report
	fields.seen = map[string]bool{} // a field may be named like a section
	for _, s := range c.Report {
		report.once(s.ID, s.Heading)
		for _, f := range s.Fields {
			fields.once(f.ID, f.Label)
		}
	}
	for _, l := range c.Letters {
		letters.once(l.ID, l.Title)
		c.cited(letters, l.ID, l.Sources)
	}
}
