package share

import (
	"strconv"

	"shareright/knowledge/share/phrase"
)

// Reading is what was understood from somebody's words.
type Reading struct {
	Facts Facts
	From  map[string]Understood // by fact: the value, and the words it was read from

	text  phrase.Text
	marks map[int]string // by sentence: "past", "now", "supposed", "planned"
	score map[string]float64
	gives bool // somebody gives or asks: the words are about passing something on
	kinds map[string]float64
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
	aimed       float64 // how likely a person is the one who asks or receives
}

// mostFixed is how many words of a phrase count: longer ones say no more.
const mostFixed = 4

// receives is how strongly words must say that a person asks or is told, where somebody may
// come to harm: a wrong guess there would answer about the wrong person.
const receives = 0.9

// serious says whether the likeliest harm is more than a worry.
func serious(harms []mention) bool {
	worst := likeliest(harms)
	return worst.value != "" && worst.value != "none" && worst.value != "worry"
}

// accused says whether somebody is the one an allegation is about: "our coach hit a lad".
func accused(harms []mention, m mention) bool {
	worst := likeliest(harms)
	return worst.value == "staff" && worst.first <= m.first && m.last <= worst.last
}

func likeliest(all []mention) (best mention) {
	for _, m := range all {
		if m.weight > best.weight {
			best = m
		}
	}
	return best
}

// Read finds facts in free text. The same words always give the same facts.
func (b *Book) Read(question string) Reading { return b.lexicon.read(question) }

func (l *lexicon) read(question string) Reading {
	r := Reading{From: map[string]Understood{}, text: l.set.Read(question), marks: map[int]string{}, score: map[string]float64{}, kinds: map[string]float64{}}
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
		if !ok || skip.takes(e.Fact, h.First, h.Last) || inside(l, hits, h) {
			continue
		}
		weight, aimed := e.Weight*(1+0.35*float64(min(h.Fixed, mostFixed)-1)), 0.0
		if e.Fact == "recipient" {
			aimed = l.towards(&r, h)
			weight += aimed
		}
		found[e.Fact] = merge(found[e.Fact], mention{value: value, weight: weight, first: h.First, last: h.Last, best: weight, aimed: aimed}, e.Fact == "recipient")
	}
	for fact, mentions := range found {
		best := -1
		for i, m := range mentions {
			if m.weight > 0 && (best < 0 || m.weight > mentions[best].weight) {
				best = i
			}
		}
		if best >= 0 {
			m := mentions[best]
			if fact == "recipient" && (m.aimed < receives && serious(found["harm"]) || accused(found["harm"], m)) {
				continue // somebody in the story, not somebody who asks or is told
			}
			r.Facts.put(fact, m.value)
			r.score[fact] = m.weight
			r.From[fact] = Understood{Value: m.value, From: r.text.Quote(m.first, m.last)}
		}
	}
	r.age()
	r.story(found["recipient"])
	l.imply(&r)
	return r
}

// asked is how strongly words must ask whether something may be passed on, for the people
// in them to be taken for those who ask or receive.
const asked = 1.3

// story forgets a person who only stands in a story: nobody asks, nothing is handed over.
func (r *Reading) story(people []mention) {
	f := r.Facts
	if r.kinds["share"] >= asked || f.Data != "" || f.Channel != "" || f.Consent != "" || f.Purpose != "" || f.Harm != "" {
		return
	}
	if m := likeliest(people); m.value == f.Recipient && m.aimed < receives {
		r.Facts.Recipient = ""
		delete(r.From, "recipient")
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
			if old := r.marks[sentence]; old != "now" || e.Value == "planned" {
				r.marks[sentence] = e.Value
			}
		case markNobody:
			skip[e.Value] = append(skip[e.Value], [2]int{h.First, h.Last})
		}
	}
	return skip
}

// topics are facts that a "no" before them leaves as they are: "not the police" is still about the police.
var topics = map[string]bool{"recipient": true, "about": true, "data": true, "purpose": true, "channel": true, "direction": true, "routine": true}

// meaning is the value a hit stands for, or nothing when a "no" or a time takes it away.
func meaning(e entry, h phrase.Hit, r Reading) (string, bool) {
	mark := r.marks[r.text.Words[h.First].Sentence]
	if e.Past == "drop" && (mark == "past" || mark == "planned") {
		return "", false
	}
	if !h.Negated || topics[e.Fact] {
		return e.Value, true
	}
	if e.Negated != "" {
		return e.Negated, true
	}
	return e.Value, e.Value == "no" || e.Value == "not_asked" || e.Value == "refused" || e.Value == "none"
}

// skipped are the words that only look like something: those under "skip" like somebody who
// asks, those under "all" like any fact.
type skipped map[string][][2]int

func (s skipped) takes(fact string, first, last int) bool {
	return fact == "recipient" && covered(s["skip"], first, last) || covered(s["all"], first, last)
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
	fact := l.entries[l.of[h.ID]].Fact
	for _, o := range hits {
		if l.entries[l.of[o.ID]].Fact == fact && o.Fixed > h.Fixed && o.First <= h.First && h.Last <= o.Last && o.Last-o.First <= 3 {
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
			all[i].best, all[i].first, all[i].last, all[i].aimed = m.best, m.first, m.last, m.aimed
		}
		return all
	}
	return append(all, m)
}

