package share

import "shareright/knowledge/share/phrase"

// Reading is what was understood from somebody's words.
type Reading struct {
	Facts Facts
	From  map[string]Understood // by fact: the value, and the words it was read from

	text  phrase.Text
	marks map[int]map[string]bool // by sentence: past, now, supposed, planned, pretend, longago, resolved
	score map[string]float64
	aimed float64 // how likely the recipient asks or is told
	gives bool    // somebody gives or asks: the words are about passing something on
	kinds map[string]float64

	danger int // the sentence that danger was read from
}

// Understood is one fact and the person's own words for it.
type Understood struct {
	Value string
	From  string
}

// mention is one value of one fact that the words may mean.
type mention struct {
	value       string
	weight      float64
	first, last int
	best        float64
	asks        bool
	aimed       float64 // how likely a person is the one who asks or receives
	told        bool    // we would tell them
}

// mostFixed is how many words of a phrase count: longer ones say no more.
const mostFixed = 4

// serious says whether a harm is more than a worry.
func serious(harm mention) bool {
	return harm.value != "" && harm.value != "none" && harm.value != "worry"
}

// accused says whether somebody is the one an allegation is about: "our coach hit a lad". Who
// asks for papers or names is not: "a trustee wants the names".
func (r Reading) accused(harm, m mention) bool {
	paper := r.Facts.Data == "list" || r.Facts.Data == "reporter" || r.Facts.Data == "other_child"
	return harm.value == "staff" && harm.first <= m.first && m.last <= harm.last && !(m.asks && paper)
}

// understand notes one fact and the words it was read from.
func (r *Reading) understand(fact string, m mention) {
	r.Facts.put(fact, m.value)
	r.score[fact] = m.weight
	if fact == "danger" {
		r.danger = r.text.Words[m.first].Sentence
	}
	r.From[fact] = Understood{Value: m.value, From: r.text.Quote(m.first, m.last)}
}

func likeliest(all []mention) (best mention) {
	for _, m := range all {
		if m.weight > best.weight {
			best = m
		}
	}
	return best
}

// foremost is the likeliest of those who ask or are told, or else of all.
func foremost(all []mention) mention {
	var aimed []mention
	for _, m := range all {
		if m.aimed >= receives {
			aimed = append(aimed, m)
		}
	}
	if len(aimed) > 0 {
		return likeliest(aimed)
	}
	return likeliest(all)
}

// Read finds facts in free text. The same words always give the same facts.
// Where the facts leave the answer open, they name the precedent that is most like it.
func (b *Book) Read(question string) Reading {
	r := b.lexicon.read(question)
	b.liken(&r)
	return r
}

func (l *lexicon) read(question string) Reading {
	r := l.hear(question)
	l.conclude(&r)
	return r
}

// conclude fills in what follows from the facts known so far.
func (l *lexicon) conclude(r *Reading) {
	l.imply(r)
	r.untold()
}

