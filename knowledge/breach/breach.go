// Package breach knows what a personal data breach asks of a charity: whether to tell
// the regulator and the people, what to do in the first five minutes for each cause,
// who else must hear, the order of the regulator's form, and the letters.
//
// What is known stands in YAML and Markdown files beside the code; the code holds only
// the order in which the facts are weighed. The package asks nobody, stores nothing and
// reads no clock: dialogue, record and reminders belong to handlers/breach. It advises;
// the data protection lead decides.
package breach

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"shareright/knowledge"
)

// Recipients says who has the information now.
type Recipients string

// The people who may have the information now. "" means that it is not known.
const (
	NoneKnown      Recipients = "none_known"
	KnownTrusted   Recipients = "known_trusted"
	KnownUntrusted Recipients = "known_untrusted"
	KnownMany      Recipients = "known_many"
	KnownHostile   Recipients = "known_hostile"
	UnknownMany    Recipients = "unknown_many"
)

// AllRecipients lists every answer to "who has it now?", mildest first.
var AllRecipients = []Recipients{NoneKnown, KnownTrusted, KnownUntrusted, KnownMany, KnownHostile, UnknownMany}

// Loss says for how long the information could not be used.
type Loss string

// How long the information could not be used. "" means that it is not known.
const (
	NoLoss      Loss = "none"
	LostMinutes Loss = "minutes"
	LostHours   Loss = "hours"
	LostDays    Loss = "days"
	LostForGood Loss = "permanent"
)

// AllLosses lists every answer to "how long could it not be used?", mildest first.
var AllLosses = []Loss{NoLoss, LostMinutes, LostHours, LostDays, LostForGood}

// Attributes are the facts of a breach that the advice rests on. Nil or empty means not
// known, never zero or no. They are stored: fields may be added, never renamed.
type Attributes struct {
	DataTypes        []string   `json:"data_types,omitempty" yaml:"data_types"`
	People           *int       `json:"people,omitempty" yaml:"people"`
	SpecialCategory  *bool      `json:"special_category,omitempty" yaml:"special_category"` // UK GDPR Article 9
	Vulnerable       *bool      `json:"vulnerable,omitempty" yaml:"vulnerable"`
	Encrypted        *bool      `json:"encrypted,omitempty" yaml:"encrypted"` // and the key is safe
	Backup           *bool      `json:"backup,omitempty" yaml:"backup"`
	Malicious        *bool      `json:"malicious,omitempty" yaml:"malicious"`
	Exfiltrated      *bool      `json:"exfiltrated,omitempty" yaml:"exfiltrated"`
	Recovered        *bool      `json:"recovered,omitempty" yaml:"recovered"`
	Processor        *bool      `json:"processor,omitempty" yaml:"processor"`
	Recipients       Recipients `json:"recipients,omitempty" yaml:"recipients"`
	AvailabilityLoss Loss       `json:"availability_loss,omitempty" yaml:"availability_loss"`
}

// Clone returns a copy that shares no memory with a, so that filling in the copy (a form,
// a JSON reader) cannot change the content that a came from.
func (a Attributes) Clone() Attributes {
	a.DataTypes = slices.Clone(a.DataTypes)
	for _, field := range []**bool{&a.SpecialCategory, &a.Vulnerable, &a.Encrypted, &a.Backup, &a.Malicious, &a.Exfiltrated, &a.Recovered, &a.Processor} {
		if *field != nil {
			value := **field
			*field = &value
		}
	}
	if a.People != nil {
		people := *a.People
		a.People = &people
	}
	return a
}

// attributeNames are the keys of Attributes in JSON, in the order in which they are asked.
var attributeNames = []string{"data_types", "people", "special_category", "vulnerable", "encrypted", "recipients",
	"recovered", "malicious", "exfiltrated", "availability_loss", "backup", "processor"}

// ReadAttributes reads attributes from JSON. A key or a value it does not know is an
// error that names the nearest known one; all mistakes are told at once.
func (c *Content) ReadAttributes(text []byte) (Attributes, error) {
	var a Attributes
	if len(bytes.TrimSpace(text)) == 0 {
		return a, nil
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(text, &fields); err != nil {
		return a, errors.New(`attributes must be an object such as {"people": 12}`)
	}
	var problems []error
	for _, key := range slices.Sorted(maps.Keys(fields)) {
		if err := a.read(key, fields[key]); err != nil {
			problems = append(problems, err)
		}
	}
	problems = append(problems, c.check(a)...)
	if err := errors.Join(problems...); err != nil {
		return Attributes{}, errors.New(strings.ReplaceAll(err.Error(), "\n", "; "))
	}
	return a, nil
}

// read sets the field of one JSON key.
func (a *Attributes) read(key string, value json.RawMessage) error {
	into, want := any(nil), "true, false or null"
	switch key {
	case "data_types":
		into, want = &a.DataTypes, "a list of words or null"
	case "people":
		into, want = &a.People, "a whole number, or null when it is not known"
	case "special_category":
		into = &a.SpecialCategory
	case "vulnerable":
		into = &a.Vulnerable
	case "encrypted":
		into = &a.Encrypted
	case "backup":
		into = &a.Backup
	case "malicious":
		into = &a.Malicious
	case "exfiltrated":
		into = &a.Exfiltrated
	case "recovered":
		into = &a.Recovered
	case "processor":
		into = &a.Processor
	case "recipients":
		into, want = &a.Recipients, "one word or null"
	case "availability_loss":
		into, want = &a.AvailabilityLoss, "one word or null"
	default:
		return fmt.Errorf("there is no attribute %q%s", key, knowledge.DidYouMean(key, attributeNames))
	}
	if err := json.Unmarshal(value, into); err != nil {
		return fmt.Errorf("%s must be %s", key, want)
	}
	return nil
}

// check returns what is wrong with the values of attributes.
func (c *Content) check(a Attributes) []error {
	var problems []error
	for _, t := range a.DataTypes {
		if row, ok := c.types[t]; !ok || row.Unnamed {
			problems = append(problems, fmt.Errorf("there is no data type %q%s", t, knowledge.DidYouMean(t, c.DataTypeNames())))
		}
	}
	if a.People != nil && *a.People < 0 {
		problems = append(problems, errors.New("people must be 0 or more, or null when it is not known"))
	}
	if a.Recipients != "" && !slices.Contains(AllRecipients, a.Recipients) {
		problems = append(problems, fmt.Errorf("recipients cannot be %q%s", a.Recipients, nearest(a.Recipients, AllRecipients)))
	}
	if a.AvailabilityLoss != "" && !slices.Contains(AllLosses, a.AvailabilityLoss) {
		problems = append(problems, fmt.Errorf("availability_loss cannot be %q%s", a.AvailabilityLoss, nearest(a.AvailabilityLoss, AllLosses)))
	}
	return problems
}

func nearest[T ~string](got T, known []T) string {
	names := make([]string, len(known))
	for i, k := range known {
		names[i] = string(k)
	}
	if hint := knowledge.DidYouMean(string(got), names); hint != "" {
		return hint
	}
	return "; choose one of " + strings.Join(names, ", ")
}

// yes reports that a fact is known to hold.
func yes(fact *bool) bool { return fact != nil && *fact }

// no reports that a fact is known not to hold.
func no(fact *bool) bool { return fact != nil && !*fact }
