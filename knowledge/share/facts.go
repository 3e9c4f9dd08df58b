package share

import (
	"fmt"

	"shareright/knowledge"
)

// Facts are what is known about a wish to share. "" means not known yet. The values are
// those of content/questions.yaml.
type Facts struct {
	Danger       string // now, civil (a wide emergency), no
	Harm         string // what kind of harm somebody may come to; none
	Recipient    string // who asks, or who would be told
	About        string // child, adult, worker, many, dead
	Data         string // what kind of information
	Purpose      string
	Consent      string // given, refused, withdrawn, not_asked
	Capacity     string // can the person decide this: yes, no
	Pressure     string // somebody controls or coerces them
	Others       string // others are at risk too
	ParentRisk   string // telling the parents adds to the risk
	Protection   string // in hiding, or protected by an order
	Order        string // a court order or warrant is shown
	Verified     string // the asker's identity was checked
	Written      string // there is a written request
	Age          string // under_13, 13_to_15, 16_or_17, over_18
	Parental     string // the asker has parental responsibility or power of attorney
	Agreement    string // a contract or sharing agreement is in place
	Routine      string
	Need         string // the role needs it
	Channel      string
	Overseas     string
	Direction    string // in: they would give it to us
	Identifiable string
	Household    string // a family's own photographs

	// Like is the precedent that the words are most like, and Instead the rule that it stands in
	// for. They are no facts: nobody is asked for them, and they fall away when a fact settles more.
	Like, Instead string `json:",omitempty"`
}

// fields names every fact, in asking order.
var fields = []struct {
	key string
	at  func(*Facts) *string
}{
	{"danger", func(f *Facts) *string { return &f.Danger }},
	{"harm", func(f *Facts) *string { return &f.Harm }},
	{"recipient", func(f *Facts) *string { return &f.Recipient }},
	{"about", func(f *Facts) *string { return &f.About }},
	{"data", func(f *Facts) *string { return &f.Data }},
	{"purpose", func(f *Facts) *string { return &f.Purpose }},
	{"consent", func(f *Facts) *string { return &f.Consent }},
	{"capacity", func(f *Facts) *string { return &f.Capacity }},
	{"pressure", func(f *Facts) *string { return &f.Pressure }},
	{"others", func(f *Facts) *string { return &f.Others }},
	{"parent_risk", func(f *Facts) *string { return &f.ParentRisk }},
	{"protection", func(f *Facts) *string { return &f.Protection }},
	{"order", func(f *Facts) *string { return &f.Order }},
	{"verified", func(f *Facts) *string { return &f.Verified }},
	{"written", func(f *Facts) *string { return &f.Written }},
	{"age", func(f *Facts) *string { return &f.Age }},
	{"parental", func(f *Facts) *string { return &f.Parental }},
	{"agreement", func(f *Facts) *string { return &f.Agreement }},
	{"routine", func(f *Facts) *string { return &f.Routine }},
	{"need", func(f *Facts) *string { return &f.Need }},
	{"channel", func(f *Facts) *string { return &f.Channel }},
	{"overseas", func(f *Facts) *string { return &f.Overseas }},
	{"direction", func(f *Facts) *string { return &f.Direction }},
	{"identifiable", func(f *Facts) *string { return &f.Identifiable }},
	{"household", func(f *Facts) *string { return &f.Household }},
}

// Keys are the names of all facts, in asking order.
func Keys() []string {
	keys := make([]string, len(fields))
	for i, f := range fields {
		keys[i] = f.key
	}
	return keys
}

// Get returns the value of a fact by name, "" when it is not known.
func (f Facts) Get(fact string) string {
	for _, x := range fields {
		if x.key == fact {
			return *x.at(&f)
		}
	}
	return ""
}

// put sets a fact without looking at the value. It reports whether there is such a fact.
func (f *Facts) put(fact, value string) bool {
	for _, x := range fields {
		if x.key == fact {
			*x.at(f) = value
			return true
		}
	}
	return false
}

// Set sets a fact by name, as a form or a JSON line gives it; "" makes it unknown again. An
// unknown name or value is a mistake that names the nearest one.
func (b *Book) Set(f *Facts, fact, value string) error {
	q, ok := b.questions[fact]
	if !ok {
		return fmt.Errorf("there is no fact %q%s", fact, knowledge.DidYouMean(fact, Keys()))
	}
	if value != "" && !q.has(value) {
		return fmt.Errorf("%q is no answer to %q%s", value, fact, knowledge.DidYouMean(value, q.values()))
	}
	f.put(fact, value)
	return nil
}

// Set sets a fact by name in the book that comes with the program; see Book.Set.
func (f *Facts) Set(fact, value string) error {
	b, err := Default()
	if err != nil {
		return err
	}
	return b.Set(f, fact, value)
}