// hear finds only the facts that the words themselves say.
func (l *lexicon) hear(question string) Reading {
	r := Reading{From: map[string]Understood{}, text: l.set.Read(question), marks: map[int]map[string]bool{}, score: map[string]float64{}, kinds: map[string]float64{}}
	hits := l.set.Find(r.text)
	skip := l.mark(&r, hits)
	found := map[string][]mention{}
	for _, h := range hits {
		e := l.entries[l.of[h.ID]]
		switch e.Fact {
		case markTime, markNobody:
			continue
		case markIntent:
			r.kinds[e.Value] += e.Weight
			continue
		}
		value, ok := meaning(e, h, r)
		if !ok || skip.takes(e, h) || inside(l, hits, h) {
			continue
		}
		m := mention{value: value, weight: e.Weight * (1 + 0.35*float64(min(h.Fixed, mostFixed)-1)), first: h.First, last: h.Last}
		if e.Fact == "recipient" {
			m.aimed, m.asks, m.told = l.towards(&r, h)
			if e.Receives {
				m.aimed, m.told = max(m.aimed, weighTold), true
			}
			m.weight += m.aimed
		}
		m.best = m.weight
		found[e.Fact] = merge(found[e.Fact], m, e.Fact == "recipient")
	}
	for fact, mentions := range found {
		if m := likeliest(mentions); m.value != "" && fact != "harm" && fact != "recipient" {
			r.understand(fact, m)
		}
	}
	if r.Facts.Data == "abuse_image" && r.mood("pressed") && !r.mood("handle") {
		told := r.From["data"]
		told.Value = "abuse_image_told"
		r.Facts.Data, r.From["data"] = told.Value, told
	}
	who := foremost(found["recipient"])
	harm := r.weigh(found["harm"], who)
	if harm.value != "" {
		r.understand("harm", harm)
	}
	if who.value != "" && (who.value == "accused" || !r.accused(harm, who)) && (who.aimed >= receives || (!serious(harm) || who.value == "journalist" && r.kinds["share"] > 0) && r.concerned(who)) {
		r.understand("recipient", who)
		r.aimed = who.aimed
		r.direct(who)
	}
	r.age(l)
	r.count(l)
	return r
}

// direct notes whether somebody asks us, or we would tell them.
func (r *Reading) direct(who mention) {
	switch {
	case r.Facts.Direction != "":
	case who.asks:
		r.understand("direction", mention{value: "asked", first: who.first, last: who.last})
	case who.told:
		r.understand("direction", mention{value: "out", first: who.first, last: who.last})
	}
}

// mark notes what the words say of time, and which words only look like somebody who asks.
func (l *lexicon) mark(r *Reading, hits []phrase.Hit) skipped {
	skip := skipped{}
	for _, h := range hits {
		e := l.entries[l.of[h.ID]]
		switch e.Fact {
		case markTime:
			sentence := r.text.Words[h.First].Sentence
			if r.marks[sentence] == nil {
				r.marks[sentence] = map[string]bool{}
			}
			r.marks[sentence][e.Value] = true
		case markNobody:
			skip.add(e.Value, h)
		}
	}
	return skip
}

// certain is the weight of words that "she is fine now" does not take back: tablets swallowed.
const certain = 4

// topics are facts that a "no" before them leaves as they are: "not the police" is still about the police.
var topics = map[string]bool{"recipient": true, "about": true, "data": true, "purpose": true, "channel": true, "direction": true, "routine": true}

// meaning is the value a hit stands for, or nothing when a "no" or a time takes it away.
func meaning(e entry, h phrase.Hit, r Reading) (string, bool) {
	mark := r.marks[r.text.Words[h.First].Sentence]
	if e.Past == "drop" && (mark["past"] && !mark["now"] || mark["planned"] || mark["pretend"] || mark["longago"] || mark["yearsago"] || mark["resolved"] && e.Weight < certain) {
		return "", false
	}
	if e.Fact == "about" && h.First > 0 && (r.text.Words[h.First-1].Norm == "no" || r.text.Words[h.First-1].Norm == "without") {
		return "", false // "no kids" is not about a child
	}
	if !h.Negated || topics[e.Fact] {
		return e.Value, true
	}
	if e.Negated != "" {
		return e.Negated, true
	}
	return e.Value, e.Value == "no" || e.Value == "not_asked" || e.Value == "refused" || e.Value == "none"
}

// farApart is how far apart words must stand for what lies between to have no part in them:
// in "pregnant woman at our drop in using heroin" the "drop in" says nothing of heroin. Who works here is
// always named by one word, so that it does not hold for them.
const farApart = 4

// skipped are the words that only look like something: those under "skip" like somebody who
// asks, those under "harm" like a harm ("sexual health"), those under "all" like any fact. Under
// "calm" and "ours" stands one word each that tells of no danger and of no harm by our own people,
// because of what else the sentence says: "stabbed" when a reporter asks, "our worker" when
// somebody threatened them.
type skipped map[string][][2]int

