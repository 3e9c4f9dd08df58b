package policy

import (
	"strings"
	"unicode/utf8"
)

// What is quoted along with the passage that answers.
const leadQuote = 160 // a lead-in line of up to this many characters

// quote turns ranked passages into quotes, and names the entry of each. A passage is quoted with its lead-in line
// and with neighbours of the same paragraph or list that score nearly as well.
func (l *Library) quote(ranked []scored, limit int) (hits []Hit, entries []int) {
	taken := map[int]bool{}
	for _, r := range ranked {
		if len(hits) == limit {
			break
		}
		if taken[r.entry] {
			continue
		}
		first, last := l.stretch(r.entry)
		for i := first; i <= last; i++ {
			taken[i] = true
		}
		entries = append(entries, r.entry)
		e := l.entries[r.entry]
		doc := l.docs[e.doc]
		hits = append(hits, Hit{Document: doc, Section: doc.Passages[e.passage].Section, Quote: l.words(first, last),
			Passage: e.passage, Score: r.score,
			Cover: r.why[covered], Text: doc.Passages[e.passage].Text, Differs: r.differs})
	}
	return hits, entries
}

// stretch returns the first and last entry that are quoted together: the passage with
// what stands around it in its paragraph or list, then under its heading, as far as it
// fits. Rows of a table stand for themselves; a row that is only a label takes the next.
func (l *Library) stretch(at int) (first, last int) {
	start, end := l.group(at)
	first, last = l.grow(at, at, start, end)
	if l.passage(at).Kind == Row {
		for l.labels(last) && l.fits(first, last+1) {
			last++
		}
		return first, last
	}
	start, end = first, last
	for l.follows(start-1, at) {
		start--
	}
	for l.follows(end+1, at) {
		end++
	}
	return l.grow(first, last, start, end)
}

// grow takes in what follows and what leads up, one by one, while it fits.
func (l *Library) grow(first, last, start, end int) (int, int) {
	for grown := true; grown; {
		grown = false
		if last < end && l.fits(first, last+1) {
			last, grown = last+1, true
		}
		if first > start && l.fits(first-1, last) {
			first, grown = first-1, true
		}
	}
	return first, last
}

// follows says whether an entry stands under the same heading as another and is no row.
func (l *Library) follows(i, at int) bool {
	return i >= 0 && i < len(l.entries) && l.entries[i].section == l.entries[at].section && l.passage(i).Kind != Row
}

// labels says whether a row is only the label of the next.
func (l *Library) labels(i int) bool {
	if i+1 >= len(l.entries) || l.entries[i+1].section != l.entries[i].section {
		return false
	}
	text, lead := l.passage(i).Text, l.passage(i+1).Lead
	return lead != "" && strings.HasSuffix(lead, text)
}

func (l *Library) fits(first, last int) bool {
	return utf8.RuneCountInString(l.words(first, last)) <= MaxQuote
}

// group returns the first and last entry of the paragraph, list or row around one.
func (l *Library) group(at int) (first, last int) {
	same := func(i int) bool {
		return i >= 0 && i < len(l.entries) && l.entries[i].doc == l.entries[at].doc &&
			l.passage(i).Group == l.passage(at).Group
	}
	first, last = at, at
	for same(first - 1) {
		first--
	}
	for same(last + 1) {
		last++
	}
	return first, last
}

func (l *Library) passage(i int) Passage {
	return l.docs[l.entries[i].doc].Passages[l.entries[i].passage]
}

// words joins passages as they stood: sentences run on, bullets and rows get a line each.
func (l *Library) words(first, last int) string {
	var b strings.Builder
	p := l.passage(first)
	if p.Kind == Bullet && p.Lead != "" && utf8.RuneCountInString(p.Lead) <= leadQuote && utf8.RuneCountInString(p.Lead+p.Text) < MaxQuote-4 {
		b.WriteString(p.Lead + "\n- ")
	}
	b.WriteString(p.Text)
	for i := first + 1; i <= last; i++ {
		p := l.passage(i)
		switch p.Kind {
		case Bullet:
			b.WriteString("\n- ")
		case Row:
			b.WriteString("\n")
		default:
			if p.Group == l.passage(i-1).Group {
				b.WriteByte(' ')
			} else {
				b.WriteByte('\n')
			}
		}
		b.WriteString(p.Text)
	}
	return b.String()
}
