package policy

import (
	"flag"
	"fmt"
	"hash/fnv"
	"math"
	"sort"
	"strings"
	"testing"
)

// tuneSteps starts the fitting of the ranking's weights. It prints them as Go.
var tuneSteps = flag.Int("tune", 0, "steps of fitting the weights of ranking, with -policies and -cases; below 0: only of being sure")

const folds = 5

// lesson is one reference question with what each candidate has for it.
type lesson struct {
	reference reference
	fold      int
	list      []scored
	right     []bool    // the candidate's quote answers
	stretch   [][2]int  // what would be quoted
	chance    []float64 // while fitting
}

// lessons reads the evidence of all candidates. Questions about one section of a policy
// are in one fold, so that a fold is judged on sections never fitted on.
func lessons(t *testing.T, l *Library, list []reference) (all []lesson) {
	t.Helper()
	for _, r := range list {
		if !r.InScope {
			continue
		}
		q := l.understand(r.Question)
		s := lesson{reference: r, list: l.rank(&q)}
		section := r.Snippet
		for _, c := range s.list {
			first, last := l.stretch(c.entry)
			right := r.answeredBy(l.words(first, last))
			if right {
				section = fmt.Sprint(l.entries[c.entry].doc, " ", l.entries[c.entry].section)
			}
			s.right = append(s.right, right)
			s.stretch = append(s.stretch, [2]int{first, last})
		}
		h := fnv.New32a()
		h.Write([]byte(section))
		s.fold = int(h.Sum32()>>3) % folds
		s.chance = make([]float64, len(s.list))
		all = append(all, s)
	}
	return all
}

// rankOf returns the place of the first right quote, 1 to 3, or 0.
func (s *lesson) rankOf(weights *evidence) int {
	order := make([]int, len(s.list))
	scores := make([]float64, len(s.list))
	for i := range order {
		order[i], scores[i] = i, s.list[i].why.score(weights)
	}
	sort.SliceStable(order, func(a, b int) bool { return scores[order[a]] > scores[order[b]] })
	taken := map[int]bool{}
	rank := 0
	for _, i := range order {
		if taken[s.list[i].entry] {
			continue
		}
		for e := s.stretch[i][0]; e <= s.stretch[i][1]; e++ {
			taken[e] = true
		}
		if rank++; s.right[i] {
			return rank
		}
		if rank == 3 {
			break
		}
	}
	return 0
}

// fit raises the chance of right passages by small steps, and keeps weights near where they start.
func fit(all []lesson, start evidence, without int, pull float64, steps int) evidence {
	w := start
	var mean, spread evidence
	for step := 1; step <= steps; step++ {
		var slope evidence
		n := 0.0
		for i := range all {
			if all[i].fold != without && all[i].slope(&w, &slope) {
				n++
			}
		}
		for k := range w {
			g := slope[k]/n - pull*(w[k]-start[k])
			mean[k] = 0.9*mean[k] + 0.1*g
			spread[k] = 0.99*spread[k] + 0.01*g*g
			m, v := mean[k]/(1-math.Pow(0.9, float64(step))), spread[k]/(1-math.Pow(0.99, float64(step)))
			w[k] += 0.05 * m / (math.Sqrt(v) + 1e-8)
		}
	}
	return w
}

// slope adds how the chance of a right passage grows with each weight.
func (s *lesson) slope(w, slope *evidence) bool {
	most, all, good := math.Inf(-1), 0.0, 0.0
	for i := range s.list {
		s.chance[i] = s.list[i].why.score(w)
		most = math.Max(most, s.chance[i])
	}
	for i := range s.list {
		s.chance[i] = math.Exp(s.chance[i] - most)
		all += s.chance[i]
		if s.right[i] {
			good += s.chance[i]
		}
	}
	if good == 0 {
		return false
	}
	for i := range s.list {
		g := -s.chance[i] / all
		if s.right[i] {
			g += s.chance[i] / good
		}
		for k, x := range s.list[i].why {
			slope[k] += g * x
		}
	}
	return true
}

func count(all []lesson, weights *evidence, fold int) (m measured) {
	for i := range all {
		if fold >= 0 && all[i].fold != fold {
			continue
		}
		m.in++
		switch all[i].rankOf(weights) {
		case 1:
			m.first++
			m.third++
		case 2, 3:
			m.third++
		}
	}
	return m
}

