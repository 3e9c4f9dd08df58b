package policy

import "math"

// sureEnough is the least Sure with which a question counts as answered. On questions left
// out while fitting, 0.43 declines 0.03 of those that the policies answer and 0.92 of the
// others; 0.61 declines 0.08 and 0.94. Of questions in words that nobody foresaw it declines
// about twice as many, so the lower end is chosen: the lead is asked either way, and a
// passage shown in vain does less harm than one not shown.
const sureEnough = 0.48

// doubt is one sort of evidence for or against an answer.
type doubt int

const (
	always      doubt = iota
	topicAgrees       // how strongly the question's topics and the best passage's agree, up to mostTopic
	allCovered        // share of the question that is found in or around it
	inItself          // share that the passage itself has, in these or other words
	familiarTo        // share of the question in words that the lexicon's topics know
	outOfReach        // share in words that neither the policies nor the concepts know
	belongsElse       // how strongly the question belongs to a matter that no document treats
	scoresHigh        // its score
	standsOut         // how far its score is above the next quote's
	hasRarest         // it has the question's rarest word
	elseWords         // share in words that speak of a matter that no document treats, and that the passage has not
	lacksTime         // the question asks for a time and the quote holds none
	lacksMoney        // it asks for a sum and the quote holds none
	lacksWho          // it asks for a person and the quote names no role
	quoteHas          // share of the question that the quote has, in these or other words
	quoteLacks        // how telling the most telling word is that neither the quote nor its headings have
	noTopic           // the passage shares no topic with the question
	aChore            // the question is for a fact of the day or for how to do a chore; see chore
	fewWords          // the question has few telling words
	manyDoubts
)

type doubts [manyDoubts]float64

const (
	mostTopic     = 2.5 // beyond it, more agreement says no more
	mostElsewhere = 2.0
	fullScore     = 20.0 // a score that few passages reach
	fullMargin    = 4.0
)

// sureness says how likely it is, from 0 to 1, that the best passage answers the question.
func (l *Library) sureness(q *asking, ranked []scored) float64 {
	d := l.doubts(q, ranked)
	sum := 0.0
	for i, x := range d {
		sum += x * belief[i]
	}
	return 1 / (1 + math.Exp(-sum))
}

func (l *Library) doubts(q *asking, ranked []scored) (d doubts) {
	best := ranked[0]
	e := &l.entries[best.entry]
	topic, elsewhere := 0.0, 0.0
	for _, f := range q.topics {
		topic = max(topic, f.strength*min(1, float64(e.topics[f.topic])))
		if len(l.topics[f.topic].posts) == 0 && l.lexicon.topics[f.topic].Kind == "" {
			elsewhere = max(elsewhere, f.strength)
		}
	}
	d[always] = 1
	d[elseWords] = l.elseWords(q, e)
	d[topicAgrees] = min(topic, mostTopic)
	d[allCovered] = best.why[covered]
	d[inItself] = best.why[exactText] + best.why[conceptText]
	d[familiarTo] = l.familiar(q)
	d[outOfReach] = l.outOfReach(q)
	d[belongsElse] = min(max(0, elsewhere-topic/2), mostElsewhere)
	d[scoresHigh] = min(best.score/fullScore, 1)
	d[hasRarest] = best.why[rarest]
	first, last := l.stretch(best.entry)
	var holds answers
	for i := first; i <= last; i++ {
		holds |= l.entries[i].answers
	}
	d[quoteHas], d[quoteLacks] = l.quoteHas(q, first, last)
	for missing, feature := range map[answers]doubt{aTime: lacksTime, aMoney: lacksMoney, aWho: lacksWho} {
		if q.want&missing != 0 && holds&missing == 0 {
			d[feature] = 1
		}
	}
	for _, other := range ranked[1:] {
		if other.entry < first || other.entry > last {
			d[standsOut] = min((best.score-other.score)/fullMargin, 1)
			break
		}
	}
	if topic == 0 {
		d[noTopic] = 1
	}
	if q.chore {
		d[aChore] = 1
	}
	d[fewWords] = 1 / float64(1+len(q.units))
	return d
}

// outside is how strongly a question must belong to a matter outside data protection,
// and strongest of all, to be taken for one.
const outside = 0.7

func (l *Library) elsewhere(q *asking) bool {
	if len(q.topics) == 0 {
		return false
	}
	first := q.topics[0]
	return l.lexicon.topics[first.topic].Kind == "" && len(l.topics[first.topic].posts) == 0 && first.strength >= outside
}

// familiar is the share of the question's weight in words of the lexicon's topics.
func (l *Library) familiar(q *asking) float64 {
	known := 0.0
	for _, u := range q.units {
		if _, ok := l.lexicon.gistWords[u.stem]; ok || u.stem == "" {
			known += u.weight
		}
	}
	return known / q.total
}

// outOfReach is the share of the question's weight in words that stand in no document
// and belong to no concept.
func (l *Library) outOfReach(q *asking) float64 {
	lost := 0.0
	for _, u := range q.units {
		if l.terms[u.stem] == nil && len(u.concepts) == 0 {
			lost += u.weight
		}
	}
	return lost / q.total
}

// elseWords is the share of the question's weight in words by which it belongs to a
// matter that no document treats. Words that the passage has do not count.
func (l *Library) elseWords(q *asking, e *entry) float64 {
	share := 0.0
	for _, u := range q.units {
		if u.bit&q.elsewhere != 0 && e.stems[u.stem]&inText == 0 {
			share += u.weight
		}
	}
	return share / q.total
}

// quoteHas returns the share of the question's weight that a quote has, and how telling,
// from 0 to 1, the most telling word is that neither the quote nor its headings have.
func (l *Library) quoteHas(q *asking, first, last int) (share, lacks float64) {
	for i := range q.units {
		u := &q.units[i]
		best, near := 0.0, false
		for n := first; n <= last && best < 1; n++ {
			e := &l.entries[n]
			at := e.stems[u.stem]
			near = near || at&^inTitle != 0
			if at&inText != 0 {
				best = 1
			}
			for _, c := range u.concepts {
				at := e.concepts[c.concept]
				near = near || at&^inTitle&^asHint != 0
				if at&inText != 0 {
					best = max(best, float64(c.strength)*min(1, l.concepts[c.concept].rarity/u.weight))
				}
			}
		}
		share += best * u.weight / q.total
		if !near {
			lacks = max(lacks, u.weight/l.longest)
		}
	}
	return share, lacks
}
