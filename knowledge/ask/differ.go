package ask

import (
	"slices"

	"shareright/knowledge"
)

// Difference is a known place where what a policy says and what the law says are not the same.
type Difference struct {
	Mark   string   // its number in the law notes, such as "F9"
	Law    []string // what the law says, in plain sentences
	Source knowledge.Source
}

// Differences names how the law differs from a passage of a policy; mostly it does not.
func (b *Book) Differences(passage string) []Difference {
	wording := b.lexicon.Wording(passage)
	var list []Difference
	for _, d := range b.differences {
		if slices.ContainsFunc(d.Passages, wording.Mentions) {
			list = append(list, Difference{Mark: d.Mark, Law: d.Law, Source: d.from})
		}
	}
	return list
}
