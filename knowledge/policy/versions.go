package policy

import (
	"regexp"
	"sort"
	"strconv"
	"strings"
)

// sameShare is how much of the smaller of two documents must stand word for word in the
// other for the two to be versions of one policy.
const sameShare = 0.5

// leastSame is how many passages must be the same: two leaflets may share a heading.
const leastSame = 3

// olderVersions returns, by place, the newer version of each document that has one.
func olderVersions(docs []Document) map[int]int {
	texts := make([]map[string]bool, len(docs))
	holders := map[string][]int{}
	for i, d := range docs {
		texts[i] = map[string]bool{}
		for _, p := range d.Passages {
			text := strings.Join(words(p.Text), " ")
			if len(text) < 20 || texts[i][text] {
				continue
			}
			texts[i][text] = true
			holders[text] = append(holders[text], i)
		}
	}
	same := map[[2]int]int{}
	for _, list := range holders {
		if len(list) > 8 {
			continue // a line that every policy has
		}
		for a := range list {
			for _, b := range list[a+1:] {
				same[[2]int{list[a], b}]++
			}
		}
	}
	newer := map[int]int{}
	for pair, n := range same {
		small := min(len(texts[pair[0]]), len(texts[pair[1]]))
		if n < leastSame || float64(n) < sameShare*float64(small) {
			continue
		}
		older, newest := pair[0], pair[1]
		if after(docs[older], docs[newest]) {
			older, newest = newest, older
		}
		if have, ok := newer[older]; !ok || after(docs[newest], docs[have]) {
			newer[older] = newest
		}
	}
	return newer
}

var numbersIn = regexp.MustCompile(`\d+`)

// after says whether a document is newer than another: by the day it was last reviewed or
// edited, then by its next review, then by the numbers of its version, then by its name.
func after(a, b Document) bool {
	last := func(d Document) string { return max(d.Reviewed, d.LastEdited) }
	switch {
	case last(a) != last(b):
		return last(a) > last(b)
	case a.NextReview != b.NextReview:
		return a.NextReview > b.NextReview
	case a.Version != b.Version:
		return versionAfter(a.Version, b.Version)
	}
	return a.ID > b.ID
}

func versionAfter(a, b string) bool {
	x, y := numbersIn.FindAllString(a, -1), numbersIn.FindAllString(b, -1)
	for i := range min(len(x), len(y)) {
		m, _ := strconv.Atoi(x[i])
		n, _ := strconv.Atoi(y[i])
		if m != n {
			return m > n
		}
	}
	return len(x) > len(y)
}

// Older returns the older versions of a document that the library keeps but does not
// quote, newest first.
func (l *Library) Older(id string) (list []Document) {
	for older, newer := range l.newer {
		for newer >= 0 {
			if l.docs[newer].ID == id {
				list = append(list, l.docs[older])
				break
			}
			next, ok := l.newer[newer]
			if !ok {
				break
			}
			newer = next
		}
	}
	sort.Slice(list, func(i, j int) bool { return after(list[i], list[j]) })
	return list
}

// span is a length of time in a text, such as "12 months".
var span = regexp.MustCompile(`(?i)\b(\d+|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|permanent)(?:ly)?\s*(working days?|school days?|hours?|days?|weeks?|months?|years?|$|\b)`)

// spansOf returns the lengths of time in a text, in hours; permanently is -1.
func (l *Lexicon) spansOf(text string) map[int]bool {
	set := map[int]bool{}
	for _, m := range span.FindAllStringSubmatch(text, -1) {
		number, unit := strings.ToLower(m[1]), strings.ToLower(m[2])
		if number == "permanent" {
			set[-1] = true
			continue
		}
		if digits, ok := l.numbers[number]; ok {
			number = digits
		}
		if number == "one" {
			number = "1"
		}
		n, err := strconv.Atoi(number)
		hours := map[byte]int{'h': 1, 'd': 24, 'w': 24 * 7, 's': 24, 'm': 24 * 30, 'y': 24 * 360}
		if err != nil || unit == "" {
			continue
		}
		if unit[0] == 'w' && strings.HasPrefix(unit, "work") {
			unit = "s"
		}
		set[n*hours[unit[0]]] = true
	}
	return set
}

// How near another passage must come to be taken for one about the same thing: in what it
// covers of the question, and in the words that the two have in common.
const (
	conflictCovers = 0.5
	conflictShares = 0.6
)

// conflict returns which of the ranked passages names another length of time for the same
// thing as the first, or 0. Passages of one paragraph do not contradict each other.
func (l *Library) conflict(q *asking, ranked []scored) int {
	best := ranked[0]
	if q.want&aTime == 0 {
		return 0
	}
	mine := l.lexicon.spansOf(l.passage(best.entry).Text)
	if len(mine) == 0 {
		return 0
	}
	for i, r := range ranked[1:min(len(ranked), 12)] {
		if l.entries[r.entry].section == l.entries[best.entry].section || r.why[covered] < conflictCovers*best.why[covered] ||
			l.common(r.entry, best.entry) < conflictShares {
			continue
		}
		other := l.lexicon.spansOf(l.passage(r.entry).Text)
		agree := len(other) == 0
		for s := range other {
			agree = agree || mine[s]
		}
		if !agree {
			return i + 1
		}
	}
	return 0
}

// common is the share of the shorter passage's weight that stands in the other too.
// Numbers and units of time do not count.
func (l *Library) common(a, b int) float64 {
	x, y := &l.entries[a], &l.entries[b]
	if x.weight > y.weight {
		x, y = y, x
	}
	all, both := 0.0, 0.0
	for _, stem := range x.order {
		if stem[0] >= '0' && stem[0] <= '9' || spans[stem] || spans[stem+"s"] {
			continue
		}
		all += l.terms[stem].rarity
		if y.stems[stem]&inText != 0 {
			both += l.terms[stem].rarity
		}
	}
	return both / max(all, 1e-9)
}
