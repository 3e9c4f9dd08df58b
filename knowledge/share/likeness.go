package share

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"shareright/knowledge/share/phrase"
)

// likeness compares a text with many others by the words they have in common: each by
// itself, with the next, and with the one after. Rare words count most.
type likeness struct {
	held    []uint64 // which trait is held by which text, in one number each, sorted
	lengths []float64
}

// neighbour is one text and how much alike it is: 1 is the same words, 0 none in common.
type neighbour struct {
	at    int
	alike float64
}

// textBits are enough to number the texts; what is left of a number tells the trait.
const textBits = 20

// unheard is what a trait weighs that none of the texts has: less than the rarest, for a slip
// of the finger or a name says little.
const unheard = 4.5

// idle are words that stand in questions of every kind: two of them say nothing together.
var idle = wordSet(strings.Fields("a an the of to in on at and or is are was were it we i our us my me he she they him her them his their be been being do does did " +
	"can could should shall may might will would if for from with by as that this what who how when where ok okay please any some so just about not no yes " +
	"have has had there you your want ask share tell pass give know need get got let allow"))

// traits are what a text is compared by, each once, sorted.
func traits(stems []string) []uint64 {
	list := make([]uint64, 0, 3*len(stems))
	for i, w := range stems {
		list = append(list, trait("one ", w, ""))
		for gap, kind := range []string{"two ", "gap "} {
			if next := i + gap + 1; next < len(stems) && !(idle[w] && idle[stems[next]]) {
				list = append(list, trait(kind, w, stems[next]))
			}
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// trait is a number for two words (FNV-1a) whose last bits are free.
func trait(kind, a, b string) uint64 {
	t := uint64(14695981039346656037)
	for _, s := range [...]string{kind, a, " ", b} {
		for i := range len(s) {
			t = (t ^ uint64(s[i])) * 1099511628211
		}
	}
	return t << textBits
}

// compare makes texts ready to be compared with.
func compare(texts []string) *likeness {
	l := &likeness{lengths: make([]float64, len(texts))}
	stem := phrase.Stemmer()
	for i, text := range texts {
		for _, t := range traits(stem(text)) {
			l.held = append(l.held, t|uint64(i))
		}
	}
	slices.Sort(l.held)
	for first := 0; first < len(l.held); {
		texts := l.with(first)
		for _, h := range texts {
			l.lengths[h&(1<<textBits-1)] += l.weight(len(texts))
		}
		first += len(texts)
	}
	for i, sum := range l.lengths {
		l.lengths[i] = math.Sqrt(sum)
	}
	return l
}

// with are the texts that hold the trait that begins at a place.
func (l *likeness) with(first int) []uint64 {
	end := first + 1
	for end < len(l.held) && l.held[end]>>textBits == l.held[first]>>textBits {
		end++
	}
	return l.held[first:end]
}

// weight is the square of what a trait weighs that so many of the texts have.
func (l *likeness) weight(many int) float64 {
	w := math.Log(1 + float64(len(l.lengths))/float64(many))
	return w * w
}

// nearest are the texts most alike, at most so many, the first of equal ones first.
func (l *likeness) nearest(stems []string, most int) []neighbour {
	common, length := make([]float64, len(l.lengths)), 0.0
	for _, t := range traits(stems) {
		first, _ := slices.BinarySearch(l.held, t)
		if first == len(l.held) || l.held[first]>>textBits != t>>textBits {
			length += unheard * unheard
			continue
		}
		texts := l.with(first)
		w := l.weight(len(texts))
		length += w
		for _, h := range texts {
			common[h&(1<<textBits-1)] += w
		}
	}
	best := make([]neighbour, 0, most+1)
	for i, sum := range common {
		if sum == 0 {
			continue
		}
		n := neighbour{at: i, alike: sum / l.lengths[i] / math.Sqrt(length)}
		if len(best) == most && n.alike <= best[most-1].alike {
			continue
		}
		at, _ := slices.BinarySearchFunc(best, n, func(a, b neighbour) int { return cmp.Or(cmp.Compare(b.alike, a.alike), cmp.Compare(a.at, b.at)) })
		best = slices.Insert(best, at, n)
		best = best[:min(len(best), most)]
	}
	return best
}