func (s skipped) add(value string, h phrase.Hit) {
	if value == "calm" || value == "ours" {
		h.First, h.Last = h.Core, h.Core
	}
	s[value] = append(s[value], [2]int{h.First, h.Last})
}

func (s skipped) takes(e entry, h phrase.Hit) bool {
	first, last := h.First, h.Last
	if e.Fact == "danger" && holds(s["calm"], first, last) || e.Fact == "harm" && e.Value == "staff" && holds(s["ours"], first, last) {
		return true
	}
	if e.Fact == "harm" || e.Fact == "danger" {
		for _, r := range s["harm"] {
			inside := first < r[0] && r[1] < last && last-first > farApart && e.Value != "staff"
			if first <= r[1] && r[0] <= last && !inside {
				return true
			}
		}
	}
	return e.Fact == "recipient" && covered(s["skip"], first, last) || covered(s["all"], first, last)
}

// holds says whether one of the words stands in a place.
func holds(words [][2]int, first, last int) bool {
	for _, w := range words {
		if first <= w[0] && w[0] <= last {
			return true
		}
	}
	return false
}

func covered(ranges [][2]int, first, last int) bool {
	for _, r := range ranges {
		if r[0] <= first && last <= r[1] {
			return true
		}
	}
	return false
}

// inside says whether a longer phrase about the same fact holds this one, so that "social
// worker" is not also a worker.
func inside(l *lexicon, hits []phrase.Hit, h phrase.Hit) bool {
	fact, value := l.entries[l.of[h.ID]].Fact, l.entries[l.of[h.ID]].Value
	for _, o := range hits {
		e := l.entries[l.of[o.ID]]
		if e.Fact == fact && (fact != "harm" || e.Value == value) && o.Fixed > h.Fixed && o.First <= h.First && h.Last <= o.Last && o.Last-o.First <= 3 {
			return true
		}
	}
	return false
}

// merge adds up what speaks for one value. Of several people only the likeliest mention counts.
func merge(all []mention, m mention, strongest bool) []mention {
	for i := range all {
		if all[i].value != m.value {
			continue
		}
		if strongest {
			all[i].weight = max(all[i].weight, m.weight)
		} else {
			all[i].weight += m.weight * 0.6
		}
		if m.best > all[i].best {
			all[i].best, all[i].first, all[i].last = m.best, m.first, m.last
			all[i].aimed, all[i].asks, all[i].told = m.aimed, m.asks, m.told
		}
		return all
	}
	return append(all, m)
}

// imply fills in what some facts also say. It only fills what is still unknown.
func (l *lexicon) imply(r *Reading) {
	for _, i := range l.implies {
		if !i.holds(r.Facts) {
			continue
		}
		for fact, value := range i.Then {
			if r.Facts.Get(fact) == "" && !(fact == "danger" && value == "now" && r.over()) {
				r.Facts.put(fact, value)
				r.From[fact] = Understood{Value: value}
			}
		}
	}
}

// over says whether the words only speak of what is past, or of what might be one day.
func (r Reading) over() bool {
	return (r.mood("past") || r.mood("planned")) && !r.mood("now")
}

// mood is the strongest mark of the text.
func (r Reading) mood(mark string) bool {
	for _, m := range r.marks {
		if m[mark] {
			return true
		}
	}
	return false
}

// Emergency says whether a text reads as danger to somebody now: not long ago, not planned
// for, not supposed. What else is told of the past takes no danger away: "he had a fit last week too".
func (b *Book) Emergency(text string) bool {
	r := b.lexicon.read(text)
	if r.Facts.Danger != "now" && r.Facts.Danger != "civil" || r.From["danger"].From == "" {
		return false
	}
	return !r.mood("supposed") && !r.mood("planned") && !r.marks[r.danger]["past"]
}
