package policy

import (
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"shareright/knowledge"
)

// maxAlso is the longest question that fits on a button of every platform.
const maxAlso = 70

// mostTried is how many questions are looked at before it is given up to find more.
const mostTried = 12

// Also is a question that people also ask and that the library answers.
type Also struct {
	Topic    string // its topic's id, by which Lexicon.Asks knows it
	Question string
}

// Asks returns the whole question that people ask about a topic; it is empty without one.
func (l *Lexicon) Asks(topic string) string { return l.also[topic] }

// readAlso takes in the questions of one file.
func (l *Lexicon) readAlso(name string, also map[string]string) error {
	var problems []error
	for _, id := range sortedKeys(also) {
		if q := also[id]; !strings.HasSuffix(q, "?") || utf8.RuneCountInString(q) > maxAlso {
			problems = append(problems, fmt.Errorf("%s: %q is no question of at most %d characters", name, q, maxAlso))
		}
		l.also[id] = also[id]
	}
	return errors.Join(problems...)
}

// checkAlso finds questions of topics that are not there.
func (l *Lexicon) checkAlso() error {
	ids := make([]string, len(l.topics))
	for i, t := range l.topics {
		ids[i] = t.ID
	}
	var problems []error
	for _, id := range sortedKeys(l.also) {
		if !slices.Contains(ids, id) {
			problems = append(problems, fmt.Errorf("also: there is no topic %q%s", id, knowledge.DidYouMean(id, ids)))
		}
	}
	return errors.Join(problems...)
}

// Also returns questions near to the one that was asked, at most limit of them: those of
// its topics first, then those of what stands around the passages found. Each is one that
// the library answers, and with other words than those that are quoted already.
func (l *Library) Also(found Result, limit int) []Also {
	if found.Elsewhere || len(found.entries) == 0 {
		return nil
	}
	var shown [][2]int
	if found.Answered {
		first, last := l.stretch(found.entries[0])
		shown = append(shown, [2]int{first, last})
	}
	var list []Also
	tried := 0
	for _, topic := range l.around(found) {
		question := l.lexicon.also[l.lexicon.topics[topic].ID]
		if question == "" {
			continue
		}
		if tried++; tried > mostTried || len(list) == limit {
			break
		}
		at := l.answerTo(topic, question)
		if at < 0 || slices.ContainsFunc(shown, func(s [2]int) bool { return s[0] <= at && at <= s[1] }) {
			continue
		}
		first, last := l.stretch(at)
		shown = append(shown, [2]int{first, last})
		list = append(list, Also{l.lexicon.topics[topic].ID, question})
	}
	return list
}

// answerTo returns the entry that answers a topic's question, or -1. It is worked out once.
func (l *Library) answerTo(topic int, question string) int {
	if at, ok := l.answered.Load(topic); ok {
		return at.(int)
	}
	at := -1
	if r := l.Search(question, 1); r.Answered {
		at = r.entries[0]
	}
	l.answered.Store(topic, at)
	return at
}

// leastAround is how surely a passage must be about a topic for its question to be offered.
const leastAround = 0.2

// leastNear is how surely a question must be about a topic for the same.
const leastNear = 0.3

// around lists the topics of a question, strongest first, then those of the passages under
// the same headings as what was found.
func (l *Library) around(found Result) []int {
	var list []int
	add := func(topic int) {
		if !slices.Contains(list, topic) {
			list = append(list, topic)
		}
	}
	for _, topic := range found.near {
		add(topic)
	}
	if !found.Answered {
		return list // what stands around a passage that does not answer is nothing to go by
	}
	weights := map[int]float32{}
	for _, at := range found.entries {
		for i := at; i >= 0 && l.entries[i].section == l.entries[at].section; i-- {
			gather(weights, l.entries[i].topics)
		}
		for i := at + 1; i < len(l.entries) && l.entries[i].section == l.entries[at].section; i++ {
			gather(weights, l.entries[i].topics)
		}
	}
	var near []int
	for topic, w := range weights {
		if w >= leastAround {
			near = append(near, topic)
		}
	}
	sort.Slice(near, func(i, j int) bool {
		if weights[near[i]] != weights[near[j]] {
			return weights[near[i]] > weights[near[j]]
		}
		return near[i] < near[j]
	})
	for _, topic := range near {
		add(topic)
	}
	return list
}

// gather keeps the greater weight of each topic.
func gather(into, from map[int]float32) {
	for topic, w := range from {
		into[topic] = max(into[topic], w)
	}
}
