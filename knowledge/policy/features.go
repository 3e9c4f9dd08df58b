package policy

import (
	"math"
	"strings"
)

// feature is one sort of evidence that a passage answers a question. Shares are of the
// weight of the question's words, from 0 to 1.
type feature int

const (
	exactText      feature               = iota // share that stands in the passage itself
	exactLead                                   // in the line that leads it in, and not in the passage
	exactHeading                                // in the headings, and nearer nowhere
	exactBeside                                 // in the sentences beside it, and nearer nowhere
	conceptText                                 // share that the passage puts in other words
	conceptLead                                 // the line that leads it in does
	conceptHeading                              // the headings do
	conceptBeside                               // the sentences beside it do
	similarText                                 // share for which a general dictionary has a word of the passage
	covered                                     // share found anywhere, each place for what it is worth
	coveredTwice                                // its square: a whole question matched says more than two halves
	rarest                                      // the rarest word is in the passage, itself or in other words
	nextTo                                      // share of words that stand side by side in both
	explained                                   // share of the passage's own words that the question asks for
	headingAsked                                // share of the innermost heading's words that the question asks for
	topicText                                   // how strongly its topics and the question's agree
	topicBest                                   // the strongest of them
	topicMeets                                  // its product with covered
	sectionFinds                                // the best of the other passages under the same headings
	wantsAnswer                                 // it holds the sort of answer that is wanted, by sort (a row of features)
	aRow           = wantsAnswer + sorts        // a table row
	aBullet        = aRow + 1
	aLead          = aRow + 2 // ends with a colon: the answer follows
	aShort         = aRow + 3 // under five telling words
	aLong          = aRow + 4 // logarithm of the number of telling words
	aLabel         = aRow + 5 // a few words that are no sentence: nothing to quote by itself
	manyFeatures   = aRow + 6
)

// evidence are the features of one passage for one question.
type evidence [manyFeatures]float64

func (v *evidence) score(weights *evidence) (sum float64) {
	for i, x := range v {
		sum += x * weights[i]
	}
	return sum
}

// evidence weighs one passage against a question.
func (l *Library) evidence(q *asking, at int) (v evidence) {
	e := &l.entries[at]
	inside := map[string]bool{}
	strongest, rare := 0.0, 0.0
	for i := range q.units {
		u := &q.units[i]
		share := u.weight / q.total
		best, near := l.matchUnit(&v, u, e, share)
		v[covered] += share * best
		if u.weight > strongest {
			strongest, rare = u.weight, near
		}
		inside[u.stem] = true
	}
	v[rarest] = rare
	v[coveredTwice] = v[covered] * v[covered]
	v[nextTo] = q.sideBySide(e)
	v[explained] = l.explained(q, e, inside)
	v[headingAsked] = l.headingAsked(q, e, inside)
	for _, f := range q.topics {
		w := float64(e.topics[f.topic]) * f.strength
		v[topicText] += w * l.topics[f.topic].rarity / 5
		v[topicBest] = math.Max(v[topicBest], w)
	}
	v[topicMeets] = v[topicBest] * v[covered]
	for s := range sorts {
		if q.want&e.answers&(1<<s) != 0 {
			v[wantsAnswer+feature(s)] = 1
		}
	}
	l.shape(&v, e)
	return v
}

// matchUnit adds one word of the question to the evidence. It returns what the best
// place is worth, and 1 or less when the passage itself has the word.
func (l *Library) matchUnit(v *evidence, u *unit, e *entry, share float64) (best, near float64) {
	exact := e.stems[u.stem]
	switch {
	case exact&inText != 0:
		v[exactText] += share
		near = 1
	case exact&inLead != 0:
		v[exactLead] += share
	case exact&inHeading != 0:
		v[exactHeading] += share
	case exact&inBeside != 0:
		v[exactBeside] += share
	}
	best = float64(worth[exact])
	if exact&inText != 0 {
		return best, near
	}
	var other [4]float64
	for _, c := range u.concepts {
		at := e.concepts[c.concept]
		s := float64(c.strength)
		if at&asHint != 0 {
			s *= hintShare
		}
		for i, place := range [4]places{inText, inLead, inHeading, inBeside} {
			if at&place != 0 {
				other[i] = math.Max(other[i], s*math.Min(1, l.concepts[c.concept].rarity/u.weight))
				break
			}
		}
		best = math.Max(best, conceptShare*s*float64(worth[at&^asHint]))
	}
	for i, f := range [4]feature{conceptText, conceptLead, conceptHeading, conceptBeside} {
		v[f] += share * other[i]
	}
	near = 0.7 * other[0]
	if other[0] == 0 {
		for _, s := range u.similar {
			if e.stems[s]&inText != 0 {
				v[similarText] += share
				best = math.Max(best, similarShare)
				near = math.Max(near, similarShare)
				break
			}
		}
	}
	return best, near
}

// explained is the share of a passage's own weight that the question asks for.
func (l *Library) explained(q *asking, e *entry, inside map[string]bool) float64 {
	if e.weight == 0 {
		return 0
	}
	hit := 0.0
	for _, s := range e.order {
		if inside[s] || l.asksFor(q, s) {
			hit += l.terms[s].rarity
		}
	}
	return hit / e.weight
}

func (l *Library) headingAsked(q *asking, e *entry, inside map[string]bool) float64 {
	if e.heading == 0 {
		return 0
	}
	hit := 0.0
	for _, s := range e.headWords {
		if inside[s] || l.asksFor(q, s) {
			hit += l.terms[s].rarity
		}
	}
	return hit / e.heading
}

// asksFor says whether a word of a passage belongs to a concept of the question.
func (l *Library) asksFor(q *asking, stem string) bool {
	for _, m := range l.lexicon.members[stem] {
		if m.stems == nil && q.concepts[m.concept] {
			return true
		}
	}
	return false
}

// shape says what sort of passage it is.
func (l *Library) shape(v *evidence, e *entry) {
	p := &l.docs[e.doc].Passages[e.passage]
	switch p.Kind {
	case Row:
		v[aRow] = 1
	case Bullet:
		v[aBullet] = 1
	}
	if n := len(p.Text); n > 0 && p.Text[n-1] == ':' {
		v[aLead] = 1
	}
	if len(e.order) < 5 {
		v[aShort] = 1
		if p.Kind != Bullet && !strings.Contains(p.Text, "|") && !endsSentence(p.Text) {
			v[aLabel] = 1
		}
	}
	v[aLong] = math.Log(1 + float64(len(e.order)))
}

// sideBySide is the share of the question's words that stand next to each other both in
// the question and in the passage.
func (q *asking) sideBySide(e *entry) float64 {
	if q.total == 0 {
		return 0
	}
	sum := 0.0
	for i := 1; i < len(q.units); i++ {
		a, b := &q.units[i-1], &q.units[i]
		if e.stems[a.stem]&inText == 0 || e.stems[b.stem]&inText == 0 {
			continue
		}
		for k := 1; k < len(e.order); k++ {
			if e.order[k-1] == a.stem && e.order[k] == b.stem || e.order[k-1] == b.stem && e.order[k] == a.stem {
				sum += (a.weight + b.weight) / 2
				break
			}
		}
	}
	return sum / q.total
}