func TestTune(t *testing.T) {
	if *tuneSteps < 0 {
		*tuneSteps = 0
	} else if *tuneSteps == 0 {
		t.Skip("give -tune, -policies and -cases")
	}
	l := New(lexicon(t), readFolder(t, *policiesDir)...)
	list := references(t, *caseFiles)
	// Another organisation's policy keeps the weights from fitting one set of documents.
	second := boats(t)
	others := references(t, "../../testdata/cases/ask/other.jsonl")
	all := append(lessons(t, l, list), lessons(t, second, others)...)
	reach := 0
	for _, s := range all {
		for _, r := range s.right {
			if r {
				reach++
				break
			}
		}
	}
	t.Logf("%d of %d questions have the answer among their candidates; now %v", reach, len(all), count(all, &ranking, -1))
	var sum measured
	for f := range folds {
		w := fit(all, ranking, f, pull, *tuneSteps)
		m := count(all, &w, f)
		sum.in, sum.first, sum.third = sum.in+m.in, sum.first+m.first, sum.third+m.third
	}
	w := fit(all, ranking, -1, pull, *tuneSteps)
	t.Logf("ranking: on sections left out %v\n  on all %v\n%s", sum, count(all, &w, -1), asGo(w[:]))
	ranking = w
	judged := append(verdicts(l, list), verdicts(second, others)...)
	tuneBelief(t, append(judged, verdicts(second, outOf(list))...))
}

// pull holds the weights near where they start, so that rare features stay small.
const pull = 0.01

// asGo writes weights as the lines of a Go literal.
func asGo(w []float64) string {
	var b strings.Builder
	for i := 0; i < len(w); i += 10 {
		for _, x := range w[i:min(i+10, len(w))] {
			fmt.Fprintf(&b, "%.2f, ", x)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// verdict is what speaks for an answer to one question, and whether there is one.
type verdict struct {
	doubts  doubts
	inScope bool
	fold    int
}

// outOf returns the questions that no policy answers.
func outOf(list []reference) (out []reference) {
	for _, r := range list {
		if !r.InScope {
			out = append(out, r)
		}
	}
	return out
}

func verdicts(l *Library, list []reference) (all []verdict) {
	for i, r := range list {
		q := l.understand(r.Question)
		if ranked := l.rank(&q); len(ranked) > 0 {
			all = append(all, verdict{l.doubts(&q, ranked), r.InScope, i % folds})
		}
	}
	return all
}

func tuneBelief(t *testing.T, all []verdict) {
	for _, threshold := range []float64{0.4, 0.5, 0.6, 0.65, 0.7, 0.75, 0.8} {
		var m measured
		for f := range folds {
			w := fitBelief(all, f)
			for _, v := range all {
				if v.fold != f {
					continue
				}
				m.add(v, w.chance(v.doubts) >= threshold)
			}
		}
		t.Logf("sure enough at %.1f, on questions left out: %v", threshold, m)
	}
	tradeOff(t, all)
	w := fitBelief(all, -1)
	var m measured
	for _, v := range all {
		m.add(v, w.chance(v.doubts) >= 0.5)
	}
	t.Logf("on all %v\n%s", m, asGo(w[:]))
}

// tradeOff tells what share of the questions without an answer is declined for each share
// of the others, on questions left out.
func tradeOff(t *testing.T, all []verdict) {
	t.Helper()
	var in, out []float64
	for f := range folds {
		w := fitBelief(all, f)
		for _, v := range all {
			switch {
			case v.fold != f:
			case v.inScope:
				in = append(in, w.chance(v.doubts))
			default:
				out = append(out, w.chance(v.doubts))
			}
		}
	}
	sort.Float64s(in)
	for _, share := range []float64{0.03, 0.05, 0.08, 0.1} {
		limit, declined := in[int(share*float64(len(in)))], 0
		for _, c := range out {
			if c < limit {
				declined++
			}
		}
		t.Logf("declining %.2f in scope at %.2f declines %.3f of the others", share, limit, float64(declined)/float64(len(out)))
	}
}

func (m *measured) add(v verdict, answered bool) {
	switch {
	case v.inScope && answered:
		m.in++
	case v.inScope:
		m.in++
		m.declinedIn++
	case answered:
		m.out++
	default:
		m.out++
		m.declinedOut++
	}
}

func (d *doubts) chance(of doubts) float64 {
	sum := 0.0
	for i, x := range of {
		sum += x * d[i]
	}
	return 1 / (1 + math.Exp(-sum))
}

// fitBelief is logistic regression with both sides weighted alike.
func fitBelief(all []verdict, without int) (w doubts) {
	var count [2]float64
	for _, v := range all {
		if v.inScope {
			count[1]++
		} else {
			count[0]++
		}
	}
	for range 4000 {
		var slope doubts
		for _, v := range all {
			if v.fold == without {
				continue
			}
			g := -w.chance(v.doubts) / count[0]
			if v.inScope {
				g = (1 - w.chance(v.doubts)) / count[1]
			}
			for k, x := range v.doubts {
				slope[k] += g * x
			}
		}
		for k := range w {
			w[k] += 1.0 * (slope[k] - 0.002*w[k])
		}
	}
	return w
}