// Words that say who gets something.
var (
	toward = map[string]bool{"to": true, "with": true}
	modal  = map[string]bool{"can": true, "could": true, "should": true, "may": true, "shall": true, "let": true, "does": true, "do": true}
	gets   = map[string]bool{"have": true, "see": true, "know": true, "get": true, "find": true, "look": true, "read": true, "be": true}
	source = map[string]bool{"by": true, "from": true}
	aside  = map[string]bool{"about": true, "of": true, "on": true, "regarding": true, "from": true, "by": true, "against": true, "at": true}
)

// towards says how likely a person in the sentence is the one who asks or receives.
func (l *lexicon) towards(r *Reading, h phrase.Hit) float64 {
	words, score := r.text.Words, 0.0
	clause := words[h.First].Clause
	same := func(i int) bool { return i >= 0 && i < len(words) && words[i].Clause == clause }
	owner := words[h.Last].Possessive && !(same(h.Last+1) && l.offices[phrase.Stem(words[h.Last+1].Norm)])
	reach := 4
	for i := h.First; i <= h.Last; i++ {
		if h.Last > h.First && l.asks[phrase.Stem(words[i].Norm)] {
			score++ // "man on the phone"
			break
		}
	}
	if same(h.Last+1) && words[h.Last+1].Norm == "of" {
		reach = 10 // "the mum of a 19 year old trainee phoned"
	}
	for i := h.Last + 1; i <= h.Last+reach && same(i); i++ {
		if l.asks[phrase.Stem(words[i].Norm)] && !owner && !l.belongs(words, h.First) {
			score += 2
			r.gives = true
			break
		}
	}
	to := false
	for i := h.First - 1; i >= h.First-7 && same(i); i-- {
		if toward[words[i].Norm] && h.First-i <= 3 {
			to = true
		}
		if l.gives[phrase.Stem(words[i].Norm)] && (to || h.First-i <= 3) {
			score += 2
			r.gives = true
			break
		}
	}
	if to {
		score += 1.2
	}
	for i := h.First - 1; i >= h.First-3 && same(i); i-- {
		if modal[words[i].Norm] && same(h.Last+1) && gets[words[h.Last+1].Norm] {
			score += 1.5
			r.gives = true
		}
		switch {
		case source[words[i].Norm] && l.requested(words, i):
			score += 2 // "asked for by the defence", "a letter from the council"
			r.gives = true
		case aside[words[i].Norm] && h.First-i <= 2:
			score--
		}
	}
	if owner {
		score -= 1.5
	}
	return score - 0.02*float64(h.First)
}

// requested says whether something was asked for, or sent, shortly before a word.
func (l *lexicon) requested(words []phrase.Word, at int) bool {
	for i := at - 1; i >= 0 && i >= at-3 && words[i].Clause == words[at].Clause; i-- {
		if stem := phrase.Stem(words[i].Norm); l.asks[stem] || l.papers[stem] {
			return true
		}
	}
	return false
}

// belongs says whether a person only tells whose mum, boss or friend is meant: "the mum of
// a trainee".
func (l *lexicon) belongs(words []phrase.Word, at int) bool {
	for i := at - 1; i > 0 && i >= at-8 && words[i].Clause == words[at].Clause; i-- {
		if stem := phrase.Stem(words[i].Norm); l.asks[stem] || l.gives[stem] {
			return false
		}
		if words[i].Norm == "of" {
			before := words[i-1].Norm
			return before != "one" && before != "some" && before != "any" && before != "two" && before != "all"
		}
	}
	return false
}

// age reads "7 year old", "15yo", "aged 9" and "year 9" (a school year is about five years younger than the child).
func (r *Reading) age() {
	words := r.text.Words
	for i, w := range words {
		n, err := strconv.Atoi(w.Norm)
		if err != nil || n > 110 {
			continue
		}
		years := -1
		switch {
		case i+2 < len(words) && (words[i+1].Norm == "year" || words[i+1].Norm == "years") && words[i+2].Norm == "old":
			years = n
		case i > 0 && (words[i-1].Norm == "aged" || words[i-1].Norm == "age" || words[i-1].Norm == "turned" || words[i-1].Norm == "is" && (n < 19 || ends(words, i))):
			years = n
		case i > 0 && words[i-1].Norm == "year" && n >= 1 && n <= 13:
			years = n + 5
		}
		if years < 0 {
			continue
		}
		value := "over_18"
		switch {
		case years < 13:
			value = "under_13"
		case years < 16:
			value = "13_to_15"
		case years < 18:
			value = "16_or_17"
		}
		from := r.text.Quote(max(0, i-1), min(len(words)-1, i+1))
		if r.Facts.Age == "" {
			r.Facts.Age = value
			r.From["age"] = Understood{Value: value, From: from}
		}
		if value != "over_18" && (r.Facts.About == "" || r.Facts.About == "adult") {
			r.Facts.About = "child"
			r.From["about"] = Understood{Value: "child", From: from}
		}
	}
}

// ends says whether a number stands at the end of what is said, so that "she is 22 and" is
// an age and "it is 40 miles" is not.
func ends(words []phrase.Word, i int) bool {
	return i+1 == len(words) || words[i+1].Clause != words[i].Clause || words[i+1].Norm == "and" || words[i+1].Norm == "with" || words[i+1].Norm == "now"
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
		if m == mark {
			return true
		}
	}
	return false
}

// Emergency says whether a text reads as danger to somebody now: not long ago, not planned
// for, not supposed.
func (b *Book) Emergency(text string) bool {
	r := b.Read(text)
	if r.Facts.Danger != "now" && r.Facts.Danger != "civil" || r.From["danger"].From == "" {
		return false
	}
	return !r.mood("supposed") && !r.mood("planned") && !r.mood("past")
}
