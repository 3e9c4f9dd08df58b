package calendar

import (
	"fmt"
	"strings"

	"shareright/knowledge"
)

// Due is a date that was worked out, and how. Safe and Latest are set only where the law
// can be read in two ways: done by Safe it is in time on either reading, Latest is the more
// generous one, and Date is the one the regulator uses.
type Due struct {
	Date, Safe, Latest Date
	Steps, Warnings    []string
	Sources            []knowledge.Source
}

// Phrases are the sentences that show the working of a date, by name. A sentence holds
// places such as {date}, which Say fills in.
type Phrases map[string]string

// Say is the sentence of that name with its places filled: pairs of place and value. A
// date is shown with its day of the week.
func (p Phrases) Say(name string, pairs ...any) string {
	sentence, ok := p[name]
	if !ok {
		panic(fmt.Sprintf("there is no sentence %q", name)) // every name used is tested
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		value := fmt.Sprint(pairs[i+1])
		if d, ok := pairs[i+1].(Date); ok {
			value = d.Long()
		}
		sentence = strings.ReplaceAll(sentence, fmt.Sprintf("{%v}", pairs[i]), value)
	}
	return sentence
}
