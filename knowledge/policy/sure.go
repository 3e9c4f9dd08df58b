package policy

import "math"

// sureEnough is the least Sure with which a question counts as answered.
//
// The weights below and this threshold were fitted by logistic regression on 338
// development cases (275 that the five reference documents answer, 63 that they do
// not), each side weighted alike. In five-fold cross-validation 0.5 declines 0.89 of
// the questions out of scope and 0.10 of those in scope; 0.45 declines 0.81 and 0.07.
const sureEnough = 0.5

// What speaks for an answer. Topic is how strongly the question's topic and the
// passage's agree; cover is how much of the question the passage matches; familiar is
// the share of the question in words that the lexicon knows; elsewhere is how strongly
// the question belongs to a topic that no document of the library treats.
const (
	sureBase      = -4.8
	sureTopic     = 1.5
	sureCover     = 3.85
	sureFamiliar  = 1.85
	sureElsewhere = -3.7
	mostTopic     = 2.5 // beyond it, more agreement says no more
	mostElsewhere = 2.0
)

// sureness says how likely it is, from 0 to 1, that the best passage answers the question.
func (l *Library) sureness(q asking, best scored) float64 {
	e := &l.entries[best.entry]
	topic, elsewhere := 0.0, 0.0
	for _, f := range q.topics {
		topic = max(topic, f.strength*min(1, float64(e.topics[f.topic])))
		if len(l.topics[f.topic].posts) == 0 {
			elsewhere = max(elsewhere, f.strength)
		}
	}
	sum := sureBase + sureTopic*min(topic, mostTopic) + sureCover*best.cover +
		sureFamiliar*l.familiar(q) + sureElsewhere*min(elsewhere, mostElsewhere)
	return 1 / (1 + math.Exp(-sum))
}

// familiar is the share of the question's weight in words of the lexicon.
func (l *Library) familiar(q asking) float64 {
	if q.total == 0 {
		return 1
	}
	known := 0.0
	for _, w := range q.words {
		if _, ok := l.lexicon.gistWords[w.stem]; ok {
			known += w.weight
		}
	}
	return known / q.total
}
