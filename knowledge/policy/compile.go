package policy

import (
	"math"
	"strconv"
)

// compile prepares the topics for look-up.
func (l *Lexicon) compile() {
	l.cache = map[string][]token{}
	l.gists, l.gistWords = map[string][]gist{}, map[string]float64{}
	count := map[string]int{}
	var all []phrase
	for i, t := range l.topics {
		for _, text := range t.Means {
			all = append(all, phrase{topic: i, stems: l.phraseStems(text), means: true})
		}
		for _, text := range t.Says {
			all = append(all, phrase{topic: i, stems: l.phraseStems(text)})
		}
		for _, text := range t.Asks {
			l.asks = append(l.asks, l.newAsk(i, text))
		}
		l.takeGist(i, t)
	}
	for stem, topics := range l.gists {
		l.gistWords[stem] = math.Log(1+float64(len(l.topics))/float64(len(topics))) / math.Log(1+float64(len(l.topics)))
		if l.stop[stem] {
			l.gistWords[stem] *= littleShare
		}
	}
	for i, p := range all {
		for _, s := range p.stems {
			count[s]++
			all[i].strength += l.gistWords[s]
		}
		all[i].strength = math.Min(phraseMost, phraseLeast+phraseSlope*all[i].strength)
	}
	for _, p := range all {
		key := p.stems[0]
		for _, s := range p.stems[1:] {
			if count[s] < count[key] {
				key = s
			}
		}
		l.phrases[key] = append(l.phrases[key], p)
	}
	l.weighAsks()
	l.cache, l.compiling = nil, nil
}

// once reads a text of the content; each stands in several lists while they are compiled.
func (l *Lexicon) once(text string) []token {
	if l.cache == nil {
		return l.read(text)
	}
	tokens, ok := l.cache[text]
	if !ok {
		tokens = l.read(text)
		l.cache[text] = tokens
	}
	return tokens
}

// How surely a phrase shows its topic grows with how telling its words are. One
// telling word alone gives less than two.
const (
	phraseLeast = 0.25
	phraseSlope = 0.6
	phraseMost  = 1.3
	littleShare = 0.3 // what a little word such as "who" is worth beside a telling one
)

// filler are the words that no phrase needs to be recognised.
var filler = map[string]bool{"a": true, "an": true, "the": true, "is": true, "are": true, "to": true, "of": true,
	"it": true, "in": true, "and": true, "or": true, "be": true, "do": true, "was": true, "that": true}

// phraseStems returns the stems that must be there for a phrase to be recognised, each
// once. Little words are left out unless fewer than two telling ones would remain:
// "tell people why" is more than "people".
func (l *Lexicon) phraseStems(text string) []string {
	var telling, most, every []string
	for _, t := range l.once(text) {
		every = appendNew(every, t.stem)
		if !filler[t.word] {
			most = appendNew(most, t.stem)
		}
		if !t.stop {
			telling = appendNew(telling, t.stem)
		}
	}
	switch {
	case len(telling) >= 2 || len(most) == len(telling) && len(telling) > 0:
		return telling
	case len(most) > 0:
		return most
	}
	return every
}

// takeGist collects the words of a topic, and learns them as words that exist. What people say and ask counts fully; what
// policies say counts less, because those words are matched in the passages themselves.
func (l *Lexicon) takeGist(topic int, t Topic) {
	weights := map[string]float64{}
	for part, texts := range [][]string{t.Says, t.Asks, t.Means} {
		for _, text := range texts {
			for stem := range l.stemSet(text) {
				weights[stem] += []float64{1, 1, 0.7}[part]
			}
		}
	}
	for _, stem := range sortedKeys(weights) {
		w := weights[stem]
		l.gists[stem] = append(l.gists[stem], gist{topic, w / (w + 1)})
	}
}

func (l *Lexicon) stemSet(text string) map[string]bool {
	set := map[string]bool{}
	tokens := l.once(text)
	for _, t := range tokens {
		l.lexWords[t.word] = t.stem
		set[t.stem] = true
	}
	for _, m := range l.conceptsIn(tokens) {
		if m.strength == 1 {
			set[conceptKey(m.concept)] = true
		}
	}
	return set
}

// conceptKey is under what a concept stands among stems.
func conceptKey(concept int32) string { return "#" + strconv.Itoa(int(concept)) }

func appendNew(list []string, s string) []string {
	for _, have := range list {
		if have == s {
			return list
		}
	}
	return append(list, s)
}

func (l *Lexicon) newAsk(topic int, text string) ask {
	a := ask{topic: topic, stems: map[string]bool{}}
	for _, t := range l.once(text) {
		l.lexWords[t.word] = t.stem
		a.stems[t.stem] = true
	}
	for stem := range a.stems {
		l.askIndex[stem] = append(l.askIndex[stem], len(l.asks))
	}
	return a
}

// weighAsks gives each stem the weight of its rarity among the whole questions, so
// that "how long" counts a little and "shredder" a lot.
func (l *Lexicon) weighAsks() {
	n := float64(len(l.asks) + 1)
	for stem, in := range l.askIndex {
		l.askWeight[stem] = math.Log(1 + n/float64(len(in)))
		if l.stop[stem] {
			l.askWeight[stem] *= 0.4
		}
	}
	for i := range l.asks {
		for _, stem := range sortedKeys(l.asks[i].stems) {
			l.asks[i].norm += l.askWeight[stem]
		}
	}
}
