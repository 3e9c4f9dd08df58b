package policy

import "math"

// sureEnough is the least Sure with which a question counts as answered.
//
// The weights below and this threshold were fitted by logistic regression on 338
// development cases (275 that the five reference documents answer, 63 that they do
// not), each side weighted alike. In five-fold cross-validation 0.5 declines 0.89 of
// the questions out of scope and 0.09 of those in scope; 0.4 declines 0.81 and 0.07.
const sureEnough = 0.5

// What speaks for an answer. Topic is how strongly the question's topic and the
// passage's agree; cover is how much of the question the passage matches; familiar is
// the share of the question in words that the lexicon knows; elsewhere is how much more
// strongly than half of that the question belongs to a topic that no document treats.
const (
	sureBase      = -4.5
	sureTopic     = 1.5
	sureCover     = 3.8
	sureFamiliar  = 1.65
	sureElsewhere = -5.0
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
	elsewhere = max(0, elsewhere-topic/2)
	sum := sureBase + sureTopic*min(topic, mostTopic) + sureCover*best.cover +
		sureFamiliar*l.familiar(q) + sureElsewhere*min(elsewhere, mostElsewhere)
	return 1 / (1 + math.Exp(-sum))
}

// outside is how strongly a question must belong to a matter outside data protection,
// and strongest of all, to be taken for one.
const outside = 0.7

func (l *Library) elsewhere(q asking) bool {
	if len(q.topics) == 0 {
		return false
	}
	first := q.topics[0]
	return l.lexicon.topics[first.topic].Kind == "" && len(l.topics[first.topic].posts) == 0 && first.strength >= outside
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
